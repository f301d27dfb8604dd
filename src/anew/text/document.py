"""A parsed text: pandoc's tree with the place of every element, and the metadata.

The tree is the same for every format and whatever the values of its shortcodes are, so the checks,
the comparison of languages and every typesetter read the same one.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from anew.project.phrases import Phrase
from anew.project.writing import sealed, unsealed, write_bytes
from anew.text.alignment import Node, align, pin
from anew.text.equations import name_equations
from anew.text.metadata import Layer, flatten, listed
from anew.text.pandoc import WarnedError, pandoc_path, run_pandoc
from anew.text.people import normal_authors
from anew.text.place import Place, Problem
from anew.text.shortcodes import Tokens, tokenise
from anew.text.source import Source, read_source

#: The formats that a text can be set in, as Quarto names them.
FORMATS = ("html", "typst", "docx")

#: The lines that stand above the text where pandoc reads it, its own first included.
_ABOVE = 5

_AT = re.compile(r" at (?:\S+ )?line (\d+) column \d+")
_QUOTED = re.compile(r"'\[?(.*?)\]?'")

#: What pandoc warns of, by how it begins, and what to do.
_WARNINGS = {
    "Div ": (Phrase("a div that is not closed"), Phrase("Close it with a line of :::.")),
    "Note with key": (
        Phrase("the footnote [^{name}] that nothing refers to"),
        Phrase("Refer to it, or remove it."),
    ),
    "Duplicate note": (Phrase("a second footnote [^{name}]"), Phrase("Rename one of them.")),
    "Duplicate link": (Phrase("a second link [{name}]: …"), Phrase("Rename one of them.")),
}

#: Keys that are no text: how the document is read and what runs over it.
_NO_TEXT = ("filters", "from")


@dataclass(frozen=True)
class Text:
    """A document's source, its blocks as pandoc reads them, and its metadata by format.

    `source` is as written; in the tree tokens stand for shortcodes. `layers` are the source's
    with tokens, `second` the keys of a second front matter, further down, and `warned` what
    pandoc warned of. Do not change the tree.
    """

    source: Source
    tokens: Tokens
    blocks: list[Node]
    meta: Mapping[str, Mapping[str, Node]]
    layers: list[Layer]
    second: tuple[str, ...]
    warned: tuple[Problem, ...]
    version: list[int]
    places: tuple[Place, ...] = field(repr=False)

    def place(self, node: Node) -> Place:
        """Return where an element of the tree was written."""
        at = node.get("at")
        return self.places[at] if isinstance(at, int) else self.source.start()

    def metadata(self, target: str) -> dict[str, Any]:
        """Return the metadata for the format `target`, with tokens in the place of shortcodes."""
        return flatten(self.layers, target)

    def tree(self, target: str) -> Node:
        """Return pandoc's tree of the text with the metadata of the format `target`."""
        return {
            "pandoc-api-version": self.version,
            "meta": self.meta[target],
            "blocks": self.blocks,
        }


def read_text(stage: Path, document: str) -> Text:
    """Read and parse `document`, a path from `stage`; the same files are parsed once.

    Raises AnewError for what read_source refuses.
    """
    source = read_source(stage, document)
    layers = json.dumps([[layer.file, layer.values] for layer in source.layers], default=str)
    key = _Key(str(source.stage), document, source.text, layers, source)
    with _parsing[hash(key) % len(_parsing)]:  # two formats of a text are set at the same time
        return _parse(key)


_parsing = [threading.Lock() for _ in range(16)]


@dataclass(frozen=True)
class _Key:
    """The cache key of a parsed text; it also carries the source."""

    stage: str
    document: str
    text: str
    layers: str
    source: Source = field(compare=False)


@lru_cache(maxsize=16)
def _parse(key: _Key) -> Text:
    source, tokens = tokenise(key.source)
    fronts = {target: _front(source.metadata(target)) for target in FORMATS}
    reader = str(source.metadata(FORMATS[0]).get("from", "markdown"))
    # JSON is YAML: the metadata are read with the document's own reader, as Quarto has it
    front = json.dumps(fronts, ensure_ascii=False)
    written = f"---\n{front}\n---\n\n{source.text}"
    warned: list[Problem] = []
    try:
        tree = _tree(reader, written, source)
    except WarnedError as error:
        tree, warned = json.loads(error.output), _located(source, error.warnings)
    name_equations(tree["blocks"])
    places = [line.place for line in (*source.front, *source.lines)]
    align(tree["blocks"], source.text, len(source.front))
    meta = {target: tree["meta"].pop(target)["c"] for target in FORMATS}
    for values in meta.values():
        for name, value in values.items():
            _place_value(value, name, source, places)
    return Text(
        source=key.source,
        tokens=tokens,
        blocks=tree["blocks"],
        meta=meta,
        layers=source.layers,
        second=tuple(tree["meta"]),
        warned=tuple(warned),
        version=tree["pandoc-api-version"],
        places=tuple(places),
    )


