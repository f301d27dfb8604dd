"""The cells that tests/dependence.py and tests/dependence_study.py name: sources and groups.

A cell is (source, economy, year), a source one column of a table in one vintage, of the patents one
field; the economy `*` stands for every single economy of the table.
"""

from __future__ import annotations

from collections.abc import Iterable

Cell = tuple[str, str, object]

#: Each source: the notebook that names its vintage, the table, the role, the column of values.
SOURCES: dict[str, tuple[str, str, str | None, str]] = {
    "gdp": ("fig7", "gdp", None, "value"),
    "rd": ("fig7", "rd_share", None, "value"),
    "rate": ("fig7", "exchange_rate", None, "value"),
    "ict": ("fig3", "ict_service_exports", None, "value"),
    "dds": ("fig3", "digital_services_exports", None, "value"),
    "imports": ("fig1", "digital_services_imports", None, "value"),
    "size": ("fig1", "digital_economy_size", None, "value_usd_tn"),
    "pct": ("fig4", "pct_applications_electrical", None, "count"),
    "ai": ("fig4", "ai_patent_applications", None, "count"),
    "joined": ("fig5", "unicorns_by_year_joined", "drawn", "count"),
    "joined24": ("fig5", "unicorns_by_year_joined", "2024", "count"),
    "founded": ("fig5", "unicorns_by_year_founded", None, "count"),
    "policies": ("paper", "ai_policies", None, "count"),
    **{
        f"{name}/{column}": (address, "unicorns_by_economy", role, column)
        for name, address, role in (
            ("list", "fig2", None), ("list18", "fig1", "2018"), ("list23", "fig1", "2023"),
            ("study", "paper", "study"),
        )
        for column in ("count", "valuation_usd_bn")
    },
    **{f"families/{field}": ("fig4", "patent_families", None, "count") for field in range(1, 36)},
}  # fmt: skip

SIX = ("USA", "CHN", "EUU", "GBR", "DEU", "JPN")
EXPORTERS = ("IRL", "IND", "CHN", "USA", "DEU", "FRA")
TOLD = ("CHN", "USA", "EUU", "GBR", "IND")
COUNTRIES = ("CHN", "DEU", "FRA", "GBR", "IND", "IRL", "JPN", "KOR", "USA")
THREE, TWO = ("CHN", "USA", "EUU"), ("CHN", "USA")
FIELDS = {"comm": (3, 4, 5), "comp": (6,), "itm": (7,), "semi": (8,)}
COUNT, VALUE = "count", "valuation_usd_bn"
#: The years of Fig. 5, which begins in 2014, and those of a whole list of unicorns.
SINCE = range(2014, 2026)
EVER = range(1990, 2026)


def of(source: str | Iterable[str], codes: str | Iterable[str], *years: int) -> set[Cell]:
    """Return the cells of economies and years; without years, those of a list."""
    sources = (source,) if isinstance(source, str) else tuple(source)
    codes = (codes,) if isinstance(codes, str) else tuple(codes)
    return {(s, code, year) for s in sources for code in codes for year in years or (0,)}


def families(fields: Iterable[int], codes: str | Iterable[str], *years: int) -> set[Cell]:
    return of([f"families/{field}" for field in fields], codes, *years)


def rd(codes: str | Iterable[str], *years: int) -> set[Cell]:
    """R&D expenditure is GDP times its share."""
    return of(("gdp", "rd"), codes, *years)
