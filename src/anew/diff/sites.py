"""Changes between two built sites: figures, facts, claims, and every sentence.

The sites are compared as a reader finds them, so that a number that changed in a sentence, in a
computed table or in a caption is found wherever it is printed, and an edited sentence as well.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, replace
from pathlib import Path

from anew.diff.change import Comparison
from anew.diff.comparison import compare
from anew.diff.difference import Difference
from anew.diff.reading import ADDED, Item, read_html
from anew.diff.renderings import differing
from anew.diff.state import is_site, site_state
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.writing import sealed, unsealed, write_bytes
from anew.text.sentences import split_sentences
from anew.text.source import Line, read_source

#: What of a page is text of the report; alternative texts change with their figures.
_READ = ("title", "heading", "text", "caption")

#: The marks of claims are no text either.
_APART = (*ADDED, ".claim-mark")

_NAMED = re.compile(r"^h[1-6] |\s*#[\w-]*$")


class Sentences:
    """What is read of pages, sentence by sentence, kept by the pages' hashes in a file.

    The next comparison then reads one page of two. `reader` tells who read them: what another
    one kept does not count; a damaged or missing file is an empty one.
    """

    def __init__(self, file: Path | None = None, reader: object = None) -> None:
        self._file, self._reader = file, repr(reader)
        self._known: dict[str, list[Item]] = {}
        self._used: dict[str, list[Item]] = {}
        with suppress(OSError, ValueError, TypeError, AttributeError):
            who, kept = unsealed(file.read_bytes() if file else b"")
            if who == self._reader:
                self._known = {name: [Item(*one) for one in items] for name, items in kept.items()}

    def of(self, page: str, language: str) -> list[Item]:
        """Return the sentences of a finished page."""
        name = hashlib.sha256(f"{language} {page}".encode()).hexdigest()
        known = self._used.get(name) or self._known.get(name)
        self._used[name] = known or sentence_items(read_html(page, _APART), language)
        return self._used[name]

    def keep(self) -> None:
        """Write what was asked for since the file was read, if anything was."""
        if self._file and self._used:
            kept = {name: [astuple(one) for one in items] for name, items in self._used.items()}
            with suppress(OSError):  # it saves time, no more
                write_bytes(self._file, sealed([self._reader, kept]), replace_folder=True)


def compare_builds(
    old: Path, new: Path, text: Path, sentences: Sentences | None = None
) -> Comparison | None:
    """Return what a build changed in a site: `old` is the site that `new` replaces.

    `text` has the sources. Returns None where there is nothing to compare: no site, a broken one,
    or another edition's.
    """
    if not is_site(str(old)):
        return None
    try:
        found = compare_sites(old, new, text, sentences)
    except (AnewError, OSError):
        return None
    return found if found.old == found.new else None


def compare_sites(
    old: Path, new: Path, text: Path, sentences: Sentences | None = None
) -> Comparison:
    """Return what changed from one site to another, the sentences of their pages included.

    `text` has the sources, in which each sentence is looked up. Raises AnewError when a record of
    a site is damaged.
    """
    comparison = compare(site_state(old), site_state(new))
    pages = sorted(path.relative_to(new) for path in (new / "report").rglob("*.html"))
    read = sentences or Sentences()
    found = (one for page in pages for one in _changed(old / page, new / page, text, page, read))
    return replace(comparison, sentences=tuple(found))


def _changed(old: Path, new: Path, text: Path, page: Path, read: Sentences) -> Iterator[Difference]:
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
    was, now = (read.of(page, language) for page in (before, after))
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
