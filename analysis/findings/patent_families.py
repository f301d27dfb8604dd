"""What Fig. 4 says: in which technologies China leads, trails or matches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from analysis.indicators.patent_families import (
    DIGITAL,
    ELECTRICAL,
    GROUPS,
    count_of,
    families,
)
from analysis.labels import enumeration, in_text, listed, short
from analysis.phrases import number, sentence, times, word_for
from anew.drawing import Words

#: Topics of the text: a short name for ids, and the fields it sums.
TOPICS = {
    "comm": GROUPS["communications"],
    "comp": (6,),
    "semi": (8,),
    "itm": GROUPS["it_methods"],
}
THREE = ("CHN", "USA", "EUU")
#: The study names them as those who caught up in chips (section 2.2).
_MEMORY_CHIPS = ("JPN", "KOR")
#: Field names in a sentence.
_FIELDS = {
    3: {"zh": "电信", "en": "telecommunications"},
    4: {"zh": "数字通信", "en": "digital communication"},
    5: {"zh": "基础通信", "en": "basic communication"},
    6: {"zh": "计算机技术", "en": "computer technology"},
    7: {"zh": "管理用信息技术方法", "en": "IT methods for management"},
    8: {"zh": "半导体", "en": "semiconductors"},
}


class Patents:
    """Patent counts of three tables, read by topic, economy and year."""

    def __init__(
        self,
        families: pd.DataFrame,
        ai_applications: pd.DataFrame,
        pct_applications: pd.DataFrame,
        first: int,
        last: int,
    ) -> None:
        self.table, self.ai, self.pct = families, ai_applications, pct_applications
        self.first, self.last = first, last

    @property
    def study_years(self) -> tuple[int, int]:
        """The years in which the study's statements are tested, whatever a figure shows.

        The study's own series begins in 2018; the table's last year in which all three have every
        field is the nearest to its end, 2022.
        """
        rows = self.table[self.table["economy"].isin(THREE)]
        cells = rows.groupby("year")["wipo_field"].count()
        return 2018, int(cells[cells == len(THREE) * len(ELECTRICAL)].index.max())

    @property
    def pct_year(self) -> int:
        """The last year in which all three economies have PCT applications."""
        rows = self.pct[self.pct["economy"].isin(THREE)]
        return int(rows.groupby("year")["economy"].nunique().loc[lambda n: n == 3].index.max())

    def of(self, fields: Iterable[int], economy: str, year: int) -> float:
        return families(self.table, economy, year, fields)

    def ratio(self, fields: Iterable[int], year: int, over: str = "USA") -> float:
        """Return China's families over those of another economy."""
        return _over(self.of(fields, "CHN", year), self.of(fields, over, year))

    def evidence(self, fields: Sequence[int], years: Iterable[int]) -> dict[str, Any]:
        """Return the three economies' families in some fields, by table, fields and year."""
        told = "–".join(map(str, sorted({fields[0], fields[-1]})))
        return {
            f"patent_families {told}, {year}": {c: self.of(fields, c, year) for c in THREE}
            for year in years
        }

    def ai_ratio(self, year: int) -> float:
        return _over(count_of(self.ai, "CHN", year), count_of(self.ai, "USA", year))

    def pct_ratio(self, year: int) -> float:
        return _over(count_of(self.pct, "CHN", year), count_of(self.pct, "USA", year))


