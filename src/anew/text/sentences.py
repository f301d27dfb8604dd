"""The sentence of the text in which a fact is first printed, as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from anew.text.prose import Block

_VARIABLE = re.compile(r"\{\{<\s*var\s+\w+\.([\w-]+)\s*>\}\}")
_CITATION = re.compile(r"\s*\[-?@[^\[\]]*\]")
_SPAN = re.compile(r"\[([^\[\]]*)\](?:\{[^{}]*\}|\([^()]*\))")
_FIGURE = re.compile(r"@fig-(\d+)")
_NUMBERED = re.compile(r"^\s*(?:[-*]|\d+\.)\s+")
#: Where a sentence ends, by language; a number's own point is followed by no space.
_END = {"zh": re.compile(r"(?<=[。！？])"), "en": re.compile(r"(?<=[.!?])[”’)]*\s+(?=[A-Z“‘])")}
_FIGURE_WORD = {"zh": "图 {}", "en": "Figure {}"}
_HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")
_PAUSES = " ，。；、：,;:"
#: What is left of markup that is not understood here: such a sentence is not quoted.
_MARKUP = re.compile(r"[{}<>\[\]|@`]")


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
    blocks are shown. A sentence with markup that is not understood here is left out, and so is
    what stands in a table.
    """
    found: dict[str, Sentence] = {}
    for block in blocks:
        shown = all(holds.get(claim, False) == (how == "when") for how, claim in block.conditions)
        if not shown or not block.facts or block.kind not in ("paragraph", "list"):
            continue
        for item in _items(block, language):
            for text in _END[language].split(item):
                for match in _VARIABLE.finditer(text):
                    id, ends = match[1], (text[: match.start()], text[match.end() :])
                    before, after = (_printed(end, printed) for end in ends)
                    whole = before + after
                    if id not in found and id in printed and not _MARKUP.search(whole):
                        found[id] = Sentence(
                            before.lstrip(), printed[id], after.rstrip(), block.section
                        )
    return found


def split_sentences(text: str, language: str) -> list[str]:
    """Return the sentences of a text in `language`, in order, without blanks around them."""
    return [part for piece in _END[language].split(text) if (part := piece.strip())]


def _items(block: Block, language: str) -> list[str]:
    """Return the items of a list, or the one paragraph, each on one line."""
    items: list[list[str]] = [[]]
    for line in block.text.split("\n"):
        if block.kind == "list" and _NUMBERED.match(line):
            items.append([])
        items[-1].append((_NUMBERED.sub("", line) if block.kind == "list" else line).strip())
    join = "" if language == "zh" else " "
    return [_unmarked(join.join(lines), language) for lines in items if lines]


def _unmarked(text: str, language: str) -> str:
    """Return a text without citations, spans and emphasis; variables stay."""
    text = _CITATION.sub("", text)
    while (plain := _SPAN.sub(r"\1", text)) != text:
        text = plain
    text = _FIGURE.sub(lambda match: _FIGURE_WORD[language].format(match[1]), text)
    return text.replace("**", "").replace("*", "")


def _printed(text: str, printed: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: printed.get(match[1], match[0]), text)


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
