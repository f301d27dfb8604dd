"""Unicorns by the year in which they became one or were founded (Fig. 5 and 6).

The lists name companies that are unicorns on the list's day: survivors only. A row that is absent
means that no company on the list has that year, so within the list's time it is a true zero; after
the list's year nothing is known.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from anew.project.errors import AnewError

WORLD = "WLD"
OTHER = "other"
STACK_ECONOMIES = ("USA", "CHN", "EUU", "GBR", "IND")
SHARE_ECONOMIES = ("CHN", "USA", "EUU", "GBR", "IND")

#: A list of this many days before the year's end counts as covering it: lists are read in December.
_NEARLY = 31

_COLUMNS = {"joined": "year_joined", "founded": "year_founded"}


def counts_by_year(
    table: pd.DataFrame,
    kind: str,
    list_day: datetime.date,
    *,
    economies: Sequence[str],
    first_year: int | None = None,
    last_year: int | None = None,
) -> pd.DataFrame:
    """Return companies by year (rows) and economy (columns), zeros where the list has none.

    `table` counts by `kind` ("joined" or "founded"); `list_day` is the day that the list speaks
    of. Years after it are left out, whatever `last_year` says. Raises AnewError when no year is
    left, and for an economy of which the table has nothing.
    """
    column = _COLUMNS[kind]
    first = int(table[column].min()) if first_year is None else first_year
    last = min(list_day.year if last_year is None else last_year, list_day.year)
    if first > last:
        raise AnewError(
            f"Unicorns by year: no year from {first} to {last} (list of {list_day}).",
            f"The list covers {int(table[column].min())} to {list_day.year}.",
        )
    known = set(table["economy"])
    for code in economies:
        if code not in known:
            raise AnewError(
                f"The list has no unicorn of the economy {code}.",
                f"It has {', '.join(sorted(known))}.",
            )
    wide = table.pivot(index=column, columns="economy", values="count")
    wide = wide.reindex(index=range(first, last + 1), columns=list(economies)).fillna(0)
    wide.index.name = "year"
    return wide.astype("int64")


def is_complete(year: int, list_day: datetime.date) -> bool:
    """Return whether a list of `list_day` covers `year` to its end, or as good as."""
    return (datetime.date(year, 12, 31) - list_day).days <= _NEARLY


def shares_by_year(
    counts: pd.DataFrame, list_day: datetime.date, split: int = 2019
) -> pd.DataFrame:
    """Return each economy's own companies by year as shares of its total over these years.

    Columns: economy, year, count, share (per cent, adding up to 100 for each economy), total (the
    economy's companies over these years), complete (whether the list covers the year), split (the
    year that divides early from late: the study's 2019). A share of an economy without any company
    is missing.
    """
    rows = []
    for code in counts.columns:
        total = int(counts[code].sum())
        for year, count in zip(map(int, counts.index), map(int, counts[code]), strict=True):
            share = 100 * count / total if total else float("nan")
            rows.append((str(code), year, count, share, total))
    frame = pd.DataFrame(rows, columns=["economy", "year", "count", "share", "total"])
    frame["complete"] = [is_complete(year, list_day) for year in frame["year"]]
    frame["split"] = split
    return frame


def stack_by_year(
    table: pd.DataFrame,
    kind: str,
    list_day: datetime.date,
    *,
    members: Mapping[str, Collection[str]],
    economies: Sequence[str] | None = None,
    first_year: int | None = None,
    last_year: int | None = None,
) -> pd.DataFrame:
    """Return companies by year and economy with the rest of the world, as a stack adds them up.

    `members` gives the economies inside a group (`EUU`), which must not be stacked beside it.
    Columns: economy, year, count, complete. Economies come largest total first (ties in the given
    order) and last `other`, the world less those shown. Raises AnewError when an economy would be
    counted twice.
    """
    chosen = list(dict.fromkeys(economies or STACK_ECONOMIES))
    for group in chosen:
        inside = [code for code in chosen if code in members.get(group, ())]
        if inside or group == WORLD:
            raise AnewError(
                f"A stack of {', '.join(chosen)} would count {', '.join(inside or chosen)} twice: "
                f"part of {group}.",
                f"Leave out {group}, or what belongs to it.",
            )
    counts = counts_by_year(
        table,
        kind,
        list_day,
        economies=[*chosen, WORLD],
        first_year=first_year,
        last_year=last_year,
    )
    totals = {code: sum(map(int, counts[code])) for code in chosen}
    order = sorted(chosen, key=lambda code: (-totals[code], chosen.index(code)))
    counts[OTHER] = counts[WORLD] - counts[chosen].sum(axis="columns")
    rows = [
        (code, int(year), int(counts.loc[year, code]), is_complete(int(year), list_day))
        for code in [*order, OTHER]
        for year in counts.index
    ]
    return pd.DataFrame(rows, columns=["economy", "year", "count", "complete"])


def share_before(counts: pd.Series, year: int) -> float:
    """Return what per cent of a series of counts by year lies before `year`; NaN without any."""
    total = counts.sum()
    return float(100 * counts[counts.index < year].sum() / total) if total else float("nan")
