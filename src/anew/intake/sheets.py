"""Sheets: what is in a file that came in, whatever it is packed and written in, as rows of text."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from anew.intake.archives import MAX_BYTES, unpack
from anew.project.problems import Problem

_SAVE = "Save it as UTF-8, or download it again from the agency."
#: A Chinese character between two small Latin letters is what GB18030 makes of Latin-1 text.
_MOJIBAKE = re.compile("[a-z][\u3400-\u9fff\ue000-\uf8ff]+[a-z]")


#: Files that are known by their first bytes and read by nobody here: what they are, what to do.
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an Excel file of before 2007 (XLS)", "Save it as XLSX or CSV."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it, and give the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it, and give the file inside."),
    (b"\x1f\x8b", "packed with gzip", "Unpack it, and give the file inside."),
    (b"BZh", "packed with bzip2", "Unpack it, and give the file inside."),
    (b"\xfd7zXZ", "packed with xz", "Unpack it, and give the file inside."),
    (b"%PDF", "a PDF", "Look for the same table as CSV, XLSX or JSON."),
    (b"PAR1", "a Parquet file", "Look for the same table as CSV, XLSX or JSON."),
    (b"<?xml", "XML", "Look for the same table as CSV, XLSX or JSON."),
)
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)


class Unreadable(Exception):
    """A sheet that cannot be read to its end."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass
