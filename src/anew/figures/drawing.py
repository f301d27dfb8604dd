"""The house style of figures: a frame of words around a chart, in one language.

A chart calls `new_figure` inside `style(language)` (the session of a notebook opens it), fills the
axes and returns the figure. The frame is the same everywhere: the finding in bold, what is
measured under it, the chart, then note and source in small grey. Everything is in points on the
width of the layout: an A4 column shows the wide ones a fifth larger. A bare layout leaves the words
of the frame to the page.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anew.figures import fonts, wrapping
from anew.figures.typeface import FAMILY, register
from anew.figures.typeface import font_file as font_file
from anew.figures.vector import lean_svg
from anew.figures.words import Point, picture_kinds
from anew.figures.words import Words as Words
from anew.project.language import say
from anew.project.paths import Project, find_project

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.gridspec import GridSpec

SMALLEST = 8.0  # points: nothing is set smaller

#: Ink of the frame: text, quiet text, axis lines, grid.
INK, QUIET, AXIS, GRID, PAPER = "#1b1f24", "#5c6570", "#8a929b", "#e3e6ea", "#ffffff"

_TITLE, _MEASURE, _BODY, _SMALL = 13.0, 9.5, 9.0, 8.0
_LEADING = {"zh": 1.42, "en": 1.26, "de": 1.26}  # Chinese fills its em square and wants more air
_EDGE = 2.0  # points between the words and the canvas
_PIXELS_PER_INCH = 192  # twice the 96 of a CSS inch


@dataclass(frozen=True)
class Saved:
    """Where a figure was saved, and its points as fractions of the picture from its top left."""

    svg: Path
    png: Path | None
    points: Sequence[Point] = ()


@contextmanager
def style(language: str, project: Project | None = None) -> Iterator[None]:
    """Draw in the house style of `language` within this context only.

    Raises AnewError when the fonts cannot be made.
    """
    import matplotlib
    import seaborn

    register(fonts.font_folder(project or find_project()))
    look = seaborn.axes_style("whitegrid") | {
        "font.family": [FAMILY],
        "font.size": _BODY,
        "axes.labelsize": _BODY,
        "axes.titlesize": _MEASURE,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlecolor": INK,
        "axes.titlepad": 6.0,
        "axes.labelcolor": QUIET,
        "axes.edgecolor": AXIS,
        "axes.facecolor": "none",
        "axes.linewidth": 0.8,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.unicode_minus": True,
        "axes.formatter.use_mathtext": False,
        "axes.xmargin": 0.0,
        "figure.facecolor": PAPER,
        "figure.dpi": 72.0,
        "grid.color": GRID,
        "grid.linewidth": 0.7,
        "hatch.linewidth": 0.7,
        "legend.frameon": False,
        "lines.linewidth": 2.0,
        "lines.solid_capstyle": "round",
        "lines.solid_joinstyle": "round",
        "patch.edgecolor": PAPER,
        "path.simplify": False,
        "savefig.facecolor": PAPER,
        "svg.fonttype": "path",
        "text.color": INK,
        "text.hinting": "none",
        "text.parse_math": False,
        "text.usetex": False,
        "xtick.bottom": True,
        "xtick.major.size": 3.0,
        "xtick.major.width": 0.8,
        "xtick.color": AXIS,
        "xtick.labelcolor": QUIET,
        "xtick.labelsize": _BODY,
        "ytick.left": False,
        "ytick.major.size": 0.0,
        "ytick.color": AXIS,
        "ytick.labelcolor": QUIET,
        "ytick.labelsize": _BODY,
        "ytick.major.pad": 4.0,
    }
    with matplotlib.rc_context(look):
        yield


def new_figure(
    words: Words,
    language: str,
    height: float,
    *,
    left: float = 28.0,
    right: float = 6.0,
    top: float = 8.0,
    bottom: float = 18.0,
    rows: int = 1,
    columns: int = 1,
    **grid: Any,
) -> tuple[Figure, GridSpec]:
    """Return a figure with its words set, and the grid of the chart to fill with axes.

    `height` is that of the chart area in points; `left`, `right`, `top` and `bottom` are the
    points kept free around it for tick labels, direct labels and panel titles. The figure is as
    high as its words make it, where its layout has them inside; the chart area is the same in
    every language. `grid` goes to matplotlib's `add_gridspec` (width_ratios, hspace …).
    """
    from matplotlib.figure import Figure

    width = words.layout.width
    above, below = _frame(words, language) if words.layout.framed else ([], [])
    above_height = sum(line.height for line in above) + top
    below_height = sum(line.height for line in below) + bottom
    total = _EDGE + above_height + height + below_height + _EDGE
    figure = Figure(figsize=(width / 72, total / 72))
    vars(figure)["anew"] = Frame(language, words)
    _set(figure, above, total - _EDGE, total)
    _set(figure, below, _EDGE + below_height - bottom, total)
    area = figure.add_gridspec(
        rows,
        columns,
        left=left / width,
        right=1 - right / width,
        bottom=(_EDGE + below_height) / total,
        top=(_EDGE + below_height + height) / total,
        **grid,
    )
    return figure, area


def mark_points(
    ax: Axes, xs: Sequence[Any], ys: Sequence[Any], texts: Sequence[str], series: str = ""
) -> None:
    """Record points of the chart with the text that a reader sees on pointing at them.

    `xs` and `ys` are in the units of `ax`. A point without a value is left out: a gap says nothing.
    """
    for x, y, text in zip(xs, ys, texts, strict=True):
        if x == x and y == y and y is not None:
            _marked(ax.get_figure(root=True)).append((ax, x, y, text, series))


def prepare(figure: Figure) -> None:
    """Lay the figure out and check that every character of it has a glyph.

    Raises AnewError that names the character and the text.
    """
    features = list(wrapping.FEATURES[frame_of(figure).language]) or None
    for text in texts_of(figure):
        text.set_fontfeatures(features)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.draw_without_rendering()
    for text in texts_of(figure):
        font = font_file(text.get_fontweight())
        if lacking := fonts.missing_characters(text.get_text(), font):
            raise fonts.missing_glyph(lacking, text.get_text(), font)


def texts_of(figure: Figure) -> list[Any]:
    """Return the texts of a figure that a reader sees, tick labels included."""
    from matplotlib.text import Text

    seen = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and _shown(text):
            seen.append(text)
    return seen


def save_figure(figure: Figure, path: Path, *, salt: str, prepared: bool = False) -> Saved:
    """Write the figure as `path`.svg and, unless it is narrow, `path`.png: always the same bytes.

    Text becomes outlines, so no reader needs the fonts. `salt` (address, language and layout) makes
    the ids of the SVG unique, so that several can stand in one page; `prepared` is a figure that
    `prepare` laid out. Raises AnewError for a character without a glyph.
    """
    import matplotlib

    if not prepared:
        prepare(figure)
    svg, png = path.with_name(path.name + ".svg"), path.with_name(path.name + ".png")
    kinds = picture_kinds(frame_of(figure).words.layout)
    with matplotlib.rc_context({"svg.hashsalt": salt, "svg.fonttype": "path"}):
        quiet = {"Date": None, "Creator": None, "Title": frame_of(figure).words.title}
        figure.savefig(svg, format="svg", metadata=quiet)
        if "png" in kinds:
            figure.savefig(png, format="png", dpi=_PIXELS_PER_INCH, metadata={"Software": None})
    svg.write_text(lean_svg(svg.read_text("utf-8"), salt), "utf-8", newline="\n")
    return Saved(svg, png if "png" in kinds else None, _fractions(figure))


#: A point of the data: the axes, across and up in their units, what it tells, its series.
Marked = tuple["Axes", Any, Any, str, str]


@dataclass
class Frame:
    """Data of a figure besides its artists, stored in its attribute `anew`."""

    language: str
    words: Words


def _marked(figure: Figure | None) -> list[Marked]:
    """Return the points that are marked in a figure, to be added to."""
    marked: list[Marked] = vars(figure).setdefault("marked", [])
    return marked


def in_frame(figure: Figure, words: Words, language: str) -> bool:
    """Put a figure of plain matplotlib into the frame of the house; return whether it was one.

    It takes the width of its layout and keeps its proportions. What `new_figure` made is left as
    it is.
    """
    if "anew" in vars(figure):
        return False
    width = words.layout.width
    height = width * figure.get_figheight() / figure.get_figwidth()
    figure.set_size_inches(width / 72, height / 72)
    figure.draw_without_rendering()  # its own layout engine places the axes first
    figure.set_layout_engine("none")
    above, below = _frame(words, language) if words.layout.framed else ([], [])
    under = _EDGE + sum(line.height for line in below) if below else 0.0
    total = under + height + (_EDGE + sum(line.height for line in above) if above else 0.0)
    vars(figure)["anew"] = Frame(language, words)
    for text in figure.texts:
        text.set_y((under + text.get_position()[1] * height) / total)
    for ax in figure.axes:
        left, low, across, up = ax.get_position().bounds
        ax.set_position((left, (under + low * height) / total, across, up * height / total))
    figure.set_size_inches(width / 72, total / 72)
    _set(figure, above, total - _EDGE, total)
    _set(figure, below, under, total)
    return True


def frame_of(figure: Figure | SubFigure) -> Frame:
    """Return the frame data of a figure made by `new_figure`."""
    frame: Frame = vars(figure)["anew"]
    return frame


@dataclass(frozen=True)
class _Line:
    """A line of the frame: `before` is free space above it, in points."""

    text: str
    size: float
    colour: str
    weight: int
    leading: float
    before: float
    name: str

    @property
    def height(self) -> float:
        return self.before + self.size * self.leading


def _frame(words: Words, language: str) -> tuple[list[_Line], list[_Line]]:
    """Return the lines above the chart and below it."""
    room = words.layout.width - 2 * _EDGE
    title = _block("title", words.title, _TITLE, INK, 700, language, room)
    measure = _block("measure", words.measure, _MEASURE, QUIET, 400, language, room, before=2.0)
    said = _noted(words.note, language)
    note = _block("note", said, _SMALL, QUIET, 400, language, room, before=5.0)
    source = _block("source", words.source, _SMALL, QUIET, 400, language, room, before=1.5)
    return [*title, *measure], [*note, *source]


def _block(
    name: str,
    text: str,
    size: float,
    colour: str,
    weight: int,
    language: str,
    room: float,
    before: float = 0.0,
) -> list[_Line]:
    if not text:
        return []
    breaking = wrapping.wrap_evenly if name in ("title", "measure") else wrapping.wrap
    lines = breaking(text, font_file(weight), size, room, language)
    leading = _LEADING[language] - (0.06 if name == "title" else 0)
    return [
        _Line(line, size, colour, weight, leading, before if number == 0 else 0.0, name)
        for number, line in enumerate(lines)
    ]


def _set(figure: Figure, lines: Sequence[_Line], top: float, total: float) -> None:
    for line in lines:
        top -= line.before
        baseline = top - line.size * (line.leading + 0.76) / 2
        figure.text(
            _EDGE / frame_of(figure).words.layout.width,
            baseline / total,
            line.text,
            size=line.size,
            color=line.colour,
            weight=line.weight,
            va="baseline",
            gid=line.name,
        )
        top -= line.size * line.leading


def _noted(note: str, language: str) -> str:
    if not note:
        return ""
    return say(language, "note") + say(language, "colon") + note


def _shown(artist: Any) -> bool:
    """Return whether an artist is drawn: its axes may be hidden, a tick may lie outside them."""
    axes = artist.axes
    return axes is None or axes.get_visible()


def _fractions(figure: Figure) -> list[Point]:
    box = figure.bbox
    points = []
    for ax, x, y, text, series in _marked(figure):
        at = ax.convert_xunits(x), ax.convert_yunits(y)  # type: ignore[no-untyped-call]
        across, up = ax.transData.transform(at)
        left, top = round(float(across / box.width), 4), round(float(1 - up / box.height), 4)
        points.append(Point(left, top, text, series))
    return points
