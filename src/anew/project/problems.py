"""Problems in files: what is wrong, where, and what to do; all are collected, then reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from anew.project.errors import AnewError


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
        return _place(self, [] if self.row is None else [self.row])

    def __str__(self) -> str:
        return f"{self.place()}: {self.message}"


class DataError(AnewError):
    """Data that were refused. `problems` lists all that is wrong with them."""

    def __init__(self, message: str, problems: Sequence[Problem], hint: str = "") -> None:
        self.problems = list(problems)
        super().__init__(message, hint)


#: So many problems are printed one by one; one fault in a column can make thousands.
SHOWN = 20
#: So many stretches of rows are told of one problem.
STRETCHES = 24


def listing(problems: Sequence[Problem], shown: int = SHOWN) -> str:
    """Return the problems, one a line, each with what to do.

    A problem that occurs in many rows is listed once, with its rows. Beyond the first `shown` only
    the places are listed.
    """
    groups: dict[Problem, list[int]] = {}
    for problem in problems:
        rows = groups.setdefault(replace(problem, row=None), [])
        rows += [] if problem.row is None else [problem.row]
    lines = []
    hint = ""
    for problem, rows in list(groups.items())[:shown]:
        lines.append(f"{_place(problem, rows)}: {problem.message}")
        if problem.hint and problem.hint != hint:
            lines.append(f"  {problem.hint}")
        hint = problem.hint
    rest = list(groups.items())[shown:]
    if rest:
        places = _by_place(rest)
        lines.append(f"… and {sum(max(1, len(rows)) for _, rows in rest)} more:")
        lines += [f"  {_place(problem, rows)}" for problem, rows in places[:shown]]
        if len(places) > shown:
            lines.append(f"  and {len(places) - shown} other columns")
    return "\n".join(lines)


def _by_place(groups: Sequence[tuple[Problem, list[int]]]) -> list[tuple[Problem, list[int]]]:
    """Return the rows of problems by file and column, whatever is wrong there."""
    found: dict[tuple[str, str | None], tuple[Problem, list[int]]] = {}
    for problem, rows in groups:
        found.setdefault((problem.file, problem.column), (problem, []))[1].extend(rows)
    return list(found.values())


def _place(problem: Problem, rows: Sequence[int]) -> str:
    parts = [problem.file]
    if rows:
        stretches = _stretches(rows)
        told = ", ".join(stretches[:STRETCHES]) + (" …" if len(stretches) > STRETCHES else "")
        parts.append(f"{'row' if len(set(rows)) == 1 else 'rows'} {told}")
    if problem.column is not None:
        parts.append(f"column {problem.column}")
    return ", ".join(parts)


def _stretches(rows: Iterable[int]) -> list[str]:
    """Return rows as text, those that follow each other as `3–9`."""
    found: list[list[int]] = []
    for row in sorted(set(rows)):
        if found and row == found[-1][1] + 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return [str(a) if a == b else f"{a}–{b}" for a, b in found]


def refuse(problems: Iterable[Problem], what: str, hint: str = "") -> None:
    """Raise DataError listing `problems`, if there are any; `what` says what is refused."""
    found = list(problems)
    if not found:
        return
    count = "1 problem" if len(found) == 1 else f"{len(found)} problems"
    raise DataError(f"{what}: {count}.\n{listing(found)}", found, hint)
