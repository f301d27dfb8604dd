"""A difference between two sides: the item, the place in it, and the value on each side."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

#: Two numbers are equal when they differ by no more than this, relative to the larger of them, …
RELATIVE = 1e-9
#: … or when both are smaller than this: what is left of a sum that comes to zero.
NEGLIGIBLE = 1e-12

#: So much of a text is shown of either side.
_SHOWN = 160

T = TypeVar("T")


@dataclass(frozen=True)
class Difference:
    """One thing that differs between two sides.

    `kind` is what it is (fact, data, claim, statement, file, figure, source, sentence, or an item
    that a reader gets), `name` its id or path, `where` the place in it, in order, by kind of place
    (row, column, line, cell, page, key; apart, size and only say how it differs). `was` is the
    first side, such as what was recorded, `now` the second; None where a side has nothing to show.
    """

    kind: str
    name: str
    where: Mapping[str, str | int | float] = field(default_factory=dict)
    was: str | None = None
    now: str | None = None

    @property
    def place(self) -> str:
        """The name with the line, as an editor opens it: `report/en/index.qmd:7`."""
        return f"{self.name}:{self.where['line']}" if "line" in self.where else self.name

    def as_dict(self) -> dict[str, Any]:
        """Return it as the certificate holds it."""
        return {
            "kind": self.kind, "name": self.name, "where": dict(self.where),
            "was": self.was, "now": self.now,
        }  # fmt: skip


def aligned(
    was: Sequence[T], now: Sequence[T], key: Callable[[T], Any] = lambda one: one
) -> Iterator[tuple[int | None, int | None]]:
    """Yield the numbers of what differs in two sequences, side by side; None where a side lacks it.

    Items are equal when their keys are.
    """
    one, two = ([key(item) for item in side] for side in (was, now))
    if one == two:
        return
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag != "equal":
            for at in range(max(b - a, d - c)):
                yield (a + at if a + at < b else None), (c + at if c + at < d else None)


def unequal(
    one: Any, two: Any, at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Yield each place at which two JSON values differ, with what either side has there.

    Numbers are equal within the tolerance; a truth value is no number.
    """
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        for key in dict.fromkeys([*one, *two]):
            if key not in one or key not in two:
                yield (*at, str(key)), one.get(key), two.get(key)
            else:
                yield from unequal(one[key], two[key], (*at, str(key)))
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, (left, right) in enumerate(zip(one, two, strict=True)):
            yield from unequal(left, right, (*at, str(number)))
    elif _number(one) and _number(two):
        if not close(float(one), float(two)):
            yield at, one, two
    elif one != two or isinstance(one, bool) != isinstance(two, bool):
        yield at, one, two


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def close(one: float, two: float) -> bool:
    """Return whether two numbers are equal within the tolerance; a gap equals a gap."""
    if math.isnan(one) or math.isnan(two):
        return math.isnan(one) and math.isnan(two)
    return math.isclose(one, two, rel_tol=RELATIVE, abs_tol=NEGLIGIBLE)


def shown(value: Any) -> str:
    """Return a value as a difference shows it: one line, not too long."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def around(was: str, now: str) -> tuple[str, str]:
    """Return two texts cut to the words around the first place where they part."""
    if max(len(was), len(now)) <= _SHOWN:
        return shown(was), shown(now)
    same = next(
        (at for at, (one, two) in enumerate(zip(was, now, strict=False)) if one != two),
        min(len(was), len(now)),
    )
    begin = max(same - _SHOWN // 3, 0)
    cut = [text[begin : begin + _SHOWN - 2] for text in (was, now)]
    lead = "…" if begin else ""
    one, two = (
        shown(lead + part + ("…" if begin + len(part) < len(text) else ""))
        for part, text in zip(cut, (was, now), strict=True)
    )
    return one, two
