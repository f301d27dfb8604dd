"""Fig. 4: patent families in three groups of fields, first year against last."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, NullLocator

from analysis.shared.looks import looks
from analysis.shared.words import Book, Voice
from anew.figures.drawing import GRID, INK, PAPER, QUIET, Words, mark_points, new_figure
from anew.figures.legibility import BESIDE_WORDS
from anew.figures.palette import Look

WORDS = Book.beside(__file__)

_LANE, _GAP, _HEAD, _BETWEEN, _FOOT = 12.0, 7.0, 19.0, 9.0, 3.0  # points


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Return the figure; `frame` has group, wipo_field, economy, year, count (families).

    Each field is a block of lanes, one for each economy: an open mark for the first year, a
    filled one for the last, a line between. All panels share one logarithmic axis. A value that is
    missing has no mark; a lane without any says so.
    """
    say = WORDS.voice(language)
    economies = list(dict.fromkeys(frame["economy"]))
    groups = list(dict.fromkeys(frame["group"]))
    fields = {g: list(dict.fromkeys(frame.loc[frame["group"] == g, "wipo_field"])) for g in groups}
    block = _LANE * len(economies)
    heights = [_HEAD + len(f) * block + (len(f) - 1) * _GAP for f in fields.values()]
    heights = [height + _BETWEEN for height in heights]
    heights[-1] -= _BETWEEN - _FOOT
    left = float(say("room.left"))
    fig, grid = new_figure(
        words,
        language,
        sum(heights),
        left=left,
        right=float(say("room.right")),
        top=9.0,
        bottom=22.0,
        rows=len(groups),
        height_ratios=heights,
        hspace=0.0,
    )
    low, high = _limits(frame["count"])
    ticks = _ticks(low, high, words.layout.narrow)
    styles = looks(economies)
    years = sorted(set(frame["year"]))
    for row, group in enumerate(groups):
        ax = fig.add_subplot(grid[row, 0])
        _prepare(ax, heights[row], (low, high), ticks, row == len(groups) - 1, say)
        ax.annotate(
            say(f"group.{group}"),
            (0, 1),
            xycoords="axes fraction",
            xytext=(2 - left, 0),
            textcoords="offset points",
            va="top",
            weight="bold",
            size=9.5,
            color=INK,
        )
        top = heights[row] - _HEAD
        for field in fields[group]:
            _name_field(ax, say(f"row.{field}"), top - block / 2)
            for lane, economy in enumerate(economies):
                part = frame[(frame["wipo_field"] == field) & (frame["economy"] == economy)]
                counts = part.set_index("year")["count"]
                y = top - _LANE * (lane + 0.5)
                _lane(ax, y, counts, styles[economy], low, economy, say)
                mark_points(
                    ax,
                    [counts.get(year, math.nan) for year in years],
                    [y for _ in years],
                    [_told(economy, field, year, counts, say) for year in years],
                    series=f"{field} {economy}",
                )
            top -= block + _GAP
    return fig


def _ticks(low: float, high: float, few: bool) -> list[int]:
    """Return 1, 3, 10, 30 … between the limits; with `few`, the powers of ten of these, if any."""
    ticks = [t for e in range(0, 8) for t in (10**e, 3 * 10**e) if low <= t <= high]
    tens = [tick for tick in ticks if str(tick).startswith("1")]
    return tens if few and tens else ticks


def _prepare(
    ax: Axes,
    height: float,
    limits: tuple[float, float],
    ticks: Sequence[int],
    last: bool,
    say: Voice,
) -> None:
    ax.set_xscale("log")
    ax.set_xlim(*limits)
    ax.set_ylim(0, height)
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.set_xticks(ticks, [say.number(tick) for tick in ticks] if last else [""] * len(ticks))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.tick_params(axis="x", length=3 if last else 0)
    ax.spines["bottom"].set_visible(last)
    foot = 0 if last else _BETWEEN
    for tick in ticks:
        ends = [foot, height - _HEAD + 2]
        ax.plot([tick, tick], ends, color=GRID, linewidth=0.7, zorder=0, gid=BESIDE_WORDS)


def _lane(
    ax: Axes, y: float, counts: pd.Series, style: Look, low: float, economy: str, say: Voice
) -> None:
    known = counts.dropna()
    known = known[known > 0]  # a logarithmic axis has no zero; the label still says it
    years = list(counts.index)
    if len(known) > 1:
        ax.plot(list(known), [y] * len(known), color=style.colour, linewidth=2.0, zorder=2)
    for year, value in known.items():
        filled = year == years[-1]
        ax.plot(
            [value],
            [y],
            linestyle="none",
            marker=style.marker,
            markersize=6.2 if filled else 5.2,
            markerfacecolor=style.colour if filled else "white",
            markeredgecolor=style.colour,
            markeredgewidth=1.3,
            zorder=4 if filled else 3,
        )
    end = counts.get(years[-1], math.nan)
    kind = "none" if math.isnan(end) else "end"
    ax.annotate(
        say(kind, who=economy, count=end, year=years[-1]),
        (max(known.max() if len(known) else low, low), y),
        xytext=(7, 0),
        textcoords="offset points",
        va="center_baseline",
        size=8.5,
        color=style.ink,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4},
    )


def _name_field(ax: Axes, text: str, y: float) -> None:
    ax.annotate(
        text,
        (0, y),
        xycoords=("axes fraction", "data"),
        xytext=(-6, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        size=8.5,
        linespacing=1.1,
        color=QUIET,
    )


def _limits(counts: pd.Series) -> tuple[float, float]:
    """Return limits a little beyond the data, for a logarithmic axis."""
    known = counts[counts > 0].dropna()
    if known.empty:
        return 1.0, 10.0
    return float(known.min()) * 0.8, float(known.max()) * 1.15


def _told(economy: str, field: int, year: int, counts: pd.Series, say: Voice) -> str:
    name = say(f"row.{field}").replace("-\n", "").replace("\n", " ")
    return say("told", who=economy, field=name, year=year, count=counts.get(year, math.nan))
