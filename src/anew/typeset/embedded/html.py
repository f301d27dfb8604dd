"""A document as a fragment of HTML, with its outline and its metadata apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from anew.typeset.embedded.document import Document


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents; `html` without its number, `text` without markup."""

    id: str
    number: str
    html: str
    text: str
    children: list[Heading] = field(default_factory=list)


@dataclass(frozen=True)
class Html:
    """What a page shell needs of a document.

    `title` is HTML without block elements and `title_text` the same without markup; `body` is the
    text from the first heading to the references; `metadata` holds every other key of the front
    matter: strings as `{"html", "text"}`, lists and maps of them.
    """

    title: str
    title_text: str
    lang: str
    body: str
    toc: list[Heading]
    metadata: dict[str, Any]


def to_html(document: Document) -> Html:
    """Return `document` as HTML; raise BuildError when a filter refuses it."""
    body, found = document.write_with_outline(
        "html5", "--section-divs", "--mathml", "--email-obfuscation=none", base="."
    )
    metadata = _values(found["metadata"])
    title = metadata.pop("title", {"html": "", "text": ""})
    return Html(title["html"], title["text"], document.tag, body, nest(found["headings"]), metadata)


def nest(headings: Sequence[Mapping[str, Any]]) -> list[Heading]:
    """Return flat headings as a tree by their levels."""
    roots: list[Heading] = []
    open_: list[tuple[int, Heading]] = []
    for entry in headings:
        heading = Heading(entry["id"], entry["number"], entry["html"], entry["text"])
        while open_ and open_[-1][0] >= entry["level"]:
            open_.pop()
        (open_[-1][1].children if open_ else roots).append(heading)
        open_.append((entry["level"], heading))
    return roots


def _values(described: Mapping[str, Any]) -> Any:
    if "map" in described:
        inner = described["map"] or {}
        return {key: _values(value) for key, value in sorted(inner.items())}
    if "list" in described:
        return [_values(value) for value in described["list"] or []]
    if "value" in described:
        return described["value"]
    return {"html": described.get("html", ""), "text": described.get("text", "")}
