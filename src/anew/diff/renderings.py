"""Comparing two renderings of one text item by item, as a reader sees them.

Compared are headings with numbers, captions, cross-references, citations, the list of references,
callouts, claims, links, alternative texts, the printed facts and all the text; the PDF by its lines
and the Word file by its paragraphs. Nothing is rendered here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from anew.diff.difference import Difference, aligned
from anew.diff.reading import KINDS, Item, read_docx, read_html, read_pdf
from anew.text.blocks import facts_of
from anew.text.document import read_text
from anew.text.source import Line

_WORDS = re.compile(r"[^\W\d_]{4,}|[\u4e00-\u9fff]{3,}")


def compare_renderings(
    stage: Path, document: str, kind: str, embedded: Path, quarto: Path
) -> tuple[Counter[str], list[Difference]]:
    """Compare one document of the stage in one format, set by both typesetters."""
    text = read_text(stage, document)
    lines = [*text.source.front, *text.source.lines]
    if kind != "html":
        read = read_pdf if kind == "pdf" else read_docx
        return compare_items(document, kind, read(embedded), read(quarto), lines)
    import yaml

    variables = yaml.safe_load((stage / "_variables.yml").read_text("utf-8")) or {}
    facts = [(fact.language, fact.id) for fact in facts_of(text)]

    def read_page(path: Path) -> list[Item]:
        items = read_html(path.read_text("utf-8"))
        return [*items, *_facts(facts, variables, items)]

    return compare_items(document, kind, read_page(embedded), read_page(quarto), lines)


def compare_items(
    document: str,
    kind: str,
    embedded: Sequence[Item],
    quarto: Sequence[Item],
    lines: Sequence[Line] = (),
) -> tuple[Counter[str], list[Difference]]:
    """Return how many items of each kind were compared, and which differ, in the text's order.

    `kind` is the format, `lines` the source, in which each difference is looked up.
    """
    compared: Counter[str] = Counter()
    found: list[tuple[int, Difference]] = []
    for name in dict.fromkeys([*KINDS, *(item.kind for item in (*embedded, *quarto))]):
        ours, theirs = ([item for item in side if item.kind == name] for side in (embedded, quarto))
        compared[name] += max(len(ours), len(theirs))
        for order, one in differing(document, ours, theirs, lines):
            where = {**one.where, "format": kind}
            found.append((order, Difference(name, one.name, where, one.was, one.now)))
    return compared, [difference for _, difference in sorted(found, key=lambda pair: pair[0])]


def differing(
    document: str, was: Sequence[Item], now: Sequence[Item], lines: Sequence[Line]
) -> Iterator[tuple[int, Difference]]:
    """Yield the items that only one side has, side by side, each with its place in the source."""
    for a, b in aligned(was, now, lambda item: item.text):
        one, two = (None if a is None else was[a]), (None if b is None else now[b])
        item = two or one
        assert item is not None
        order = _line_of(item, lines)
        name, where = document, dict[str, str | int]()
        if lines:
            name, where["line"] = lines[order].place.file, lines[order].place.line
        if item.kind == "print":
            where["page"] = item.section
        texts = (side.text if side else None for side in (one, two))
        yield order, Difference(item.kind, name, where, *texts)


def _line_of(item: Item, lines: Sequence[Line]) -> int:
    """Return the number of the source line that an item comes from, else that of its section."""
    start = 0
    for number, line in enumerate(lines):
        if item.section and re.search(rf"\{{#{re.escape(item.section)}[\s}}]", line.text):
            start = number
            break
    words = sorted(_WORDS.findall(item.text), key=len, reverse=True)[:4]
    best, score = start, 0
    for number in [*range(start, len(lines)), *range(start)] if words else ():
        hits = sum(word in lines[number].text for word in words)
        if hits > score:
            best, score = number, hits
    return best


def _facts(
    facts: Iterable[tuple[str, str]],
    variables: Mapping[str, Mapping[str, object]],
    page: Sequence[Item],
) -> Iterator[Item]:
    """Yield the facts of a text whose value a page shows; a branch not taken shows none."""
    shown = " ".join(item.text for item in page if item.kind in ("text", "title", "caption"))
    squeezed = "".join(shown.split())
    for language, id in facts:
        value = variables.get(language, {}).get(id)
        if "".join(str(value).split()) in squeezed:
            yield Item("fact", f"{language}.{id} = {value}")
