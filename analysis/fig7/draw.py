"""Fig. 7: R&D expenditure by year."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.shared.labels import short
from analysis.shared.looks import looks
from analysis.shared.panel import widened
from analysis.shared.passing import passed
from analysis.shared.phrases import number, scale_of
from analysis.shared.wording import passing
from analysis.shared.words import Book
from anew.figures.drawing import Words
from anew.figures.lines import Remark, line_chart

WORDS = Book.beside(__file__)


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Return the lines of `rd_expenditure` (economy, year, rd_expenditure in US$)."""
    say, wide = WORDS.voice(language), widened(frame, "rd_expenditure")
    event = passed(wide)
    remarks = []
    if event:
        remarks.append(Remark(event.leader, event.crossing.year, passing("passes", event, say)))
    return line_chart(
        wide,
        words,
        language,
        height=205,
        looks=looks(list(map(str, wide.columns))),
        name=short,
        number=lambda value, spoken: number(value / scale_of("usd", spoken)[0], spoken),
        told=lambda code, year, value: say("told", who=code, year=year, value=value),
        remarks=remarks,
    )
