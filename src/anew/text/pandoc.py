"""Running pandoc from pypandoc_binary, independent of user data, clock and locale."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from anew.project.errors import AnewError, BuildError

_FILTER_ERROR = re.compile(r"Error running filter [^\n]*\n(.*)", re.DOTALL)
_WARNED = re.compile(r"^\[WARNING\]", re.M)
_TRACE = re.compile(r"\n?stack traceback:.*", re.DOTALL)


class WarnedError(BuildError):
    """A warning of pandoc: something in a text that would not be typeset as intended.

    `output` is what it made all the same.
    """

    def __init__(self, warnings: Sequence[str], output: bytes) -> None:
        self.warnings = list(warnings)
        self.output = output
        super().__init__(
            "pandoc warned: {warnings}",
            "Correct the text at that place.",
            code="pandoc-warned",
            warnings="; ".join(warnings),
        )


@lru_cache(maxsize=1)
def pandoc_path() -> str:
    """Return the program of the pypandoc_binary wheel; raise AnewError when there is none."""
    import pypandoc

    path = Path(pypandoc.__file__).parent / "files" / "pandoc"
    for candidate in (path, path.with_suffix(".exe")):
        if candidate.is_file():
            return str(candidate)
    raise AnewError(
        "pypandoc_binary is not installed: there is no pandoc.",
        "Install the environment: make setup, or pip install -r requirements.txt.",
        code="not-installed",
    )


def run_pandoc(
    arguments: Sequence[str],
    text: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> bytes:
    """Run pandoc in `folder` on `text`; return its output.

    Raises BuildError with its message, WarnedError with what it warned of."""
    # A locale of the machine must not decide how anything is read; a user's data folder neither.
    env = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "0",
        **(environment or {}),
    }
    if "SYSTEMROOT" in os.environ:
        env["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    done = subprocess.run(
        [pandoc_path(), "--data-dir", str(folder / ".no-data-dir"), *arguments],
        input=text.encode("utf-8"),
        capture_output=True,
        cwd=folder,
        env=env,
    )
    if done.returncode < 0:
        raise BuildError(
            "pandoc was killed by signal {signal} at a text in {folder}/.",
            "Signal 9 may mean that the machine's memory is used up (--jobs 1 needs the "
            "least), signal 11 a crash in a library.",
            code="pandoc-killed",
            signal=-done.returncode,
            folder=folder.name,
        )
    message = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode:
        found = _FILTER_ERROR.search(message)
        reason = _TRACE.sub("", found[1] if found else message).strip()
        raise BuildError(
            "pandoc refused a text in {folder}/: {reason}",
            code="pandoc-refused",
            folder=folder.name,
            reason=reason,
        )
    # An id may stand in both branches of a claim: the subset's own check knows which are twice.
    warnings = [
        told.strip()
        for told in _WARNED.split(message)[1:]
        if not told.strip().startswith("Duplicate identifier")
    ]
    if warnings:
        raise WarnedError(warnings, done.stdout)
    return done.stdout
