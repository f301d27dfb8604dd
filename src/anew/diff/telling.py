"""Showing what changed: in a few lines after a build, as text, as Markdown, as JSON."""

from __future__ import annotations

from collections import Counter
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
    ranked,
)
from anew.diff.difference import Difference
from anew.diff.reading import KINDS
from anew.diff.state import Evidence
from anew.project.language import principal
from anew.text.facts import Unit, print_difference
from anew.text.numbers import DASH, MINUS, brief

#: So many points of a figure are told; the page and the JSON hold all.
SHOWN = 8

#: So many facts, and places of sentences, are told after a build.
NAMED = 6

#: The lists of a figure's points, in the order of telling, and what each is called.
POINTS = {
    "revised": "values revised",
    "shifted": "values changed by different periods",
    "broken": "values from a different source, not compared",
    "new_years": "values for new periods",
    "new": "values added",
    "gone": "values removed",
}

#: What is told of a figure whose data and title are the same.
REDRAWN = "drawn differently, from the same data"

#: The headings of facts by cause, in the order of telling.
CAUSES = {
    Cause.BREAK: "Facts across a break in the series, not compared",
    Cause.REVISION: "Facts changed by revised data, for the same years",
    Cause.BOTH: "Facts changed by revised data and by different periods",
    Cause.YEARS: "Facts changed by different periods",
    Cause.UNKNOWN: "Facts",
}

#: What a claim's new outcome is called in a summary, for one and for several.
_TURNS = {
    "false": ("no longer holds", "no longer hold"),
    "true": ("now holds", "now hold"),
    None: ("is no longer made", "are no longer made"),
}


def summary(comparison: Comparison) -> str:
    """Return one sentence: `3 facts changed, 1 claim no longer holds.`"""
    if comparison.empty:
        return "Nothing changed."
    kinds = {"figure": comparison.figures, "fact": comparison.facts}
    changed = [many(len(found), kind) for kind, found in kinds.items() if found]
    spoken = Counter(one.where["language"] for one in comparison.sentences)
    changed += [f"{many(count, 'sentence')} in {language}" for language, count in spoken.items()]
    parts = [f"{', '.join(changed)} changed"] if changed else []
    turned = Counter(turn.new if turn.before else "new" for turn in comparison.claims)
    for outcome, words in _TURNS.items():
        if count := turned[outcome]:
            parts.append(f"{many(count, 'claim')} {words[count > 1]}")
    if count := turned["new"]:
        parts.append(f"{many(count, 'claim')} added")
    if comparison.statements:
        parts.append(f"{many(len(comparison.statements), 'verdict')} on the study changed")
    return f"{', '.join(parts)}."


def as_news(comparison: Comparison, units: Mapping[str, Unit]) -> list[str]:
    """Return the lines printed after a build on what it changed."""
    lines = [summary(comparison)]
    for figure in comparison.figures:
        told = [
            counted(len(found), words)
            for name, words in POINTS.items()
            if (found := figure.points.get(name))
        ]
        told += ["its title"] if any(a != b for a, b in figure.titles.values()) else []
        told += [REDRAWN] if figure.redrawn else []
        lines.append(f"  {figure.address} ({figure.size or 'break'}): {', '.join(told)}")
    lines += _first([f"  {told_fact(one, units)}" for one in comparison.facts], "fact")
    for turn in (*comparison.claims, *comparison.statements):
        lines.append(f"  {turn.id}: {turn.old or 'not made'} → {turn.new or 'not made'}")
    places = list(dict.fromkeys(one.place for one in comparison.sentences))
    return lines + _first([f"  {place}" for place in places], "place")


def _first(lines: Sequence[str], name: str) -> list[str]:
    more = len(lines) - NAMED
    return [*lines[:NAMED], *([f"  … and {many(more, f'more {name}')}"] if more > 0 else [])]


