"""The study's statements on its Fig. 3, held against the data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.findings.service_exports import SIX, UNION, cells, shares
from analysis.findings.wording import percent_range
from analysis.indicators.panel import crossing, ranked
from analysis.labels import short
from analysis.phrases import percent


def statements(ict: pd.DataFrame, deliverable: pd.DataFrame) -> list[dict[str, Any]]:
    """Return findings on what the study says of its Fig. 3, in the years that it names.

    They do not hang on the years that the figure draws: the study's end in 2022.
    """
    wide = shares(ict, "ict_services").drop(columns=UNION, errors="ignore")
    other = shares(deliverable, "digitally_deliverable").drop(columns=UNION, errors="ignore")
    row, row_other = wide.loc[2022], other.loc[2022]
    order, order_other = ranked(row)[:6], ranked(row_other)[:6]
    event = crossing(wide.loc[2013:2022, "IRL"], wide.loc[2013:2022, "IND"])
    leads = all(ranked(wide.loc[year])[:1] == ["IRL"] for year in range(2018, 2023))
    china, china_other = wide.loc[2018:2022, "CHN"], other.loc[2018:2022, "CHN"]
    india = wide.loc[2016:2022, "IND"]
    fall = 100 * (india[2022] / india[2016] - 1)
    lowest = 100 * (india.min() / india[2016] - 1)
    fall_other = 100 * (other.loc[2022, "IND"] / other.loc[2016, "IND"] - 1)
    change = {c: 100 * (wide.loc[2022, c] / wide.loc[2013, c] - 1) for c in ("CHN", "USA", "FRA")}
    points = {c: wide.loc[2022, c] - wide.loc[2013, c] for c in ("CHN", "USA", "FRA")}
    seen = {language: _listed_in_order(order, language) for language in ("zh", "en")}
    seen_other = {language: _listed_in_order(order_other, language) for language in ("zh", "en")}
    return [
        {
            "id": "exports-top6-2022",
            "agrees": order == list(SIX),
            "evidence": cells(wide, order, [2022]),
            "test": {
                "zh": "表中各单个经济体 2022 年 ICT 服务出口份额的前六位及其次序",
                "en": "The first six single economies of the table by share of ICT service exports "
                "in 2022, and their order",
            },
            "depends": {
                "zh": f"取决于口径：按 ICT 服务依次为{seen['zh']}；按可数字化交付服务依次为"
                f"{seen_other['zh']}。表中只有 {len(row)} 个单个经济体，未列入的可能更靠前",
                "en": f"On the measure: by ICT services {seen['en']}; by digitally deliverable "
                f"services {seen_other['en']}. The table has only {len(row)} single economies; "
                "others may rank among the first",
            },
        },
        {
            "id": "exports-ireland-passes-india",
            "agrees": event is not None and event.year == 2018 and leads,
            "evidence": cells(wide, ["IRL", "IND"], [2016, 2017, 2018, 2022])
            | {"year of the crossing": event.year if event else None},
            "test": {
                "zh": "爱尔兰的份额在 2018 年首次高于印度并一直保持，"
                "且 2018—2022 年居表中单个经济体首位",
                "en": "Ireland’s share rises above India’s for good in 2018, and it is the "
                "largest of the table’s single economies in 2018–2022",
            },
            "depends": {
                "zh": "取决于数据来源：这一序列中反超的年份"
                + (f"是 {event.year} 年" if event else "不存在")
                + f"；2018—2022 年居首{'成立' if leads else '不成立'}",
                "en": "On the source: in this series "
                + (f"the year is {event.year}" if event else "there is no such year")
                + f"; that Ireland is first in 2018–2022 {'holds' if leads else 'does not hold'}",
            },
        },
        {
            "id": "exports-china-8-9",
            "agrees": bool(((china >= 7.5) & (china < 9.5)).all()),
            "evidence": {f"CHN {year}, %": share for year, share in china.items()},
            "test": {
                "zh": "2018—2022 年各年，中国的份额取整后为 8% 或 9%",
                "en": "In every year of 2018–2022 China’s share rounds to 8% or 9%",
            },
            "depends": {
                "zh": f"取决于口径：ICT 服务 {percent_range(china, 'zh')}，"
                f"可数字化交付服务 {percent_range(china_other, 'zh')}",
                "en": f"On the measure: ICT services {percent_range(china, 'en')}, digitally "
                f"deliverable services {percent_range(china_other, 'en')}",
            },
        },
        {
            "id": "exports-india-falls",
            "agrees": bool(fall <= -10),
            "evidence": cells(wide, ["IND"], [2016, int(india.idxmin()), 2022])
            | {"change 2016-2022, %": fall},
            "test": {
                "zh": "“明显”：印度 2022 年的份额比 2016 年至少低一成",
                "en": "“Clearly”: India’s share in 2022 is at least a tenth below that of 2016",
            },
            "depends": {
                "zh": f"取决于终点与界限：到 2022 年为 {percent(fall, 'zh')}，到最低的 "
                f"{int(india.idxmin())} 年为 {percent(lowest, 'zh')}；按可数字化交付服务，"
                f"2016—2022 年为 {percent(fall_other, 'zh')}",
                "en": f"On the end and the bound: {percent(fall, 'en')} to 2022, "
                f"{percent(lowest, 'en')} to the lowest year, {int(india.idxmin())}; by digitally "
                f"deliverable services {percent(fall_other, 'en')} from 2016 to 2022",
            },
        },
        {
            "id": "exports-stable",
            "agrees": all(abs(value) <= 20 for value in change.values()),
            "evidence": cells(wide, ["CHN", "USA", "FRA"], [2013, 2022]),
            "test": {
                "zh": "“稳定”：2013—2022 年三者份额的变化都不超过起点的两成",
                "en": "“Stable”: none of the three shares ends more than a fifth away from where "
                "it was, 2013 to 2022",
            },
            "depends": {
                "zh": "相对变化：" + _changes(change, "%", "zh")
                + "；按百分点算都不大：" + _changes(points, "", "zh"),
                "en": "Relative to its own size: " + _changes(change, "%", "en")
                + "; in percentage points the changes are small: " + _changes(points, "", "en"),
            },
        },
    ]  # fmt: skip


def _changes(values: dict[str, float], sign: str, language: str) -> str:
    items = [
        f"{short(code, language)} {percent(value, language)[: None if sign else -1]}"
        for code, value in values.items()
    ]
    return ("、" if language == "zh" else ", ").join(items)


def _listed_in_order(codes: list[str], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(short(code, language) for code in codes)
