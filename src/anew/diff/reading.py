"""Reading a document as a reader does: its items in order, from a page, a PDF or a Word file.

Two renderings that give a reader the same give the same items, whatever markup carries them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup, Tag

from anew.project.errors import AnewError
from anew.project.phrases import Phrase

#: What each kind of item is called when a difference is told.
KINDS = {
    "title": Phrase("title block"),
    "contents": Phrase("table of contents"),
    "heading": Phrase("heading"),
    "caption": Phrase("caption"),
    "alt": Phrase("alternative text"),
    "reference": Phrase("cross-reference"),
    "citation": Phrase("citation"),
    "entry": Phrase("entry of the references"),
    "callout": Phrase("callout"),
    "claim": Phrase("claim"),
    "link": Phrase("link"),
    "text": Phrase("text"),
    "fact": Phrase("printed fact"),
    "print": Phrase("line in print"),
    "word": Phrase("paragraph of the Word file"),
}

_TEXTS = "p, li, td, th, dt, dd, pre"
_INNER = ["p", "li", "pre", "td", "th", "dt", "dd"]
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DESCRIBED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


@dataclass(frozen=True)
class Item:
    """One thing that a reader gets; `section` is the id it stands under, or the page in print."""

    kind: str
    text: str
    section: str = ""


#: What the site adds to a text, whichever typesetter set it.
ADDED = ("#evidence", ".behind", ".tools")


def read_html(page: str, apart: Sequence[str] = ADDED) -> list[Item]:
    """Return the items of a finished page, from the title to the references.

    Elements with an id or a class in `apart` (#id, .class) are left out.
    """
    tree = BeautifulSoup(page, "html.parser")
    main = tree.find("main")
    if not isinstance(main, Tag):
        raise AnewError(
            "A page has no <main>.", "It is not a page of this site.", code="not-a-site"
        )
    contents = tree.find("nav", class_="contents")
    links = contents.find_all("a") if isinstance(contents, Tag) else []
    items = [Item("contents", _said(link)) for link in links]
    for node in main.find_all(True):
        if not node.decomposed and not _names(node).isdisjoint(apart):
            node.decompose()
    head = main.find("header", class_="title")
    if isinstance(head, Tag):
        texts = head.find_all(["h1", "h2", "p", "li"])
        items += [Item("title", _said(part)) for part in texts]
        items += list(_marks(head, ""))
        head.decompose()
    section = ""
    for node in main.find_all(True):
        if re.fullmatch("h[1-6]", node.name):
            section = str(node.get("id") or section)
            items.append(
                Item("heading", f"{node.name} {_said(node)} #{node.get('id', '')}", section)
            )
        items += _item(node, section)
    return items


def _names(node: Tag) -> set[str]:
    """Return the id and the classes of an element, as a style sheet names them."""
    return {f"#{node.get('id')}", *(f".{name}" for name in node.get("class") or ())}


def _item(node: Tag, section: str) -> Iterator[Item]:
    classes = set(node.get("class") or ())
    if node.name == "figcaption" or node.name == "caption":
        yield Item("caption", f"{_said(node)} #{_float(node)}", section)
    elif node.name == "img":
        yield Item("alt", f"{node.get('src', '')}: {node.get('alt', '')}", section)
    elif "callout" in classes:
        header = node.find(class_="callout-header")
        kind = sorted(name for name in classes if name.startswith("callout-"))
        yield Item("callout", f"{_said(header) if header else ''} ({' '.join(kind)})", section)
    elif "csl-entry" in classes:
        yield Item("entry", f"{_said(node)} #{node.get('id', '')}", section)
    elif "claim" in classes or node.name == "a":
        yield from _mark(node, section)
    if node.name in _INNER and not node.find(_INNER[:3]) or _opens(node):
        text = _said(node)
        if text:
            yield Item("text", text, section)


def _opens(node: Tag) -> bool:
    """Whether a node is an item of a list whose text stands beside an inner list."""
    return node.name == "li" and any(isinstance(c, str) and c.strip() for c in node.children)


def _marks(node: Tag, section: str) -> Iterator[Item]:
    for inner in node.find_all(True):
        if inner.name == "a" or "claim" in (inner.get("class") or ()):
            yield from _mark(inner, section)


def _mark(node: Tag, section: str) -> Iterator[Item]:
    """Return what a link or a claim is to a reader."""
    classes = set(node.get("class") or ())
    text = _said(node)
    if "claim" in classes:
        yield Item("claim", f"{node.get('data-claim', '')}: {text}", section)
        return
    href = str(node.get("href") or "")
    if not href or "claim-mark" in classes or node.get("aria-hidden") == "true":
        return
    kind = "link"
    if "quarto-xref" in classes:
        kind = "reference"
    elif href.startswith("#ref-"):
        kind = "citation"
    yield Item(kind, f"{text} → {href}", section)


def _float(node: Tag) -> str:
    holder = node.find_parent(id=re.compile("^(fig|tbl)-"))
    return str(holder["id"]) if isinstance(holder, Tag) else ""


def _said(node: Tag) -> str:
    return " ".join(node.get_text().replace("\u2060", "").split())


def read_pdf(path: Path) -> list[Item]:
    """Return the lines of a PDF; their section is the page.

    Raises AnewError where pypdfium2 is not installed.
    """
    try:
        import pypdfium2
    except ImportError:
        raise AnewError(
            "pypdfium2, which reads PDFs, is not installed.",
            "Install it (pip install pypdfium2), or compare without the PDFs: --formats html.",
            code="not-installed",
        ) from None
    items = []
    document = pypdfium2.PdfDocument(path)
    try:
        for number, page in enumerate(document, 1):
            text = page.get_textpage().get_text_range()
            lines = (" ".join(line.split()) for line in text.splitlines())
            items += [Item("print", line, str(number)) for line in lines if line]
    finally:
        document.close()
    return items


def read_docx(path: Path) -> list[Item]:
    """Return the paragraphs of a Word file, its notes, and the descriptions of its pictures."""
    items = []
    with zipfile.ZipFile(path) as file:
        for part in ("word/document.xml", "word/footnotes.xml"):
            root = ElementTree.fromstring(file.read(part))
            for paragraph in root.iter(f"{_W}p"):
                pieces = (
                    " " if piece.tag in (f"{_W}br", f"{_W}tab") else piece.text or ""
                    for piece in paragraph.iter()
                    if piece.tag in (f"{_W}t", f"{_W}br", f"{_W}tab")
                )
                text = " ".join("".join(pieces).split())
                if text:
                    items.append(Item("word", text))
            # an icon says nothing; what says something is described
            shown = (str(picture.get("descr") or "") for picture in root.iter(_DESCRIBED))
            items += [Item("alt", text) for text in shown if text]
    return items