def many(count: int, name: str) -> str:
    """Return `1 fact` or `3 facts`."""
    return f"{count} {name}{'s' * (count != 1)}"


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, with sizes and relative changes computed."""
    return {
        "old": comparison.old,
        "new": comparison.new,
        "scoreboard": comparison.scoreboard(),
        "equal": dict(comparison.equal),
        "figures": [_figure_data(figure) for figure in comparison.figures],
        "facts": [_change_data(one) for one in comparison.facts],
        "claims": [_turn_data(turn) for turn in comparison.claims],
        "statements": [_turn_data(turn) for turn in comparison.statements],
        "sentences": [one.as_dict() for one in comparison.sentences],
    }


def _figure_data(figure: FigureChange) -> dict[str, Any]:
    return {
        "address": figure.address,
        "kind": figure.kind,
        "size": figure.size,
        "titles": {language: list(pair) for language, pair in figure.titles.items()},
        "redrawn": figure.redrawn,
        "breaks": [asdict(one) for one in figure.breaks],
        "years": list(figure.years),
        **{name: [_change_data(one) for one in figure.points.get(name, ())] for name in POINTS},
    }


def _change_data(one: Change) -> dict[str, Any]:
    broken = one.cause is Cause.BREAK
    return {
        "of": list(one.of), "figure": one.figure, "kind": one.kind, "cause": one.cause,
        "old": one.old, "between": one.between, "new": one.new, "unit": one.unit,
        "absolute": one.absolute, "relative": one.relative, "size": None if broken else one.size,
    }  # fmt: skip


def _turn_data(turn: Turn) -> dict[str, Any]:
    old, new = turn.evidence
    return {
        "id": turn.id, "figure": turn.figure, "old": turn.old, "new": turn.new,
        "old_evidence": old, "new_evidence": new, "broken": turn.broken,
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
    if comparison.sentences:
        lines.append(f"{head and '### '}Sentences")
        for one in comparison.sentences:
            lines.append(bullet + one.place)
            lines += [f"  {bullet}before: {one.was}"] * bool(one.was)
            lines += [f"  {bullet}now: {one.now}"] * bool(one.now)
        lines.append("")
    return "\n".join(lines)


def _rule() -> list[str]:
    return [
        f"A change is large from {LARGE:.0%} of the larger value, moderate from {MODERATE:.0%}. "
        "Whatever is added, removed or",
        "turns true or false is large; a period that moves and new periods are at least moderate.",
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
    old, new = figure.titles.get(principal(), ("", ""))
    if old != new:
        yield f"{bullet}title: {old or '—'} → {new}"
    if figure.redrawn:
        yield f"{bullet}{REDRAWN}"
    for one in figure.breaks:
        sides = f"{one.old[principal()]} → {one.new[principal()]}"
        yield f"{bullet}break in the series: {one.table}, {sides}"
    for name, told in POINTS.items():
        if changes := figure.points.get(name):
            years = f" ({', '.join(figure.years)})" if name == "new_years" else ""
            yield f"{bullet}{counted(len(changes), told)}{years}"
            if name in ("revised", "shifted"):
                yield from _points(changes, bullet)


def _points(changes: Sequence[Change], bullet: str) -> Iterable[str]:
    for one in ranked(changes)[:SHOWN]:
        relative = "" if one.relative is None else f" ({percent(one.relative)}, {one.size})"
        sides = " → ".join(brief(value, principal()) for value in (one.old, one.new))
        yield f"  {bullet}{' '.join(one.of)}: {sides}{relative}"
    if len(changes) > SHOWN:
        yield f"  {bullet}… and {len(changes) - SHOWN} more"


def told_fact(change: Change, units: Mapping[str, Unit]) -> str:
    """Return a fact before and after in one line, with the size of the change."""
    sides = Sides(change, units, principal())
    said = f"{change.of[0]}: {sides.old} → {sides.new}"
    if change.kind is not Kind.REVISED:
        return f"{said} ({change.kind})"
    if sides.old == sides.new:
        return f"{change.of[0]}: still prints {sides.new} ({change.size})"
    if change.cause is Cause.BREAK:
        return said
    parts = [sides.absolute] if change.unit in units else []
    if change.relative is not None:
        parts.append(percent(change.relative))
    if change.cause is Cause.BOTH:
        parts.append(f"{sides.between} for the old years")
    return f"{said} ({', '.join([*parts, str(change.size)])})"


class Sides:
    """The values of a change as a language prints them, a dash for a missing one.

    Without a known unit they are plain numbers.
    """

    def __init__(self, change: Change, units: Mapping[str, Unit], language: str) -> None:
        unit = units.get(change.unit)

        def printed(value: float | None) -> str:
            if value is None:
                return DASH
            return unit.print(value, language) if unit else brief(value, language)

        self.old, self.between, self.new = map(printed, (change.old, change.between, change.new))
        if change.absolute is None:
            self.absolute = DASH
        elif unit:
            self.absolute = print_difference(change.absolute, change.unit, units, language)
        else:
            sign = MINUS if change.absolute < 0 else "+"
            self.absolute = sign + brief(abs(change.absolute), language)


def _turn(turn: Turn) -> Iterable[str]:
    said = f"{turn.id} ({turn.figure}): {turn.old or 'not made'} → {turn.new or 'not made'}"
    yield said + (", across a break in the series" if turn.broken else "")
    old, new = map(_evidence, turn.evidence)
    if old != new:
        yield f"{old} → {new}"


def _evidence(evidence: Evidence) -> str:
    items = [f"{name}: {_short(value)}" for name, value in list(evidence.items())[:4]]
    return "; ".join(items) + ("; …" if len(evidence) > 4 else "")


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_short(one)}" for name, one in value.items())
    return brief(value, principal()) if isinstance(value, int | float) else str(value)


def told_rendering(difference: Difference) -> str:
    """Return an item that two typesetters give a reader differently, with its place."""
    where, what = difference.where, KINDS.get(difference.kind, difference.kind)
    page = f" (page {where['page']})" if "page" in where else ""
    sides = (("embedded", difference.was), ("Quarto", difference.now))
    told = [f"\n    {name + ':':<10}{text or '(nothing)'}" for name, text in sides]
    return f"{difference.place}{page}: {str(where['format']).upper()}, {what}" + "".join(told)


def percent(part: float | None) -> str:
    """Return a relative change with its sign, a minus as facts print it; a dash for None."""
    return DASH if part is None else f"{part:+.1%}".replace("-", MINUS)


def counted(count: int, values: str) -> str:
    """Return how many values there are, in the words of POINTS."""
    return f"{count} {values.replace('values', 'value', 1) if count == 1 else values}"
