"""The palette: each series has one colour and one marker in every figure.

A report names its own looks by code; a series that has none gets a spare one. The colours differ in
lightness as well as in hue, so that they stay apart in grey and for readers who see fewer hues. The
marker is the second cue. Dashes are kept free: they mean that a value is incomplete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How a series is drawn: `colour`, and `ink`, the same hue dark enough for small text."""

    colour: str
    marker: str
    ink: str
    on: str  # the colour of text set on the colour


DARK, WHITE = "#1b1f24", "#ffffff"

#: For series without a look of their own, in the order in which they come.
SPARE = (
    Look("#257c89", "p", "#1f707c", WHITE),
    Look("#936b09", "*", "#7d5b07", WHITE),
    Look("#9b2f5b", "d", "#9b2f5b", WHITE),
    Look("#616eb4", "H", "#4b5aa8", WHITE),
    Look("#5a7b4d", "8", "#4a683e", WHITE),
    Look("#e08a6d", "1", "#a6512f", DARK),
)


def looks_of(codes: Sequence[str], fixed: Mapping[str, Look]) -> dict[str, Look]:
    """Return a look for each of `codes`: the fixed one, else a spare one, none twice.

    With more series than looks the spare ones repeat, colours before markers.
    """
    others = [code for code in dict.fromkeys(codes) if code not in fixed]
    spare = {code: SPARE[number % len(SPARE)] for number, code in enumerate(others)}
    return {code: fixed[code] if code in fixed else spare[code] for code in codes}


def paler(colour: str, part: float) -> tuple[float, float, float]:
    """Return a colour mixed with white, of which it keeps `part` (0 is white, 1 the colour)."""
    from matplotlib.colors import to_rgb

    red, green, blue = (1 - part * (1 - level) for level in to_rgb(colour))
    return red, green, blue
