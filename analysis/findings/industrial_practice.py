"""What Fig. 1 says: how the economies' industrial practice compares, and how it changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.indicators.industrial_practice import growth, value_of
from anew.project.errors import AnewError

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
        return growth(self.frame, axis, economy, self.first, self.last)

    def largest(self, axis: str, year: int) -> str | None:
        """Return the economy with the largest value, None where fewer than two have one."""
        values = {code: self.at(axis, code, year) for code in self.economies}
        known = {code: value for code, value in values.items() if not math.isnan(value)}
        return max(known, key=lambda code: known[code]) if len(known) > 1 else None

    def evidence(self, axis: str, years: Sequence[int], economies: Sequence[str] = ()) -> dict:
        """Return the values that decide a comparison on one axis, by table, year and economy."""
        return {
            f"{TABLES[axis]} {year}": {
                code: self.at(axis, code, year) for code in economies or self.economies
            }
            for year in years
        }


def facts(practice: Practice) -> dict[str, tuple[float, str]]:
    """Return the facts of the figure: id → (value, unit). What has no value is left out."""
    p, first, last = practice, practice.first, practice.last
    found: dict[str, tuple[float, str]] = {
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


def claims(practice: Practice) -> list[dict[str, Any]]:
    """Return the claims that the text makes of the figure."""
    p, first, last = practice, practice.first, practice.last
    both = (first, last)
    grown = {code: p.growth("exports", code) for code in p.economies}
    counts = [p.at("unicorns", "CHN", year) for year in both]
    values = [p.at("valuation", "CHN", year) for year in both]
    count_shares = [p.share("unicorns", "CHN", year) for year in both]
    value_shares = [p.share("valuation", "CHN", year) for year in both]
    eu_shares = [p.share("exports", "EUU", year) for year in both]
    sized = {
        y: [c for c in p.economies if not math.isnan(p.at("digital_economy", c, y))] for y in both
    }
    return [
        {
            "id": "usa-leads-gdp-digital-unicorns",
            "holds": all(
                p.largest(axis, year) == "USA" for axis in ("gdp", "unicorns") for year in both
            )
            and p.largest("digital_economy", first) == "USA",
            "evidence": p.evidence("gdp", both)
            | p.evidence("unicorns", both)
            | p.evidence("digital_economy", [first]),
            "fails_when": {
                "zh": "任一年有别的经济体在国内生产总值或独角兽企业数量上超过美国，"
                "或在第一年的数字经济规模上超过美国",
                "en": "another of the economies has a larger GDP or more unicorns in either year, "
                "or a larger digital economy in the first",
            },
        },
        {
            "id": "usa-eu-china-gdp-grew",
            "holds": all(p.growth("gdp", code) > 0 for code in ("USA", "EUU", "CHN")),
            "evidence": p.evidence("gdp", both, ["USA", "EUU", "CHN"]),
            "fails_when": {
                "zh": "美国、欧盟或中国末年的国内生产总值（现价美元）不高于首年",
                "en": "the GDP of the USA, the EU or China (current US$) is no higher in the last "
                "year than in the first",
            },
        },
        {
            "id": "digital-economy-size-gaps",
            "holds": sized[last] == [] and "EUU" not in sized[first],
            "evidence": {f"economies in {TABLES['digital_economy']} {y}": len(sized[y])
                         for y in both} | {f"EUU {first}": int("EUU" in sized[first])},
            "fails_when": {
                "zh": "六个经济体中有一个在末年有数字经济规模，或欧盟在首年有",
                "en": "one of the six has a size of its digital economy in the last year, or the "
                "EU has one in the first",
            },
        },
        {
            "id": "eu-leads-digital-trade",
            "holds": all(
                p.largest(axis, year) == "EUU" for axis in ("exports", "imports") for year in both
            ),
            "evidence": p.evidence("exports", both) | p.evidence("imports", both),
            "fails_when": {
                "zh": "任一年有别的经济体的出口或进口超过欧盟",
                "en": "another of the economies exports or imports more than the EU in either year",
            },
        },
        {
            "id": "eu-digital-exports-grew",
            "holds": p.at("exports", "EUU", last) > p.at("exports", "EUU", first),
            "evidence": p.evidence("exports", both, ["EUU"]),
            "fails_when": {
                "zh": "欧盟末年的出口不高于首年",
                "en": "the EU exports no more in the last year than in the first",
            },
        },
        {
            "id": "world-digital-exports-grew",
            "holds": p.growth("exports", WORLD) > 0,
            "evidence": p.evidence("exports", both, [WORLD]),
            "fails_when": {
                "zh": "全球末年的出口不高于首年",
                "en": "the world exports no more in the last year than in the first",
            },
        },
        {
            "id": "eu-digital-export-share-flat",
            "holds": abs(eu_shares[1] - eu_shares[0]) < 1,
            "evidence": {f"EUU, % of WLD, {year}": share
                         for year, share in zip(both, eu_shares, strict=True)},
            "fails_when": {
                "zh": "欧盟占世界出口的份额变动达到 1 个百分点",
                "en": "the EU’s share of the world’s exports moves by a percentage point or more",
            },
        },
        {
            "id": "china-digital-exports-grew-fastest",
            "holds": all(
                grown["CHN"] > value for code, value in grown.items() if code != "CHN"
            ) if "CHN" in grown else False,
            "evidence": {f"growth {first}–{last}, %": grown},
            "fails_when": {
                "zh": "另有经济体的出口增速不低于中国",
                "en": "the exports of another of the economies grew as fast as China’s or faster",
            },
        },
        {
            "id": "china-unicorns-more-but-smaller-share",
            "holds": counts[1] > counts[0]
            and values[1] > values[0]
            and count_shares[1] < count_shares[0]
            and value_shares[1] < value_shares[0],
            "evidence": {
                f"CHN {year}": {"count": counts[i], "count, % of WLD": count_shares[i],
                                "valuation": values[i], "valuation, % of WLD": value_shares[i]}
                for i, year in enumerate(both)
            },
            "fails_when": {
                "zh": "数量或估值没有增加，或者占全球的份额没有下降",
                "en": "the number or the valuation did not rise, or a share of the world’s did not "
                "fall",
            },
        },
        {
            "id": "unicorns-more-in-world-and-usa",
            "holds": all(
                p.at("unicorns", code, last) > p.at("unicorns", code, first)
                for code in (WORLD, "USA")
            ),
            "evidence": p.evidence("unicorns", both, [WORLD, "USA"]),
            "fails_when": {
                "zh": "全球或美国末年的数量不多于首年",
                "en": "the world or the USA has no more in the last year than in the first",
            },
        },
        {
            "id": "china-unicorns-doubled",
            "holds": 1.8 <= counts[1] / counts[0] <= 2.3 if counts[0] else False,
            "evidence": p.evidence("unicorns", both, ["CHN"])
            | {"ratio": counts[1] / counts[0] if counts[0] else math.nan},
            "fails_when": {
                "zh": "末年数量与首年之比不在 1.8 到 2.3 之间",
                "en": "the last number is less than 1.8 or more than 2.3 times the first",
            },
        },
    ]  # fmt: skip
