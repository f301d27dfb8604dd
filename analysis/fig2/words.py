"""The words of Fig. 2: where the unicorns are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.fig2.compute import OTHER, OTHER_MEMBERS
from analysis.shared.labels import short
from analysis.shared.phrases import fraction
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)


def words(
    frame: pd.DataFrame,
    ranking: pd.DataFrame,
    *,
    source: Mapping[str, str],
    as_of: str,
    unplaced: int,
    focus: str | None = None,
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of the figure in every language.

    `frame` is that of `unicorn_table`, `ranking` that of the same name, so that the title tells who
    is first of all and not of those drawn; `source` names who keeps the list; `as_of` is its date;
    `unplaced` is how many companies the list gives no economy; `focus` is an economy of `frame`
    that the title begins with, where it is not the first of all.
    """
    return WORDS.words(
        lambda say: Words(
            title=_title(frame, ranking, focus, say),
            measure=say("measure", source=source[say.language], as_of=as_of),
            note=_note(frame, unplaced, say),
            alt=_alt(frame, source[say.language], as_of, say),
        )
    )


def row_name(code: str, say: Voice) -> str:
    """Return what a row of the figure is called."""
    return say("other_members") if code == OTHER_MEMBERS else short(code, say.language)


def _title(frame: pd.DataFrame, ranking: pd.DataFrame, focus: str | None, say: Voice) -> str:
    first = ranking.iloc[0]
    told = {"leader": first["economy"], "first": first["share"]}
    if focus not in (None, first["economy"]):
        share = frame.loc[frame["economy"] == focus, "share"].iloc[0]
        return say("title.focused", focus=focus, share=share, **told)
    head = say("title.plain" if fraction(first["share"], say.language) else "title.exact", **told)
    if len(ranking) == 1:
        return head
    second = ranking.iloc[1]
    return say("title.second", head=head, runner=second["economy"], second=second["share"])


def _note(frame: pd.DataFrame, unplaced: int, say: Voice) -> str:
    parts = []
    if "union" in set(frame["kind"]):
        parts.append(say("note.union"))
    apart = list(frame.loc[frame["kind"] == "apart", "economy"])
    if apart:
        parts.append(say("note.apart", names=[_plain_name(code, say) for code in apart]))
    if unplaced > 0:
        parts.append(say("note.unplaced", unplaced=unplaced))
    return say.sentence([*parts, say("note.list")])


def _alt(frame: pd.DataFrame, source: str, as_of: str, say: Voice) -> str:
    def told(row: pd.Series, name: str) -> str:
        return say("alt.row", name=name, count=row["count"], share=row["share"])

    def of_kind(*kinds: str) -> pd.DataFrame:
        return frame[frame["kind"].isin(kinds)]

    rows = [told(r, row_name(r["economy"], say)) for _, r in of_kind("economy", "union").iterrows()]
    rows += [told(r, _plain_name(r["economy"], say)) for _, r in of_kind("apart").iterrows()]
    rest = told(frame[frame["economy"] == OTHER].iloc[0], say("alt.other"))
    text = say("alt.lead", source=source, as_of=as_of, rows=rows, other=rest)
    inside = [told(r, row_name(r["economy"], say)) for _, r in of_kind("member").iterrows()]
    return say.sentences([text, say("alt.members", members=inside) if inside else ""])


def _plain_name(code: str, say: Voice) -> str:
    """Return a short name without what follows a comma: Hong Kong."""
    return short(code, say.language).split(",")[0]
