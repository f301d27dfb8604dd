"""What Fig. 7 says: how much is spent on research and development."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.findings.passing import gap_note, passed, when
from analysis.indicators.panel import crossing, gaps, growth_per_year, panel, ranked
from analysis.indicators.rd_expenditure import growth_in_own_currency
from analysis.labels import in_text, possessive, short
from analysis.phrases import money, number, percent
from anew.drawing import Words

#: The economies of the text, whatever the figure draws.
TOLD = ("CHN", "USA", "EUU")


def facts(frame: pd.DataFrame, exchange_rate: pd.DataFrame) -> dict[str, tuple[float, str]]:
    """Return the facts of the text from `rd_expenditure` of TOLD: id → (value, unit).

    `exchange_rate` is in yuan per US$. A fact whose values are missing is not stated.
    """
    spent, share = _wide(frame), _wide(frame, "rd_share")
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
    if last > first:
        found["rd_last_growth_usd"] = (_growth_usd(spent["CHN"]), "percent")
        own = growth_in_own_currency(frame, exchange_rate, "CHN", last)
        found["rd_last_growth_cny"] = (own, "percent")
    return {id: (value, unit) for id, (value, unit) in found.items() if _known(value)}


def claims(
    frame: pd.DataFrame, exchange_rate: pd.DataFrame, nearby: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return the claims that the text makes of R&D expenditure.

    `frame` is of TOLD over the figure's years; `nearby` holds Ireland and Germany in its last year.
    """
    spent, share = _wide(frame), _wide(frame, "rd_share")
    first, last = int(spent.index[0]), int(spent.index[-1])
    end, start = spent.loc[last], spent.loc[first]
    growth = {code: growth_per_year(spent[code]) for code in TOLD}
    event = crossing(spent["CHN"], spent["EUU"])
    ratio, ratio_first = 100 * end["CHN"] / end["USA"], 100 * start["CHN"] / start["USA"]
    gap, gap_first = end["USA"] - end["CHN"], start["USA"] - start["CHN"]
    usd = _growth_usd(spent["CHN"])
    own = growth_in_own_currency(frame, exchange_rate, "CHN", last) if last > first else usd
    near = nearby.set_index("economy")["rd_expenditure"]
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
    spent = _wide(frame)
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
                "zh": f"“接近”的界限：末年中国是欧盟的 {percent(100 * to_eu, 'zh')}，"
                f"界限窄于 {percent(100 * abs(to_eu - 1), 'zh')} 时不成立；而且中国已高于欧盟",
                "en": f"On what is close: China’s is {percent(100 * to_eu, 'en')} of the EU’s, so a "
                f"margin under {percent(100 * abs(to_eu - 1), 'en')} would fail; "
                "and China is above the EU" if to_eu > 1 else
                f"On what is close: China’s is {percent(100 * to_eu, 'en')} of the EU’s",
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


def words(frame: pd.DataFrame) -> dict[str, Words]:
    """Return title, measure, note and alternative text for the economies that `frame` has."""
    wide = _wide(frame)
    return {
        "zh": Words(
            title=_title(wide, "zh"),
            measure="研发支出，现价，亿美元",
            note=_note(wide, "zh"),
            alt=_alt(wide, "zh"),
        ),
        "en": Words(
            title=_title(wide, "en"),
            measure="R&D expenditure, current US$ billion",
            note=_note(wide, "en"),
            alt=_alt(wide, "en"),
        ),
    }


def _title(wide: pd.DataFrame, language: str) -> str:
    """Return the finding on the first economy: whom it passed, and how far it is from the first."""
    known = wide.dropna(how="all")
    if known.empty:
        return "所选年份没有研发支出数据" if language == "zh" else "No R&D figures for these years"
    last = int(known.index[-1])
    order = ranked(known.loc[last])
    focus = next(code for code in map(str, wide.columns) if code in order)
    if len(order) == 1:
        return _alone(wide[focus].dropna(), focus, language)
    event = passed(wide.loc[:last], focus)
    clause = ""
    if event:
        time = when(event.crossing, language)
        if language == "zh":
            clause = f"{in_text(event.leader, 'zh')}研发支出{_spaced(time)}超过{in_text(event.other, 'zh')}"
        else:
            clause = (
                f"{in_text(event.leader, 'en', start=True)} passes {in_text(event.other, 'en')} "
                f"in R&D expenditure {time}"
            )
    return _with_rank(clause, event, focus, order, known.loc[last], last, language)


