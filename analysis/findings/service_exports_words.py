"""The words of Fig. 3: who exports digital services."""

from __future__ import annotations

import pandas as pd

from analysis.findings.passing import passed
from analysis.findings.wording import gap_note, percent_range, spaced, when
from analysis.indicators.panel import gaps, ranked, widened
from analysis.indicators.service_exports import MEASURES
from analysis.labels import enumeration, in_text, possessive, short
from analysis.phrases import percent
from anew.figures.drawing import Words

_UNION = "EUU"

NAMES = {
    "ict_services": {"zh": "ICT 服务出口", "en": "ICT service exports"},
    "digitally_deliverable": {
        "zh": "可数字化交付服务出口",
        "en": "exports of digitally deliverable services",
    },
}

#: What a measure counts, after the balance of payments manual (BPM6) and UNCTAD.
_MEANS = {
    "ict_services": {
        "zh": "ICT 服务指电信、计算机和信息服务。",
        "en": "ICT services: telecommunications, computer and information services.",
    },
    "digitally_deliverable": {
        "zh": "可数字化交付服务还包括保险、金融、知识产权使用费和其他商业服务等。",
        "en": "Digitally deliverable services include insurance, finance, charges for intellectual "
        "property and other business services too.",
    },
}


def words(
    frame: pd.DataFrame,
    measure: str,
    other: pd.DataFrame | None = None,
    focus: str | None = None,
) -> dict[str, Words]:
    """Return title, measure, note and alternative text for the economies that `frame` has.

    `frame` is of `export_shares` by `measure`; `other` the same by the other measure, where it
    covers some of the years. The title and the note are about `focus`, if that is given.
    """
    wide = widened(frame, "share")
    return {
        language: Words(
            title=_title(wide, NAMES[measure][language], language, focus),
            measure={
                "zh": f"占全球{NAMES[measure]['zh']}的份额（%）".replace("全球ICT", "全球 ICT"),
                "en": f"Share of the world’s {NAMES[measure]['en']}, %",
            }[language],
            note=_note(wide, measure, other, language, focus),
            alt=_alt(wide, NAMES[measure][language], language),
        )
        for language in ("zh", "en")
    }


def _title(wide: pd.DataFrame, what: str, language: str, focus: str | None = None) -> str:
    """Return the finding on the largest in the end: whom it passed, or since when it leads.

    With another `focus` it is the finding on that economy.
    """
    known = wide.dropna(how="all")
    if known.empty:
        return (
            f"所选年份没有{spaced(what)}数据"
            if language == "zh"
            else f"No figures on {what} for these years"
        )
    last = int(known.index[-1])
    order = ranked(known.loc[last])
    top = order[0]
    share = percent(float(known.loc[last, top]), language)
    if focus and focus != top and wide[focus].notna().any():
        return _followed(wide, focus, what, language)
    event = passed(wide.loc[:last], top)
    level = [code for code in order if known.loc[last, code] == known.loc[last, top]]
    zh = {"what": f"全球{spaced(what)}"}
    if len(order) == 1:
        return _alone(wide[top].dropna(), top, what, language)
    if len(level) > 1:
        if language == "zh":
            names = enumeration([in_text(code, "zh") for code in level], "zh")
            return f"{names} {last} 年并列最高，各占{zh['what']}的 {share}"
        names = enumeration(
            [in_text(code, "en", start=not n) for n, code in enumerate(level)], "en"
        )
        return f"{names} share the lead in {last}, each with {share} of the world’s {what}"
    if event and event.leader == top:
        time = when(event.crossing, language)
        if language == "zh":
            head = f"{in_text(top, 'zh')}{spaced(time)}超过{in_text(event.other, 'zh')}"
            return f"{head}，{last} 年占{zh['what']}的 {share}"
        head = f"{in_text(top, 'en', start=True)} passes {in_text(event.other, 'en')} {time}"
        return f"{head} and accounts for {share} of the world’s {what} in {last}"
    always = all(ranked(row)[0] == top for _, row in known.iterrows())
    if language == "zh":
        lead = "始终居首" if always else f"{last} 年居首"
        year = f"{last} 年" if always else ""
        return f"{in_text(top, 'zh')}{spaced(lead)}，{year}占{zh['what']}的 {share}"
    lead = "leads in every year" if always else f"leads in {last}"
    year = f" in {last}" if always else ""
    return f"{in_text(top, 'en', start=True)} {lead}, with {share} of the world’s {what}{year}"


