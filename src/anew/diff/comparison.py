"""What changed between two states: figures point by point, facts, claims, statements, sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from anew.diff.change import Break, Cause, Change, Comparison, FigureChange, Kind, Size, Turn
from anew.diff.state import Figure, Outcome, State
from anew.figures.points import points_of

T = TypeVar("T")

#: The points of a figure that are no revisions, by cause.
_CAUSED = {Cause.BREAK: "broken", Cause.YEARS: "shifted"}

#: The breaks in the series of each figure that has one.
Breaks = Mapping[str, tuple[Break, ...]]


def compare(
    old: State,
    new: State,
    between: State | None = None,
    moved: Collection[str] | None = None,
) -> Comparison:
    """Compare two states.

    Values that print alike are equal only if they are equal. `moved` are the notebooks whose
    parameters differ, years above all, None where that is not known; `between` is what these state
    of the new data with the old parameters.
    """
    breaks = {a: found for a in old.figures if (found := _breaks(old, new, a))}
    between = between or State()

    def placed(change: Change) -> Change:
        where = change.figure
        same = moved is not None and where not in moved
        return replace(change, broken=where in breaks, same_years=same)

    figures = [
        figure
        for address in _together(old.figures, new.figures)
        if (figure := _figure(address, (old, new, between), breaks, placed))
    ]
    facts = [
        placed(change)
        for id in _together(old.facts, new.facts)
        if (change := _fact(id, old, new, between))
    ]
    claims = _turns(old.claims, new.claims, breaks)
    statements = _turns(old.statements, new.statements, breaks)
    return Comparison(
        old.name,
        new.name,
        tuple(sorted(figures, key=lambda figure: _rank(figure.size))),
        tuple(sorted(facts, key=_order)),
        claims,
        statements,
        {
            "figures": len(new.figures) - sum(c.address in new.figures for c in figures),
            "facts": len(new.facts) - sum(c.of[0] in new.facts for c in facts),
            "claims": len(new.claims) - sum(turn.after is not None for turn in claims),
            "statements": len(new.statements) - sum(t.after is not None for t in statements),
        },
    )


def changed(old: State, new: State) -> set[str]:
    """Return the figures of both states that are among the changes of `compare`."""
    states = (old, new, State())
    both = old.figures.keys() & new.figures.keys()
    breaks = {address: _breaks(old, new, address) for address in both}
    return {a for a in both if _figure(a, states, breaks, lambda change: change)}


def _rank(size: Size | None) -> int:
    """Return a size's rank; a break comes first."""
    return -1 if size is None else list(Size).index(size)


def _order(fact: Change) -> tuple[bool, int, float]:
    return (not fact.broken, _rank(fact.size), -abs(fact.relative or 0))


def _together(one: Iterable[T], other: Iterable[T]) -> list[T]:
    return list(dict.fromkeys([*one, *other]))


def _fact(id: str, old: State, new: State, between: State) -> Change | None:
    told = new.facts.get(id) or old.facts[id]
    facts = (state.facts.get(id) for state in (old, new, between))
    values = [fact.value if fact else None for fact in facts]
    return _change((id,), *values, unit=told.unit, figure=told.figure)


def _change(
    of: tuple[str, ...],
    old: float | None,
    new: float | None,
    between: float | None,
    *,
    unit: str = "",
    figure: str,
) -> Change | None:
    if old == new:
        return None
    kind = Kind.NEW if old is None else Kind.GONE if new is None else Kind.REVISED
    return Change(of, kind, old, new, unit, figure, between)


def _figure(
    address: str,
    states: tuple[State, State, State],
    broken: Breaks,
    placed: Callable[[Change], Change],
) -> FigureChange | None:
    """Return what changed in a figure; the states are the old, the new and the one between."""
    before, after = (state.figures.get(address) for state in states[:2])
    old, new, between = points_of(*(state.rows(address) for state in states))
    changes = [
        placed(change)
        for of in _together(old.values, new.values)
        if (change := _change(of, *(one.values.get(of) for one in (old, new, between)),
                              figure=address))
    ]  # fmt: skip
    titles = _titles(before, after)
    breaks = broken.get(address, ())
    same = before and after and not (changes or breaks or any(a != b for a, b in titles.values()))
    if same and not _redrawn(address, *states[:2]):
        return None
    years = sorted(new.periods - old.periods) if before and after else []

    points: dict[str, list[Change]] = {}
    for change in changes:
        if change.kind is Kind.NEW:
            name = "new_years" if new.period_of(change.of) in years else "new"
        else:
            name = "gone" if change.kind is Kind.GONE else _CAUSED.get(change.cause, "revised")
        points.setdefault(name, []).append(change)
    kind = Kind.NEW if before is None else Kind.GONE if after is None else Kind.REVISED
    return FigureChange(address, kind, titles, points, tuple(years), breaks, redrawn=bool(same))


def _redrawn(address: str, old: State, new: State) -> bool:
    """Return whether a picture of a figure differs between two built sites."""
    return any(
        name.split(".")[0] == address and new.pictures.get(name, digest) != digest
        for name, digest in old.pictures.items()
    )


def _titles(before: Figure | None, after: Figure | None) -> dict[str, tuple[str, str]]:
    if after is None:
        return {}
    old = before.titles if before else {}
    return {language: (old.get(language, ""), title) for language, title in after.titles.items()}


def _breaks(old: State, new: State, address: str) -> tuple[Break, ...]:
    """Return the tables that come from a different agency now: no change, but a break."""
    before = old.figures[address].agencies
    after = new.figures[address].agencies if address in new.figures else {}
    return tuple(
        Break(table, before[table], after[table])
        for table in before
        if table in after and before[table] != after[table]
    )


def _turns(
    old: Mapping[str, Outcome], new: Mapping[str, Outcome], breaks: Breaks
) -> tuple[Turn, ...]:
    """Return the claims (or statements) whose outcome changed, and those added or removed."""
    turns = []
    for id in _together(old, new):
        before, after = old.get(id), new.get(id)
        if before and after and before.result == after.result:
            continue
        told = after or before
        assert told is not None
        turns.append(Turn(id, told.figure, before, after, told.figure in breaks))
    return tuple(turns)
