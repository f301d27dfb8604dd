"""Fig. 5: each economy's own unicorns by year, a row of columns for each economy."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.shared.labels import short
from analysis.shared.looks import looks
from analysis.shared.words import Book, Voice
from anew.figures import wrapping
from anew.figures.drawing import AXIS, INK, QUIET, Words, mark_points, new_figure
from anew.figures.labelling import apart
from anew.figures.legibility import BESIDE_WORDS
from anew.figures.lines import year_ticks
from anew.figures.palette import Look, paler
from anew.figures.typeface import font_file
from anew.project.language import LANGUAGES

WORDS = Book.beside(__file__)

_ROW = 47.0  # points of height for an economy
_LATER = 0.42  # how much of its colour a column keeps from the dividing year on
_SMALL = 8.0


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Return rows of columns of `shares_by_year`, one scale for all.

    Columns of `frame`: economy, year, count, share (per cent of the economy's total), total,
    complete, split (the year from which columns are lighter). An incomplete year is hatched.
    """
    economies = list(dict.fromkeys(frame["economy"]))
    years = sorted(set(frame["year"]))
    split = int(frame["split"].iloc[0])
    divided = years[0] < split <= years[-1]
    heads = {
        spoken: [
            _head(frame, code, split if divided else None, WORDS.voice(spoken))
            for code in economies
        ]
        for spoken in LANGUAGES
    }
    left = 6 + max(_width(head, spoken) for spoken, lists in heads.items() for head in lists)
    right = 9.0 if words.layout.narrow else 4.0  # half of the last year's name
    figure, grid = new_figure(
        words,
        language,
        _ROW * len(economies),
        left=left,
        right=right,
        top=6,
        bottom=19,
        rows=len(economies),
        hspace=0,
    )
    highest = float(frame["share"].max())
    top = (highest if highest > 0 else 1.0) * _ROW / (_ROW - 14)
    found = looks(economies)
    for row, code in enumerate(economies):
        ax = figure.add_subplot(grid[row, 0])
        own = frame[frame["economy"] == code].sort_values("year")
        ax.set_xlim(years[0] - 0.55, years[-1] + 0.55)
        ax.set_ylim(0, top)
        _columns(ax, own, split if divided else years[-1] + 1, found[code], WORDS.voice(language))
        ax.set_yticks([])
        ax.grid(False)
        if divided:
            line = ax.axvline(split - 0.5, color=AXIS, linewidth=0.8, linestyle=(0, (2, 2)))
            line.set_gid(BESIDE_WORDS)
        _write_head(ax, heads[language][row], found[code], left)
        shown = year_ticks(years, words.layout.width - left - right, least=24.5)
        ax.set_xticks(shown, labels=_tick_names(shown, own) if row == len(economies) - 1 else [])
        ax.tick_params(axis="x", length=3 if row == len(economies) - 1 else 0)
    return figure


def _columns(ax: Axes, own: pd.DataFrame, split: int, look: Look, say: Voice) -> None:
    """Draw the columns of one economy with their values, in whole per cent, above them.

    A value that would lie on a larger one is left out; pointing at its column tells it.
    """
    known = own[own["share"].notna()]
    values = ["<1" if 0 < share < 0.5 else say.number(share) for share in known["share"]]
    places = ax.transData.transform(known[["year", "share"]].to_numpy(float)) / ax.figure.dpi * 72
    widths = [wrapping.width(value, font_file(400), _SMALL) for value in values]
    boxes = [(x, width, y) for (x, y), width in zip(places, widths, strict=True)]
    written = dict(zip(known["year"], apart(boxes, _SMALL + 1.5), strict=True))
    texts = dict(zip(known["year"], values, strict=True))
    for year, share, complete in zip(own["year"], own["share"], own["complete"], strict=True):
        if share != share:
            continue
        colour = look.colour if year < split else paler(look.colour, _LATER)
        bar = ax.bar(year, share, width=0.78, color=colour if complete else "none", linewidth=0)
        if not complete:
            bar[0].set(hatch="//////", edgecolor=colour, linewidth=0.8)
        if not written[year]:
            continue
        ax.annotate(
            texts[year],
            (year, share),
            (0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            size=_SMALL,
            color=QUIET if share == 0 else INK,
        )
    told = [
        say("told.share", who=code, year=year, count=count, share=share)
        for code, year, count, share in zip(
            own["economy"], own["year"], own["count"], own["share"], strict=True
        )
    ]
    mark_points(ax, list(own["year"]), list(own["share"]), told, str(own["economy"].iloc[0]))


def _head(frame: pd.DataFrame, code: str, split: int | None, say: Voice) -> tuple[str, str, str]:
    """Return what stands beside a row: name, share before the dividing year, number in all."""
    own = frame[frame["economy"] == code]
    total = int(own["total"].iloc[0])
    early = ""
    if split is not None and total:
        share = float(own.loc[own["year"] < split, "share"].sum())
        early = say("head.early", split=split, share=share)
    return short(code, say.language), early, say("head.total", total=total)


def _width(head: tuple[str, str, str], language: str) -> float:
    name, early, amount = head
    return max(
        wrapping.width(name, font_file(700), 9.0, language),
        wrapping.width(early, font_file(700), _SMALL, language),
        wrapping.width(amount, font_file(400), _SMALL, language),
    )


def _write_head(ax: Axes, head: tuple[str, str, str], look: Look, left: float) -> None:
    styles = [(9.0, 700, look.ink), (_SMALL, 700, INK), (_SMALL, 400, QUIET)]
    lines = [(text, style) for text, style in zip(head, styles, strict=True) if text]
    y = 11.0 * len(lines) - 5.0
    for text, (size, weight, colour) in lines:
        ax.annotate(
            text,
            (0, 0),
            (2 - left, y),
            xycoords="axes fraction",
            textcoords="offset points",
            ha="left",
            va="center_baseline",
            size=size,
            weight=weight,
            color=colour,
        )
        y -= 11.0


def _tick_names(years: list[int], own: pd.DataFrame) -> list[str]:
    """Return the years as labels; a star marks one that the list does not cover to its end."""
    complete = dict(zip(own["year"], own["complete"], strict=True))
    return [str(year) if complete[year] else f"{year}*" for year in years]
