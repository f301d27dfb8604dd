"""What changed between two builds: figures point by point, facts, claims, statements, sources.

Results only; how large a change is says `anew.diff.change`, how it is told is elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from anew.diff.change import Break, Cause, Change, Comparison, FigureChange, Kind, Size, Turn
from anew.figures.points import Row, points_of

Data = Mapping[str, Sequence[Row]]


def compare(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    old_data: Data,
    new_data: Data,
    between: tuple[Mapping[str, Any], Data] | None = None,
    moved: Collection[str] | None = None,
) -> Comparison:
    """Compare two builds.

    `old` and `new` are what weave.json holds, the data each figure's CSV as rows of texts. Values
    that print alike are equal only if they are equal. `moved` are the notebooks whose parameters
    are others, years above all, None where nobody knows; `between` is what these say of the new
    data with the old parameters.
    """
    broken = {a: found for a in old["figures"] if (found := _breaks(old, new, a))}
    woven, data = between or ({"facts": {}}, {})

    def placed(change: Change) -> Change:
        where = change.figure
        same = moved is not None and where not in moved
        return replace(change, broken=where in broken, same_years=same)

    figures = [
        change
        for address in _together(old["figures"], new["figures"])
        if (change := _figure(address, (old, new), (old_data, new_data, data), broken, placed))
    ]
    facts = [
        placed(change)
        for id in _together(old["facts"], new["facts"])
        if (change := _fact(id, *(side["facts"].get(id) for side in (old, new, woven))))
    ]
    claims = _turns(old["claims"], new["claims"], "holds", broken)
    statements = _turns(old["statements"], new["statements"], "verdict", broken)
    return Comparison(
        old["edition"],
        new["edition"],
        tuple(sorted(figures, key=lambda figure: _rank(figure.size))),
        tuple(sorted(facts, key=_order)),
        claims,
        statements,
        {
            "figures": len(new["figures"]) - sum(c.address in new["figures"] for c in figures),
            "facts": len(new["facts"]) - sum(c.of[0] in new["facts"] for c in facts),
            "claims": len(new["claims"]) - sum(turn.new is not None for turn in claims),
            "statements": len(new["statements"]) - sum(t.new is not None for t in statements),
        },
    )


def _rank(size: Size | None) -> int:
    """Return a size's place in the order of telling; a break comes first."""
    return -1 if size is None else list(Size).index(size)


def _order(fact: Change) -> tuple[bool, int, float]:
    return (not fact.broken, _rank(fact.size), -abs(fact.relative or 0))


def _together(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [*one, *(name for name in other if name not in one)]


def _fact(
    id: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    between: Mapping[str, Any] | None,
) -> Change | None:
    told = new or old or {}
    values = [None if fact is None else fact["value"] for fact in (old, new, between)]
    return _change((id,), *values, told["unit"], told["figure"])


def _change(
    of: tuple[str, ...],
    old: float | None,
    new: float | None,
    between: float | None = None,
    unit: str = "",
    figure: str = "",
) -> Change | None:
    if old == new:
        return None
    kind = Kind.NEW if old is None else Kind.GONE if new is None else Kind.REVISED
    return Change(of, kind, old, new, unit, figure, between)


def _figure(
    address: str,
    woven: Sequence[Mapping[str, Any]],
    data: Sequence[Data],
    broken: Mapping[str, Any],
    placed: Callable[[Change], Change],
) -> FigureChange | None:
    """Return what changed in a figure; `data` are the old, the new and those between."""
    before, after = (side["figures"].get(address) for side in woven)
    old, new, between = points_of(*(states.get(address, ()) for states in data))
    changes = [
        placed(change)
        for of in _together(old.values, new.values)
        if (change := _change(of, *(one.values.get(of) for one in (old, new, between)),
                              figure=address))
    ]  # fmt: skip
    titles = {
        language: ((before or {}).get(language, {}).get("title", ""), words["title"])
        for language, words in (after or {}).items()
        if isinstance(words, Mapping) and "title" in words
    }
    breaks = broken.get(address, ())
    if before and after and not (changes or breaks or any(a != b for a, b in titles.values())):
        return None
    years = sorted(new.years - old.years) if before and after else []

    def only(kind: Kind, fits: Callable[[Change], bool]) -> tuple[Change, ...]:
        return tuple(change for change in changes if change.kind is kind and fits(change))

    return FigureChange(
        address,
        Kind.NEW if before is None else Kind.GONE if after is None else Kind.REVISED,
        titles,
        revised=only(Kind.REVISED, lambda c: c.cause not in (Cause.BREAK, Cause.YEARS)),
        shifted=only(Kind.REVISED, lambda c: c.cause is Cause.YEARS),
        broken=only(Kind.REVISED, lambda c: c.cause is Cause.BREAK),
        new=only(Kind.NEW, lambda c: new.year_of(c.of) not in years),
        gone=only(Kind.GONE, lambda c: True),
        years=tuple(years),
        new_years=only(Kind.NEW, lambda c: new.year_of(c.of) in years),
        breaks=breaks,
    )


def _breaks(old: Mapping[str, Any], new: Mapping[str, Any], address: str) -> tuple[Break, ...]:
    """Return the tables whose agency is another one now: a break in the series, not a change."""
    held: list[dict[str, list[Mapping[str, str]]]] = []
    for side in (old, new):
        agencies: dict[str, list[Mapping[str, str]]] = {}
        for source in side["figures"].get(address, {}).get("sources", ()):
            if source["agency"] not in agencies.setdefault(source["table"], []):
                agencies[source["table"]].append(source["agency"])
        held.append(agencies)
    one, two = held
    return tuple(
        Break(table, _joined(one[table]), _joined(two[table]))
        for table in one
        if table in two and _joined(one[table]) != _joined(two[table])
    )


def _joined(agencies: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the agencies of one table as one name by language, whatever their order."""
    return {
        language: "; ".join(sorted(agency[language] for agency in agencies))
        for language in agencies[0]
    }


def _turns(
    old: Mapping[str, Mapping[str, Any]],
    new: Mapping[str, Mapping[str, Any]],
    outcome: str,
    broken: Mapping[str, Any],
) -> tuple[Turn, ...]:
    """Return the claims (or statements) whose outcome is another one now, or that came or went."""
    turns = []
    for id in _together(old, new):
        before, after = old.get(id), new.get(id)
        if before and after and before[outcome] == after[outcome]:
            continue
        figure = (after or before or {})["figure"]
        turns.append(
            Turn(
                id,
                figure,
                None if before is None else str(before[outcome]).lower(),
                None if after is None else str(after[outcome]).lower(),
                (before or {}).get("evidence", {}),
                (after or {}).get("evidence", {}),
                figure in broken,
            )
        )
    return tuple(turns)
