"""The study's statements on its Fig. 1, held against the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.findings.industrial_practice import TABLES, WORLD, Practice
from analysis.labels import enumeration
from analysis.phrases import number, percent


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
    leads = {f"{TABLES[axis]} {year}": p.largest(axis, year) for axis, year in tested}
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
