"""The source of a text: a .qmd with its includes and its metadata, line by line."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anew.project.errors import AnewError
from anew.project.texts import read_text
from anew.text.metadata import Layer, flatten, parse_yaml, read_layers
from anew.text.place import Place

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+?)\s*>\}\}\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True)
class Line:
    """One line of the text, with the place it was written at; `code` inside a code block."""

    text: str
    place: Place
    code: bool = False


@dataclass(frozen=True)
class Source:
    """A document: its lines with includes in place, and the layers of its metadata.

    `files` are the .qmd files it is made of, `front` the lines of its own front matter.
    """

    stage: Path
    document: str
    lines: list[Line]
    layers: list[Layer]
    files: list[str] = field(default_factory=list)
    front: list[Line] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return (self.stage / self.document).parent

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines) + "\n"

    @property
    def own(self) -> Layer | None:
        """What the document's own front matter holds; None where it has none."""
        last = self.layers[-1] if self.layers else None
        return last if last is not None and last.file == self.document else None

    def metadata(self, target: str) -> dict[str, Any]:
        """Return the document's metadata for the format `target` (html, typst, docx)."""
        return flatten(self.layers, target)

    def formats(self) -> list[str]:
        """Return the formats that the metadata give the document."""
        found: dict[str, None] = {}
        for layer in self.layers:
            given = layer.values.get("format") or {}
            names = [given] if isinstance(given, str) else given
            found.update(dict.fromkeys(names if isinstance(names, list | Mapping) else ()))
        return list(found)

    def start(self) -> Place:
        return self.lines[0].place if self.lines else Place(self.document, 1)


def read_source(stage: Path, document: str) -> Source:
    """Read `document` (a path from `stage`) with its includes and its metadata.

    Raises AnewError when a file is missing, when includes run in a circle, when a file is not in
    UTF-8 or when YAML is wrong.
    """
    stage = Path(os.path.abspath(stage))
    path = stage / document
    document = Path(document).as_posix()
    texts = _read_lines(path, document)
    end = _front_end(texts, document)
    front = [Line(text, Place(document, n)) for n, text in enumerate(texts[:end], 1)]
    above = "\n".join([*texts[1 : end - 1], ""])
    own = parse_yaml(above, document, path.parent, 1) if end else None
    layers = [*read_layers(stage, path.parent), *([own] if own else [])]
    lines: list[Line] = []
    files: list[str] = []
    _read_into(lines, files, stage, path, path.parent, (), end)
    return Source(stage, document, lines, layers, files, front)


def _read_into(
    lines: list[Line],
    files: list[str],
    stage: Path,
    path: Path,
    base: Path,
    above: tuple[Path, ...],
    first: int = 0,
) -> None:
    """Append the lines of `path` to `lines`, includes resolved against the document's folder."""
    file = Path(os.path.relpath(path, stage)).as_posix()
    files.append(file)
    fence = ""
    for number, text in enumerate(_read_lines(path, file)[first:], first + 1):
        place = Place(file, number)
        match = _FENCE.match(text)
        code = bool(fence) or bool(match)
        if match:
            if not fence:
                fence = match[1]
            elif match[1].startswith(fence) and not match[2].strip():
                fence = ""
        include = None if code else _INCLUDE.match(text)
        if include is None:
            _append(lines, Line(text, place, code))
            continue
        name = include[1].strip("\"'")
        target = stage / name[1:] if name.startswith("/") else base / name
        target = Path(os.path.normpath(target))
        if stage.resolve() not in target.resolve().parents:
            raise AnewError(
                "{place}: {name} is outside the project.",
                "Put the file under report/.",
                code="wrong-include",
                place=place,
                name=name,
            )
        if not target.is_file():
            raise AnewError(
                "{place}: no file {name} to include.",
                "It would be {target}.",
                code="wrong-include",
                place=place,
                name=name,
                target=target,
            )
        if target in above or target == path:
            raise AnewError(
                "{place}: {name} includes itself.",
                "Remove the circular include.",
                code="wrong-include",
                place=place,
                name=name,
            )
        _read_into(lines, files, stage, target, base, (*above, path))
        lines.append(Line("", place))


def _append(lines: list[Line], line: Line) -> None:
    """Append a line; one that ends a shortcode joins the line that opened it, as in Quarto."""
    last = lines[-1] if lines else None
    if last and not (last.code or line.code) and line.text.strip() and _opens(last.text):
        joined = f"{last.text.rstrip()} {line.text.lstrip()}"
        lines[-1] = Line(joined, last.place)
    else:
        lines.append(line)


def _opens(text: str) -> bool:
    return text.rfind("{{<") > text.rfind(">}}")


def _read_lines(path: Path, file: str) -> list[str]:
    """Return the lines of a file, its byte order mark and its last line end aside."""
    text = read_text(path, file)
    return text.removesuffix("\n").split("\n") if text else []


def _front_end(texts: list[str], file: str) -> int:
    """Return the number of lines that the front matter takes; 0 where there is none."""
    if not texts or texts[0].rstrip() != "---":
        return 0
    for number, text in enumerate(texts[1:], 2):
        if text.rstrip() in ("---", "..."):
            return number
    raise AnewError(
        "{file}:1: the front matter has no end.",
        "Close it with ---.",
        code="open-front-matter",
        file=file,
    )
