"""Telling what a build changed: in a few lines at its end, and in full as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from anew.diff.renewal import Renewal
from anew.diff.telling import POINTS, as_text, counted, told_fact
from anew.text.facts import Unit

#: So many facts, and places of sentences, are told at the end of a build.
NAMED = 6


def as_news(renewal: Renewal, units: Mapping[str, Unit]) -> list[str]:
    """Return the few lines that say at the end of a build what it changed."""
    comparison, words = renewal.comparison, renewal.rewordings
    spoken = Counter(one.language for one in words)
    kinds = {"figure": comparison.figures, "fact": comparison.facts, "claim": comparison.claims}
    parts = [f"{_many(len(found), name)}" for name, found in kinds.items() if found]
    parts += [f"{_many(count, 'sentence')} in {language}" for language, count in spoken.items()]
    if not parts:
        return ["No figure, fact, claim or sentence is another one than before."]
    lines = [f"Other than before: {', '.join(parts)}"]
    for figure in comparison.figures:
        told = [
            counted(len(found), words)
            for name, words in POINTS.items()
            if (found := getattr(figure, name))
        ]
        told += ["its title"] if any(a != b for a, b in figure.titles.values()) else []
        lines.append(f"  {figure.address} ({figure.size or 'break'}): {', '.join(told)}")
    lines += _first([f"  {told_fact(one, units)}" for one in comparison.facts], "fact")
    for turn in comparison.claims:
        lines.append(f"  {turn.id}: {turn.old or 'not made'} → {turn.new or 'not made'}")
    places = list(dict.fromkeys(one.place for one in words))
    lines += _first([f"  {place}" for place in places], "place")
    return lines


def _many(count: int, name: str) -> str:
    return f"{count} {name}{'s' * (count != 1)}"


def _first(lines: Sequence[str], name: str) -> list[str]:
    more = len(lines) - NAMED
    return [*lines[:NAMED], *([f"  … and {_many(more, f'more {name}')}"] if more > 0 else [])]


def as_markdown(renewal: Renewal, units: Mapping[str, Unit]) -> str:
    """Return all that a build changed in an edition, with every sentence before and after."""
    lines = [as_text(renewal.comparison, units, markdown=True)]
    if renewal.rewordings:
        lines += ["### Sentences", ""]
    for one in renewal.rewordings:
        lines += [f"- {one.place}", *(f"  - before: {one.old}",) * bool(one.old)]
        lines += [f"  - now: {one.new}"] * bool(one.new)
    return "\n".join([*lines, ""])
