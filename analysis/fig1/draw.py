"""Fig. 1: one small radar for each economy, two years on six axes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from analysis.fig1.compute import AXES
from analysis.shared.labels import short
from analysis.shared.looks import looks
from analysis.shared.phrases import brief, companies, money
from analysis.shared.words import Book, Voice
from anew.figures import wrapping
from anew.figures.drawing import GRID, INK, QUIET, Words, mark_points, new_figure
from anew.figures.palette import Look, paler
from anew.figures.typeface import font_file

WORDS = Book.beside(__file__)

_ROW, _KEY, _LINE = 136.0, 20.0, 11.0  # points; a line of words about the rings in the key
_RADIUS = 45.0  # points, of the rim


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Return the figure; `frame` has economy, year, axis, unit, value, share_of_largest.

    The distance from the centre is the square root of the share of the axis's largest value: so
    the shape's area, not its width, goes with the values, and small economies can be read. The
    first year is an outline, the last a filled shape. Where a value is missing nothing is drawn:
    the shape stays open at that corner, and the corner says so.
    """
    say = WORDS.voice(language)
    economies = list(dict.fromkeys(frame["economy"]))
    years = sorted(set(frame["year"]))
    columns = words.layout.columns
    rows = math.ceil(len(economies) / columns)
    said = say("rings")
    below = _wrapped(said, words, language) if words.layout.narrow else []
    key = _KEY + (_LINE * len(below) + 6 if below else 0)
    fig, grid = new_figure(
        words,
        language,
        key + _ROW * rows,
        left=2.0,
        right=2.0,
        top=4.0,
        bottom=0.0,
        rows=rows + 1,
        columns=columns,
        wspace=0.0,
        hspace=0.0,
        height_ratios=[key, *[_ROW] * rows],
    )
    _key(fig.add_subplot(grid[0, :]), years, "" if below else said, below)
    styles = looks(economies)
    for index, economy in enumerate(economies):
        ax = fig.add_subplot(grid[1 + index // columns, index % columns])
        _prepare(ax)
        part = frame[frame["economy"] == economy]
        for year in years:
            _shape(ax, part[part["year"] == year], styles[economy], year == years[-1], say)
        _corners(ax, part, years, say)
        ax.text(
            0.0,
            1.0,
            short(economy, language),
            transform=ax.transAxes,
            ha="left",
            va="top",
            weight="bold",
            size=11,
            color=styles[economy].ink,
        )
    return fig


def _prepare(ax: Axes) -> None:
    """Draw the rings at a quarter and at the whole, and the spokes."""
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])
    box = ax.get_window_extent()
    ax.set_xlim(-box.width / 2 / _RADIUS, box.width / 2 / _RADIUS)
    ax.set_ylim(-box.height / 2 / _RADIUS, box.height / 2 / _RADIUS)
    for share in (0.25, 1.0):
        corners = [_place(number, share) for number in range(len(AXES))]
        ax.add_patch(Polygon(corners, fill=False, edgecolor=GRID, linewidth=0.9, zorder=0))
    for number in range(len(AXES)):
        x, y = _place(number, 1.0)
        ax.plot([0, x], [0, y], color=GRID, linewidth=0.7, zorder=0)


def _shape(ax: Axes, part: pd.DataFrame, style: Look, last: bool, say: Voice) -> None:
    """Draw one year: edges between neighbours that both have a value, and a mark at each value."""
    part = part.set_index("axis").reindex(list(AXES))
    spots = [
        None if math.isnan(share) else _place(number, share)
        for number, share in enumerate(part["share_of_largest"])
    ]
    colour = style.colour if last else INK
    for one, other in zip(spots, spots[1:] + spots[:1], strict=True):
        if one is None or other is None:
            continue
        if last:
            wedge = Polygon([(0, 0), one, other], facecolor=colour, alpha=0.34, linewidth=0)
            ax.add_patch(wedge)
        ax.plot(
            *zip(one, other, strict=True),
            color=colour,
            linewidth=1.8 if last else 0.9,
            zorder=3 if last else 4,
        )
    found = [spot for spot in spots if spot is not None]
    if found:
        ax.plot(
            *zip(*found, strict=True),
            linestyle="none",
            marker="o",
            markersize=3.4 if last else 3.0,
            markerfacecolor=colour if last else "white",
            markeredgecolor=colour,
            markeredgewidth=0.8,
            zorder=5 if last else 6,
        )
    mark_points(
        ax,
        [math.nan if spot is None else spot[0] for spot in spots],
        [math.nan if spot is None else spot[1] for spot in spots],
        [_told(row, say) for row in part.itertuples()],
        series=str(part["economy"].iloc[0]),
    )


def _corners(ax: Axes, part: pd.DataFrame, years: Sequence[int], say: Voice) -> None:
    """Name each corner, with the last year's value or the year that is missing."""
    values = part.set_index(["axis", "year"])["value"]
    for number, axis in enumerate(AXES):
        x, y = _place(number, 1.24)
        above = abs(x) < 0.1
        missing = [year for year in years if math.isnan(values[axis, year])]
        last = values[axis, years[-1]]
        value = brief(last, AXES[axis], say.language)
        if missing:
            value = say("gap.never" if len(missing) == len(years) else "gap.years", years=missing)
        ax.text(
            x,
            y,
            f"{say(f'corner.{axis}')}{' ' if above else chr(10)}{value}",
            ha="center" if above else ("left" if x > 0 else "right"),
            va="center" if not above else ("bottom" if y > 0 else "top"),
            size=8,
            linespacing=1.12,
            color=QUIET,
        )


def _wrapped(text: str, words: Words, language: str) -> list[str]:
    return wrapping.wrap(text, font_file(400), 8, words.layout.width - 6, language)


def _key(ax: Axes, years: Sequence[int], beside: str, below: Sequence[str]) -> None:
    """Say which year is the outline and which the filled shape, and what the rings are.

    What the rings are stands beside the years, or in lines below them.
    """
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])
    width = ax.get_window_extent().width
    ax.set_xlim(0, width)
    ax.set_ylim(_KEY / 2 - 2 - ax.get_window_extent().height, _KEY / 2 - 2)
    left = 0.5
    for year in dict.fromkeys([years[0], years[-1]]):
        last = year == years[-1]
        ax.add_patch(
            Polygon(
                [(left, -4), (left + 14, -4), (left + 14, 4), (left, 4)],
                facecolor=paler(QUIET, 0.34) if last else "white",
                edgecolor=QUIET if last else INK,
                linewidth=1.6 if last else 0.9,
            )
        )
        ax.text(left + 18, 0, str(year), va="center_baseline", size=9, color=INK)
        left += 56
    ax.text(left + 4, 0, beside, va="center_baseline", size=8, color=QUIET)
    for number, line in enumerate(below):
        y = -_KEY / 2 - 2 - _LINE * (number + 0.5)
        ax.text(0.5, y, line, va="center_baseline", size=8, color=QUIET)


def _told(row: Any, say: Voice) -> str:
    worth = companies if AXES[row.Index] == "companies" else money
    return say(
        "told",
        who=row.economy,
        year=row.year,
        corner=say(f"corner.{row.Index}").replace("\n", " "),
        value=worth(row.value, say.language),
    )


def _place(number: int, share: float) -> tuple[float, float]:
    """Return where a share lies: the first axis points up, the others follow clockwise."""
    angle = math.pi / 2 - 2 * math.pi * number / len(AXES)
    radius = math.sqrt(share)
    return radius * math.cos(angle), radius * math.sin(angle)
