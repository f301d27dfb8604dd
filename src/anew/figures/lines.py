"""Line charts over years or other periods, each series labelled at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from anew.figures import wrapping
from anew.figures.drawing import AXIS, INK, PAPER, Words, font_file, mark_points, new_figure
from anew.figures.labelling import free_box, spread
from anew.figures.legibility import BESIDE_WORDS
from anew.figures.palette import Look
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES, say
from anew.tables.periods import EXAMPLES, kind_of, ordinal, said

_SIZE = 9.0
_GAP = 12.0  # points between the baselines of two end labels
_TO_LABEL = 9.0  # points between the last point and its label
#: Markers of equal width look unequal: these are drawn larger or smaller.
_MARKER_SIZE = {"P": 6.2, "X": 6.0, "^": 5.4, "v": 5.4, "<": 5.4, ">": 5.4, "D": 4.3}
#: Markers on one line at most: more would run into each other.
_MARKED = 24
_REMARK = (136.0, 13.0)  # the box kept free for a remark, wider for one that is longer


#: A year, or another period as it is written: 2024-03.
When = int | str


@dataclass(frozen=True)
class Remark:
    """An annotation at a period on the line of `code`."""

    code: str
    when: When
    text: str


def line_chart(
    wide: pd.DataFrame,
    words: Words,
    language: str,
    *,
    height: float,
    looks: Mapping[str, Look],
    name: Callable[[str, str], str],
    number: Callable[[float, str], str],
    told: Callable[[str, Any, float], str],
    remarks: Sequence[Remark] = (),
) -> Figure:
    """Return lines of `wide` (periods × series) from zero up; gaps in the data break a line.

    `looks` has a look for each series; `name` calls a series in a language, `number` prints a value
    of the axis and at a line's end; `told` says what pointing at a point tells. A remark is left
    out where no place is free for it. The room for labels is that of the language which needs
    most, so that the lines are the same in all.
    """
    ends = _ends(wide)
    ticks = _ticks(float(wide.astype(float).max().max()))
    room = [_label_room(wide, ends, ticks, name, number, spoken) for spoken in LANGUAGES]
    left, right = (max(side) for side in zip(*room, strict=True))
    labels = {
        code: _end_label(code, when, wide, language, name, number) for code, when in ends.items()
    }
    figure, grid = new_figure(words, language, height, left=left, right=right, bottom=19, top=10)
    ax = figure.add_subplot(grid[0, 0])
    times = [_when(one) for one in wide.index]
    places = [_place(when) for when in times]
    margin = 0.02 * max(1, places[-1] - places[0])
    ax.set_xlim(places[0] - margin, max(places[-1], places[0] + 1) + margin)
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, labels=[number(tick, language) for tick in ticks])
    shown = _time_ticks(times, words.layout.width - left - right)
    ax.set_xticks(list(shown), labels=list(shown.values()))

    for order, code in enumerate(reversed(list(map(str, wide.columns)))):
        look = looks[code]
        _line(ax, places, wide[code], look, order)
        mark_points(
            ax,
            places,
            list(wide[code]),
            [told(code, when, _value(wide, when, code)) for when in times],
            series=name(code, language),
        )
    _name_ends(ax, wide, ends, labels, looks, language)
    for remark in remarks:
        _remark(ax, wide, remark, language)
    return figure


def year_ticks(years: Sequence[int], room: float, least: float = 27.0) -> list[int]:
    """Return the years that are labelled on `room` points, always with the last one.

    `least` is how many points a label of four figures and the space after it need.
    """
    for step in (1, 2, 3, 5, 10, 20):
        if room / max(1, len(years) - 1) * step >= least:
            return list(range(years[-1], years[0] - 1, -step))[::-1]
    return [years[0], years[-1]]


def _time_ticks(times: Sequence[When], room: float) -> dict[float, str]:
    """Return where the axis of periods is labelled, and how: each year at its first period.

    Where there are fewer than three years, periods are labelled as they are written.
    """
    places = [_place(when) for when in times]
    if isinstance(times[0], int):
        return {year: str(year) for year in year_ticks(places, room)}
    years = {str(when)[:4]: place for when, place in zip(times, places, strict=True)}
    firsts = {str(when)[:4]: place for when, place in list(zip(times, places, strict=True))[::-1]}
    if len(years) > 2:
        shown = year_ticks(sorted(map(int, years)), room)
        return {firsts[str(year)]: str(year) for year in shown if str(year) in firsts}
    wide = 6.0 * len(str(times[0])) + 8
    labelled = range(len(times) - 1, -1, -max(1, round(len(times) * wide / room)))
    return {places[n]: str(times[n]) for n in reversed(labelled)}


def _when(index: object) -> When:
    """Return a year or a period as the index of a frame has it."""
    return index if isinstance(index, str) else int(str(index))


def _place(when: When) -> int:
    """Return where on the axis a year or another period is."""
    if isinstance(when, int):
        return when
    kind = kind_of(when)
    if kind is None:
        raise AnewError(
            "{when!r} is no period, so that no line can be drawn over it.",
            "Write it as {examples}.",
            code="not-a-period",
            when=when,
            examples=list(EXAMPLES.values()),
        )
    return ordinal(kind, when)


def _ticks(highest: float) -> list[float]:
    """Return round tick values from zero to just above `highest`."""
    if not highest > 0:
        return [0.0, 1.0]
    ticks = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(0, highest)
    return [float(tick) for tick in ticks if tick >= 0]


def _ends(wide: pd.DataFrame) -> dict[str, When]:
    """Return the last period with a value of each series; none for one without any value."""
    last = {str(code): wide[code].last_valid_index() for code in wide.columns}
    return {code: _when(one) for code, one in last.items() if one is not None}


def _label_room(
    wide: pd.DataFrame,
    ends: dict[str, When],
    ticks: Sequence[float],
    name: Callable[[str, str], str],
    number: Callable[[float, str], str],
    language: str,
) -> tuple[float, float]:
    """Return the points that the axis' numbers need on the left and the names on the right."""
    bold, regular = font_file(700), font_file(400)
    names = [_end_label(code, when, wide, language, name, number) for code, when in ends.items()]
    left = max(wrapping.width(number(tick, language), regular, _SIZE, language) for tick in ticks)
    right = max(
        wrapping.width(f"{label} ", bold, _SIZE, language)
        + wrapping.width(value, regular, _SIZE, language)
        for label, value in names
    )
    return left + 6.5, right + _TO_LABEL + 3


