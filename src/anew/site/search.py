"""Full-text search: an index that Pagefind makes, with every Han character a word of its own.

Pagefind cuts Chinese into words when it indexes, and the browser cuts the query again by another
dictionary; where the two disagree a query finds nothing, and two characters are often cut apart.
So neither cuts here. The text handed to Pagefind has a space around every Han character, and
`theme/anew.js` asks for two or more characters in a row as an exact phrase: a query finds exactly
the pages that contain it, whatever its length. The smaller of the two Pagefind programs suffices.

Pagefind writes the same bytes for the same pages but for the order of the languages in its entry
file, which is sorted here (measured with 1.5.2: 15 runs, on one core and on two).
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString
from markupsafe import escape

from anew.errors import BuildError
from anew.site.markup import parse, written

#: Han characters with their punctuation and full-width forms.
_HAN = re.compile("([\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—])")
_HAS_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")

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
_LEFT_OUT = "nav, script, style, svg, template, .claim-mark, .label, [data-pagefind-ignore]"


def search_document(page: str) -> str | None:
    """Return what of a page is to be searched, as the page that Pagefind reads.

    Only <main> is searched: its headings with their anchors and its text. Chinese is spaced out.
    Returns None for a page without <main> and for one that asks not to be indexed.
    """
    tree = parse(page)
    main = tree.find("main")
    robots = tree.find("meta", attrs={"name": "robots"})
    if main is None or (robots and "noindex" in str(robots.get("content"))):
        return None
    root = tree.find("html")
    language = str(root.get("lang", "en")).split("-")[0] if root else "en"
    heading = main.find("h1")
    title = (heading or tree.find("title") or main).get_text(" ", strip=True)
    main.attrs = {}
    for node in main.select(_LEFT_OUT):
        node.decompose()
    for node in main.find_all(True):
        id = node.get("id")
        node.attrs = {"id": id} if id and re.match(r"h[1-6]$", node.name) else {}
    _space_out(main)
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        f'<title>{escape(title)}</title><meta data-pagefind-meta="title[content]" '
        f'content="{escape(title)}"></head><body data-pagefind-body>{written(main)}</body></html>\n'
    )


def spaced(text: str) -> str:
    """Return text with every Han character and its punctuation standing alone."""
    return _HAN.sub(r" \1 ", text)


def build_index(pages: Mapping[str, str]) -> dict[str, bytes]:
    """Return the search index for pages by path, as files below `pagefind/`.

    Runs Pagefind in a temporary folder. Raises BuildError when it is not installed or fails.
    """
    with tempfile.TemporaryDirectory(prefix="anew-search-") as temporary:
        feed, index = Path(temporary) / "feed", Path(temporary) / "index"
        count = 0
        for path, page in sorted(pages.items()):
            document = search_document(page)
            if document is None:
                continue
            target = feed / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(document, "utf-8", newline="\n")
            count += 1
        if not count:
            return {}
        _run(feed, index)
        return {
            f"pagefind/{path.relative_to(index).as_posix()}": _settled(path)
            for path in sorted(index.rglob("*"))
            if path.is_file() and path.name not in _UNUSED
        }


def _space_out(main: BeautifulSoup) -> None:
    for text in list(main.find_all(string=True)):
        if _HAS_HAN.search(text) or _HAN.search(text):
            text.replace_with(NavigableString(spaced(str(text))))


def _run(feed: Path, index: Path) -> None:
    command = [_program(), "--site", str(feed), "--output-path", str(index), "--silent"]
    command += ["--keep-index-url"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode or not (index / "pagefind-entry.json").is_file():
        raise BuildError(
            f"Pagefind could not index the site: {(done.stderr or done.stdout).strip()[-500:]}",
            "Install the locked environment again (make setup), then build again.",
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
            "Install the locked environment: make setup.",
        )
    return found


def _settled(path: Path) -> bytes:
    """Return a file's bytes; the entry file is written with its languages in order."""
    data = path.read_bytes()
    if path.name == "pagefind-entry.json":
        text = json.dumps(json.loads(data), ensure_ascii=False, sort_keys=True)
        return text.encode("utf-8")
    return data
