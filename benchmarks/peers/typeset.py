"""Set the text of a finished stage in one language, page and PDF: typeset.py STAGE OUT LANGUAGE"""

from __future__ import annotations

import sys
from pathlib import Path


def typeset(stage: Path, out: Path, language: str) -> None:
    """Write `out/LANGUAGE.html` and `.pdf`, as a build makes them before it adds its own parts."""
    from anew.figures.fonts import font_folder
    from anew.project.paths import find_project
    from anew.typeset import embedded

    document = f"report/{language}/index.qmd"
    page = embedded.render_html(stage, document)
    (out / f"{language}.html").write_text(page.body, "utf-8")
    embedded.render_pdf(stage, document, out / f"{language}.pdf", font_folder(find_project()))


if __name__ == "__main__":
    typeset(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
