"""A comparison as plain data, for JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from anew.diff.change import Cause, Change, Comparison, FigureChange, Turn
from anew.diff.words import POINTS


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as plain data, with sizes and relative changes computed."""
    return {
        "old": comparison.old,
        "new": comparison.new,
        "scoreboard": comparison.scoreboard(),
        "equal": dict(comparison.equal),
        "figures": [_figure_data(figure) for figure in comparison.figures],
        "facts": [_change_data(one) for one in comparison.facts],
        "claims": [_turn_data(turn) for turn in comparison.claims],
        "statements": [_turn_data(turn) for turn in comparison.statements],
        "sentences": [one.as_dict() for one in comparison.sentences],
    }


def _figure_data(figure: FigureChange) -> dict[str, Any]:
    return {
        "address": figure.address,
        "kind": figure.kind,
        "size": figure.size,
        "titles": {language: list(pair) for language, pair in figure.titles.items()},
        "redrawn": figure.redrawn,
        "breaks": [asdict(one) for one in figure.breaks],
        "years": list(figure.years),
        **{name: [_change_data(one) for one in figure.points.get(name, ())] for name in POINTS},
    }


def _change_data(one: Change) -> dict[str, Any]:
    broken = one.cause is Cause.BREAK
    return {
        "of": list(one.of), "figure": one.figure, "kind": one.kind, "cause": one.cause,
        "old": one.old, "between": one.between, "new": one.new, "unit": one.unit,
        "absolute": one.absolute, "relative": one.relative, "size": None if broken else one.size,
    }  # fmt: skip


def _turn_data(turn: Turn) -> dict[str, Any]:
    old, new = turn.evidence
    return {
        "id": turn.id, "figure": turn.figure, "old": turn.old, "new": turn.new,
        "old_evidence": old, "new_evidence": new, "broken": turn.broken,
    }  # fmt: skip
