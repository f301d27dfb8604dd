"""Phrases that the words of several figures share: when, for which years, how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.shared.panel import Crossing
from analysis.shared.passing import Passing
from analysis.shared.words import Voice


def when(event: Crossing, say: Voice) -> str:
    """Return the time of a crossing: in 2017; where years are missing, between 2015 and 2017."""
    kind = "when.exact" if event.exact else "when.between"
    return say(kind, year=event.year, after=event.after)


def passing(key: str, event: Passing, say: Voice) -> str:
    """Return a text on who passes whom and when: `passes` beside a chart, `line_passes` in alt."""
    time = when(event.crossing, say)
    return say(key, leader=event.leader, other=event.other, time=time)


def spans(years: Sequence[int], say: Voice) -> str:
    """Return years as a sentence lists them, runs joined: 2015, 2018–2020; 2015、2018—2020."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    ends = [dict.fromkeys([run[0], run[-1]]) for run in runs]
    return say("comma").join(say("dash").join(map(str, pair)) for pair in ends)


def gap_note(missing: Mapping[str, Sequence[int]], say: Voice) -> str:
    """Return which years are missing for which economies, as a sentence; empty without gaps."""
    parts = [
        say("gap.other" if number else "gap.first", who=code, years=spans(years, say))
        for number, (code, years) in enumerate(missing.items())
    ]
    return say("clause").join(parts) + say("stop") if parts else ""


def percent_range(series: pd.Series[float], say: Voice) -> str:
    """Return the lowest to the highest of some percentages: 4.2–5.1%; 4.2%—5.1%."""
    return say("range", low=series.min(), high=series.max())


def list_note(incomplete: bool, as_of: str, say: Voice) -> str:
    """Return what a reader must know of a list of companies dated `as_of`."""
    star = say(f"list_note.{'incomplete' if incomplete else 'complete'}", as_of=as_of)
    return star + say("list_note.survivors")
