"""Fig. 2: a bar for every economy, the European Union beside its members."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.style import look, looks
from analysis.findings.unicorns_by_economy_words import row_name
from analysis.phrases import companies, percent
from anew.figures.drawing import AXIS, INK, QUIET, Words, mark_points, new_figure

_ROW = 15.0  # points
_INDENT = 8.0
_PALE = 0.5  # how much white is mixed into the union's colour for its members
_OWN = ("USA", "CHN", "EUU", "GBR", "IND")  # in colour here as in Fig. 5 and 6, the rest grey


def draw(frame: pd.DataFrame, words: Words, language: str, *, focus: str | None = None) -> Figure:
    """Return the figure; `frame` as `unicorn_table` gives it, one bar for each of its rows.

    The row of `focus` is told apart from the others.
    """
    left = 60.0 if language == "zh" else 92.0
    fig, grid = new_figure(
        words, language, _ROW * len(frame), left=left, right=74.0, top=6.0, bottom=4.0
    )
    ax = fig.add_subplot(grid[0, 0])
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])
    first, *others = frame["share"]
    longest = max(first, *others)
    half = first > 30 and max(others) < 25  # else the line would run through words
    ax.set_xlim(0, max(longest, 50.0 if half else 1e-9))
    ax.set_ylim(len(frame) - 0.5, -0.5)
    if half:
        _mark_half(ax, len(frame), language)
    for position, row in enumerate(frame.itertuples()):
        inside = row.kind in ("member", "other_members")
        told = row.economy == focus
        ax.barh(position, row.share, height=0.5 if inside else 0.72, color=_colour(row, told))
        bold = told or row.economy in ("USA", "CHN", "EUU")
        look_of_words = {
            "textcoords": "offset points",
            "va": "center",
            "size": 8.5 if inside else 9,
            "color": QUIET if inside and not told else INK,
            "weight": "bold" if bold else "normal",
        }
        indent = _INDENT if inside else 0.0
        ax.annotate(
            row_name(row.economy, row.kind, language),
            (0, position),
            xytext=(indent - left + 2, 0),
            **look_of_words,
        )
        ax.annotate(_amount(row, language), (row.share, position), xytext=(4, 0), **look_of_words)
    mark_points(
        ax,
        list(frame["share"]),
        list(range(len(frame))),
        [_told(row, language) for row in frame.itertuples()],
    )
    return fig


def _mark_half(ax, rows: int, language: str) -> None:  # noqa: ANN001
    """Draw where half of the world would be, below the longest bar's own words."""
    ax.plot([50, 50], [0.6, rows - 1.1], color=AXIS, linewidth=0.6, zorder=0)
    ax.annotate(
        "全球的一半" if language == "zh" else "half of the world’s",
        (50, rows - 1.1),
        xytext=(0, -2),
        textcoords="offset points",
        ha="center",
        va="top",
        size=8,
        color=QUIET,
    )


def _amount(row, language: str) -> str:  # noqa: ANN001
    count, share = companies(row.count, language), percent(row.share, language)
    return f"{count}  {share}" if language == "zh" else f"{count} ({share})"


def _told(row, language: str) -> str:  # noqa: ANN001
    colon = "：" if language == "zh" else ": "
    return f"{row_name(row.economy, row.kind, language)}{colon}{_amount(row, language)}"


def _colour(row, told: bool) -> str:  # noqa: ANN001
    if told:
        return looks([row.economy])[row.economy].colour
    if row.kind in ("member", "other_members"):
        return _pale(look("EUU").colour)
    if row.kind == "other":
        return look("other").colour
    return look(row.economy if row.economy in _OWN else "WLD").colour


def _pale(colour: str) -> str:
    from matplotlib.colors import to_hex, to_rgb

    return to_hex([part + (1 - part) * _PALE for part in to_rgb(colour)])
