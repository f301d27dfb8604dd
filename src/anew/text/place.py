"""Places in a text, and problems at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.project.errors import AnewError


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; `file` is written from the stage's root with forward slashes."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """Something in a text that cannot be typeset, and what to do about it.

    `kind` is fact, claim or figure where it hangs on what the notebooks found, else empty.
    """

    place: Place
    message: str
    hint: str = ""
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


class RefusedError(AnewError):
    """A text that cannot be typeset; `problems` says where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        listed = "\n  ".join(str(problem) for problem in self.problems)
        super().__init__(
            f"The text cannot be typeset: {count} place{'s' if count > 1 else ''}.\n  {listed}",
            "Correct these places, or render with Quarto.",
        )


def read_utf8(path: Path, file: str) -> str:
    """Return what a file says, its byte order mark aside; raise AnewError where it is not UTF-8.

    `file` is what the file is called when it is told.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise AnewError(f"{file}:{line}: the file is not in UTF-8.", "Save it as UTF-8.") from None
