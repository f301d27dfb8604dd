"""What Fig. 3 says: who exports digital services."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.indicators.panel import crossing, panel, ranked
from analysis.indicators.service_exports import WORLD, export_shares

#: The study's six, in the order that it prints for 2022 (its section 2.3).
SIX = ("IRL", "IND", "CHN", "USA", "DEU", "FRA")
#: Economies that the text speaks of besides.
_TOLD = (*SIX, "GBR")
UNION = "EUU"
#: The first year of the study's figure.
FIRST = 2013
#: Facts that are not there when the event is not.
EVENTS = ("ireland_passes_india_year",)


def shares(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return the shares of every economy of a table by year (years × economies, per cent)."""
    codes = [code for code in dict.fromkeys(table["economy"]) if code != WORLD]
    return panel(
        export_shares(table, measure, economies=codes), codes, sorted(set(table["year"])), "share"
    )


def facts(
    ict: pd.DataFrame,
    deliverable: pd.DataFrame,
    gdp: pd.DataFrame,
    last: int,
    first: int = FIRST,
) -> dict[str, tuple[float, str]]:
    """Return the facts of the text: id → (value, unit); one whose values are missing is left out.

    `ict` and `deliverable` are the tables of the two measures, `gdp` in US$; `last` is the
    figure's last year. None of it depends on which economies or measure the figure draws.
    """
    wide = shares(ict, "ict_services")
    value = panel(ict, [*_TOLD, WORLD], wide.index)
    other = shares(deliverable, "digitally_deliverable")
    other_last = int(min(last, other.index[-1]))
    income = panel(gdp, ["IRL", "CHN"], wide.index)
    since = wide.loc[2018:last, "CHN"]
    india = wide.loc[2016:last, "IND"]
    event = crossing(wide.loc[first:last, "IRL"], wide.loc[first:last, "IND"])
    found: dict[str, tuple[Any, str]] = {
        "exports_first_year": (first, "year"),
        "exports_last_year": (last, "year"),
        "exports_world_first": (value.loc[first, WORLD], "usd"),
        "exports_world": (value.loc[last, WORLD], "usd"),
        "exports_irl": (value.loc[last, "IRL"], "usd"),
        "exports_lead_irl_ind": (wide.loc[last, "IRL"] - wide.loc[last, "IND"], "points"),
        "exports_irl_gdp": (100 * value.loc[last, "IRL"] / income.loc[last, "IRL"], "percent"),
        "exports_chn_gdp": (100 * value.loc[last, "CHN"] / income.loc[last, "CHN"], "percent_2"),
        "dds_last_year": (other_last, "year"),
    }
    for code in _TOLD:
        found[f"exports_share_{code.lower()}"] = (wide.loc[last, code], "percent")
        found[f"exports_share_{code.lower()}_first"] = (wide.loc[first, code], "percent")
        found[f"dds_share_{code.lower()}"] = (other.loc[other_last, code], "percent")
    if since.notna().any():
        found["exports_chn_min"] = (since.min(), "percent")
        found["exports_chn_max"] = (since.max(), "percent")
        between = other.loc[2018:other_last, "CHN"]
        found["dds_chn_min"] = (between.min(), "percent")
        found["dds_chn_max"] = (between.max(), "percent")
    if india.notna().any():
        found["india_share_start"] = (india.get(2016), "percent")
        found["india_share_low"] = (india.min(), "percent")
        found["india_low_year"] = (int(india.idxmin()), "year")
        found["india_exports_2016"] = (value["IND"].get(2016), "usd")
        found["india_exports"] = (value.loc[last, "IND"], "usd")
    if event:
        found["ireland_passes_india_year"] = (event.year, "year")
    return {id: (value, unit) for id, (value, unit) in found.items() if _known(value)}


