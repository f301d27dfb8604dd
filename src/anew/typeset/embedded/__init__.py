"""The embedded typesetter: the report's own sources, set without Quarto, the same way.

It renders what SUBSET.md describes and refuses anything else by file and line, so that a text can
never look right in one typesetter and wrong in the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anew.text.place import Place, Problem, RefusedError
from anew.typeset.embedded.html import Heading, Html

if TYPE_CHECKING:
    from anew.typeset.embedded.document import Document

__all__ = [
    "Heading",
    "Html",
    "Place",
    "Problem",
    "RefusedError",
    "check_subset",
    "render_docx",
    "render_html",
    "render_pdf",
]


def check_subset(stage: Path, document: str) -> list[Problem]:
    """Return every place of `document` that leaves the written subset, in reading order.

    A text must be right in every format that its metadata give it.
    """
    from anew.text.document import read_text
    from anew.typeset.embedded.subset import check

    text = read_text(stage, document)
    return check(text, text.source.formats() or ("html",))


def render_html(stage: Path, document: str) -> Html:
    """Typeset `document`, a path from `stage`, as HTML; raise RefusedError where it cannot be."""
    from anew.typeset.embedded.html import to_html

    return to_html(_accepted(stage, document, "html"))


def render_pdf(stage: Path, document: str, output: Path, fonts: Path) -> None:
    """Typeset `document` as PDF into `output` with the fonts of the folder `fonts`."""
    from anew.typeset.embedded.pdf import to_pdf

    to_pdf(_accepted(stage, document, "typst"), output, fonts)


def render_docx(stage: Path, document: str, output: Path) -> None:
    """Typeset `document` as a Word file into `output`."""
    from anew.typeset.embedded.docx import to_docx

    to_docx(_accepted(stage, document, "docx"), output)


def _accepted(stage: Path, document: str, target: str) -> Document:
    from anew.text.document import read_text
    from anew.typeset.embedded.document import load_document
    from anew.typeset.embedded.subset import check

    text = read_text(stage, document)
    problems = check(text, (target, *text.source.formats()))
    if problems:
        raise RefusedError(problems)
    return load_document(text, target)
