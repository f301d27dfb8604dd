"""The workbook: what it holds, in both of its files, with the same bytes for the same data."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from site_sample import DATA, SITE, WEAVE, build

from anew.site.workbook import GAP, Sheet, as_ods, as_xlsx


def sheets_of(data: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_holds_the_data_of_every_figure(kind: str) -> None:
    found = sheets_of(build().files[f"data/workbook.zh.{kind}"])
    assert list(found) == ["封面", "目录", "数据来源", "图 1", "图 2"]
    assert [row[0] for row in found["目录"][2:]] == ["图 1", "图 2"]
    words = WEAVE.figures["fig1"].words["zh"]
    rows = found["图 1"]
    assert rows[0][0] == f"图 1　{words.title}"
    assert [row[0] for row in rows[1:4]] == [words.measure, f"注：{words.note}", words.source]
    table = rows[4:]
    lines = [line.split(",") for line in DATA.splitlines()]
    assert len(table) == len(lines)
    for shown, line in zip(table[1:], lines[1:], strict=True):
        for cell, said in zip(shown, line, strict=True):
            if not said:
                assert cell == GAP
            elif isinstance(cell, float):
                assert cell == float(said)


def test_the_table_of_a_sheet_is_one_to_a_program_that_reads_aloud() -> None:
    book = load_workbook(io.BytesIO(build().files["data/workbook.en.xlsx"]))
    page = book["Figure 1"]
    (table,) = page.tables.values()
    assert table.headerRowCount == 1 and not page.merged_cells.ranges
    cells = [cell.value for row in page[table.ref] for cell in row]
    assert None not in cells


cell = st.one_of(
    st.none(), st.integers(-(10**12), 10**12), st.floats(-1e12, 1e12),
    st.sampled_from(["=1+1", "+cmd|' /C calc'!A0", "@x", "http://example.org", "<b>", "甲", "-"]),
)  # fmt: skip


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=5))
def test_both_files_hold_the_same_and_run_nothing(rows: list[tuple[object, object]]) -> None:
    sheet = Sheet("A", "Title", ["=1+1"], ["one", "two"], [list(row) for row in rows])
    for write in (as_xlsx, as_ods):
        data = write([sheet], SITE, "en")
        assert data == write([sheet], SITE, "en")
        found = sheets_of(data)["A"]
        assert [row[0] for row in found[:2]] == ["Title", "=1+1"]
        assert found[2][:2] == ["one", "two"]
        for shown, row in zip(found[3:], rows, strict=True):
            for have, said in zip(shown, row, strict=True):
                assert have == (GAP if said is None else said) or have == pytest.approx(said)
