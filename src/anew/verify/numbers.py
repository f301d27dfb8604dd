"""The level of numbers: facts, figure data, claims and statements of two sides, by value."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anew.verify.difference import Difference, shown

#: Two numbers are equal when they part by no more than this, relative to the larger of them, …
RELATIVE = 1e-9
#: … or when both are smaller than this: what is left of a sum that comes to zero.
NEGLIGIBLE = 1e-12

KINDS = ("facts", "data", "claims", "statements")


@dataclass(frozen=True)
class Numbers:
    """What a build states: values and units by fact, the lines of each figure's CSV by address,

    claims with outcome and evidence, statements with verdict, value and evidence.
    """

    facts: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    data: Mapping[str, Sequence[str]] = field(default_factory=dict)
    claims: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    statements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return what a released manifest holds beside the build's own."""
        return {"data": self.data, "claims": self.claims, "statements": self.statements}


def numbers_of_manifest(manifest: Mapping[str, Any]) -> Numbers:
    """Return what a manifest holds; one that was not released has facts only."""
    return Numbers(**{kind: manifest.get(kind) or {} for kind in KINDS})


def numbers_of_site(folder: Path, manifest: Mapping[str, Any]) -> Numbers:
    """Return what a site states: facts as its manifest has them, the rest from its files.

    A file that is missing or damaged counts as empty here; that it is so is another level's matter.
    """
    tested = _json(folder / "claims.json")
    return Numbers(
        manifest.get("facts") or {},
        {
            path.stem: path.read_text("utf-8", "replace").splitlines()
            for path in sorted((folder / "figures").glob("*.csv"))
        },
        _kept(tested.get("claims"), ("holds", "evidence")),
        _kept(tested.get("statements"), ("verdict", "agrees", "ours", "evidence")),
    )


def places_of(folder: Path) -> dict[str, list[str]]:
    """Return where the text of a site makes each of its claims, as file:line."""
    claims = _json(folder / "claims.json").get("claims")
    known = claims.items() if isinstance(claims, Mapping) else ()
    return {id: list(one.get("places") or ()) for id, one in known if isinstance(one, Mapping)}


def _kept(found: Any, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    if not isinstance(found, Mapping):
        return {}
    return {
        id: {key: one.get(key) for key in keys}
        for id, one in sorted(found.items())
        if isinstance(one, Mapping)
    }


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, Mapping) else {}


def compare_numbers(
    recorded: Numbers, found: Numbers
) -> tuple[dict[str, tuple[int, int]], list[Difference]]:
    """Return for each kind how many are equal of how many, and every difference by name.

    A kind of which nothing was recorded is not compared: 0 of 0.
    """
    counts, differences = {}, []
    for kind in KINDS:
        one, two = getattr(recorded, kind), getattr(found, kind)
        names = list(dict.fromkeys([*one, *two])) if one else []
        equal = 0
        for name in names:
            told = list(_compare(kind, name, one.get(name), two.get(name)))
            equal += not told
            differences += told
        counts[kind] = (equal, len(names))
    return counts, differences


def same(one: Any, two: Any) -> bool:
    """Return whether two values are equal in all their parts, numbers within the tolerance."""
    return next(unequal(one, two), None) is None


#: The way to a place in a JSON value, and what either side has there.
_Unequal = tuple[tuple[str, ...], Any, Any]


def unequal(one: Any, two: Any, at: tuple[str, ...] = ()) -> Iterator[_Unequal]:
    """Yield each place at which two JSON values part, with what either side has there."""
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        for key in dict.fromkeys([*one, *two]):
            if key not in one or key not in two:
                yield (*at, str(key)), one.get(key), two.get(key)
            else:
                yield from unequal(one[key], two[key], (*at, str(key)))
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, (left, right) in enumerate(zip(one, two, strict=True)):
            yield from unequal(left, right, (*at, str(number)))
    elif _number(one) and _number(two):
        if not close(float(one), float(two)):
            yield at, one, two
    elif one != two or isinstance(one, bool) != isinstance(two, bool):
        yield at, one, two


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def close(one: float, two: float) -> bool:
    """Return whether two numbers are equal within the tolerance; a gap equals a gap."""
    if math.isnan(one) or math.isnan(two):
        return math.isnan(one) and math.isnan(two)
    return math.isclose(one, two, rel_tol=RELATIVE, abs_tol=NEGLIGIBLE)


def _compare(kind: str, name: str, one: Any, two: Any) -> Iterator[Difference]:
    singular = {"facts": "fact", "data": "data", "claims": "claim", "statements": "statement"}[kind]
    if one is None or two is None:
        sides = (None if side is None else _brief(side) for side in (one, two))
        yield Difference(singular, name, {}, *sides)
    elif kind == "data":
        yield from compare_tables(name, one, two)
    elif kind == "facts":
        if not same(list(one), list(two)):
            yield Difference("fact", name, {}, _brief(list(one)), _brief(list(two)))
    else:
        for at, left, right in unequal(one, two):
            yield Difference(singular, name, {"key": " › ".join(at)}, shown(left), shown(right))


def _brief(value: Any) -> str:
    """Return a fact as `value unit`, a claim or statement as its outcome."""
    if isinstance(value, Mapping):
        return shown(value.get("verdict", value.get("holds")))
    if len(value) == 2 and _number(value[0]):
        return f"{value[0]!r} {value[1]}"
    return f"{len(value)} lines"


def compare_tables(
    name: str, was: Sequence[str], now: Sequence[str], kind: str = "data", most: int = 20
) -> list[Difference]:
    """Return where two CSV files differ, by the row in the file and the column, at most `most`.

    `was` and `now` are their lines. A cell that is a number on both sides is compared as one. Rows
    that one side lacks are named as such, found by what their other cells say.
    """
    one, two = (list(csv.reader(io.StringIO("\n".join(lines)))) for lines in (was, now))
    if not one or not two or one[0] != two[0]:
        heads = [shown(",".join(rows[0])) if rows else None for rows in (one, two)]
        return [Difference(kind, name, {"row": 1}, *heads)]
    if len(one) != len(two):
        return _rows(kind, name, one, two)[:most]
    found: list[Difference] = []
    for row, (left, right) in enumerate(zip(one[1:], two[1:], strict=True), 2):
        if len(left) != len(right):
            found.append(Difference(kind, name, {"row": row}, ",".join(left), ",".join(right)))
            continue
        for column, old, new in zip(one[0], left, right, strict=False):
            if not same_cell(old, new):
                place = {"row": row, "column": column}
                found.append(Difference(kind, name, place, shown(old), shown(new)))
    return found[:most]


def _rows(
    kind: str, name: str, one: Sequence[Sequence[str]], two: Sequence[Sequence[str]]
) -> list[Difference]:
    """Return the rows that only one side has, by their number on that side."""
    from difflib import SequenceMatcher

    left, right = [tuple(row) for row in one], [tuple(row) for row in two]
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(i2 - i1, j2 - j1)):
            old = ",".join(left[i1 + at]) if i1 + at < i2 else None
            new = ",".join(right[j1 + at]) if j1 + at < j2 else None
            row = (i1 if old is not None else j1) + at + 1
            found.append(
                Difference(kind, name, {"row": row}, old and shown(old), new and shown(new))
            )
    return found


def same_cell(one: str, two: str) -> bool:
    """Return whether two cells say the same, as numbers where both are numbers."""
    if one == two:
        return True
    try:
        return close(float(one), float(two))
    except ValueError:
        return False
