"""Changes between two builds as results: values, figures, outcomes, and how large each change is.

The rule for the size of a change is one for all: of the larger of the two values, a tenth and more
is large, a hundredth and more is moderate, less is small. What comes or goes, a sentence that turns
true or false and a title that says something else are large; a year that moves, new years and a
title with other numbers are at least moderate. A break in a series is no change and has no size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from anew.figures.points import YEAR

LARGE, MODERATE = 0.10, 0.01

#: Where a scoreboard counts what a break in a series keeps from being compared.
BREAK = "break"


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


class Cause(StrEnum):
    """Where a change comes from, as far as that can be told.

    A break: the table is another agency's. Revision: the same years have other data. Years: the
    same data are looked at over other years. Both: one and the other. Unknown: nobody computed
    what the new data say of the old years.
    """

    BREAK = "break"
    REVISION = "revision"
    YEARS = "years"
    BOTH = "both"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Change:
    """A value before and after. `of` names it: a fact's id, or the key of a figure's point.

    `between` is what the new data say of the old years, None where that is not known or the years
    are the same; `figure` is the notebook that says it, `broken` whether a table that it reads is
    another agency's now.
    """

    of: tuple[str, ...]
    kind: Kind
    old: float | None
    new: float | None
    unit: str = ""
    figure: str = ""
    between: float | None = None
    broken: bool = False
    same_years: bool = False

    @property
    def absolute(self) -> float | None:
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def relative(self) -> float | None:
        """The change as a fraction of the old value; None where that is zero, missing or a year."""
        if self.absolute is None or not self.old or self.unit == YEAR:
            return None
        return self.absolute / abs(self.old)

    @property
    def size(self) -> Size:
        if self.old is None or self.new is None:
            return Size.LARGE
        return Size.MODERATE if self.unit == YEAR else size_of(self.old, self.new)

    @property
    def cause(self) -> Cause:
        if self.broken:
            return Cause.BREAK
        if self.same_years or self.between == self.new:
            return Cause.REVISION
        if self.between is None:
            return Cause.UNKNOWN
        return Cause.YEARS if self.between == self.old else Cause.BOTH


@dataclass(frozen=True)
class Break:
    """A table that another agency makes now: `old` and `new` name the agencies by language."""

    table: str
    old: Mapping[str, str]
    new: Mapping[str, str]


@dataclass(frozen=True)
class FigureChange:
    """A figure before and after: its points, its title, the sources that broke.

    `revised` are points of both whose data are others, `shifted` those that differ only because
    other years are looked at (a share of a longer time), `broken` those of another agency's table,
    which are no revisions. `new` and `gone` are points of one alone; those of `years`, which the
    figure did not have before, are `new_years`.
    """

    address: str
    kind: Kind
    titles: Mapping[str, tuple[str, str]]
    revised: tuple[Change, ...] = ()
    shifted: tuple[Change, ...] = ()
    broken: tuple[Change, ...] = ()
    new: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    years: tuple[str, ...] = ()
    new_years: tuple[Change, ...] = ()
    breaks: tuple[Break, ...] = ()

    @property
    def size(self) -> Size | None:
        """The size of the change; None for a break."""
        if self.breaks:
            return None
        if self.kind is not Kind.REVISED:
            return Size.LARGE
        changes = (*self.revised, *self.shifted, *self.new, *self.gone)
        sizes = [change.size for change in changes]
        for old, new in self.titles.values():
            if old != new:
                same_words = wording(old) == wording(new)
                sizes.append(Size.MODERATE if same_words else Size.LARGE)
        return largest([*sizes, *([Size.MODERATE] if self.new_years else [])])


@dataclass(frozen=True)
class Turn:
    """A claim or statement whose outcome changed, with the evidence on both sides."""

    id: str
    figure: str
    old: str | None
    new: str | None
    old_evidence: Mapping[str, Any] = field(default_factory=dict)
    new_evidence: Mapping[str, Any] = field(default_factory=dict)
    broken: bool = False


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

    def scoreboard(self) -> dict[str, dict[str, int]]:
        """Return how many figures, facts, claims and statements changed, by size, and how many
        are the other side of a break."""
        turns = {"claims": self.claims, "statements": self.statements}
        sizes: dict[str, list[str]] = {
            "figures": [str(figure.size or BREAK) for figure in self.figures],
            "facts": [BREAK if fact.broken else str(fact.size) for fact in self.facts],
            **{k: [BREAK if t.broken else str(Size.LARGE) for t in v] for k, v in turns.items()},
        }
        columns = [*map(str, Size), BREAK]
        return {kind: {c: found.count(c) for c in columns} for kind, found in sizes.items()}


def size_of(old: float, new: float) -> Size:
    """Return the size of a change from `old` to `new`."""
    top = max(abs(old), abs(new))
    part = abs(new - old) / top if top else 0.0
    return Size.LARGE if part >= LARGE else Size.MODERATE if part >= MODERATE else Size.SMALL


def largest(sizes: Sequence[Size]) -> Size:
    """Return the largest of `sizes`; small if there are none."""
    order = list(Size)
    return min(sizes, key=order.index, default=Size.SMALL)


def wording(title: str) -> str:
    """Return a title without its numbers: what it says, not how much."""
    return re.sub(r"[-−–]?\d[\d,.]*", "#", title)
