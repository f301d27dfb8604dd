"""The feed of editions (Atom, RFC 4287): what a reader subscribes to for the next edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from anew.project.language import TAGS, say
from anew.site.page import Site, place

_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Issue:
    """An edition in the feed: its texts by language, its date, and its root from the newest's.

    `changes` is the path of the page that compares it with the edition before, where there is one.
    """

    title: Mapping[str, str]
    note: Mapping[str, str]
    date: str
    root: str
    changes: bool


def feed(site: Site, issues: Sequence[Issue], language: str) -> str | None:
    """Return the feed in one language, the newest edition first.

    None where the site's address is not known: a feed is read elsewhere.
    """
    if not site.site_url:
        return None
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {"xml:lang": TAGS[language]})

    def add(parent: ElementTree.Element, name: str, text: str = "", **given: str) -> None:
        node = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", given)
        node.text = text or None

    add(root, "id", site.address(place("feed", language)) or "")
    add(root, "title", site.title[language])
    add(root, "subtitle", site.description[language])
    add(root, "updated", _moment(max(issue.date for issue in issues)))
    add(root, "link", rel="self", href=site.address(place("feed", language)) or "")
    add(root, "link", rel="alternate", href=site.address(place("report", language)) or "")
    for person in site.authors or [site.title]:
        author = ElementTree.SubElement(root, f"{{{_ATOM}}}author")
        add(author, "name", person[language])
    for issue in issues:
        report = site.address(issue.root + place("report", language)) or ""
        entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
        add(entry, "id", report)
        add(entry, "title", issue.title[language])
        add(entry, "updated", _moment(issue.date))
        add(entry, "link", rel="alternate", href=report)
        if issue.changes:
            where = site.address(issue.root + place("changes", language)) or ""
            title = say(language, "changes")
            add(entry, "link", rel="related", href=where, title=title)
        add(entry, "summary", issue.note.get(language, ""))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _moment(date: str) -> str:
    return f"{date}T00:00:00Z"
