"""What can be said of the study's sums and shares that belong to no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.indicators.published_sums import (
    entries_between,
    rank_of,
    share_of_gdp,
    value_of,
    whole_of,
)
from analysis.labels import in_text, short
from analysis.phrases import number, percent

#: The total over 51 countries in CAICT's white paper, a code of that table alone.
FIFTY_ONE = "CAICT51"
#: The fact that is not there when no total, or more than one, fits the printed shares.
EVENTS = ("paper_total_implied",)
_POLICIES_TOLD = ("DEU", "USA", "GBR", "CHN")
#: China's digital economy of 2023 in yuan, as its white paper gives it (caict2024); no open table
#: has it, and the text cites it in the sentence that compares.
_DIGITAL_ECONOMY_2023 = 53.9e12


class Sums:
    """The study's printed numbers of section 1 beside the tables that can test them.

    `study` holds the statements by id. Amounts are in US$ or yuan, shares in per cent.
    """

    def __init__(
        self,
        study: Mapping[str, Any],
        *,
        digital_economy: pd.DataFrame,
        gdp: pd.DataFrame,
        exchange_rate: pd.DataFrame,
        policies: pd.DataFrame,
    ) -> None:
        self.study, self.gdp, self.exchange_rate = study, gdp, exchange_rate
        self.world_year, self.china_year = 2022, 2023  # the years the study's section 1 speaks of
        self.digital_world = 1e12 * value_of(
            digital_economy, FIFTY_ONE, self.world_year, "value_usd_tn"
        )
        self.china_part = self.printed("china-digital-industrialisation-2023")
        first, last = (int(value.base) for value in study["policies-us-uk-most"].values)
        self.policy_years = (first, last)
        self.policies = entries_between(policies, first, last)

    def printed(self, id: str, position: int = 0) -> float:
        return self.study[id].values[position].base

    @property
    def implied_gdp(self) -> float:
        """The GDP of which the printed 41.4 trillion would be the printed 46.1 %."""
        return whole_of(
            self.printed("global-digital-economy-2022"), self.printed("global-digital-share-2022")
        )

    @property
    def world_gdp(self) -> float:
        return value_of(self.gdp, "WLD", self.world_year)

    @property
    def share_of_chinas_gdp(self) -> float:
        """What per cent of China's GDP the printed 10.09 trillion yuan are."""
        return share_of_gdp(self.china_part, self.gdp, self.exchange_rate, "CHN", self.china_year)

    @property
    def implied_total(self) -> float:
        """The amount in yuan of which the printed 10.09 trillion would be the printed 18.7 %."""
        return whole_of(self.china_part, self.printed("china-digital-industrialisation-share"))

    @property
    def patent_growth(self) -> float:
        """The growth in per cent between the study's two numbers of patents."""
        start, end = self.printed("patents-china-2018"), self.printed("patents-china-2022")
        return 100 * (end / start - 1)


def facts(sums: Sums, totals: Sequence[int]) -> dict[str, tuple[float, str]]:
    """Return the facts of the notebook: id → (value, unit); `totals` fit the printed shares."""
    found: dict[str, tuple[float, str]] = {
        "paper_di_gdp_share": (sums.share_of_chinas_gdp, "percent"),
        "paper_world_gdp_covered": (100 * sums.implied_gdp / sums.world_gdp, "percent"),
        "paper_di_base": (sums.implied_total, "cny_tn"),
        "paper_patent_growth": (sums.patent_growth, "percent"),
    }
    if len(totals) == 1:
        found["paper_total_implied"] = (totals[0], "companies")
    for code in _POLICIES_TOLD:
        found[f"ai_policies_{code.lower()}"] = (int(sums.policies[code]), "entries")
    return found


