"""Telling a comparison: as text for a terminal, as Markdown for a review, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from anew.diff.change import (
    LARGE,
    MODERATE,
    Cause,
    Change,
    Comparison,
    FigureChange,
    Kind,
    Turn,
)
from anew.text.facts import Unit, print_difference
from anew.text.numbers import brief

#: So many points of a figure are told; the page and the JSON hold all.
SHOWN = 8

#: The lists of a figure's points, in the order of telling, and what each is called.
POINTS = {
    "revised": "values revised",
    "shifted": "values that other years moved",
    "broken": "values of another source, not compared",
    "new_years": "values of new years",
    "new": "values more",
    "gone": "values gone",
}

#: What facts are told apart by, in the order of telling.
CAUSES = {
    Cause.BREAK: "Facts across a break in the series, not compared",
    Cause.REVISION: "Facts that other data changed, for the same years",
    Cause.BOTH: "Facts that other data and other years changed",
    Cause.YEARS: "Facts that other years changed",
    Cause.UNKNOWN: "Facts",
}


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, with sizes and relative changes computed."""
    return {
        "old": comparison.old,
        "new": comparison.new,
        "scoreboard": comparison.scoreboard(),
        "equal": dict(comparison.equal),
        "figures": [_figure_data(figure) for figure in comparison.figures],
        "facts": [_change_data(one) for one in comparison.facts],
        "claims": [asdict(turn) for turn in comparison.claims],
        "statements": [asdict(turn) for turn in comparison.statements],
    }


def _figure_data(figure: FigureChange) -> dict[str, Any]:
    return {
        "address": figure.address,
        "kind": figure.kind,
        "size": figure.size,
        "titles": {language: list(pair) for language, pair in figure.titles.items()},
        "breaks": [asdict(one) for one in figure.breaks],
        "years": list(figure.years),
        **{name: [_change_data(one) for one in getattr(figure, name)] for name in POINTS},
    }


def _change_data(one: Change) -> dict[str, Any]:
    broken = one.cause is Cause.BREAK
    return {
        "of": list(one.of), "figure": one.figure, "kind": one.kind, "cause": one.cause,
        "old": one.old, "between": one.between, "new": one.new, "unit": one.unit,
        "absolute": one.absolute, "relative": one.relative, "size": None if broken else one.size,
    }  # fmt: skip


def as_text(comparison: Comparison, units: Mapping[str, Unit], *, markdown: bool = False) -> str:
    """Return a comparison for reading: the scoreboard, then figures, facts and claims by size."""
    head, bullet = ("## ", "- ") if markdown else ("", "  ")
    lines = [f"{head}{comparison.old} → {comparison.new}", ""]
    if comparison.empty:
        return "\n".join([*lines, "Nothing changed.", ""])
    lines += [*_scoreboard(comparison, markdown), "", *_rule(), ""]
    for figure in comparison.figures:
        lines += [*_figure(figure, head and "### ", bullet), ""]
    for cause, name in CAUSES.items():
        facts = [fact for fact in comparison.facts if fact.cause is cause]
        if facts:
            lines.append(f"{head and '### '}{name}")
            lines += [bullet + told_fact(one, units) for one in facts]
            lines.append("")
    for name, turns in (("Claims", comparison.claims), ("Statements", comparison.statements)):
        if turns:
            lines.append(f"{head and '### '}{name}")
            for turn in turns:
                first, *rest = _turn(turn)
                lines += [bullet + first, *(f"  {bullet}{line}" for line in rest)]
            lines.append("")
    return "\n".join(lines)


def _rule() -> list[str]:
    return [
        f"A change is large from {LARGE:.0%} of the larger value on, moderate from {MODERATE:.0%} "
        "on. What comes, goes or",
        "turns true or false is large; a year that moves and new years are at least moderate.",
    ]


