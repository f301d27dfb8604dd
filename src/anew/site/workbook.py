"""The workbook: the data of every figure and table of a report, as XLSX and ODS.

Laid out as statistical offices lay out spreadsheets for everybody (Analysis Function, Releasing
statistics in spreadsheets, 2021): a cover, contents and sources, then one table a sheet, its title
in A1, its notes above it, no merged and no empty cells.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from anew.notebook.findings import ReportTable
from anew.project.language import TAGS, say
from anew.site.citing import cite
from anew.site.figures import Figure
from anew.site.page import Site
from anew.tables.catalog import Catalog
from anew.text.numbers import DASH, MINUS, Cell, read_cells

#: How a gap is written, as the guidance wants it: a cell that is empty may be a mistake.
GAP = "[x]"
_WIDEST = 60
#: What the name of a sheet cannot have, and how long it can be.
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NAME = 31
_DATE = re.compile(rb"(<(?:dc:date|meta:creation-date)>)[^<]*(<)")


@dataclass(frozen=True)
class Sheet:
    """One sheet: its title, lines of text below it, and a table."""

    name: str
    title: str
    lines: Sequence[str] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = field(default=())


def workbook_path(language: str, kind: str) -> str:
    """Return where the workbook is on the site; `kind` is xlsx or ods."""
    return f"data/workbook.{language}.{kind}"


def workbook_sheets(
    site: Site,
    catalog: Catalog,
    language: str,
    figures: Sequence[Figure],
    tables: Sequence[ReportTable],
    *,
    names: Mapping[str, str],
    read: Iterable[tuple[str, str]],
) -> list[Sheet]:
    """Return the sheets of the workbook in one language.

    `names` are words for columns and codes, `read` the tables and vintages behind the report.
    """
    colon = say(language, "colon")
    shown = [_of_figure(figure, language, names) for figure in figures]
    shown += [_of_table(table, language) for table in tables]
    terms = [f"{say(language, 'data-terms')}{colon}{say(language, 'data-terms-text')}"]
    if site.licences:
        said = say(language, "licence-text").format(
            text=site.licences.text.name, code=site.licences.code.name
        )
        terms.insert(0, f"{say(language, 'licence')}{colon}{said}")
    cover = Sheet(
        say(language, "sheet-cover"),
        f"{site.title[language]}{colon}{say(language, 'edition', name=site.edition)}",
        [
            site.description[language],
            f"{say(language, 'published')}{colon}{site.date}",
            f"{say(language, 'cite')}{colon}{cite(site, language).text}",
            *terms,
            say(language, "sheet-gap", gap=GAP),
        ],
    )
    contents = Sheet(
        say(language, "sheet-contents"),
        say(language, "sheet-contents"),
        heads=[say(language, "sheet"), say(language, "sheet-title")],
        rows=[[sheet.name, sheet.title] for sheet in shown],
    )
    return [cover, contents, _sources(catalog, language, read), *shown]


def _of_figure(figure: Figure, language: str, names: Mapping[str, str]) -> Sheet:
    heads, rows = read_cells(figure.data, language, {**names, **figure.columns})
    name = say(language, "figure", number=figure.number)
    colon = say(language, "colon")
    note = f"{say(language, 'note')}{colon}{figure.note}" if figure.note else ""
    lines = [line for line in (figure.measure, note, figure.source) if line]
    return Sheet(name, f"{name}{say(language, 'after-label')}{figure.title}", lines, heads, rows)


def _of_table(table: ReportTable, language: str) -> Sheet:
    caption = table.caption[language]
    heads = [head[language] for head in table.columns.values()]
    rows = [
        [_number(cell) if number else cell for cell, number in zip(row, table.numeric, strict=True)]
        for row in table.rows[language]
    ]
    return Sheet(_FORBIDDEN.sub(" ", caption)[:_NAME].strip(), caption, (), heads, rows)


def _number(text: str) -> Cell:
    """Return the number that a table shows; text, such as a dash, as it is."""
    plain = text.replace(",", "").replace(MINUS, "-")
    try:
        return float(plain) if "." in plain else int(plain)
    except ValueError:
        return None if text in ("", DASH) else text


def _sources(catalog: Catalog, language: str, read: Iterable[tuple[str, str]]) -> Sheet:
    keys = ("table", "agency", "vintage", "published", "licence", "citation", "agency-link")
    rows = []
    for name, vintage in sorted(set(read)):
        table, entry = catalog.tables[name], catalog.tables[name].vintages[vintage]
        rows.append(
            [
                table.title[language],
                entry.agency[language],
                vintage,
                str(entry.published),
                table.licence[language],
                table.citation,
                entry.url,
            ]
        )
    title = say(language, "sheet-sources")
    return Sheet(title, title, (), [say(language, key) for key in keys], rows)


def as_xlsx(sheets: Sequence[Sheet], site: Site, language: str) -> bytes:
    """Return the workbook as XLSX: the same bytes for the same sheets."""
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": site.title[language],
            "author": say(language, "join").join(author[language] for author in site.authors),
            "created": datetime.datetime.fromisoformat(site.date),
        }
    )
    strong = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for number, sheet in enumerate(sheets):
        page = book.add_worksheet(sheet.name)
        page.write_string(0, 0, sheet.title, strong)
        for row, line in enumerate(sheet.lines, 1):
            page.write_string(row, 0, line)
        if not sheet.heads:
            continue
        top = len(sheet.lines) + 1
        body = [[GAP if cell in (None, "") else cell for cell in row] for row in sheet.rows]
        page.add_table(
            top, 0, top + max(len(body), 1), len(sheet.heads) - 1,
            {
                "data": body,
                "columns": [{"header": name, "header_format": head} for name in sheet.heads],
                "name": f"Table{number}",
                "style": "Table Style Light 1",
                "autofilter": False,
            },
        )  # fmt: skip
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)
    book.close()
    return target.getvalue()


def as_ods(sheets: Sequence[Sheet], site: Site, language: str) -> bytes:
    """Return the workbook as ODS: the same bytes for the same sheets."""
    from odfdo import Cell as OdsCell
    from odfdo import Document, Element, Row, Table

    def row(cells: Iterable[Cell]) -> Row:
        made = Row()
        for cell in cells:
            made.append(OdsCell(GAP if cell in (None, "") else cell))
        return made

    book = Document("spreadsheet")
    book.body.clear()
    for sheet in sheets:
        table = Table(sheet.name)
        for text in (sheet.title, *sheet.lines):
            table.append(row([text]))
        if sheet.heads:
            header = Element.from_tag("table:table-header-rows")
            header.append(row(sheet.heads))
            table.append(header)
            for cells in sheet.rows:
                table.append(row(cells))
        book.body.append(table)
    moment = datetime.datetime.fromisoformat(site.date)
    book.meta.title = site.title[language]
    book.meta.language = TAGS[language]
    book.meta.creation_date = moment
    target = io.BytesIO()
    book.save(target)
    return _settled(target.getvalue(), moment)


def _settled(data: bytes, moment: datetime.datetime) -> bytes:
    """Return an ODS as if it had been saved at `moment`, whenever that was."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name)
            # the type comes first and as it is, so that a program sees what the file is
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == "meta.xml":
                content = _DATE.sub(rb"\g<1>" + moment.isoformat().encode() + rb"\2", content)
            new.writestr(info, content)
    return target.getvalue()


def _widths(sheet: Sheet) -> list[float]:
    """Return how wide the columns of a table are, in characters; a Chinese one counts twice."""
    columns = zip(*[sheet.heads, *(map(str, row) for row in sheet.rows)], strict=True)
    return [min(max(map(_width, column)) + 2, _WIDEST) for column in columns]


def _width(text: str) -> float:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