def facts(patents: Patents) -> dict[str, tuple[float, str]]:
    """Return the facts of the figure: id → (value, unit). What has no value is left out."""
    p, first, last = patents, patents.first, patents.last
    pct_year = p.pct_year
    found: dict[str, tuple[float, str]] = {
        "patents_first_year": (first, "year"),
        "patents_last_year": (last, "year"),
        "patents_digital_chn_first": (p.of(DIGITAL, "CHN", first), "families"),
        "patents_digital_chn": (p.of(DIGITAL, "CHN", last), "families"),
        "patents_digital_growth_chn": (
            100 * (_over(p.of(DIGITAL, "CHN", last), p.of(DIGITAL, "CHN", first)) - 1),
            "percent",
        ),
        "pct_last_year": (pct_year, "year"),
        "pct_ratio": (p.pct_ratio(pct_year), "ratio"),
        "pct_ratio_same_year": (p.pct_ratio(last), "ratio"),
        "families_ratio_same_year": (p.ratio(ELECTRICAL, last), "ratio"),
        "ai_patents_ratio_first": (p.ai_ratio(first), "ratio"),
        "ai_patents_ratio": (p.ai_ratio(last), "ratio"),
    }
    for topic, fields in TOPICS.items():
        for code in THREE:
            found[f"patents_{topic}_{code.lower()}"] = (p.of(fields, code, last), "families")
        found[f"patents_{topic}_ratio"] = (p.ratio(fields, last), "ratio")
        if topic != "semi":
            found[f"patents_{topic}_ratio_first"] = (p.ratio(fields, first), "ratio")
    for code in _MEMORY_CHIPS:
        found[f"patents_semi_{code.lower()}"] = (p.of((8,), code, last), "families")
    for code in THREE:
        found[f"pct_{code.lower()}"] = (count_of(p.pct, code, pct_year), "applications")
    return {
        id: (int(value) if unit in ("families", "applications") else value, unit)
        for id, (value, unit) in found.items()
        if not math.isnan(value)
    }


def claims(patents: Patents) -> list[dict[str, Any]]:
    """Return the claims that the text makes of the figure."""
    p, first, last = patents, patents.first, patents.last
    comm, itm = TOPICS["comm"], TOPICS["itm"]
    comm_ratios = [p.ratio(comm, year) for year in (first, last)]
    itm_ratios = [p.ratio(itm, year) for year in (first, last)]
    ai_ratios = [p.ai_ratio(year) for year in (first, last)]
    year = p.pct_year
    pct = {code: count_of(p.pct, code, year) for code in THREE}
    chips = {code: p.of((8,), code, last) for code in (*_MEMORY_CHIPS, "USA")}
    trailing = [
        field
        for field in DIGITAL
        if not (p.ratio([field], last) > 1 and p.ratio([field], last, "EUU") > 1)
    ]
    return [
        {
            "id": "china-leads-every-field",
            "holds": not trailing,
            "evidence": {
                f"patent_families {field}, {last}": {c: p.of([field], c, last) for c in THREE}
                for field in DIGITAL
            },
            "fails_when": {
                "zh": "在第 2—8 领域中的任何一个，中国不多于美国或不多于欧盟",
                "en": "in one of the fields 2–8 China has no more families than the USA or the EU",
            },
        },
        {
            "id": "china-lead-grew-in-communications",
            "holds": comm_ratios[1] > comm_ratios[0] > 2,
            "evidence": p.evidence(comm, (first, last))
            | {f"CHN / USA {y}": r for y, r in zip((first, last), comm_ratios, strict=True)},
            "fails_when": {
                "zh": "中国与美国之比没有上升，或首年不到两倍",
                "en": "China’s ratio to the USA did not rise, or was two or less at first",
            },
        },
        {
            "id": "china-ahead-in-computer-technology-and-chips",
            "holds": all(
                p.of([f], "CHN", last) > p.of([f], "USA", last) > p.of([f], "EUU", last)
                for f in (6, 8)
            ),
            "evidence": p.evidence([6], [last]) | p.evidence([8], [last]),
            "fails_when": {
                "zh": "计算机技术或半导体领域的次序不是中国、美国、欧盟",
                "en": "in computer technology or in semiconductors the order is not China, the "
                "USA, the EU",
            },
        },
        {
            "id": "it-methods-close-then-apart",
            "holds": 1 / 1.25 < itm_ratios[0] < 1.25 and itm_ratios[1] > 1.5,
            "evidence": p.evidence(itm, (first, last))
            | {f"CHN / USA {y}": r for y, r in zip((first, last), itm_ratios, strict=True)},
            "fails_when": {
                "zh": "首年中美之比已相差四分之一以上，或末年之比不到 1.5",
                "en": "China and the USA differ by a quarter or more in the first year, or China "
                "has 1.5 times or less in the last",
            },
        },
        {
            "id": "usa-ahead-of-eu-in-software-and-chips",
            "holds": all(
                p.of([f], "USA", y) > p.of([f], "EUU", y) for f in (6, 8) for y in (first, last)
            ),
            "evidence": p.evidence([6], (first, last)) | p.evidence([8], (first, last)),
            "fails_when": {
                "zh": "任一年美国在计算机技术或半导体领域不多于欧盟",
                "en": "the USA has no more than the EU in one of the two fields in either year",
            },
        },
        {
            "id": "japan-korea-ahead-of-usa-in-chips",
            "holds": all(chips[code] > chips["USA"] for code in _MEMORY_CHIPS),
            "evidence": {f"patent_families 8, {last}": chips},
            "fails_when": {
                "zh": "末年日本或韩国的半导体专利族不多于美国",
                "en": "in the last year Japan or South Korea has no more families in "
                "semiconductors than the USA",
            },
        },
        {
            "id": "china-first-in-pct-by-less",
            "holds": pct["CHN"] > max(pct["USA"], pct["EUU"])
            and p.pct_ratio(last) < p.ratio(ELECTRICAL, last),
            "evidence": {
                f"pct_applications_electrical {year}": pct,
                f"CHN / USA {last}": {
                    "PCT applications": p.pct_ratio(last),
                    "patent families, fields 1–8": p.ratio(ELECTRICAL, last),
                },
            },
            "fails_when": {
                "zh": "中国的 PCT 申请不是最多，或它与美国之比不小于按专利族计算的",
                "en": "China does not have the most PCT applications, or its ratio to the USA is "
                "no smaller than by families",
            },
        },
        {
            "id": "china-ai-patents-at-least-twice-usa",
            "holds": all(ratio >= 1.95 for ratio in ai_ratios),
            "evidence": {
                f"ai_patent_applications {y}": {
                    "CHN": count_of(p.ai, "CHN", y), "USA": count_of(p.ai, "USA", y),
                }
                for y in (first, last)
            },
            "fails_when": {
                "zh": "任一年中国的人工智能专利申请不到美国的 1.95 倍",
                "en": "in either year China has less than 1.95 times the AI applications of the "
                "USA",
            },
        },
    ]  # fmt: skip


