"""What Fig. 1 says: how the economies' industrial practice compares, and how it changed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.fig1.compute import growth, value_of
from analysis.shared.words import Book
from anew.notebook.findings import Claim, Evidence, Quantity, Tested
from anew.project.errors import AnewError

WORDS = Book.beside(__file__)

WORLD = "WLD"

#: The economies that the study compares (section 2.3, with China); facts, claims and tests are of
#: these six, whatever a figure draws.
COMPARED = ("USA", "CHN", "EUU", "GBR", "DEU", "JPN")

#: The table behind each axis, as evidence names it.
TABLES = {
    "gdp": "gdp",
    "digital_economy": "digital_economy_size",
    "exports": "digital_services_exports",
    "imports": "digital_services_imports",
    "unicorns": "unicorns_by_economy count",
    "valuation": "unicorns_by_economy valuation",
}


class Practice:
    """The values of a frame that has the world's row as well, read by axis, economy and year."""

    def __init__(self, frame: pd.DataFrame, first: int, last: int) -> None:
        self.frame, self.first, self.last = frame, first, last
        self.economies = [code for code in dict.fromkeys(frame["economy"]) if code != WORLD]

    def at(self, axis: str, economy: str, year: int) -> float:
        """Return a value; NaN where there is none."""
        return value_of(self.frame, axis, economy, year)

    def need(self, axis: str, economy: str, year: int) -> float:
        """Return a value that a test cannot do without; raise AnewError where there is none."""
        value = self.at(axis, economy, year)
        if math.isnan(value):
            raise AnewError(
                f"The study's statements on Fig. 1 need {TABLES[axis]} of {economy} in {year}, "
                "and this edition's tables have no such value.",
                "Give the edition a vintage that has it (data/editions.yml).",
            )
        return value

    def share(self, axis: str, economy: str, year: int) -> float:
        """Return an economy's share of the world in per cent."""
        return 100 * self.at(axis, economy, year) / self.at(axis, WORLD, year)

    def growth(self, axis: str, economy: str) -> float:
        """Return the growth from the first year to the last, in per cent."""
        return growth(self.frame, axis, economy, self.first, self.last)

    def largest(self, axis: str, year: int) -> str | None:
        """Return the economy with the largest value, None where fewer than two have one."""
        values = {code: self.at(axis, code, year) for code in self.economies}
        known = {code: value for code, value in values.items() if not math.isnan(value)}
        return max(known, key=lambda code: known[code]) if len(known) > 1 else None

    def sized(self, year: int) -> list[str]:
        """Return the economies that have a size of their digital economy in a year."""
        axis = "digital_economy"
        return [code for code in self.economies if not math.isnan(self.at(axis, code, year))]

    def evidence(
        self, axis: str, years: Sequence[int], economies: Sequence[str] = ()
    ) -> dict[str, object]:
        """Return the values that decide a comparison on one axis, by table, year and economy."""
        return {
            f"{TABLES[axis]} {year}": {
                code: self.at(axis, code, year) for code in economies or self.economies
            }
            for year in years
        }


def facts(practice: Practice) -> dict[str, Quantity]:
    """Return the facts of the figure: id → (value, unit). What has no value is left out."""
    p, first, last = practice, practice.first, practice.last
    found: dict[str, Quantity] = {
        "radar_first_year": (first, "year"),
        "radar_last_year": (last, "year"),
        "radar_missing": (
            int(p.frame.loc[p.frame["economy"] != WORLD, "value"].isna().sum()),
            "count",
        ),
        "de_usa_first": (p.at("digital_economy", "USA", first), "usd_tn"),
        "de_chn_first": (p.at("digital_economy", "CHN", first), "usd_tn"),
        "de_usa_chn_ratio": (
            p.at("digital_economy", "USA", first) / p.at("digital_economy", "CHN", first),
            "ratio",
        ),
        "dde_growth_wld": (p.growth("exports", WORLD), "percent"),
        "dde_share_euu_first": (p.share("exports", "EUU", first), "percent"),
        "dde_share_euu": (p.share("exports", "EUU", last), "percent"),
        "radar_unicorns_chn_share_first": (p.share("unicorns", "CHN", first), "percent"),
        "radar_unicorns_chn_share": (p.share("unicorns", "CHN", last), "percent"),
        "radar_valuation_chn_first": (p.at("valuation", "CHN", first), "usd"),
        "radar_valuation_chn": (p.at("valuation", "CHN", last), "usd"),
        "radar_valuation_chn_share_first": (p.share("valuation", "CHN", first), "percent"),
        "radar_valuation_chn_share": (p.share("valuation", "CHN", last), "percent"),
    }
    for code in ("USA", "CHN", "EUU"):
        found[f"gdp_{code.lower()}"] = (p.at("gdp", code, last), "usd_tn")
    for code in ("USA", "CHN", "EUU", "JPN"):
        found[f"gdp_growth_{code.lower()}"] = (p.growth("gdp", code), "percent")
    for code in ("USA", "CHN", "EUU", "GBR"):
        found[f"dde_{code.lower()}"] = (p.at("exports", code, last), "usd")
    for code in ("CHN", "EUU", "USA"):
        found[f"dde_growth_{code.lower()}"] = (p.growth("exports", code), "percent")
    for code in ("CHN", "USA", WORLD):
        for year, suffix in ((first, "_first"), (last, "")):
            value = p.at("unicorns", code, year)
            if not math.isnan(value):
                found[f"radar_unicorns_{code.lower()}{suffix}"] = (int(value), "companies")
    return {id: pair for id, pair in found.items() if not math.isnan(pair[0])}


