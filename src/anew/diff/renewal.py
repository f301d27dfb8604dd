"""What a build changed in the site that it replaces: figures, facts, claims, sentences.

The two sites are compared as a reader finds them, so that a number that changed in a sentence, in a
computed table or in a caption is found wherever it is printed, and an edited sentence as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.diff.change import Comparison
from anew.diff.comparison import compare
from anew.diff.likeness import place_of, unequal
from anew.diff.readings import ADDED, Item, read_html
from anew.diff.state import site_state
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.text.sentences import split_sentences
from anew.text.source import read_source

#: What of a page is text of the report; alternative texts change with their figures.
_READ = ("title", "heading", "text", "caption")

#: The marks of claims are no text either.
_APART = f"{ADDED}, .claim-mark"

_NAMED = re.compile(r"^h[1-6] |\s*#[\w-]*$")


@dataclass(frozen=True)
class Rewording:
    """A sentence that reads otherwise: `old` is empty for one that came, `new` for one that went.

    `place` is the line of the text that it stands on, as near as that can be told.
    """

    language: str
    place: str
    old: str
    new: str


@dataclass(frozen=True)
class Renewal:
    """An edition's site before and after a build."""

    edition: str
    comparison: Comparison
    rewordings: tuple[Rewording, ...]

    @property
    def empty(self) -> bool:
        return self.comparison.empty and not self.rewordings


def renewal(old: Path, new: Path, text: Path) -> Renewal | None:
    """Return what the site in `new` says otherwise than that in `old`; `text` has the sources.

    Returns None where there is nothing to compare: no site, a broken one, or another edition's.
    """
    if not (old / "facts.json").is_file():
        return None
    try:
        before, after = site_state(old), site_state(new)
    except (AnewError, OSError):
        return None
    if before.name != after.name:
        return None
    comparison = compare(before.woven, after.woven, before.data, after.data)
    pages = sorted(path.relative_to(new) for path in (new / "report").rglob("*.html"))
    found = [one for page in pages for one in _rewordings(old / page, new / page, text, page)]
    return Renewal(after.name, comparison, tuple(found))


def _rewordings(old: Path, new: Path, text: Path, page: Path) -> Iterator[Rewording]:
    """Yield where two states of one page differ; `page` is its path on the site."""
    document, language = page.with_suffix(".qmd").as_posix(), page.parts[1]
    if not old.is_file() or language not in LANGUAGES:
        return
    before, after = (path.read_text("utf-8") for path in (old, new))
    if before == after:
        return
    source = read_source(text, document)
    lines = [*source.front, *source.lines]
    sides = [sentence_items(read_html(page, _APART), language) for page in (before, after)]
    for one, two in unequal(*sides):
        at = two or one
        assert at is not None
        place, _ = place_of(document, at, lines)
        yield Rewording(language, place, one.text if one else "", two.text if two else "")


def sentence_items(items: Sequence[Item], language: str) -> list[Item]:
    """Return what is read of a page, sentence by sentence, each once in a row."""
    found = [
        Item(item.kind, sentence, item.section)
        for item in items
        if item.kind in _READ
        for sentence in split_sentences(_plain(item), language)
    ]
    return [item for n, item in enumerate(found) if n == 0 or item != found[n - 1]]


def _plain(item: Item) -> str:
    """Return an item's words without the level and the id that tell headings and captions apart."""
    return _NAMED.sub("", item.text) if item.kind in ("heading", "caption") else item.text
