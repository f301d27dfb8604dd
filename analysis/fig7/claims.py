"""What Fig. 7 says: how much is spent on research and development."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.fig7.compute import growth_in_own_currency
from analysis.shared.panel import Crossing, cell, crossing, growth_per_year, row_of, widened
from analysis.shared.words import Book
from anew.notebook.findings import Claim, Evidence, Quantity, Tested

WORDS = Book.beside(__file__)

#: The economies of the text, whatever the figure draws.
TOLD = ("CHN", "USA", "EUU")
#: The first year of the study's figure; what the text says begins there too.
FIRST = 2014
#: Facts that are not there when the event is not.
EVENTS = ("rd_china_passes_eu_year", "rd_intensity_passes_eu_year")
#: Economies whose reporting of R&D intensity the text speaks of.
_LATE = ("GBR", "IND")


class Spending:
    """R&D expenditure of TOLD over some years: what facts, claims and tests are made of.

    `frame` is of `rd_expenditure`. Amounts are in US$, ratios and growth in per cent.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.spent, self.share = widened(frame, "rd_expenditure"), widened(frame, "rd_share")
        self.first, self.last = int(self.spent.index[0]), int(self.spent.index[-1])
        self.start, self.end = row_of(self.spent, self.first), row_of(self.spent, self.last)
        self.growth = {code: growth_per_year(self.spent[code]) for code in TOLD}
        self.ratio_first = 100 * self.start["CHN"] / self.start["USA"]
        self.ratio = 100 * self.end["CHN"] / self.end["USA"]
        self.gap_first = self.start["USA"] - self.start["CHN"]
        self.gap = self.end["USA"] - self.end["CHN"]
        self.passes_eu = crossing(self.spent["CHN"], self.spent["EUU"])

    @property
    def last_growth(self) -> float:
        """China's growth in the last year, in US$; NaN where there is only one year."""
        china = self.spent["CHN"]
        return (
            float(100 * (china.iloc[-1] / china.iloc[-2] - 1)) if len(china) > 1 else float("nan")
        )

    def last_growth_in_yuan(self, exchange_rate: pd.DataFrame) -> float:
        """China's growth in the last year in yuan, by a table of yuan per US$; NaN as above."""
        if self.last == self.first:
            return float("nan")
        return growth_in_own_currency(self.frame, exchange_rate, "CHN", self.last)

    def evidence(self, codes: list[str], years: list[int]) -> dict[str, float]:
        """Return what some economies spent in some years."""
        return {
            f"{code} {year}, US$": cell(self.spent, year, code)
            for code in codes
            for year in dict.fromkeys(years)
        }


def last_reported(rd_share: pd.DataFrame, code: str) -> int | None:
    """Return the last year for which an economy's intensity is in the table; None without any."""
    years = rd_share.loc[(rd_share["economy"] == code) & rd_share["value"].notna(), "year"]
    return int(years.max()) if len(years) else None


def facts(
    told: Spending, exchange_rate: pd.DataFrame, rd_share: pd.DataFrame
) -> dict[str, Quantity]:
    """Return the facts of the text: id → (value, unit).

    `exchange_rate` is in yuan per US$, `rd_share` the table of R&D intensity (economy, year,
    value). A fact whose values are missing is not stated.
    """
    first, last, start, end = told.first, told.last, told.start, told.end
    found: dict[str, tuple[float | None, str]] = {
        "rd_first_year": (first, "year"),
        "rd_last_year": (last, "year"),
    }
    for code in TOLD:
        low = code.lower()
        found[f"rd_{low}"] = (end[code], "usd")
        found[f"rd_{low}_first"] = (start[code], "usd")
        found[f"rd_growth_{low}"] = (told.growth[code], "percent")
        found[f"rd_intensity_{low}"] = (cell(told.share, last, code), "percent_2")
        found[f"rd_intensity_{low}_first"] = (cell(told.share, first, code), "percent_2")
    found |= {
        "rd_chn_usa_first": (told.ratio_first, "percent"),
        "rd_chn_usa": (told.ratio, "percent"),
        "rd_chn_euu": (100 * end["CHN"] / end["EUU"], "percent"),
        "rd_chn_times": (end["CHN"] / start["CHN"], "ratio"),
        "rd_gap_first": (told.gap_first, "usd"),
        "rd_gap": (told.gap, "usd"),
        "rd_china_passes_eu_year": (_year(told.passes_eu), "year"),
        "rd_intensity_passes_eu_year": (
            _year(crossing(told.share["CHN"], told.share["EUU"])),
            "year",
        ),
    }
    for code in _LATE:
        found[f"rd_share_last_{code.lower()}"] = (last_reported(rd_share, code), "year")
    found["rd_last_growth_usd"] = (told.last_growth, "percent")
    found["rd_last_growth_cny"] = (told.last_growth_in_yuan(exchange_rate), "percent")
    return {
        id: (value, unit)
        for id, (value, unit) in found.items()
        if value is not None and value == value
    }