def _with_rank(
    clause: str, event: Any, focus: str, order: list[str], end: pd.Series, last: int, language: str
) -> str:
    """Return the title: what the focus passed or what passed it, then where it stands at the end."""
    said, on_what = _standing(focus, order, end, language)
    own = event is None or event.leader == focus  # does the clause have the focus as its subject?
    if language == "zh":
        if not clause:
            return f"{last} 年{in_text(focus, 'zh')}研发支出{said}"
        return (
            f"{clause}，{last} 年{said}"
            if own
            else f"{clause}；{last} 年{in_text(focus, 'zh')}{said}"
        )
    if not clause:
        return f"{in_text(focus, 'en', start=True)} {on_what} in {last}"
    return f"{clause} and {said}" if own else f"{clause}; {in_text(focus, 'en')} {said}"


def _standing(focus: str, order: list[str], end: pd.Series, language: str) -> tuple[str, str]:
    """Return where the focus stands among all, twice: after R&D was named, and naming it."""
    top, second = order[0], order[1]
    value = {code: float(end[code]) for code in order}
    if focus != top and value[focus] == value[top]:
        top, second = focus, top
    if focus == top:
        rival = in_text(second, language)
        if value[top] == value[second]:
            if language == "zh":
                return (f"与{rival}并列最高",) * 2
            return f"spends as much as {rival}", f"spends as much on R&D as {rival}"
        times = value[top] / value[second]
        if times >= 2:
            if language == "zh":
                return (f"是第二位{rival}的 {number(times, 'zh', 1)} 倍",) * 2
            much = f"{number(times, 'en', 1)} times as much"
            return f"spends {much} as {rival}", f"spends {much} on R&D as {rival}"
        more = percent(100 * (times - 1), language)
        if language == "zh":
            return (f"比第二位的{rival}高 {more}",) * 2
        return f"spends {more} more than {rival}", f"spends {more} more on R&D than {rival}"
    share = percent(100 * value[focus] / value[top], language)
    rival = in_text(top, language)
    if language == "zh":
        return (f"相当于{rival}的 {share}",) * 2
    said = f"spends {share} of what {rival} does"
    return said, f"{said} on R&D"


def _alone(series: pd.Series, focus: str, language: str) -> str:
    first, last = int(series.index[0]), int(series.index[-1])
    amount = money(float(series[last]), language)
    times = float(series[last]) / float(series[first])
    if language == "zh":
        text = f"{in_text(focus, 'zh')} {last} 年研发支出 {amount}"
        return text if first == last else f"{text}，是 {first} 年的 {number(times, 'zh', 1)} 倍"
    text = f"{in_text(focus, 'en', start=True)} spent {amount} on R&D in {last}"
    return (
        text if first == last else f"{text}, {number(times, 'en', 1)} times as much as in {first}"
    )


def _note(wide: pd.DataFrame, language: str) -> str:
    text = {
        "zh": "研发支出等于 GDP 乘以研发支出占 GDP 的比例；按各年汇率折成美元，汇率变动也会使曲线升降。",
        "en": "GDP times R&D expenditure as % of GDP. Converted at each year’s exchange rate, "
        "which moves the lines too.",
    }[language]
    gap = gap_note(gaps(wide), language)
    return f"{text}{' ' if language == 'en' and gap else ''}{gap}"


def _alt(wide: pd.DataFrame, language: str) -> str:
    first, last = int(wide.index[0]), int(wide.index[-1])
    parts = []
    for code in map(str, wide.columns):
        known = wide[code].dropna()
        if known.empty:
            continue
        a, b = int(known.index[0]), int(known.index[-1])
        start, end = money(float(known[a]), language), money(float(known[b]), language)
        if language == "zh":
            parts.append(f"{short(code, 'zh')} {a} 年 {start}，{b} 年 {end}")
        else:
            parts.append(f"{short(code, 'en')} {start} in {a} and {end} in {b}")
    event = passed(wide)
    gap = gap_note(gaps(wide), language)
    if language == "zh":
        text = f"折线图，{first}—{last} 年研发支出：{'；'.join(parts)}。"
        if event:
            text += (
                f"{in_text(event.leader, 'zh')}{_spaced(when(event.crossing, 'zh'))}"
                f"超过{in_text(event.other, 'zh')}。"
            )
        return text + gap
    text = f"Line chart of R&D expenditure, {first} to {last}: {'; '.join(parts)}."
    if event:
        text += (
            f" {possessive(event.leader, 'en', start=True)} line passes "
            f"{possessive(event.other, 'en')} {when(event.crossing, 'en')}."
        )
    return f"{text} {gap}".rstrip()


def _wide(frame: pd.DataFrame, column: str = "rd_expenditure") -> pd.DataFrame:
    economies = list(dict.fromkeys(frame["economy"]))
    return panel(frame, economies, sorted(set(frame["year"])), column)


def _year(wide: pd.DataFrame, leader: str, other: str) -> int | None:
    event = crossing(wide[leader], wide[other])
    return event.year if event else None


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


def _spaced(text: str) -> str:
    """Return Chinese text that begins with a figure with the space that sets it off."""
    return f" {text}" if text[:1].isdigit() else text


def _known(value: float | None) -> bool:
    return value is not None and value == value
