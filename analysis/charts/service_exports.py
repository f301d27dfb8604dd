"""Fig. 3: shares of the world's digital service exports by year."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.lines import Remark, line_chart
from analysis.findings.passing import passed
from analysis.findings.wording import passing_remark
from analysis.indicators.panel import ranked, widened
from analysis.labels import short
from analysis.phrases import number, percent
from anew.figures.drawing import Words


def draw(frame: pd.DataFrame, words: Words, language: str, focus: str | None = None) -> Figure:
    """Return the lines of `export_shares` (economy, year, share in per cent).

    A ring shows whom `focus` (the largest in the end) passes, or who passes it.
    """
    wide = widened(frame, "share")
    order = ranked(wide.ffill().iloc[-1])
    event = passed(wide, focus or order[0]) if order else None
    remarks = []
    if event:
        remarks.append(Remark(event.leader, event.crossing.year, passing_remark(event, language)))
    year_word = " 年：" if language == "zh" else ": "
    return line_chart(
        wide,
        words,
        language,
        height=225,
        number=lambda value, spoken: number(value, spoken, 0 if value == round(value) else 1),
        told=lambda code, year, value: (
            f"{short(code, language)} {year}{year_word}{percent(value, language)}"
        ),
        remarks=remarks,
    )
