"""The report's table of R&D expenditure and of exports, year by year."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.findings.service_exports import shares
from analysis.indicators.panel import widened
from analysis.labels import short

_SPENDERS = ("CHN", "USA", "EUU")
_EXPORTERS = ("IRL", "IND", "CHN", "USA")


def by_year(frame: pd.DataFrame, ict: pd.DataFrame) -> dict[str, Any]:
    """Return columns, rows and caption of a table by year, as `Session.report_table` takes them.

    `frame` is of `rd_expenditure`, whose years are the rows; `ict` is the table of ICT service
    exports (economy, year, value). A missing value is None.
    """
    spent = widened(frame, "rd_expenditure")
    exported = shares(ict, "ict_services").reindex(spent.index)
    columns = {"year": {"zh": "年份", "en": "Year"}}
    for code in _SPENDERS:
        columns[f"rd {code}"] = {
            "zh": f"{short(code, 'zh')}研发",
            "en": f"R&D {short(code, 'en')}",
        }
    for code in _EXPORTERS:
        columns[f"exports {code}"] = {
            "zh": f"{short(code, 'zh')}出口",
            "en": f"Exports {short(code, 'en')}",
        }
    rows = []
    for year in spent.index:
        money = [_cell(spent.loc[year, code], "usd_number") for code in _SPENDERS]
        share = [_cell(exported.loc[year, code], "percent_number") for code in _EXPORTERS]
        rows.append([str(year), *money, *share])
    caption = {
        "zh": "研发支出（亿美元）与占全球 ICT 服务出口的份额（%），按年",
        "en": "R&D expenditure (US$ billion) and shares of the world’s ICT service exports (%), "
        "by year",
    }
    return {"columns": columns, "rows": rows, "caption": caption}


def _cell(value: float, unit: str) -> tuple[float, str] | None:
    return (float(value), unit) if value == value else None
