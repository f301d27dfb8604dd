"""What Fig. 3 says: who exports digital services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.fig3.compute import WORLD, shares
from analysis.shared.panel import cell, crossing, panel, ranked, row_of, year_of_least
from analysis.shared.wording import percent_range
from analysis.shared.words import Book, Voice
from anew.notebook.findings import Claim, Evidence, Quantity, Tested

WORDS = Book.beside(__file__)

#: The study's six, in the order that it prints for 2022 (its section 2.3).
SIX = ("IRL", "IND", "CHN", "USA", "DEU", "FRA")
#: Economies that the text speaks of besides.
_TOLD = (*SIX, "GBR")
_UNION = "EUU"
#: The first year of the study's figure.
FIRST = 2013
#: Facts that are not there when the event is not.
EVENTS = ("ireland_passes_india_year",)


class Exports:
    """Digital service exports by both measures, from `first` to `last`: shares in per cent.

    `ict` and `deliverable` are the tables of the two measures, `gdp` in US$. None of it depends on
    which economies or measure the figure draws.
    """

    def __init__(
        self,
        ict: pd.DataFrame,
        deliverable: pd.DataFrame,
        gdp: pd.DataFrame,
        last: int,
        first: int = FIRST,
    ) -> None:
        self.first, self.last = first, last
        self.every = shares(ict, "ict_services")
        self.share = self.every.loc[first:last]
        self.start, self.end = row_of(self.share, first), row_of(self.share, last)
        self.value = panel(ict, [*_TOLD, WORLD], list(self.every.index))
        self.order = [code for code in ranked(self.end) if code in SIX]
        self.passes_india = crossing(self.share["IRL"], self.share["IND"])
        income = panel(gdp, ["IRL", "CHN"], list(self.every.index))
        self.of_gdp = 100 * self.value.loc[last, ["IRL", "CHN"]] / income.loc[last]
        # the other measure, to the last year that both have
        self.other = shares(deliverable, "digitally_deliverable")
        self.other_last = int(min(last, self.other.index[-1]))
        self.other_end = row_of(self.other, self.other_last)
        self.other_order = ranked(self.other_end.drop(_UNION, errors="ignore"))
        # China since 2018 and India since 2016, of which the study speaks
        self.china = self.share.loc[2018:, "CHN"]
        self.china_other = self.other.loc[2018 : self.other_last, "CHN"]
        self.india = self.share.loc[2016:, "IND"]
        self.india_low = year_of_least(self.india) if self.india.notna().any() else last

    def india_2016(self, wide: pd.DataFrame) -> float:
        """Return India's value of 2016 in one of the panels, NaN where it has none."""
        return float(wide["IND"].get(2016, float("nan")))

    def evidence(self, codes: Sequence[str], years: Sequence[int]) -> dict[str, float]:
        """Return the shares of some economies in some years by ICT services."""
        return cells(self.every, codes, years)


def cells(wide: pd.DataFrame, codes: Sequence[str], years: Sequence[int]) -> dict[str, float]:
    """Return the values of some economies and years as evidence: {"CHN 2020, %": 5.0}."""
    return {
        f"{code} {year}, %": float(wide[code].get(year, float("nan")))
        for code in codes
        for year in dict.fromkeys(years)
    }


def facts(told: Exports) -> dict[str, Quantity]:
    """Return the facts of the text: id → (value, unit); one without a value is left out."""
    e, first, last = told, told.first, told.last
    found: dict[str, tuple[Any, str]] = {
        "exports_first_year": (first, "year"),
        "exports_last_year": (last, "year"),
        "exports_world_first": (e.value.loc[first, WORLD], "usd"),
        "exports_world": (e.value.loc[last, WORLD], "usd"),
        "exports_irl": (e.value.loc[last, "IRL"], "usd"),
        "exports_lead_irl_ind": (e.end["IRL"] - e.end["IND"], "points"),
        "exports_irl_gdp": (e.of_gdp["IRL"], "percent"),
        "exports_chn_gdp": (e.of_gdp["CHN"], "percent_2"),
        "dds_last_year": (e.other_last, "year"),
    }
    for code in _TOLD:
        found[f"exports_share_{code.lower()}"] = (e.end[code], "percent")
        found[f"exports_share_{code.lower()}_first"] = (e.start[code], "percent")
        found[f"dds_share_{code.lower()}"] = (e.other_end[code], "percent")
    if e.china.notna().any():
        found["exports_chn_min"] = (e.china.min(), "percent")
        found["exports_chn_max"] = (e.china.max(), "percent")
        found["dds_chn_min"] = (e.china_other.min(), "percent")
        found["dds_chn_max"] = (e.china_other.max(), "percent")
    if e.india.notna().any():
        found["india_share_start"] = (e.india.get(2016), "percent")
        found["india_share_low"] = (e.india.min(), "percent")
        found["india_low_year"] = (e.india_low, "year")
        found["india_exports_2016"] = (e.india_2016(e.value), "usd")
        found["india_exports"] = (e.value.loc[last, "IND"], "usd")
    if e.passes_india:
        found["ireland_passes_india_year"] = (e.passes_india.year, "year")
    return {
        id: (value, unit)
        for id, (value, unit) in found.items()
        if value is not None and value == value
    }


