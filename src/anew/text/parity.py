"""Parity: both languages have the same blocks in the same order; stale translations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import RootModel

from anew.project.configuration import checked, read_yaml
from anew.project.phrases import Phrase, joined
from anew.project.problems import at
from anew.project.writing import write_text
from anew.text.blocks import Block
from anew.text.place import Place

#: What two blocks that say the same must share, whatever their words.
_SHARED = ("facts", "claims", "citations", "references")
#: What blocks, and what they share, are called in a message.
_NOUNS = {
    "heading": Phrase("heading"),
    "paragraph": Phrase("paragraph"),
    "figure": Phrase("figure"),
    "table": Phrase("table"),
    "list": Phrase("list"),
    "quote": Phrase("quote"),
    "raw": Phrase("raw"),
    "code": Phrase("code"),
    "facts": Phrase("facts"),
    "claims": Phrase("claims"),
    "citations": Phrase("citations"),
    "references": Phrase("references"),
}


class _Record(RootModel[dict[str, list[str]]]):
    """The file of confirmed translations, as it is written."""


@dataclass(frozen=True)
class Difference:
    """A place where the languages differ: both places, and what differs."""

    one: Place | None
    other: Place | None
    message: str

    def __str__(self) -> str:
        places = " / ".join(str(place) for place in (self.one, self.other) if place)
        return at(places, self.message, "languages-differ")


def compare_languages(
    one: Sequence[Block], other: Sequence[Block], names: tuple[str, str] = ("zh", "en")
) -> list[Difference]:
    """Return where two texts differ in structure.

    Sections must have the same ids and levels in the same order; within a section the blocks must
    be of the same kinds in the same order, and each pair must share its facts, claims, citations
    and cross-references. Word order within a block is each language's own.
    """
    found = _sections(one, other, names)
    if found:
        return found  # blocks cannot be paired before the sections are
    mine, theirs = by_section(one), by_section(other)
    for section in mine:
        found += _blocks(mine[section], theirs.get(section, []), names)
    return found


def by_section(blocks: Sequence[Block]) -> dict[str, list[Block]]:
    """Return the blocks of each section in order, the heading first."""
    sections: dict[str, list[Block]] = {}
    for block in blocks:
        sections.setdefault(block.section, []).append(block)
    return sections


def _sections(
    one: Sequence[Block], other: Sequence[Block], names: tuple[str, str]
) -> list[Difference]:
    found: list[Difference] = []
    heads = [[block for block in blocks if block.kind == "heading"] for blocks in (one, other)]
    for blocks in heads:
        found += [
            Difference(block.place, None, Phrase("this heading has no id; add {#sec-…} after it."))
            for block in blocks
            if not block.id
        ]
    if found:
        return found
    for index in range(max(map(len, heads))):
        mine, theirs = (blocks[index] if index < len(blocks) else None for blocks in heads)
        if mine and theirs and (mine.id, mine.level) == (theirs.id, theirs.level):
            continue
        if mine and theirs and mine.id == theirs.id:
            message = Phrase(
                "section {id} is of level {mine} in {one}, {theirs} in {other}.",
                id=mine.id,
                mine=mine.level,
                one=names[0],
                theirs=theirs.level,
                other=names[1],
            )
        else:
            shown = [f"#{block.id}" if block else Phrase("no section") for block in (mine, theirs)]
            message = _parted(names, shown)
        found.append(Difference(_near(heads[0], index), _near(heads[1], index), message))
        break  # what follows is out of step
    return found


def _blocks(
    mine: Sequence[Block], theirs: Sequence[Block], names: tuple[str, str]
) -> list[Difference]:
    found: list[Difference] = []
    for index in range(max(len(mine), len(theirs))):
        one = mine[index] if index < len(mine) else None
        two = theirs[index] if index < len(theirs) else None
        if one is None or two is None:
            lacking, held = (names[0], two) if one is None else (names[1], one)
            assert held is not None
            message = Phrase(
                "{language} has no counterpart of this {kind}.",
                language=lacking,
                kind=_NOUNS.get(held.kind, held.kind),
            )
            found.append(Difference(_near(mine, index), _near(theirs, index), message))
            break
        if (one.kind, one.id, one.conditions) != (two.kind, two.id, two.conditions):
            message = _parted(names, [_told(block) for block in (one, two)])
            found.append(Difference(one.place, two.place, message))
            break
        for what in _SHARED:
            counts = Counter(getattr(one, what)), Counter(getattr(two, what))
            only = [sorted((counts[i] - counts[1 - i]).elements()) for i in (0, 1)]
            for name, extra in zip(names, only, strict=True):
                if extra:
                    message = Phrase(
                        "only {language} has the {what} {names}.",
                        language=name,
                        what=_NOUNS[what],
                        names=extra,
                    )
                    found.append(Difference(one.place, two.place, message))
    return found


def _near(blocks: Sequence[Block], index: int) -> Place | None:
    """Return where a block stands, or would stand: behind the last that is there."""
    return blocks[min(index, len(blocks) - 1)].place if blocks else None


def _parted(names: tuple[str, str], shown: Sequence[str]) -> Phrase:
    return Phrase(
        "{one} has {mine} where {other} has {theirs}.",
        one=names[0],
        mine=shown[0],
        other=names[1],
        theirs=shown[1],
    )


def _told(block: Block) -> Phrase:
    conditions = (f"({how} {claim})" for how, claim in block.conditions)
    kind = Phrase("the {kind}", kind=_NOUNS.get(block.kind, block.kind))
    return joined(" ", filter(None, [kind, block.id, *conditions]))


@dataclass(frozen=True)
class Stale:
    """A translation whose original changed since it was confirmed, or was never confirmed."""

    original: Block
    translation: Block
    known: bool

    def __str__(self) -> str:
        return Phrase(
            "{place}: stale translation: its original changed ({original})."
            if self.known
            else "{place}: stale translation: it was never confirmed ({original}).",
            place=self.translation.place,
            original=self.original.place,
        )


Record = Mapping[str, Sequence[str]]


def stale_blocks(
    originals: Sequence[Block], translations: Sequence[Block], record: Record
) -> list[Stale]:
    """Return the translated blocks whose original is not the one that was confirmed.

    `record` holds for each section the hashes of the originals, in order, as confirmed.
    """
    theirs = by_section(translations)
    found: list[Stale] = []
    for section, blocks in by_section(originals).items():
        confirmed = record.get(section, ())
        for index, (original, translation) in enumerate(
            zip(blocks, theirs.get(section, []), strict=False)
        ):
            known = confirmed[index] if index < len(confirmed) else ""
            if known != original.digest:
                found.append(Stale(original, translation, bool(known)))
    return found


def confirm(
    originals: Sequence[Block],
    translations: Sequence[Block],
    record: Record,
    file: str,
    section: str | None,
) -> tuple[dict[str, list[str]], int]:
    """Return the record with the translations of `file` (and `section`) confirmed, and how many."""
    theirs = by_section(translations)
    new = {name: list(hashes) for name, hashes in record.items()}
    count = 0
    for name, blocks in by_section(originals).items():
        pairs = list(zip(blocks, theirs.get(name, []), strict=False))
        hashes = (list(new.get(name, [])) + [""] * len(pairs))[: len(pairs)]
        for index, (original, translation) in enumerate(pairs):
            chosen = translation.place.file == file and section in (None, name)
            if chosen and hashes[index] != original.digest:
                hashes[index] = original.digest
                count += 1
        if any(hashes):
            new[name] = hashes
    kept = {block.section for block in originals}
    return {name: new[name] for name in sorted(new) if name in kept}, count


def of_document(record: Record, document: str) -> dict[str, list[str]]:
    """Return what a record holds of one document, by section."""
    start = _start(document)
    return {
        name.removeprefix(start): list(hashes)
        for name, hashes in record.items()
        if _is_of(name, document)
    }


def with_document(record: Record, document: str, own: Record) -> dict[str, list[str]]:
    """Return a record in which a document has the sections `own`, and the others what they had."""
    kept = {name: list(hashes) for name, hashes in record.items() if not _is_of(name, document)}
    start = _start(document)
    return dict(sorted((kept | {f"{start}{name}": list(h) for name, h in own.items()}).items()))


def _start(document: str) -> str:
    """Return how the names of a document's sections begin in a record: those of index bare."""
    return "" if document == "index.qmd" else f"{document}:"


def _is_of(name: str, document: str) -> bool:
    start = _start(document)
    return name.startswith(start) if start else ".qmd:" not in name


def read_record(path: Path) -> dict[str, list[str]]:
    """Return the confirmed hashes by section; none when the file is not there."""
    if not path.is_file():
        return {}
    shown = f"{path.parent.name}/{path.name}"
    return checked(_Record, *read_yaml(path, shown), shown).root


def write_record(path: Path, record: Record) -> None:
    """Write the confirmed hashes, a line a section."""
    lines = [
        "# For each section of the translation, the hashes of the original's blocks that it",
        "# renders, in order, as confirmed with `anew translated`.",
    ]
    for name, hashes in record.items():
        listed = ", ".join(f'"{value}"' for value in hashes)
        lines.append(f'"{name}": [{listed}]')
    write_text(path, "\n".join(lines) + "\n")
