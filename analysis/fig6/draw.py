"""Fig. 6: unicorns by year, stacked by economy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.shared.labels import short
from analysis.shared.looks import looks
from analysis.shared.panel import cell, row_of, year_of_most
from analysis.shared.phrases import number
from analysis.shared.words import Book
from anew.figures import wrapping
from anew.figures.drawing import (
    AXIS,
    INK,
    PAPER,
    QUIET,
    Words,
    mark_points,
    new_figure,
)
from anew.figures.labelling import apart, spread
from anew.figures.lines import year_ticks
from anew.figures.palette import Look
from anew.figures.typeface import font_file
from anew.project.language import LANGUAGES

WORDS = Book.beside(__file__)

_HEIGHT = 235.0
_GAP = 13.0
_SIZE = 9.0
_SMALL = 8.0
_LABEL = 82.0  # points that a name with its number may be wide, with the line that leads to it
_FAR = 42.0  # points that a name may stand above or below its part
_KEY = 13.0  # points of height of a line of the key


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Return the stack of `stack_by_year` (economy, year, count, complete), first economy lowest.

    The parts are named beside the highest column, with their counts in that year; the total of
    each year stands above its column; an incomplete year is hatched.
    """
    say = WORDS.voice(language)
    economies = list(dict.fromkeys(frame["economy"]))
    wide = frame.pivot(index="year", columns="economy", values="count")[economies]
    complete = frame.groupby("year")["complete"].first()
    years = [int(year) for year in wide.index]
    totals = wide.sum(axis="columns")
    highest = float(totals.max()) or 1.0
    ticks = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(0, highest)
    ticks = [float(tick) for tick in ticks if tick >= 0]
    upper = max(ticks[-1], highest * 1.04)
    left = 6.5 + max(
        wrapping.width(number(tick, spoken), font_file(400), _SIZE, spoken)
        for tick in ticks
        for spoken in LANGUAGES
    )
    right = 10.0 if words.layout.narrow else 6.0  # half of the last year's name
    room = words.layout.width - left - right
    place = _place_beside(wide, upper, room)
    lists = [_key_lines(economies, spoken, words.layout.width) for spoken in LANGUAGES]
    keys = 0 if place else max(map(len, lists))
    figure, grid = new_figure(
        words, language, _HEIGHT, left=left, right=right, bottom=19, top=12 + _KEY * keys
    )
    ax = figure.add_subplot(grid[0, 0])
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    ax.set_ylim(0, upper)
    ax.set_yticks(ticks, labels=[number(tick, language) for tick in ticks])
    shown = year_ticks(years, room)
    ax.set_xticks(shown, labels=[str(y) if complete[y] else f"{y}*" for y in shown])

    found = looks(economies)
    base = pd.Series(0.0, index=wide.index)
    for code in economies:
        _layer(ax, wide[code], base, complete, found[code])
        texts = [say("told", who=code, year=y, count=wide.loc[y, code]) for y in years]
        mark_points(ax, years, list(base + wide[code] / 2), texts, short(code, language))
        base = base + wide[code]
    _write_totals(ax, totals, language)
    if place:
        _name_parts(ax, wide, found, place, language)
    else:
        _write_key(ax, economies, found, keys, language)
    return figure


def _layer(ax: Axes, counts: pd.Series, base: pd.Series, complete: pd.Series, look: Look) -> None:
    bars = ax.bar(counts.index, counts, bottom=base, width=0.82, color=look.colour, edgecolor=PAPER)
    for bar, year in zip(bars, counts.index, strict=True):
        bar.set_linewidth(0.5)
        if not complete[year]:
            bar.set(facecolor=PAPER, edgecolor=look.colour, hatch="//////", linewidth=0.8)


def _write_totals(ax: Axes, totals: pd.Series, language: str) -> None:
    """Write each year's total above its column, the highest in bold.

    One that would lie on a higher one is left out; pointing at the column's parts tells them.
    """
    peak = totals.max()
    points = list(zip(totals.index, totals, strict=True))
    places = ax.transData.transform(points) / ax.figure.dpi * 72
    boxes = []
    for (x, y), total in zip(places, totals, strict=True):
        size, weight = (_SIZE, 700) if total == peak else (_SMALL, 400)
        boxes.append((x, wrapping.width(number(total, language), font_file(weight), size), y))
    for (year, total), written in zip(totals.items(), apart(boxes, _SIZE + 1.5), strict=True):
        if not written:
            continue
        ax.annotate(
            number(total, language),
            (year, total),
            (0, 2.5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=_SIZE if total == peak else _SMALL,
            weight=700 if total == peak else 400,
            color=INK if total else QUIET,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.4},
        )


