"""Fig. 7: R&D expenditure by year."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts.lines import Remark, line_chart
from analysis.findings.passing import passed
from analysis.findings.wording import passing_remark
from analysis.indicators.panel import widened
from analysis.labels import short
from analysis.phrases import money, number
from anew.figures.drawing import Words

#: What one step of the axis' numbers is in US$: 亿 and billions.
SCALE = {"zh": 1e8, "en": 1e9}


def draw(frame: pd.DataFrame, words: Words, language: str) -> Figure:
    """Return the lines of `rd_expenditure` (economy, year, rd_expenditure in US$)."""
    wide = widened(frame, "rd_expenditure")
    event = passed(wide)
    remarks = []
    if event:
        text = passing_remark(event, language)
        remarks.append(Remark(event.leader, event.crossing.year, text))
    return line_chart(
        wide,
        words,
        language,
        height=205,
        number=lambda value, spoken: number(value / SCALE[spoken], spoken),
        told=lambda code, year, value: (
            f"{short(code, language)} {year}: {money(value, language)}"
            if language == "en"
            else f"{short(code, language)} {year} 年：{money(value, language)}"
        ),
        remarks=remarks,
    )
