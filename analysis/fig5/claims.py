"""What Fig. 5 says: when each economy's unicorns arose."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.shared.panel import cell
from analysis.shared.unicorn_years import share_before
from analysis.shared.words import Book, Voice
from anew.notebook.findings import Claim, Evidence, Quantity, Tested

WORDS = Book.beside(__file__)

#: The economies of the text, whatever the figure draws.
TOLD = ("CHN", "USA", "EUU", "GBR", "IND")
#: The first year of the study's figure.
FIRST = 2014
#: The study divides early from late here (its section 3.3).
SPLIT = 2019
#: Recent years, in the study's words, begin here: after the peak.
RECENT = 2022
PEAK = 2021


class Years:
    """When the unicorns of TOLD arose: shares in per cent of each economy's own total.

    `joined` and `founded` are `counts_by_year` of TOLD by the two kinds of year from FIRST on;
    `lists` holds the counts by joining year over all years of every list, by vintage.
    """

    def __init__(
        self, joined: pd.DataFrame, founded: pd.DataFrame, lists: Mapping[str, pd.DataFrame]
    ) -> None:
        self.joined, self.founded = joined, founded
        self.early = {code: share_before(joined[code], SPLIT) for code in TOLD}
        self.founded_early = {code: share_before(founded[code], SPLIT) for code in TOLD}
        self.late = {code: share_since(joined[code], RECENT) for code in TOLD}
        self.peaks = {code: _peaks(joined[code]) for code in TOLD}
        self.gap = self.early["CHN"] - self.early["USA"]
        self.founded_gap = self.founded_early["CHN"] - self.founded_early["USA"]
        #: China's share before SPLIT by every list, over all its years and since FIRST.
        self.readings = {
            name: (share_before(wide["CHN"], SPLIT), share_before(wide.loc[FIRST:, "CHN"], SPLIT))
            for name, wide in sorted(lists.items())
        }


def share_since(counts: pd.Series[int], year: int) -> float:
    """Return what per cent of a series of counts by year lies from `year` on; NaN without any."""
    return 100 - share_before(counts, year)


def facts(told: Years, list_year: int) -> dict[str, Quantity]:
    """Return the facts of the text: id → (value, unit); `list_year` is that of joining years."""
    joined = told.joined
    found: dict[str, Quantity] = {
        "years_list_year": (list_year, "year"),
        "joined_first_year": (int(joined.index[0]), "year"),
    }
    for code in TOLD:
        low = code.lower()
        total = joined[code].sum()
        found[f"joined_before_2019_{low}"] = (told.early[code], "percent")
        found[f"founded_before_2019_{low}"] = (told.founded_early[code], "percent")
        found[f"joined_since_2022_{low}"] = (told.late[code], "percent")
        if PEAK in joined.index and total:
            found[f"joined_share_2021_{low}"] = (100 * cell(joined, PEAK, code) / total, "percent")
    found["gap_joined"] = (told.gap, "points")
    found["gap_founded"] = (told.founded_gap, "points")
    return {id: (value, unit) for id, (value, unit) in found.items() if value == value}


def claims(holds: Mapping[str, bool], told: Years) -> list[Claim]:
    """Return the claims that the text makes of the years; `holds` is the outcome of each test."""
    china = told.joined["CHN"]
    evidence: dict[str, Evidence] = {
        "china-unicorns-joined-early": {
            f"{code} before 2019, %": told.early[code] for code in ("CHN", "USA")
        },
        "usa-unicorns-joined-late": {
            f"{code} since 2022, %": told.late[code] for code in ("USA", "CHN")
        },
        "china-before-2019-at-least-half": {
            "CHN before 2019": int(china[china.index < SPLIT].sum()),
            "CHN in all": int(china.sum()),
            "CHN before 2019, %": told.early["CHN"],
        },
        "half-before-2019-hangs-on-list": {
            f"CHN before 2019, {name}, {years}, %": share
            for name, pair in told.readings.items()
            for years, share in zip(("all years", f"since {FIRST}"), pair, strict=True)
        },
        "unicorns-founded-early-everywhere": {
            f"{code} founded before 2019, %": share for code, share in told.founded_early.items()
        },
        "founding-year-blurs-contrast": {
            "CHN - USA before 2019 by joining year, points": told.gap,
            "CHN - USA before 2019 by founding year, points": told.founded_gap,
        },
        "year-2021-largest-everywhere": {
            f"{code} largest year": years for code, years in told.peaks.items()
        },
    }
    return WORDS.claims(holds, evidence)


def statements(
    lists: Mapping[str, pd.DataFrame], founded: pd.DataFrame, current: str
) -> list[Tested]:
    """Return the finding on what the study says of its Fig. 5.

    `lists` is as `Years` takes it; `current` is the vintage of this edition; `founded` counts by
    founding year.
    """
    told = Years(lists[current].loc[FIRST:], founded.loc[FIRST:], lists)
    early, late, late_china = told.early["CHN"], told.late["USA"], told.late["CHN"]

    def readings(say: Voice) -> dict[str, list[str]]:
        return {
            "readings": [
                say("reading", list=name.split("_")[0], every=every, since=since)
                for name, (every, since) in told.readings.items()
            ]
        }

    return [
        WORDS.statement(
            "unicorns-china-before-2019",
            agrees=bool(early >= 50 and late >= 2 * late_china),
            evidence={
                "CHN before 2019, %": early,
                "USA since 2022, %": late,
                "CHN since 2022, %": late_china,
                **{
                    f"CHN before 2019, {name}, all years, %": every
                    for name, (every, _) in told.readings.items()
                },
                "CHN before 2019 by founding year, %": told.founded_early["CHN"],
            },
            said=readings,
            founded=told.founded_early["CHN"],
        )
    ]


def _peaks(counts: pd.Series[int]) -> list[int]:
    """Return the year of the largest count, or the years that share it; none without any."""
    top = counts.max()
    return [int(year) for year in counts.index[counts == top]] if top else []
