"""The reader of declared layouts: a sheet and its layout give a reading for each table it fills."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from anew.intake.conversion import convert
from anew.intake.economies import Finder
from anew.intake.layout import Header, Layout
from anew.intake.reading import Place, Reading, Row, Task, published_on, taken
from anew.intake.rows import Rows
from anew.intake.sheets import Sheet, Unreadable
from anew.intake.sums import add_sums
from anew.intake.targets import Part, Target, targets_of
from anew.project.phrases import Phrase


def read(
    parts: Sequence[tuple[Sheet, Layout, Header]], beside: frozenset[str], task: Task
) -> list[Reading]:
    """Return a reading for every table that the sheets of one file fill.

    `beside` has the codes of a list of countries that lies beside the data. Raises AnewError for a
    file that is of no table, or that may be of several.
    """
    readings: dict[str, Reading] = {}
    for sheet, layout, header in parts:
        for reading in _read(sheet, layout, header, beside, task):
            known = readings.setdefault(reading.table, reading)
            if known is not reading:  # several sheets, or pages, of one table
                _join(known, reading)
    for reading in readings.values():
        if reading.table:
            add_sums(reading, task)
    return list(readings.values())


def _join(known: Reading, more: Reading) -> None:
    known.rows += more.rows
    known.problems += more.problems
    known.left_out += more.left_out
    known.noted += more.noted
    known.groups += more.groups
    known.remarks += [remark for remark in more.remarks if remark not in known.remarks]
    if more.sheet.sha256 != known.sheet.sha256:
        known.origins.append(more.sheet)


def _read(
    sheet: Sheet, layout: Layout, header: Header, beside: frozenset[str], task: Task
) -> list[Reading]:
    whole = Reading(layout.title, "", sheet)
    if layout.refuse:
        whole.wrong(
            Place(sheet.name),
            Phrase("{title}.", title=layout.title),
            layout.refuse,
            "file-format",
        )
        return [whole]
    try:
        body, notes = sheet.below(header.row)
    except Unreadable as error:
        whole.problems.append(error.problem)
        return [whole]
    part = Part(sheet, layout, header, body, sheet.above(header.row), notes)
    part.published = _published(part, task)
    finder = Finder(layout, beside, task)
    targets = targets_of(part, task)
    whose = Rows(part, targets, finder, task)
    for line, row in taken(part.body):
        whose.take(line, row)
    readings = []
    for target in {id(target): target for target in targets.values()}.values():
        if not target.matched and len(targets) > 1 and not target.reading.problems:
            continue
        convert(part, target, task)
        if layout.rows:
            _tally(target)
        for code, count in target.valued.items():
            if not count:
                target.reading.left_out[Phrase("{code}: no value in any year", code=code)] += 1
        lost = sorted(beside - finder.codes) if layout.groups else []
        if lost and not target.reading.problems:
            message = Phrase(
                "no row for {lost}, which the country list beside it names.", lost=list(lost[:5])
            )
            place = Place(sheet.name)
            target.reading.wrong(place, message, Phrase("Download it again."), "cut-off")
        readings.append(target.reading)
    return readings


def _tally(target: Target) -> None:
    """Make one row of all that were counted for a key."""
    rows = target.reading.rows
    counts = Counter(tuple(row.cells[name] for name in target.table.key) for row in rows)
    first = {tuple(row.cells[name] for name in target.table.key): row for row in reversed(rows)}
    measure = target.table.measure
    target.reading.rows = [
        Row({**first[key].cells, measure: str(count)}, Place(first[key].place.file))
        for key, count in counts.items()
    ]


def _published(part: Part, task: Task) -> str | None:
    """Return when the file says that it was published."""
    name = part.sheet.name
    if part.sheet.published:
        return published_on(part.sheet.published, f"{name}, lastupdated", task)
    texts = [*part.above, *part.notes]
    if "LAST UPDATE" in part.header.cells and part.body:
        at = part.header.cells.index("LAST UPDATE")
        texts += [f"LAST UPDATE, {row[at]}" for _, row in part.body[:1] if len(row) > at]
    for pattern in part.layout.published:
        for match in (m for text in texts if (m := re.search(pattern, text))):
            said = match.groupdict()
            if "date" in said:
                what = f"{name}, {match[0].partition(',')[0]}"
                return published_on(said["date"].strip(), what, task)
            year = said["year"] if len(said["year"]) == 4 else f"20{said['year']}"
            return published_on(f"{year}-{said['month']}-{said['day']}", name, task)
    return None
