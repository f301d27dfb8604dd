"""The text as blocks: words, facts, claims, citations and references, each with its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from anew.text.alignment import Node
from anew.text.document import Text
from anew.text.place import Place
from anew.text.shortcodes import TOKEN

#: What a piece of a text is: words, a fact by its name, a citation by its key, a cross-reference by
#: its id, what is set apart from the words (code, formulae, addresses, raw content), words that
#: only some readers get (alternative texts, titles), or where an item, a row or a cell ends.
Kind = Literal["words", "fact", "citation", "reference", "apart", "aside", "item", "row", "cell"]

#: What can be numbered and referred to, by the prefix of its id.
REFERRED = ("fig", "tbl", "sec", "eq")

_QUOTES = {"DoubleQuote": "“”", "SingleQuote": "‘’"}
_BUILT = "/_built/"
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Piece:
    """A piece of a text: `claims` are those whose sentence it stands in, `lang` its language."""

    kind: Kind
    text: str
    place: Place
    claims: tuple[str, ...] = ()
    lang: str = ""


@dataclass(frozen=True)
class Mention:
    """A claim that a sentence is bound to, and where that is written."""

    id: str
    place: Place


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
        kind = _float(id)
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
        if kind in ("CodeBlock", "HorizontalRule") or _is_comment(node):
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


@dataclass
class Gatherer:
    """Gathers the pieces of one block: its words with what is printed among them."""

    text: Text
    language: str
    pieces: list[Piece] = field(default_factory=list)
    bound: list[Mention] = field(default_factory=list)

    def gather(self, node: Any, claims: tuple[str, ...] = (), lang: str = "") -> None:
        """Add what `node`, an element or a list of them, says."""
        if isinstance(node, list):
            for item in node:
                self.gather(item, claims, lang)
            return
        if not isinstance(node, dict) or "t" not in node:
            return
        kind, content, place = node["t"], node.get("c", []), self.text.place(node)

        def add(what: Kind, said: str) -> None:
            self.pieces.append(Piece(what, said, place, claims, lang))

        if kind == "Str":
            self._words(content, "words", place, claims, lang)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            add("words", "\n" if kind == "SoftBreak" else " ")
        elif kind == "Quoted":
            quotes = _QUOTES[content[0]["t"]]
            add("words", quotes[0])
            self.gather(content[1], claims, lang)
            add("words", quotes[1])
        elif kind in ("Code", "Math", "CodeBlock"):
            add("apart", "")
            self._words(content[1], "apart", place, claims, lang)
        elif kind in ("RawInline", "RawBlock"):
            if not _is_comment(node):
                add("apart", "")
                what: Kind = "words" if kind == "RawBlock" else "apart"
                self._words(_TAG.sub(" ", content[1]), what, place, claims, lang)
        elif kind == "Cite":
            for citation in content[0]:
                self.gather(citation["citationPrefix"], claims, lang)
                id, at = citation["citationId"], self.text.place(citation)
                refers = kind_of(target_of(id)) is not None
                named: Kind = "reference" if refers else "citation"
                named_id = target_of(id) if refers else id
                self.pieces.append(Piece(named, named_id, at, claims, lang))
                if not refers and citation["citationMode"]["t"] == "AuthorInText":
                    add("apart", "")  # an author's name, which is not known here
                self.gather(citation["citationSuffix"], claims, lang)
        elif kind in ("Span", "Div"):
            attr, inner = content
            pairs = dict(attr[2])
            inside = claims
            if "claim" in attr[1] and pairs.get("ref"):
                self.bound.append(Mention(pairs["ref"], place))
                inside = (*claims, pairs["ref"])
            self._aside(attr, place, claims, lang)
            self.gather(inner, inside, pairs.get("lang", lang))
        elif kind in ("Link", "Image"):
            attr, inner, (target, title) = content
            apart = "uri" in attr[1] or "email" in attr[1]
            if apart:
                self._words(target, "apart", place, claims, lang)
            else:
                self.gather(inner, claims, dict(attr[2]).get("lang", lang))
                self._words(target, "apart", place, claims, lang, facts_only=True)
            self._words(title, "aside", place, claims, lang)
            self._aside(attr, place, claims, lang)
        elif kind == "Note":
            self.gather(content, claims, lang)
        elif kind == "Table":
            self._table(content, claims, lang)
        elif kind == "Figure":
            # the caption repeats the picture's words
            self._aside(content[0], place, claims, lang)
            self.gather(content[2], claims, lang)
        elif kind in ("BulletList", "OrderedList", "DefinitionList"):
            self._list(kind, content, claims, lang)
        elif kind == "Header":
            self.gather(content[2], claims, lang)
        else:
            self.gather(content, claims, lang)
            if kind in ("Para", "BlockQuote", "LineBlock"):
                add("item", "")

    def _list(self, kind: str, content: Any, claims: tuple[str, ...], lang: str) -> None:
        for item in content[1] if kind == "OrderedList" else content:
            self.gather(item, claims, lang)
            self.pieces.append(Piece("item", "", self.text.source.start()))

    def _table(self, content: Any, claims: tuple[str, ...], lang: str) -> None:
        attr, caption, _, head, bodies, foot = content
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        ends = self.text.source.start()
        for row in rows:
            for cell in row[1]:
                self.gather(cell[4], claims, lang)
                self.pieces.append(Piece("cell", "", ends))
            self.pieces.append(Piece("row", "", ends))
        self.gather(caption[1], claims, lang)
        self._aside(attr, ends, claims, lang)

    def _aside(self, attr: list[Any], place: Place, claims: tuple[str, ...], lang: str) -> None:
        """Add what the attributes of an element say: alternative texts and titles."""
        for name, value in attr[2]:
            if name not in ("ref", "claim", "lang"):
                shown = name in ("alt", "fig-alt", "title")
                self._words(value, "aside", place, claims, lang, facts_only=not shown)

    def _words(
        self, text: str, kind: Kind, place: Place, claims: tuple[str, ...], lang: str,
        *, facts_only: bool = False,
    ) -> None:  # fmt: skip
        """Add words, with facts in the place of their tokens."""
        at = 0
        for match in TOKEN.finditer(text):
            if match.start() > at and not facts_only:
                self.pieces.append(Piece(kind, text[at : match.start()], place, claims, lang))
            shortcode = self.text.tokens.shortcodes.get(match[0])
            if shortcode and shortcode.name == "var":
                name = shortcode.argument.removeprefix(f"{self.language}.")
                self.pieces.append(Piece("fact", name, place, claims, lang))
            elif not facts_only:
                self.pieces.append(Piece("apart", "", place, claims, lang))
            at = match.end()
        if at < len(text) and not facts_only:
            self.pieces.append(Piece(kind, text[at:], place, claims, lang))


def kind_of(id: str) -> str | None:
    """Return fig, tbl, sec or eq for an id such as `fig-7`, None for any other."""
    prefix, mark, _ = id.partition("-")
    return prefix if prefix in REFERRED and mark else None


def target_of(reference: str) -> str:
    """Return the id that a reference names: `@Fig-7` at the start of a sentence is fig-7."""
    return reference[:1].lower() + reference[1:]


def _float(id: str) -> str | None:
    return {"fig": "figure", "tbl": "table"}.get(kind_of(id) or "")


def _is_comment(node: Node) -> bool:
    if node["t"] not in ("RawBlock", "RawInline"):
        return False
    format, text = node["c"]
    return bool(format == "html" and text.lstrip().startswith("<!--"))


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
