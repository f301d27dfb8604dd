"""Places in a text, and problems at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anew.project.errors import AnewError
from anew.project.phrases import joined
from anew.project.problems import at

#: The code of what Quarto would take and the embedded typesetter does not.
NOT_IN_SUBSET = "not-in-subset"


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
    code: str = NOT_IN_SUBSET

    def __str__(self) -> str:
        told = at(str(self.place), self.message, self.code)
        return joined("\n    ", (told, self.hint)) if self.hint else told


class RefusedError(AnewError):
    """A text that cannot be typeset; `problems` says where."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = len(self.problems)
        super().__init__(
            "The text cannot be typeset: {count} place.\n  {listed}"
            if count == 1
            else "The text cannot be typeset: {count} places.\n  {listed}",
            "Correct these places, or render with Quarto.",
            count=count,
            listed=joined("\n  ", map(str, self.problems)),
        )
