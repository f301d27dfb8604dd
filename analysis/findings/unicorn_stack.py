"""What Fig. 6 says: how the number of unicorns built up."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from analysis.indicators.unicorn_years import WORLD, is_complete
from analysis.phrases import percent

#: The economies of the text, whatever the figure draws.
TOLD = ("USA", "CHN", "EUU", "GBR", "IND")
#: From this year on the USA has many every year, says the study (its section 3.3).
_SINCE, _UNTIL = 2018, 2024
_MANY = 30
_CLUSTER = [2015, 2018, 2019, 2021]


def facts(
    joined: pd.DataFrame,
    founded: pd.DataFrame,
    list_day: datetime.date,
    earlier: pd.DataFrame,
) -> dict[str, tuple[float, str]]:
    """Return the facts of the text: id → (value, unit).

    `joined` and `founded` are `counts_by_year` of TOLD and the world over all years of a list, by
    the two kinds of year; `list_day` is that of `joined`. `earlier` counts by economy in an earlier
    list of the same compiler (economy, count).
    """
    world, usa = joined[WORLD], joined["USA"]
    peak, founded_peak = int(world.idxmax()), int(founded[WORLD].idxmax())
    full = _last_full(world, list_day)
    found: dict[str, tuple[float, str]] = {
        "unicorn_peak_year": (peak, "year"),
        "unicorn_peak_count": (int(world[peak]), "companies"),
        "unicorn_peak_usa": (int(usa[peak]), "companies"),
        "unicorn_peak_chn": (int(joined.loc[peak, "CHN"]), "companies"),
        "unicorn_peak_share": (100 * world[peak] / world.sum(), "percent"),
        "unicorn_peak_usa_share": (100 * usa[peak] / world[peak], "percent"),
        "founded_peak_year": (founded_peak, "year"),
        "founded_peak_count": (int(founded.loc[founded_peak, WORLD]), "companies"),
        "unicorn_last_full_year": (full, "year"),
        "unicorn_last_full_count": (int(world[full]), "companies"),
        "usa_min_since_2018": (int(usa.loc[_SINCE:full].min()), "companies"),
        "years_list_total": (int(world.sum()), "companies"),
        "eu_top_two_share": (_top_two(joined["EUU"]), "percent"),
        "years_list_chn_2023": (_count_in(earlier, "CHN"), "companies"),
    }
    for code in TOLD:
        found[f"years_list_{code.lower()}"] = (int(joined[code].sum()), "companies")
    return {id: (value, unit) for id, (value, unit) in found.items() if value == value}


def claims(
    joined: pd.DataFrame,
    founded: pd.DataFrame,
    list_day: datetime.date,
    earlier: pd.DataFrame,
) -> list[dict[str, Any]]:
    """Return the claims that the text makes of the stack, from counts as `facts` takes them."""
    world, usa, china = joined[WORLD], joined["USA"], joined["CHN"]
    peaks, founded_peaks = _largest(world, 1), _largest(founded[WORLD], 1)
    peak = int(world.idxmax())
    full = _last_full(world, list_day)
    after = world.loc[2023:]
    usa_since = usa.loc[_SINCE : min(full, _UNTIL)]
    before = _count_in(earlier, "CHN")
    largest = _largest(china, 4)
    return [
        {
            "id": "unicorns-peak-2021",
            "holds": peaks == [2021],
            "evidence": {"years with the most, WLD": peaks, "WLD": int(world[peak])},
            "fails_when": {
                "zh": "入榜最多的年份不是 2021 年",
                "en": "the year with the most is another than 2021",
            },
        },
        {
            "id": "usa-majority-of-peak",
            "holds": usa[peak] > world[peak] / 2,
            "evidence": {f"USA {peak}": int(usa[peak]), f"WLD {peak}": int(world[peak])},
            "fails_when": {
                "zh": "美国不到最高年份的一半",
                "en": "the USA has half of the peak year or less",
            },
        },
        {
            "id": "entries-below-quarter-of-peak",
            "holds": len(after) > 0 and bool((after < world[peak] / 4).all()),
            "evidence": {f"WLD {year}": int(count) for year, count in after.items()}
            | {f"WLD {peak}": int(world[peak])},
            "fails_when": {
                "zh": "2023 年以来有一年达到最高年份的四分之一",
                "en": "a year since 2023 has a quarter of the peak or more",
            },
        },
        {
            "id": "founding-peak-earlier",
            "holds": max(founded_peaks) <= min(peaks) - 5,
            "evidence": {"peak by founding year": founded_peaks, "peak by joining year": peaks},
            "fails_when": {
                "zh": "成立年份的高峰比入榜年份的高峰早不到五年",
                "en": "the peak of founding years is less than five years before that of joining",
            },
        },
        {
            "id": "china-cluster-years",
            "holds": largest == _CLUSTER,
            "evidence": {f"CHN {year}": int(china[year]) for year in largest},
            "fails_when": {
                "zh": "中国最多的四个年份不是 2015、2018、2019 和 2021 年",
                "en": "China’s four largest years are not 2015, 2018, 2019 and 2021",
            },
        },
        {
            "id": "eu-not-even",
            "holds": _top_two(joined["EUU"]) > 50,
            "evidence": {
                f"EUU {year}": int(joined["EUU"][year]) for year in _largest(joined["EUU"], 2)
            }
            | {"EUU in all": int(joined["EUU"].sum())},
            "fails_when": {
                "zh": "欧盟最多的两年之和不超过一半",
                "en": "the EU’s two largest years have half of all or less",
            },
        },
        {
            "id": "usa-many-every-year-since-2018",
            "holds": len(usa_since) > 0 and int(usa_since.min()) >= _MANY,
            "evidence": {f"USA {year}": int(count) for year, count in usa_since.items()},
            "fails_when": {
                "zh": f"2018—2024 年美国有一年不到 {_MANY} 家",
                "en": f"the USA has fewer than {_MANY} in a year of 2018–2024",
            },
        },
        {
            "id": "china-unicorns-below-2023",
            "holds": int(china.sum()) < before,
            "evidence": {"CHN on this list": int(china.sum()), "CHN, list of 2023": before},
            "fails_when": {
                "zh": "中国在榜单上的企业数不少于 2023 年的榜单",
                "en": "China has as many on the list as on that of 2023, or more",
            },
        },
    ]


def statements(joined: pd.DataFrame, founded: pd.DataFrame) -> list[dict[str, Any]]:
    """Return findings on what the study says of its Fig. 6.

    It says "founded" and shows 2007 to 2024; only the years of joining give its picture, so these
    are tested, and what the founding years give is said beside.
    """
    seen = joined.loc[2007:_UNTIL]
    other = founded.loc[:_UNTIL]
    world, usa, china, union = (seen[code] for code in (WORLD, "USA", "CHN", "EUU"))
    peaks, founded_peaks = _largest(world, 1), _largest(other[WORLD], 1)
    largest, founded_largest = _largest(china, 4), _largest(other["CHN"], 4)
    usa_since = usa.loc[_SINCE:_UNTIL]
    usa_founded = other["USA"].loc[_SINCE:_UNTIL]
    even, founded_even = _top_two(union), _top_two(other["EUU"])
    share = 100 * china[largest].sum() / china.sum()
    return [
        {
            "id": "unicorns-peak-2021",
            "agrees": peaks == [2021],
            "evidence": {
                "years with the most by joining": peaks,
                "years with the most by founding": founded_peaks,
                "WLD": int(world.max()),
            },
            "test": {
                "zh": "入榜的独角兽企业最多的年份就是 2021 年（按入榜年份）",
                "en": "2021 is the year in which more became unicorns than in any other",
            },
            "depends": {
                "zh": f"取决于年份的含义：按成立年份，最多的是 {_years(founded_peaks, 'zh')} 年",
                "en": f"On which year is meant: most were founded in {_years(founded_peaks, 'en')}",
            },
        },
        {
            "id": "unicorns-china-years",
            "agrees": largest == _CLUSTER,
            "evidence": {f"CHN {year}": int(china[year]) for year in largest}
            | {"their share, %": share},
            "test": {
                "zh": "中国入榜企业最多的四个年份正是这四年",
                "en": "These are the four years in which most of China’s became unicorns",
            },
            "depends": {
                "zh": f"这四年合占 {percent(share, 'zh')}；按成立年份，最多的是 "
                f"{_years(founded_largest, 'zh')} 年",
                "en": f"The four years together have {percent(share, 'en')}; by founding year the "
                f"largest are {_years(founded_largest, 'en')}",
            },
        },
        {
            "id": "unicorns-eu-even",
            "agrees": bool(even < 50),
            "evidence": {f"EUU {year}": int(union[year]) for year in _largest(union, 2)}
            | {"EUU in all": int(union.sum()), "two largest years, %": even},
            "test": {
                "zh": "“比较均匀”：欧盟最多的两年合计不到一半",
                "en": "“Fairly even”: the EU’s two largest years have less than half of all",
            },
            "depends": {
                "zh": f"最多的两年占 {percent(even, 'zh')}；按成立年份占 "
                f"{percent(founded_even, 'zh')}"
                + ("，这一读法下成立" if founded_even < 50 else ""),
                "en": f"The two largest years have {percent(even, 'en')}; by founding year "
                f"{percent(founded_even, 'en')}"
                + (", by which it would hold" if founded_even < 50 else ""),
            },
        },
        {
            "id": "unicorns-us-2018-2024",
            "agrees": bool(len(usa_since) == _UNTIL - _SINCE + 1 and usa_since.min() >= _MANY),
            "evidence": {f"USA {year}": int(count) for year, count in usa_since.items()},
            "test": {
                "zh": f"“大量”：2018—2024 年美国每年至少 {_MANY} 家",
                "en": f"“Many”: at least {_MANY} in every year of 2018–2024",
            },
            "depends": {
                "zh": f"最少的一年有 {int(usa_since.min())} 家，界限不高于此值都成立；"
                f"按成立年份，最少的一年只有 {int(usa_founded.min())} 家",
                "en": f"The smallest year has {int(usa_since.min())}, so any bound up to that "
                f"holds; by founding year the smallest has {int(usa_founded.min())}",
            },
        },
    ]  # fmt: skip


def _count_in(earlier: pd.DataFrame, code: str) -> int:
    return int(earlier.set_index("economy")["count"].get(code, 0))


def _last_full(world: pd.Series, list_day: datetime.date) -> int:
    return max(int(year) for year in world.index if is_complete(int(year), list_day))


def _largest(counts: pd.Series, number: int) -> list[int]:
    """Return the years with the largest counts, in order; more than `number` where they tie."""
    bound = counts.sort_values(ascending=False).iloc[number - 1]
    return [int(year) for year, count in counts.items() if count >= bound and count > 0]


def _top_two(counts: pd.Series) -> float:
    total = counts.sum()
    return float(100 * counts.nlargest(2).sum() / total) if total else float("nan")


def _years(years: list[int], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(map(str, years))