def claims(sums: Sums, totals: Sequence[int]) -> list[dict[str, Any]]:
    """Return the claims that the text makes of the study's sums; `totals` fit its shares."""
    ranks = rank_of(sums.policies, ["USA", "GBR"])
    share = sums.share_of_chinas_gdp
    apart = 100 * (sums.implied_total / _DIGITAL_ECONOMY_2023 - 1)
    first, second = sums.policies.iloc[:2]
    return [
        {
            "id": "study-digital-share-possible",
            "holds": sums.implied_gdp <= sums.world_gdp,
            "evidence": {
                "implied GDP of the 51 countries": sums.implied_gdp,
                f"gdp {sums.world_year}": {"WLD": sums.world_gdp},
            },
            "fails_when": {
                "zh": "由印出的两个数反推的国内生产总值超过世界总量",
                "en": "the GDP that the two printed numbers imply is more than the world’s",
            },
        },
        {
            "id": "printed-share-fits-digital-economy",
            "holds": abs(apart) < 1,
            "evidence": {
                "printed sum / printed share, CNY": sums.implied_total,
                "size by the white paper, 2023, CNY": _DIGITAL_ECONOMY_2023,
                "difference, %": apart,
            },
            "fails_when": {
                "zh": "两个印出的数之商与数字经济规模相差达到 1%",
                "en": "the quotient of the two printed numbers is 1 % or more off the size of the "
                "digital economy",
            },
        },
        {
            "id": "only-one-total-fits",
            "holds": len(totals) == 1,
            "evidence": {"totals that fit all printed shares": list(totals)},
            "fails_when": {
                "zh": "没有一个整数总数，或不止一个，能让四个份额都取整成论文印出的样子",
                "en": "no whole total, or more than one, makes all four shares round to what is "
                "printed",
            },
        },
        {
            "id": "digital-industry-share-cannot-be-of-gdp",
            "holds": share < 12,
            "evidence": _gdp_evidence(sums) | {"share of GDP, %": share},
            "fails_when": {
                "zh": "按国内生产总值和汇率折算，份额达到 12%",
                "en": "by GDP and exchange rate the share is 12 % or more",
            },
        },
        {
            "id": "ai-policies-usa-uk-among-first-three",
            "holds": len(ranks) == 2 and max(ranks.values()) <= 3,
            "evidence": _policy_evidence(sums),
            "fails_when": {
                "zh": "美国或英国不在条目最多的三个经济体之中",
                "en": "the USA or the UK is not among the three economies with the most entries",
            },
        },
        {
            "id": "ai-policies-germany-first",
            "holds": sums.policies.index[0] == "DEU" and first > second,
            "evidence": _policy_evidence(sums),
            "fails_when": {
                "zh": "条目最多的不是德国",
                "en": "the economy with the most entries is not Germany",
            },
        },
    ]


