"""Several documents of one language: what each numbers, and how the others refer to it.

Quarto numbers figures, tables and sections in each document anew, and refers to none of another; a
reference to one is therefore given its words here: Figure 1 in “Method”.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.language import say
from anew.project.settings import read_settings
from anew.text.source import Source, read_source

_ID = re.compile(r"\{[^{}\n]*#((?:fig|tbl)-[\w-]+)")
_FENCED = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*(?:\{([^{}\n]*)\})?[ \t]*$", re.MULTILINE)
_SECTION = re.compile(r"#(sec-[\w-]+)")


@dataclass(frozen=True)
class Elsewhere:
    """What another document refers to: its words, and its address from beside that document."""

    label: str
    href: str


def documents(folder: Path, language: str) -> list[str]:
    """Return the documents of a language that are rendered, in the order of `project: render:`."""
    listed = read_settings(folder).project.render
    start = f"report/{language}/"
    found = [name for name in listed if name.startswith(start) and name.endswith(".qmd")]
    return found or [f"{start}index.qmd"]


def figure_orders(folder: Path, language: str) -> dict[str, list[str]]:
    """Return the ids of the figures of each document in the order in which they stand in it.

    A text that cannot be read has none: who reads it whole says what is wrong.
    """
    found: dict[str, list[str]] = {}
    for document in documents(folder, language):
        text = _text(folder, document)
        found[document] = [id for id in _ids(text) if id.startswith("fig-")]
    return found


def elsewhere(folder: Path, language: str) -> dict[str, Elsewhere]:
    """Return what the documents of a language number, by id; nothing where there is only one."""
    names = documents(folder, language)
    found: dict[str, Elsewhere] = {}
    for document in names if len(names) > 1 else ():
        text = _text(folder, document)
        title = _title(folder, document)
        for kind, told in (("fig", "figure"), ("tbl", "table-number")):
            ids = [id for id in _ids(text) if id.startswith(f"{kind}-")]
            for number, id in enumerate(ids, 1):
                label = say(language, told, number=number)
                found[id] = _target(document, id, label, title, language)
        for id, place, heading in _sections(text):
            label = say(language, "section-number", number=place) if place else heading
            found[id] = _target(document, id, label, title, language)
    return found


def titles(folder: Path, language: str) -> dict[str, str]:
    """Return the title of each document of a language."""
    return {name: _title(folder, name) for name in documents(folder, language)}


def _target(document: str, id: str, label: str, title: str, language: str) -> Elsewhere:
    said = say(language, "elsewhere", label=label, title=title) if title else label
    return Elsewhere(said, f"{Path(document).stem}.html#{id}")


def _source(folder: Path, document: str) -> Source | None:
    try:
        return read_source(folder, document)
    except AnewError:
        return None


def _text(folder: Path, document: str) -> str:
    source = _source(folder, document)
    return _FENCED.sub("", source.text) if source else ""


def _title(folder: Path, document: str) -> str:
    source = _source(folder, document)
    return str(source.metadata("html").get("title") or "") if source else ""


def _ids(text: str) -> list[str]:
    return list(dict.fromkeys(_ID.findall(text)))


def _sections(text: str) -> list[tuple[str, str, str]]:
    """Return the sections with an id: the id, the number ("" without one), the heading."""
    counts: list[int] = []
    found = []
    for marks, heading, attributes in _HEADING.findall(text):
        number = ""
        if ".unnumbered" not in attributes and attributes.strip() != "-":
            level = len(marks)
            counts = [*counts, *[0] * level][:level]
            counts[-1] += 1
            number = ".".join(map(str, counts))
        if section := _SECTION.search(attributes):
            found.append((section[1], number, heading))
    return found
