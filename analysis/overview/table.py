"""The report's table of economies at a glance: size, research, digital services, unicorns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.shared.words import Book
from anew.project.errors import AnewError

WORDS = Book.beside(__file__)

ECONOMIES = ("USA", "CHN", "EUU", "GBR", "DEU", "FRA", "JPN", "KOR", "IND", "IRL")

#: A column's year is the last that all of these have; the others may have gaps.
ANCHORS = ("USA", "CHN", "EUU")


def last_common_year(table: pd.DataFrame, year: int | None = None) -> int:
    """Return `year`, or the last year of which a table has a value for every anchor economy.

    Raises AnewError when there is none, or the table has no row of the year asked for.
    """
    held = table.dropna(subset=["value"])
    if year is not None:
        if year not in set(held["year"]):
            raise AnewError(f"The table has no values for {year}.", "Choose a year that it has.")
        return year
    years = [set(held.loc[held["economy"] == code, "year"]) for code in ANCHORS]
    common = set.intersection(*years)
    if not common:
        raise AnewError(f"No year has values for all of {', '.join(ANCHORS)}.")
    return int(max(common))


def at_a_glance(
    gdp: pd.DataFrame,
    rd_share: pd.DataFrame,
    ict: pd.DataFrame,
    services: pd.DataFrame,
    unicorns: pd.DataFrame,
    *,
    economies: Sequence[str] | None = None,
    exports_year: int | None = None,
) -> dict[str, Any]:
    """Return columns, rows and caption of the table, as `Session.report_table` takes them.

    The first four tables have economy, year, value (US$, per cent of GDP, US$, million US$), the
    last economy and count. R&D expenditure is GDP times its share in one year. `exports_year` is
    that of both measures of exports; None is each one's own last. A missing value is None.
    """
    spent_year = last_common_year(rd_share)
    years = {
        "rd": spent_year,
        "gdp": last_common_year(gdp),
        "ict": last_common_year(ict, exports_year),
        "services": last_common_year(services, exports_year),
    }
    income, income_then = (_of(gdp, year) for year in (years["gdp"], spent_year))
    intensity = _of(rd_share, spent_year)
    exported, delivered = _of(ict, years["ict"]), _of(services, years["services"])
    counted = dict(zip(unicorns["economy"], unicorns["count"], strict=True))
    rows = []
    for code in economies or ECONOMIES:
        spent = _times(income_then.get(code), intensity.get(code))
        rows.append(
            [
                WORDS.text("name", who=code),
                _cell(income.get(code), "usd_tn_number"),
                _cell(spent, "usd_number"),
                _cell(intensity.get(code), "percent_2_number"),
                _cell(_share(exported, code), "percent_number"),
                _cell(_share(delivered, code), "percent_number"),
                _cell(counted.get(code), "count"),
            ]
        )
    columns = ("economy", "gdp", "rd", "intensity", "ict", "services", "unicorns")
    return {
        "columns": {name: WORDS.text(f"column.{name}", **years) for name in columns},
        "rows": rows,
        "caption": WORDS.text("caption"),
    }


def _of(table: pd.DataFrame, year: int) -> dict[str, float]:
    chosen = table[table["year"] == year]
    return dict(zip(chosen["economy"], chosen["value"], strict=True))


def _times(income: float | None, intensity: float | None) -> float | None:
    return None if income is None or intensity is None else income * intensity / 100


def _share(values: dict[str, float], code: str) -> float | None:
    world = values.get("WLD")
    return None if code not in values or not world else 100 * values[code] / world


def _cell(value: float | None, unit: str) -> tuple[float, str] | None:
    return None if value is None or value != value else (float(value), unit)
