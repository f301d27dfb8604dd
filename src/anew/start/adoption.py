"""`anew init --from-notebook`: a plain notebook becomes the notebook of Figure 1."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.project.errors import AnewError

_STRING = re.compile(r"""(["'])([^"'\n]{1,200})\1""")
#: A line that shows the figures so far, after which there are none.
_SHOWN = re.compile(r"^[ \t]*(?:plt|pyplot|matplotlib\.pyplot)\.show\(.*\)[ \t]*;?[ \t]*$", re.M)
_DRAWS = re.compile(r"\b(?:plt|sns|pyplot|seaborn)\.|\.plot\b|\.hist\(|subplots\(")


@dataclass(frozen=True)
class Adopted:
    """A plain notebook: its cells as a script for `templates.notebook`, and the files it names."""

    name: str
    script: str
    files: Mapping[str, bytes]


def adopt(notebook: Path, languages: Sequence[str], titles: Mapping[str, str]) -> Adopted:
    """Return a notebook whose last figure is Figure 1, and the files beside it that it names.

    Its cells stay as they are, but for `plt.show()` in the one that draws last. Raises AnewError
    for a file that is no notebook of Python, and for one in which nothing is drawn.
    """
    cells = _cells(notebook)
    drawing = [n for n, (kind, source) in enumerate(cells) if kind == "code" and _draws(source)]
    if not drawing:
        raise AnewError(
            "{notebook}: no cell draws with matplotlib, seaborn or pandas.",
            "Name a notebook that draws a figure, or start without --from-notebook.",
            code="no-drawn-figure",
            notebook=notebook.name,
        )
    last = drawing[-1]
    parts = [_OPEN]
    for number, (kind, source) in enumerate(cells):
        if kind == "markdown":
            text = "\n".join(f"# {line}" for line in source.splitlines())
            parts.append(f"# %% [markdown]\n{text}")
        elif kind == "code":
            if number == last:
                source = f"{_SHOWN.sub('', source).rstrip()}\n\n{_TAKE}"
            parts.append(f"# %%\n{source}")
    parts.append(_figure(notebook.name, languages, titles))
    name = re.sub(r"[^a-z0-9]+", "_", notebook.stem.casefold()).strip("_") or "figure"
    files = _named_files(notebook.parent, [source for kind, source in cells if kind == "code"])
    return Adopted(name, "\n".join(parts) + "\n", files)


_OPEN = """\
# %% parameters
from typing import Optional

edition: Optional[str] = None
# %%
import anew
from anew.figures.drawing import Words
from anew.figures.plain import redraw, values_of

session = anew.open("fig1", edition=edition)"""
_TAKE = "import matplotlib.pyplot\n\nfigure = matplotlib.pyplot.gcf()  # Figure 1"


def _figure(notebook: str, languages: Sequence[str], titles: Mapping[str, str]) -> str:
    """Return the cell that publishes the figure, and the one that states a fact."""
    alt = {"zh": "笔记本 {} 的图。", "en": "The figure of {}.", "de": "Die Abbildung von {}."}
    words = "\n".join(
        f"    {language!r}: Words(\n"
        f"        title={titles[language]!r},\n"
        f'        measure="",\n        note="",\n'
        "        # what a reader who cannot see the figure needs to know\n"
        f"        alt={alt[language].format(notebook)!r},\n"
        "    ),"
        for language in languages
    )
    return (
        "# %%\ndata = values_of(figure)\n"
        'session.fact("values_shown", len(data), "count")\n'
        f"words = {{\n{words}\n}}\n"
        "session.figure(draw=redraw(figure), data=data, words=words)"
    )


def _cells(notebook: Path) -> list[tuple[str, str]]:
    """Return the kind and source of every cell."""
    import nbformat

    try:
        document = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    except FileNotFoundError:
        raise AnewError(
            "There is no notebook {notebook}.",
            "Name a file ….ipynb.",
            code="no-file",
            notebook=notebook,
        ) from None
    except Exception as error:  # a reader of files of any kind raises errors of any kind
        raise AnewError(
            "{notebook} cannot be read as a notebook: {error}.",
            "Save it again in Jupyter.",
            code="not-a-notebook",
            notebook=notebook.name,
            error=error,
        ) from None
    language = document.metadata.get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise AnewError(
            "{notebook} is written in {language}.",
            "Name one in Python.",
            code="other-kernel",
            notebook=notebook.name,
            language=language,
        )
    return [(cell.cell_type, cell.source) for cell in document.cells]


def _draws(source: str) -> bool:
    code = "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("import"))
    return bool(_DRAWS.search(code))


def _named_files(folder: Path, sources: Sequence[str]) -> dict[str, bytes]:
    """Return the files below the notebook's folder that its strings name, by path."""
    found: dict[str, bytes] = {}
    for source in sources:
        for _, text in _STRING.findall(source):
            path = (folder / text).resolve()
            if path.is_file() and path.is_relative_to(folder.resolve()) and path.suffix:
                found[path.relative_to(folder.resolve()).as_posix()] = path.read_bytes()
    return found
