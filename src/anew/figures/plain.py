"""A figure of plain matplotlib that a notebook drew already: copies of it, and what it shows."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

from anew.figures.words import NARROW, Words
from anew.project.errors import AnewError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from pandas import DataFrame


#: Height over width in the narrow layout, at least.
_TALL = 0.75


def redraw(figure: Figure) -> Callable[[DataFrame, Words, str], Figure]:
    """Return a function for `Session.figure` that draws a figure again, one copy for each layout.

    The copies have the house's fonts, and none of the titles of their axes: the words of the figure
    stand above it. Raises AnewError
    for a figure without axes: the notebook drew none with matplotlib, or showed and closed it.
    """
    if not figure.axes:
        raise AnewError(
            "There is no figure of matplotlib.",
            "Take the figure in the cell that draws it, before plt.show().",
            code="no-drawn-figure",
        )
    kept = pickle.dumps(figure)

    def draw(data: DataFrame, words: Words, language: str) -> Figure:
        import matplotlib.pyplot as plt
        from matplotlib.text import Text
        from matplotlib.ticker import MaxNLocator

        copy: Figure = pickle.loads(kept)  # what this process wrote a moment ago
        plt.close(copy)
        narrow = words.layout.name == NARROW.name
        if narrow:
            across, up = copy.get_size_inches()
            copy.set_size_inches(across, max(up, _TALL * across))
        for ax in copy.axes:
            for place in ("left", "center", "right"):
                ax.set_title("", loc=place)
            for axis in (ax.xaxis, ax.yaxis):
                locator = axis.get_major_locator()
                if narrow and isinstance(locator, MaxNLocator):
                    locator.set_params(nbins=4)
        for text in copy.findobj(Text):
            assert isinstance(text, Text)
            text.set_fontfamily(plt.rcParams["font.family"])
        if copy.get_layout_engine() is None:
            copy.set_layout_engine("constrained")
        return copy

    return draw


def values_of(figure: Figure) -> DataFrame:
    """Return what a figure shows as a tidy frame: the columns series, x and y.

    Lines, bars and scattered points are known; a figure of anything else has no rows.
    """
    import pandas as pd

    rows = [row for ax in figure.axes for row in _values(ax)]
    return pd.DataFrame(rows, columns=["series", "x", "y"])


def _values(ax: Axes) -> list[tuple[str, object, object]]:
    rows: list[tuple[str, object, object]] = []
    for line in ax.get_lines():
        xs, ys = list(line.get_xdata(orig=True)), list(line.get_ydata(orig=True))  # type: ignore[arg-type]
        rows += [(_named(line.get_label()), x, y) for x, y in zip(xs, ys, strict=True)]
    for bars in ax.containers:
        for bar in getattr(bars, "patches", ()):
            centre = bar.get_x() + bar.get_width() / 2
            rows.append((_named(bars.get_label()), _tick(ax, centre), bar.get_height()))
    for points in ax.collections:
        offsets: list[tuple[float, float]] = list(getattr(points, "get_offsets", list)())
        rows += [(_named(points.get_label()), x, y) for x, y in offsets]
    return rows


def _named(label: object) -> str:
    """Return a series' own name; matplotlib begins those that it gives with a line."""
    return "" if str(label).startswith("_") else str(label)


def _tick(ax: Axes, place: float) -> object:
    """Return what the axis calls a place, or the place."""
    ticks = zip(ax.get_xticks(), ax.get_xticklabels(), strict=True)
    return next((t.get_text() for x, t in ticks if abs(x - place) < 1e-9 and t.get_text()), place)
