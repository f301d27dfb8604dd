"""Full-text search: a Pagefind index in which every Han character is a word of its own.

Pagefind cuts Chinese into words when it indexes, and the browser cuts the query again by another
dictionary; where the two disagree a query finds nothing, and two characters are often cut apart.
So neither cuts here. The text handed to Pagefind has a space around every Han character, and
`theme/anew.js` asks for two or more characters in a row as an exact phrase: a query finds exactly
the pages that contain it, whatever its length. The smaller of the two Pagefind programs suffices.

Pagefind numbers pages in the order in which it gets them. Of a folder that order is the file
system's own, and the same pages give other bytes on another disk; so it gets them here one by one,
sorted. The languages in its entry file, which change places from run to run, are sorted as well.

Of a report of 30 pages in two languages the index has 549 kB in 43 files, program and all; a page
loads none of it until a reader searches, and then about 220 kB.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from markupsafe import escape

from anew.project.errors import BuildError

#: Han characters with their punctuation and full-width forms.
_HAN = re.compile("([\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—])")

#: What Pagefind writes and the site's own search box does without.
_UNUSED = (
    "pagefind-ui.js",
    "pagefind-ui.css",
    "pagefind-modular-ui.js",
    "pagefind-modular-ui.css",
    "pagefind-component-ui.js",
    "pagefind-component-ui.css",
    "pagefind-highlight.js",
)
_LEFT_OUT_TAGS = {"nav", "script", "style", "svg", "template"}
_LEFT_OUT_CLASSES = {"claim-mark", "label"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
         "track", "wbr"}  # fmt: skip


def search_document(page: str) -> str | None:
    """Return the searchable part of a page, as the page that Pagefind reads.

    Only <main> is searched: its headings with their anchors and its text. Chinese is spaced out.
    Returns None for a page without <main> and for one that asks not to be indexed.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    if not reader.found or reader.refused:
        return None
    title = escape(" ".join("".join(reader.title).split()))
    return (
        f'<!DOCTYPE html><html lang="{reader.language}"><head><meta charset="utf-8">'
        f'<title>{title}</title><meta data-pagefind-meta="title[content]" content="{title}"></head>'
        f"<body data-pagefind-body>{''.join(reader.out)}</body></html>\n"
    )


def spaced(text: str) -> str:
    """Return text with every Han character and its punctuation standing alone."""
    return _HAN.sub(r" \1 ", text)


def build_index(pages: Mapping[str, str]) -> dict[str, bytes]:
    """Return the search index for pages by path, as files below `pagefind/`.

    Raises BuildError when Pagefind is not installed or fails.
    """
    documents = {path: search_document(page) for path, page in sorted(pages.items())}
    wanted = {path: document for path, document in documents.items() if document is not None}
    return {
        f"pagefind/{name}": _settled(name, data)
        for name, data in sorted(_indexed(wanted).items() if wanted else ())
        if name not in _UNUSED
    }


class _Reader(HTMLParser):
    """Reads a page and writes its <main> again, plain: headings with ids, tags without attributes.

    `title` is the first heading's text, `refused` that the page asks not to be indexed.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language = "en"
        self.title: list[str] = []
        self.out: list[str] = []
        self.found = self.refused = False
        self._open: list[str] = []  # of <main>, outermost first
        self._silent = 0  # how many open elements are left out
        self._titled = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = given.get("lang", "en").split("-")[0] or "en"
        if tag == "meta" and given.get("name") == "robots":
            self.refused = "noindex" in given.get("content", "")
        if not self._open:
            if tag == "main":
                self.found = True
                self._open.append(tag)
            return
        if tag in _VOID:
            self._write("<br>")
            return
        left_out = (
            tag in _LEFT_OUT_TAGS
            or "data-pagefind-ignore" in given
            or bool(_LEFT_OUT_CLASSES & set(given.get("class", "").split()))
        )
        self._open.append(tag)
        if self._silent or left_out:
            self._silent += 1
        id = given.get("id") if re.fullmatch("h[1-6]", tag) else None
        self._write(f'<{tag} id="{escape(id)}">' if id else f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or tag not in self._open:
            return
        while self._open:
            closed = self._open.pop()
            if self._silent:
                self._silent -= 1
            elif self._open:
                self._write(f"</{closed}>")
            if closed == "h1" and self.title:
                self._titled = True
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open:
            if "h1" in self._open and not self._titled:
                self.title.append(data)
            self._write(str(escape(spaced(data))))

    def _write(self, html: str) -> None:
        if not self._silent:
            self.out.append(html)


def _indexed(documents: Mapping[str, str]) -> dict[str, bytes]:
    """Return what Pagefind makes of documents by path, in their order, as files by name."""
    try:
        with subprocess.Popen(
            [_program(), "--service"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            made = _asked(process, {"type": "NewIndex", "config": {"keep_index_url": True}})
            index = {"index_id": made["index_id"]}
            for path, document in documents.items():
                page = {"file_path": path, "url": None, "file_contents": document}
                _asked(process, {"type": "AddFile", **index, **page})
            files = _asked(process, {"type": "GetFiles", **index})["files"]
    except (OSError, ValueError, KeyError) as error:
        raise _failed(str(error)) from None
    return {file["path"]: base64.b64decode(file["content"]) for file in files}


def _asked(process: subprocess.Popen[bytes], payload: Mapping[str, Any]) -> dict[str, Any]:
    """Send a message to Pagefind and return its answer: JSON in base64, each with a comma after."""
    assert process.stdin and process.stdout
    message = json.dumps({"message_id": 1, "payload": payload})
    process.stdin.write(base64.b64encode(message.encode("utf-8")) + b",")
    process.stdin.flush()
    told = bytearray()
    while not told.endswith(b","):
        part = process.stdout.read1()  # type: ignore[attr-defined]
        if not part:
            raise _failed("it ended without an answer")
        told += part
    answer: dict[str, Any] = json.loads(base64.b64decode(told[:-1]))["payload"]
    if answer["type"] == "Error":
        raise _failed(str(answer.get("message")))
    return answer


def _failed(why: str) -> BuildError:
    return BuildError(
        "Pagefind could not index the site: {reason}",
        "Install the environment again, then build again.",
        code="search-index",
        reason=why[-500:],
    )


def _program() -> str:
    """Return the Pagefind program, from its wheel or from PATH."""
    try:
        from pagefind_bin import get_executable

        return str(get_executable())
    except ImportError:
        found = shutil.which("pagefind")
    if not found:
        raise BuildError(
            "Pagefind, which makes the search index, is not installed.",
            "Install the environment: make setup, or pip install -r requirements.txt.",
            code="not-installed",
        )
    return found


def _settled(name: str, data: bytes) -> bytes:
    """Return a file's bytes; the entry file is written with its languages in order."""
    if name == "pagefind-entry.json":
        return json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True).encode("utf-8")
    return data