def _tree(reader: str, written: str, source: Source) -> Node:
    """Return what pandoc reads in a text, as it was kept if it is the text of the last time."""
    kept = source.stage / ".anew" / "read" / f"{source.document.replace('/', '-')}.json"
    program = Path(pandoc_path()).stat()
    asked = f"{program.st_size} {program.st_mtime_ns} {reader}\n{written}"
    key = hashlib.sha256(asked.encode("utf-8")).hexdigest()
    try:
        known, tree = unsealed(kept.read_bytes())
        if known == key:
            return cast(Node, tree)
    except (OSError, ValueError, TypeError):
        pass  # none yet, or damaged
    tree = json.loads(run_pandoc(["--from", reader, "--to", "json"], written, source.folder))
    with suppress(OSError):  # it saves time, no more
        write_bytes(kept, sealed([key, tree]), replace_folder=True)
    return cast(Node, tree)


def _located(source: Source, warnings: list[str]) -> list[Problem]:
    """Return what pandoc warned of, by the lines of the author's own files."""
    problems = []
    for warning in warnings:
        at = _AT.search(warning)
        number = max(int(at[1]) - _ABOVE, 0) if at else 0
        inside = source.lines[number : number + 1] or source.lines[-1:]
        place = inside[0].place if inside else source.start()
        known = (told for start, told in _WARNINGS.items() if warning.startswith(start))
        other = (_AT.sub("", warning), Phrase("Correct the text at that place."))
        message, hint = next(known, other)
        named = _QUOTED.search(warning)
        told = (
            Phrase(message, name=named[1] if named else "") if message is not other[0] else message
        )
        problems.append(Problem(place, told, hint, code="pandoc-warned"))
    return sorted(problems, key=lambda problem: problem.place)


def _front(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata that pandoc and the templates see."""
    front = {k: v for k, v in metadata.items() if k not in (*_NO_TEXT, "author")}
    authors = normal_authors(metadata.get("author"))
    if authors:
        front["by-author"] = authors
        front["author"] = [author["name"]["literal"] for author in authors]
    if "date" in front:
        front["date"] = str(front["date"])
    for key in front:
        if key.startswith("keywords"):
            front[key] = listed(front[key])
    return front


def _place_value(value: Node, name: str, source: Source, places: list[Place]) -> None:
    """Note where the words of a metadata value stand: in the front matter by line."""
    name = "author" if name == "by-author" else name
    layer = next((one for one in reversed(source.layers) if _holds(one, name)), None)
    if layer is None:
        return
    place = next(layer.place(*path) for path in _paths(layer, name))
    if layer is not source.own or name == "author":
        places.append(place)
        pin(value, len(places) - 1)
        return
    first = place.line - 1
    last = min((n for n in layer.lines.values() if n > place.line and _top(layer, n)), default=0)
    lines = source.front[first : last - 1 if last else len(source.front) - 1]
    text = "\n".join(line.text for line in lines)
    _align_value(value, text.replace(f"{name}:", " " * (len(name) + 1), 1), first)


def _align_value(value: Node, text: str, first: int) -> None:
    kind, content = value["t"], value["c"]
    if kind == "MetaBlocks":
        align(content, text, first)
    elif kind == "MetaInlines":
        block = {"t": "Plain", "c": content}
        align([block], text, first)
        value["at"] = block["at"]
    elif kind == "MetaList":
        inner = [{"t": "Plain", "c": item["c"]} for item in content if item["t"] == "MetaInlines"]
        align(inner, text, first)
        for item, block in zip(content, inner, strict=False):
            item["at"] = block.get("at")
    else:
        pin(value, first)


def _holds(layer: Layer, name: str) -> bool:
    return any(True for _ in _paths(layer, name))


def _paths(layer: Layer, name: str) -> Iterator[tuple[str, ...]]:
    """Give the paths at which a layer has the key `name`: under a format, or beside it."""
    formats = layer.values.get("format")
    for target in FORMATS:
        own = formats.get(target) if isinstance(formats, Mapping) else None
        if isinstance(own, Mapping) and name in own:
            yield ("format", target, name)
    if name in layer.values:
        yield (name,)


def _top(layer: Layer, line: int) -> bool:
    return any(len(path) == 1 and n == line for path, n in layer.lines.items())
