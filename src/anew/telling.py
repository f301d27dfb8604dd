"""Telling a comparison: as text for a terminal, as Markdown for a review, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from anew.comparison import Change, Comparison, FigureChange, Kind, Size, Turn
from anew.facts import Unit

#: So many points of a figure are told; the page and the JSON hold all.
SHOWN = 8


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, with sizes and relative changes computed."""

    def change(one: Change) -> dict[str, Any]:
        return {
            "of": list(one.of), "kind": one.kind, "old": one.old, "new": one.new,
            "unit": one.unit, "absolute": one.absolute, "relative": one.relative,
            "size": one.size,
        }  # fmt: skip

    return {
        "old": comparison.old,
        "new": comparison.new,
        "scoreboard": {
            kind: {str(size): count for size, count in sizes.items()}
            for kind, sizes in comparison.scoreboard().items()
        },
        "equal": dict(comparison.equal),
        "figures": [
            {
                "address": figure.address,
                "size": figure.size,
                "titles": {la: list(pair) for la, pair in figure.titles.items()},
                "breaks": [list(one) for one in figure.breaks],
                **{
                    kind: [change(one) for one in getattr(figure, kind)]
                    for kind in ("revised", "new", "gone")
                },
            }
            for figure in comparison.figures
        ],
        "facts": [change(one) for one in comparison.facts],
        "claims": [asdict(turn) for turn in comparison.claims],
        "statements": [asdict(turn) for turn in comparison.statements],
    }


def as_text(comparison: Comparison, units: Mapping[str, Unit], *, markdown: bool = False) -> str:
    """Return a comparison for reading: the scoreboard, then figures, facts and claims by size."""
    head, bullet = ("## ", "- ") if markdown else ("", "  ")
    lines = [f"{head}{comparison.old} → {comparison.new}", ""]
    if comparison.empty:
        return "\n".join([*lines, "Nothing changed.", ""])
    lines += [*_scoreboard(comparison, markdown), ""]
    for figure in comparison.figures:
        lines += [*_figure(figure, head and "### ", bullet), ""]
    if comparison.facts:
        lines.append(f"{head and '### '}Facts")
        lines += [bullet + _fact(one, units) for one in comparison.facts]
        lines.append("")
    for name, turns in (("Claims", comparison.claims), ("Statements", comparison.statements)):
        if turns:
            lines.append(f"{head and '### '}{name}")
            lines += [bullet + line for turn in turns for line in _turn(turn)]
            lines.append("")
    return "\n".join(lines)


def _scoreboard(comparison: Comparison, markdown: bool) -> list[str]:
    board = comparison.scoreboard()
    names = [str(size) for size in Size]
    if markdown:
        lines = ["| | " + " | ".join(names) + " | equal |", "|---|" + "---:|" * 4]
        for kind, sizes in board.items():
            counts = " | ".join(str(sizes[size]) for size in Size)
            lines.append(f"| {kind} | {counts} | {_equal(comparison, kind)} |")
        return lines
    lines = [f"{'':10}" + "".join(f"{name:>10}" for name in [*names, "equal"])]
    for kind, sizes in board.items():
        counts = "".join(f"{sizes[size]:>10}" for size in Size)
        lines.append(f"{kind:10}{counts}{_equal(comparison, kind):>10}")
    return lines


def _equal(comparison: Comparison, kind: str) -> int:
    extra = comparison.equal["statements"] if kind == "claims" else 0
    return comparison.equal[kind] + extra


def _figure(figure: FigureChange, head: str, bullet: str) -> list[str]:
    lines = [f"{head}{figure.address} ({figure.size})"]
    old, new = figure.titles.get("en", ("", ""))
    if old != new:
        lines.append(f"{bullet}title: {old or '—'} → {new}")
    for table, before, after in figure.breaks:
        lines.append(f"{bullet}break in the series: {table} is {after} now, it was {before}")
    counted = [
        f"{len(changes)} {name}"
        for name, changes in (
            ("points revised", figure.revised), ("new", figure.new), ("gone", figure.gone)
        )
        if changes
    ]  # fmt: skip
    if counted:
        lines.append(f"{bullet}{', '.join(counted)}")
    ranked = sorted(figure.revised, key=lambda one: -abs(one.relative or 0))
    lines += [f"{bullet}  {_point(one)}" for one in ranked[:SHOWN]]
    if len(ranked) > SHOWN:
        lines.append(f"{bullet}  … and {len(ranked) - SHOWN} more revised")
    return lines


def _point(change: Change) -> str:
    return f"{' '.join(change.of)}: {change.old:g} → {change.new:g}{_part(change)}"


def _fact(change: Change, units: Mapping[str, Unit]) -> str:
    def shown(value: float | None) -> str:
        if value is None:
            return "—"
        unit = units.get(change.unit)
        return unit.print(value, "en") if unit else f"{value:g}"

    word = f" ({change.kind})" if change.kind is not Kind.REVISED else ""
    return f"{change.of[0]}: {shown(change.old)} → {shown(change.new)}{_part(change)}{word}"


def _part(change: Change) -> str:
    if change.relative is None:
        return ""
    return f" ({change.relative:+.1%}, {change.size})"


def _turn(turn: Turn) -> Iterable[str]:
    yield f"{turn.id} ({turn.figure}): {turn.old or 'not made'} → {turn.new or 'not made'}"
    if turn.old_evidence != turn.new_evidence:
        yield f"  {_evidence(turn.old_evidence)} → {_evidence(turn.new_evidence)}"


def _evidence(evidence: Mapping[str, Any]) -> str:
    items = [f"{name} {_short(value)}" for name, value in list(evidence.items())[:4]]
    return ", ".join(items) + (", …" if len(evidence) > 4 else "")


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
