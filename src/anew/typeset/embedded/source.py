"""A text as its author wrote it: a .qmd with its includes, its metadata, and where each came from.

Metadata is merged as Quarto merges it: `_quarto.yml`, then every `_metadata.yml` on the way down to
the document, then the document's own front matter; in each of them what stands under the output
format overrides what stands beside it; maps are merged, lists are appended.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from anew.project.errors import AnewError

#: Keys of a metadata file that are not metadata of a document.
STRUCTURE = ("project", "website", "format")

#: Keys that name files, relative to the metadata file that holds them.
PATHS = ("bibliography", "csl", "filters", "template-partials", "font-paths", "reference-doc")

_INCLUDE = re.compile(r"^\s*\{\{<\s*include\s+(\S+?)\s*>\}\}\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; `file` is written from the stage's root with forward slashes."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Problem:
    """Something in a source that the embedded typesetter refuses, and what to do about it."""

    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"\n    {self.hint}" if self.hint else "")


class RefusedError(AnewError):
    """A source that leaves the written subset; `problems` says where."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = len(problems)
        listed = "\n  ".join(str(problem) for problem in problems)
        super().__init__(
            f"The text cannot be typeset: {count} place{'s' if count > 1 else ''}.\n  {listed}",
            "Correct the places above, or render with Quarto itself.",
        )


@dataclass(frozen=True)
class Line:
    """One line of the text, with the place it was written at; `code` inside a code block."""

    text: str
    place: Place
    code: bool = False


@dataclass(frozen=True)
class Layer:
    """One metadata file, as written: `lines` gives the line of each key by its path."""

    file: str
    folder: Path
    values: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def place(self, *path: str) -> Place:
        """Return where the key at `path` stands, or the nearest key above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))


@dataclass(frozen=True)
class Source:
    """A document: its lines with includes in place, and the layers of its metadata."""

    stage: Path
    document: str
    lines: list[Line]
    layers: list[Layer]
    files: list[str] = field(default_factory=list)
    front: list[Line] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.stage / self.document

    @property
    def folder(self) -> Path:
        return self.path.parent

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines) + "\n"

    def metadata(self, target: str) -> dict[str, Any]:
        """Return the document's metadata for the format `target` (html, typst, docx)."""
        merged: dict[str, Any] = {}
        for layer in self.layers:
            formats = layer.values.get("format") or {}
            own = formats.get(target) if isinstance(formats, Mapping) else None
            flat = {k: v for k, v in layer.values.items() if k not in STRUCTURE}
            if isinstance(own, Mapping):
                flat = merge(flat, own)
            merged = merge(merged, {k: _rebase(k, v, layer.folder) for k, v in flat.items()})
        return merged

    def formats(self) -> list[str]:
        """Return the formats that the metadata give the document."""
        found: dict[str, None] = {}
        for layer in self.layers:
            given = layer.values.get("format") or {}
            found.update(dict.fromkeys([given] if isinstance(given, str) else given))
        return list(found)

    def find(self, pattern: re.Pattern[str], *, code: bool = False) -> Iterator[Place]:
        """Return the places of the lines that match, in order; code blocks only if `code`."""
        for line in self.lines:
            if (code or not line.code) and pattern.search(line.text):
                yield line.place

    def start(self) -> Place:
        return self.lines[0].place if self.lines else Place(self.document, 1)


class Finder:
    """Finds elements in the source: the n-th of a kind in the tree is the n-th in the text."""

    def __init__(self, lines: list[Line], start: Place) -> None:
        self.lines = lines
        self.start = start
        self._seen: dict[str, int] = {}
        self._places: dict[str, list[Place]] = {}

    def place(self, pattern: str, *, code: bool = False) -> Place:
        """Return the place of the next match of `pattern`; each call moves on by one."""
        if pattern not in self._places:
            found = re.compile(pattern)
            self._places[pattern] = [
                line.place
                for line in self.lines
                if code or not line.code
                for _ in found.finditer(line.text)
            ]
        places = self._places[pattern]
        index = self._seen.get(pattern, 0)
        self._seen[pattern] = index + 1
        if not places:
            return self.start
        return places[min(index, len(places) - 1)]


