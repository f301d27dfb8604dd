"""The words of Fig. 1: how the economies' industrial practice compares."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

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
from anew.figures.drawing import Words

#: What an axis is called in a sentence.
AXIS_NAMES = {
    "gdp": {"zh": "国内生产总值", "en": "GDP"},
    "digital_economy": {"zh": "数字经济规模", "en": "size of the digital economy"},
    "exports": {"zh": "数字服务出口", "en": "digital service exports"},
    "imports": {"zh": "数字服务进口", "en": "digital service imports"},
    "unicorns": {"zh": "独角兽企业数量", "en": "number of unicorns"},
    "valuation": {"zh": "独角兽企业估值", "en": "valuation of unicorns"},
}


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
