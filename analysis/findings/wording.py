"""Phrases that the words of several figures share: when, for which years, how much."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.findings.passing import Passing
from analysis.indicators.panel import Crossing
from analysis.labels import in_text
from analysis.phrases import month, percent


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


def percent_range(series: pd.Series, language: str) -> str:
    """Return the lowest to the highest of some percentages: 4.2–5.1%; 4.2%—5.1%."""
    low, high = percent(series.min(), language), percent(series.max(), language)
    return f"{low}—{high}" if language == "zh" else f"{low[:-1]}–{high}"


def spaced(text: str) -> str:
    """Return a Chinese clause that begins with a figure or Latin letter with a space before it."""
    return f" {text}" if text[:1].isascii() else text


def list_note(incomplete: bool, as_of: str, language: str) -> str:
    """Return what a reader must know of a list of companies dated `as_of`."""
    date = month(as_of, language)
    if language == "zh":
        star = f"* 榜单截至 {date}，该年未满。" if incomplete else ""
        return f"{star}只含仍在榜单上的企业，已上市或跌出榜单的不计，早年因而偏低。"
    star = f"* The list ends on {date}. " if incomplete else ""
    return (
        f"{star}Only companies still on the list: those since listed or fallen off are missing, "
        "so early years are understated."
    )
