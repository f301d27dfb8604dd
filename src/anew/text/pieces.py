"""Pieces: what one block of a text says, its words with what is printed among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
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
            if not is_comment(node):
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


def float_kind(id: str) -> str | None:
    return {"fig": "figure", "tbl": "table"}.get(kind_of(id) or "")


def is_comment(node: Node) -> bool:
    """Return whether an element is a comment, of which nothing is printed."""
    if node["t"] not in ("RawBlock", "RawInline"):
        return False
    format, text = node["c"]
    return bool(format == "html" and text.lstrip().startswith("<!--"))
