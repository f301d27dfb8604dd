"""A reading: what a file says for one table, cell by cell, before anything is decided."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from anew.intake.names import Names
from anew.intake.sheets import Sheet
from anew.intake.units import Unit
from anew.project.errors import AnewError
from anew.project.phrases import Phrase, joined
from anew.project.problems import Problem
from anew.tables.catalog import Catalog, Table, last_day

T = TypeVar("T")

_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file that came in a value stood."""

    file: str
    row: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table to be: text by column, as the raw file will hold it."""

    cells: dict[str, str]
    place: Place


@dataclass(frozen=True)
class Answers:
    """What an author says to questions that a file leaves open; recorded with the vintage.

    duplicates: keep or drop rows that say the same again, or a file that says it by name.
    unplaced: keep or drop rows without an economy where a total may count them. zero: what a zero
    means where a value cannot be one. unit: of values for which the file says none. revisions:
    whether implausible ones are accepted.
    """

    duplicates: Literal["keep", "drop"] | Path | None = None
    unplaced: Literal["keep", "drop"] | None = None
    zero: Literal["keep", "drop"] | None = None
    unit: str | None = None
    sheet: str | None = None
    encoding: str | None = None
    revisions: bool = False

    def options(self) -> str:
        """Return the answers as options of the command line, to be given again."""
        duplicates = self.duplicates.name if isinstance(self.duplicates, Path) else self.duplicates
        said = {
            "duplicates": duplicates,
            "unplaced": self.unplaced,
            "zero": self.zero,
            "unit": f"'{self.unit}'" if self.unit else None,
            "sheet": f"'{self.sheet}'" if self.sheet else None,
            "encoding": self.encoding,
        }
        parts = [f"--{name} {value}" for name, value in said.items() if value]
        return " ".join([*parts, *(["--accept-revisions"] if self.revisions else [])])


NO_ANSWERS = Answers()


@dataclass
class Reading:
    """What was taken for `table`, what was left out and why, and all that is wrong.

    `told` is what the vintage's note says of it, in both languages.
    """

    format: str
    table: str
    sheet: Sheet
    published: str | None = None
    rows: list[Row] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)  # rows by what is no economy
    remarks: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    told: list[dict[str, str]] = field(default_factory=list)
    worldwide: bool = False  # the format holds every economy: one that is not there was lost
    judged: bool = False  # each value was judged by itself: sums of them may be of any size
    unit: Unit | None = None  # what the file says its values are in
    origins: list[Sheet] = field(default_factory=list)  # the other sheets that it was made of

    def wrong(
        self, place: Place, message: str, hint: str = "", code: str = "", value: str | None = None
    ) -> None:
        """Note a problem at a place of the file."""
        problem = Problem(place.file, message, hint, code, place.row, place.column, value)
        self.problems.append(problem)


@dataclass(frozen=True)
class Task:
    """What an author asked for, and what the readers need to know of the project."""

    catalog: Catalog
    names: Names
    table: str | None = None
    vintage: str | None = None
    answers: Answers = NO_ANSWERS
    _codes: dict[str, frozenset[str]] = field(default_factory=dict)

    def tables(self, format: str | None = None) -> list[Table]:
        """Return the tables that a format plug-in or, without one, a layout may fill.

        That is the one asked for, or all.
        """
        if self.table is not None:
            chosen = self.catalog.table(self.table)
            return [chosen] if chosen.intake.format == format else []
        return [table for table in self.catalog.tables.values() if table.intake.format == format]

    def keeps(self, table: Table, code: str) -> bool:
        """Return whether rows of `code` are kept of a file for `table`."""
        if table.intake.economies is not None:
            return code in table.intake.economies
        if table.name not in self._codes:  # asked for every row of a file
            whose = table.entity
            codes = self.catalog.codes(table.name)
            self._codes[table.name] = codes[whose.name] if whose else frozenset()
        return code not in table.intake.sums and code in self._codes[table.name]


def taken(values: list[T]) -> Iterator[T]:
    """Yield the values and let go of each: of a million rows, one copy is enough."""
    values.reverse()
    while values:
        yield values.pop()


def not_for(task: Task, sheet: Sheet, what: str) -> AnewError:
    """Return the error for a file of one format and a table of another."""
    table = task.catalog.table(str(task.table))
    takes = Phrase("declared layouts")
    if table.intake.format:
        takes = Phrase("the format {format}", format=table.intake.format)
    return AnewError(
        "{sheet} is {what}; table {table} takes {takes}.",
        "Leave --table out, or name a table of this format in the catalogue.",
        code="other-table",
        sheet=sheet.name,
        what=what,
        table=table.name,
        takes=takes,
    )


def suggest_code(task: Task, name: str, countries: bool = False) -> str:
    """Return what to do about an economy that is not known; it may have to be a country."""
    advice = Phrase(
        "Correct it in the file, or add the name to economies.names in data/catalog.yml."
    )
    return joined(" ", filter(None, (task.names.suggest(name, countries=countries), advice)))


def checked_date(text: str, what: str) -> str:
    """Return a date as vintages are named by; raise AnewError saying that `what` is none."""
    try:
        last_day(text)
    except ValueError as error:
        hint = Phrase("A vintage is named 2026-07-01, 2026-07 or 2026-07_source.")
        raise AnewError(
            "{what}: {text!r} {why}.",
            hint,
            code="not-a-period",
            what=what,
            text=text,
            why=error.args[0],
        ) from None
    return text


def published_on(text: str, what: str, task: Task) -> str | None:
    """Return the date that a file says it was published on, however Excel rewrote it.

    Raises AnewError for one that cannot be read, unless the author says the vintage.
    """
    if match := _DATE.fullmatch(text):
        text = f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
    elif task.vintage is not None:
        return None
    try:
        return checked_date(text, what)
    except AnewError as error:
        hint = Phrase("State the date: --vintage 2026-07-01.")
        raise AnewError(error.message, hint, code=error.code) from None


def cell_count(count: int) -> str:
    """Return a number of cells in words."""
    return Phrase("{count} cell" if count == 1 else "{count} cells", count=count)


def ragged(reading: Reading, place: Place, row: Sequence[str], width: int) -> None:
    """Refuse a row that is longer or shorter than the header."""
    message = Phrase(
        "{cells} where the header has {width}: cut off?",
        cells=cell_count(len(row)),
        width=width,
    )
    reading.wrong(place, message, Phrase("Download it again."), "ragged")


def date_of(reading: Reading, task: Task) -> str | None:
    """Return the date that the vintage will have: what was asked for, or what the file says."""
    return task.vintage.split("_")[0] if task.vintage else reading.published
