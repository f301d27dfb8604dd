"""What a page is, and what it knows of the site that it is a page of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anew.project.settings import Licences, Link, Under
from anew.site.links import localised


@dataclass(frozen=True)
class EditionLink:
    """An edition of the site: `root` leads from this edition's root to its root.

    `root` is "" for this edition itself, "editions/2025/" or "../../" for others; `pages` are the
    paths it holds, None when they are not known (each page is then taken to exist), `lacks` those
    of this edition that it is known not to hold.
    """

    name: str
    root: str
    newest: bool = False
    pages: frozenset[str] | None = None
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """What all pages of one edition share. Texts are by language."""

    title: Mapping[str, str]
    description: Mapping[str, str]
    edition: str
    date: str
    authors: Sequence[Mapping[str, str]] = ()
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    editions: Sequence[EditionLink] = ()
    site_url: str | None = None
    licences: Licences | None = None
    repository: str | None = None
    footer: Mapping[str, str] | None = None
    links: Sequence[Link] = ()
    picture: str | None = None
    under: Sequence[Under] = ("files", "data", "cite")
    navigation: Sequence[str] = ("report", "data", "notebooks", "pdf")
    formats: Sequence[str] = ("html", "pdf")
    search: bool = True
    focus: str = ""

    def address(self, path: str) -> str | None:
        """Return the whole address of `path`, None where the site's own is not known."""
        if not self.site_url:
            return None
        path = path.removesuffix("index.html") if path.endswith("/index.html") else path
        return self.site_url.rstrip("/") + "/" + ("" if path == "index.html" else path)


@dataclass(frozen=True)
class Entry:
    """A heading in a table of contents."""

    id: str
    text: str
    number: str = ""
    children: Sequence[Entry] = ()


@dataclass(frozen=True)
class Needs:
    """What a page must load beside the theme, as links from the page.

    `below` are styles that the theme overrides, `styles` those that override it, `scripts` files
    with their type ("" or "module"), `inline` scripts that stand at the end of the page.
    """

    below: Sequence[str] = ()
    styles: Sequence[str] = ()
    scripts: Sequence[tuple[str, str]] = ()
    inline: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """One page: `path` is from the root of the site, `body` the HTML inside <main>.

    `section` is the key of the navigation that it belongs to, `alternates` the same page by
    language (this one included), `pages` title and path of the pages that it is one of,
    `structured` its JSON-LD, `scripts` what must run before the first paint.
    """

    path: str
    language: str
    title: str
    description: str
    body: str
    section: str = ""
    alternates: Mapping[str, str] = field(default_factory=dict)
    toc: Sequence[Entry] = ()
    pages: Sequence[tuple[str, str]] = ()
    structured: Sequence[Mapping[str, object]] = ()
    scripts: Sequence[str] = ()
    image: str | None = None
    indexed: bool = True
    kind: str = "page"
    needs: Needs = Needs()


def place(key: str, language: str) -> str:
    """Return the path of what the navigation calls `key`, in `language`."""
    if key == "report":
        return f"report/{language}/index.html"
    if key == "feed":
        return localised("feed.xml", language)
    if key in ("pdf", "docx"):
        return f"report/{language}/index.{key}"
    return localised(f"{key}/index.html", language)
