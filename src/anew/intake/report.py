"""What intake did or would do, as data and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from anew.intake.changes import Change, Comparison
from anew.intake.plan import Planned
from anew.project.phrases import Phrase, joined
from anew.project.problems import DataError, Problem, listing

#: Changes are listed up to here; the rest is counted.
SHOWN = 8


@dataclass
class IntakeReport:
    """The vintages that a file makes; `written` tells whether they are in the project now.

    `consequences` is what else would change, a line each, where somebody was asked.
    """

    vintages: list[Planned]
    written: bool = False
    stored: list[str] = field(default_factory=list)
    consequences: list[str] | None = None
    remarks: list[str] = field(default_factory=list)


def render(report: IntakeReport) -> str:
    """Return the report as text for a terminal."""
    lines: list[str] = []
    for vintage in report.vintages:
        lines += [*_vintage(vintage), ""]
    lines += report.remarks
    if report.stored:
        lines.append(
            Phrase("Kept as it came, outside the repository: {files}.", files=report.stored)
        )
    if report.consequences is not None:
        lines.append(Phrase("Figures, facts and claims that would change with these vintages:"))
        lines += [_indented(line) for line in report.consequences or [Phrase("none")]]
    if report.written:
        lines.append(
            Phrase(
                "Written: {names}. `anew edition new NAME` makes an edition of the newest.",
                names=[f"{v.table} {v.vintage}" for v in report.vintages],
            )
        )
    else:
        lines.append(Phrase("Dry run: nothing was written."))
    return joined("\n", [*lines, ""])


def _vintage(planned: Planned) -> list[str]:
    lines: list[str] = [
        Phrase(
            "{table} {vintage}: {rows:,} rows from {origin} ({format})",
            table=planned.table,
            vintage=planned.vintage,
            rows=planned.rows,
            origin=planned.origin,
            format=planned.format,
        )
    ]
    lines += [_indented(remark) for remark in planned.remarks]
    lines += [
        Phrase("  left out: {count:,} {reason}", count=count, reason=reason)
        for reason, count in planned.left_out.items()
    ]
    if planned.groups:
        lines.append(
            Phrase(
                "  left out: {rows:,} rows of {count} groups that are no economies ({names})",
                rows=sum(planned.groups.values()),
                count=len(planned.groups),
                names=_some(list(planned.groups), "; "),
            )
        )
    if planned.comparison:
        lines += _comparison(planned.comparison)
    else:
        lines.append(Phrase("  the first vintage of this table, or the oldest"))
    if planned.older_than:
        lines.append(
            Phrase(
                "  older than {newest}, which a new edition reads unless --as-of says else",
                newest=planned.older_than,
            )
        )
    if planned.comparison and not planned.comparison.source_changed:
        label = Phrase("look again: beyond plausible revisions")
        lines += _changes(label, planned.implausible)
    label = Phrase("look again: beyond plausible changes from one year to the next")
    lines += _changes(label, planned.jumps)
    return lines


def _comparison(found: Comparison) -> list[str]:
    lines: list[str] = [
        Phrase(
            "  against {previous}: {added:,} rows new, {same:,} unchanged",
            previous=found.previous,
            added=found.added,
            same=found.same,
        )
    ]
    if found.source_changed:
        lines.append(Phrase("  another source than before: a break in the series, not a revision"))
    whose = Phrase("economies") if found.whose == "economies" else found.whose
    for label, names in (
        (Phrase("new {what}", what=Phrase(f"{found.kind}s")), found.new_periods),
        (Phrase("new {what}", what=whose), found.new_entities),
        (Phrase("{what} no longer there", what=whose), found.lost_entities),
    ):
        if names:
            lines.append(Phrase("  {label}: {names}", label=label, names=_some(names)))
    if found.lost and found.dated:
        shown = _some([" ".join(key) for key in found.lost], "; ")
        if found.zeros:
            told = "  zero now, and not then: {count:,} rows ({shown})"
        else:
            told = "  look again: {count:,} rows are no longer there ({shown})"
        lines.append(Phrase(told, count=len(found.lost), shown=shown))
        if not found.zeros:
            lines.append(Phrase("    a vintage is the whole table: is the file a selection of it?"))
    if found.source_changed:
        values = _values(len(found.revisions))
        return [*lines, Phrase("  not compared: {values} that both have", values=values)]
    label = Phrase("revised") if found.dated else Phrase("other than then")
    return lines + _changes(label, found.revisions)


def _changes(label: str, changes: Sequence[Change]) -> list[str]:
    if not changes:
        return []
    lines: list[str] = [Phrase("  {label}: {values}", label=label, values=_values(len(changes)))]
    return lines + [f"    {_change(change)}" for change in changes[:SHOWN]]


def _values(count: int) -> str:
    return Phrase("1 value" if count == 1 else "{count:,} values", count=count)


def _indented(line: str) -> Phrase:
    return Phrase("  {line}", line=line)


def _change(change: Change) -> str:
    relative = "" if change.relative is None else f", {change.relative:+.1%}"
    values = f"{_number(change.old)} → {_number(change.new)}"
    absolute = f"{'+' if change.absolute > 0 else ''}{_number(change.absolute)}"
    return f"{' '.join(change.key)} {change.column}: {values} ({absolute}{relative})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.6g}"


def _some(names: Sequence[str], mark: str = ", ") -> str:
    """Return the first names of a long list, and how many there are."""
    if len(names) <= SHOWN + 2:
        return mark.join(names)
    shown = mark.join(names[:SHOWN])
    return Phrase("{shown} … {count} in all", shown=shown, count=len(names))


#: So many problems of one kind are told one by one.
_APART = 5


def refuse_all(problems: Sequence[Problem], names: str) -> None:
    """Raise DataError for problems: those of one kind are told once, with count and first rows."""
    found = list(dict.fromkeys(problems))
    if not found:
        return
    kinds: dict[tuple[str, str, str | None, str], list[Problem]] = {}
    for problem in found:
        column = None if problem.code in ("unit", "digits", "duplicate") else problem.column
        kinds.setdefault((problem.file, problem.code, column, problem.hint), []).append(problem)
    told: list[Problem] = []
    for alike in kinds.values():
        if len({replace(problem, row=None) for problem in alike}) <= _APART:
            told += alike
            continue
        rows = list(dict.fromkeys(str(p.row) for p in alike if p.row is not None))
        more = " …" if len(rows) > 8 else ""
        where = Phrase(", rows {rows}{more}", rows=rows[:8], more=more) if rows else ""
        message = Phrase(
            "{first} And {count:,} more of this kind{where}.",
            first=alike[0].message,
            count=len(alike) - 1,
            where=where,
        )
        told.append(replace(alike[0], message=message))
    refused = "{names}: refused whole, nothing was written: 1 problem.\n{listing}"
    if len(found) > 1:
        refused = "{names}: refused whole, nothing was written: {count:,} problems.\n{listing}"
    raise DataError(refused, found, names=names, count=len(found), listing=listing(told))
