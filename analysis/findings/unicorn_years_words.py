"""The words of Fig. 5: when each economy's unicorns arose."""

from __future__ import annotations

import pandas as pd

from analysis.findings.wording import list_note
from analysis.labels import in_text, possessive, short
from analysis.phrases import companies, month, percent
from anew.figures.drawing import Words

_DID = {
    "joined": {"zh": "入榜", "en": "date from"},
    "founded": {"zh": "成立", "en": "were founded"},
}
_DO = {
    "joined": {"zh": "入榜", "en": "the year they became one"},
    "founded": {"zh": "成立", "en": "the year they were founded"},
}


def words(
    frame: pd.DataFrame, kind: str, as_of: str, other: pd.DataFrame | None = None
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of `shares_by_year`.

    `kind` is the year that the list is counted by, `as_of` the list's date; `other` is the same
    frame by the other kind of year, which the note compares.
    """
    return {
        language: Words(
            title=_title(frame, kind, language),
            measure=_measure(frame, kind, as_of, language),
            note=_note(frame, kind, as_of, other, language),
            alt=_alt(frame, kind, language),
        )
        for language in ("zh", "en")
    }


def early_shares(frame: pd.DataFrame) -> dict[str, float]:
    """Return each economy's share before the dividing year, those without a company left out."""
    early = frame[frame["year"] < frame["split"]].groupby("economy")["share"].sum()
    economies = [code for code in dict.fromkeys(frame["economy"]) if _total(frame, code)]
    return {code: float(early.get(code, 0.0)) for code in economies}


def _title(frame: pd.DataFrame, kind: str, language: str) -> str:
    first, split = int(frame["year"].min()), int(frame["split"].iloc[0])
    shares = early_shares(frame)
    if not first < split <= int(frame["year"].max()) or not shares:
        return _peak_title(frame, kind, language)
    focus, *rest = shares
    did = _DID[kind][language]
    own = percent(shares[focus], language)
    if language == "zh":
        head = f"{first} 年以来的独角兽企业，{in_text(focus, 'zh')}有 {own} 在 {split} 年以前{did}"
        if not rest:
            return head
        other = rest[0]
        return f"{head}，{in_text(other, 'zh')}{_against(shares[focus], shares[other], 'zh')}"
    head = f"{own} of {possessive(focus, 'en')} unicorns since {first} {did} before {split}"
    if not rest:
        return head
    other = rest[0]
    return f"{head}, {_against(shares[focus], shares[other], 'en')} of {possessive(other, 'en')}"


def _against(own: float, other: float, language: str) -> str:
    """Return how the other's share stands beside the first: only 8.6%; also 50.0%; 88.9%."""
    said = percent(other, language)
    if said == percent(own, language):
        return f"也是 {said}" if language == "zh" else f"and also {said}"
    if other < own / 2:
        return f"只有 {said}" if language == "zh" else f"but only {said}"
    if other > own * 2:
        return f"却有 {said}" if language == "zh" else f"but {said}"
    return f"为 {said}" if language == "zh" else f"against {said}"


def _peak_title(frame: pd.DataFrame, kind: str, language: str) -> str:
    """Return the year with the most companies of those shown, where nothing divides the years."""
    totals = frame.groupby("year")["count"].sum()
    if not totals.sum():
        return "所选年份没有独角兽企业" if language == "zh" else "No unicorns date from these years"
    top = [str(year) for year in totals.index[totals == totals.max()]]
    did = _DID[kind][language]
    if language == "zh":
        return f"所示经济体的独角兽企业中，{'、'.join(top)} 年{did}的最多"
    years = " and ".join(top)
    there = "from" if kind == "joined" else "in"
    did = f"{did} {years}" if kind == "joined" else f"{did} in {years}"
    return f"More unicorns of these economies {did} than {there} any other year"


def _measure(frame: pd.DataFrame, kind: str, as_of: str, language: str) -> str:
    how, date = _DO[kind][language], month(as_of, language)
    if language == "zh":
        return f"各{how}年份占该经济体独角兽企业总数的比例（%）；{date}榜单"
    return f"Each economy’s own unicorns by {how}, %; list of {date}"


def _note(
    frame: pd.DataFrame, kind: str, as_of: str, other: pd.DataFrame | None, language: str
) -> str:
    parts = [list_note(not bool(frame["complete"].all()), as_of, language)]
    codes = list(early_shares(frame))[:2]
    divided = frame["year"].min() < frame["split"].iloc[0] <= frame["year"].max()
    if other is not None and divided:
        shares = early_shares(other)
        told = [code for code in codes if code in shares]
        rival = "founded" if kind == "joined" else "joined"
        split = int(frame["split"].iloc[0])
        if told and language == "zh":
            items = "、".join(f"{short(c, 'zh')} {percent(shares[c], 'zh')}" for c in told)
            parts.append(f"按{_DO[rival]['zh']}年份，{split} 年以前的占比为：{items}。")
        elif told:
            items = ", ".join(f"{short(c, 'en')} {percent(shares[c], 'en')}" for c in told)
            parts.append(f"By {_DO[rival]['en']}, the shares before {split} are: {items}.")
    return ("" if language == "zh" else " ").join(parts)


def _alt(frame: pd.DataFrame, kind: str, language: str) -> str:
    first, last = int(frame["year"].min()), int(frame["year"].max())
    split = int(frame["split"].iloc[0])
    divided = first < split <= last
    shares = early_shares(frame)
    parts = []
    for code in shares:
        own = frame[frame["economy"] == code].set_index("year")
        peak = int(own["share"].idxmax())
        top = percent(float(own.loc[peak, "share"]), language)
        amount = companies(_total(frame, code), language)
        early = percent(shares[code], language)
        if language == "zh":
            text = f"{short(code, 'zh')}共 {amount}"
            text += f"，{split} 年以前占 {early}" if divided else ""
            parts.append(f"{text}，最多的是 {peak} 年（{top}）")
        else:
            text = f"{short(code, 'en')}: {amount}"
            text += f", {early} before {split}" if divided else ""
            parts.append(f"{text}, the most in {peak} ({top})")
    if language == "zh":
        how = _DO[kind]["zh"]
        return (
            f"柱形图，各经济体 {first}—{last} 年按{how}年份的独角兽企业占比：{'；'.join(parts)}。"
        )
    how = _DO[kind]["en"]
    return f"Columns of each economy’s unicorns by {how}, {first} to {last}. {'; '.join(parts)}."


def _total(frame: pd.DataFrame, code: str) -> int:
    return int(frame.loc[frame["economy"] == code, "total"].iloc[0])
