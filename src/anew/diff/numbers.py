"""Comparing two states in numbers: facts, cells, claims and statements, within a tolerance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from anew.diff.content import compare_tables
from anew.diff.difference import Difference, shown, unequal
from anew.diff.state import Fact, Outcome, State

#: What is compared, in the order of telling.
KINDS = ("facts", "data", "claims", "statements")

#: How many of each kind are equal, of how many.
Counts = dict[str, tuple[int, int]]

T = TypeVar("T")


def compare_numbers(recorded: State, found: State) -> tuple[Counts, list[Difference]]:
    """Return for each kind how many are equal of how many, and every difference by name.

    A kind of which nothing was recorded is not compared: 0 of 0.
    """
    counts: Counts = {}
    differences: list[Difference] = []

    def compare(
        kind: str, was: Mapping[str, T], now: Mapping[str, T],
        parted: Callable[[str, T, T], Iterator[Difference]], brief: Callable[[T], str],
    ) -> None:  # fmt: skip
        names = list(dict.fromkeys([*was, *now])) if was else []
        equal = 0
        for name in names:
            if name in was and name in now:
                told = list(parted(name, was[name], now[name]))
            else:
                sides = (brief(side[name]) if name in side else None for side in (was, now))
                told = [Difference(kind.removesuffix("s"), name, {}, *sides)]
            equal += not told
            differences.extend(told)
        counts[kind] = (equal, len(names))

    compare("facts", recorded.facts, found.facts, _facts, _fact)
    compare("data", recorded.data, found.data, compare_tables, lambda one: f"{len(one)} lines")
    compare("claims", recorded.claims, found.claims, _outcomes, _outcome)
    compare("statements", recorded.statements, found.statements, _outcomes, _outcome)
    return counts, differences


def _facts(name: str, was: Fact, now: Fact) -> Iterator[Difference]:
    if next(unequal([was.value, was.unit], [now.value, now.unit]), None):
        yield Difference("fact", name, {}, _fact(was), _fact(now))


def _fact(one: Fact) -> str:
    return f"{one.value!r} {one.unit}"


def _outcomes(name: str, was: Outcome, now: Outcome) -> Iterator[Difference]:
    kind = "statement" if "verdict" in was.recorded() else "claim"
    for at, left, right in unequal(was.recorded(), now.recorded()):
        yield Difference(kind, name, {"key": " › ".join(at)}, shown(left), shown(right))


def _outcome(one: Outcome) -> str:
    return shown(one.result)
