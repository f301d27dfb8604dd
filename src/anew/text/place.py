"""Places in a text, and problems at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