def _followed(wide: pd.DataFrame, focus: str, what: str, language: str) -> str:
    """Return the finding on an economy that is not the largest: a passing, then its last share."""
    series = wide[focus].dropna()
    last = int(series.index[-1])
    event = passed(wide.loc[:last], focus)
    if event is None:
        return _alone(series, focus, what, language)
    share = percent(float(series[last]), language)
    time = when(event.crossing, language)
    own = event.leader == focus
    if language == "zh":
        leader, other = in_text(event.leader, "zh"), in_text(event.other, "zh")
        head = f"{leader}{spaced(time)}超过{other}"
        then = "，" if own else f"；{in_text(focus, 'zh')} "
        return f"{head}{then}{last} 年占全球{spaced(what)}的 {share}"
    leader = in_text(event.leader, "en", start=True)
    head = f"{leader} passes {in_text(event.other, 'en')} {time}"
    then = " and" if own else f"; {in_text(focus, 'en')}"
    return f"{head}{then} accounts for {share} of the world’s {what} in {last}"


def _alone(series: pd.Series, code: str, what: str, language: str) -> str:
    first, last = int(series.index[0]), int(series.index[-1])
    a, b = (percent(float(series[year]), language) for year in (first, last))
    who = possessive(code, language, start=True)
    if language == "zh":
        head = f"{in_text(code, 'zh')}占全球{spaced(what)}的份额"
        if first == last:
            return f"{last} 年{head}为 {b}"
        if a == b:
            return f"{head} {first} 年和 {last} 年同为 {b}"
        verb = "升至" if series[last] > series[first] else "降至"
        return f"{head}从 {first} 年的 {a} {verb} {last} 年的 {b}"
    head = f"{who} share of the world’s {what}"
    if first == last:
        return f"{head} is {b} in {last}"
    if a == b:
        return f"{head} is {b} in {first} as in {last}"
    verb = "rises" if series[last] > series[first] else "falls"
    return f"{head} {verb} from {a} in {first} to {b} in {last}"


def _note(
    wide: pd.DataFrame,
    measure: str,
    other: pd.DataFrame | None,
    language: str,
    focus: str | None = None,
) -> str:
    parts = [_MEANS[measure][language]]
    rival = next(name for name in MEASURES if name != measure)
    code = focus or ("CHN" if "CHN" in wide.columns else str(wide.columns[0]))
    if other is not None:
        beside = widened(other, "share")
        if code in beside.columns and beside[code].notna().any():
            known = beside[code].dropna()
            span = f"{known.index[0]}{'—' if language == 'zh' else '–'}{known.index[-1]}"
            if language == "zh":
                parts.append(
                    f"高低取决于口径：按{NAMES[rival]['zh']}，{in_text(code, 'zh')} {span} 年占 "
                    f"{percent_range(known, 'zh')}。".replace("按ICT", "按 ICT")
                )
            else:
                parts.append(
                    f"Levels depend on the measure: {in_text(code, 'en')} has "
                    f"{percent_range(known, 'en')} of the world’s {NAMES[rival]['en']} in {span}."
                )
    if _UNION in wide.columns:
        parts.append(
            "欧盟含成员国之间的贸易。"
            if language == "zh"
            else "The EU includes trade among its members."
        )
    parts.append(gap_note(gaps(wide), language))
    return ("" if language == "zh" else " ").join(part for part in parts if part)


def _alt(wide: pd.DataFrame, what: str, language: str) -> str:
    first, last = int(wide.index[0]), int(wide.index[-1])
    parts = []
    for code in map(str, wide.columns):
        known = wide[code].dropna()
        if known.empty:
            continue
        years = [int(known.index[0]), int(known.index[-1])]
        a, b = (percent(float(known[year]), language) for year in years)
        if language == "zh":
            parts.append(f"{short(code, 'zh')} {years[0]} 年 {a}，{years[1]} 年 {b}")
        else:
            parts.append(f"{short(code, 'en')} {a} in {years[0]} and {b} in {years[1]}")
    order = ranked(wide.ffill().iloc[-1])
    event = passed(wide, order[0]) if order else None
    gap = gap_note(gaps(wide), language)
    if language == "zh":
        text = f"折线图，{first}—{last} 年占全球{spaced(what)}的份额：{'；'.join(parts)}。"
        if event:
            time = spaced(when(event.crossing, "zh"))
            text += f"{in_text(event.leader, 'zh')}{time}超过{in_text(event.other, 'zh')}。"
        return text + gap
    text = f"Line chart of shares of the world’s {what}, {first} to {last}: {'; '.join(parts)}."
    if event:
        text += (
            f" {possessive(event.leader, 'en', start=True)} line passes "
            f"{possessive(event.other, 'en')} {when(event.crossing, 'en')}."
        )
    return f"{text} {gap}".rstrip()
