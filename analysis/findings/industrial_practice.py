"""What Fig. 1 says: how the economies' industrial practice compares, and how it changed."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.indicators.industrial_practice import (
    AXES,
    axis_maxima,
    growth,
    leaders,
    value_of,
)
from analysis.labels import enumeration, in_text, possessive, short
from analysis.phrases import brief, number, percent, sentence, word_for
from anew.drawing import Words
from anew.errors import AnewError

WORLD = "WLD"
#: The economies that the study compares (section 2.3, with China); facts, claims and tests are of
#: these six, whatever a figure draws.
COMPARED = ("USA", "CHN", "EUU", "GBR", "DEU", "JPN")

#: What an axis is called in a sentence.
AXIS_NAMES = {
    "gdp": {"zh": "国内生产总值", "en": "GDP"},
    "digital_economy": {"zh": "数字经济规模", "en": "size of the digital economy"},
    "exports": {"zh": "数字服务出口", "en": "digital service exports"},
    "imports": {"zh": "数字服务进口", "en": "digital service imports"},
    "unicorns": {"zh": "独角兽企业数量", "en": "number of unicorns"},
    "valuation": {"zh": "独角兽企业估值", "en": "valuation of unicorns"},
}
#: The table behind each axis, as evidence names it.
_TABLES = {
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
                f"The study's statements on Fig. 1 need {_TABLES[axis]} of {economy} in {year}, "
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
            f"{_TABLES[axis]} {year}": {
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


def statements(practice: Practice) -> list[dict[str, Any]]:
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
    tested = [
        (axis, year)
        for axis in ("gdp", "digital_economy", "unicorns")
        for year in both
        if p.largest(axis, year)
    ]
    untested = [year for year in both if ("digital_economy", year) not in tested]
    leads = {f"{_TABLES[axis]} {year}": p.largest(axis, year) for axis, year in tested}
    eu, world = p.growth("exports", "EUU"), p.growth("exports", WORLD)
    count, value = (
        [p.at(axis, "CHN", year) for year in both] for axis in ("unicorns", "valuation")
    )
    lost = 0.9  # "sharply": at least a tenth less
    return [
        {
            "id": "us-leads-radar",
            "agrees": bool(tested) and all(leader == "USA" for leader in leads.values()),
            "evidence": {"largest": leads}
            | p.evidence("gdp", both, ["USA", "CHN", "EUU"])
            | p.evidence("digital_economy", [y for y in both if y not in untested], ["USA", "CHN"])
            | p.evidence("unicorns", both, ["USA", "CHN", "EUU"]),
            "test": {
                "zh": "在所画的经济体中，美国在每个有数据的年份是否国内生产总值、数字经济规模、"
                "独角兽企业数量都最大",
                "en": "Is the USA the largest of the economies drawn in GDP, size of the digital "
                "economy and number of unicorns, in each year that has values",
            },
            "depends": _untested_years(untested),
        },
        {
            "id": "eu-digital-exports-grew",
            "agrees": eu >= 20,
            "evidence": p.evidence("exports", both, ["EUU", WORLD])
            | {"growth of EUU, %": eu, "growth of WLD, %": world},
            "test": {
                "zh": f"欧盟可数字化交付服务出口（现价美元）{first}—{last} 年增长是否不低于 20%",
                "en": "Did the EU’s exports of digitally deliverable services (current US$) grow "
                f"by 20 % or more from {first} to {last}",
            },
            "depends": {
                "zh": f"“明显”没有标准：门槛不高于 {percent(eu, 'zh')} 时成立；同期世界增长 "
                f"{percent(world, 'zh')}，所以欧盟的份额{_moved(eu, world, 'zh')}。"
                "欧盟的数字含成员国之间的贸易",
                "en": "“Considerably” has no standard: it holds for any threshold up to "
                f"{percent(eu, 'en')}; the world’s grew by {percent(world, 'en')}, so that the "
                f"EU’s share {_moved(eu, world, 'en')}. Trade among the members is included",
            },
        },
        {
            "id": "china-unicorns-shrank",
            "agrees": count[1] <= lost * count[0] and value[1] <= lost * value[0],
            "evidence": p.evidence("unicorns", both, ["CHN"])
            | p.evidence("valuation", both, ["CHN"]),
            "test": {
                "zh": "两份榜单之间，中国的企业数量和估值合计是否都至少减少一成",
                "en": "Are China’s number of companies and their summed valuation both at least a "
                "tenth lower in the second list than in the first",
            },
            "depends": {
                "zh": f"取决于榜单：{first} 年的是替代，只含 2019 年 8 月仍在榜的企业，低估首年；"
                f"要使数量减少，当年须多于 {number(count[1], 'zh')} 家，"
                f"而榜单里是 {number(count[0], 'zh')} 家",
                "en": f"On the lists: that of {first} is a proxy (companies still listed in August "
                "2019) and understates the first year; for the number to have fallen it would have "
                f"to be above {number(count[1], 'en')}, and the list has "
                f"{number(count[0], 'en')}",
            },
        },
    ]


def words(
    frame: pd.DataFrame, first: int, last: int, *, reporting: dict[int, int] | None = None
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of the figure in both languages.

    `frame` holds the economies drawn; `reporting` how many of the EU's members its sums cover, by
    year, where the trade tables say so.
    """
    return {
        language: Words(
            title=_title(frame, first, last, language),
            measure=_measure(frame, language),
            note=_note(frame, first, last, reporting or {}, language),
            alt=_alt(frame, first, last, language),
        )
        for language in ("zh", "en")
    }


