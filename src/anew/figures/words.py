"""The text of a figure in one language, and its points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one figure in one language.

    `title` is the finding, computed; `measure` what the axis shows, with its unit; `note` the
    gaps, substitutes and incomplete years; `alt` what a reader who cannot see the figure needs,
    with numbers; `source` is filled by the session.
    """

    title: str
    measure: str
    note: str
    alt: str
    source: str = ""


@dataclass(frozen=True)
class Point:
    """A point of a picture: where it is, as fractions from the top left, and what it tells."""

    x: float
    y: float
    text: str
    series: str = ""
