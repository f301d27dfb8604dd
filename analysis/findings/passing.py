"""Who passes whom, and how a sentence says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.indicators.panel import Crossing, crossing
from analysis.labels import in_text


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


def when(event: Crossing, language: str) -> str:
    """Return the time of a crossing: in 2017; where years are missing, between 2015 and 2017."""
    if event.exact:
        return f"{event.year} 年" if language == "zh" else f"in {event.year}"
    if language == "zh":
        return f"{event.after} 年至 {event.year} 年间"
    return f"between {event.after} and {event.year}"


def passing_remark(event: Passing, language: str) -> str:
    """Return the few words that stand beside a crossing on a chart."""
    leader, other = event.leader, event.other
    time = when(event.crossing, language)
    if language == "zh":
        return f"{time}{in_text(leader, 'zh')}超过{in_text(other, 'zh')}"
    return f"{in_text(leader, 'en', start=True)} passes {in_text(other, 'en')} {time}"


def spans(years: Sequence[int], language: str) -> str:
    """Return years as a sentence lists them, runs joined: 2015, 2018–2020; 2015、2018—2020."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    dash, comma = ("—", "、") if language == "zh" else ("–", ", ")
    return comma.join(str(run[0]) if len(run) == 1 else f"{run[0]}{dash}{run[-1]}" for run in runs)


def gap_note(missing: dict[str, list[int]], language: str) -> str:
    """Return which years are missing for which economies, as a sentence; empty without gaps."""
    parts = []
    for code, years in missing.items():
        if language == "zh":
            parts.append(f"{in_text(code, 'zh')}缺 {spans(years, 'zh')} 年")
        else:
            start = not parts
            parts.append(
                f"{in_text(code, 'en', start=start)} has no figure for {spans(years, 'en')}"
            )
    if not parts:
        return ""
    return "；".join(parts) + "。" if language == "zh" else "; ".join(parts) + "."
