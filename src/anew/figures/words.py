"""The text of a figure in one language, its points, and the layouts in which it is drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class Layout:
    """How a figure is laid out for the place where it is read.

    `width` is in points; `columns` is how many small multiples stand side by side. A `framed`
    figure holds its words, so that it can travel alone; a bare one stands in a page that has them.
    """

    name: str
    width: float
    columns: int = 2
    framed: bool = False

    @property
    def narrow(self) -> bool:
        """Whether labels must be few and short."""
        return self.columns == 1


#: To download, the words inside; for pages and print; for a phone, whose 328 px show 8 pt as 11 px.
WHOLE = Layout("whole", 5.2 * 72, framed=True)
WIDE = Layout("wide", 5.2 * 72)
NARROW = Layout("narrow", 236.0, columns=1)
LAYOUTS = (WHOLE, WIDE, NARROW)


def figure_id(address: str) -> str:
    """Return the id of a figure in a text: `fig-7` for `fig7`, `fig-map-1` for `map-1`."""
    return f"fig-{re.sub('^fig(?=[0-9]+$)', '', address)}"


def figure_address(id: str) -> str:
    """Return the address of the figure with an id; what `figure_id` undoes."""
    name = id.removeprefix("fig-")
    return f"fig{name}" if name.isdecimal() else name


def picture_name(language: str, layout: Layout) -> str:
    """Return how the files of a picture are called, without their ending: `en`, `en.narrow`."""
    return language if layout.framed else f"{language}.{layout.name}"


def picture_kinds(layout: Layout) -> tuple[str, ...]:
    """Return the endings of a picture's files; Word takes the PNG of the wide layout."""
    return ("svg",) if layout.narrow else ("svg", "png")


@dataclass(frozen=True)
class Words:
    """The words of one figure in one language.

    `title` is the finding, computed; `measure` what the axis shows, with its unit; `note` the
    gaps, substitutes and incomplete years; `alt` what a reader who cannot see the figure needs,
    with numbers; `columns` what the columns of its data, and codes in them, are called; `source` is
    filled by the session, and so is `layout`, which is not kept.
    """

    title: str
    measure: str
    note: str
    alt: str
    source: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    layout: Annotated[Layout, Field(exclude=True)] = WHOLE


@dataclass(frozen=True)
class Point:
    """A point of a picture: where it is, as fractions from the top left, and what it tells.

    `narrow` is where it is in the narrow layout, across and down.
    """

    x: float
    y: float
    text: str
    series: str = ""
    narrow: tuple[float, float] | None = None
