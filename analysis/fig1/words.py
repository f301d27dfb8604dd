"""The words of Fig. 1: how the economies' industrial practice compares."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.fig1.compute import AXES, axis_maxima, growth, leaders, value_of
from analysis.shared.phrases import brief, scale_of
from analysis.shared.words import Book, Voice
from anew.figures.drawing import Words

WORDS = Book.beside(__file__)


def words(
    frame: pd.DataFrame, first: int, last: int, *, reporting: Mapping[int, int] | None = None
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of the figure in every language.

    `frame` holds the economies drawn; `reporting` how many of the EU's members its sums cover, by
    year, where the trade tables say so.
    """
    return WORDS.words(
        lambda say: Words(
            title=_title(frame, first, last, say),
            measure=_measure(frame, say),
            note=_note(frame, first, last, reporting or {}, say),
            alt=_alt(frame, first, last, say),
        )
    )


def members_reporting(table: pd.DataFrame, years: Sequence[int]) -> dict[int, int]:
    """Return how many members the EU's sum covers in each of `years`, read from its notes.

    The table's notes say "sum of 26/27 members"; a year without such a note is left out.
    """
    rows = table[(table["economy"] == "EUU") & table["year"].isin(list(years))]
    found = {}
    for year, note in zip(rows["year"], rows["note"], strict=True):
        match = re.fullmatch(r"sum of (\d+)/\d+ members", str(note))
        if match:
            found[int(year)] = int(match[1])
    return found


def _title(frame: pd.DataFrame, first: int, last: int, say: Voice) -> str:
    """Say on how many measures each economy is the largest drawn, and whose exports grew most."""
    economies = list(dict.fromkeys(frame["economy"]))
    led: dict[str, int] = {}
    for economy, _ in leaders(frame).values():
        led[economy] = led.get(economy, 0) + 1
    ranked = sorted(led, key=lambda code: (-led[code], economies.index(code)))
    grown = {code: growth(frame, "exports", code, first, last) for code in economies}
    grown = {code: value for code, value in grown.items() if not math.isnan(value)}
    fastest = max(grown, key=lambda code: grown[code], default=None)
    parts = [_lead(led, ranked, len(economies), say)] if ranked else []
    if fastest is not None and grown[fastest] > 0:
        how = "grew.alone" if len(economies) == 1 else "grew.fastest"
        key = "title.grew" if parts else "title.grew_first"
        parts.append(say(key, who=fastest, grew=how, share=grown[fastest]))
    return say("clause").join(parts) if parts else say("title.nothing")


def _lead(led: Mapping[str, int], ranked: Sequence[str], economies: int, say: Voice) -> str:
    first, *rest = ranked
    axes = sum(led.values())
    told = {"among": economies, "who": first, "axes": axes, "led": led[first]}
    if not rest:
        return say("title.all" if axes > 1 else "title.all_one", **told)
    others = [say("title.other", who=code, led=led[code]) for code in rest]
    return say("title.some" if led[first] > 1 else "title.some_one", others=others, **told)


def _measure(frame: pd.DataFrame, say: Voice) -> str:
    maxima = axis_maxima(frame)
    axes = [
        say(
            "measure.axis",
            axis=f"axis_short.{axis}",
            value=brief(value, AXES[axis], say.language),
        )
        for axis, value in zip(maxima.index, maxima["value"], strict=True)
    ]
    return say("measure.all", axes=axes)


def _note(
    frame: pd.DataFrame, first: int, last: int, reporting: Mapping[int, int], say: Voice
) -> str:
    parts = []
    drawn = set(frame["economy"])
    gaps = frame[frame["value"].isna()]
    if len(gaps):
        told = [
            _missing(axis, gaps[gaps["axis"] == axis], drawn, first, last, say)
            for axis in AXES
            if axis in set(gaps["axis"])
        ]
        parts.append(say("note.gaps", gaps=told))
    parts.append(say("note.services"))
    if "EUU" in drawn:
        members = [
            say("note.members", year=year, count=count)
            for year, count in reporting.items()
            if count < 27
        ]
        parts.append(say("note.union_part" if members else "note.union", members=members))
    if first == 2018 and frame.loc[frame["axis"] == "unicorns", "value"].notna().any():
        parts.append(say("note.proxy"))
    return say.sentence(parts)


def _missing(
    axis: str, rows: pd.DataFrame, drawn: set[str], first: int, last: int, say: Voice
) -> str:
    """Say for one axis which economies have no value in which years."""
    by_year = {year: set(rows[rows["year"] == year]["economy"]) for year in (first, last)}
    lacking = list(dict.fromkeys(rows["economy"]))
    never = [code for code in lacking if all(code in missing for missing in by_year.values())]
    name = f"axis.{axis}"
    if set(never) == drawn:
        return say("missing.all", axis=name)
    parts = [say("missing.year", year=y) for y, missing in by_year.items() if missing == drawn]
    if never:
        parts.append(say("missing.never", who=never))
    for year, missing in by_year.items():
        some = [code for code in lacking if code in missing - set(never)]
        if some and missing != drawn:
            parts.append(say("missing.in", who=some, year=year))
    return say("missing.some", axis=name, parts=parts)


def _alt(frame: pd.DataFrame, first: int, last: int, say: Voice) -> str:
    """Tell every value, axis by axis, since that is how the economies compare."""
    economies = list(dict.fromkeys(frame["economy"]))
    axes = []
    for axis in AXES:
        unit = _unit(axis, frame.loc[frame["axis"] == axis, "value"].min())
        scale, decimals = scale_of(unit, say.language)
        items = []
        for code in economies:
            values = [value_of(frame, axis, code, year) for year in (first, last)]
            ends = dict.fromkeys(say.number(value / scale, decimals) for value in values)
            items.append(say("alt.item", who=code, change=" → ".join(ends)))
        axes.append(say("alt.axis", axis=f"axis_short.{axis}", unit=f"unit.{unit}", items=items))
    return say("alt.lead", count=len(economies), first=first, last=last, axes=axes)


def _unit(axis: str, smallest: float) -> str:
    """Return the unit that suits all values of an axis."""
    if AXES[axis] == "companies":
        return "companies"
    return "usd_tn" if smallest >= 1e12 else "usd"
