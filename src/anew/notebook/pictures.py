"""Pictures of a figure: drawn in every layout, or ready-made, and shown where a notebook runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anew.figures.words import LAYOUTS, NARROW, WHOLE, WIDE, Point, Words, picture_name
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.texts import unsafe_cell

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

#: What the layouts are called to the person who builds.
_TOLD = {
    WHOLE.name: Phrase("whole layout"),
    WIDE.name: Phrase("wide layout"),
    NARROW.name: Phrase("narrow layout"),
}


def draw_layouts(
    draw: Callable[[DataFrame, Words, str], Figure],
    data: DataFrame,
    words: Words,
    language: str,
    project: Project,
    folder: Path,
    address: str,
) -> tuple[list[Point], list[Phrase]]:
    """Draw every layout of a figure in one language into `folder`.

    Returns the points of the bare layouts, and what is hard to read in them. Raises AnewError for
    layouts that do not mark the same points.
    """
    from anew.figures.drawing import in_frame, save_figure, style
    from anew.figures.legibility import illegible

    points: dict[str, Sequence[Point]] = {}
    remarks: list[Phrase] = []
    with style(language, project):
        for layout in LAYOUTS:
            name = picture_name(language, layout)
            spoken = replace(words, layout=layout)
            figure = draw(data, spoken, language)
            in_frame(figure, spoken, language)
            remarks += [
                Phrase("{figure}, {language}, {layout}: {said}", figure=address,
                       language=language, layout=_TOLD[layout.name], said=said)
                for said in illegible(figure)
            ]  # fmt: skip
            path, salt = folder / f"figure.{name}", f"{address}.{name}"
            points[layout.name] = save_figure(figure, path, salt=salt, prepared=True).points
    wide, narrow = points[WIDE.name], points[NARROW.name]
    if [point.text for point in wide] != [point.text for point in narrow]:
        raise AnewError(
            "{figure} marks other points in its narrow layout than in its wide one.",
            "Call mark_points for the same values in the same order in every layout.",
            code="other-points",
            figure=address,
        )
    return [
        replace(point, narrow=(other.x, other.y)) for point, other in zip(wide, narrow, strict=True)
    ], remarks


def ready_made(
    files: str | Path | Mapping[str, str | Path], project: Project, address: str
) -> dict[str, Path]:
    """Return the ready-made picture of a figure for each language; AnewError where one lacks."""
    given = files if isinstance(files, Mapping) else dict.fromkeys(LANGUAGES, files)
    paths = {language: project.root / one for language, one in given.items()}
    if lacking := [language for language in LANGUAGES if language not in paths]:
        raise AnewError(
            "{figure} has no picture in {languages}.",
            "Name one file, or one for each language of the report.",
            code="no-picture",
            figure=address,
            languages=list(lacking),
        )
    for path in paths.values():
        if not path.is_file():
            raise AnewError(
                "{figure}: there is no picture {path}.",
                "Write its path from the project's folder.",
                code="no-picture",
                figure=address,
                path=path,
            )
    return paths


def refuse_unsafe(data: DataFrame, where: str) -> None:
    """Raise AnewError for a text that a spreadsheet would run, or that hides what it says."""
    for name in data.columns:
        column = data[name]
        texts = [str(name), *(one for one in column.unique() if isinstance(one, str))]
        for text in texts:
            if unsafe := unsafe_cell(text):
                raise AnewError(
                    "{where}, column {name!r}: {what}.",
                    "Change it.",
                    code="unsafe-cell",
                    where=where,
                    name=name,
                    what=unsafe,
                )


def show(svg: Path, alt: str) -> None:
    """Show a picture with its alternative text where a notebook is running."""
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        from IPython.display import display

        shown = {"image/svg+xml": svg.read_text("utf-8"), "text/plain": alt}
        display(shown, raw=True)  # type: ignore[no-untyped-call]
