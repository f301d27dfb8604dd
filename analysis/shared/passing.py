"""Who passes whom."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.shared.panel import Crossing, crossing


@dataclass(frozen=True)
class Passing:
    """One economy passes another for good."""

    leader: str
    other: str
    crossing: Crossing


def passings(wide: pd.DataFrame) -> list[Passing]:
    """Return every passing among the columns of `wide` (years × economies), earliest first."""
    found = []
    for leader in map(str, wide.columns):
        for other in map(str, wide.columns):
            event = crossing(wide[leader], wide[other]) if leader != other else None
            if event:
                found.append(Passing(leader, other, event))
    return sorted(found, key=lambda item: (item.crossing.year, item.leader, item.other))


def passed(wide: pd.DataFrame, focus: str | None = None) -> Passing | None:
    """Return the passing that matters most to `focus` (the first economy): None if there is none.

    One in which the focus passes comes before one in which it is passed; among several the one
    with the economy that is largest in the end.
    """
    focus = focus or str(wide.columns[0])
    mine = [event for event in passings(wide) if focus in (event.leader, event.other)]
    if not mine:
        return None
    end = wide.ffill().iloc[-1]

    def weight(event: Passing) -> tuple[bool, float, str]:
        other = event.other if event.leader == focus else event.leader
        return event.leader == focus, float(end[other]), other

    return max(mine, key=weight)
