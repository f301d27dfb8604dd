"""The words of Fig. 4: in which technologies China leads, trails or matches."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.labels import enumeration, in_text, listed, short
from analysis.phrases import number, sentence, word_for
from anew.figures.drawing import Words

#: Field names in a sentence.
_FIELDS = {
    3: {"zh": "电信", "en": "telecommunications"},
    4: {"zh": "数字通信", "en": "digital communication"},
    5: {"zh": "基础通信", "en": "basic communication"},
    6: {"zh": "计算机技术", "en": "computer technology"},
    7: {"zh": "管理用信息技术方法", "en": "IT methods for management"},
    8: {"zh": "半导体", "en": "semiconductors"},
}


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
