"""The words of Fig. 6: how the number of unicorns built up."""

from __future__ import annotations

import pandas as pd

from analysis.shared.panel import year_of_most
from analysis.shared.unicorn_years import OTHER
from analysis.shared.wording import list_note
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)

_TELLING = 0.1  # a title names who made this part of the year or more


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
    return WORDS.words(
        lambda say: Words(
            title=_title(frame, kind, say, focus),
            measure=say("measure", by=f"by.{kind}", as_of=as_of),
            note=_note(frame, as_of, inside, say),
            alt=_alt(frame, kind, say),
        )
    )


def _title(frame: pd.DataFrame, kind: str, say: Voice, focus: str | None) -> str:
    totals = frame.groupby("year")["count"].sum()
    if not totals.sum():
        return say("title.nothing")
    count = int(totals.max())
    peaks = [int(year) for year in totals.index[totals == count]]
    if len(peaks) > 1:
        years = say("enumerated", items=[say("year", year=year) for year in peaks]).strip()
        return say(f"level.{kind}", years=years, count=count)
    part = _part(frame, peaks[0], say, focus)
    return say(f"title.{kind}", peak=peaks[0], count=count, part=part)


def _part(frame: pd.DataFrame, peak: int, say: Voice, focus: str | None) -> str:
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
    return say("title.part", who=str(top["economy"]), share=100 * int(top["count"]) / total)


def _note(frame: pd.DataFrame, as_of: str, inside: tuple[str, ...], say: Voice) -> str:
    union = "EUU" in set(frame["economy"]) and inside
    rest = say("note.union", inside=inside) if union else say("note.other")
    return say.sentences([list_note(not bool(frame["complete"].all()), as_of, say), rest])


def _alt(frame: pd.DataFrame, kind: str, say: Voice) -> str:
    years = sorted(set(frame["year"]))
    first, last = int(years[0]), int(years[-1])
    totals = frame.groupby("year")["count"].sum()
    if not totals.sum():
        return say("alt.nothing", first=first, last=last)
    peak = year_of_most(totals)
    at_peak = frame[frame["year"] == peak].set_index("economy")["count"]
    economies = [code for code in dict.fromkeys(frame["economy"]) if at_peak[code]]
    complete = bool(frame.loc[frame["year"] == last, "complete"].iloc[0])
    return say(
        "alt.all",
        first=first,
        last=last,
        by=f"by.{kind}",
        total=int(totals.sum()),
        peak=peak,
        most=int(totals[peak]),
        parts=[say("alt.part", who=code, count=at_peak[code]) for code in economies],
        ending="alt.complete" if complete else "alt.incomplete",
        end=say("alt.end", count=int(totals[last])),
    )
