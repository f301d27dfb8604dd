"""Figure 1: what is computed from the table, and how it is drawn. No file is read here."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from anew.figures.drawing import Words, new_figure

COLOURS = {"DEU": "#b3541e", "FRA": "#1f5f8b"}
NAMES = {"DEU": << text(zh="德国", en="Germany") >>, "FRA": << text(zh="法国", en="France") >>}


def by_country(rainfall: pd.DataFrame, last_year: int) -> pd.DataFrame:
    """Return the rainfall up to `last_year`: a row for each year, a column for each country."""
    kept = rainfall[rainfall["year"] <= last_year]
    return kept.pivot(index="year", columns="economy", values="value").sort_index()


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Draw a line for each country; `frame` has the columns year, DEU and FRA, in millimetres."""
    figure, grid = new_figure(words, language, 150, right=56)
    axes = figure.add_subplot(grid[0, 0])
    for code, colour in COLOURS.items():
        axes.plot(frame["year"], frame[code], color=colour, marker="o")
        axes.annotate(
            NAMES[code][language], (frame["year"].iloc[-1], frame[code].iloc[-1]), color=colour,
            xytext=(8, 0), textcoords="offset points", va="center",
        )
    axes.set_ylim(bottom=0)
    axes.set_xticks(list(frame["year"]))
    return figure
