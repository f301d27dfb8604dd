"""The words of Fig. 6: how the number of unicorns built up."""

from __future__ import annotations

import pandas as pd

from analysis.findings.wording import list_note, spaced
from analysis.indicators.unicorn_years import OTHER
from analysis.labels import enumeration, in_text, listed, short
from analysis.phrases import companies, month, percent
from anew.figures.drawing import Words

_DID = {
    "joined": {"zh": "入榜", "en": "date from"},
    "founded": {"zh": "成立", "en": "were founded in"},
}
_TELLING = 0.1  # a title names who made this part of the year or more
_FROM = {"joined": "from", "founded": "in"}
_BY = {
    "joined": {"zh": "入榜", "en": "the year they became one"},
    "founded": {"zh": "成立", "en": "the year they were founded"},
}


def words(
    frame: pd.DataFrame,
    kind: str,
    as_of: str,
    inside: tuple[str, ...] = (),
    focus: str | None = None,
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of `stack_by_year`.

    `kind` is the year that the list is counted by, `as_of` the list's date, `inside` the economies
    with rows of their own that the EU's column contains. The title tells the part of `focus` in
    the highest year, of the largest where none is given.
    """
    return {
        language: Words(
            title=_title(frame, kind, language, focus),
            measure=_measure(kind, as_of, language),
            note=_note(frame, as_of, inside, language),
            alt=_alt(frame, kind, language),
        )
        for language in ("zh", "en")
    }


def _title(frame: pd.DataFrame, kind: str, language: str, focus: str | None = None) -> str:
    totals = frame.groupby("year")["count"].sum()
    if not totals.sum():
        return "所选年份没有独角兽企业" if language == "zh" else "No unicorns date from these years"
    peaks = [int(year) for year in totals.index[totals == totals.max()]]
    amount = companies(int(totals.max()), language)
    did = _DID[kind][language]
    if len(peaks) > 1:
        if language == "zh":
            years = enumeration([f" {year} 年" for year in peaks], "zh").strip()
            return f"{years}{did}的独角兽企业并列最多，各 {amount}"
        return f"The most unicorns {did} {enumeration(list(map(str, peaks)), 'en')}, {amount} each"
    peak = peaks[0]
    part = _part(frame, peak, language, focus)
    if language == "zh":
        return f"榜单上的独角兽企业，以 {peak} 年{did}的最多：{amount}{part}"
    there = _FROM[kind]
    head = f"More unicorns {did} {peak} than {there} any other year"
    return f"{head}: {amount}{part}"


def _part(frame: pd.DataFrame, peak: int, language: str, focus: str | None = None) -> str:
    """Return who made most of the peak year, with its share; empty where nobody shown did.

    With a `focus` it is the share of that economy, however small.
    """
    year = frame[(frame["year"] == peak) & (frame["economy"] != OTHER)]
    total = int(frame.loc[frame["year"] == peak, "count"].sum())
    if focus:
        year = year[year["economy"] == focus]
    if year.empty or (not focus and year["count"].max() < _TELLING * total):
        return ""
    top = year.sort_values(["count", "economy"], ascending=[False, True]).iloc[0]
    share = percent(100 * int(top["count"]) / total, language)
    name = in_text(str(top["economy"]), language)
    return f"，其中{name}占 {share}" if language == "zh" else f", {share} of them in {name}"


def _measure(kind: str, as_of: str, language: str) -> str:
    date = month(as_of, language)
    if language == "zh":
        return f"按{_BY[kind]['zh']}年份统计的独角兽企业，家；{date}榜单"
    return f"Unicorns by {_BY[kind]['en']}, number of companies; list of {date}"


def _note(frame: pd.DataFrame, as_of: str, inside: tuple[str, ...], language: str) -> str:
    parts = [list_note(not bool(frame["complete"].all()), as_of, language)]
    if "EUU" in set(frame["economy"]) and inside:
        if language == "zh":
            parts.append(f"欧盟含{listed(list(inside), 'zh')}等 27 国；“其他”为全球减去所列各项。")
        else:
            parts.append(
                f"The EU’s 27 members include {listed(list(inside), 'en')}; “Other” is the world "
                "less those named."
            )
    else:
        parts.append(
            "“其他”为全球减去所列各项。"
            if language == "zh"
            else "“Other” is the world less those named."
        )
    return ("" if language == "zh" else " ").join(parts)


def _alt(frame: pd.DataFrame, kind: str, language: str) -> str:
    years = sorted(set(frame["year"]))
    totals = frame.groupby("year")["count"].sum()
    if not totals.sum():
        if language == "zh":
            return f"堆积柱形图，{years[0]}—{years[-1]} 年各年都没有独角兽企业。"
        return f"Stacked columns, {years[0]} to {years[-1]}: no unicorns in any year."
    peak = int(totals.idxmax())
    at_peak = frame[frame["year"] == peak].set_index("economy")["count"]
    economies = [code for code in dict.fromkeys(frame["economy"]) if at_peak[code]]
    last = int(years[-1])
    complete = bool(frame.loc[frame["year"] == last, "complete"].iloc[0])
    by = _BY[kind][language]
    everything, most, end = (
        companies(int(value), language) for value in (totals.sum(), totals[peak], totals[last])
    )
    if language == "zh":
        parts = "、".join(f"{short(code, 'zh')} {at_peak[code]}" for code in economies)
        ending = "" if complete else "（未满一年）"
        head = f"堆积柱形图，{years[0]}—{last} 年按{by}年份的独角兽企业，共 {everything}"
        return f"{head}。{peak} 年最多，{most}：{parts}。{last} 年{ending}{spaced(end)}。"
    parts = ", ".join(f"{short(code, 'en')} {at_peak[code]}" for code in economies)
    ending = "" if complete else ", an incomplete year,"
    head = f"Stacked columns of unicorns by {by}, {years[0]} to {last}, {everything} in all"
    return f"{head}. The highest is {peak} with {most}: {parts}. {last}{ending} has {end}."
