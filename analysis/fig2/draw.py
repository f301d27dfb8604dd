"""Fig. 2: a bar for every economy, the European Union beside its members."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from analysis.fig2.words import WORDS, row_name
from analysis.shared.looks import LOOKS, looks
from anew.figures.bars import Bar, bar_chart
from anew.figures.drawing import Words
from anew.figures.palette import paler

_PALE = 0.5  # how much of the union's colour its members keep
_OWN = ("USA", "CHN", "EUU", "GBR", "IND")  # in colour here as in Fig. 5 and 6, the rest grey
_HALF = 50.0


def draw(frame: pd.DataFrame, words: Words, language: str, *, focus: str | None = None) -> Figure:
    """Return the figure; `frame` as `unicorn_table` gives it, one bar for each of its rows.

    The row of `focus` is told apart from the others. Where the first bar alone is long enough, a
    line marks half of the world, unless the layout is narrow.
    """
    say = WORDS.voice(language)
    bars = []
    rows: Any = frame.itertuples()
    for row in rows:
        name = row_name(row.economy, say)
        amount = say("amount", count=row.count, share=row.share)
        told, inside = row.economy == focus, row.kind in ("member", "other_members")
        bars.append(
            Bar(
                name,
                row.share,
                amount,
                told=name + say("colon") + amount,
                colour=_colour(row, told),
                bold=told or row.economy in ("USA", "CHN", "EUU"),
                quiet=inside and not told,
                inside=inside,
            )
        )
    first, *others = frame["share"]
    free = first > 30 and max(others) < 25  # else the line would run through words
    half = free and not words.layout.narrow
    mark = (_HALF, say("half")) if half else None
    return bar_chart(bars, words, language, left=float(say("room")), mark=mark)


def _colour(row: Any, told: bool) -> str:
    if told:
        return looks([row.economy])[row.economy].colour
    if row.kind in ("member", "other_members"):
        return to_hex(paler(LOOKS["EUU"].colour, _PALE))
    if row.kind == "other":
        return LOOKS["other"].colour
    return LOOKS[row.economy if row.economy in _OWN else "WLD"].colour
