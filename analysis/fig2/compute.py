"""Unicorns by economy: counts and shares of the world from one list (Fig. 2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

WORLD = "WLD"
UNION = "EUU"
OTHER = "other"  # this indicator's own codes for what is left over, never in a table
OTHER_MEMBERS = "other_members"


def unicorn_table(
    counts: pd.DataFrame,
    *,
    members: Collection[str],
    largest: int = 10,
    members_shown: int = 3,
    apart: Sequence[str] = (),
    economies: Sequence[str] | None = None,
    focus: str | None = None,
) -> pd.DataFrame:
    """Return the rows of the figure, from a list's `counts` by economy.

    `members` are the economies of the European Union; its row is followed by its largest
    `members_shown` and the rest of them. Of the other economies the `largest` by count are named
    (or just `economies`), and those `apart`, which the list counts separately, wherever the list
    has them. The economy `focus` is named wherever it belongs, large or small. The last row is the
    world less all that is named.

    Columns: economy, kind (economy, union, member, other_members, apart, other), count,
    share (per cent of the world's count), valuation (US$), valuation_share (per cent). Sorted by
    count, members below their union, `apart` and `other` last. Kinds economy, union, apart and
    other add up to the world; member and other_members add up to the union.
    """
    table = counts.set_index("economy")[["count", "valuation_usd_bn"]].astype("float64")
    if focus is not None and focus not in table.index:
        raise ValueError(f"The list has no company of {focus}.")
    world = _row(table, WORLD)
    single = table.drop(index=[WORLD, UNION], errors="ignore")
    inside = _sorted(single[single.index.isin(members)])
    separate = [code for code in apart if code in single.index]
    outside = _sorted(single[~single.index.isin([*members, *separate])])
    chosen = outside.head(largest).index if economies is None else economies
    named = outside[outside.index.isin([*chosen, focus])]

    rows: list[tuple[str, str, pd.Series]] = [(code, "economy", row) for code, row in _rows(named)]
    if UNION in table.index:
        position = sum(row["count"] >= table.loc[UNION, "count"] for _, _, row in rows)
        shown = inside[inside.index.isin([*inside.head(members_shown).index, focus])]
        block = [(UNION, "union", _row(table, UNION))]
        block += [(code, "member", row) for code, row in _rows(shown)]
        block.append((OTHER_MEMBERS, "other_members", _row(table, UNION) - shown.sum()))
        rows[position:position] = block
    rows += [(code, "apart", _row(single, code)) for code in separate]
    added = [row for _, kind, row in rows if kind in ("economy", "union", "apart")]
    rest: pd.Series[float] = world - sum(added, start=world * 0)
    rows.append((OTHER, "other", rest))

    frame = pd.DataFrame(
        {
            "economy": [code for code, _, _ in rows],
            "kind": [kind for _, kind, _ in rows],
            "count": [round(row["count"]) for _, _, row in rows],
            "valuation": [row["valuation_usd_bn"] * 1e9 for _, _, row in rows],
        }
    )
    frame.insert(3, "share", 100 * frame["count"] / world["count"])
    frame["valuation_share"] = 100 * frame["valuation"] / (world["valuation_usd_bn"] * 1e9)
    return frame


def ranking(counts: pd.DataFrame, *, members: Collection[str]) -> pd.DataFrame:
    """Return economy, count and share (per cent of the world), largest first.

    The European Union stands for its `members`, which are left out beside it.
    """
    table = counts.set_index("economy")[["count", "valuation_usd_bn"]]
    world = _row(table, WORLD)["count"]
    dropped = [WORLD, *members] if UNION in table.index else [WORLD]
    ordered = _sorted(table.drop(index=dropped, errors="ignore")).reset_index()
    return ordered.assign(share=100 * ordered["count"] / world)[["economy", "count", "share"]]


def shares_of_world(counts: pd.DataFrame) -> pd.DataFrame:
    """Return count, share, valuation and valuation_share of every economy of a list, by economy.

    Shares are per cent of the list's own world row; valuations are in US$.
    """
    table = counts.set_index("economy")
    return pd.DataFrame(
        {
            "count": table["count"],
            "share": 100 * table["count"] / _row(table, WORLD)["count"],
            "valuation": table["valuation_usd_bn"] * 1e9,
            "valuation_share": 100
            * table["valuation_usd_bn"]
            / _row(table, WORLD)["valuation_usd_bn"],
        }
    )


def unplaced(counts: pd.DataFrame) -> int:
    """Return how many of the world's companies have no economy of their own in the list."""
    table = counts.set_index("economy")["count"]
    return int(table[WORLD] - table.drop([WORLD, UNION], errors="ignore").sum())


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by count, then valuation, then code, so that ties fall the same way every time."""
    ordered = table.rename_axis("economy").reset_index()
    ordered = ordered.sort_values(
        ["count", "valuation_usd_bn", "economy"], ascending=[False, False, True]
    )
    return ordered.set_index("economy")


def _rows(table: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    return [(str(code), row) for code, row in table.iterrows()]


def _row(table: pd.DataFrame, code: str) -> pd.Series[float]:
    """Return the values of one economy."""
    found: Any = table.loc[code]
    return pd.Series(found)