@dataclass(frozen=True)
class _Place:
    """Where the names of the parts stand beside the column of `peak`, in points above its foot."""

    peak: int
    to_left: bool
    middles: dict[str, float]
    heights: dict[str, float]


def _place_beside(wide: pd.DataFrame, upper: float, room: float) -> _Place | None:
    """Return where beside the highest column all names find room above the others, or None."""
    totals = wide.sum(axis="columns")
    years = [int(year) for year in wide.index]
    peak = year_of_most(totals)
    counts = row_of(wide, peak)
    codes = [str(code) for code in wide.columns if counts[code] > 0]
    if not codes:
        return None
    tops, scale = counts.cumsum(), _HEIGHT / upper
    middles = {code: float(tops[code] - counts[code] / 2) * scale for code in codes}
    reach = int(_LABEL / (room / (len(years) + 0.2))) + 1
    for to_left in (True, False):
        beside = range(peak - reach, peak) if to_left else range(peak + 1, peak + reach + 1)
        if beside[0] < years[0] or beside[-1] > years[-1]:
            continue
        floor = max(float(totals[year]) for year in beside) * scale + 18
        if _HEIGHT - floor < _GAP * (len(codes) - 1):
            continue
        heights = spread(list(middles.values()), _GAP, floor, _HEIGHT + 2)
        far = [abs(a - b) for a, b in zip(heights, middles.values(), strict=True)]
        if max(far) <= _FAR:
            return _Place(peak, to_left, middles, dict(zip(codes, heights, strict=True)))
    return None


def _name_parts(
    ax: Axes, wide: pd.DataFrame, found: dict[str, Look], place: _Place, language: str
) -> None:
    """Name the parts of the highest column beside it, with their counts in that year."""
    scale = ax.figure.dpi / 72
    side = place.peak - 0.41 if place.to_left else place.peak + 0.41
    edge, foot = ax.transData.transform((side, 0)) / scale
    step = -1 if place.to_left else 1
    column = edge + step * 16
    for code, height in place.heights.items():
        ax.annotate(
            "",
            (column - step * 2, foot + height),
            (edge, foot + place.middles[code]),
            xycoords="figure points",
            textcoords="figure points",
            arrowprops={
                "arrowstyle": "-", "color": AXIS, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0,
            },
        )  # fmt: skip
        _write_pair(
            ax,
            (column, foot + height),
            short(code, language),
            number(cell(wide, place.peak, code), language),
            found[code].ink,
            language,
            place.to_left,
        )


def _key_lines(economies: list[str], language: str, room: float) -> list[list[str]]:
    """Return the economies in lines of a key, as many on a line as fit."""
    lines: list[list[str]] = [[]]
    used = 0.0
    for code in economies:
        width = _key_width(code, language)
        if lines[-1] and used + width > room - 8:
            lines.append([])
            used = 0.0
        lines[-1].append(code)
        used += width
    return lines


def _key_width(code: str, language: str) -> float:
    return wrapping.width(short(code, language), font_file(700), _SIZE, language) + 24


def _write_key(
    ax: Axes, economies: list[str], found: dict[str, Look], keys: int, language: str
) -> None:
    """Write a key above the columns, where their names find no room beside them."""
    scale = ax.figure.dpi / 72
    wide, tall = (inches * 72 for inches in ax.figure.get_figure(root=True).get_size_inches())
    y = ax.get_window_extent().y1 / scale + 10 + _KEY * (keys - 0.5)
    for line in _key_lines(economies, language, wide):
        x = 2.0
        for code in line:
            swatch = Rectangle(
                (x / wide, (y - 4) / tall), 8 / wide, 8 / tall, facecolor=found[code].colour
            )
            ax.figure.add_artist(swatch)
            ax.annotate(
                short(code, language),
                (x + 12, y),
                xycoords="figure points",
                va="center_baseline",
                size=_SIZE,
                weight=700,
                color=found[code].ink,
            )
            x += _key_width(code, language)
        y -= _KEY


def _write_pair(
    ax: Axes,
    at: tuple[float, float],
    name: str,
    value: str,
    ink: str,
    language: str,
    to_left: bool,
) -> None:
    """Write a name in bold and its value, ending or beginning at a place in figure points."""
    bold, regular = font_file(700), font_file(400)
    name_width = wrapping.width(f"{name} ", bold, _SIZE, language)
    width = name_width + wrapping.width(value, regular, _SIZE, language)
    start = at[0] - width if to_left else at[0]
    base: dict[str, Any] = {
        "xycoords": "figure points",
        "va": "center_baseline",
        "size": _SIZE,
        "color": ink,
    }
    ax.annotate(name, (start, at[1]), weight=700, **base)
    ax.annotate(value, (start + name_width, at[1]), **base)
