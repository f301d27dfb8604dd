"""Opening of files that came in: a file, or the files in an archive, as sheets."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import islice
from pathlib import Path

from anew.intake import workbooks
from anew.intake.archives import MAX_BYTES, unpack
from anew.intake.encodings import detect_encoding
from anew.intake.sheets import SAVE, TOP, Sheet, Unreadable
from anew.project.phrases import Phrase
from anew.project.problems import Problem

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
                    name, Phrase("not JSON, or cut off: {error}.", error=error), SAVE, "not-json"
                )
            ]
        return [sheet], []
    sheet.delimiter = _delimiter(data[:200_000].decode(encoding, "ignore"))
    try:
        sheet.head = [row for _, row in islice(sheet.rows(), TOP)]
    except Unreadable as error:
        return [], [error.problem]
    return [sheet], []


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
