"""The report's table of R&D expenditure and of exports, year by year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.fig3.compute import shares
from analysis.shared.panel import widened
from analysis.shared.words import Book

WORDS = Book.beside(__file__)

_SPENDERS = ("CHN", "USA", "EUU")
_EXPORTERS = ("IRL", "IND", "CHN", "USA")


def by_year(frame: pd.DataFrame, ict: pd.DataFrame) -> dict[str, Any]:
    """Return columns, rows and caption of a table by year, as `Session.report_table` takes them.

    `frame` is of `rd_expenditure`, whose years are the rows; `ict` is the table of ICT service
    exports (economy, year, value). A missing value is None.
    """
    spent = widened(frame, "rd_expenditure")
    exported = shares(ict, "ict_services").reindex(spent.index)
    columns = {"year": WORDS.text("table.year")}
    columns |= {f"rd {code}": WORDS.text("table.spent", who=code) for code in _SPENDERS}
    columns |= {f"exports {code}": WORDS.text("table.exported", who=code) for code in _EXPORTERS}
    rows = []
    for year in spent.index:
        money = [_cell(spent.loc[year, code], "usd_number") for code in _SPENDERS]
        share = [_cell(exported.loc[year, code], "percent_number") for code in _EXPORTERS]
        rows.append([str(year), *money, *share])
    return {"columns": columns, "rows": rows, "caption": WORDS.text("table.caption")}


def _cell(value: Any, unit: str) -> tuple[float, str] | None:
    return (float(value), unit) if value == value else None
