"""The words of Fig. 4: in which technologies China leads, trails or matches."""

from __future__ import annotations

import pandas as pd

from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)


def words(frame: pd.DataFrame) -> dict[str, Words]:
    """Return title, measure, note and alternative text; `frame` is that of `families_by_field`."""
    first, last = int(frame["year"].min()), int(frame["year"].max())
    return WORDS.words(
        lambda say: Words(
            title=_title(frame, last, say),
            measure=say("measure", first=first, last=last),
            note=_note(frame, last, say),
            alt=_alt(frame, first, last, say),
        )
    )


def _title(frame: pd.DataFrame, last: int, say: Voice) -> str:
    """Say in how many fields one economy is alone first in the last year.

    Only fields count in which every economy has a value; a tie has no first.
    """
    wide = frame[frame["year"] == last].pivot(index="wipo_field", columns="economy", values="count")
    economies = list(dict.fromkeys(frame["economy"]))
    full = wide.reindex(columns=economies).dropna()
    if full.empty:
        return say("title.nothing", last=last)
    total = len(full)
    which = ("" if total == frame["wipo_field"].nunique() else "some_") + (
        "many" if total > 1 else "one"
    )
    told = {"last": last, "total": total, "fields": f"fields.{which}"}
    if len(economies) == 1:
        return say("title.alone", who=economies[0], amount=full.to_numpy().sum(), **told)
    first = {field: row.idxmax() for field, row in full.iterrows() if (row == row.max()).sum() == 1}
    led = {code: [f for f, winner in first.items() if winner == code] for code in economies}
    leader = max(economies, key=lambda code: len(led[code]))
    count, others = len(led[leader]), [code for code in economies if code != leader]
    told |= {"who": leader, "others": others, "count": count}
    if count == 0:
        return say("title.nobody", **told)
    if count == total:
        return say("title.every", all=f"all.{which}", **told)
    ahead = [
        say("title.other", who=code, fields=[say(f"field.{field}") for field in led[code]])
        for code in others
        if led[code]
    ]
    return say("pause").join([say("title.some", **told), *ahead])


def _note(frame: pd.DataFrame, last: int, say: Voice) -> str:
    parts = [say("note.counts"), say("note.used", last=last), say("note.topics")]
    gaps = [
        say("note.gap", who=row.economy, field=f"field.{row.wipo_field}", year=row.year)
        for row in frame[frame["count"].isna()].itertuples()
    ]
    return say.sentence([*parts, *([say("note.gaps", gaps=gaps)] if gaps else [])])


def _alt(frame: pd.DataFrame, first: int, last: int, say: Voice) -> str:
    blocks = []
    for field in dict.fromkeys(frame["wipo_field"]):
        part = frame[frame["wipo_field"] == field]
        items = []
        for code in dict.fromkeys(part["economy"]):
            counts = part[part["economy"] == code].set_index("year")["count"]
            items.append(say("alt.item", who=code, start=counts[first], end=counts[last]))
        blocks.append(say("alt.block", field=f"field.{field}", items=items))
    return say("alt.lead", first=first, last=last) + say.sentence(blocks)