def _scoreboard(comparison: Comparison, markdown: bool) -> list[str]:
    board = {k: {**v, "equal": comparison.equal[k]} for k, v in comparison.scoreboard().items()}
    names = list(next(iter(board.values())))
    if markdown:
        lines = ["| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
        for kind, counts in board.items():
            lines.append(f"| {kind} | " + " | ".join(map(str, counts.values())) + " |")
        return lines
    lines = [" " * 10 + "".join(f"{name:>10}" for name in names)]
    for kind, counts in board.items():
        lines.append(f"{kind:10}" + "".join(f"{count:>10}" for count in counts.values()))
    return lines


def _figure(figure: FigureChange, head: str, bullet: str) -> Iterable[str]:
    word = {Kind.NEW: "new", Kind.GONE: "gone"}.get(figure.kind)
    yield f"{head}{figure.address} ({word or figure.size or 'break in the series'})"
    old, new = figure.titles.get("en", ("", ""))
    if old != new:
        yield f"{bullet}title: {old or '—'} → {new}"
    for one in figure.breaks:
        said = f"{one.table} is {one.new['en']} now, it was {one.old['en']}"
        yield f"{bullet}break in the series: {said}"
    for name, told in POINTS.items():
        changes = getattr(figure, name)
        if changes:
            years = f" ({', '.join(figure.years)})" if name == "new_years" else ""
            yield f"{bullet}{counted(len(changes), told)}{years}"
            if name in ("revised", "shifted"):
                yield from _points(changes, bullet)


def _points(changes: Sequence[Change], bullet: str) -> Iterable[str]:
    ranked = sorted(changes, key=lambda one: -abs(one.relative or 0))
    for one in ranked[:SHOWN]:
        relative = "" if one.relative is None else f" ({_percent(one.relative)}, {one.size})"
        yield f"  {bullet}{' '.join(one.of)}: {_number(one.old)} → {_number(one.new)}{relative}"
    if len(ranked) > SHOWN:
        yield f"  {bullet}… and {len(ranked) - SHOWN} more"


def _number(value: float | None) -> str:
    return brief(value, "en")


def told_fact(change: Change, units: Mapping[str, Unit]) -> str:
    def shown(value: float | None) -> str:
        if value is None:
            return "—"
        return units[change.unit].print(value, "en") if change.unit in units else _number(value)

    said = f"{change.of[0]}: {shown(change.old)} → {shown(change.new)}"
    if change.kind is not Kind.REVISED:
        return f"{said} ({change.kind})"
    if shown(change.old) == shown(change.new):
        return f"{change.of[0]}: prints {shown(change.new)} as before ({change.size})"
    if change.cause is Cause.BREAK:
        return said
    parts = [] if change.relative is None else [_percent(change.relative)]
    if change.unit in units:
        parts.insert(0, print_difference(change.absolute or 0, change.unit, units, "en"))
    if change.cause is Cause.BOTH:
        parts.append(f"{shown(change.between)} for the old years")
    return f"{said} ({', '.join([*parts, str(change.size)])})"


def _turn(turn: Turn) -> Iterable[str]:
    said = f"{turn.id} ({turn.figure}): {turn.old or 'not made'} → {turn.new or 'not made'}"
    yield said + (", across a break in the series" if turn.broken else "")
    if turn.old_evidence != turn.new_evidence:
        yield f"{_evidence(turn.old_evidence)} → {_evidence(turn.new_evidence)}"


def _evidence(evidence: Mapping[str, Any]) -> str:
    items = [f"{name}: {_short(value)}" for name, value in list(evidence.items())[:4]]
    return "; ".join(items) + ("; …" if len(evidence) > 4 else "")


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(one)}" for name, one in value.items())
    return _number(value) if isinstance(value, int | float) else str(value)


def _percent(part: float) -> str:
    """Return a relative change with its sign, a minus as facts print it."""
    return f"{part:+.1%}".replace("-", "\u2212")


def counted(count: int, values: str) -> str:
    """Return how many values there are, in the words of POINTS."""
    return f"{count} {values.replace('values', 'value', 1) if count == 1 else values}"
