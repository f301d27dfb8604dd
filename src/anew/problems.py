"""Problems: what is wrong in a file, where, and what to do, gathered before anything is refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anew.errors import AnewError


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: `code` names its kind, `row` counts from 1, the header's."""

    file: str
    message: str
    hint: str = ""
    code: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def place(self) -> str:
        """Return `file, row 3, column value`, as far as the place is known."""
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.place()}: {self.message}"


class DataError(AnewError):
    """Data that were refused. `problems` lists all that is wrong with them."""

    def __init__(self, message: str, problems: Sequence[Problem], hint: str = "") -> None:
        self.problems = list(problems)
        super().__init__(message, hint)


#: So many problems are printed; one fault in a column can make thousands.
SHOWN = 20


def listing(problems: Sequence[Problem], shown: int = SHOWN) -> str:
    """Return the problems one to a line, the first `shown` of them, each with what to do."""
    lines = []
    hint = ""
    for problem in problems[:shown]:
        lines.append(str(problem))
        if problem.hint and problem.hint != hint:
            lines.append(f"  {problem.hint}")
        hint = problem.hint
    if len(problems) > shown:
        lines.append(f"… and {len(problems) - shown} more.")
    return "\n".join(lines)


def refuse(problems: Iterable[Problem], what: str, hint: str = "") -> None:
    """Raise DataError listing `problems`, if there are any; `what` says what is refused."""
    found = list(problems)
    if not found:
        return
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    raise DataError(f"{what}: {count}.\n{listing(found)}", found, hint)
