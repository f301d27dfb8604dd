"""Links: every one relative, so that a site works from a file, a sub-path or a domain."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from anew.project.phrases import Phrase

_LOADS = {
    ("img", "src"),
    ("script", "src"),
    ("source", "src"),
    ("audio", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("use", "href"),
    ("use", "xlink:href"),
}
_LEADS = {("a", "href"), ("area", "href"), ("form", "action")}
#: What a <link> names without asking for it.
_NAMED_ONLY = {"canonical", "alternate", "author", "license", "next", "prev", "help"}
_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")


@dataclass(frozen=True, order=True)
class LinkProblem:
    """A link that a reader cannot follow, or that leaves the site by itself."""

    page: str
    link: str
    reason: str

    def __str__(self) -> str:
        return Phrase(
            "{page}: {link}: {reason}", page=self.page, link=self.link, reason=self.reason
        )


def relative(page: str, target: str) -> str:
    """Return the link from `page` to `target`, both paths from the root of the site.

    `target` may carry a query and a fragment and may lead above the root (`../2025/…`). A link
    that names a whole address, or only a fragment, is returned as it is.
    """
    if target.startswith("#") or urlsplit(target).scheme:
        return target
    path, mark, rest = _split(target)
    if posixpath.normpath(path) == posixpath.normpath(page) and mark == "#":
        return mark + rest
    link = posixpath.relpath(path or ".", posixpath.dirname(page) or ".")
    if path.endswith("/") and not link.endswith("/"):
        link += "/"
    return link + mark + rest


def localised(path: str, language: str) -> str:
    """Return where `path` is in `language`: `data/index.html` is `data/index.zh.html` in Chinese.

    English is the unmarked one. The report has a folder for each language instead.
    """
    if language == "en":
        return path
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.{language}{dot}{suffix}"


@dataclass(frozen=True)
class PageLinks:
    """What of a page concerns its links: ids, those used twice, links with whether each is loaded.

    `base` is where its links begin, if it says so.
    """

    ids: Sequence[str]
    repeated: Sequence[str]
    links: Sequence[tuple[str, bool]]
    base: str | None = None

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The ids, to be asked for."""
        return frozenset(self.ids)


def check_links(
    files: Mapping[str, str | bytes | None], read: Mapping[str, PageLinks] | None = None
) -> list[LinkProblem]:
    """Return every problem with the links of a site, in order.

    `files` maps each path of the site to its content; None stands for a file whose content does
    not matter. A link is a problem when its file or its anchor is not there, when it begins at the
    root of the server (it would break under a sub-path), and when a page loads something from
    another site. So is an id that a page uses twice. `read` are pages that were read before.
    """
    pages: dict[str, PageLinks] = {}
    problems: list[LinkProblem] = []
    for path, content in files.items():
        if content is None:
            continue
        if path.endswith((".html", ".htm")):
            page = pages[path] = (read or {}).get(path) or _links_of(_text(content))
            problems += [
                LinkProblem(path, f"#{id}", Phrase("id used twice")) for id in page.repeated
            ]
        elif path.endswith(".css"):
            for url in _CSS_URL.findall(_text(content)):
                problems += _check(path, url, True, files, pages)
    for path, page in pages.items():
        for url, loads in page.links:
            problems += _check(path, url, loads, files, pages, page.base)
    return sorted(set(problems))


def _check(
    page: str,
    url: str,
    loads: bool,
    files: Mapping[str, object],
    pages: Mapping[str, PageLinks],
    base: str | None = None,
) -> Iterable[LinkProblem]:
    parts = urlsplit(url)
    if parts.scheme in ("data", "mailto", "javascript", "blob"):
        return
    if parts.scheme or parts.netloc:
        if loads:
            yield LinkProblem(page, url, Phrase("loads something from another site"))
        return
    if base is not None:
        return  # a page for unknown addresses resolves against its own base
    if parts.path.startswith("/"):
        yield LinkProblem(page, url, Phrase("begins at the server's root, breaks under a sub-path"))
        return
    target = page
    if parts.path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
        if parts.path.endswith("/") or target == ".":
            target = posixpath.join(target, "index.html").removeprefix("./")
    if target not in files:
        yield LinkProblem(page, url, Phrase("no such file"))
        return
    anchor = unquote(parts.fragment)
    if anchor and target in pages and anchor not in pages[target].anchors:
        yield LinkProblem(page, url, Phrase("no such anchor"))


def _links_of(text: str) -> PageLinks:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.found()


class Reader(HTMLParser):
    """Collects what of a page concerns its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: set[str] = set()
        self.repeated: list[str] = []
        self.links: list[tuple[str, bool]] = []
        self.base: str | None = None
        self._style = False

    def found(self) -> PageLinks:
        """Return what was read."""
        return PageLinks(sorted(self.ids), self.repeated, self.links, self.base)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        id = given.get("id")
        if id:
            if id in self.ids:
                self.repeated.append(id)
            self.ids.add(id)
        if tag == "base":
            self.base = given.get("href")
        if tag == "link" and "href" in given:
            kinds = set(given.get("rel", "").lower().split())
            if not kinds & _NAMED_ONLY:
                self.links.append((given["href"], True))
        for name, value in given.items():
            if (tag, name) in _LOADS:
                self.links.append((value, True))
            elif (tag, name) in _LEADS:
                self.links.append((value, False))
            elif name == "srcset":
                self.links += [(part.split()[0], True) for part in value.split(",") if part.split()]
            elif name == "style":
                self.links += [(url, True) for url in _CSS_URL.findall(value)]
        self._style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if self._style:
            self.links += [(url, True) for url in _CSS_URL.findall(data)]


def _split(target: str) -> tuple[str, str, str]:
    """Return path, the mark that ends it (`?`, `#` or nothing) and what follows."""
    match = re.search(r"[?#]", target)
    if not match:
        return target, "", ""
    at = match.start()
    return target[:at], target[at], target[at + 1 :]


def _text(content: str | bytes) -> str:
    return content.decode("utf-8") if isinstance(content, bytes) else content
