"""Problems in files: what is wrong, where, and what to do; all are collected, then reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from anew.project.errors import AnewError
from anew.project.phrases import Phrase, joined


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

    def place(self) -> Phrase:
        """Return `file, row 3, column value`, as far as the place is known."""
        return _place(self, [] if self.row is None else [self.row])

    def __str__(self) -> str:
        """Return the problem with its place and its code, as a phrase."""
        return at(self.place(), self.message, self.code)


class DataError(AnewError):
    """Data that were refused. `problems` lists all that is wrong with them, each with its code."""

    def __init__(
        self,
        message: str,
        problems: Sequence[Problem],
        hint: str = "",
        /,
        *,
        code: str = "",
        **fields: object,
    ) -> None:
        self.problems = list(problems)
        super().__init__(message, hint, code=code, **fields)


def at(place: str, message: str, code: str = "") -> Phrase:
    """Return what is wrong somewhere on one line, with the code of the error behind it."""
    told = Phrase("{place}: {message}", place=place, message=message)
    return Phrase("{told} [{code}]", told=told, code=code) if code else told


#: So many problems are printed one by one; one fault in a column can make thousands.
SHOWN = 20
#: So many stretches of rows are told of one problem.
STRETCHES = 24


def listing(problems: Sequence[Problem], shown: int = SHOWN) -> Phrase:
    """Return the problems, one a line, each with what to do.

    A problem that occurs in many rows is listed once, with its rows. Beyond the first `shown` only
    the places are listed.
    """
    groups: dict[Problem, list[int]] = {}
    for problem in problems:
        rows = groups.setdefault(replace(problem, row=None), [])
        rows += [] if problem.row is None else [problem.row]
    lines: list[Phrase] = []
    hint = ""
    for problem, rows in list(groups.items())[:shown]:
        lines.append(at(_place(problem, rows), problem.message, problem.code))
        if problem.hint and problem.hint != hint:
            lines.append(Phrase("  {hint}", hint=problem.hint))
        hint = problem.hint
    rest = list(groups.items())[shown:]
    if rest:
        places = _by_place(rest)
        count = sum(max(1, len(rows)) for _, rows in rest)
        lines.append(Phrase("… and {count} more:", count=count))
        lines += [Phrase("  {place}", place=_place(*one)) for one in places[:shown]]
        if len(places) > shown:
            lines.append(Phrase("  and {count} other columns", count=len(places) - shown))
    return joined("\n", lines)


def _by_place(groups: Sequence[tuple[Problem, list[int]]]) -> list[tuple[Problem, list[int]]]:
    """Return the rows of problems by file and column, whatever is wrong there."""
    found: dict[tuple[str, str | None], tuple[Problem, list[int]]] = {}
    for problem, rows in groups:
        found.setdefault((problem.file, problem.column), (problem, []))[1].extend(rows)
    return list(found.values())


def _place(problem: Problem, rows: Sequence[int]) -> Phrase:
    place = problem.file if isinstance(problem.file, Phrase) else Phrase(problem.file)
    if rows:
        stretches = _stretches(rows)
        more = " …" if len(stretches) > STRETCHES else ""
        place = Phrase(
            "{place}, row {rows}" if len(set(rows)) == 1 else "{place}, rows {rows}",
            place=place,
            rows=Phrase("{rows}{more}", rows=stretches[:STRETCHES], more=more),
        )
    if problem.column is not None:
        place = Phrase("{place}, column {column}", place=place, column=problem.column)
    return place


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
    message = "{what}: 1 problem.\n{listing}"
    if len(found) > 1:
        message = "{what}: {count} problems.\n{listing}"
    raise DataError(message, found, hint, what=what, count=len(found), listing=listing(found))
