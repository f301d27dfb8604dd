"""What changed between two builds: figures point by point, facts, claims, statements, sources.

Results only; how they are told in a terminal or on a page is elsewhere. The rule for the size of
a change is one for all: of the larger of the two values, a tenth and more is large, a hundredth
and more is moderate, less is small. A sentence that turns true or false, and what comes or goes,
is large.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

LARGE, MODERATE = 0.10, 0.01


class Size(StrEnum):
    """How large a change is; the order is that of a scoreboard."""

    LARGE = "large"
    MODERATE = "moderate"
    SMALL = "small"


class Kind(StrEnum):
    """What happened to a value."""

    REVISED = "revised"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Change:
    """A value before and after. `of` names it: a fact's id, or the key of a figure's point."""

    of: tuple[str, ...]
    kind: Kind
    old: float | None
    new: float | None
    unit: str = ""

    @property
    def absolute(self) -> float | None:
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def relative(self) -> float | None:
        """The change as a fraction of the old value; None where that is zero or missing."""
        if self.absolute is None or not self.old:
            return None
        return self.absolute / abs(self.old)

    @property
    def size(self) -> Size:
        if self.old is None or self.new is None:
            return Size.LARGE
        return size_of(self.old, self.new)


@dataclass(frozen=True)
class FigureChange:
    """A figure before and after: its points, its title, the sources that broke."""

    address: str
    revised: tuple[Change, ...]
    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    titles: Mapping[str, tuple[str, str]]
    breaks: tuple[tuple[str, str, str], ...] = ()

    @property
    def size(self) -> Size:
        if any(old != new for old, new in self.titles.values()):
            return Size.LARGE
        return largest([*(change.size for change in self.revised), *self._extent()])

    def _extent(self) -> list[Size]:
        """A year more is what every edition brings; it counts as moderate."""
        return [Size.MODERATE] if self.new or self.gone else []


@dataclass(frozen=True)
class Turn:
    """A claim or statement whose outcome changed, with the evidence on both sides."""

    id: str
    figure: str
    old: str | None
    new: str | None
    old_evidence: Mapping[str, Any] = field(default_factory=dict)
    new_evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two builds; what is equal is only counted."""

    old: str
    new: str
    figures: tuple[FigureChange, ...]
    facts: tuple[Change, ...]
    claims: tuple[Turn, ...]
    statements: tuple[Turn, ...]
    equal: Mapping[str, int]

    @property
    def empty(self) -> bool:
        return not (self.figures or self.facts or self.claims or self.statements)

    def scoreboard(self) -> dict[str, dict[Size, int]]:
        """Return how many figures, facts and sentences changed, by size."""
        board = {kind: dict.fromkeys(Size, 0) for kind in ("figures", "facts", "claims")}
        for change in self.figures:
            board["figures"][change.size] += 1
        for fact in self.facts:
            board["facts"][fact.size] += 1
        board["claims"][Size.LARGE] = len(self.claims) + len(self.statements)
        return board


def size_of(old: float, new: float) -> Size:
    """Return the size of a change from `old` to `new`."""
    top = max(abs(old), abs(new))
    part = abs(new - old) / top if top else 0.0
    return Size.LARGE if part >= LARGE else Size.MODERATE if part >= MODERATE else Size.SMALL


def largest(sizes: Sequence[Size]) -> Size:
    """Return the largest of `sizes`; small if there are none."""
    order = list(Size)
    return min(sizes, key=order.index, default=Size.SMALL)


Row = Mapping[str, str]


def compare(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    old_data: Mapping[str, Sequence[Row]],
    new_data: Mapping[str, Sequence[Row]],
) -> Comparison:
    """Compare two builds.

    `old` and `new` are what weave.json holds, the data each figure's CSV as rows of texts. Values
    that print alike are equal only if they are equal.
    """
    figures = [
        change
        for address in _together(old["figures"], new["figures"])
        if (change := _figure(address, old, new, old_data, new_data)) is not None
    ]
    facts = [
        change
        for id in _together(old["facts"], new["facts"])
        if (change := _fact(id, old["facts"].get(id), new["facts"].get(id))) is not None
    ]
    order = list(Size)
    claims = _turns(old["claims"], new["claims"], "holds")
    statements = _turns(old["statements"], new["statements"], "verdict")
    return Comparison(
        old["edition"],
        new["edition"],
        tuple(sorted(figures, key=lambda change: order.index(change.size))),
        tuple(sorted(facts, key=lambda c: (order.index(c.size), -abs(c.relative or math.inf)))),
        claims,
        statements,
        {
            "figures": len(new["figures"]) - sum(c.address in new["figures"] for c in figures),
            "facts": len(new["facts"]) - sum(c.of[0] in new["facts"] for c in facts),
            "claims": len(new["claims"]) - sum(turn.new is not None for turn in claims),
            "statements": len(new["statements"]) - sum(t.new is not None for t in statements),
        },
    )