def claims(holds: Mapping[str, bool], told: Exports) -> list[Claim]:
    """Return the claims that the text makes; `holds` is the outcome of each test."""
    e, first, last = told, told.first, told.last
    event = e.passes_india
    around = [event.after, event.year, last] if event else [first, last]
    first_two = [*dict.fromkeys([*e.other_order[:2], "IRL"])]
    evidence: dict[str, Evidence] = {
        "ireland-passes-india": e.evidence(["IRL", "IND"], around),
        "ireland-first-in-ict-services": e.evidence(SIX, [last]),
        "exports-order-ict": e.evidence(SIX, [last]),
        "usa-ahead-of-china-in-ict-services": e.evidence(["USA", "CHN"], [last]),
        "china-fourth-in-ict-services": e.evidence(SIX, [last]),
        "uk-above-germany-in-ict-services": e.evidence(["GBR", "DEU"], [last]),
        "china-ict-share-below-paper": {
            "ICT services CHN, % max": e.china.max(),
            "digitally deliverable CHN, % max": e.china_other.max(),
        },
        "china-ict-share-steady": {
            "CHN since 2018, % min": e.china.min(),
            "CHN since 2018, % max": e.china.max(),
        },
        "china-ict-share-rose": e.evidence(["CHN"], [first, last]),
        "usa-france-ict-share-fell": e.evidence(["USA", "FRA"], [first, last]),
        "india-share-fell-then-recovered": e.evidence(["IND"], [2016, e.india_low, last]),
        "india-exports-rose-in-value": {
            f"IND {year}, US$": e.value["IND"].get(year, float("nan")) for year in (2016, last)
        },
        "india-rose-in-digitally-deliverable": cells(e.other, ["IND"], [2016, e.other_last]),
        "ireland-exports-large-relative-to-gdp": {
            f"{code} {last}, % of GDP": e.of_gdp[code] for code in ("IRL", "CHN")
        },
        "export-measures-end-apart": {
            "last year of ICT services": int(e.every.index[-1]),
            "last year of digitally deliverable services": int(e.other.index[-1]),
        },
        "usa-first-in-digitally-deliverable": cells(e.other, first_two, [e.other_last]),
    }
    return WORDS.claims(holds, evidence)


def statements(ict: pd.DataFrame, deliverable: pd.DataFrame) -> list[Tested]:
    """Return findings on what the study says of its Fig. 3, in the years that it names.

    They do not hang on the years that the figure draws: the study's end in 2022.
    """
    wide = shares(ict, "ict_services").drop(columns=_UNION, errors="ignore")
    other = shares(deliverable, "digitally_deliverable").drop(columns=_UNION, errors="ignore")
    row = row_of(wide, 2022)
    order, order_other = ranked(row)[:6], ranked(row_of(other, 2022))[:6]
    event = crossing(wide.loc[2013:2022, "IRL"], wide.loc[2013:2022, "IND"])
    leads = all(ranked(row_of(wide, year))[:1] == ["IRL"] for year in range(2018, 2023))
    china, china_other = wide.loc[2018:2022, "CHN"], other.loc[2018:2022, "CHN"]
    india = wide.loc[2016:2022, "IND"]
    low = year_of_least(india)
    fall = 100 * (india[2022] / india[2016] - 1)
    three = ("CHN", "USA", "FRA")
    change = {c: 100 * (cell(wide, 2022, c) / cell(wide, 2013, c) - 1) for c in three}
    points = {c: cell(wide, 2022, c) - cell(wide, 2013, c) for c in three}

    def ranges(say: Voice) -> dict[str, str]:
        return {"ict": percent_range(china, say), "other": percent_range(china_other, say)}

    def in_order(say: Voice) -> dict[str, list[str]]:
        return {
            "ict": [say("economy", who=code) for code in order],
            "other": [say("economy", who=code) for code in order_other],
        }

    def changes(say: Voice) -> dict[str, list[str]]:
        return {
            "change": [say("change", who=code, by=by) for code, by in change.items()],
            "points": [say("points", who=code, by=by) for code, by in points.items()],
        }

    return [
        WORDS.statement(
            "exports-top6-2022",
            agrees=order == list(SIX),
            evidence=cells(wide, order, [2022]),
            said=in_order,
            listed=len(row),
        ),
        WORDS.statement(
            "exports-ireland-passes-india",
            agrees=event is not None and event.year == 2018 and leads,
            evidence=cells(wide, ["IRL", "IND"], [2016, 2017, 2018, 2022])
            | {"year of the crossing": event.year if event else None},
            crossing="crossing.in" if event else "crossing.none",
            year=event.year if event else None,
            leads="leads.yes" if leads else "leads.no",
        ),
        WORDS.statement(
            "exports-china-8-9",
            agrees=bool(((china >= 7.5) & (china < 9.5)).all()),
            evidence={f"CHN {year}, %": share for year, share in china.items()},
            said=ranges,
        ),
        WORDS.statement(
            "exports-india-falls",
            agrees=bool(fall <= -10),
            evidence=cells(wide, ["IND"], [2016, low, 2022]) | {"change 2016-2022, %": fall},
            fall=fall,
            low=low,
            lowest=100 * (india.min() / india[2016] - 1),
            other=100 * (cell(other, 2022, "IND") / cell(other, 2016, "IND") - 1),
        ),
        WORDS.statement(
            "exports-stable",
            agrees=all(abs(value) <= 20 for value in change.values()),
            evidence=cells(wide, three, [2013, 2022]),
            said=changes,
        ),
    ]
