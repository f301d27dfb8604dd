"""`anew init`: a small report that builds and passes every check at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import anew
from anew.project.errors import AnewError, unknown
from anew.project.language import KNOWN, USUAL
from anew.project.paths import Project
from anew.project.writing import write_text
from anew.start.adoption import adopt
from anew.start.templates import notebook as as_notebook
from anew.start.templates import render
from anew.text.blocks import Block, read_blocks
from anew.text.document import read_text
from anew.text.frontmatter import read_front
from anew.text.parity import confirm, write_record

#: What a folder may hold before a report is started in it.
_BESIDE = {".git", ".gitattributes", "LICENSE", ".venv", ".idea", ".vscode", ".DS_Store"}


def create_project(
    folder: Path,
    titles: Mapping[str, str],
    author: str,
    languages: Sequence[str] = USUAL,
    notebook: Path | None = None,
) -> list[Path]:
    """Write a small, complete report into `folder`; return its files. `titles` are by language.

    The last figure of a plain `notebook` is its Figure 1, else one of invented rainfall. Nothing is
    overwritten: raises AnewError for a folder that holds something else, for a language that
    reports cannot be written in, and what `adopt` raises for the notebook.
    """
    for language in languages:
        if language not in KNOWN:
            raise unknown("language", language, KNOWN, "--languages")
    held = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    strange = [name for name in held if name not in _BESIDE]
    if strange or (folder.exists() and not folder.is_dir()):
        raise AnewError(
            "{folder} is not empty: {held}." if strange else "{folder} is a file.",
            "anew init overwrites nothing: name a new folder.",
            code="foreign-folder",
            folder=folder,
            held=strange[:3],
        )
    title = " · ".join(dict.fromkeys(titles[language] for language in languages))
    values: dict[str, object] = {
        "title": title,
        "titles": dict(titles),
        "author": author,
        "version": anew.__version__,
    }
    files = render("project", languages, values)
    beside: Mapping[str, bytes] = {}
    if notebook is not None:
        adopted = adopt(notebook, languages, titles)
        values |= {"notebook": notebook.name, "module": adopted.name, "date": date.today()}
        files = {name: text for name, text in files.items() if "rainfall" not in name}
        files |= render("adopted", languages, values)
        files[f"analysis/fig1_{adopted.name}.ipynb"] = as_notebook(adopted.script)
        beside = {name: data for name, data in adopted.files.items() if name not in files}
    written = [write_text(folder / name, text) for name, text in files.items()]
    for name, data in beside.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        written.append(folder / name)
    project = Project(folder.resolve())
    return [*written, *confirm_translations(project, languages)]


def confirm_translations(project: Project, languages: Sequence[str]) -> list[Path]:
    """Record that the texts, as the engine wrote them, say the same in each language."""

    def blocks(language: str, name: str) -> list[Block]:
        text = read_text(project.root, f"report/{language}/{name}")
        return [*read_front(text, language), *read_blocks(text, language)]

    first, *others = languages
    records = []
    for language in others:
        name = "index.qmd"
        shown = f"report/{language}/{name}"
        record, _ = confirm(blocks(first, name), blocks(language, name), {}, shown, None)
        records.append(project.report / language / "_translated.yml")
        write_record(records[-1], record)
    return records
