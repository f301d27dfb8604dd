"""What changed between two states of a report, and how large each change is.

One rule gives the size of every change: a tenth or more of the larger value is large, a hundredth
or more is moderate, less is small. Whatever is added or removed, a claim that turns true or false
and a title with other words are large; a year that moves, new years and a title with other numbers
are at least moderate. A break in a series is no change and has no size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from anew.diff.difference import Difference
from anew.diff.state import Evidence, Outcome
from anew.tables.periods import KINDS

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
    """The cause of a change, as far as it is known.

    Break: the table comes from a different agency. Revision: the data of the same years differ.
    Years: the same data are read over different years. Both: one and the other. Unknown: what the
    new data say of the old years was not computed.
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
    are the same; `figure` is the notebook that states it, `broken` whether a table that it reads
    now comes from a different agency.
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
        """The difference; None where a value is missing, or a month or another part of a year."""
        if self.old is None or self.new is None or self.unit in KINDS[1:]:
            return None
        return self.new - self.old

    @property
    def relative(self) -> float | None:
        """The change as a fraction of the old value; None where zero, missing or a period."""
        if self.absolute is None or not self.old or self.unit in KINDS:
            return None
        return self.absolute / abs(self.old)

    @property
    def size(self) -> Size:
        if self.old is None or self.new is None:
            return Size.LARGE
        return Size.MODERATE if self.unit in KINDS else size_of(self.old, self.new)

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
    """A table that now comes from a different agency: `old` and `new` name it by language."""

    table: str
    old: Mapping[str, str]
    new: Mapping[str, str]


@dataclass(frozen=True)
class FigureChange:
    """A figure before and after: its points, its titles by language, the sources that broke.

    `points` are the values that changed, by what happened to them: `revised` by other data,
    `shifted` by different years alone (a share of a longer time), `broken` of another agency's
    table, which is no revision, `new` and `gone` of one side alone; those of `years`, which the
    figure did not have before, are `new_years`. `redrawn` is a figure whose picture differs though
    its data and titles do not.
    """

    address: str
    kind: Kind
    titles: Mapping[str, tuple[str, str]]
    points: Mapping[str, Sequence[Change]]
    years: tuple[str, ...] = ()
    breaks: tuple[Break, ...] = ()
    redrawn: bool = False

    @property
    def size(self) -> Size | None:
        """The size of the change; None for a break."""
        if self.breaks:
            return None
        if self.kind is not Kind.REVISED:
            return Size.LARGE
        sizes = [
            Size.MODERATE if name == "new_years" else change.size
            for name, changes in self.points.items()
            for change in changes
        ]
        for old, new in self.titles.values():
            if old != new:
                same_words = wording(old) == wording(new)
                sizes.append(Size.MODERATE if same_words else Size.LARGE)
        return largest(sizes)


@dataclass(frozen=True)
class Turn:
    """A claim or statement whose outcome changed; a side is None where it was not made."""

    id: str
    figure: str
    before: Outcome | None
    after: Outcome | None
    broken: bool = False

    @property
    def old(self) -> str | None:
        """The outcome before, as a word."""
        return self.before.word if self.before else None

    @property
    def new(self) -> str | None:
        """The outcome after, as a word."""
        return self.after.word if self.after else None

    @property
    def evidence(self) -> tuple[Evidence, Evidence]:
        """The values that decide the outcome before and after."""
        one, two = (side.evidence if side else {} for side in (self.before, self.after))
        return one, two


@dataclass(frozen=True)
class Comparison:
    """Everything that changed between two states; what is equal is only counted.

    `sentences` are those of the pages of two sites, by the place in the source.
    """

    old: str
    new: str
    figures: tuple[FigureChange, ...]
    facts: tuple[Change, ...]
    claims: tuple[Turn, ...]
    statements: tuple[Turn, ...]
    equal: Mapping[str, int]
    sentences: tuple[Difference, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return not (self.figures or self.facts or self.claims or self.statements or self.sentences)

    def scoreboard(self) -> dict[str, dict[str, int]]:
        """Return the number of changed figures, facts, claims and statements, by size."""
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


def ranked(changes: Iterable[Change]) -> list[Change]:
    """Return changes sorted, the largest relative change first."""
    return sorted(changes, key=lambda one: -abs(one.relative or 0))


def largest(sizes: Sequence[Size]) -> Size:
    """Return the largest of `sizes`; small if there are none."""
    order = list(Size)
    return min(sizes, key=order.index, default=Size.SMALL)


def wording(title: str) -> str:
    """Return a title without its numbers: what it says, not how much."""
    return re.sub(r"[-−–]?\d[\d,.]*", "#", title)