def claims(
    ict: pd.DataFrame,
    deliverable: pd.DataFrame,
    gdp: pd.DataFrame,
    last: int,
    first: int = FIRST,
) -> list[dict[str, Any]]:
    """Return the claims that the text makes of digital service exports, as `facts` takes them."""
    wide = shares(ict, "ict_services")
    drawn = wide.loc[first:last]
    end = drawn.loc[last]
    other = shares(deliverable, "digitally_deliverable")
    other_last = int(min(last, other.index[-1]))
    event = crossing(drawn["IRL"], drawn["IND"])
    since, india = drawn.loc[2018:, "CHN"], drawn.loc[2016:, "IND"]
    other_since = other.loc[2018:other_last, "CHN"]
    value = panel(ict, ["IRL", "CHN", "IND"], wide.index)
    income = panel(gdp, ["IRL", "CHN"], wide.index)
    of_gdp = 100 * value.loc[last, ["IRL", "CHN"]] / income.loc[last]
    order = [code for code in ranked(end) if code in SIX]
    single = other.loc[other_last].drop(UNION, errors="ignore")
    first_two = ranked(single)[:2]
    low = int(india.idxmin()) if india.notna().any() else last
    return [
        {
            "id": "ireland-passes-india",
            "holds": event is not None,
            "evidence": cells(drawn, ["IRL", "IND"], _around(event, first, last)),
            "fails_when": {
                "zh": "爱尔兰各年都高于印度，或末年不高于印度",
                "en": "Ireland is above India in every year, or is not above it in the last",
            },
        },
        {
            "id": "ireland-first-in-ict-services",
            "holds": order[:1] == ["IRL"],
            "evidence": cells(drawn, list(SIX), [last]),
            "fails_when": {
                "zh": "末年六个经济体中有一个的份额不低于爱尔兰",
                "en": "one of the six has a share as large as Ireland’s in the last year",
            },
        },
        {
            "id": "exports-order-ict",
            "holds": order == ["IRL", "IND", "USA", "CHN", "DEU", "FRA"],
            "evidence": cells(drawn, list(SIX), [last]),
            "fails_when": {
                "zh": "末年份额的次序不是爱尔兰、印度、美国、中国、德国、法国",
                "en": "the last year’s order is not Ireland, India, USA, China, Germany, France",
            },
        },
        {
            "id": "usa-ahead-of-china-in-ict-services",
            "holds": end["USA"] > end["CHN"],
            "evidence": cells(drawn, ["USA", "CHN"], [last]),
            "fails_when": {
                "zh": "末年美国的份额不高于中国",
                "en": "the USA’s share is not above China’s in the last year",
            },
        },
        {
            "id": "china-fourth-in-ict-services",
            "holds": order[3:4] == ["CHN"],
            "evidence": cells(drawn, list(SIX), [last]),
            "fails_when": {
                "zh": "末年中国在六个经济体中不是第四",
                "en": "China is not the fourth of the six in the last year",
            },
        },
        {
            "id": "uk-above-germany-in-ict-services",
            "holds": end["GBR"] > end["DEU"],
            "evidence": cells(drawn, ["GBR", "DEU"], [last]),
            "fails_when": {
                "zh": "末年英国的份额不高于德国",
                "en": "the UK’s share is not above Germany’s in the last year",
            },
        },
        {
            "id": "china-ict-share-below-paper",
            "holds": len(since) > 0 and bool((since < 8).all() and (other_since < 8).all()),
            "evidence": {
                "ICT services CHN, % max": since.max(),
                "digitally deliverable CHN, % max": other_since.max(),
            },
            "fails_when": {
                "zh": "2018 年以来至少有一年，两种口径之一不低于 8%",
                "en": "by one of the measures the share is 8% or more in a year since 2018",
            },
        },
        {
            "id": "china-ict-share-steady",
            "holds": since.max() - since.min() < 1,
            "evidence": {
                "CHN since 2018, % min": since.min(),
                "CHN since 2018, % max": since.max(),
            },
            "fails_when": {
                "zh": "2018 年以来最高与最低之差达到 1 个百分点",
                "en": "the highest and lowest share since 2018 are a point apart or more",
            },
        },
        {
            "id": "china-ict-share-rose",
            "holds": end["CHN"] > drawn.loc[first, "CHN"],
            "evidence": cells(drawn, ["CHN"], [first, last]),
            "fails_when": {
                "zh": "末年的份额不高于首年",
                "en": "the share in the last year is not above the first year’s",
            },
        },
        {
            "id": "usa-france-ict-share-fell",
            "holds": all(end[code] <= 0.9 * drawn.loc[first, code] for code in ("USA", "FRA")),
            "evidence": cells(drawn, ["USA", "FRA"], [first, last]),
            "fails_when": {
                "zh": "美国或法国的末年份额比首年低不到一成",
                "en": "one of the two shares is less than a tenth below the first year’s",
            },
        },
        {
            "id": "india-share-fell-then-recovered",
            "holds": low < last
            and india.min() < end["IND"]
            and india.min() < wide["IND"].get(2016),
            "evidence": cells(wide, ["IND"], [2016, low, last]),
            "fails_when": {
                "zh": "2016 年以来的最低点就在 2016 年或末年",
                "en": "the lowest share since 2016 is that of 2016 or of the last year",
            },
        },
        {
            "id": "india-exports-rose-in-value",
            "holds": value.loc[last, "IND"] > value["IND"].get(2016, float("nan")),
            "evidence": {
                f"IND {year}, US$": value["IND"].get(year, float("nan")) for year in (2016, last)
            },
            "fails_when": {
                "zh": "印度末年的出口额不高于 2016 年",
                "en": "India’s exports in the last year are not above those of 2016",
            },
        },
        {
            "id": "india-rose-in-digitally-deliverable",
            "holds": other.loc[other_last, "IND"] > other["IND"].get(2016, float("nan")),
            "evidence": cells(other, ["IND"], [2016, other_last]),
            "fails_when": {
                "zh": "按可数字化交付服务，印度末年的份额不高于 2016 年",
                "en": "by digitally deliverable services India’s share is not above that of 2016",
            },
        },
        {
            "id": "ireland-exports-large-relative-to-gdp",
            "holds": of_gdp["IRL"] > 25 and of_gdp["CHN"] < 1,
            "evidence": {f"{code} {last}, % of GDP": of_gdp[code] for code in ("IRL", "CHN")},
            "fails_when": {
                "zh": "爱尔兰的 ICT 服务出口不超过其 GDP 的 25%，或中国的不低于 1%",
                "en": "Ireland’s exports are 25% of its GDP or less, or China’s are 1% or more",
            },
        },
        {
            "id": "export-measures-end-apart",
            "holds": wide.index[-1] != other.index[-1],
            "evidence": {
                "last year of ICT services": int(wide.index[-1]),
                "last year of digitally deliverable services": int(other.index[-1]),
            },
            "fails_when": {
                "zh": "两张表的最后一年相同",
                "en": "the last years of the two tables are the same",
            },
        },
        {
            "id": "usa-first-in-digitally-deliverable",
            "holds": first_two[:1] == ["USA"] and "IRL" not in first_two,
            "evidence": cells(other, [*dict.fromkeys([*first_two, "IRL"])], [other_last]),
            "fails_when": {
                "zh": "美国不是单个经济体中的第一，或爱尔兰进入前两位",
                "en": "the USA is not the first of the single economies, or Ireland is one of the "
                "first two",
            },
        },
    ]


def cells(wide: pd.DataFrame, codes: list[str], years: list[int]) -> dict[str, float]:
    """Return the values of some economies and years as evidence: {"CHN 2020, %": 5.0}."""
    return {
        f"{code} {year}, %": float(wide[code].get(year, float("nan")))
        for code in codes
        for year in dict.fromkeys(years)
    }


def _around(event: Any, first: int, last: int) -> list[int]:
    return [event.after, event.year, last] if event else [first, last]


def _known(value: Any) -> bool:
    return value is not None and value == value