def members_reporting(table: pd.DataFrame, years: Sequence[int]) -> dict[int, int]:
    """Return how many members the EU's sum covers in each of `years`, read from its notes.

    The table's notes say "sum of 26/27 members"; a year without such a note is left out.
    """
    rows = table[(table["economy"] == "EUU") & table["year"].isin(list(years))]
    found = {}
    for year, note in zip(rows["year"], rows["note"], strict=True):
        match = re.fullmatch(r"sum of (\d+)/\d+ members", str(note))
        if match:
            found[int(year)] = int(match[1])
    return found


def _title(frame: pd.DataFrame, first: int, last: int, language: str) -> str:
    """Say on how many measures each economy is the largest drawn, and whose exports grew most."""
    economies = list(dict.fromkeys(frame["economy"]))
    led: dict[str, int] = {}
    for economy, _ in leaders(frame).values():
        led[economy] = led.get(economy, 0) + 1
    ranked = sorted(led, key=lambda code: (-led[code], economies.index(code)))
    grown = {code: growth(frame, "exports", code, first, last) for code in economies}
    grown = {code: value for code, value in grown.items() if not math.isnan(value)}
    fastest = max(grown, key=lambda code: grown[code], default=None)
    rising = fastest if fastest is not None and grown[fastest] > 0 else None
    parts = [_lead(led, ranked, len(economies), language)] if ranked else []
    if rising:
        share = percent(grown[rising], language, 0)
        alone = len(economies) == 1
        if language == "zh":
            grew = f"增长 {share}" if alone else f"增长最快（{share}）"
            parts.append(f"数字服务出口{in_text(rising, 'zh')}{grew}")
        else:
            who = possessive(rising, "en", start=not parts)
            grew = f"grew by {share}" if alone else f"grew fastest ({share})"
            parts.append(f"{who} digital service exports {grew}")
    if not parts:
        return "没有可比较的数据" if language == "zh" else "No values to compare"
    return ("；" if language == "zh" else "; ").join(parts)


def _lead(led: dict[str, int], ranked: Sequence[str], economies: int, language: str) -> str:
    axes, among = word_for(sum(led.values()), language), word_for(economies, language)
    first, rest = ranked[0], ranked[1:]
    if language == "zh":
        lead = f"{among}个经济体中{in_text(first, 'zh')}"
        if not rest:
            return f"{lead}在全部{axes}项上都居首"
        others = [f"{in_text(code, 'zh')}{word_for(led[code], 'zh')}项" for code in rest]
        return "、".join([f"{lead}{word_for(led[first], 'zh')}项居首", *others])
    lead = f"Of {among} economies {in_text(first, 'en')} is the largest on"
    if not rest:
        return f"{lead} all {axes} measures" if sum(led.values()) > 1 else f"{lead} one measure"
    count = word_for(led[first], "en")
    plural = "s" * (led[first] > 1)
    others = [f"{in_text(code, 'en')} on {word_for(led[code], 'en')}" for code in rest]
    return f"{lead} {count} measure{plural}, {enumeration(others, 'en')}"


def _measure(frame: pd.DataFrame, language: str) -> str:
    told = []
    for axis, row in axis_maxima(frame).iterrows():
        value = brief(row["value"], AXES[axis], language)
        told.append(f"{_axis_word(axis, language)} {value}")
    if language == "zh":
        return "美元与家数；每轴的外圈是所有经济体两年中的最大值：" + "、".join(told)
    return (
        "US$ and companies; the rim of an axis is its largest value over all economies and both "
        "years: " + ", ".join(told)
    )


def _note(
    frame: pd.DataFrame, first: int, last: int, reporting: dict[int, int], language: str
) -> str:
    zh = language == "zh"
    parts = []
    drawn = set(frame["economy"])
    gaps = frame[frame["value"].isna()]
    if len(gaps):
        told = [
            _gap_sentence(axis, gaps[gaps["axis"] == axis], drawn, first, last, language)
            for axis in AXES
            if axis in set(gaps["axis"])
        ]
        parts.append(
            "缺口不是零：" + "，".join(told) if zh
            else "open corners are gaps, not zeros: " + ", ".join(told)
        )  # fmt: skip
    parts.append(
        "出口、进口为可数字化交付服务" if zh
        else "exports and imports are of digitally deliverable services"
    )  # fmt: skip
    if "EUU" in drawn:
        short_of = {year: count for year, count in reporting.items() if count < 27}
        told = "、".join(f"{year} 年 {count} 国" for year, count in short_of.items())
        told_en = ", ".join(f"{count} of 27 in {year}" for year, count in short_of.items())
        parts.append(
            "欧盟贸易额为成员国之和，含成员国之间的贸易" + (f"（{told}有数据）" if told else "")
            if zh
            else "the EU’s trade is the sum of its members’, trade among them included"
            + (f" ({told_en})" if told_en else "")
        )
    if first == 2018 and frame.loc[frame["axis"] == "unicorns", "value"].notna().any():
        parts.append(
            "2018 年的独角兽企业为替代数据：2019 年 8 月榜单中 2018 年底前入榜者" if zh
            else "the unicorns of 2018 are a proxy: those of the list of August 2019 that had "
            "joined by the end of 2018"
        )  # fmt: skip
    if zh:
        return "；".join(parts) + "。"
    return sentence("; ".join(parts)) + "."


