"""What Fig. 5 says: when each economy's unicorns arose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.indicators.unicorn_years import share_before
from analysis.phrases import percent

#: The economies of the text, whatever the figure draws.
TOLD = ("CHN", "USA", "EUU", "GBR", "IND")
#: The first year of the study's figure.
FIRST = 2014
#: The study divides early from late here (its section 3.3).
SPLIT = 2019
#: Recent years, in the study's words, begin here: after the peak.
RECENT = 2022
_PEAK = 2021


def facts(
    joined: pd.DataFrame, founded: pd.DataFrame, list_year: int
) -> dict[str, tuple[float, str]]:
    """Return the facts of the text: id → (value, unit).

    `joined` and `founded` are `counts_by_year` of TOLD by the two kinds of year from FIRST on,
    `list_year` is that of the list of joining years.
    """
    found: dict[str, tuple[float, str]] = {
        "years_list_year": (list_year, "year"),
        "joined_first_year": (int(joined.index[0]), "year"),
    }
    for code in TOLD:
        low = code.lower()
        total = joined[code].sum()
        found[f"joined_before_2019_{low}"] = (share_before(joined[code], SPLIT), "percent")
        found[f"founded_before_2019_{low}"] = (share_before(founded[code], SPLIT), "percent")
        found[f"joined_since_2022_{low}"] = (_share_since(joined[code], RECENT), "percent")
        if _PEAK in joined.index and total:
            found[f"joined_share_2021_{low}"] = (100 * joined.loc[_PEAK, code] / total, "percent")
    found["gap_joined"] = (_gap(joined), "points")
    found["gap_founded"] = (_gap(founded), "points")
    return {id: (value, unit) for id, (value, unit) in found.items() if value == value}


def claims(
    joined: pd.DataFrame, founded: pd.DataFrame, lists: Mapping[str, pd.DataFrame]
) -> list[dict[str, Any]]:
    """Return the claims that the text makes of the years, from counts as `facts` takes them.

    `lists` are as `statements` takes them.
    """
    early = {code: share_before(joined[code], SPLIT) for code in TOLD}
    late = {code: _share_since(joined[code], RECENT) for code in TOLD}
    peaks = {code: _peaks(joined[code]) for code in TOLD}
    gap_joined, gap_founded = _gap(joined), _gap(founded)
    readings = {
        f"CHN before 2019, {name}, {years}, %": share_before(counts, SPLIT)
        for name, wide in sorted(lists.items())
        for years, counts in (
            ("all years", wide["CHN"]), (f"since {FIRST}", wide.loc[FIRST:, "CHN"]),
        )
    }  # fmt: skip
    founded_early = {code: share_before(founded[code], SPLIT) for code in TOLD}
    return [
        {
            "id": "china-unicorns-joined-early",
            "holds": early["CHN"] > 4 * early["USA"],
            "evidence": {f"{code} before 2019, %": early[code] for code in ("CHN", "USA")},
            "fails_when": {
                "zh": "中国 2019 年前的占比不超过美国的四倍",
                "en": "China’s share before 2019 is four times the USA’s or less",
            },
        },
        {
            "id": "usa-unicorns-joined-late",
            "holds": late["USA"] > 2 * late["CHN"],
            "evidence": {f"{code} since 2022, %": late[code] for code in ("USA", "CHN")},
            "fails_when": {
                "zh": "美国 2022 年以来的占比不超过中国的两倍",
                "en": "the USA’s share since 2022 is twice China’s or less",
            },
        },
        {
            "id": "china-before-2019-at-least-half",
            "holds": early["CHN"] >= 50,
            "evidence": {
                "CHN before 2019": int(joined.loc[joined.index < SPLIT, "CHN"].sum()),
                "CHN in all": int(joined["CHN"].sum()),
                "CHN before 2019, %": early["CHN"],
            },
            "fails_when": {
                "zh": "中国 2019 年前的占比不到 50%",
                "en": "China’s share before 2019 is less than 50%",
            },
        },
        {
            "id": "half-before-2019-hangs-on-list",
            "holds": any(share < 50 for share in readings.values())
            and any(share >= 50 for share in readings.values()),
            "evidence": readings,
            "fails_when": {
                "zh": "无论哪份榜单、从哪一年算起，中国 2019 年前的占比都在一半的同一边",
                "en": "by every list and first year China’s share before 2019 is on the same side "
                "of one half",
            },
        },
        {
            "id": "unicorns-founded-early-everywhere",
            "holds": all(share >= 200 / 3 for share in founded_early.values()),
            "evidence": {f"{code} founded before 2019, %": s for code, s in founded_early.items()},
            "fails_when": {
                "zh": "五个经济体中有一个，2019 年前成立的不到三分之二",
                "en": "in one of the five less than two thirds were founded before 2019",
            },
        },
        {
            "id": "founding-year-blurs-contrast",
            "holds": abs(gap_founded) < gap_joined / 4,
            "evidence": {
                "CHN - USA before 2019 by joining year, points": gap_joined,
                "CHN - USA before 2019 by founding year, points": gap_founded,
            },
            "fails_when": {
                "zh": "按成立年份计算的中美差距不小于按入榜年份的四分之一",
                "en": "by founding year the gap is a quarter of that by joining year or more",
            },
        },
        {
            "id": "year-2021-largest-everywhere",
            "holds": all(years == [_PEAK] for years in peaks.values()),
            "evidence": {f"{code} largest year": years for code, years in peaks.items()},
            "fails_when": {
                "zh": "五个经济体中有一个的最大年份不是 2021 年",
                "en": "one of the five has its largest year in another year than 2021",
            },
        },
    ]


def statements(
    lists: Mapping[str, pd.DataFrame], founded: pd.DataFrame, current: str
) -> list[dict[str, Any]]:
    """Return the finding on what the study says of its Fig. 5.

    `lists` holds `counts_by_year` of TOLD over all years of every list with joining years, by
    vintage; `current` is the vintage of this edition; `founded` counts by founding year.
    """
    own = lists[current]
    since = own.loc[FIRST:]
    early, late = share_before(since["CHN"], SPLIT), _share_since(since["USA"], RECENT)
    late_china = _share_since(since["CHN"], RECENT)
    by_list = {
        name: (share_before(wide["CHN"], SPLIT), share_before(wide.loc[FIRST:, "CHN"], SPLIT))
        for name, wide in sorted(lists.items())
    }
    by_founding = share_before(founded.loc[FIRST:, "CHN"], SPLIT)
    return [
        {
            "id": "unicorns-china-before-2019",
            "agrees": bool(early >= 50 and late >= 2 * late_china),
            "evidence": {
                "CHN before 2019, %": early,
                "USA since 2022, %": late,
                "CHN since 2022, %": late_china,
                **{
                    f"CHN before 2019, {name}, all years, %": every
                    for name, (every, _) in by_list.items()
                },
                "CHN before 2019 by founding year, %": by_founding,
            },
            "test": {
                "zh": "“主要”：2014 年以来入榜的中国独角兽企业中，2019 年以前的至少占一半；"
                "“高位”：美国 2022 年以来的占比至少是中国的两倍",
                "en": "“Mainly”: at least half of China’s since 2014 became unicorns before 2019. "
                "“Stay high”: the USA’s share since 2022 is at least twice China’s",
            },
            "depends": {
                "zh": "取决于榜单、起始年份和年份的含义："
                + "；".join(
                    f"{_list_name(name, 'zh')}榜单全部年份为 {percent(every, 'zh')}、"
                    f"2014 年以来为 {percent(late_only, 'zh')}"
                    for name, (every, late_only) in by_list.items()
                )
                + f"；按成立年份为 {percent(by_founding, 'zh')}",
                "en": "On the list, the first year and which year is meant: "
                + "; ".join(
                    f"list of {_list_name(name, 'en')}: {percent(every, 'en')} over all years, "
                    f"{percent(late_only, 'en')} since 2014"
                    for name, (every, late_only) in by_list.items()
                )
                + f"; by founding year {percent(by_founding, 'en')}",
            },
        }
    ]


def _share_since(counts: pd.Series, year: int) -> float:
    early = share_before(counts, year)
    return 100 - early if early == early else early


def _gap(wide: pd.DataFrame) -> float:
    return share_before(wide["CHN"], SPLIT) - share_before(wide["USA"], SPLIT)


def _peaks(counts: pd.Series) -> list[int]:
    """Return the year of the largest count, or the years that share it; none without any."""
    top = counts.max()
    return [int(year) for year, count in counts.items() if count == top] if top else []


def _list_name(vintage: str, language: str) -> str:
    """Return when a list is of, from a vintage's name: 2024 年 12 月; December 2024."""
    from analysis.phrases import month

    return month(vintage.split("_")[0], language)
