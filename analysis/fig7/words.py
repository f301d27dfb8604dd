"""The words of Fig. 7: how much is spent on research and development."""

from __future__ import annotations

import pandas as pd

from analysis.shared.panel import gaps, ranked, row_of, widened
from analysis.shared.passing import passed
from analysis.shared.wording import gap_note, passing
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)


def words(frame: pd.DataFrame) -> dict[str, Words]:
    """Return title, measure, note and alternative text for the economies that `frame` has."""
    wide = widened(frame, "rd_expenditure")
    return WORDS.words(
        lambda say: Words(
            title=_title(wide, say),
            measure=say("measure"),
            note=say.sentences([say("note"), gap_note(gaps(wide), say)]),
            alt=_alt(wide, say),
        )
    )


def _title(wide: pd.DataFrame, say: Voice) -> str:
    """Return the finding on the first economy: whom it passed, and how far it is from the first.

    It is of the last year that this economy has; the first economy with a figure is taken.
    """
    known = wide.dropna(how="all")
    if known.empty:
        return say("title.nothing")
    focus = next(code for code in map(str, wide.columns) if wide[code].notna().any())
    series = wide[focus].dropna()
    first, last = int(series.index[0]), int(series.index[-1])
    order = ranked(row_of(known, last))
    if len(order) == 1:
        amount, times = float(series[last]), float(series[last]) / float(series[first])
        key = "title.alone" if first == last else "title.alone_since"
        return say(key, who=focus, first=first, last=last, amount=amount, times=times)
    event = passed(wide.loc[:last], focus)
    where, values = _standing(focus, order, row_of(known, last))
    values |= {"focus": focus, "last": last}
    if event is None:
        return say("title.standing", standing=f"standing_on.{where}", **values)
    same = event.crossing.exact and event.crossing.year == last
    return say(
        "title.own" if event.leader == focus else "title.others",
        clause=passing("title.passes", event, say),
        year="title.same_year" if same else "title.last_year",
        standing=f"standing.{where}",
        **values,
    )


def _standing(focus: str, order: list[str], end: pd.Series[float]) -> tuple[str, dict[str, object]]:
    """Return where the focus stands among all: which text says it, and with which values."""
    top, second = order[0], order[1]
    value = {code: float(end[code]) for code in order}
    if focus != top and value[focus] == value[top]:
        top, second = focus, top
    if focus != top:
        return "part", {"rival": top, "share": 100 * value[focus] / value[top]}
    times = value[top] / value[second]
    if value[top] == value[second]:
        where = "level"
    else:
        where = "times" if times >= 2 else "more"
    return where, {"rival": second, "times": times, "more": 100 * (times - 1)}


def _alt(wide: pd.DataFrame, say: Voice) -> str:
    parts = []
    for code in map(str, wide.columns):
        known = wide[code].dropna()
        if known.empty:
            continue
        a, b = int(known.index[0]), int(known.index[-1])
        start, end = float(known[a]), float(known[b])
        parts.append(say("alt_line", who=code, a=a, b=b, start=start, end=end))
    text = say("alt", first=int(wide.index[0]), last=int(wide.index[-1]), parts=parts)
    event = passed(wide)
    if event:
        text += passing("line_passes", event, say)
    return say.sentences([text, gap_note(gaps(wide), say)])
