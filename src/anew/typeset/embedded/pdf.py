"""A document as an accessible PDF: pandoc writes Typst, Typst sets it (PDF/A-2a and PDF/UA-1)."""

from __future__ import annotations

import os
import re
import threading
from importlib import resources
from pathlib import Path
from typing import Final

from anew.project.errors import AnewError, BuildError
from anew.project.phrases import Phrase, joined
from anew.typeset.embedded.document import Document

#: What every PDF must satisfy. With a standard, Typst refuses images without alternative text and
#: characters that no font has; without one it is silent about both.
STANDARDS: Final = ("a-2a", "ua-1")

_QUOTED = re.compile(r'the text `"(.+?)"`')

#: The template's parts, which the report gives under `template-partials`.
PARTIALS = ("typst-template.typ", "typst-show.typ")


def to_typst(document: Document) -> str:
    """Return the whole document in Typst, template and all."""
    source = document.source
    template = _template(document)
    folder = source.stage / ".anew" / "typeset"
    folder.mkdir(parents=True, exist_ok=True)
    # two languages are set side by side in one process
    path = folder / f"template-{os.getpid()}-{threading.get_ident()}.typ"
    path.write_text(template, "utf-8")
    options = ["--standalone", f"--template={path}"]
    if document.metadata.get("number-sections"):
        numbering = document.metadata.get("section-numbering", "1.1.a")
        options.append(f"--variable=section-numbering:{numbering}")
    if document.metadata.get("toc"):
        depth = document.metadata.get("toc-depth", 3)
        options += ["--toc", f"--toc-depth={depth}"]
    if not any(block["t"] == "Header" and block["c"][0] == 1 for block in document.text.blocks):
        # As Quarto: a text whose headings start at the second level starts at the first in print.
        options.append("--shift-heading-level-by=-1")
    base = "/" + Path(os.path.relpath(source.folder, source.stage)).as_posix()
    try:
        return document.write("typst-citations", *options, base=base.removesuffix("/."))
    finally:
        path.unlink()


def to_pdf(document: Document, output: Path, fonts: Path) -> None:
    """Write `document` as PDF to `output`, with the fonts of the folder `fonts` and no others.

    The same text gives the same bytes: the only date in it is the document's own. Raises
    BuildError with Typst's message, among them a character that no font has, an image without
    alternative text.
    """
    import typst

    stage = document.source.stage
    folder = stage / ".anew" / "typeset"
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"\W", "-", document.source.document)
    path = folder / f"{name}-{os.getpid()}.typ"
    path.write_text(to_typst(document), "utf-8")
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    try:
        data, warnings = typst.compile_with_warnings(
            str(path),
            root=str(stage),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[*STANDARDS],
            timestamp=document.timestamp,
        )
    except typst.TypstError as error:
        raise BuildError(
            "{place}: Typst refused the PDF: {error}",
            joined(" ", filter(None, (_advice(error.message), *error.hints))),
            code="typst-refused",
            place=_place(document, error.message),
            error=error.message,
        ) from None
    finally:
        path.unlink(missing_ok=True)
    told = [warning.message for warning in warnings]
    if told:
        raise BuildError(
            "{document}: Typst warned: {warnings}",
            code="typst-refused",
            document=document.source.document,
            warnings="; ".join(told),
        )
    part.write_bytes(data)
    part.replace(output)


def _place(document: Document, message: str) -> str:
    """Return the line of the text that Typst's message quotes, as far as it does."""
    quoted = _QUOTED.search(message)
    for line in (*document.source.front, *document.source.lines) if quoted else ():
        if quoted and quoted[1] in line.text:
            return str(line.place)
    return document.source.document


def _advice(message: str) -> str:
    if "glyph" in message or "font" in message:
        return Phrase("Use a character that the report's fonts have.")
    if "alt" in message:
        return Phrase("Give the figure an alternative text.")
    return ""


def _template(document: Document) -> str:
    given = {
        Path(path).name: Path(path) for path in document.metadata.get("template-partials") or []
    }
    main = (resources.files("anew.typeset.embedded") / "templates" / "main.typ").read_text("utf-8")
    for name in PARTIALS:
        path = given.get(name)
        if path is None or not path.is_file():
            raise AnewError(
                "{document}: no {name} among template-partials.",
                "List it under format: typst: template-partials: in _quarto.yml.",
                code="no-partial",
                document=document.source.document,
                name=name,
            )
        main = main.replace(f"${name}()$", path.read_text("utf-8"))
    return main
