"""Rows of one part of a file, taken one by one into the tables that they are of."""

from __future__ import annotations

import re

from anew.intake.conversion import row_unit
from anew.intake.economies import Finder, Found, find_member
from anew.intake.quantities import amount_fault, number, written
from anew.intake.reading import Place, Row, Task, ragged
from anew.intake.targets import Part, Target, category
from anew.intake.units import Unit
from anew.project.phrases import Phrase
from anew.tables.catalog import last_day
from anew.tables.periods import EXAMPLES, KINDS, NOUNS, Kind, of_day, parse

_OTHER_PERIOD = re.compile(r"\d{4}-?[QMSWH].*|\d{4}-\d\d(-\d\d)?", re.ASCII)


class Rows:
    """Takes the rows of one part into its targets."""

    def __init__(self, part: Part, targets: dict[str, Target], finder: Finder, task: Task) -> None:
        self.part, self.targets, self.finder, self.task = part, targets, finder, task
        self.layout, self.at = part.layout, part.header.at
        self.series = self.at.get("series") if not set(targets) & set(task.catalog.tables) else None
        date = task.vintage.split("_")[0] if task.vintage else part.published
        self.last = last_day(date) if date and part.layout.rank else None
        self.width = len(part.header.cells)
        self._sound: set[str] = set()
        self._same: dict[str, str] = {}  # one string for all the cells that say the same

    def take(self, line: int, row: list[str]) -> None:
        """Take what a row says for each table that it is of."""
        place = Place(self.part.sheet.name, line)
        if self.layout.split:
            row = [*row[0].split(self.layout.split), *row[1:]]
        if len(row) != self.width:
            if len(row) < self.width or any(map(str.strip, row[self.width :])):
                self._ragged(place, row)
                return
            row = row[: self.width]
        if self.series is not None:
            code = row[self.series].strip()
            target = self.targets.get(code)
            if target is not None:
                self._observe(target, place, row)
            elif not code:
                self._ragged(place, row)
            return
        for target in {id(target): target for target in self.targets.values()}.values():
            if target.selects(row):
                self._observe(target, place, row)

    def _ragged(self, place: Place, row: list[str]) -> None:
        at = self.series
        code = row[at].strip() if at is not None and len(row) > at else ""
        if code and code not in self.targets:
            return  # of a series that is not taken
        target = self.targets.get(code) or next(iter(self.targets.values()))
        ragged(target.reading, place, row, self.width)

    def _observe(self, target: Target, place: Place, row: list[str]) -> None:
        """Take the values of one row for one table."""
        layout, part, reading = self.layout, self.part, target.reading
        target.matched += 1
        if any(row[n].strip().partition(": ")[0] not in members for n, members in part.only):
            reading.left_out[Phrase("observations that are not annual totals")] += 1
            return
        said, wanted = self._cell(row, "unit").partition(": ")[0], target.table.intake.unit
        if wanted and said and said != wanted:
            reading.left_out[
                Phrase("observations in {said}, not {wanted}", said=said, wanted=wanted)
            ] += 1
            return
        unit = row_unit(part, target, place.row, row)
        across = part.across
        for n, head in part.header.across or [
            (target.column if target.column is not None else -1, "")
        ]:
            if across == "series" and self.targets.get(head) is not target:
                continue
            code = head if across == "code" else self._code(row)
            whose = self.finder.find(target.table, (code, self._cell(row, "name")), layout.economy)
            if whose.problem:
                heading = part.header.cells[n] if across == "code" else part.heading("code", "name")
                where = Place(place.file, place.row, heading)
                message, hint = whose.problem
                reading.wrong(where, message, hint, "economy", whose.said)
                return
            at = Place(place.file, place.row, part.header.cells[n] if n >= 0 else None)
            period = head if across == "period" else self._cell(row, "period")
            if not (whose.kept or whose.counts):
                if across == "period":
                    self._leave_out(target, whose, place, row)
                    return
                self._left(target, whose)
            self._value(target, whose, period, row[n] if n >= 0 else "", at, row, unit)

    def _left(self, target: Target, whose: Found) -> None:
        if whose.group:
            target.reading.groups[whose.group] += 1
        else:
            target.reading.left_out[
                Phrase("rows of economies that the catalogue does not keep")
            ] += 1

    def _leave_out(self, target: Target, whose: Found, place: Place, row: list[str]) -> None:
        """Count a row that is left out; text among its numbers spoils the file all the same."""
        self._left(target, whose)
        for n, _ in self.part.header.across:
            cell = row[n].strip()
            if cell in self._sound or cell in self.layout.missing:
                continue
            if number(self._bare(cell)[0]) is not None:
                self._sound.add(cell)  # of these rows nothing else is asked
            else:
                at = Place(place.file, place.row, self.part.header.cells[n])
                self._not_a_number(target, at, row[n])
        first = target.rows_of.setdefault(whose.said, place.row or 0)
        if first != place.row and self.layout.groups:  # of one that is kept it is told by key
            message = Phrase(
                "{said} is there twice, first in row {first}.", said=whose.said, first=first
            )
            hint = Phrase("Keep the right one; the file cannot say which that is.")
            target.reading.wrong(place, message, hint, "duplicate", whose.said)

    def _value(
        self,
        target: Target,
        whose: Found,
        period: str,
        cell: str,
        at: Place,
        row: list[str],
        unit: Unit | None,
    ) -> None:
        """Take one value of an economy, or only look at it if the economy is left out."""
        layout, reading, table = self.layout, target.reading, target.table
        taken = whose.kept or whose.counts
        when, kind = "", table.period.period if table.period is not None else None
        if kind is not None:
            found = parse(kind, period) or (_year_of_date(period) if layout.rows else None)
            if found is None:
                self._no_period(target, taken, period, at, kind)
                return
            when = found
        bare, own_flag = ("1", "") if layout.rows else self._bare(cell.strip())
        if bare in layout.missing or not bare:
            if taken and self.part.across == "period":
                target.valued[whose.code or ""] += 0
            elif taken:
                reading.left_out[Phrase("observations without a value")] += 1
            return
        if table.column(table.measure).type == "text":
            self._text(target, whose, when, bare, at, row)
            return
        value = number(bare)
        if value is None and bare.endswith("%"):
            value, unit = number(bare[:-1]), Unit(percent=True, text="%")
        if value is None or type(cell) is not str:
            self._not_a_number(target, at, cell)
            return
        if not taken:
            return
        if kind and self.last and when > (last := of_day(kind, self.last)):
            message = Phrase(
                "a value for {when}, which lies after the vintage ({last}).", when=when, last=last
            )
            reading.wrong(at, message, Phrase("Is this the right vintage?"), "future", cell)
            return
        cells = self._cells(target, whose, when, row, at)
        if cells is None:
            return
        target.valued[whose.code or ""] += 1
        if layout.rows and self._counted(target, whose.code or "", row):
            return
        if whose.kept:
            for phrase in {self._flag(target, row), own_flag, self._estimated(row, when)} - {""}:
                reading.noted[Phrase("values {what}", what=phrase)] += 1
        target.values.append((cells, value, at, unit))

    def _cells(
        self, target: Target, whose: Found, when: str, row: list[str], at: Place
    ) -> dict[str, str] | None:
        """Return a row's cells but its measure; None where one of them is refused."""
        table, cells = target.table, dict(target.constants)
        if table.entity is not None:
            cells[table.entity.name] = whose.code or ""
        if table.period is not None:
            cells[table.period.name] = when
        for name, n in target.others.items():
            text = self._other(target, name, row[n].strip(), at)
            if text is None:
                return None
            cells[name] = self._same.setdefault(text, text)
        return cells

    def _text(
        self, target: Target, whose: Found, when: str, said: str, at: Place, row: list[str]
    ) -> None:
        """Take a row of a table that measures nothing: its last column is text."""
        cells = self._cells(target, whose, when, row, at)
        if cells is not None and whose.kept:
            cells[target.table.measure] = said
            target.reading.rows.append(Row(cells, at))

    def _no_period(self, target: Target, taken: bool, period: str, at: Place, kind: Kind) -> None:
        if not taken:
            return
        if self.layout.rows and not period:
            target.reading.left_out[Phrase("rows without a date")] += 1
        elif (
            self.layout.rank
            and self.layout.table is None
            and (_OTHER_PERIOD.fullmatch(period) or any(parse(other, period) for other in KINDS))
        ):
            reason = Phrase("observations that are not annual totals")
            if kind != "year":
                reason = Phrase("observations that are not of one {kind}", kind=NOUNS[kind])
            target.reading.left_out[reason] += 1
        else:
            where = Place(at.file, at.row, self.part.heading("period"))
            hint = Phrase(
                "Table {table} has a row for each {kind}, as {example}.",
                table=target.table.name,
                kind=NOUNS[kind],
                example=EXAMPLES[kind],
            )
            target.reading.wrong(
                where,
                Phrase("{period!r} is not a {kind}.", period=period, kind=NOUNS[kind]),
                hint,
                "not-a-period",
                period,
            )

    def _not_a_number(self, target: Target, at: Place, cell: str) -> None:
        message, hint, code = amount_fault(cell)
        target.reading.wrong(at, message, hint, code, str(cell).strip())

    def _other(self, target: Target, name: str, text: str, at: Place) -> str | None:
        """Return a further column's cell as a raw table has it; None for one that is refused."""
        column = target.table.column(name)
        if not text:
            return text
        if column.list is not None:
            found = find_member(self.task.catalog.lists[column.list], column.list, text)
            if found.problem:
                heading = self.part.header.cells[target.others[name]]
                place = Place(at.file, at.row, heading)
                message, hint = found.problem
                target.reading.wrong(place, message, hint, "entity", text)
                return None
            return found.code
        if column.period:
            return parse(column.period, text) or text  # refused with the other cells, if it is none
        if column.type not in ("number", "integer"):
            return text
        value = number(text)
        if value is None and column.values and (code := category(column.values, text)):
            return code
        if value is None:
            heading = self.part.header.cells[target.others[name]]
            self._not_a_number(target, Place(at.file, at.row, heading), text)
            return None
        return written(value)

    def _counted(self, target: Target, economy: str, row: list[str]) -> bool:
        """Return whether what a row is about has been counted: it is another part of the same."""
        key = (economy, self._cell(row, "id"))
        if key[1] and key in target.counted:
            target.reading.left_out[Phrase("further rows of what has been counted")] += 1
            return True
        target.counted.add(key)
        return False

    def _estimated(self, row: list[str], year: str) -> str:
        last = self._cell(row, "estimates")
        estimated = year and last.isdigit() and int(year) > int(last)
        return Phrase("that are estimated") if estimated else ""

    def _flag(self, target: Target, row: list[str]) -> str:
        said = row[target.flag].strip() if target.flag is not None else ""
        if not said or not self.layout.flags:
            return Phrase("with the footnote {said!r}", said=said) if said else ""
        meaning = self.layout.flags.get(said.partition(": ")[0] if self.layout.labelled else said)
        return Phrase("that are {meaning}", meaning=meaning) if meaning else ""

    def _bare(self, cell: str) -> tuple[str, str]:
        """Return a value without its flag, and what the flag means."""
        if not self.layout.cell or not (match := re.fullmatch(self.layout.cell, cell)):
            return cell, ""
        flags = [self.layout.flags[c] for c in match["flag"] or "" if c in self.layout.flags]
        return match["number"], Phrase("that are {meaning}", meaning=flags) if flags else ""

    def _code(self, row: list[str]) -> str:
        text = self._cell(row, "code")
        return text.partition(": ")[0] if self.layout.labelled else text

    def _cell(self, row: list[str], role: str) -> str:
        column = self.at.get(role)  # type: ignore[call-overload]
        return row[column].strip() if column is not None else ""


def _year_of_date(text: str) -> str | None:
    match = re.match(r"(\d{4})[-/.]", text) or re.search(r"[/. -](\d{4})$", text)
    return match[1] if match else None
