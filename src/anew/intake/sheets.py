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

from anew.intake import workbooks
from anew.intake.archives import MAX_BYTES, unpack
from anew.project.phrases import Phrase
from anew.project.problems import Problem

#: So many different cells are looked up; a column of values would fill the memory.
_REMEMBERED = 50_000
_SAVE = Phrase("Save it as UTF-8, or download it again from the agency.")
_ASK = Phrase("Say how it is written, such as --encoding latin-1, or save it as UTF-8.")
#: A Chinese character between two small Latin letters is what GB18030 makes of Latin-1 text.
_MOJIBAKE = re.compile("[a-z][\u3400-\u9fff\ue000-\uf8ff]+[a-z]")
#: Latin-1 has single letters with accents among plain ones; two at once are another encoding's.
_LATIN = re.compile(rb"(?:[\x00-\x7f]|[\xc0-\xd6\xd8-\xf6\xf8-\xff\xa0\xa3\xb0\x91-\x97]"
                    rb"(?![\x80-\xff]{2}))+")  # fmt: skip

#: So many rows are looked at for a header: titles and notes stand above it.
TOP = 40
#: What ends a table: a note or a source below it, or the agency's own words for one.
_FOOTER = re.compile(
    r"\s*(?:[（(]?(?:注|注释|备注|附注|说明|数据来源|资料来源|来源|出处|数据说明)\s*\d*\s*[：:]"
    r"|(?:key|data|general)?\s*(?:foot)?(?:notes?|sources?)(?:\(s\))?\s*\d*\s*(?:[:：]|\.\s|$)"
    r"|data from database:|last updated:?|copyright|©|international monetary fund)",
    re.IGNORECASE,
)

_NUMBER = re.compile(r"[-+]?[\d.,]+%?")

#: Files that are known by their first bytes and not read: what they are, what to do.
_FOREIGN = (
    (b"7z\xbc\xaf\x27\x1c", Phrase("a 7z archive"), Phrase("Unpack it, and give the file inside.")),
    (b"Rar!", Phrase("a RAR archive"), Phrase("Unpack it, and give the file inside.")),
    (b"\x1f\x8b", Phrase("packed with gzip"), Phrase("Unpack it, and give the file inside.")),
    (b"BZh", Phrase("packed with bzip2"), Phrase("Unpack it, and give the file inside.")),
    (b"\xfd7zXZ", Phrase("packed with xz"), Phrase("Unpack it, and give the file inside.")),
    (b"%PDF", Phrase("a PDF"), Phrase("Look for the same table as CSV, XLSX or JSON.")),
    (b"PAR1", Phrase("a Parquet file"), Phrase("Look for the same table as CSV, XLSX or JSON.")),
)
_WEB_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)


