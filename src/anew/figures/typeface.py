"""The project's fonts in matplotlib, under a name that no installed font has."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from anew.figures import fonts

#: Not the font's own name: a machine may have another file of that name, which would be drawn.
FAMILY = "anew sans"


def register(folder: Path) -> None:
    """Make the fonts of `folder` known to matplotlib under a family name of our own."""
    from matplotlib import font_manager

    manager = font_manager.fontManager
    wanted = {400: folder / fonts.REGULAR, 700: folder / fonts.BOLD}
    known = {entry.weight: entry.fname for entry in manager.ttflist if entry.name == FAMILY}
    if known == {weight: str(path) for weight, path in wanted.items()}:
        return
    manager.ttflist[:] = [entry for entry in manager.ttflist if entry.name != FAMILY]
    for weight, path in wanted.items():
        before = len(manager.ttflist)
        manager.addfont(path)
        entry = dataclasses.replace(manager.ttflist[before], name=FAMILY, weight=weight)
        manager.ttflist[before:] = [entry]


def font_file(weight: int | str = 400) -> Path:
    """Return the file that text of `weight` is drawn with, inside `style`."""
    from matplotlib.font_manager import FontProperties, findfont

    properties = FontProperties(family=FAMILY, weight=weight)
    return Path(findfont(properties, fallback_to_default=False))
