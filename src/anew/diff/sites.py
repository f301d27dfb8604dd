"""Changes between two built sites: figures, facts, claims, and every sentence.

The sites are compared as a reader finds them, so that a number that changed in a sentence, in a
computed table or in a caption is found wherever it is printed, and an edited sentence as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from anew.diff.change import Comparison
from anew.diff.comparison import compare
from anew.diff.difference import Difference
from anew.diff.reading import ADDED, Item, read_html
from anew.diff.renderings import differing
from anew.diff.state import is_site, site_state
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.text.sentences import split_sentences
from anew.text.source import Line, read_source

#: What of a page is text of the report; alternative texts change with their figures.
_READ = ("title", "heading", "text", "caption")

#: The marks of claims are no text either.
_APART = (*ADDED, ".claim-mark")

_NAMED = re.compile(r"^h[1-6] |\s*#[\w-]*$")


def compare_builds(old: Path, new: Path, text: Path) -> Comparison | None:
    """Return what a build changed in a site: `old` is the site that `new` replaces.

    `text` has the sources. Returns None where there is nothing to compare: no site, a broken one,
    or another edition's.
    """
    if not is_site(str(old)):
        return None
    try:
        found = compare_sites(old, new, text)
    except (AnewError, OSError):
        return None
    return found if found.old == found.new else None


def compare_sites(old: Path, new: Path, text: Path) -> Comparison:
    """Return what changed from one site to another, the sentences of their pages included.

    `text` has the sources, in which each sentence is looked up. Raises AnewError when a record of
    a site is damaged.
    """
    comparison = compare(site_state(old), site_state(new))
    pages = sorted(path.relative_to(new) for path in (new / "report").rglob("*.html"))
    found = (one for page in pages for one in _sentences(old / page, new / page, text, page))
    return replace(comparison, sentences=tuple(found))


def _sentences(old: Path, new: Path, text: Path, page: Path) -> Iterator[Difference]:
    """Yield the sentences that differ between two states of one page; `page` is its path."""
    document, language = page.with_suffix(".qmd").as_posix(), page.parts[1]
    if not old.is_file() or language not in LANGUAGES:
        return
    before, after = (path.read_text("utf-8") for path in (old, new))
    if before == after:
        return
    lines: list[Line] = []
    if (text / document).is_file():
        source = read_source(text, document)
        lines = [*source.front, *source.lines]
    was, now = (sentence_items(read_html(page, _APART), language) for page in (before, after))
    for _, one in differing(document, was, now, lines):
        yield replace(one, kind="sentence", where={**one.where, "language": language})


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