def _together(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [*one, *(name for name in other if name not in one)]


def _fact(id: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change | None:
    return _change((id,), _value(old), _value(new), (new or old or {})["unit"])


def _value(fact: Mapping[str, Any] | None) -> float | None:
    return None if fact is None else fact["value"]


def _change(
    of: tuple[str, ...], old: float | None, new: float | None, unit: str = ""
) -> Change | None:
    if old == new:
        return None
    kind = Kind.NEW if old is None else Kind.GONE if new is None else Kind.REVISED
    return Change(of, kind, old, new, unit)


def _figure(
    address: str,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    old_data: Mapping[str, Sequence[Row]],
    new_data: Mapping[str, Sequence[Row]],
) -> FigureChange | None:
    before, after = old["figures"].get(address), new["figures"].get(address)
    points_before = _points(old_data.get(address, ()))
    points_after = _points(new_data.get(address, ()))
    changes = [
        change
        for of in _together(points_before, points_after)
        if (change := _change(of, points_before.get(of), points_after.get(of))) is not None
    ]
    titles = {
        language: ((before or {}).get(language, {}).get("title", ""), words["title"])
        for language, words in (after or {}).items()
        if isinstance(words, Mapping) and "title" in words
    }
    retitled = any(one != two for one, two in titles.values())
    breaks = _breaks(before, after)
    if not (changes or retitled or breaks) and before and after:
        return None
    sorted_out = {kind: tuple(c for c in changes if c.kind is kind) for kind in Kind}
    return FigureChange(
        address, sorted_out[Kind.REVISED], sorted_out[Kind.NEW], sorted_out[Kind.GONE],
        titles, breaks,
    )  # fmt: skip


def _points(rows: Sequence[Row]) -> dict[tuple[str, ...], float | None]:
    """Return a figure's values by key: text columns and years name a point, numbers are values.

    A number that is missing is a point that is missing.
    """
    columns = list(rows[0]) if rows else []
    values = [name for name in columns if name != "year" and _numeric(rows, name)]
    names = [name for name in columns if name not in values]
    found: dict[tuple[str, ...], float | None] = {}
    for row in rows:
        for value in values:
            if row[value] != "":
                key = (*(row[name] for name in names), *([value] if len(values) > 1 else []))
                found[key] = float(row[value])
    return found


def _numeric(rows: Sequence[Row], name: str) -> bool:
    texts = [row[name] for row in rows if row[name] != ""]
    try:
        return bool(texts) and all(math.isfinite(float(text)) for text in texts)
    except ValueError:
        return False


def _breaks(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[tuple[str, str, str], ...]:
    """Return the tables whose agency is another one now: a break in the series, not a change."""
    agencies: list[dict[str, set[str]]] = []
    for figure in (before, after):
        held: dict[str, set[str]] = {}
        for source in (figure or {}).get("sources", ()):
            held.setdefault(source["table"], set()).add(source["agency"]["en"])
        agencies.append(held)
    old, new = agencies
    return tuple(
        (table, ", ".join(sorted(old[table])), ", ".join(sorted(new[table])))
        for table in old
        if table in new and old[table] != new[table]
    )


def _turns(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]], outcome: str
) -> tuple[Turn, ...]:
    """Return the claims (or statements) whose outcome is another one now, or that came or went."""
    turns = []
    for id in _together(old, new):
        before, after = old.get(id), new.get(id)
        if before and after and before[outcome] == after[outcome]:
            continue
        turns.append(
            Turn(
                id,
                (after or before or {})["figure"],
                None if before is None else str(before[outcome]).lower(),
                None if after is None else str(after[outcome]).lower(),
                (before or {}).get("evidence", {}),
                (after or {}).get("evidence", {}),
            )
        )
    return tuple(turns)
