"""Comparing files: equal in bytes, equal at a lower level, or different, and where."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from anew.diff.content import changed_lines, compare_tables
from anew.diff.difference import Difference, around, shown, unequal
from anew.project.errors import BuildError
from anew.verify.pixels import TOLERANCE, compare_pictures, is_picture, texts_of


class Level(StrEnum):
    """How equal a file is on the two sides, the strictest first."""

    BYTES = "bytes"
    NUMBERS = "numbers"
    PIXELS = "pixels"
    WORDS = "words"
    #: Its bytes differ, and the recorded file is not available.
    UNSEEN = "unseen"
    #: Its bytes differ, and it is derived from the rest: a search index, a font's subset.
    DERIVED = "derived"
    DIFFERS = "differs"
    MISSING = "missing"
    EXTRA = "extra"


#: What satisfies the promise where versions differ; where they do not, only bytes do.
ELSEWHERE = frozenset(
    {Level.BYTES, Level.NUMBERS, Level.PIXELS, Level.WORDS, Level.UNSEEN, Level.DERIVED}
)


@dataclass(frozen=True)
class FileResult:
    """One file: its level, the mean difference of its worst page in pixels, where it differs."""

    name: str
    level: Level
    pixels: float | None = None
    differences: tuple[Difference, ...] = field(default=())


#: Keeps a mark on the line of the word before it, and is no letter of the text.
_JOINER = "\u2060"

#: So many places in one file are named.
MOST = 10

#: Returns the recorded file, None where it is not available.
Finder = Callable[[str], bytes | None]


def compare_files(
    recorded: Mapping[str, str], found: Mapping[str, str], site: Path, before: Finder
) -> list[FileResult]:
    """Return how equal each file is; `recorded` and `found` are sha256 by name.

    `site` holds the files found. A file whose bytes differ is compared further where the recorded
    one is available.
    """
    results = []
    for name in sorted({*recorded, *found}):
        if name not in found:
            results.append(FileResult(name, Level.MISSING, None, (Difference("file", name),)))
        elif name not in recorded:
            results.append(FileResult(name, Level.EXTRA, None, (Difference("file", name),)))
        elif recorded[name] == found[name]:
            results.append(FileResult(name, Level.BYTES))
        else:
            was = before(name)
            now = (site / name).read_bytes()
            hashes = recorded[name], found[name]
            results.append(_unseen(name, *hashes) if was is None else compare_file(name, was, now))
    return results


def _unseen(name: str, was: str, now: str) -> FileResult:
    told = Difference("file", name, {}, f"sha256 {was[:12]}…", f"sha256 {now[:12]}…")
    return FileResult(name, Level.UNSEEN, None, (told,))


def compare_file(name: str, was: bytes, now: bytes, kind: str = "file") -> FileResult:
    """Return at which level two contents of one file are equal, or where they differ."""
    if was == now:
        return FileResult(name, Level.BYTES)
    suffix = PurePosixPath(name).suffix
    try:
        if is_picture(name):
            return _picture(name, was, now, kind)
        if suffix == ".csv":
            old, new = (data.decode("utf-8").splitlines() for data in (was, now))
            return _result(name, Level.NUMBERS, compare_tables(name, old, new, kind))
        if suffix in (".json", ".ipynb"):
            sides = [_read(suffix, data) for data in (was, now)]
            return _result(name, Level.NUMBERS, _values(kind, name, *sides))
        if suffix == ".html":
            texts = [list(_words(data)) for data in (was, now)]
            return _result(name, Level.WORDS, _passages(kind, name, *texts))
    except (BuildError, ValueError) as error:
        told = Difference(kind, name, {}, None, shown(str(error).splitlines()[0]))
        return FileResult(name, Level.DIFFERS, None, (told,))
    if name.startswith("pagefind/") or suffix == ".woff2" or name == "theme/fonts.css":
        return FileResult(name, Level.DERIVED, None, (Difference(kind, name),))
    return _result(name, Level.DIFFERS, changed_lines(kind, name, was, now))


def _result(name: str, level: Level, differences: Iterable[Difference]) -> FileResult:
    found = tuple(islice(differences, MOST))
    return FileResult(name, Level.DIFFERS if found else level, None, found)


def _picture(name: str, was: bytes, now: bytes, kind: str) -> FileResult:
    """Compare pictures by pixels, and what is printed by its words as well."""
    pages = compare_pictures(name, was, now)
    suffix = PurePosixPath(name).suffix
    paged = suffix == ".pdf"
    found = []
    for number, apart in pages:
        if apart is None or apart > TOLERANCE:
            place: dict[str, Any] = {"page": number} if paged else {}
            place |= {"size": "other"} if apart is None else {"apart": apart}
            found.append(Difference(kind, name, place))
    if paged and not found:
        texts = zip(texts_of(was), texts_of(now), strict=True)
        for number, (one, two) in enumerate(texts, 1):
            if one != two:
                found.append(Difference(kind, name, {"page": number}, *around(one, two)))
    worst = max((apart for _, apart in pages if apart is not None), default=None)
    level = Level.DIFFERS if found else Level.PIXELS
    return FileResult(name, level, worst, tuple(found))


def _read(suffix: str, data: bytes) -> Any:
    """Return a JSON file's content; of a notebook, its text and values without its pictures."""
    found = json.loads(data)
    if suffix == ".ipynb":
        return [
            {
                "cell": "".join(cell["source"]),
                "printed": [_printed(output) for output in cell.get("outputs", [])],
            }
            for cell in found["cells"]
        ]
    return found


def _printed(output: Mapping[str, Any]) -> str:
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    return "".join(text)


def _values(kind: str, name: str, was: Any, now: Any) -> Iterator[Difference]:
    for at, one, two in unequal(was, now):
        yield Difference(kind, name, {"key": " › ".join(at)}, *around(_plain(one), _plain(two)))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _words(page: bytes) -> Iterable[str]:
    """Yield the passages of a page that a reader reads or hears, without drawings."""
    from bs4 import BeautifulSoup

    tree = BeautifulSoup(page.decode("utf-8"), "html.parser")
    for drawing in tree.find_all(["svg", "script", "style"]):
        drawing.decompose()
    for tag in tree.find_all(["img", "meta", "a"]):
        yield from (str(tag[key]) for key in ("alt", "content", "href") if tag.get(key))
    passages = (text.replace(_JOINER, "") for text in tree.find_all(string=True))
    yield from (" ".join(text.split()) for text in passages if text.strip())


def _passages(kind: str, name: str, was: list[str], now: list[str]) -> Iterator[Difference]:
    """Yield the passages that only one side has."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, was, now, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        for at in range(max(i2 - i1, j2 - j1)):
            one = was[i1 + at] if i1 + at < i2 else ""
            two = now[j1 + at] if j1 + at < j2 else ""
            yield Difference(kind, name, {}, *around(one, two))
