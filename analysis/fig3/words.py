"""The words of Fig. 3: who exports digital services."""

from __future__ import annotations

import pandas as pd

from analysis.fig3.compute import MEASURES
from analysis.shared.panel import cell, gaps, ranked, row_of, widened
from analysis.shared.passing import passed
from analysis.shared.wording import gap_note, passing, percent_range
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)

_UNION = "EUU"


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

    def spoken(say: Voice) -> Words:
        what = say(f"name.{measure}")
        return Words(
            title=_title(wide, what, say, focus),
            measure=say("measure", what=what),
            note=_note(wide, measure, other, say, focus),
            alt=_alt(wide, what, say),
        )

    return WORDS.words(spoken)


def _title(wide: pd.DataFrame, what: str, say: Voice, focus: str | None) -> str:
    """Return the finding on the largest in the end: whom it passed, or since when it leads.

    With another `focus` it is the finding on that economy.
    """
    known = wide.dropna(how="all")
    if known.empty:
        return say("title.nothing", what=what)
    last = int(known.index[-1])
    order = ranked(row_of(known, last))
    top = order[0]
    if focus and focus != top and wide[focus].notna().any():
        return _followed(wide, focus, what, say)
    if len(order) == 1:
        return _alone(wide[top].dropna(), top, what, say)
    told = {"what": what, "last": last, "share": cell(known, last, top)}
    level = [code for code in order if cell(known, last, code) == cell(known, last, top)]
    if len(level) > 1:
        return say("title.level", who=level, **told)
    event = passed(wide.loc[:last], top)
    if event and event.leader == top:
        return say("title.passes", passing=passing("passing", event, say), **told)
    always = all(ranked(row)[0] == top for _, row in known.iterrows())
    return say("title.always" if always else "title.leads", who=top, **told)


def _followed(wide: pd.DataFrame, focus: str, what: str, say: Voice) -> str:
    """Return the finding on an economy that is not the largest: a passing, then its last share."""
    series = wide[focus].dropna()
    last = int(series.index[-1])
    event = passed(wide.loc[:last], focus)
    if event is None:
        return _alone(series, focus, what, say)
    key = "title.passes" if event.leader == focus else "title.is_passed"
    told = {"who": focus, "what": what, "last": last, "share": float(series[last])}
    return say(key, passing=passing("passing", event, say), **told)


def _alone(series: pd.Series[float], code: str, what: str, say: Voice) -> str:
    first, last = int(series.index[0]), int(series.index[-1])
    start, end = float(series[first]), float(series[last])
    if first == last:
        how = "once"
    elif say.percent(start) == say.percent(end):
        how = "same"
    else:
        how = "rises" if end > start else "falls"
    told = {"who": code, "what": what, "first": first, "last": last, "start": start, "end": end}
    return say(f"alone.{how}", **told)


def _note(
    wide: pd.DataFrame, measure: str, other: pd.DataFrame | None, say: Voice, focus: str | None
) -> str:
    parts = [say(f"means.{measure}")]
    rival = next(name for name in MEASURES if name != measure)
    code = focus or ("CHN" if "CHN" in wide.columns else str(wide.columns[0]))
    beside = widened(other, "share") if other is not None else wide.iloc[:0]
    if code in beside.columns and beside[code].notna().any():
        known = beside[code].dropna()
        first, last = known.index[0], known.index[-1]
        told = {"what": say(f"name.{rival}"), "range": percent_range(known, say)}
        parts.append(say("note.other", who=code, first=first, last=last, **told))
    if _UNION in wide.columns:
        parts.append(say("note.union"))
    return say.sentences([*parts, gap_note(gaps(wide), say)])


def _alt(wide: pd.DataFrame, what: str, say: Voice) -> str:
    parts = []
    for code in map(str, wide.columns):
        known = wide[code].dropna()
        if known.empty:
            continue
        a, b = int(known.index[0]), int(known.index[-1])
        start, end = float(known[a]), float(known[b])
        parts.append(say("alt.line", who=code, a=a, b=b, start=start, end=end))
    first, last = int(wide.index[0]), int(wide.index[-1])
    text = say("alt.lead", first=first, last=last, what=what, parts=parts)
    order = ranked(wide.ffill().iloc[-1])
    event = passed(wide, order[0]) if order else None
    if event:
        text += passing("line_passes", event, say)
    return say.sentences([text, gap_note(gaps(wide), say)])
