"""The sentence of the text in which a fact is first printed, as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from anew.project.language import say
from anew.text.blocks import Block
from anew.text.pieces import Piece
from anew.text.prose import is_shown

#: Where a sentence ends, by language; a number's own point is followed by no space.
_END = {
    "zh": re.compile(r"(?<=[。！？])"),
    "en": re.compile(r"(?<=[.!?])[”’)]*\s+(?=[A-Z“‘])"),
    "de": re.compile(r"(?<=[.!?])[“‘)]*\s+(?=[A-ZÄÖÜ„‚])"),
}
_HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")
_PAUSES = " ，。；、：,;:"


@dataclass(frozen=True)
class Sentence:
    """A sentence without its markup: what stands before a fact, the fact as printed, what follows.

    `section` is the id of the section that it stands in.
    """

    before: str
    fact: str
    after: str
    section: str

    def cut(self, reach: int) -> tuple[str, str]:
        """Return what stands before and after, each no longer than `reach` letters and an ellipsis.

        A Han character counts as two letters, as it is as wide; no word is cut.
        """
        return _cut(self.before[::-1], reach)[::-1], _cut(self.after, reach)


def sentences(
    blocks: Iterable[Block], language: str, printed: Mapping[str, str], holds: Mapping[str, bool]
) -> dict[str, Sentence]:
    """Return, by fact, the first sentence of the text that prints it.

    `printed` are the facts as the language prints them, `holds` the claims that decide which
    blocks are shown. A sentence with code, a formula or a fact that is not printed is left out,
    and so is what stands in a table.
    """
    found: dict[str, Sentence] = {}
    for block in blocks:
        if not is_shown(block, holds) or block.kind not in ("paragraph", "list"):
            continue
        for item in _items(block.pieces):
            said = _Said(item, language, printed)
            for id, before, after in said.around():
                if id not in found:
                    found[id] = Sentence(before, printed[id], after, block.section)
    return found


#: Stands for what cannot be quoted.
_UNQUOTED = "\ue000"


class _Said:
    """An item of the text as a reader sees it, and where in it each fact stands."""

    def __init__(self, pieces: Sequence[Piece], language: str, printed: Mapping[str, str]) -> None:
        self.text = ""
        self.facts: list[tuple[str, int, int]] = []
        self.language = language
        for piece in pieces:
            start = len(self.text)
            self._add(piece, printed)
            if piece.kind == "fact" and piece.text in printed:
                self.facts.append((piece.text, start, len(self.text)))

    def _add(self, piece: Piece, printed: Mapping[str, str]) -> None:
        if piece.kind == "words":
            joined = "" if self.language == "zh" else " "
            self.text += piece.text.replace("\n", joined)
        elif piece.kind == "fact":
            self.text += printed.get(piece.text, _UNQUOTED)
        elif piece.kind == "reference":
            kind, _, number = piece.text.partition("-")
            numbered = kind == "fig" and number.isdigit()
            self.text += say(self.language, "figure", number=number) if numbered else _UNQUOTED
        elif piece.kind == "citation":
            self.text = self.text.rstrip(" ")
        elif piece.kind == "apart":
            self.text += _UNQUOTED

    def around(self) -> Iterator[tuple[str, str, str]]:
        """Give each fact with what stands before and after it in its sentence."""
        ends = [0, *(end.end() for end in _END[self.language].finditer(self.text)), len(self.text)]
        for id, start, end in self.facts:
            first = max(place for place in ends if place <= start)
            last = min(place for place in ends if place >= end)
            before, after = self.text[first:start], self.text[end:last]
            if _UNQUOTED not in before + after:
                yield id, before.lstrip(), after.rstrip()


def _items(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Give the pieces of each item of a list, or those of the one paragraph."""
    item: list[Piece] = []
    for piece in pieces:
        if piece.kind == "item":
            yield item
            item = []
        else:
            item.append(piece)
    yield item


def split_sentences(text: str, language: str) -> list[str]:
    """Return the sentences of a text in `language`, in order, without blanks around them."""
    return [part for piece in _END[language].split(text) if (part := piece.strip())]


def _cut(text: str, reach: int) -> str:
    """Return the beginning of a text; it is cut between words, and between Han characters."""
    width = 0
    for place, letter in enumerate(text):
        width += 2 if _HAN.match(letter) else 1
        if width > reach:
            fits = [end for end in range(place, 0, -1) if _may_part(text[end - 1], text[end])]
            return text[: fits[0] if fits else place].rstrip(_PAUSES) + "…"
    return text


def _may_part(one: str, two: str) -> bool:
    return one == " " or two == " " or bool(_HAN.match(one) and _HAN.match(two))
