"""Legibility of a figure: overlapping text, text cut off, lines through text."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from anew.figures import drawing, wrapping
from anew.project.phrases import Phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

#: An artist with this gid may touch words: a leader line, a band that words stand on.
BESIDE_WORDS = "beside-words"

_TOUCH = 0.6  # points that two boxes may share: a box is a little larger than its ink


def illegible(figure: Figure) -> list[Phrase]:
    """Return the problems with the text of a figure, one sentence each.

    Looks at the boxes of all texts as drawn: two that overlap, one that leaves the canvas, one
    set smaller than the house style's smallest, and a line of data drawn through one.
    """
    drawing.prepare(figure)
    renderer = figure._get_renderer()  # type: ignore[attr-defined]  # no public one without a canvas
    undrawn = _undrawn(figure)
    boxes = [
        (text, _inked(text, text.get_window_extent(renderer), drawing.frame_of(figure).language))
        for text in drawing.texts_of(figure)
        if id(text) not in undrawn
    ]
    canvas = figure.bbox
    problems: list[Phrase] = []
    for text, box in boxes:
        if text.get_fontsize() < drawing.SMALLEST:
            size = f"{text.get_fontsize():g}"
            problems.append(Phrase("{text} is set in {size} pt.", text=_name(text), size=size))
        if (
            box.x0 < canvas.x0 - _TOUCH
            or box.x1 > canvas.x1 + _TOUCH
            or box.y0 < canvas.y0 - _TOUCH
            or box.y1 > canvas.y1 + _TOUCH
        ):
            problems.append(Phrase("{text} leaves the canvas.", text=_name(text)))
    for (one, first), (other, second) in combinations(boxes, 2):
        if _overlap(first, second):
            problems.append(Phrase("{one} lies on {other}.", one=_name(one), other=_name(other)))
    inked = [(text, box.padded(-_TOUCH)) for text, box in boxes]
    inked = [(text, box) for text, box in inked if box.width > 0 and box.height > 0]
    for line in _data_lines(figure):
        path = line.get_transform().transform_path(line.get_path())
        for text, box in _near(path, inked):
            if path.intersects_bbox(box, filled=False):
                name = str(line.get_label())
                problems.append(
                    Phrase("A line ({line}) runs through {text}.", line=name, text=_name(text))
                )
    return problems


def _near(path: Path, boxes: Sequence[tuple[Any, Bbox]]) -> list[tuple[Any, Bbox]]:
    """Return the boxes that overlap the one around a path, whose gaps do not count."""
    import numpy

    vertices: Any = path.vertices
    points = vertices[numpy.isfinite(vertices).all(axis=1)]
    if not len(points) or not boxes:
        return []
    low, high = points.min(axis=0), points.max(axis=0)
    ends = numpy.array([box.extents for _, box in boxes])
    near: Any = (ends[:, :2] <= high).all(axis=1) & (ends[:, 2:] >= low).all(axis=1)
    return [one for one, close in zip(boxes, near, strict=True) if close]


def _inked(text: Any, box: Bbox, language: str) -> Bbox:
    """Return the box of a level line of text as it is drawn.

    Matplotlib lays text out without its font features and draws it with them: from the same left
    edge, but narrower where English uses narrow quotation marks.
    """
    from matplotlib.transforms import Bbox

    words = text.get_text()
    if "\n" in words or text.get_rotation() % 360:
        return box
    font = drawing.font_file(text.get_fontweight())
    drawn = wrapping.width(words, font, text.get_fontsize(), language)
    return Bbox.from_extents(box.x0, box.y0, min(box.x1, box.x0 + drawn), box.y1)


def _overlap(first: Bbox, second: Bbox) -> bool:
    across = min(first.x1, second.x1) - max(first.x0, second.x0)
    up = min(first.y1, second.y1) - max(first.y0, second.y0)
    return bool(across > _TOUCH and up > _TOUCH)


def _undrawn(figure: Figure) -> set[int]:
    """Return the ids of tick labels that matplotlib keeps but does not draw: beyond the limits."""
    ids: set[int] = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            drawn = {id(tick) for tick in axis._update_ticks()}  # type: ignore[union-attr]  # private
            for tick in (*axis.majorTicks, *axis.minorTicks):
                if id(tick) not in drawn:
                    ids |= {id(tick.label1), id(tick.label2)}
    return ids


def _data_lines(figure: Figure) -> list[Any]:
    import numpy
    from matplotlib.lines import Line2D

    lines = []
    for axes in figure.axes:
        if axes.get_visible():
            lines += [line for line in axes.lines if isinstance(line, Line2D)]
    return [
        line
        for line in lines
        if line.get_visible()
        and line.get_gid() != BESIDE_WORDS
        and line.get_linestyle() not in ("None", "none", "", " ")
        and numpy.size(line.get_xdata()) > 1
    ]


def _name(text: Any) -> str:
    words = text.get_text()
    return f"“{words if len(words) <= 40 else words[:39] + '…'}”"
