"""Checks of prose: typed numbers, text in the wrong script, absent facts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from anew.project.phrases import Phrase
from anew.text.blocks import Block
from anew.text.pieces import Piece
from anew.text.place import Place


@dataclass(frozen=True)
class Found:
    """Something in a text that must not be there, and its line."""

    text: str
    place: Place


def gaps_in(
    blocks: Iterable[Block], absent: Collection[str], holds: Mapping[str, bool]
) -> Iterator[tuple[Place, str]]:
    """Yield where a text prints a fact that is `absent`, other than where a failing claim says so.

    `holds` are the claims' outcomes; what is prepared for another outcome is not shown.
    """
    failing = {id for id, outcome in holds.items() if not outcome}
    for block in blocks:
        if is_shown(block, holds):
            for id in dict.fromkeys(block.facts):
                place = block.printed(id, failing) if id in absent else None
                if place is not None:
                    yield place, id


def is_shown(block: Block, holds: Mapping[str, bool]) -> bool:
    """Return whether the claims' outcomes show a block."""
    return all(holds.get(claim, False) == (how == "when") for how, claim in block.conditions)


def gap(id: str) -> str:
    """Return what is wrong with printing a fact that the data do not have, and what to do."""
    return Phrase(
        "the data have no fact {id}. Bind the sentence to a claim that fails without it, or "
        "write both outcomes with .when and .unless.",
        id=id,
    )


#: What may hold digits without being a number of the report's own.
_EXEMPT = (
    re.compile(r"<?https?://\S+"),
    re.compile(r"\b(?:18|19|20)\d\d\b|(?<!\d)(?:19|20)\d\d(?=\s?年|[—–-])"),  # years
    re.compile(r"(?<=[—–-])(?:\d\d)?\d\d(?=\D|$)(?=\s?年)"),  # the end of a span of years
    re.compile(r"\b(?:18|19|20)\d0s\b"),  # decades
    re.compile(r"[A-Za-z][\w.-]*\d[\w.-]*|\b\d[A-Z]{1,2}\b(?!\s*%)"),  # names: H100, 5G, 3D
)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_SENTENCE = re.compile(r"[^。！？!?；;]*?(?:[。！？!?；;]|\.(?=\s|$)|$)", re.S)
_ROW = re.compile(r"[^\n]*\n?")

#: What stands for a piece that is no words, and does not change the length of anything.
_CITED = "\ue000"
_OTHER = "\ue001"


def typed_numbers(block: Block, allowed: Iterable[str] = ()) -> list[Found]:
    """Return the numbers typed in a block that are neither facts, years, names nor cited.

    A sentence, or a row of a table, with a citation may print the source's numbers. `allowed` are
    exceptions by their exact text.
    """
    kept = set(allowed)
    said, places = _said(block)
    unit = _ROW if block.kind == "table" else _SENTENCE
    found = []
    for match in unit.finditer(said):
        sentence = match[0]
        if _CITED in sentence:
            continue
        for pattern in _EXEMPT:
            sentence = pattern.sub(lambda hit: " " * len(hit[0]), sentence)
        found += [
            Found(number[0], places[match.start() + number.start()])
            for number in _NUMBER.finditer(sentence)
            if number[0] not in kept
        ]
    return found


def _said(block: Block) -> tuple[str, list[Place]]:
    """Return what a block says, with a mark for each piece that is no words, and every place."""
    text, places = "", []
    for piece in block.pieces:
        said = _shown(piece, in_table=block.kind == "table")
        text += said
        places += [piece.place] * len(said)
    return text, places


def _shown(piece: Piece, in_table: bool) -> str:
    if piece.kind == "words":
        return piece.text.replace("\n", " ") if in_table else piece.text
    if piece.kind == "row":
        return "\n"
    if piece.kind == "item":
        return "。"
    return {"citation": _CITED, "cell": " ", "aside": ""}.get(piece.kind, _OTHER)


_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def han_runs(block: Block) -> list[Found]:
    """Return the runs of Han characters in a block's text, those in marked parts aside.

    `[…]{lang=zh}` marks a part of another language.
    """
    return [
        Found(run, piece.place)
        for piece in block.pieces
        if piece.kind in ("words", "apart", "aside") and not piece.lang.startswith("zh")
        for run in _HAN.findall(piece.text)
    ]
