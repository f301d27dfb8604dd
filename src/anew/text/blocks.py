"""The text as blocks: words, facts, claims, citations and references, each with its place."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from anew.text.alignment import Node
from anew.text.document import Text
from anew.text.pieces import Gatherer, Kind, Mention, Piece, float_kind, is_comment
from anew.text.place import Place

_BUILT = "/_built/"


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, figure, list or table of the text; `section` is the id it stands under.

    `text` is as written; `conditions` are the claims that decide whether the block is shown, as
    ("when", id), and `bound` those that its sentences make.
    """

    kind: str
    text: str
    place: Place
    section: str
    level: int = 0
    id: str = ""
    pieces: tuple[Piece, ...] = ()
    bound: tuple[Mention, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        return self._names("fact")

    @property
    def claims(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.bound)

    @property
    def citations(self) -> tuple[str, ...]:
        return self._names("citation")

    @property
    def references(self) -> tuple[str, ...]:
        return self._names("reference")

    @property
    def digest(self) -> str:
        """A short hash of the text, spaces and line breaks aside."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).hexdigest()[:12]

    def printed(self, id: str, apart_from: Collection[str] = ()) -> Place | None:
        """Return where the block first prints a fact outside the sentences of some claims."""
        for piece in self.pieces:
            if piece.kind == "fact" and piece.text == id:
                if not set(piece.claims) & set(apart_from):
                    return piece.place
        return None

    def _names(self, kind: Kind) -> tuple[str, ...]:
        return tuple(piece.text for piece in self.pieces if piece.kind == kind)


def read_blocks(text: Text, language: str) -> list[Block]:
    """Return the blocks of a document in their order; facts are those printed in `language`.

    What the build wrote (`report/_built/`) is not the author's text and is left out. A variable of
    another language, `{{< var en.x >}}` in a Chinese text, is kept with its language (`en.x`), so
    that it is found not to exist.
    """
    reader = _Reader(text, language)
    reader.blocks(text.blocks, ())
    return list(reader.found)


@dataclass(frozen=True)
class Printed:
    """A fact that a text prints in a language, and where."""

    id: str
    language: str
    place: Place


def facts_of(text: Text) -> list[Printed]:
    """Return every fact that a text prints, in its metadata and in each of its languages."""
    found = []
    for use in text.tokens.uses:
        language, _, id = use.shortcode.argument.partition(".")
        if use.shortcode.name == "var" and id:
            found.append(Printed(id, language, use.place))
    return found


def claims_of(text: Text) -> list[Mention]:
    """Return every claim that a text makes, in its metadata and in each of its languages."""
    gatherer = Gatherer(text, "")
    for target in text.meta.values():
        gatherer.gather([{"t": "Div", "c": [["", [], []], _content(v)]} for v in target.values()])
    gatherer.gather(text.blocks)
    return list(dict.fromkeys(gatherer.bound))


def _content(value: Node) -> list[Node]:
    """Return what a metadata value says, whatever its form."""
    kind, content = value["t"], value["c"]
    if kind == "MetaMap":
        return [node for inner in content.values() for node in _content(inner)]
    if kind == "MetaList":
        return [node for inner in content for node in _content(inner)]
    return list(content) if kind in ("MetaBlocks", "MetaInlines") else []


@dataclass
class _Reader:
    """Walks the tree; gathers blocks, and within one its pieces."""

    text: Text
    language: str
    section: str = ""
    found: list[Block] = field(default_factory=list)

    def blocks(self, nodes: Iterable[Node], conditions: tuple[tuple[str, str], ...]) -> None:
        for node in nodes:
            if node["t"] == "Div":
                self._div(node, conditions)
            elif (block := self._block(node)) is not None:
                if block.kind == "heading":
                    self.section = block.id
                block = replace(block, section=self.section, conditions=conditions)
                if _BUILT not in block.place.file:
                    self.found.append(block)

    def _div(self, node: Node, conditions: tuple[tuple[str, str], ...]) -> None:
        (id, classes, pairs), content = node["c"]
        claim = dict(pairs).get("claim", "")
        kind = float_kind(id)
        if kind and content:
            block = replace(self._made(kind, node, id=id), conditions=conditions)
            self.found.append(replace(block, section=self.section))
            return
        added = [(how, claim) for how in ("when", "unless") if how in classes and claim]
        self.blocks(content, (*conditions, *added))

    def _block(self, node: Node) -> Block | None:
        kind, content = node["t"], node.get("c", [])
        if kind == "Header":
            return self._made("heading", node, level=content[0], id=self._own_id(node))
        if kind in ("Figure", "Table"):
            return self._made("figure" if kind == "Figure" else "table", node, id=content[0][0])
        if kind in ("BulletList", "OrderedList", "DefinitionList"):
            return self._made("list", node)
        if kind == "BlockQuote":
            return self._made("quotation", node)
        if kind in ("CodeBlock", "HorizontalRule") or is_comment(node):
            return None
        return self._made("raw" if kind == "RawBlock" else "paragraph", node)

    def _own_id(self, node: Node) -> str:
        """Return the id that the author gave a heading; pandoc makes one where there is none."""
        id, at = node["c"][1][0], node.get("at")
        if not id or at is None:
            return ""
        line = self.text.source.lines[at - len(self.text.source.front)]
        return id if f"#{id}" in line.text else ""

    def _made(self, kind: str, node: Node, **more: Any) -> Block:
        gatherer = Gatherer(self.text, self.language)
        gatherer.gather(node)
        place = self.text.place(node)
        return Block(
            kind, self._written(node), place, self.section,
            pieces=tuple(gatherer.pieces), bound=tuple(gatherer.bound), **more,
        )  # fmt: skip

    def _written(self, node: Node) -> str:
        """Return the lines of the author's file that an element was written on."""
        lines = self.text.source.lines
        offset = len(self.text.source.front)
        inner = [at for at in _lines_of(node) if at >= offset]
        if not inner:
            return ""
        first, last = min(inner) - offset, max(inner) - offset
        file = lines[first].place.file
        kept = []
        for number in range(first, len(lines)):
            line = lines[number]
            ended = not line.text.strip() or line.text.startswith((":::", "#")) and number > first
            if (number > last and ended) or line.place.file != file:
                break
            kept.append(line.text)
        return "\n".join(kept)


def _lines_of(node: Any) -> Iterator[int]:
    """Give the lines of an element and of all that it holds, those of footnotes aside."""
    if isinstance(node, list):
        for item in node:
            yield from _lines_of(item)
    elif isinstance(node, dict):
        if node.get("t") == "Note":
            return
        for key in ("at", "caption"):
            if isinstance(node.get(key), int):
                yield node[key]
        yield from _lines_of(node.get("c"))