def statements(patents: Patents) -> list[dict[str, Any]]:
    """Return findings on the study's four comparisons; all by substitutes, direction only."""
    p = patents
    first, last = p.study_years
    both = (first, last)
    comm = TOPICS["comm"]
    ai = {f"ai_patent_applications {year}": {"CHN": count_of(p.ai, "CHN", year),
                                             "USA": count_of(p.ai, "USA", year)}
          for year in both}  # fmt: skip
    near = 2.0  # "close": neither has twice the other's
    itm = {over: p.ratio(TOPICS["itm"], last, over) for over in ("USA", "EUU")}
    itm_first = {over: p.ratio(TOPICS["itm"], first, over) for over in ("USA", "EUU")}
    return [
        {
            "id": "patents-5g-ai-lead",
            "agrees": p.ratio(comm, last) > 1 and p.ai_ratio(last) > 1,
            "ours": [p.ratio(comm, last), p.ai_ratio(last)],
            "evidence": p.evidence(comm, both) | ai,
            "test": {
                "zh": f"{last} 年，通信（第 3—5 领域）专利族和人工智能专利申请，中国是否都多于美国",
                "en": f"Does China have more patent families in communications (fields 3–5) and "
                f"more AI applications than the USA in {last}",
            },
            "depends": {
                "zh": f"方向不取决于年份；倍数取决于：通信为 {times(p.ratio(comm, first), 'zh')}"
                f"（{first}）和 {times(p.ratio(comm, last), 'zh')}（{last}），人工智能为 "
                f"{times(p.ai_ratio(first), 'zh')}和 {times(p.ai_ratio(last), 'zh')}",
                "en": "The direction is the same in both years, the size is not: communications "
                f"{times(p.ratio(comm, first), 'en')} ({first}) and "
                f"{times(p.ratio(comm, last), 'en')} ({last}), AI "
                f"{times(p.ai_ratio(first), 'en')} and {times(p.ai_ratio(last), 'en')}",
            },
        },
        {
            "id": "patents-software-behind",
            "agrees": p.ratio([6], last) < 1 and p.ratio([6], last, "EUU") < 1,
            "evidence": p.evidence([6], both),
            "test": {
                "zh": f"{last} 年，计算机技术（第 6 领域）专利族，中国是否少于美国，也少于欧盟",
                "en": "Does China have fewer patent families in computer technology (field 6) "
                f"than the USA and than the EU in {last}",
            },
            "depends": _substitute("6"),
        },
        {
            "id": "patents-chips-between",
            "agrees": p.ratio([8], last) < 1 < p.ratio([8], last, "EUU"),
            "evidence": p.evidence([8], both),
            "test": {
                "zh": f"{last} 年，半导体（第 8 领域）专利族，中国是否多于欧盟而少于美国",
                "en": f"Does China have more patent families in semiconductors (field 8) than the "
                f"EU and fewer than the USA in {last}",
            },
            "depends": _substitute("8"),
        },
        {
            "id": "patents-ecommerce-close",
            "agrees": all(1 / near < ratio < near for ratio in itm.values()),
            "ours": [itm["USA"], itm["EUU"]],
            "evidence": p.evidence(TOPICS["itm"], both),
            "test": {
                "zh": f"{last} 年，管理用信息技术方法（第 7 领域）专利族，中国与美国、与欧盟之比"
                "是否都在二分之一到两倍之间",
                "en": "In IT methods for management (field 7), is China’s number between half and "
                f"twice that of the USA and that of the EU in {last}",
            },
            "depends": {
                "zh": f"取决于年份和对象：与美国之比 {first} 年为 "
                f"{number(itm_first['USA'], 'zh', 1)}，{last} 年为 {number(itm['USA'], 'zh', 1)}；"
                f"与欧盟之比为 {number(itm_first['EUU'], 'zh', 1)} 和 "
                f"{number(itm['EUU'], 'zh', 1)}。电子商务和区块链只是该领域的一部分",
                "en": f"On the year and on whom: the ratio to the USA is "
                f"{number(itm_first['USA'], 'en', 1)} in {first} and "
                f"{number(itm['USA'], 'en', 1)} in {last}, to the EU "
                f"{number(itm_first['EUU'], 'en', 1)} and {number(itm['EUU'], 'en', 1)}. "
                "E-commerce and blockchain are only a part of the field",
            },
        },
    ]