def _gap_sentence(
    axis: str, rows: pd.DataFrame, drawn: set[str], first: int, last: int, language: str
) -> str:
    """Say for one axis which economies have no value in which years."""
    zh = language == "zh"
    by_year = {year: set(rows[rows["year"] == year]["economy"]) for year in (first, last)}
    never = [code for code in dict.fromkeys(rows["economy"])
             if all(code in missing for missing in by_year.values())]  # fmt: skip
    name = AXIS_NAMES[axis][language]
    if set(never) == drawn:
        return f"{name}两年都没有数据" if zh else f"{name} (no data in either year)"
    parts = []
    for year, missing in by_year.items():
        if missing == drawn:
            parts.append(f"{year} 年各经济体都没有" if zh else f"none for {year}")
    if never:
        names = enumeration([in_text(code, language) for code in never], language)
        parts.append(f"{names}两年都没有" if zh else f"{names} in neither year")
    for year, missing in by_year.items():
        some = [code for code in dict.fromkeys(rows["economy"]) if code in missing - set(never)]
        if some and missing != drawn:
            names = enumeration([in_text(code, language) for code in some], language)
            parts.append(f"{names} {year} 年没有" if zh else f"{names} not in {year}")
    return f"{name}（{'，'.join(parts)}）" if zh else f"{name} ({', '.join(parts)})"


def _alt(frame: pd.DataFrame, first: int, last: int, language: str) -> str:
    """Tell every value, axis by axis, since that is how the economies compare."""
    economies = list(dict.fromkeys(frame["economy"]))
    zh = language == "zh"
    comma, colon = ("，", "：") if zh else (", ", ": ")
    told = []
    for axis in AXES:
        values = frame.loc[frame["axis"] == axis, "value"]
        scale, decimals, unit = _alt_unit(axis, values.min(), language)
        items = []
        for code in economies:
            ends = [
                number(value_of(frame, axis, code, year) / scale, language, decimals)
                for year in (first, last)
            ]
            change = ends[0] if ends[0] == ends[1] else " → ".join(ends)
            items.append(f"{short(code, language)} {change}")
        head = _axis_word(axis, language) + (f"（{unit}）" if zh else f" ({unit})")
        told.append(head + colon + comma.join(items))
    if zh:
        lead = f"{len(economies)} 个小雷达图，{first} 年 → {last} 年。"
        return lead + "；".join(told) + "。"
    lead = f"{len(economies)} small radar charts, {first} → {last}. "
    return lead + "; ".join(told) + "."


def _alt_unit(axis: str, smallest: float, language: str) -> tuple[float, int, str]:
    """Return scale, decimals and unit that suit all values of an axis."""
    if AXES[axis] == "companies":
        return 1.0, 0, {"zh": "家", "en": "companies"}[language]
    if smallest >= 1e12:
        return 1e12, 1, {"zh": "万亿美元", "en": "US$ trillion"}[language]
    if language == "zh":
        return 1e8, 0, "亿美元"
    return 1e9, 1, "US$ billion"


def _axis_word(axis: str, language: str) -> str:
    words = {
        "gdp": ("GDP", "GDP"),
        "digital_economy": ("数字经济", "digital economy"),
        "exports": ("出口", "exports"),
        "imports": ("进口", "imports"),
        "unicorns": ("独角兽企业", "unicorns"),
        "valuation": ("独角兽估值", "unicorn valuation"),
    }
    return words[axis][language == "en"]


def _moved(eu: float, world: float, language: str) -> str:
    if abs((1 + eu / 100) / (1 + world / 100) - 1) < 0.005:
        return "没有变化" if language == "zh" else "did not change"
    if eu > world:
        return "上升" if language == "zh" else "rose"
    return "略降" if language == "zh" else "fell"


def _untested_years(years: Sequence[int]) -> dict[str, str]:
    if not years:
        return {
            "zh": "取决于比较哪些经济体；三项指标在两年都有数据",
            "en": "On which economies are compared; all three have values in both years",
        }
    zh = "、".join(f"{year} 年" for year in years)
    en = enumeration([str(year) for year in years], "en")
    return {
        "zh": f"{zh}没有各国的数字经济规模，这一部分不可检验；其余部分不取决于门槛",
        "en": f"No economy has a size of its digital economy in {en}, so that part cannot be "
        "tested; the rest hangs on no threshold",
    }
