"""Files that people write, read as text: in UTF-8, and refused where nobody meant what is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anew.project.errors import AnewError
from anew.project.phrases import Phrase

#: No file that a person writes is larger; one that is was put in the wrong place.
LARGEST = 10 << 20

#: A spreadsheet takes no longer text in one cell.
LONGEST_CELL = 32_767

#: What git leaves in a file when two changes meet: both, between marks.
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)

#: Characters that do something in a terminal or turn the reading direction, and show nothing.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def read_text(path: Path, shown: str) -> str:
    """Return what a file says, without a byte order mark and with line feeds.

    `shown` is its name in messages. Raises AnewError, with the line, for a file that is missing,
    too large, not UTF-8, left in the middle of a merge, or has control characters.
    """
    return decoded(read_bytes(path, shown), shown)


def read_bytes(path: Path, shown: str) -> bytes:
    """Return what a file holds. Raises AnewError for one that is missing, or is a folder."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise AnewError(
            "{file} does not exist.", "Restore it from the history.", code="no-file", file=shown
        ) from None
    except IsADirectoryError:
        raise AnewError(
            "{file} is a folder.", "A file is expected there.", code="no-file", file=shown
        ) from None


def decoded(data: bytes, shown: str) -> str:
    """Return the text of a file's bytes; see `read_text`."""
    if len(data) > LARGEST:
        raise AnewError(
            "{file} is larger than {most:,} bytes.",
            "Is it the right file?",
            code="too-large",
            file=shown,
            most=LARGEST,
        )
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnewError(
            "{file}, line {line}: not UTF-8 (byte {byte}).",
            _encoding(data),
            code="not-utf8",
            file=shown,
            line=line,
            byte=error.start,
        ) from None
    for problem in unmeant(text, shown):
        raise problem
    return text


def unmeant(text: str, shown: str) -> Iterator[AnewError]:
    """Yield what nobody meant to write: the marks of a merge, control characters."""
    if mark := _CONFLICT.search(text):
        yield AnewError(
            "{file}, line {line}: a merge conflict is unresolved: {mark}",
            "Keep one of the two versions and delete the lines with <<<<<<<, ======= and >>>>>>>.",
            code="merge-conflict",
            file=shown,
            line=_line(text, mark.start()),
            mark=mark[0][:40],
        )
    if hidden := _UNSEEN.search(text):
        yield AnewError(
            "{file}, line {line}: the invisible control character U+{character:04X}.",
            "Delete it: it shows nothing and can disguise what stands beside it.",
            code="control-character",
            file=shown,
            line=_line(text, hidden.start()),
            character=ord(hidden[0]),
        )


def check_name(path: Path) -> None:
    """Raise AnewError for a file whose name has a control character."""
    if hidden := _UNSEEN.search(path.name):
        raise AnewError(
            "{file}: the name has the invisible control character U+{character:04X}.",
            "Rename the file: it shows nothing and can disguise what stands beside it.",
            code="control-character",
            file=visible(path.name),
            character=ord(hidden[0]),
        )


#: What a spreadsheet would run or fetch: a formula, or one that calls or pipes.
_FORMULA = re.compile(r"^\s*(?:=|[@+-](?=.*[(|!]))")


def unsafe_cell(text: str) -> str:
    """Return why a text must not stand in a table that others open; nothing for a plain one."""
    if hidden := _UNSEEN.search(text):
        return Phrase(
            "the invisible control character U+{character:04X} in {text!r}",
            character=ord(hidden[0]),
            text=visible(text)[:60],
        )
    if _FORMULA.match(text):
        return Phrase("{text!r} begins as a formula, which a spreadsheet would run", text=text[:60])
    if len(text) > LONGEST_CELL:
        return Phrase(
            "a text of {count:,} characters, {most:,} at most", count=len(text), most=LONGEST_CELL
        )
    return ""


def visible(text: str) -> str:
    """Return text with its control characters as `�U+001B`: what others wrote, for a terminal."""
    return _UNSEEN.sub(lambda found: f"\N{REPLACEMENT CHARACTER}U+{ord(found[0]):04X}", text)


def parse_json(data: bytes, shown: str) -> Any:
    """Return what a JSON file holds. Raises AnewError, with the line, for anything else."""
    text = decoded(data, shown)
    if not text.strip():
        raise AnewError(
            "{file} is empty.", "Restore it from the history.", code="not-json", file=shown
        )
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise AnewError(
            "{file}, line {line}: not JSON: {why}.",
            "Restore it from the history, or correct it there.",
            code="not-json",
            file=shown,
            line=error.lineno,
            why=error.msg,
        ) from None
    except RecursionError:
        raise AnewError(
            "{file} is nested too deeply.", "Is it the right file?", code="too-nested", file=shown
        ) from None


def _encoding(data: bytes) -> str:
    """Return what to do about a file that is not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Phrase("It is UTF-16: save it as UTF-8.")
    try:
        said = data.decode("gb18030")
    except UnicodeDecodeError:
        return Phrase("Save it as UTF-8.")
    chinese = any("\u4e00" <= character <= "\u9fff" for character in said)
    encoding = "GBK" if chinese else "Latin-1"
    return Phrase("It seems to be {encoding}: save it as UTF-8.", encoding=encoding)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
