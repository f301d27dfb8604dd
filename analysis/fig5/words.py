"""The words of Fig. 5: when each economy's unicorns arose."""

from __future__ import annotations

import pandas as pd

from analysis.shared.panel import year_of_most
from analysis.shared.wording import list_note
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)


def words(
    frame: pd.DataFrame, kind: str, as_of: str, other: pd.DataFrame | None = None
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of `shares_by_year`.

    `kind` is the year that the list is counted by, `as_of` the list's date; `other` is the same
    frame by the other kind of year, which the note compares.
    """
    return WORDS.words(
        lambda say: Words(
            title=_title(frame, kind, say),
            measure=say("measure", by=f"by.{kind}", as_of=as_of),
            note=_note(frame, kind, as_of, other, say),
            alt=_alt(frame, kind, say),
        )
    )


def early_shares(frame: pd.DataFrame) -> dict[str, float]:
    """Return each economy's share before the dividing year, those without a company left out."""
    early = frame[frame["year"] < frame["split"]].groupby("economy")["share"].sum()
    economies = [code for code in dict.fromkeys(frame["economy"]) if _total(frame, code)]
    return {code: float(early.get(code, 0.0)) for code in economies}


def _title(frame: pd.DataFrame, kind: str, say: Voice) -> str:
    shares = early_shares(frame)
    if not _divided(frame) or not shares:
        return _peak_title(frame, kind, say)
    first, split = int(frame["year"].min()), int(frame["split"].iloc[0])
    (focus, own), *rest = shares.items()
    head = say(f"title.{kind}", who=focus, share=own, first=first, split=split)
    if not rest:
        return head
    other, share = rest[0]
    if say.percent(share) == say.percent(own):
        how = "same"
    elif share < own / 2:
        how = "only"
    else:
        how = "twice" if share > own * 2 else "near"
    return say(f"against.{how}", head=head, other=other, share=share)


def _peak_title(frame: pd.DataFrame, kind: str, say: Voice) -> str:
    """Return the year with the most companies of those shown, where nothing divides the years."""
    totals = frame.groupby("year")["count"].sum()
    if not totals.sum():
        return say("peak.nothing")
    top = [str(year) for year in totals.index[totals == totals.max()]]
    return say(f"peak.{kind}", years=say("peak.years").join(top))


def _note(
    frame: pd.DataFrame, kind: str, as_of: str, other: pd.DataFrame | None, say: Voice
) -> str:
    parts = [list_note(not bool(frame["complete"].all()), as_of, say)]
    if other is not None and _divided(frame):
        shares = early_shares(other)
        told = [code for code in list(early_shares(frame))[:2] if code in shares]
        rival = "founded" if kind == "joined" else "joined"
        if told:
            items = [say("note.share", who=code, share=shares[code]) for code in told]
            split = int(frame["split"].iloc[0])
            parts.append(say("note.other", by=f"by.{rival}", split=split, parts=items))
    return say.sentences(parts)


def _alt(frame: pd.DataFrame, kind: str, say: Voice) -> str:
    parts = []
    for code, early in early_shares(frame).items():
        own = frame[frame["economy"] == code].set_index("year")
        peak = year_of_most(own["share"])
        told = {
            "who": code,
            "total": _total(frame, code),
            "early": early,
            "split": int(frame["split"].iloc[0]),
            "peak": peak,
            "top": float(own["share"][peak]),
        }
        parts.append(say("alt.divided" if _divided(frame) else "alt.whole", **told))
    first, last = int(frame["year"].min()), int(frame["year"].max())
    return say("alt.lead", first=first, last=last, by=f"by.{kind}", parts=parts)


def _divided(frame: pd.DataFrame) -> bool:
    """Return whether the dividing year is inside the years, after the first."""
    return bool(frame["year"].min() < frame["split"].iloc[0] <= frame["year"].max())


def _total(frame: pd.DataFrame, code: str) -> int:
    return int(frame.loc[frame["economy"] == code, "total"].iloc[0])
