"""Sheets: what a file that came in holds, as rows of text, whatever it was packed in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anew.project.phrases import Phrase
from anew.project.problems import Problem

#: So many different cells are looked up; a column of values would fill the memory.
_REMEMBERED = 50_000
SAVE = Phrase("Save it as UTF-8, or download it again from the agency.")

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
            raise Unreadable(Problem(self.name, message, SAVE, "not-csv", line + 1)) from None


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