class Unreadable(Exception):
    """A sheet that cannot be read to its end."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass
class Sheet:
    """One table or JSON document: `origin` is the file it came in, `name` what messages say.

    `title` is the name of a workbook's sheet, `xml` a document that is neither table nor JSON.
    """

    name: str
    origin: Path
    sha256: str
    data: bytes = b""
    encoding: str = "utf-8"
    delimiter: str = ","
    cells: list[list[str]] | None = None
    json: Any = None
    xml: bool = False
    title: str = ""
    published: str | None = None  # where the document says it outside its rows
    head: list[list[str]] = field(default_factory=list)

    def header(self, fits: Callable[[Sequence[str]], bool]) -> list[str] | None:
        """Return the first of the top rows that `fits`: a title may stand above it."""
        return next((row for row in self.head if fits(row)), None)

    def above(self, header: Sequence[str]) -> list[str]:
        """Return the lines above the header, and the sheet's name: titles, dates, units."""
        texts = [self.title] if self.title else []
        for row in self.head:
            if row == header:
                break
            texts.append(", ".join(dict.fromkeys(cell.strip() for cell in row if cell.strip())))
        return texts

    def below(self, header: Sequence[str]) -> tuple[list[tuple[int, list[str]]], list[str]]:
        """Return the rows of the table with their lines, and the texts of its footer.

        Raises Unreadable for a file that cannot be read to its end, and for rows of a table below
        a footer.
        """
        body: list[tuple[int, list[str]]] = []
        notes: list[str] = []
        rows = self.rows()
        for _, row in rows:
            if row == header:
                break
        same: dict[str, str] = {}  # one string for the cells of many rows that say the same
        for line, row in rows:
            closes = _closes(row)
            if not notes and not closes:
                known = same.setdefault if len(same) < _REMEMBERED else same.get
                body.append((line, [known(c, c) if type(c) is str else c for c in row]))
                continue
            filled = [cell for cell in row if cell.strip()]
            if not closes and len(filled) > max(2, len(header) // 2):
                message = Phrase("a row of data below the footer ({notes!r}).", notes=notes[0][:40])
                hint = Phrase("Is there a second table? Give each its own file.")
                raise Unreadable(Problem(self.name, message, hint, "below-footer", line))
            notes.append(", ".join(filled))
        # a page's own words below a table; in a table of two columns a row may lack its value
        while body and _lone(body[-1][1]) and (len(header) > 2 or len(body[-1][1]) == 1):
            notes.insert(0, body.pop()[1][0])
        return body, notes

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
                if any(map(str.strip, row)):
                    yield first, row
        except csv.Error as error:
            message = Phrase(
                "not CSV: {error}: a quotation mark without its other half, or cut off.",
                error=error,
            )
            raise Unreadable(Problem(self.name, message, _SAVE, "not-csv", line + 1)) from None


def _closes(row: Sequence[str]) -> bool:
    """Return whether a row begins a footer: its words come first or alone, without a number."""
    at = next(n for n, cell in enumerate(row) if cell.strip())
    if not _FOOTER.match(row[at]):
        return False
    rest = [cell.strip() for cell in row[at + 1 :] if cell.strip()]
    return (at == 0 or not rest) and not any(map(_NUMBER.fullmatch, rest))


def _lone(row: Sequence[str]) -> bool:
    """Return whether a row is a line of text in the first column and nothing else."""
    return bool(row[0].strip()) and not any(map(str.strip, row[1:]))


def open_sheets(
    path: Path, encoding: str | None = None, sheet: str | None = None
) -> tuple[list[Sheet], list[Problem]]:
    """Return the sheets in a file (CSV, JSON, XML, XLSX, XLS, ODS, or a zip of them).

    The problems are what is wrong with it. `encoding` says how text is written, `sheet` which of
    a workbook's sheets is meant.
    """
    if path.is_dir():
        hint = Phrase("Give the files in it: {path}/*", path=path.name)
        return [], [Problem(path.name, Phrase("it is a folder."), hint, "no-file")]
    if not path.is_file():
        return [], [
            Problem(
                path.name, Phrase("there is no such file."), Phrase("Check the path."), "no-file"
            )
        ]
    if path.stat().st_size > MAX_BYTES:
        return [], [
            Problem(
                path.name,
                Phrase("larger than 1 GiB."),
                Phrase("Is it the right file?"),
                "too-large",
            )
        ]
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        return [], [Problem(path.name, Phrase("it cannot be read: {why}.", why=why), "", "no-file")]
    digest = hashlib.sha256(data).hexdigest()
    if foreign := _foreign(path.name, data):
        return [], [foreign]
    if not data.strip(b" \r\n\t\0"):
        return [], [
            Problem(
                path.name, Phrase("the file is empty."), Phrase("Download it again."), "no-data"
            )
        ]
    members: dict[str, bytes] = {}
    if data.startswith(b"PK") or path.suffix.lower() == ".zip":
        members, problems = unpack(data, path.name)
        if problems:
            return [], problems
    if workbooks.is_workbook(data, members):
        return _workbook(path, data, digest, members, sheet)
    if not members and not data.startswith(b"PK"):
        return _open(path.name, data, path, digest, encoding)
    sheets: list[Sheet] = []
    problems = []
    for name, content in sorted(members.items()):
        if name.lower().endswith((".csv", ".json", ".txt", ".tsv", ".xml")) and content.strip():
            found, wrong = _open(f"{path.name}!{name}", content, path, digest, encoding)
            sheets += [each for each in found if each.head or each.json is not None or each.xml]
            problems += wrong
    if not sheets and not problems:
        problems.append(
            Problem(
                path.name, Phrase("no CSV in the zip."), Phrase("Is it the right file?"), "no-data"
            )
        )
    return sheets, problems


def _foreign(name: str, data: bytes) -> Problem | None:
    """Return what is wrong with a file that is none of a table, known by its first bytes."""
    if _WEB_PAGE.match(data[:200]):
        hint = Phrase("Was it an error or a page to sign in? Download it again, and look at it.")
        return Problem(name, Phrase("it is a web page, not data."), hint, "file-format")
    found = ((what, hint) for start, what, hint in _FOREIGN if data.startswith(start))
    return next(
        (
            Problem(name, Phrase("it is {what}.", what=what), hint, "file-format")
            for what, hint in found
        ),
        None,
    )


def _open(
    name: str, data: bytes, origin: Path, digest: str, said: str | None
) -> tuple[list[Sheet], list[Problem]]:
    encoding, problem = detect_encoding(data, name, said)
    if problem:
        return [], [problem]
    sheet = Sheet(name, origin, digest, data, encoding)
    start = data[:64].decode(encoding, "ignore").lstrip("\ufeff \r\n\t")
    if start[:1] == "<":
        sheet.xml = True
        return [sheet], []
    if start[:1] in ("[", "{"):
        try:
            sheet.json = json.loads(data.decode(encoding))
        except (ValueError, RecursionError) as error:
            return [], [
                Problem(
                    name, Phrase("not JSON, or cut off: {error}.", error=error), _SAVE, "not-json"
                )
            ]
        return [sheet], []
    sheet.delimiter = _delimiter(data[:200_000].decode(encoding, "ignore"))
    try:
        sheet.head = [row for _, row in islice(sheet.rows(), TOP)]
    except Unreadable as error:
        return [], [error.problem]
    return [sheet], []


def detect_encoding(data: bytes, name: str, said: str | None = None) -> tuple[str, Problem | None]:
    """Return how `data` is written: UTF-8, UTF-16, GB18030 or Latin-1 (as Windows has it).

    GB18030 and Latin-1 take nearly any bytes, so text is taken for one of them only when it reads
    like Chinese, or like words with single letters that have accents.
    """
    if said is not None:
        try:
            bad = _first_undecodable(data, said)
        except LookupError:
            return "", Problem(
                name, Phrase("{said!r} is not a known encoding.", said=said), _ASK, "encoding"
            )
        message = Phrase(
            "not {said}, as was said: byte 0x{data}.",
            said=said,
            data=data[bad or 0 : (bad or 0) + 1].hex(),
        )
        row = data.count(b"\n", 0, bad or 0) + 1
        return said, None if bad is None else Problem(name, message, _ASK, "encoding", row)
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
    if "gb18030" in candidates and b"\0" not in data and _LATIN.fullmatch(data):
        return "cp1252", None
    row = data.count(b"\n", 0, where) + 1
    value = f"0x{data[where : where + 1].hex()}"
    message = Phrase(
        "neither UTF-8, UTF-16, GB18030 nor Latin-1: byte {value} at {where}.",
        value=value,
        where=where,
    )
    return "", Problem(name, message, _ASK, "encoding", row, value=value)


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
    """Return which of comma, semicolon, tab and bar the longest of the first lines uses most."""
    lines = text.splitlines()[:TOP]
    counts = {mark: max((line.count(mark) for line in lines), default=0) for mark in ",;\t|"}
    if lines and "\t" in lines[0] and "\\" in lines[0].split("\t")[0]:
        return "\t"  # Eurostat writes commas within the first of its columns
    return max(counts, key=lambda mark: counts[mark])


def _workbook(
    path: Path, data: bytes, digest: str, members: dict[str, bytes], wanted: str | None
) -> tuple[list[Sheet], list[Problem]]:
    try:
        found = workbooks.sheets_of(data, members)
    except Exception as error:  # each library raises whatever its parser does
        hint = Phrase("Save it again as XLSX, or as CSV.")
        return [], [
            Problem(
                path.name, Phrase("not a workbook: {error}.", error=error), hint, "not-a-workbook"
            )
        ]
    if wanted is not None and wanted not in [name for name, _ in found]:
        listed = ", ".join(name for name, _ in found)
        hint = Phrase("Its sheets: {listed}.", listed=listed)
        return [], [
            Problem(
                path.name,
                Phrase("it has no sheet {wanted!r}.", wanted=wanted),
                hint,
                "unknown-sheet",
            )
        ]
    sheets = []
    for name, rows in found:
        cells = _trimmed(rows)
        if any(map(any, cells)) and wanted in (None, name):
            head = [row for row in cells if any(row)][:TOP]
            shown = f"{path.name}!{name}"
            sheets.append(Sheet(shown, path, digest, cells=cells, title=name, head=head))
    if not sheets:
        return [], [
            Problem(
                path.name,
                Phrase("the workbook is empty."),
                Phrase("Is it the right file?"),
                "no-data",
            )
        ]
    return sheets, []


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows without the columns at both sides that are empty."""
    filled = [n for row in rows for n, cell in enumerate(row) if cell]
    if not filled:
        return []
    first, last = min(filled), max(filled) + 1
    return [row[first:last] for row in rows]
