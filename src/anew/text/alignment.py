"""Alignment: the source line of every element in pandoc's tree.

Pandoc tells no positions for its own Markdown. But the tree holds the words of the text in their
order, so each is looked for from where the one before it was found; footnotes and captions, which
the tree has elsewhere than the text, are looked for where they are written. An element gets its
line as `at`, which pandoc passes over when it reads the tree.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Node = dict[str, Any]

_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(r"\n[ \t>]*\n")
_DIV = re.compile(r"^[ \t>*+\-\d.]*:{3,}[ \t]*([^\s:][^\n]*)$|<div\b[^>]*>", re.M)
_FENCE = re.compile(r"^[ \t>*+\-\d.]*(?:`{3,}|~{3,})[^\n]*$", re.M)
_NOTE = re.compile(r"\^\[|\[\^([^\]\s]+)\]")
_NOTE_TEXT = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.M)
_APART = re.compile(
    r"^ {0,3}\[\^[^\]\s]+\]:.*(?:\n(?!\[\^)[^\n]*\S.*)*(?:\n[ \t]*\n(?: {4}|\t).*(?:\n.*\S.*)*)*"
    r"|^ {0,3}\[[^\]\n^][^\]\n]*\]:[ \t]*\S.*$",
    re.M,
)
_CAPTION = re.compile(r"^[ \t>]*(?:[Tt]able)?:(?!:)\s*\S", re.M)
_ATTRIBUTES = re.compile(r"\][ \t]*\{[^{}]*\}|<[a-z]+\b[^>]*>")

#: Elements that only hold others, and where in their content those are.
_INLINES = {
    "Emph": None, "Strong": None, "Strikeout": None, "Superscript": None, "Subscript": None,
    "SmallCaps": None, "Underline": None, "Quoted": 1, "Span": 1, "Link": 1, "Image": 1, "Cite": 1,
}  # fmt: skip


def align(blocks: Iterable[Node], text: str, first: int = 0) -> None:
    """Record in each element its line in `text`; the first line is `first`."""
    aligner = _Aligner(text, first)
    for block in blocks:
        aligner.block(block)


def pin(node: Any, line: int) -> None:
    """Record one line for an element and everything inside it."""
    if isinstance(node, list):
        for item in node:
            pin(item, line)
    elif isinstance(node, dict):
        if "t" in node or "citationId" in node:
            node["at"] = line
        for value in list(node.values()):
            pin(value, line)


class _Aligner:
    """Walks the tree with a position in the text that moves forward only."""

    def __init__(self, text: str, first: int) -> None:
        self.whole = text
        self.text = _APART.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        self.first = first
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.at = 0
        self.limit: int | None = None

    def line(self, position: int) -> int:
        return self.first + bisect_right(self.starts, position) - 1

    # Blocks ---------------------------------------------------------------------------------

    def block(self, node: Node) -> None:
        kind, content = node["t"], node.get("c", [])
        before = self.at
        if kind in ("Para", "Plain", "Header"):
            self._paragraph(node, content[2] if kind == "Header" else content)
            if kind == "Header":
                self._move_behind(content[1][0])
        elif kind == "LineBlock":
            self._paragraph(node, [inline for line in content for inline in line])
        elif kind in ("CodeBlock", "RawBlock"):
            self._verbatim(node, content[1])
        elif kind == "Div":
            self._fence(node, content[0])
            self._all(content[1])
        elif kind == "Table":
            self._table(node, content)
        elif kind == "Figure":
            self._all(content[2])
            node["at"] = next((n["at"] for n in _within(content[2]) if n["t"] == "Image"), None)
            end, self.at = self.at, before
            self._all(content[1][1])
            self.at = max(end, self.at)
            self._move_behind(content[0][0])
        elif kind == "DefinitionList":
            for term, definitions in content:
                self._paragraph({}, term)
                for definition in definitions:
                    self._all(definition)
        elif kind in ("BulletList", "OrderedList"):
            for item in content[1] if kind == "OrderedList" else content:
                self._all(item)
        elif kind == "BlockQuote":
            self._all(content)
        if node.get("at") is None:
            found = (n["at"] for n in _within(content) if n.get("at") is not None)
            node["at"] = next(found, self.line(self._next_line(before)))

    def _all(self, blocks: Iterable[Node]) -> None:
        for block in blocks:
            self.block(block)

    def _next_line(self, position: int) -> int:
        """Return where the text goes on behind blank lines and the ends of divs."""
        found = re.compile(r"^(?![ \t>]*:*[ \t]*$)", re.M).search(self.text, position)
        return found.start() if found else position

    def _paragraph(self, node: Node, inlines: Sequence[Node]) -> None:
        outer = self.limit
        start = self._anchor(inlines)
        if start is not None:
            self.at = start
            node["at"] = self.line(start)
            blank = _BLANK.search(self.text, start)
            ends = [end for end in (outer, blank.start() if blank else None) if end is not None]
            self.limit = min(ends) if ends else None
        self._inlines(inlines)
        self.limit = outer

    def _anchor(self, inlines: Sequence[Node]) -> int | None:
        """Return where a paragraph begins: its first words, on one stretch of lines."""
        words = [word for piece in _leaves(inlines) for word in _WORD.findall(piece)][:8]
        for first in range(min(3, len(words))):
            position = self.at
            for _ in range(200):
                start = self._find(words[first], position, self.limit)
                if start is None:
                    break
                blank = _BLANK.search(self.text, start)
                end = blank.start() if blank else len(self.text)
                if self._follow(words[first : first + 4], start, end):
                    return start
                position = start + 1
        return None

    def _follow(self, words: Iterable[str], start: int, end: int) -> bool:
        """Return whether words stand one behind the other between two places."""
        for word in words:
            found = self._find(word, start, end)
            if found is None:
                return False
            start = found + len(word)
        return True

    def _verbatim(self, node: Node, text: str) -> None:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        found = self.text.find(lines[0], self.at) if lines else -1
        fence = _FENCE.search(self.text, self.at)
        if node["t"] == "CodeBlock" and fence and (found < 0 or fence.start() < found):
            node["at"] = self.line(fence.start())
            self.at = fence.end()
        elif found >= 0:
            node["at"] = self.line(found)
        for line in lines:
            found = self.text.find(line, self.at)
            self.at = found + len(line) if found >= 0 else self.at
        if node["t"] == "CodeBlock" and fence:
            close = _FENCE.match(self.text, self.text.find("\n", self.at) + 1)
            self.at = close.end() if close else self.at

    def _fence(self, node: Node, attr: list[Any]) -> None:
        """Find where a div opens: a fence, or a tag, that has its id, its classes or its keys."""
        marks = [mark for mark in (attr[0], *attr[1], *(name for name, _ in attr[2])) if mark]
        for match in _DIV.finditer(self.text, self.at):
            if all(mark in match[0] for mark in marks[:2]):
                node["at"] = self.line(match.start())
                self.at = match.end()
                return

    def _table(self, node: Node, content: list[Any]) -> None:
        before = self.at
        attr, caption, _, head, bodies, foot = content
        above = _CAPTION.match(self.text, self._next_line(before)) if caption[1] else None
        if above:
            blank = _BLANK.search(self.text, above.end())
            self.at = blank.start() if blank else above.end()
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        for row in rows:
            start = furthest = self.at
            for cell in row[1]:
                self.at = start
                self._all(cell[4])
                furthest = max(furthest, self.at)
            self.at = max(self.text.find("\n", furthest), furthest)
        end = self.at
        node["at"] = next((n["at"] for n in _within(rows) if n.get("at") is not None), None)
        if caption[1]:
            found = _CAPTION.search(self.text, before)
            self.at = found.start() if found else before
            self._all(caption[1])
            self._move_behind(attr[0])
            node["caption"] = self.line(found.start()) if found else None
        self.at = max(end, self.at)

    def _move_behind(self, id: str) -> None:
        """Move over the attributes that hold an id, where they stand in this paragraph."""
        blank = _BLANK.search(self.text, self.at)
        found = self.text.find("#" + id, self.at, blank.start() if blank else None) if id else -1
        if found >= 0:
            self.at = max(self.text.find("}", found), found)

    # Inlines --------------------------------------------------------------------------------

    def _inlines(self, inlines: Iterable[Node]) -> None:
        for inline in inlines:
            self._inline(inline)

    def _inline(self, node: Node) -> None:
        kind, content, before = node["t"], node.get("c", []), self.at
        if kind == "Str":
            self._move_over(_WORD.findall(content))
        elif kind == "Note":
            self._note(content)
        elif kind in ("Code", "Math", "RawInline"):
            first = content[1].strip().split("\n")[0][:60]
            found = self.text.find(first, self.at, self.limit)
            before = found if found >= 0 else before
            self._move_over([content[1].strip()] if found >= 0 else [])
        elif kind == "Cite":
            before = self._cite(content[0]) or before
        elif kind in _INLINES:
            inner = _inner(kind, content)
            start = next((p for word in _first(inner) if (p := self._seek(word)) is not None), None)
            self._inlines(inner)
            if kind in ("Link", "Image"):
                before = self._target(content[2][0], before, start, "![" if kind == "Image" else "")
            elif start is not None:
                before = start
            if kind in ("Span", "Link", "Image"):
                before = self._attributes(content[0], before, kind)
        node["at"] = self.line(before if kind != "Str" else max(self.at - 1, 0))

    def _move_over(self, words: Iterable[str]) -> None:
        for word in words:
            found = self._seek(word)
            self.at = found + len(word) if found is not None else self.at

    def _seek(self, word: str) -> int | None:
        return self._find(word, self.at, self.limit)

    def _find(self, word: str, start: int, end: int | None) -> int | None:
        """Return where `word` stands as a word of its own, between letters of its kind."""
        found = self.text.find(word, start, end)
        while found >= 0 and word.isascii() and word.isalnum():
            around = self.text[max(found - 1, 0) : found], self.text[found + len(word) :][:1]
            if not any(letter.isascii() and letter.isalnum() for letter in around):
                break
            found = self.text.find(word, found + 1, end)
        return found if found >= 0 else None

    def _cite(self, citations: list[Node]) -> int | None:
        first = None
        for citation in citations:
            self._inlines(citation["citationPrefix"])
            key = re.compile(rf"@\{{?{re.escape(citation['citationId'])}")
            found = key.search(self.text, self.at, self.limit or len(self.text))
            citation["at"] = self.line(found.start() if found else self.at)
            if found:
                first = first if first is not None else found.start()
                self.at = found.end()
            self._inlines(citation["citationSuffix"])
        return first

    def _target(self, target: str, before: int, start: int | None, opening: str) -> int:
        """Move over a link's target; return where the element begins."""
        limit = self.limit if self.limit is not None else len(self.text)
        found = max(self.text.find(mark + target, self.at, limit) for mark in ("](", "](<"))
        end = self.at
        if target and found >= 0:
            self.at = end = found + len(target) + 2
        if opening:
            begun = self.text.rfind(opening, before, start if start is not None else end)
            return begun if begun >= 0 else (start if start is not None else before)
        return start if start is not None else max(found, before)

    def _attributes(self, attr: list[Any], before: int, kind: str) -> int:
        """Move over the attributes of an element; a span stands where they do."""
        marks = [attr[0], *attr[1][:1], *(value for _, value in attr[2][:1])]
        if not any(marks):
            return before
        spanned = kind == "Span" and not attr[0].startswith("eq-")
        pattern = _ATTRIBUTES if spanned else re.compile(r"\{[^{}]*\}")
        limit = self.limit if self.limit is not None else len(self.text)
        for match in pattern.finditer(self.text, self.at, limit):
            if all(mark in match[0] for mark in marks if mark):
                self.at = match.end()
                return match.start() + match[0].find("{") if spanned else before
        return before

    def _note(self, blocks: list[Node]) -> None:
        found = _NOTE.search(self.text, self.at, self.limit or len(self.text))
        if found and found[1] is None:
            self.at = found.end()
            self._all(blocks)
            return
        here = found.end() if found else self.at
        label = found[1] if found else None
        for match in _NOTE_TEXT.finditer(self.whole):
            if label and match[1] == label:
                other = _Aligner.__new__(_Aligner)
                other.whole = other.text = self.whole
                other.first, other.starts = self.first, self.starts
                other.at, other.limit = match.end(), None
                other._all(blocks)
                break
        else:
            self._all(blocks)
        self.at = max(here, self.at) if label is None else here


def _leaves(inlines: Iterable[Node]) -> Iterator[str]:
    """Yield the words of inlines in order, without notes and citations."""
    for inline in inlines:
        kind, content = inline["t"], inline.get("c", [])
        if kind == "Str":
            yield content
        elif kind in ("Code", "Math", "RawInline"):
            yield content[1]
        elif kind == "Cite":
            yield from (citation["citationId"] for citation in content[0])
        elif kind == "Image" and not content[1]:
            yield content[2][0]
        elif kind in _INLINES:
            yield from _leaves(_inner(kind, content))


def _inner(kind: str, content: Any) -> list[Node]:
    index = _INLINES[kind]
    return list(content if index is None else content[index])


def _first(inlines: Iterable[Node]) -> list[str]:
    return [word for piece in _leaves(inlines) for word in _WORD.findall(piece)][:1]


def _within(node: Any) -> Iterator[Node]:
    """Yield `node` and every element inside it."""
    if isinstance(node, list):
        for item in node:
            yield from _within(item)
    elif isinstance(node, dict):
        if "t" in node:
            yield node
        yield from _within(node.get("c"))