def statements(sums: Sums) -> list[dict[str, Any]]:
    """Return findings on the study's statements that belong to no figure."""
    first, last = sums.policy_years
    leaders = list(sums.policies.index[:2])
    share, implied, world = sums.share_of_chinas_gdp, sums.implied_gdp, sums.world_gdp
    printed_share = sums.printed("china-digital-industrialisation-share")
    digital = sums.printed("global-digital-economy-2022")
    part = sums.printed("global-digital-share-2022")
    covered = 100 * implied / world
    return [
        {
            "id": "global-digital-economy-2022",
            "ours": sums.digital_world,
            "evidence": {
                f"digital_economy_size {sums.world_year}": {FIFTY_ONE: sums.digital_world}
            },
            "test": {
                "zh": "白皮书所列 51 国合计，按论文的位数取整",
                "en": "The total over 51 countries in the white paper, rounded as printed",
            },
            "depends": {
                "zh": "论文与本表同出一源，所以这只说明引用无误，并非独立核算",
                "en": "The study and this table have one source: it shows that the number was "
                "copied right, not that it was computed twice",
            },
        },
        {
            "id": "global-digital-share-2022",
            "agrees": implied <= world,
            "ours": covered,
            "evidence": {
                "printed sum / printed share": implied,
                f"gdp {sums.world_year}": {"WLD": world},
                "implied GDP, % of WLD": covered,
            },
            "test": {
                "zh": f"论文的 {number(digital / 1e12, 'zh', 1)} 万亿除以 {percent(part, 'zh')}，"
                "得到 51 国的国内生产总值，它是否不超过世界总量",
                "en": f"The study’s {number(digital / 1e12, 'en', 1)} trillion divided by "
                f"{percent(part, 'en')} is the GDP of the 51 countries: is it no larger than the "
                "world’s",
            },
            "depends": {
                "zh": f"只是上限检验：隐含的国内生产总值是世界的 {percent(covered, 'zh')}，"
                "说得通，但没有 51 国名单，无法证实",
                "en": f"Only a bound: the implied GDP is {percent(covered, 'en')} of the world’s, "
                "which is possible; without the list of the 51 it cannot be confirmed",
            },
        },
        {
            "id": "china-digital-industrialisation-share",
            "ours": share,
            "evidence": _gdp_evidence(sums),
            "test": {
                "zh": f"论文的 {number(sums.china_part / 1e12, 'zh', 2)} 万亿元"
                f"除以中国 {sums.china_year} 年以人民币计的国内生产总值"
                "（现价美元乘以年平均汇率）",
                "en": f"The study’s {number(sums.china_part / 1e12, 'en', 2)} trillion yuan over "
                f"China’s GDP of {sums.china_year} in "
                "yuan (current US$ times the year’s average exchange rate)",
            },
            "depends": {
                "zh": f"要使 {percent(printed_share, 'zh')} 成立，国内生产总值须为 "
                f"{number(sums.implied_total / 1e12, 'zh', 1)} 万亿元，"
                f"而实为 {number(100 * sums.china_part / share / 1e12, 'zh', 1)} 万亿元；"
                "任何版本的差别都小得多。论文引用的白皮书里，这一比例是占数字经济的份额",
                "en": f"For {percent(printed_share, 'en')} GDP would have to be "
                f"{number(sums.implied_total / 1e12, 'en', 1)} trillion "
                f"yuan; it is {number(100 * sums.china_part / share / 1e12, 'en', 1)}. No vintage "
                "differs by nearly as much. It is about the share of the digital economy instead",
            },
        },
        {
            "id": "patents-china-growth",
            "ours": sums.patent_growth,
            "evidence": {
                "printed, 2018": sums.printed("patents-china-2018"),
                "printed, 2022": sums.printed("patents-china-2022"),
            },
            "test": {
                "zh": "由论文自己的两个数量算出增长率，取整到十位",
                "en": "Growth between the study’s own two numbers, rounded to the ten",
            },
            "depends": {
                "zh": "只说明论文的三个数彼此相符；两个数量本身没有公开数据可查",
                "en": "It shows only that the three numbers fit each other; no open table has the "
                "two counts",
            },
        },
        {
            "id": "policies-us-uk-most",
            "agrees": set(leaders) == {"USA", "GBR"},
            "evidence": _policy_evidence(sums),
            "test": {
                "zh": f"{first}—{last} 年开始的人工智能政策条目，最多的两个经济体是否为美国和英国",
                "en": f"Are the USA and the UK the two economies with the most AI policies "
                f"starting in {first}–{last}",
            },
            "depends": {
                "zh": "替代口径：只是人工智能政策，各国自行申报；最多的两个是"
                f"{in_text(leaders[0], 'zh')}和{in_text(leaders[1], 'zh')}，"
                f"英国有 {int(sums.policies['GBR'])} 项，论文统计的是全部数字产业化政策",
                "en": "A substitute: AI policies only, reported by each country itself; the two "
                f"with the most are {in_text(leaders[0], 'en')} and {in_text(leaders[1], 'en')}, "
                f"{in_text('GBR', 'en')} has {int(sums.policies['GBR'])}; the study counts all "
                "policies on digital industrialisation",
            },
        },
    ]


def table_rows(sums: Sums, language: str) -> list[tuple[str, int]]:
    """Return economies with their AI policy entries, largest first, for display."""
    return [(short(code, language), int(count)) for code, count in sums.policies.items()]


def _gdp_evidence(sums: Sums) -> dict[str, Any]:
    year = sums.china_year
    gdp, rate = (value_of(table, "CHN", year) for table in (sums.gdp, sums.exchange_rate))
    return {
        "printed, CNY": sums.china_part,
        f"gdp {year}": {"CHN": gdp},
        f"exchange_rate {year}": {"CHN": rate},
        f"GDP {year}, CNY": gdp * rate,
    }


def _policy_evidence(sums: Sums) -> dict[str, Any]:
    first, last = sums.policy_years
    counts = {str(code): int(count) for code, count in sums.policies.items()}
    return {f"ai_policies {first}–{last}": counts}
