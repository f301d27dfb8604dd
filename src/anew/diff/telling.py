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
from anew.project.phrases import Phrase, indented, joined
from anew.text.facts import Unit, print_difference
from anew.text.numbers import DASH, MINUS, brief

#: So many points of a figure are told; the page and the JSON hold all.
SHOWN = 8

#: So many facts, and places of sentences, are told after a build.
NAMED = 6

#: The lists of a figure's points, in the order of telling, and what each is called.
POINTS = {
    "revised": Phrase("values revised"),
    "shifted": Phrase("values changed by different periods"),
    "broken": Phrase("values from a different source, not compared"),
    "new_years": Phrase("values for new periods"),
    "new": Phrase("values added"),
    "gone": Phrase("values removed"),
}
#: The same of one value.
_POINT = {
    "revised": Phrase("value revised"),
    "shifted": Phrase("value changed by different periods"),
    "broken": Phrase("value from a different source, not compared"),
    "new_years": Phrase("value for new periods"),
    "new": Phrase("value added"),
    "gone": Phrase("value removed"),
}

#: What is told of a figure whose data and title are the same.
REDRAWN = Phrase("drawn differently, from the same data")

#: The headings of facts by cause, in the order of telling.
CAUSES = {
    Cause.BREAK: Phrase("Facts across a break in the series, not compared"),
    Cause.REVISION: Phrase("Facts changed by revised data, for the same years"),
    Cause.BOTH: Phrase("Facts changed by revised data and by different periods"),
    Cause.YEARS: Phrase("Facts changed by different periods"),
    Cause.UNKNOWN: Phrase("Facts"),
}

#: What a claim's new outcome is called in a summary, for one and for several.
_TURNS = {
    "false": (Phrase("no longer holds"), Phrase("no longer hold")),
    "true": (Phrase("now holds"), Phrase("now hold")),
    None: (Phrase("is no longer made"), Phrase("are no longer made")),
}

#: What is counted, for one and for several.
_COUNTED = {
    "figure": (Phrase("{count} figure"), Phrase("{count} figures")),
    "fact": (Phrase("{count} fact"), Phrase("{count} facts")),
    "sentence": (Phrase("{count} sentence"), Phrase("{count} sentences")),
    "claim": (Phrase("{count} claim"), Phrase("{count} claims")),
    "verdict": (Phrase("{count} verdict"), Phrase("{count} verdicts")),
    "more fact": (Phrase("{count} more fact"), Phrase("{count} more facts")),
    "more place": (Phrase("{count} more place"), Phrase("{count} more places")),
}

#: Words of a change: its size, what happened to a value, what a claim turned out as.
_WORDS = {
    "large": Phrase("large"),
    "moderate": Phrase("moderate"),
    "small": Phrase("small"),
    "break": Phrase("break"),
    "equal": Phrase("equal"),
    "new": Phrase("new"),
    "gone": Phrase("gone"),
    "true": Phrase("true"),
    "false": Phrase("false"),
    "not made": Phrase("not made"),
    "figures": Phrase("figures"),
    "facts": Phrase("facts"),
    "claims": Phrase("claims"),
    "statements": Phrase("statements"),
}


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
    for outcome, words in _TURNS.items():
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
                size=_word(figure.size or "break"),
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
                old=_word(turn.old or "not made"),
                new=_word(turn.new or "not made"),
            )
        )
    places = list(dict.fromkeys(one.place for one in comparison.sentences))
    return lines + _first([f"  {place}" for place in places], "more place")


def _first(lines: Sequence[str], name: str) -> list[str]:
    more = len(lines) - NAMED
    rest = [Phrase("  … and {more}", more=many(more, name))] if more > 0 else []
    return [*lines[:NAMED], *rest]


def many(count: int, name: str) -> Phrase:
    """Return `1 fact` or `3 facts`."""
    return Phrase(_COUNTED[name][count != 1], count=count)


def _word(word: str) -> str:
    return _WORDS.get(str(word), str(word))


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
        Phrase("          {large:>10}{moderate:>10}{small:>10}{break:>10}{equal:>10}", **_WORDS)
    ]
    for kind, counts in board.items():
        row = "".join(f"{count:>10}" for count in counts.values())
        lines.append(Phrase("{kind:10}{row}", kind=_word(kind), row=row))
    return lines


def _figure(figure: FigureChange, head: str, bullet: str) -> Iterable[str]:
    word = {Kind.NEW: "new", Kind.GONE: "gone"}.get(figure.kind) or figure.size
    size = _word(word) if word else Phrase("break in the series")
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
            size = [percent(one.relative), _word(one.size)]
            told = Phrase("{told} ({size})", told=told, size=size)
        yield indented(told, f"  {bullet}")
    if len(changes) > SHOWN:
        yield indented(Phrase("… and {count} more", count=len(changes) - SHOWN), f"  {bullet}")


def told_fact(change: Change, units: Mapping[str, Unit]) -> str:
    """Return a fact before and after in one line, with the size of the change."""
    sides = Sides(change, units, principal())
    said = Phrase("{id}: {old} → {new}", id=change.of[0], old=sides.old, new=sides.new)
    if change.kind is not Kind.REVISED:
        return Phrase("{told} ({size})", told=said, size=_word(change.kind))
    if sides.old == sides.new:
        return Phrase(
            "{id}: still prints {new} ({size})",
            id=change.of[0],
            new=sides.new,
            size=_word(change.size),
        )
    if change.cause is Cause.BREAK:
        return said
    parts: list[str] = [sides.absolute] if change.unit in units else []
    if change.relative is not None:
        parts.append(percent(change.relative))
    if change.cause is Cause.BOTH:
        parts.append(Phrase("{value} for the old years", value=sides.between))
    return Phrase("{told} ({size})", told=said, size=[*parts, _word(change.size)])


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
        old=_word(turn.old or "not made"),
        new=_word(turn.new or "not made"),
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


def percent(part: float | None) -> str:
    """Return a relative change with its sign, a minus as facts print it; a dash for None."""
    return DASH if part is None else f"{part:+.1%}".replace("-", MINUS)


def counted(count: int, points: str) -> Phrase:
    """Return how many values of one of the POINTS there are."""
    what = (_POINT if count == 1 else POINTS)[points]
    return Phrase("{count} {what}", count=count, what=what)
