"""What Fig. 2 says: where the unicorns are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.fig2.compute import UNION, WORLD, shares_of_world
from analysis.shared.words import Book
from anew.notebook.findings import Claim, Evidence, Quantity

WORDS = Book.beside(__file__)

#: Economies whose counts and shares the text prints.
_TOLD = ("USA", "CHN", "GBR", "EUU", "IND")
#: Those that the claim "more than the next four together" adds up.
NEXT = ("EUU", "CHN", "IND", "GBR")
#: How far a list may be from the study's counts to be near them, as a fraction.
NEAR = 0.1


class Counts:
    """A list's `counts` by economy; `printed` holds the study's counts by economy."""

    def __init__(self, counts: pd.DataFrame, printed: Mapping[str, float] | None = None) -> None:
        self._table = shares_of_world(counts)
        self.printed = printed or {}
        self.count = {code: self.of(code) for code in (*_TOLD, "DEU", "FRA", WORLD)}
        self.single = counts[~counts["economy"].isin([WORLD, UNION])].set_index("economy")["count"]
        #: How far the list is from each of the study's counts, as a fraction.
        self.off = {code: self.count[code] / value - 1 for code, value in self.printed.items()}

    def _cell(self, code: str, column: str) -> float:
        # an economy that a list does not name has no company on it
        found: Any = self._table[column].get(code, 0.0)
        return float(found)

    def of(self, code: str) -> int:
        """Return the number of an economy's companies."""
        return int(self._cell(code, "count"))

    def share(self, code: str) -> float:
        """Return an economy's share of all companies, in per cent."""
        return self._cell(code, "share")

    def valuation_share(self, code: str) -> float:
        """Return an economy's share of the valuation of all companies, in per cent."""
        return self._cell(code, "valuation_share")

    def most(self, *apart: str) -> float:
        """Return the largest count of a single economy, those of `apart` left out."""
        return float(self.single.drop(list(apart), errors="ignore").max())


def facts(told: Counts, as_of: str) -> dict[str, Quantity]:
    """Return the facts of a list dated `as_of`: id → (value, unit)."""
    found: dict[str, Quantity] = {
        "unicorns_list_year": (int(as_of[:4]), "year"),
        "unicorns_total": (told.of(WORLD), "companies"),
    }
    for code in _TOLD:
        found[f"unicorns_{code.lower()}"] = (told.of(code), "companies")
        found[f"unicorns_{code.lower()}_share"] = (told.share(code), "percent")
    for code in ("DEU", "FRA"):
        found[f"unicorns_{code.lower()}"] = (told.of(code), "companies")
    found["unicorns_next_share"] = (sum(told.share(code) for code in NEXT), "percent")
    for code in ("USA", "CHN"):
        share = told.valuation_share(code)
        found[f"unicorns_valuation_{code.lower()}_share"] = (share, "percent")
    return found


def claims(holds: Mapping[str, bool], told: Counts) -> list[Claim]:
    """Return the claims that the text makes of a list; `holds` is the outcome of each test."""
    count = told.count

    def counts(*codes: str) -> dict[str, object]:
        return {"count": {code: count[code] for code in codes}}

    half = counts("USA", WORLD) | {"share USA, %": told.share("USA")}
    second = {code: count[code] for code in ("USA", "CHN", "EUU")}
    evidence: dict[str, Evidence] = {
        "usa-most-unicorns": counts("USA", "EUU", "CHN"),
        "china-second-in-unicorns": {"count": second | {"next largest": told.most("USA", "CHN")}},
        "usa-outnumbers-next-four": counts("USA", *NEXT),
        "usa-more-than-half-of-unicorns": half,
        "usa-about-half-of-unicorns": half,
        "unicorn-counts-near-paper": counts(*told.printed)
        | {
            "printed in the study": dict(told.printed),
            "largest difference, %": 100 * max(told.off.values(), key=abs, default=0.0),
        },
        "eu-unicorns-led-by-germany-and-france": counts("DEU", "FRA", "EUU"),
        "china-valuation-share-above-count-share": {
            "CHN, % of the count": told.share("CHN"),
            "CHN, % of the valuation": told.valuation_share("CHN"),
        },
    }
    return WORDS.claims(holds, evidence, near=100 * NEAR)
