"""A line by year for each economy, as every figure of the report draws it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from analysis.shared.labels import short
from analysis.shared.looks import looks
from analysis.shared.panel import widened
from analysis.shared.phrases import in_unit, number, scale_of
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words
from anew.figures.lines import Remark, line_chart


def lines(
    column: str,
    unit: str,
    *,
    height: float = 205,
    remark: Callable[[pd.DataFrame, Voice], Remark | None] = lambda wide, say: None,
) -> Callable[[pd.DataFrame, Words, str], Figure]:
    """Return a function that draws `column` of a tidy frame (economy, year), a line each.

    Values are in base units and printed in `unit`; `height` is in points. `remark` finds, in the
    values as years × economies, a point worth pointing at.
    """

    def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
        say, wide = Book({}).voice(language), widened(frame, column)
        found = remark(wide, say)

        def printed(value: float, spoken: str) -> str:
            scale, decimals = scale_of(unit, spoken)
            return number(value / scale, spoken, 0 if value == round(value) else decimals)

        def told(code: str, year: int, value: float) -> str:
            return say("year_value", who=code, year=year, value=in_unit(value, unit, language))

        return line_chart(
            wide,
            words,
            language,
            height=height,
            looks=looks(list(map(str, wide.columns))),
            name=short,
            number=printed,
            told=told,
            remarks=[found] if found else [],
        )

    return draw
