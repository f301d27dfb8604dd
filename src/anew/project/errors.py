"""Errors that a user reads: what failed, where, and what to do next."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path


class AnewError(Exception):
    """An error that the user can fix.

    `message` says what failed and where; `hint` says what to do next. `exit_code` is 2 for
    input that was refused and 1 for work that failed.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message}\n  {hint}" if hint else message)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the error as its base class, so that it can cross to another process."""
        kind = BuildError if self.exit_code == 1 else AnewError
        return kind, (self.message, self.hint)


class BuildError(AnewError):
    """A build or download that failed after its input was accepted."""

    exit_code = 1


#: What the system refuses whatever the program, and what to do then.
_REFUSED = {
    errno.ENOSPC: "The disk is full: free some space and run it again.",
    errno.EDQUOT: "Your disk quota is used up: free some space and run it again.",
    errno.EACCES: "Check the owner and the permissions of that path.",
    errno.EPERM: "Check the owner and the permissions of that path.",
    errno.EROFS: "The file system is read-only: work in a copy elsewhere.",
    errno.EIO: "The disk reports errors: check the system log and back up its files.",
    errno.EMFILE: "Too many files are open: raise the limit (ulimit -n), or use --jobs 1.",
}


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


def _first_of(error: shutil.Error) -> OSError:
    """Return the first error of copying a folder, which keeps each as (from, to, words)."""
    first = error.args[0][0] if isinstance(error.args[0], list) else ("", "", error.args[0])
    match = re.match(r"\[Errno (\d+)\] ([^:]*)", str(first[2]))
    return OSError(int(match[1]), match[2], str(first[1])) if match else OSError(str(first[2]))


def told_by_system(error: OSError) -> BuildError:
    """Return the error for a failed system call, such as a write to a full disk."""
    if isinstance(error, shutil.Error):
        error = _first_of(error)
    why = error.strerror or type(error).__name__
    hint = _REFUSED.get(error.errno or 0, "Set ANEW_DEBUG=1 to see the traceback.")
    return BuildError(f"{error.filename or 'The system'}: {why}.", hint)


def unexpected(label: str, error: BaseException) -> BuildError:
    """Return the error for an unexpected exception, with the place it came from."""
    import traceback  # needed only when something is wrong

    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({Path(last[0].filename).name}:{last[0].lineno})" if last else ""
    return BuildError(
        f"{label}: {type(error).__name__}: {error}{place}",
        "This is a defect of the engine or of a library; set ANEW_DEBUG=1 to see the traceback.",
    )


def unknown(kind: str, name: str, known: Iterable[str], where: str = "") -> AnewError:
    """Return the error for a name that does not exist, listing those that do.

    `kind` is the noun ("edition", "parameter"), `where` the place that used the name.
    """
    names = sorted(map(str, known))
    close = get_close_matches(str(name), names, n=1)
    guess = f"Did you mean {close[0]!r}? " if close else ""
    place = f" in {where}" if where else ""
    listed = ", ".join(names) if names else "none"
    return AnewError(f"Unknown {kind} {name!r}{place}.", f"{guess}Valid: {listed}.")
