"""Showing what changed: in a few lines after a build, as text, as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

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
from anew.diff.words import CAUSES, POINTS, REDRAWN, TURNS, WORDS, called, counted, many, percent
from anew.project.language import principal
from anew.project.phrases import Phrase, indented, joined
from anew.text.facts import Unit, print_difference
from anew.text.numbers import DASH, MINUS, brief

#: So many points of a figure are told; the page and the JSON hold all.
SHOWN = 8

#: So many facts, and places of sentences, are told after a build.
NAMED = 6


def summary(comparison: Comparison) -> str:
    """Return one sentence: `3 facts changed, 1 claim no longer holds.`"""
    if comparison.empty:
        return Phrase("Nothing changed.")
    kinds = {"figure": comparison.figures, "fact": comparison.facts}
    changed: list[str] = [many(len(found), kind) for kind, found in kinds.items() if found]
    spoken = Counter(one.where["language"] for one in comparison.sentences)
    changed += [
        Phrase("{sentences} in {language}", sentences=many(count, "sentence"), language=language)
        for language, count in spoken.items()
    ]
    parts: list[str] = [Phrase("{what} changed", what=changed)] if changed else []
    turned = Counter(turn.new if turn.before else "new" for turn in comparison.claims)
    for outcome, words in TURNS.items():
        if count := turned[outcome]:
            claims = many(count, "claim")
            parts.append(Phrase("{claims} {turned}", claims=claims, turned=words[count > 1]))
    if count := turned["new"]:
        parts.append(Phrase("{claims} added", claims=many(count, "claim")))
    if comparison.statements:
        verdicts = many(len(comparison.statements), "verdict")
        parts.append(Phrase("{verdicts} on the study changed", verdicts=verdicts))
    return Phrase("{what}.", what=parts)


def as_news(comparison: Comparison, units: Mapping[str, Unit]) -> list[str]:
    """Return the lines printed after a build on what it changed."""
    lines = [summary(comparison)]
    for figure in comparison.figures:
        told: list[str] = [
            counted(len(found), name) for name in POINTS if (found := figure.points.get(name))
        ]
        told += [Phrase("its title")] if any(a != b for a, b in figure.titles.values()) else []
        told += [REDRAWN] if figure.redrawn else []
        lines.append(
            Phrase(
                "  {figure} ({size}): {told}",
                figure=figure.address,
                size=called(figure.size or "break"),
                told=told,
            )
        )
    facts = [Phrase("  {fact}", fact=told_fact(one, units)) for one in comparison.facts]
    lines += _first(facts, "more fact")
    for turn in (*comparison.claims, *comparison.statements):
        lines.append(
            Phrase(
                "  {id}: {old} → {new}",
                id=turn.id,
                old=called(turn.old or "not made"),
                new=called(turn.new or "not made"),
            )
        )
    places = list(dict.fromkeys(one.place for one in comparison.sentences))
    return lines + _first([f"  {place}" for place in places], "more place")


def _first(lines: Sequence[str], name: str) -> list[str]:
    more = len(lines) - NAMED
    rest = [Phrase("  … and {more}", more=many(more, name))] if more > 0 else []
    return [*lines[:NAMED], *rest]


def as_text(comparison: Comparison, units: Mapping[str, Unit], *, markdown: bool = False) -> str:
    """Return a comparison for reading: the scoreboard, then figures, facts and claims by size."""
    return joined("\n", text_lines(comparison, units, markdown=markdown))


def text_lines(
    comparison: Comparison, units: Mapping[str, Unit], *, markdown: bool = False
) -> list[str]:
    """Return the lines of `as_text`, the last one empty."""
    head, bullet = ("## ", "- ") if markdown else ("", "  ")
    lines: list[str] = [f"{head}{comparison.old} → {comparison.new}", ""]
    if comparison.empty:
        return [*lines, Phrase("Nothing changed."), ""]
    lines += [*_scoreboard(comparison, markdown), "", *_rule(), ""]
    for figure in comparison.figures:
        lines += [*_figure(figure, head and "### ", bullet), ""]
    for cause, name in CAUSES.items():
        facts = [fact for fact in comparison.facts if fact.cause is cause]
        if facts:
            lines.append(indented(name, head and "### "))
            lines += [indented(told_fact(one, units), bullet) for one in facts]
            lines.append("")
    both = (
        (Phrase("Claims"), comparison.claims),
        (Phrase("Statements"), comparison.statements),
    )
    for name, turns in both:
        if turns:
            lines.append(indented(name, head and "### "))
            for turn in turns:
                first, *rest = _turn(turn)
                lines += [
                    indented(first, bullet),
                    *(indented(line, f"  {bullet}") for line in rest),
                ]
            lines.append("")
    if comparison.sentences:
        lines.append(indented(Phrase("Sentences"), head and "### "))
        for one in comparison.sentences:
            lines.append(bullet + one.place)
            inner = f"  {bullet}"
            lines += [indented(Phrase("before: {text}", text=one.was), inner)] * bool(one.was)
            lines += [indented(Phrase("now: {text}", text=one.now), inner)] * bool(one.now)
        lines.append("")
    return lines


def _rule() -> list[str]:
    return [
        Phrase(
            "A change is large from {large:.0%} of the larger value, moderate from {moderate:.0%}. "
            "Whatever is added, removed or\n"
            "turns true or false is large; a period that moves and new periods are at least "
            "moderate.",
            large=LARGE,
            moderate=MODERATE,
        )
    ]


def _scoreboard(comparison: Comparison, markdown: bool) -> list[str]:
    board = {k: {**v, "equal": comparison.equal[k]} for k, v in comparison.scoreboard().items()}
    if markdown:
        names = list(next(iter(board.values())))
        table = ["| | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
        for kind, counts in board.items():
            table.append(f"| {kind} | " + " | ".join(map(str, counts.values())) + " |")
        return table
    lines: list[str] = [
        Phrase("          {large:>10}{moderate:>10}{small:>10}{break:>10}{equal:>10}", **WORDS)
    ]
    for kind, counts in board.items():
        row = "".join(f"{count:>10}" for count in counts.values())
        lines.append(Phrase("{kind:10}{row}", kind=called(kind), row=row))
    return lines


def _figure(figure: FigureChange, head: str, bullet: str) -> Iterable[str]:
    word = {Kind.NEW: "new", Kind.GONE: "gone"}.get(figure.kind) or figure.size
    size = called(word) if word else Phrase("break in the series")
    yield indented(Phrase("{figure} ({size})", figure=figure.address, size=size), head)
    old, new = figure.titles.get(principal(), ("", ""))
    if old != new:
        yield indented(Phrase("title: {old} → {new}", old=old or DASH, new=new), bullet)
    if figure.redrawn:
        yield indented(REDRAWN, bullet)
    for one in figure.breaks:
        sides = f"{one.old[principal()]} → {one.new[principal()]}"
        told = Phrase("break in the series: {table}, {sides}", table=one.table, sides=sides)
        yield indented(told, bullet)
    for name in POINTS:
        if changes := figure.points.get(name):
            told = counted(len(changes), name)
            if name == "new_years":
                told = Phrase("{values} ({years})", values=told, years=list(figure.years))
            yield indented(told, bullet)
            if name in ("revised", "shifted"):
                yield from _points(changes, bullet)


def _points(changes: Sequence[Change], bullet: str) -> Iterable[str]:
    for one in ranked(changes)[:SHOWN]:
        sides = " → ".join(brief(value, principal()) for value in (one.old, one.new))
        told = Phrase("{of}: {sides}", of=" ".join(one.of), sides=sides)
        if one.relative is not None:
            size = [percent(one.relative), called(one.size)]
            told = Phrase("{told} ({size})", told=told, size=size)
        yield indented(told, f"  {bullet}")
    if len(changes) > SHOWN:
        yield indented(Phrase("… and {count} more", count=len(changes) - SHOWN), f"  {bullet}")


def told_fact(change: Change, units: Mapping[str, Unit]) -> str:
    """Return a fact before and after in one line, with the size of the change."""
    sides = Sides(change, units, principal())
    said = Phrase("{id}: {old} → {new}", id=change.of[0], old=sides.old, new=sides.new)
    if change.kind is not Kind.REVISED:
        return Phrase("{told} ({size})", told=said, size=called(change.kind))
    if sides.old == sides.new:
        return Phrase(
            "{id}: still prints {new} ({size})",
            id=change.of[0],
            new=sides.new,
            size=called(change.size),
        )
    if change.cause is Cause.BREAK:
        return said
    parts: list[str] = [sides.absolute] if change.unit in units else []
    if change.relative is not None:
        parts.append(percent(change.relative))
    if change.cause is Cause.BOTH:
        parts.append(Phrase("{value} for the old years", value=sides.between))
    return Phrase("{told} ({size})", told=said, size=[*parts, called(change.size)])


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
    yield Phrase(
        "{id} ({figure}): {old} → {new}, across a break in the series"
        if turn.broken
        else "{id} ({figure}): {old} → {new}",
        id=turn.id,
        figure=turn.figure,
        old=called(turn.old or "not made"),
        new=called(turn.new or "not made"),
    )
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
    nothing = Phrase("(nothing)")
    return Phrase(
        "{place} (page {page}): {format}, {what}\n    embedded: {was}\n    Quarto:   {now}"
        if "page" in where
        else "{place}: {format}, {what}\n    embedded: {was}\n    Quarto:   {now}",
        place=difference.place,
        page=where.get("page"),
        format=str(where["format"]).upper(),
        what=what,
        was=difference.was or nothing,
        now=difference.now or nothing,
    )
