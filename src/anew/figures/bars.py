"""Horizontal bar charts: one bar a row, its name on the left, its amount at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from anew.figures.drawing import AXIS, INK, QUIET, Words, mark_points, new_figure

_ROW = 15.0  # points of height for a bar
_INDENT = 8.0


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, and the label at its end.

    An `inside` bar is part of the row above it: thinner, indented, in quiet words.
    """

    name: str
    value: float
    amount: str
    told: str  # what pointing at the bar tells
    colour: str
    bold: bool = False
    quiet: bool = False
    inside: bool = False


def bar_chart(
    bars: Sequence[Bar],
    words: Words,
    language: str,
    *,
    left: float,
    right: float = 74.0,
    mark: tuple[float, str] | None = None,
) -> Figure:
    """Return bars from zero, the first on top, with room for names and amounts in points.

    `mark` is a value at which a thin line stands below the first bar, and what it is called.
    """
    height = _ROW * len(bars)
    figure, grid = new_figure(words, language, height, left=left, right=right, top=6.0, bottom=4.0)
    ax = figure.add_subplot(grid[0, 0])
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_xlim(0, max(*(bar.value for bar in bars), mark[0] if mark else 1e-9))
    ax.set_ylim(len(bars) - 0.5, -0.5)
    if mark:
        _mark(ax, len(bars), *mark)
    for position, bar in enumerate(bars):
        ax.barh(position, bar.value, height=0.5 if bar.inside else 0.72, color=bar.colour)
        start = (_INDENT if bar.inside else 0.0) - left + 2
        for text, at, offset in ((bar.name, 0.0, start), (bar.amount, bar.value, 4.0)):
            ax.annotate(
                text,
                (at, position),
                xytext=(offset, 0),
                textcoords="offset points",
                va="center",
                size=8.5 if bar.inside else 9,
                color=QUIET if bar.quiet else INK,
                weight="bold" if bar.bold else "normal",
            )
    values = [bar.value for bar in bars]
    mark_points(ax, values, list(range(len(bars))), [bar.told for bar in bars])
    return figure


def _mark(ax: Axes, rows: int, value: float, name: str) -> None:
    ax.plot([value, value], [0.6, rows - 1.1], color=AXIS, linewidth=0.6, zorder=0)
    ax.annotate(
        name,
        (value, rows - 1.1),
        xytext=(0, -2),
        textcoords="offset points",
        ha="center",
        va="top",
        size=8,
        color=QUIET,
    )
