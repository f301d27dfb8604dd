"""What intake did or would do, as data and as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from anew.intake.changes import Change, Comparison
from anew.intake.plan import Planned

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
        lines.append(f"Kept as it came, outside the repository: {', '.join(report.stored)}.")
    if report.consequences is not None:
        lines.append("Figures, facts and claims that would change with these vintages:")
        lines += [f"  {line}" for line in report.consequences or ["none"]]
    if report.written:
        names = ", ".join(f"{v.table} {v.vintage}" for v in report.vintages)
        lines.append(f"Written: {names}. `anew edition new NAME` makes an edition of the newest.")
    else:
        lines.append("Dry run: nothing was written.")
    return "\n".join(lines) + "\n"


def _vintage(planned: Planned) -> list[str]:
    lines = [
        f"{planned.table} {planned.vintage}: {planned.rows:,} rows from {planned.origin} "
        f"({planned.format})"
    ]
    lines += [f"  {remark}" for remark in planned.remarks]
    lines += [f"  left out: {count:,} {reason}" for reason, count in planned.left_out.items()]
    if planned.groups:
        rows = sum(planned.groups.values())
        told = f"{rows:,} rows of {len(planned.groups)} groups that are no economies"
        lines.append(f"  left out: {told} ({_some(list(planned.groups), '; ')})")
    if planned.comparison:
        lines += _comparison(planned.comparison)
    else:
        lines.append("  the first vintage of this table, or the oldest")
    if planned.older_than:
        newest = planned.older_than
        lines.append(f"  older than {newest}, which a new edition reads unless --as-of says else")
    if planned.comparison and not planned.comparison.source_changed:
        lines += _changes("look again: beyond plausible revisions", planned.implausible)
    lines += _changes(
        "look again: beyond plausible changes from one year to the next", planned.jumps
    )
    return lines


def _comparison(found: Comparison) -> list[str]:
    lines = [f"  against {found.previous}: {found.added:,} rows new, {found.same:,} unchanged"]
    if found.source_changed:
        lines.append("  another source than before: a break in the series, not a revision")
    for label, names in (
        (f"new {found.kind}s", found.new_periods),
        (f"new {found.whose}", found.new_entities),
        (f"{found.whose} no longer there", found.lost_entities),
    ):
        if names:
            lines.append(f"  {label}: {_some(names)}")
    if found.lost and found.dated:
        shown = _some([" ".join(key) for key in found.lost], "; ")
        if found.zeros:
            lines.append(f"  zero now, and not then: {len(found.lost):,} rows ({shown})")
        else:
            lines.append(f"  look again: {len(found.lost):,} rows are no longer there ({shown})")
            lines.append("    a vintage is the whole table: is the file a selection of it?")
    if found.source_changed:
        return [*lines, f"  not compared: {_values(len(found.revisions))} that both have"]
    return lines + _changes("revised" if found.dated else "other than then", found.revisions)


def _changes(label: str, changes: Sequence[Change]) -> list[str]:
    if not changes:
        return []
    lines = [f"  {label}: {_values(len(changes))}"]
    return lines + [f"    {_change(change)}" for change in changes[:SHOWN]]


def _values(count: int) -> str:
    return "1 value" if count == 1 else f"{count:,} values"


def _change(change: Change) -> str:
    relative = "" if change.relative is None else f", {change.relative:+.1%}"
    values = f"{_number(change.old)} → {_number(change.new)}"
    absolute = f"{'+' if change.absolute > 0 else ''}{_number(change.absolute)}"
    return f"{' '.join(change.key)} {change.column}: {values} ({absolute}{relative})"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.6g}"


def _some(names: Sequence[str], mark: str = ", ") -> str:
    """Return the first names of a long list, and how many there are."""
    more = f" … {len(names)} in all" if len(names) > SHOWN + 2 else ""
    return mark.join(names[: SHOWN if more else len(names)]) + more
