"""The words of Fig. 7: how much is spent on research and development."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.findings.passing import passed
from analysis.findings.wording import gap_note, spaced, when
from analysis.indicators.panel import gaps, ranked, widened
from analysis.labels import in_text, possessive, short
from analysis.phrases import money, number, percent
from anew.figures.drawing import Words


def words(frame: pd.DataFrame) -> dict[str, Words]:
    """Return title, measure, note and alternative text for the economies that `frame` has."""
    wide = widened(frame, "rd_expenditure")
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
    """Return the finding on the first economy: whom it passed, and how far it is from the first.

    It is of the last year that this economy has; the first economy with a figure is taken.
    """
    known = wide.dropna(how="all")
    if known.empty:
        return "所选年份没有研发支出数据" if language == "zh" else "No R&D figures for these years"
    focus = next(code for code in map(str, wide.columns) if wide[code].notna().any())
    last = int(wide[focus].dropna().index[-1])
    order = ranked(known.loc[last])
    if len(order) == 1:
        return _alone(wide[focus].dropna(), focus, language)
    event = passed(wide.loc[:last], focus)
    clause = ""
    if event:
        time = when(event.crossing, language)
        if language == "zh":
            leader, other = in_text(event.leader, "zh"), in_text(event.other, "zh")
            clause = f"{leader}研发支出{spaced(time)}超过{other}"
        else:
            clause = (
                f"{in_text(event.leader, 'en', start=True)} passes {in_text(event.other, 'en')} "
                f"in R&D expenditure {time}"
            )
    return _with_rank(clause, event, focus, order, known.loc[last], last, language)


def _with_rank(
    clause: str, event: Any, focus: str, order: list[str], end: pd.Series, last: int, language: str
) -> str:
    """Return the title: what the focus passed or what passed it, then where it stands."""
    said, on_what = _standing(focus, order, end, language)
    own = event is None or event.leader == focus  # does the clause have the focus as its subject?
    if language == "zh":
        name = in_text(focus, "zh")
        if not clause:
            return f"{last} 年{name}研发支出{said}"
        same = event is not None and event.crossing.exact and event.crossing.year == last
        year = "当年" if same else f"{last} 年"
        return f"{clause}，{year}{said}" if own else f"{clause}；{year}{name}{said}"
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
        "zh": "研发支出等于 GDP 乘以研发支出占 GDP 的比例；按各年汇率折成美元，"
        "汇率变动也会使曲线升降。",
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
                f"{in_text(event.leader, 'zh')}{spaced(when(event.crossing, 'zh'))}"
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