def words(frame: pd.DataFrame) -> dict[str, Words]:
    """Return title, measure, note and alternative text; `frame` is that of `families_by_field`."""
    years = sorted(set(frame["year"]))
    return {
        language: Words(
            title=_title(frame, years[-1], language),
            measure=_measure(years, language),
            note=_note(frame, years, language),
            alt=_alt(frame, years, language),
        )
        for language in ("zh", "en")
    }


def _title(frame: pd.DataFrame, last: int, language: str) -> str:
    """Say in how many fields one economy is alone first in the last year.

    Only fields count in which every economy has a value; a tie has no first.
    """
    zh = language == "zh"
    wide = frame[frame["year"] == last].pivot(index="wipo_field", columns="economy", values="count")
    economies = list(dict.fromkeys(frame["economy"]))
    full = wide.reindex(columns=economies).dropna()
    if full.empty:
        return f"{last} 年没有可比较的数据" if zh else f"There are no values to compare for {last}"
    total = word_for(len(full), language)
    of_all = len(full) == frame["wipo_field"].nunique()
    if zh:
        fields = f"{total}个领域" if of_all else f"有完整数据的{total}个领域"
    else:
        fields = f"{total} field{'s' * (len(full) > 1)}" + ("" if of_all else " with full data")
    if len(economies) == 1:
        amount, who = number(full.to_numpy().sum(), language), in_text(economies[0], language)
        if zh:
            return f"{last} 年{who}在{fields}共有 {amount} 件专利族"
        return f"In {last} {who} has {amount} patent families in {fields}"
    first = {field: row.idxmax() for field, row in full.iterrows() if (row == row.max()).sum() == 1}
    led = {code: [f for f, winner in first.items() if winner == code] for code in economies}
    leader = max(economies, key=lambda code: len(led[code]))
    count, others = len(led[leader]), [code for code in economies if code != leader]
    who, rest = in_text(leader, language), listed(others, language)
    if count == 0:
        return (
            f"{last} 年没有一个经济体在{fields}中的任何一个独居首位" if zh
            else f"In {last} no economy is alone first in any of {fields}"
        )  # fmt: skip
    if count == len(full):
        if zh:
            return f"{last} 年，{who}在{'全部' * of_all}{fields}的专利族都多于{rest}"
        every = "all" if len(full) > 1 else "the"
        return f"In {last} {who} has more patent families than {rest} in {every} {fields}"
    ahead = [
        (in_text(code, language), enumeration([_FIELDS[f][language] for f in led[code]], language))
        for code in others
        if led[code]
    ]
    if zh:
        parts = [f"{code}在{names}领先" for code, names in ahead]
        lead = f"{last} 年，{fields}中{who}有{word_for(count, 'zh')}个多于{rest}"
        return "，".join([lead, *parts])
    lead = f"In {last} {who} is ahead of {rest} in {word_for(count, 'en')} of {fields}"
    return ", ".join([lead, *(f"{code} in {names}" for code, names in ahead)])