class Sheet:
    """One table or JSON document: `origin` is the file it came in, `name` what messages say."""

    name: str
    origin: Path
    sha256: str
    data: bytes = b""
    encoding: str = "utf-8"
    delimiter: str = ","
    cells: list[list[str]] | None = None
    json: Any = None
    head: list[list[str]] = field(default_factory=list)

    def header(self, fits: Callable[[Sequence[str]], bool]) -> list[str] | None:
        """Return the first of the top rows that `fits`: a title may stand above it."""
        return next((row for row in self.head if fits(row)), None)

    def body(self, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows below `header` as `rows` does."""
        rows = self.rows()
        for _, row in rows:
            if row == header:
                break
        yield from rows

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield every row that is not blank with its line, from 1; raise Unreadable on the way."""
        if self.cells is not None:
            yield from ((n, row) for n, row in enumerate(self.cells, 1) if any(row))
            return
        text = io.TextIOWrapper(io.BytesIO(self.data), self.encoding, newline="")
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        line = 0
        try:
            for row in reader:
                line, first = reader.line_num, line + 1
                if any(cell.strip() for cell in row):
                    yield first, row
        except csv.Error as error:
            message = f"not CSV: {error}: a quotation mark without its other half, or cut off."
            raise Unreadable(Problem(self.name, message, _SAVE, "csv", line + 1)) from None


def open_sheets(path: Path) -> tuple[list[Sheet], list[Problem]]:
    """Return the sheets in a file (CSV, JSON, XLSX, or a zip of them), or what is wrong with it."""
    if path.is_dir():
        hint = f"Give the files in it: {path.name}/*"
        return [], [Problem(path.name, "it is a folder.", hint, "no-file")]
    if not path.is_file():
        return [], [Problem(path.name, "there is no such file.", "Check the path.", "no-file")]
    if path.stat().st_size > MAX_BYTES:
        return [], [Problem(path.name, "larger than 1 GiB.", "Is it the right file?", "size")]
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        return [], [Problem(path.name, f"it cannot be read: {why}.", "", "no-file")]
    digest = hashlib.sha256(data).hexdigest()
    if foreign := _foreign(path.name, data):
        return [], [foreign]
    if not data.strip(b" \r\n\t\0"):
        return [], [Problem(path.name, "the file is empty.", "Download it again.", "empty")]
    if not data.startswith(b"PK") and path.suffix.lower() != ".zip":
        return _open(path.name, data, path, digest)
    members, problems = unpack(data, path.name)
    if problems:
        return [], problems
    if "[Content_Types].xml" in members:
        return _workbook(path.name, data, path, digest)
    sheets: list[Sheet] = []
    for name, content in sorted(members.items()):
        if name.lower().endswith((".csv", ".json", ".txt", ".tsv")) and content.strip():
            found, wrong = _open(f"{path.name}!{name}", content, path, digest)
            sheets += [sheet for sheet in found if sheet.head or sheet.json is not None]
            problems += wrong
    if not sheets and not problems:
        problems.append(Problem(path.name, "no CSV in the zip.", "Is it the right file?", "empty"))
    return sheets, problems


def _foreign(name: str, data: bytes) -> Problem | None:
    """Return what is wrong with a file that is none of a table, known by its first bytes."""
    if _WEB_PAGE.match(data[:200]):
        hint = "Was it an error or a page to sign in? Download it again, and look at it."
        return Problem(name, "it is a web page, not data.", hint, "format")
    found = ((what, hint) for start, what, hint in _FOREIGN if data.startswith(start))
    return next((Problem(name, f"it is {what}.", hint, "format") for what, hint in found), None)


def _open(name: str, data: bytes, origin: Path, digest: str) -> tuple[list[Sheet], list[Problem]]:
    encoding, problem = detect_encoding(data, name)
    if problem:
        return [], [problem]
    sheet = Sheet(name, origin, digest, data, encoding)
    start = data[:64].decode(encoding, "ignore").lstrip("\ufeff \r\n\t")
    if start[:1] in ("[", "{"):
        try:
            sheet.json = json.loads(data.decode(encoding))
        except ValueError as error:
            return [], [Problem(name, f"not JSON, or cut off: {error}.", _SAVE, "json")]
        return [sheet], []
    sheet.delimiter = _delimiter(data[:200_000].decode(encoding, "ignore"))
    try:
        sheet.head = [row for _, row in islice(sheet.rows(), 12)]
    except Unreadable as error:
        return [], [error.problem]
    return [sheet], []


def detect_encoding(data: bytes, name: str) -> tuple[str, Problem | None]:
    """Return how `data` is written: UTF-8, UTF-16 or GB18030, with or without a byte order mark.

    GB18030 takes nearly any bytes, so text is taken for it only when it reads like Chinese.
    """
    if data.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif data[1:200:2].count(0) > len(data[:200]) // 4:
        candidates = ["utf-16-le"]
    elif data[0:200:2].count(0) > len(data[:200]) // 4:
        candidates = ["utf-16-be"]
    else:
        candidates = ["utf-8", "gb18030"]
    where = 0
    for encoding in candidates:
        bad = _first_undecodable(data, encoding)
        if bad is None:
            return encoding, None
        where = where or bad
    row = data.count(b"\n", 0, where) + 1
    value = f"0x{data[where : where + 1].hex()}"
    message = f"neither UTF-8, UTF-16 nor GB18030: byte {value} at {where}."
    return "", Problem(name, message, _SAVE, "encoding", row, value=value)


def _first_undecodable(data: bytes, encoding: str) -> int | None:
    """Return where `data` stops being text in `encoding`; None if it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    size, done = 1 << 20, 0
    try:
        for done in range(0, len(data) or 1, size):
            text = decoder.decode(data[done : done + size], done + size >= len(data))
            if "\0" in text:
                return done + data[done:].find(b"\0")
            if encoding == "gb18030" and (odd := _MOJIBAKE.search(text)):
                return done + len(text[: odd.start() + 1].encode(encoding))
    except UnicodeDecodeError:
        return _exactly(data, encoding)  # a decoder fed in parts does not tell where it is
    return None


def _exactly(data: bytes, encoding: str) -> int:
    skip = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0
    try:
        data[skip:].decode("utf-8" if skip else encoding)
    except UnicodeDecodeError as error:
        return skip + error.start
    return len(data)


def _delimiter(text: str) -> str:
    """Return which of comma, semicolon and tab the longest of the first lines uses most."""
    lines = text.splitlines()[:12]
    counts = {mark: max((line.count(mark) for line in lines), default=0) for mark in ",;\t"}
    return max(",;\t", key=lambda mark: counts[mark])


def _workbook(
    name: str, data: bytes, origin: Path, digest: str
) -> tuple[list[Sheet], list[Problem]]:
    from openpyxl import load_workbook

    sheets = []
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for page in book.worksheets:
            cells = [[_text(cell) for cell in row] for row in page.iter_rows(values_only=True)]
            cells = _filled(cells)
            if any(any(row) for row in cells):
                shown = f"{name}!{page.title}"
                head = [row for row in cells if any(row)][:12]
                sheets.append(Sheet(shown, origin, digest, cells=cells, head=head))
    except Exception as error:  # openpyxl raises whatever its XML parser does
        return [], [Problem(name, f"not a workbook: {error}.", "Save it again as XLSX.", "xlsx")]
    if not sheets:
        return [], [Problem(name, "the workbook is empty.", "Is it the right file?", "empty")]
    return sheets, []


def _filled(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows, all of one length, without the columns at both sides that are empty."""
    filled = [n for row in rows for n, cell in enumerate(row) if cell]
    if not filled:
        return []
    first, last = min(filled), max(filled) + 1
    return [[*row, *[""] * (last - len(row))][first:last] for row in rows]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell.date()) if hasattr(cell, "date") else str(cell).strip()