def claims(
    holds: Mapping[str, bool],
    told: Spending,
    exchange_rate: pd.DataFrame,
    rd_share: pd.DataFrame,
    near: pd.Series[float],
) -> list[Claim]:
    """Return the claims that the text makes of R&D expenditure, from what `facts` takes.

    `holds` is the outcome of each test; `near` what Ireland and Germany spent in the last year.
    """
    first, last = told.first, told.last
    event = told.passes_eu
    around = [event.after, event.year, last] if event else [first, last]
    evidence: dict[str, Evidence] = {
        "china-rd-passes-eu": told.evidence(["CHN", "EUU"], around),
        "china-rd-about-half-of-usa": told.evidence(["CHN", "USA"], [last])
        | {"CHN / USA, %": told.ratio},
        "rd-gap-wider-though-ratio-higher": {
            f"USA - CHN {first}": told.gap_first,
            f"USA - CHN {last}": told.gap,
            f"CHN / USA {first}, %": told.ratio_first,
            f"CHN / USA {last}, %": told.ratio,
        },
        "china-rd-grew-fastest": {f"growth per year {c}, %": told.growth[c] for c in TOLD},
        "china-rd-more-than-doubled": told.evidence(["CHN"], [first, last]),
        "china-intensity-between": {
            f"rd_share {code} {last}, %": told.share.loc[last, code] for code in TOLD
        },
        "india-rd-share-lags": {
            "last year of rd_share, IND": last_reported(rd_share, "IND"),
            "last year of the figure": last,
        },
        "rd-growth-higher-in-yuan": {
            f"CHN {last}, % in CNY": told.last_growth_in_yuan(exchange_rate),
            f"CHN {last}, % in US$": told.last_growth,
        },
        "ireland-rd-below-tenth-of-germany": {
            f"{code} {last}, US$": near[code] for code in ("IRL", "DEU")
        },
    }
    return WORDS.claims(holds, evidence)


def statements(study: Spending) -> list[Tested]:
    """Return findings on what the study says of its Fig. 7, in its own years."""
    first, last, start, end = study.first, study.last, study.start, study.end
    to_eu, to_usa = end["CHN"] / end["EUU"], end["CHN"] / end["USA"]
    at_all = {code: 100 * (end[code] / start[code] - 1) for code in TOLD}
    return [
        WORDS.statement(
            "rd-china-near-eu",
            agrees=bool(
                at_all["CHN"] > max(at_all["USA"], at_all["EUU"]) and abs(to_eu - 1) <= 0.25
            ),
            evidence=study.evidence(["CHN", "EUU"], [first, last])
            | {"CHN / EUU": to_eu, "growth per year CHN, %": study.growth["CHN"]},
            first=first,
            last=last,
            ratio=100 * to_eu,
            margin=100 * abs(to_eu - 1),
            above="above.yes" if to_eu > 1 else "above.no",
        ),
        WORDS.statement(
            "rd-us-far-ahead",
            agrees=bool(to_usa < 2 / 3),
            evidence=study.evidence(["CHN", "USA"], [first, last]) | {"CHN / USA": to_usa},
            ratio=100 * to_usa,
        ),
    ]


def _year(event: Crossing | None) -> int | None:
    return event.year if event else None
