"""How an economy is drawn in every figure; tests/test_shared_looks.py measures the colours."""

from __future__ import annotations

from collections.abc import Sequence

from anew.figures.palette import DARK, WHITE, Look, looks_of

LOOKS = {
    "USA": Look("#1f3f77", "o", "#1f3f77", WHITE),
    "CHN": Look("#d1352b", "s", "#bb2a21", WHITE),
    "EUU": Look("#4a9ad2", "D", "#1d6fa5", DARK),
    "GBR": Look("#451040", "^", "#451040", WHITE),
    "IND": Look("#f6ae1f", "v", "#96640a", DARK),
    "IRL": Look("#27a195", "P", "#0b6e64", DARK),
    "DEU": Look("#565656", "X", "#4a4a4a", WHITE),
    "FRA": Look("#b894e8", "<", "#7a4fb5", DARK),
    "JPN": Look("#cbb778", ">", "#6f5f22", DARK),
    "KOR": Look("#8fa63a", "h", "#5f7020", DARK),
    "WLD": Look("#8a929b", ".", "#5c6570", DARK),
    "other": Look("#d3d7dc", ".", "#5c6570", DARK),
}


def looks(economies: Sequence[str]) -> dict[str, Look]:
    """Return a look for each of `economies`: the fixed one, else a spare one, none twice."""
    return looks_of(economies, LOOKS)