def read_source(stage: Path, document: str) -> Source:
    """Read `document` (a path from `stage`) with its includes and its metadata.

    Raises AnewError when a file is missing, when includes run in a circle or when YAML is wrong.
    """
    stage = Path(os.path.abspath(stage))
    path = stage / document
    layers = [
        layer
        for folder, name in _metadata_files(stage, path.parent)
        if (layer := _layer(stage, folder / name)) is not None
    ]
    lines: list[Line] = []
    files: list[str] = []
    own = _read_into(lines, files, stage, path, path.parent, ())
    if own is not None:
        layers.append(own)
    texts = path.read_text("utf-8").split("\n")
    end = _front_end(texts, files[0])
    front = [Line(text, Place(files[0], n)) for n, text in enumerate(texts[:end], 1)]
    return Source(stage, Path(document).as_posix(), lines, layers, files, front)


def merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `over` laid on `under`: maps merge, lists append, anything else is replaced."""
    result = dict(under)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            result[key] = old + [item for item in value if item not in old]
        else:
            result[key] = value
    return result


def _metadata_files(stage: Path, folder: Path) -> list[tuple[Path, str]]:
    files = [(stage, "_quarto.yml")]
    below = folder.relative_to(stage).parts
    for depth in range(len(below) + 1):
        files.append((stage.joinpath(*below[:depth]), "_metadata.yml"))
    return [(place, name) for place, name in files if (place / name).is_file()]


def _layer(stage: Path, path: Path) -> Layer | None:
    return _parse_yaml(path.read_text("utf-8"), _name(stage, path), path.parent, 0)


@lru_cache(maxsize=64)
def _parse_yaml(text: str, file: str, folder: Path, before: int) -> Layer | None:
    """Parse a metadata file; `before` is the number of lines above it in its file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = (mark.line if mark else 0) + 1 + before
        raise AnewError(f"{file}:{line}: {error.problem}.", "Correct the YAML there.") from None
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise AnewError(f"{file}:{before + 1}: not a map of keys.", "Write key: value lines.")
    lines: dict[tuple[str, ...], int] = {(): before + 1}
    _key_lines(data, (), before, lines)
    return Layer(file, folder, _plain(data), lines)


def _key_lines(data: Any, path: tuple[str, ...], before: int, lines: dict) -> None:
    items: Iterator[tuple[Any, Any]]
    if isinstance(data, Mapping):
        items = iter(data.items())
    elif isinstance(data, list):
        items = enumerate(data)  # type: ignore[assignment]
    else:
        return
    for key, value in items:
        here = (*path, str(key))
        known = data.lc.data or {}
        if key in known:
            lines[here] = known[key][0] + 1 + before
        _key_lines(value, here, before, lines)


def _plain(value: Any) -> Any:
    """Return plain Python values; dates stay as they are written."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)


def _rebase(key: str, value: Any, folder: Path) -> Any:
    """Return the files that `key` names as absolute paths."""
    if key not in PATHS:
        return value
    if isinstance(value, list):
        return [_rebase(key, item, folder) for item in value]
    if isinstance(value, Mapping):
        return {k: _rebase(key, v, folder) if k == "path" else v for k, v in value.items()}
    if isinstance(value, str) and (folder / value).exists():
        return str(folder / value)
    return value


def _name(stage: Path, path: Path) -> str:
    return Path(os.path.relpath(path, stage)).as_posix()


def _read_into(
    lines: list[Line], files: list[str], stage: Path, path: Path, base: Path, above: tuple
) -> Layer | None:
    """Append the lines of `path` to `lines`, includes resolved against the document's folder."""
    file = _name(stage, path)
    files.append(file)
    texts = path.read_text("utf-8").replace("\r\n", "\n").split("\n")
    if texts and texts[-1] == "":
        texts.pop()
    front, first = None, 0
    if not above and (first := _front_end(texts, file)):
        front = _parse_yaml("\n".join(texts[1 : first - 1]), file, path.parent, 1)
    fence = ""
    for number, text in enumerate(texts[first:], first + 1):
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
            lines.append(Line(text, place, code))
            continue
        name = include[1].strip("\"'")
        target = stage / name[1:] if name.startswith("/") else base / name
        target = Path(os.path.normpath(target))
        if not target.is_file():
            raise AnewError(f"{place}: no file {name} to include.", f"It would be {target}.")
        if target in above or target == path:
            raise AnewError(f"{place}: {name} includes itself.", "Break the circle of includes.")
        _read_into(lines, files, stage, target, base, (*above, path))
        lines.append(Line("", place))
    return front


def _front_end(texts: list[str], file: str) -> int:
    """Return the number of lines that the front matter takes; 0 where there is none."""
    if not texts or texts[0].rstrip() != "---":
        return 0
    for number, text in enumerate(texts[1:], 2):
        if text.rstrip() in ("---", "..."):
            return number
    raise AnewError(f"{file}:1: the front matter has no end.", "Close it with ---.")