def claims(holds: Mapping[str, bool], practice: Practice) -> list[Claim]:
    """Return the claims that the text makes of the figure; `holds` is the outcome of each test."""
    p, first, last = practice, practice.first, practice.last
    both = (first, last)
    counts = [p.at("unicorns", "CHN", year) for year in both]
    sized = TABLES["digital_economy"]
    evidence: dict[str, Evidence] = {
        "usa-leads-gdp-digital-unicorns": p.evidence("gdp", both)
        | p.evidence("unicorns", both)
        | p.evidence("digital_economy", [first]),
        "usa-eu-china-gdp-grew": p.evidence("gdp", both, ["USA", "EUU", "CHN"]),
        "digital-economy-size-gaps": {
            f"economies in {sized} {year}": len(p.sized(year)) for year in both
        }
        | {f"EUU {first}": int("EUU" in p.sized(first))},
        "eu-leads-digital-trade": p.evidence("exports", both) | p.evidence("imports", both),
        "eu-digital-exports-grew": p.evidence("exports", both, ["EUU"]),
        "world-digital-exports-grew": p.evidence("exports", both, [WORLD]),
        "eu-digital-export-share-flat": {
            f"EUU, % of WLD, {year}": p.share("exports", "EUU", year) for year in both
        },
        "china-digital-exports-grew-fastest": {
            f"growth {first}–{last}, %": {c: p.growth("exports", c) for c in p.economies}
        },
        "china-unicorns-more-but-smaller-share": {
            f"CHN {year}": {
                "count": p.at("unicorns", "CHN", year),
                "count, % of WLD": p.share("unicorns", "CHN", year),
                "valuation": p.at("valuation", "CHN", year),
                "valuation, % of WLD": p.share("valuation", "CHN", year),
            }
            for year in both
        },
        "unicorns-more-in-world-and-usa": p.evidence("unicorns", both, [WORLD, "USA"]),
        "china-unicorns-doubled": p.evidence("unicorns", both, ["CHN"])
        | {"ratio": counts[1] / counts[0] if counts[0] else math.nan},
    }
    return WORDS.claims(holds, evidence)


def statements(practice: Practice) -> list[Tested]:
    """Return findings on the study's three statements about its Fig. 1.

    `practice` spans the study's own two years. Raises AnewError where a value that a test needs is
    missing: a gap in the data decides nothing. Only the size of the digital economy may be missing.
    """
    p, first, last = practice, practice.first, practice.last
    both = (first, last)
    for year in both:
        for economy in p.economies:
            p.need("gdp", economy, year)
            p.need("unicorns", economy, year)
        p.need("exports", "EUU", year)
        p.need("exports", WORLD, year)
    leads = {
        (axis, year): p.largest(axis, year)
        for axis in ("gdp", "digital_economy", "unicorns")
        for year in both
        if p.largest(axis, year)
    }
    untested = [year for year in both if ("digital_economy", year) not in leads]
    eu, world = p.growth("exports", "EUU"), p.growth("exports", WORLD)
    count, value = (
        [p.at(axis, "CHN", year) for year in both] for axis in ("unicorns", "valuation")
    )
    lost = 0.9  # "sharply": at least a tenth less
    years: dict[str, Any] = {"first": first, "last": last}
    return [
        WORDS.statement(
            "us-leads-radar",
            agrees=bool(leads) and all(leader == "USA" for leader in leads.values()),
            evidence={"largest": {f"{TABLES[axis]} {y}": c for (axis, y), c in leads.items()}}
            | p.evidence("gdp", both, ["USA", "CHN", "EUU"])
            | p.evidence("digital_economy", [y for y in both if y not in untested], ["USA", "CHN"])
            | p.evidence("unicorns", both, ["USA", "CHN", "EUU"]),
            depends="depends.untested" if untested else "depends.us-leads-radar",
            said=lambda say: {"years": [say("untested", year=year) for year in untested]},
        ),
        WORDS.statement(
            "eu-digital-exports-grew",
            agrees=eu >= 20,
            evidence=p.evidence("exports", both, ["EUU", WORLD])
            | {"growth of EUU, %": eu, "growth of WLD, %": world},
            eu=eu,
            world=world,
            moved=_moved(eu, world),
            **years,
        ),
        WORDS.statement(
            "china-unicorns-shrank",
            agrees=count[1] <= lost * count[0] and value[1] <= lost * value[0],
            evidence=p.evidence("unicorns", both, ["CHN"]) | p.evidence("valuation", both, ["CHN"]),
            start=count[0],
            end=count[1],
            **years,
        ),
    ]


def _moved(eu: float, world: float) -> str:
    """Return how the EU's share moved, from both growths, as the key of the text that says so."""
    if abs((1 + eu / 100) / (1 + world / 100) - 1) < 0.005:
        return "moved.level"
    return "moved.up" if eu > world else "moved.down"
