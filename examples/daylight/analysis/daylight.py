"""The length of the day: what is computed from the table, and how it is drawn."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

import anew
from anew.figures.drawing import Words
from anew.figures.lines import line_chart
from anew.figures.palette import Look

#: The cities from north to south, with a colour and a marker each; see `anew.figures.palette`.
LOOKS = {
    "mohe": Look("#1f5f8b", "o", "#1f5f8b", "#ffffff"),
    "beijing": Look("#b3541e", "s", "#a04a1a", "#ffffff"),
    "shanghai": Look("#2f6b3a", "^", "#2f6b3a", "#ffffff"),
    "guangzhou": Look("#7a4a9c", "D", "#7a4a9c", "#ffffff"),
    "sanya": Look("#8a6d00", "v", "#765d00", "#ffffff"),
}
NAMES = {
    "mohe": {"en": "Mohe", "zh": "漠河"},
    "beijing": {"en": "Beijing", "zh": "北京"},
    "shanghai": {"en": "Shanghai", "zh": "上海"},
    "guangzhou": {"en": "Guangzhou", "zh": "广州"},
    "sanya": {"en": "Sanya", "zh": "三亚"},
}


def by_city(daylight: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """Return the hours from month `first` to `last`: a row for each, a column for each city."""
    kept = daylight[daylight["month"].between(first, last)]
    return kept.pivot(index="month", columns="city", values="hours").sort_index()[list(LOOKS)]


def is_sorted(hours: pd.Series) -> bool:
    """Return whether the hours of cities in an order grow strictly."""
    return bool((hours.diff().dropna() > 0).all())


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Draw a line for each city over the months."""
    wide = frame.set_index("month")
    return line_chart(
        wide,
        words,
        language,
        height=190,
        looks=LOOKS,
        name=lambda city, language: NAMES[city][language],
        number=lambda value, language: f"{value:.1f}".removesuffix(".0"),
        told=lambda city, month, value: (
            f"{NAMES[city][language]}, {anew.period(month, language)}: {value:.1f}"
        ),
    )
