"""What Fig. 7 says: how much is spent on research and development."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.indicators.panel import crossing, growth_per_year, widened
from analysis.indicators.rd_expenditure import growth_in_own_currency
from analysis.phrases import percent

#: The economies of the text, whatever the figure draws.
TOLD = ("CHN", "USA", "EUU")
#: The first year of the study's figure; what the text says begins there too.
FIRST = 2014
#: Facts that are not there when the event is not.
EVENTS = ("rd_china_passes_eu_year", "rd_intensity_passes_eu_year")
#: Economies whose reporting of R&D intensity the text speaks of.
_LATE = ("GBR", "IND")


def facts(
    frame: pd.DataFrame, exchange_rate: pd.DataFrame, rd_share: pd.DataFrame
) -> dict[str, tuple[float, str]]:
    """Return the facts of the text from `rd_expenditure` of TOLD: id → (value, unit).

    `exchange_rate` is in yuan per US$, `rd_share` the table of R&D intensity (economy, year,
    value). A fact whose values are missing is not stated.
    """
    spent, share = widened(frame, "rd_expenditure"), widened(frame, "rd_share")
    first, last = int(spent.index[0]), int(spent.index[-1])
    end, start = spent.loc[last], spent.loc[first]
    found: dict[str, tuple[float | None, str]] = {
        "rd_first_year": (first, "year"),
        "rd_last_year": (last, "year"),
    }
    for code in TOLD:
        low = code.lower()
        found[f"rd_{low}"] = (end[code], "usd")
        found[f"rd_{low}_first"] = (start[code], "usd")
        found[f"rd_growth_{low}"] = (growth_per_year(spent[code]), "percent")
        found[f"rd_intensity_{low}"] = (share.loc[last, code], "percent_2")
        found[f"rd_intensity_{low}_first"] = (share.loc[first, code], "percent_2")
    found |= {
        "rd_chn_usa_first": (100 * start["CHN"] / start["USA"], "percent"),
        "rd_chn_usa": (100 * end["CHN"] / end["USA"], "percent"),
        "rd_chn_euu": (100 * end["CHN"] / end["EUU"], "percent"),
        "rd_chn_times": (end["CHN"] / start["CHN"], "ratio"),
        "rd_gap_first": (start["USA"] - start["CHN"], "usd"),
        "rd_gap": (end["USA"] - end["CHN"], "usd"),
        "rd_china_passes_eu_year": (_year(spent, "CHN", "EUU"), "year"),
        "rd_intensity_passes_eu_year": (_year(share, "CHN", "EUU"), "year"),
    }
    for code in _LATE:
        found[f"rd_share_last_{code.lower()}"] = (_reported(rd_share, code), "year")
    if last > first:
        found["rd_last_growth_usd"] = (_growth_usd(spent["CHN"]), "percent")
        own = growth_in_own_currency(frame, exchange_rate, "CHN", last)
        found["rd_last_growth_cny"] = (own, "percent")
    return {id: (value, unit) for id, (value, unit) in found.items() if _known(value)}


def claims(
    frame: pd.DataFrame,
    exchange_rate: pd.DataFrame,
    rd_share: pd.DataFrame,
    nearby: pd.DataFrame,
) -> list[dict[str, Any]]:
    """Return the claims that the text makes of R&D expenditure, from what `facts` takes.

    `frame` is of TOLD over the figure's years; `nearby` holds Ireland and Germany in its last year.
    """
    spent, share = widened(frame, "rd_expenditure"), widened(frame, "rd_share")
    first, last = int(spent.index[0]), int(spent.index[-1])
    end, start = spent.loc[last], spent.loc[first]
    growth = {code: growth_per_year(spent[code]) for code in TOLD}
    event = crossing(spent["CHN"], spent["EUU"])
    ratio, ratio_first = 100 * end["CHN"] / end["USA"], 100 * start["CHN"] / start["USA"]
    gap, gap_first = end["USA"] - end["CHN"], start["USA"] - start["CHN"]
    usd = _growth_usd(spent["CHN"])
    own = growth_in_own_currency(frame, exchange_rate, "CHN", last) if last > first else usd
    near = nearby.set_index("economy")["rd_expenditure"]
    india = _reported(rd_share, "IND")
    return [
        {
            "id": "china-rd-passes-eu",
            "holds": event is not None,
            "evidence": _values(spent, ["CHN", "EUU"], _around(event, first, last)),
            "fails_when": {
                "zh": "中国各年都高于欧盟、末年不高于欧盟，或末年缺数据",
                "en": "China is above the EU in every year, is not above it in the last, "
                "or the last year is missing",
            },
        },
        {
            "id": "china-rd-about-half-of-usa",
            "holds": 45 <= ratio <= 55,
            "evidence": _values(spent, ["CHN", "USA"], [last]) | {"CHN / USA, %": ratio},
            "fails_when": {
                "zh": "中国末年不在美国的 45%—55% 之间",
                "en": "China’s is outside 45–55% of the USA’s in the last year",
            },
        },
        {
            "id": "rd-gap-wider-though-ratio-higher",
            "holds": gap > gap_first and ratio > ratio_first,
            "evidence": {
                f"USA - CHN {first}": gap_first,
                f"USA - CHN {last}": gap,
                f"CHN / USA {first}, %": ratio_first,
                f"CHN / USA {last}, %": ratio,
            },
            "fails_when": {
                "zh": "美中之差没有扩大，或中国与美国之比没有提高",
                "en": "the difference does not widen, or the ratio does not rise",
            },
        },
        {
            "id": "china-rd-grew-fastest",
            "holds": growth["CHN"] > growth["USA"] > growth["EUU"],
            "evidence": {f"growth per year {code}, %": growth[code] for code in TOLD},
            "fails_when": {
                "zh": "年均增速的次序不是中国、美国、欧盟",
                "en": "average yearly growth is not in the order China, USA, EU",
            },
        },
        {
            "id": "china-rd-more-than-doubled",
            "holds": end["CHN"] > 2 * start["CHN"],
            "evidence": _values(spent, ["CHN"], [first, last]),
            "fails_when": {
                "zh": "中国末年不到首年的两倍",
                "en": "China’s in the last year is twice the first year’s or less",
            },
        },
        {
            "id": "china-intensity-between",
            "holds": share.loc[last, "EUU"] < share.loc[last, "CHN"] < share.loc[last, "USA"],
            "evidence": {f"rd_share {code} {last}, %": share.loc[last, code] for code in TOLD},
            "fails_when": {
                "zh": "中国的研发强度不在欧盟与美国之间",
                "en": "China’s R&D intensity is not between the EU’s and the USA’s",
            },
        },
        {
            "id": "india-rd-share-lags",
            "holds": india is not None and india < last,
            "evidence": {"last year of rd_share, IND": india, "last year of the figure": last},
            "fails_when": {
                "zh": "印度的研发强度报到了图的末年",
                "en": "India’s R&D intensity is reported up to the figure’s last year",
            },
        },
        {
            "id": "rd-growth-higher-in-yuan",
            "holds": own > usd,
            "evidence": {f"CHN {last}, % in CNY": own, f"CHN {last}, % in US$": usd},
            "fails_when": {
                "zh": "按人民币计的末年增速不高于按美元计的增速",
                "en": "growth in the last year is not higher in yuan than in US$",
            },
        },
        {
            "id": "ireland-rd-below-tenth-of-germany",
            "holds": near["IRL"] < near["DEU"] / 10,
            "evidence": {f"{code} {last}, US$": near[code] for code in ("IRL", "DEU")},
            "fails_when": {
                "zh": "爱尔兰的研发支出不低于德国的十分之一",
                "en": "Ireland’s R&D expenditure is a tenth of Germany’s or more",
            },
        },
    ]


def statements(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return findings on what the study says of its Fig. 7, from `rd_expenditure` of TOLD."""
    spent = widened(frame, "rd_expenditure")
    first, last = int(spent.index[0]), int(spent.index[-1])
    end, start = spent.loc[last], spent.loc[first]
    growth = growth_per_year(spent["CHN"])
    to_eu, to_usa = end["CHN"] / end["EUU"], end["CHN"] / end["USA"]
    at_all = {code: 100 * (end[code] / start[code] - 1) for code in TOLD}
    return [
        {
            "id": "rd-china-near-eu",
            "agrees": bool(
                at_all["CHN"] > max(at_all["USA"], at_all["EUU"]) and abs(to_eu - 1) <= 0.25
            ),
            "evidence": _values(spent, ["CHN", "EUU"], [first, last])
            | {"CHN / EUU": to_eu, "growth per year CHN, %": growth},
            "test": {
                "zh": f"“增长迅速”：{first}—{last} 年的增幅大于美国和欧盟；"
                "“接近”：末年与欧盟相差不超过 25%",
                "en": f"“Fast”: the growth of {first}–{last} exceeds that of the USA and of the "
                "EU. “Close”: within 25% of the EU’s in the last year",
            },
            "depends": {
                "zh": f"取决于多近算“接近”：末年中国是欧盟的 {percent(100 * to_eu, 'zh')}，"
                f"界限窄于 {percent(100 * abs(to_eu - 1), 'zh')} 则不成立"
                + ("；而且中国已高于欧盟" if to_eu > 1 else ""),
                "en": f"On what is close: China’s is {percent(100 * to_eu, 'en')} of the EU’s; a "
                f"margin under {percent(100 * abs(to_eu - 1), 'en')} would fail"
                + (", and China is above the EU" if to_eu > 1 else ""),
            },
        },
        {
            "id": "rd-us-far-ahead",
            "agrees": bool(to_usa < 2 / 3),
            "evidence": _values(spent, ["CHN", "USA"], [first, last]) | {"CHN / USA": to_usa},
            "test": {
                "zh": "“较大差距”：末年中国不到美国的三分之二",
                "en": "“Far below”: less than two thirds of the USA’s in the last year",
            },
            "depends": {
                "zh": f"“较大”的界限：末年中国是美国的 {percent(100 * to_usa, 'zh')}，"
                "界限高于此值都成立",
                "en": f"On what is far: China’s is {percent(100 * to_usa, 'en')} of the USA’s; any "
                "bound above that gives the same",
            },
        },
    ]  # fmt: skip


def _year(wide: pd.DataFrame, leader: str, other: str) -> int | None:
    event = crossing(wide[leader], wide[other])
    return event.year if event else None


def _reported(rd_share: pd.DataFrame, code: str) -> int | None:
    """Return the last year for which an economy's intensity is in the table; None without any."""
    years = rd_share.loc[(rd_share["economy"] == code) & rd_share["value"].notna(), "year"]
    return int(years.max()) if len(years) else None


def _growth_usd(series: pd.Series) -> float:
    if len(series) < 2:
        return float("nan")
    return float(100 * (series.iloc[-1] / series.iloc[-2] - 1))


def _around(event: Any, first: int, last: int) -> list[int]:
    return [event.after, event.year, last] if event else [first, last]


def _values(wide: pd.DataFrame, codes: list[str], years: list[int]) -> dict[str, float]:
    return {
        f"{code} {year}, US$": float(wide.loc[year, code])
        for code in codes
        for year in dict.fromkeys(years)
    }


def _known(value: float | None) -> bool:
    return value is not None and value == value
