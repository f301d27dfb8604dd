"""What marks an economy in every figure: one colour and one marker, never another.

The colours differ in lightness as well as in hue, so that they stay apart in grey and for readers
who see fewer hues; tests/test_charts_style.py measures both. The marker is the second cue. Dashes
are kept free: they mean that a value is incomplete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How an economy is drawn: `colour`, and `ink`, the same hue dark enough for small text."""

    colour: str
    marker: str
    ink: str
    on: str  # the colour of text set on the colour


_DARK, _WHITE = "#1b1f24", "#ffffff"

LOOKS = {
    "USA": Look("#1f3f77", "o", "#1f3f77", _WHITE),
    "CHN": Look("#d1352b", "s", "#bb2a21", _WHITE),
    "EUU": Look("#4a9ad2", "D", "#1d6fa5", _DARK),
    "GBR": Look("#451040", "^", "#451040", _WHITE),
    "IND": Look("#f6ae1f", "v", "#96640a", _DARK),
    "IRL": Look("#12988b", "P", "#0b6e64", _DARK),
    "DEU": Look("#565656", "X", "#4a4a4a", _WHITE),
    "FRA": Look("#b894e8", "<", "#7a4fb5", _DARK),
    "JPN": Look("#cbb778", ">", "#6f5f22", _DARK),
    "KOR": Look("#8fa63a", "h", "#5f7020", _DARK),
    "WLD": Look("#8a929b", ".", "#5c6570", _DARK),
    "other": Look("#d3d7dc", ".", "#5c6570", _DARK),
}

#: For economies that no figure of the report draws by default, in the order in which they come.
_SPARE = (
    Look("#2b8f9e", "p", "#1f707c", _WHITE),
    Look("#b8860b", "*", "#7d5b07", _WHITE),
    Look("#9b2f5b", "d", "#9b2f5b", _WHITE),
    Look("#6f7fcf", "H", "#4b5aa8", _WHITE),
    Look("#5d7f4f", "8", "#4a683e", _WHITE),
    Look("#e08a6d", "1", "#a6512f", _DARK),
)


def look(code: str) -> Look:
    """Return how an economy with a fixed look is drawn; KeyError names one that has none."""
    return LOOKS[code]


def looks(economies: Sequence[str]) -> dict[str, Look]:
    """Return a look for each of `economies`: the fixed one, else a spare one, none twice.

    With more economies than looks the spare ones repeat, colours before markers.
    """
    spare = 0
    found: dict[str, Look] = {}
    for code in economies:
        if code in LOOKS:
            found[code] = LOOKS[code]
        else:
            found[code] = _SPARE[spare % len(_SPARE)]
            spare += 1
    return found
