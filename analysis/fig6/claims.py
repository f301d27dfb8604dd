"""What Fig. 6 says: how the number of unicorns built up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.shared.panel import year_of_most
from analysis.shared.unicorn_years import WORLD, is_complete
from analysis.shared.words import Book
from anew.notebook.findings import Claim, Evidence, Quantity, Tested

WORDS = Book.beside(__file__)

#: The economies of the text, whatever the figure draws.
TOLD = ("USA", "CHN", "EUU", "GBR", "IND")
#: From this year on the USA has many every year, says the study (its section 3.3).
_SINCE, _UNTIL = 2018, 2024
#: What "many" is.
MANY = 30
#: The years in which most of China's became unicorns, says the study.
CLUSTER = [2015, 2018, 2019, 2021]


class Counts:
    """Companies by year and economy, by the two kinds of year.

    `joined` and `founded` are `counts_by_year` of TOLD and the world over all years of a list;
    `list_day` is that of `joined`. `earlier` counts by economy in an earlier list of the same
    compiler (economy, count).
    """

    def __init__(
        self,
        joined: pd.DataFrame,
        founded: pd.DataFrame,
        list_day: datetime.date,
        earlier: pd.DataFrame,
    ) -> None:
        self.joined, self.founded = joined, founded
        self.world, self.usa, self.china = joined[WORLD], joined["USA"], joined["CHN"]
        self.peaks, self.founded_peaks = largest(self.world, 1), largest(founded[WORLD], 1)
        self.peak = year_of_most(self.world)
        self.last_full = max(int(year) for year in joined.index if is_complete(int(year), list_day))
        self.after_2022 = self.world.loc[2023:]
        self.usa_since = self.usa.loc[_SINCE : min(self.last_full, _UNTIL)]
        self.china_years = largest(self.china, 4)
        self.china_before = int(earlier.set_index("economy")["count"].get("CHN", 0))


def largest(counts: pd.Series[int], number: int) -> list[int]:
    """Return the years with the largest counts, in order; more than `number` where they tie."""
    bound = counts.sort_values(ascending=False).iloc[number - 1]
    return [int(year) for year in counts.index[(counts >= bound) & (counts > 0)]]


def top_two(counts: pd.Series[int]) -> float:
    """Return what per cent of a series its two largest years are; NaN without any."""
    total = counts.sum()
    return float(100 * counts.nlargest(2).sum() / total) if total else float("nan")


def facts(told: Counts) -> dict[str, Quantity]:
    """Return the facts of the text: id → (value, unit)."""
    world, usa, peak, full = told.world, told.usa, told.peak, told.last_full
    founded = told.founded[WORLD]
    founded_peak = year_of_most(founded)
    found: dict[str, Quantity] = {
        "unicorn_peak_year": (peak, "year"),
        "unicorn_peak_count": (int(world[peak]), "companies"),
        "unicorn_peak_usa": (int(usa[peak]), "companies"),
        "unicorn_peak_chn": (int(told.china[peak]), "companies"),
        "unicorn_peak_share": (100 * world[peak] / world.sum(), "percent"),
        "unicorn_peak_usa_share": (100 * usa[peak] / world[peak], "percent"),
        "founded_peak_year": (founded_peak, "year"),
        "founded_peak_count": (int(founded[founded_peak]), "companies"),
        "unicorn_last_full_year": (full, "year"),
        "unicorn_last_full_count": (int(world[full]), "companies"),
        "usa_min_since_2018": (int(usa.loc[_SINCE:full].min()), "companies"),
        "years_list_total": (int(world.sum()), "companies"),
        "eu_top_two_share": (top_two(told.joined["EUU"]), "percent"),
        "years_list_chn_2023": (told.china_before, "companies"),
    }
    for code in TOLD:
        found[f"years_list_{code.lower()}"] = (int(told.joined[code].sum()), "companies")
    return {id: (value, unit) for id, (value, unit) in found.items() if value == value}


def claims(holds: Mapping[str, bool], told: Counts) -> list[Claim]:
    """Return the claims that the text makes of the stack; `holds` is the outcome of each test."""
    world, usa, china, peak = told.world, told.usa, told.china, told.peak
    union = told.joined["EUU"]
    evidence: dict[str, Evidence] = {
        "unicorns-peak-2021": {
            "years with the most, WLD": told.peaks,
            "WLD": int(world[peak]),
        },
        "usa-majority-of-peak": _counts("USA", usa, [peak]) | _counts("WLD", world, [peak]),
        "entries-below-quarter-of-peak": _counts("WLD", world, [*told.after_2022.index, peak]),
        "founding-peak-earlier": {
            "peak by founding year": told.founded_peaks,
            "peak by joining year": told.peaks,
        },
        "china-cluster-years": _counts("CHN", china, told.china_years),
        "eu-not-even": _counts("EUU", union, largest(union, 2)) | {"EUU in all": int(union.sum())},
        "usa-many-every-year-since-2018": _counts("USA", usa, list(told.usa_since.index)),
        "china-unicorns-below-2023": {
            "CHN on this list": int(china.sum()),
            "CHN, list of 2023": told.china_before,
        },
    }
    return WORDS.claims(holds, evidence, many=MANY)


def statements(joined: pd.DataFrame, founded: pd.DataFrame) -> list[Tested]:
    """Return findings on what the study says of its Fig. 6.

    It says "founded" and shows 2007 to 2024; only the years of joining give its picture, so these
    are tested, and what the founding years give is said beside.
    """
    seen, other = joined.loc[2007:_UNTIL], founded.loc[:_UNTIL]
    world, usa, china, union = (seen[code] for code in (WORLD, "USA", "CHN", "EUU"))
    peaks, founded_peaks = largest(world, 1), largest(other[WORLD], 1)
    years = largest(china, 4)
    usa_since = usa.loc[_SINCE:_UNTIL]
    even, founded_even = top_two(union), top_two(other["EUU"])
    share = 100 * china[years].sum() / china.sum()
    return [
        WORDS.statement(
            "unicorns-peak-2021",
            agrees=peaks == [2021],
            evidence={
                "years with the most by joining": peaks,
                "years with the most by founding": founded_peaks,
                "WLD": int(world.max()),
            },
            founded=founded_peaks,
        ),
        WORDS.statement(
            "unicorns-china-years",
            agrees=years == CLUSTER,
            evidence=_counts("CHN", china, years) | {"their share, %": share},
            share=share,
            founded=largest(other["CHN"], 4),
        ),
        WORDS.statement(
            "unicorns-eu-even",
            agrees=bool(even < 50),
            evidence=_counts("EUU", union, largest(union, 2))
            | {"EUU in all": int(union.sum()), "two largest years, %": even},
            even=even,
            founded=founded_even,
            would="would.hold" if founded_even < 50 else "would.not",
        ),
        WORDS.statement(
            "unicorns-us-2018-2024",
            agrees=bool(len(usa_since) == _UNTIL - _SINCE + 1 and usa_since.min() >= MANY),
            evidence=_counts("USA", usa_since, list(usa_since.index)),
            many=MANY,
            least=int(usa_since.min()),
            founded=int(other["USA"].loc[_SINCE:_UNTIL].min()),
        ),
    ]


def _counts(code: str, counts: pd.Series[int], years: Sequence[int]) -> dict[str, object]:
    """Return the counts of some years as evidence: {"USA 2021": 300}."""
    return {f"{code} {year}": int(counts[year]) for year in years}
