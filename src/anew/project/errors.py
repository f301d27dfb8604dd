"""Errors that a user reads: what failed, where, and what to do next."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from anew.project.phrases import Phrase, joined


class AnewError(Exception):
    """An error that the user can fix.

    `message` says what failed and where, `hint` what to do next, both with `fields` filled in where
    they have names in braces. `code` names the error, as docs/errors.md lists it; what a report's
    own code raises has none. `exit_code` is 2 for input that was refused and 1 for work that
    failed.
    """

    exit_code = 2

    def __init__(
        self, message: str, hint: str = "", /, *, code: str = "", **fields: object
    ) -> None:
        self.code = code
        self.message = message if isinstance(message, Phrase) else Phrase(message, **fields)
        self.hint = hint if isinstance(hint, Phrase) else Phrase(hint, **fields)
        super().__init__(joined("\n  ", filter(None, (self.message, self.hint))))

    def told(self) -> Phrase:
        """Return the error as it is shown: its code ends the first line."""
        told = self.message
        if self.code:
            told = Phrase("{message} [{code}]", message=told, code=self.code)
        return joined("\n  ", filter(None, (told, self.hint)))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the error as its base class, so that it can cross to another process."""
        kind = BuildError if self.exit_code == 1 else AnewError
        return _again, (kind, self.message, self.hint, self.code)


class BuildError(AnewError):
    """A build or download that failed after its input was accepted."""

    exit_code = 1


def _again(kind: type[AnewError], message: str, hint: str, code: str) -> AnewError:
    return kind(message, hint, code=code)


#: What the system refuses whatever the program: the error's code, and what to do then.
_REFUSED = {
    errno.ENOSPC: ("disk-full", Phrase("The disk is full: free some space and run it again.")),
    errno.EDQUOT: (
        "disk-full",
        Phrase("Your disk quota is used up: free some space and run it again."),
    ),
    errno.EACCES: ("no-permission", Phrase("Check the owner and the permissions of that path.")),
    errno.EPERM: ("no-permission", Phrase("Check the owner and the permissions of that path.")),
    errno.EROFS: (
        "read-only",
        Phrase("The file system is read-only: work in a copy elsewhere."),
    ),
    errno.EIO: (
        "disk-failing",
        Phrase("The disk reports errors: check the system log and back up its files."),
    ),
    errno.EMFILE: (
        "too-many-files",
        Phrase("Too many files are open: raise the limit (ulimit -n), or use --jobs 1."),
    ),
}
_OTHER = ("system-error", Phrase("Set ANEW_DEBUG=1 to see the traceback."))


def refused_by_system(error: BaseException | None) -> OSError | None:
    """Return the error by which the system refused something, beneath `error`; None if none did."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, shutil.Error):
            error = _first_of(error)
        if isinstance(error, OSError) and error.errno in _REFUSED:
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None


def no_room(error: AnewError) -> bool:
    """Return whether an error tells of a full disk or a quota that is used up."""
    return error.code == _REFUSED[errno.ENOSPC][0]


def _first_of(error: shutil.Error) -> OSError:
    """Return the first error of copying a folder, which keeps each as (from, to, words)."""
    first = error.args[0][0] if isinstance(error.args[0], list) else ("", "", error.args[0])
    match = re.match(r"\[Errno (\d+)\] ([^:]*)", str(first[2]))
    return OSError(int(match[1]), match[2], str(first[1])) if match else OSError(str(first[2]))


def told_by_system(error: OSError) -> BuildError:
    """Return the error for a failed system call, such as a write to a full disk."""
    if isinstance(error, shutil.Error):
        error = _first_of(error)
    code, hint = _REFUSED.get(error.errno or 0, _OTHER)
    return BuildError(
        "{place}: {why}.",
        hint,
        code=code,
        place=error.filename or Phrase("The system"),
        why=error.strerror or type(error).__name__,
    )


def unexpected(label: str, error: BaseException) -> BuildError:
    """Return the error for an unexpected exception, with the place it came from."""
    import traceback  # needed only when something is wrong

    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return BuildError(
        "{label}: {kind}: {error}{place}",
        "This is a defect of the engine or of a library; set ANEW_DEBUG=1 to see the traceback.",
        code="defect",
        label=label,
        kind=type(error).__name__,
        error=error,
        place=place,
    )


def unknown(kind: str, name: str, known: Iterable[str], where: str = "") -> AnewError:
    """Return the error for a name that does not exist, listing those that do.

    `kind` is the noun ("edition", "parameter"), `where` the place that used the name. The code is
    `unknown-edition`.
    """
    names = sorted(map(str, known))
    close = get_close_matches(str(name), names, n=1)
    valid = Phrase("Valid: {names}.", names=names or Phrase("none"))
    guess = [Phrase("Did you mean {close!r}?", close=close[0])] if close else []
    place = Phrase(" in {where}", where=where) if where else ""
    return AnewError(
        "Unknown {kind} {name!r}{place}.",
        joined(" ", (*guess, valid)),
        code=f"unknown-{kind.replace(' ', '-').lower()}",
        kind=Phrase(kind),
        name=name,
        place=place,
    )