def _measure(years: Sequence[int], language: str) -> str:
    span = [years[0], years[-1]]
    if language == "zh":
        return (
            "替代口径：按 WIPO 技术领域统计的授权专利族（件），不是论文自己的主题；对数坐标，"
            f"空心为 {span[0]} 年，实心为 {span[1]} 年"
        )
    return (
        "A substitute: patent families granted, by WIPO field, not the study’s own topics; "
        f"logarithmic axis, open marks {span[0]}, filled marks {span[1]}"
    )


def _note(frame: pd.DataFrame, years: Sequence[int], language: str) -> str:
    zh = language == "zh"
    parts = [
        "只在一国申请的也计入，因此不说明质量或保护范围；分数计数，按发明人所在国和首次授权年份"
        if zh
        else "Families filed in one country count too, so that numbers say nothing of quality or "
        "reach; fractional counts, by inventor’s country and year of first grant",
        f"这里用到 {years[-1]} 年的数据" if zh else f"data are used to {years[-1]}",
        "论文的 5G、人工智能、操作系统、电子商务、区块链等主题没有公开数据"
        if zh
        else "for the study’s topics (5G, AI, operating systems, e-commerce, blockchain) no open "
        "data exist",
    ]
    gaps = frame[frame["count"].isna()]
    if len(gaps):
        told = [
            f"{short(row.economy, language)} {_FIELDS[row.wipo_field][language]} {row.year}"
            for row in gaps.itertuples()
        ]
        shown = "、".join(told) if zh else ", ".join(told)
        parts.append(f"缺（不是零）：{shown}" if zh else f"missing, not zero: {shown}")
    return ("；".join(parts) + "。") if zh else sentence("; ".join(parts)) + "."


def _alt(frame: pd.DataFrame, years: Sequence[int], language: str) -> str:
    zh = language == "zh"
    comma = "，" if zh else ", "
    blocks = []
    for field in dict.fromkeys(frame["wipo_field"]):
        part = frame[frame["wipo_field"] == field]
        items = []
        for code in dict.fromkeys(part["economy"]):
            counts = part[part["economy"] == code].set_index("year")["count"]
            ends = [number(counts[year], language) for year in (years[0], years[-1])]
            items.append(f"{short(code, language)} {ends[0]} → {ends[1]}")
        name = _FIELDS[field][language]
        blocks.append(f"{name}：{comma.join(items)}" if zh else f"{name}: {comma.join(items)}")
    if zh:
        lead = f"点线图，三个分图，授权专利族件数，{years[0]} 年 → {years[-1]} 年。"
        return lead + "；".join(blocks) + "。"
    lead = f"Dot plot in three panels, patent families granted, {years[0]} → {years[-1]}. "
    return lead + sentence("; ".join(blocks)) + "."


def _substitute(field: str) -> dict[str, str]:
    return {
        "zh": f"两个年份方向相同。专利族按 WIPO 第 {field} 领域统计，止于 2020 年，"
        "论文的主题和年份都不同，所以不能推翻论文",
        "en": f"Both years point the same way. WIPO field {field} to 2020 is neither the study’s "
        "topic nor its years, so this refutes nothing",
    }


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