def _end_label(
    code: str,
    when: When,
    wide: pd.DataFrame,
    language: str,
    name: Callable[[str, str], str],
    number: Callable[[float, str], str],
) -> tuple[str, str]:
    """Return name and value at a line's end, with the period where it ends before the others."""
    value = number(_value(wide, when, code), language)
    early = when != _when(wide.index[-1])
    told = when if isinstance(when, int) else said(when, language)
    return name(code, language), value + (say(language, "brackets", text=told) if early else "")


def _value(wide: pd.DataFrame, when: When, code: str) -> float:
    """Return a series' value in a period; NaN where there is none."""
    value: float = wide[code].astype(float)[when]
    return value


def _line(ax: Axes, places: Sequence[int], values: pd.Series, look: Look, order: int) -> None:
    ax.plot(
        places,
        values,
        color=look.colour,
        marker=look.marker,
        markevery=max(1, -(-len(places) // _MARKED)),
        markersize=_MARKER_SIZE.get(look.marker, 4.7),
        markeredgecolor=PAPER,
        markeredgewidth=0.5,
        zorder=3 + order / 100,
        clip_on=False,
        label=values.name,
    )


def _name_ends(
    ax: Axes,
    wide: pd.DataFrame,
    ends: dict[str, When],
    labels: dict[str, tuple[str, str]],
    looks: Mapping[str, Look],
    language: str,
) -> None:
    codes = list(ends)
    points = {code: (_place(ends[code]), _value(wide, ends[code], code)) for code in codes}
    pixels = {code: ax.transData.transform(points[code]) for code in codes}
    box = ax.get_window_extent()
    scale = ax.figure.dpi / 72
    heights = spread(
        [pixels[code][1] / scale for code in codes], _GAP, box.y0 / scale + 3, box.y1 / scale + 6
    )
    across = box.x1 / scale + _TO_LABEL
    for code, height in zip(codes, heights, strict=True):
        x, y = pixels[code] / scale
        if abs(height - y) > 3 or x < box.x1 / scale - 12:
            _leader(ax, (x + 4, y), (across - 2, height))
        name, value = labels[code]
        ink = looks[code].ink
        after = across + wrapping.width(f"{name} ", font_file(700), _SIZE, language)
        for text, left, weight in ((name, across, 700), (value, after, 400)):
            ax.annotate(
                text, (left, height), xycoords="figure points", color=ink, weight=weight,
                va="center_baseline", size=_SIZE,
            )  # fmt: skip


def _leader(ax: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a thin line between two places of the figure, in points."""
    ax.annotate(
        "",
        end,
        start,
        xycoords="figure points",
        textcoords="figure points",
        arrowprops={"arrowstyle": "-", "color": AXIS, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0},
    )


def _remark(ax: Axes, wide: pd.DataFrame, remark: Remark, language: str) -> None:
    """Put words near a point of a line, where neither lines nor other words are."""
    point = (_place(remark.when), _value(wide, remark.when, remark.code))
    needed = wrapping.width(remark.text, font_file(400), _SIZE, language)
    width, height = max(_REMARK[0], needed + 2), _REMARK[1]
    place = free_box(ax, point, (width, height))
    if place is None:
        return
    x, y = place
    ring = ax.plot(*point, marker="o", markersize=10, markerfacecolor="none", color=INK, zorder=4)
    ring[0].set_markeredgewidth(1.0)
    ring[0].set_gid(BESIDE_WORDS)
    px, py = ax.transData.transform(point) / (ax.figure.dpi / 72)
    above = y > py
    foot = (min(max(px, x + 6), x + width - 6), y if above else y + height)
    start = (px, py + (6 if above else -6))
    _leader(ax, start, foot)
    ax.annotate(
        remark.text,
        (x + width / 2, y + height / 2),
        xycoords="figure points",
        ha="center",
        va="center_baseline",
        size=_SIZE,
        color=INK,
        bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0},
    )
