"""Reading finished pages, each once for all who look into it: search, fonts, links.

A page that was read before is not read again: what was found is kept by the page's hash.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from pathlib import Path

from anew.project.writing import sealed, unsealed, write_bytes
from anew.site import assets, links, search


@dataclass(frozen=True)
class PageRead:
    """What was found in a page: its document for search, its text in bold, its links."""

    document: str | None
    bold: str
    links: links.PageLinks


Reads = Mapping[str, PageRead]


def read_page(page: str) -> PageRead:
    """Read one page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return PageRead(reader.search.document(), "".join(reader.bold.found), reader.links.found())


def page_hash(page: bytes) -> str:
    """Return what a page is known by."""
    return hashlib.sha256(page).hexdigest()


def read_pages(pages: Iterable[bytes], file: Path) -> list[PageRead]:
    """Return the pages as read, and keep that in `file`; what it holds is not read again."""
    known = kept_reads(file)
    found = {}
    names = []
    for page in pages:
        names.append(name := page_hash(page))
        found[name] = known[name] if name in known else read_page(page.decode("utf-8"))
    kept = {name: asdict(one) for name, one in sorted(found.items())}
    write_bytes(file, sealed([_key(), kept]))
    return [found[name] for name in names]


def kept_reads(file: Path) -> Reads:
    """Return what `read_pages` wrote, by the hashes of the pages; nothing if it is not sound."""
    try:
        key, kept = unsealed(file.read_bytes())
        if key != _key():
            return {}
        return {
            name: PageRead(one["document"], one["bold"], links.PageLinks(**one["links"]))
            for name, one in kept.items()
        }
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _key() -> str:
    """Return a hash of what reads pages."""
    code = [Path(str(module.__file__)).read_bytes() for module in (assets, links, search)]
    return hashlib.sha256(b"\0".join([platform.python_version().encode(), *code])).hexdigest()


class _Reader(HTMLParser):
    """Parses a page once for all readers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.search, self.bold, self.links = search.Reader(), assets.Reader(), links.Reader()
        self._all = (self.search, self.bold, self.links)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for one in self._all:
            one.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        for one in self._all:
            one.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        for one in self._all:
            one.handle_data(data)
