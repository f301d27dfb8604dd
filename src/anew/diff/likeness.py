"""Whether two renderings of one text give a reader the same, item by item, and where they do not.

Compared are headings with numbers, captions, cross-references, citations, the list of references,
callouts, claims, links, alternative texts, the printed facts and all the text; the PDF by its lines
and the Word file by its paragraphs. Nothing is rendered here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from anew.diff.readings import KINDS, Item, read_docx, read_html, read_pdf
from anew.text.blocks import facts_of
from anew.text.document import read_text
from anew.text.source import Line

_WORDS = re.compile(r"[^\W\d_]{4,}|[\u4e00-\u9fff]{3,}")


@dataclass(frozen=True)
class Difference:
    """One thing that the typesetters give a reader differently; an empty text is a thing missing.

    `place` is the line of the text, as near as it can be told.
    """

    document: str
    format: str
    kind: str
    place: str
    embedded: str
    quarto: str

    def __str__(self) -> str:
        what = KINDS.get(self.kind, self.kind)
        sides = (("embedded", self.embedded), ("Quarto", self.quarto))
        told = [f"\n    {name + ':':<10}{text or '(nothing)'}" for name, text in sides]
        return f"{self.place}: {self.format.upper()}, {what}" + "".join(told)


def compare_items(
    document: str,
    kind: str,
    embedded: Sequence[Item],
    quarto: Sequence[Item],
    lines: Sequence[Line] = (),
) -> tuple[Counter[str], list[Difference]]:
    """Return how many items of each kind one has, and where the other's are not the same.

    `kind` is the format, `lines` the source, in which each difference is looked up.
    """
    compared: Counter[str] = Counter()
    found: list[tuple[int, Difference]] = []
    for name in dict.fromkeys([*KINDS, *(item.kind for item in (*embedded, *quarto))]):
        ours = [item for item in embedded if item.kind == name]
        theirs = [item for item in quarto if item.kind == name]
        compared[name] += max(len(ours), len(theirs))
        for one, two in unequal(ours, theirs):
            at = one or two
            assert at is not None
            place, order = place_of(document, at, lines)
            texts = [item.text if item else "" for item in (one, two)]
            found.append((order, Difference(document, kind, name, place, *texts)))
    return compared, [difference for _, difference in sorted(found, key=lambda pair: pair[0])]


def unequal(
    ours: Sequence[Item], theirs: Sequence[Item]
) -> Iterable[tuple[Item | None, Item | None]]:
    """Yield what is in one and not, or not at the same place, in the other, side by side."""
    texts = [[item.text for item in side] for side in (ours, theirs)]
    if texts[0] == texts[1]:
        return
    for tag, a, b, c, d in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for index in range(max(b - a, d - c)):
            one = ours[a + index] if a + index < b else None
            two = theirs[c + index] if c + index < d else None
            yield one, two


def place_of(document: str, item: Item, lines: Sequence[Line]) -> tuple[str, int]:
    """Return the line of the source that an item comes from, else that of its section."""
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
    if not lines:
        return document, 0
    page = f" (page {item.section})" if item.kind == "print" else ""
    return f"{lines[best].place}{page}", best


def fact_items(
    facts: Iterable[tuple[str, str]], variables: Mapping[str, Any], page: Sequence[Item]
) -> list[Item]:
    """Return the facts of a text, as (language, id), whose value a page shows.

    A branch that is not taken shows none.
    """
    shown = " ".join(item.text for item in page if item.kind in ("text", "title", "caption"))
    squeezed = "".join(shown.split())
    items = []
    for language, id in facts:
        value = (variables.get(language) or {}).get(id)
        if "".join(str(value).split()) in squeezed:
            items.append(Item("fact", f"{language}.{id} = {value}"))
    return items


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
    sides = []
    for path in (embedded, quarto):
        items = read_html(path.read_text("utf-8"))
        facts = [(fact.language, fact.id) for fact in facts_of(text)]
        sides.append([*items, *fact_items(facts, variables, items)])
    return compare_items(document, kind, *sides, lines)
