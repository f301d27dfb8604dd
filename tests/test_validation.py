"""Validation: every fault is found, and named by file, row, column and value."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_data import COUNTS, MONEY_NEW, TinyProject

from anew.project.paths import Project
from anew.tables.catalog import Table
from anew.tables.content import check_bytes
from anew.tables.frames import read_frame
from anew.tables.loading import load_catalog
from anew.tables.validation import check_content, check_hash, check_table, check_tables, fingerprint

ROOT = Path(__file__).parents[1]
CODES = {"CHN", "DEU", "USA", "EUU", "WLD"}


@pytest.fixture
def tiny(tmp_path):
    return TinyProject(tmp_path)


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> dict[str, Table]:
    return load_catalog(TinyProject(tmp_path_factory.mktemp("tiny")).project).tables


def check(data: str | bytes, table: Table, codes=CODES, last_year=2022, rows=None):
    data = data.encode() if isinstance(data, str) else data
    last_day = date(last_year, 12, 31)
    return check_bytes(data, table, {"economy": codes}, last_day, "file.csv", rows)


def one(data, table, **more):
    """Return the only problem that there is."""
    problems = check(data, table, **more)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_the_projects_own_tables_are_all_valid():
    project = Project(ROOT)
    assert [str(p) for p in check_tables(project, load_catalog(project))] == []


def test_a_valid_table_has_no_problems(tables):
    assert check(MONEY_NEW, tables["money"], rows=6) == []
    assert check(COUNTS, tables["lists"], codes={"BRA", "OURS9", "WLD"}) == []


HEAD = "economy,year,value,note\n"


@pytest.mark.parametrize(
    ("rows", "row", "column", "said"),
    [
        ("CHN,2019,1,\nCHN,2020,-3,\n", 3, "value", "-3 is not more than zero US$"),
        ("CHN,2019,0,\n", 2, "value", "0 is not more than zero"),
        ("CHN,2019,2e15,\n", 2, "value", "above the maximum of 1e+15"),
        ("CHN,2019,1e999,\n", 2, "value", "too large a number"),
        ("CHN,2019,NaN,\n", 2, "value", "'NaN' is not a number in plain digits"),
        ("CHN,2019,n/a,\n", 2, "value", "'n/a' is not a number"),
        ("CHN,2019,,\n", 2, "value", "the cell is empty"),
        ('CHN,2019,"1,000",\n', 2, "value", "'1,000' is not a number"),
        ("CHN,2019, 7,\n", 2, "value", "plain digits"),
        ("CHN,2019,７,\n", 2, "value", "plain digits"),
        ("CHN,2019,1_0,\n", 2, "value", "plain digits"),
        ("CHN,1959,1,\n", 2, "year", "below the minimum of 1960"),
        ("CHN,2023,1,\n", 2, "year", "lies after the vintage, which is of 2022"),
        ("CHN,19,1,\n", 2, "year", "'19' is not a year"),
        ("CHN,2019.0,1,\n", 2, "year", "'2019.0' is not a year"),
        ("CNH,2019,1,\n", 2, "economy", "unknown economy 'CNH'; did you mean CHN?"),
        ("China,2019,1,\n", 2, "economy", "unknown economy 'China'"),
        (",2019,1,\n", 2, "economy", "the cell is empty"),
        ("CHN,2019,1, a\n", 2, "note", "has spaces around it"),
        ("CHN,2019,1,\nCHN,2019,2,\n", 3, None, "the key economy, year is not unique"),
        ("CHN,2019,1,,9\n", 2, None, "more cells than the 4 columns"),
        ("CHN,2019,1\n", 2, "note", "the row ends before this column"),
        ("CHN,2019,1,\n\nUSA,2019,1,\n", 3, None, "the row is blank"),
    ],
)
def test_each_fault_is_named_with_row_and_column(tables, rows, row, column, said):
    found = [p for p in check(HEAD + rows, tables["money"]) if said in p.message]
    assert [(p.row, p.column) for p in found] == [(row, column)]
    assert found[0].file == "file.csv" and found[0].hint


def test_a_code_of_no_category_lists_the_categories(tables):
    problem = one("economy,field,count\nBRA,7,1\n", tables["lists"], codes={"BRA"})
    assert (problem.row, problem.column) == (2, "field")
    assert problem.message == "7 is none of the codes 1, 2."


@pytest.mark.parametrize(
    "header",
    ["economy,value,year,note", "economy,year,value", "economy,year,year,note", "a,b,c,d", ""],
)
def test_another_header_is_refused_in_row_1(tables, header):
    (problem,) = check(f"{header}\nCHN,2019,1,\n", tables["money"])
    assert problem.row == 1 and "must read economy, year, value, note" in problem.message


@pytest.mark.parametrize(
    ("data", "row", "said"),
    [
        (b"\xef\xbb\xbf" + MONEY_NEW.encode(), 1, "byte order mark"),
        (MONEY_NEW.encode("utf-16"), 1, "byte order mark"),
        (MONEY_NEW.replace("revised", "修订").encode("gb18030"), 3, "is not UTF-8"),
        (MONEY_NEW.replace("\n", "\r\n").encode(), 1, "carriage return"),
        (MONEY_NEW.replace("revised", "a\0b").encode(), 3, "NUL"),
        (MONEY_NEW.encode()[:-1], 7, "cut off?"),
    ],
)
def test_another_encoding_is_refused_with_the_place(tables, data, row, said):
    problem = one(data, tables["money"])
    assert said in problem.message and problem.row == row


def test_several_faults_are_all_reported_in_the_order_of_the_file(tables):
    data = HEAD + "CHN,2019,x,\nXXX,2020,1,\nUSA,2030,-1,\n"
    found = [(p.row, p.column) for p in check(data, tables["money"])]
    assert found == [(2, "value"), (3, "economy"), (4, "year"), (4, "value")]


def test_a_row_too_few_is_reported_beside_the_hash(tiny):
    path = tiny.root / "data/raw/money/2022-04.csv"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))
    problems = check_table(tiny.project, load_catalog(tiny.project), "money", "2022-04")
    assert [p.code for p in problems] == ["changed-vintage", "row-count"]


def test_a_file_that_is_gone_is_one_problem(tiny):
    (tiny.root / "data/raw/money/2022-04.csv").unlink()
    problems = check_tables(tiny.project, load_catalog(tiny.project))
    assert [(p.code, p.file) for p in problems] == [("no-file", "data/raw/money/2022-04.csv")]


def test_an_empty_file_is_refused(tiny):
    tiny.add("money", "2022-04", b"")
    tiny.catalog["tables"]["money"]["vintages"]["2022-04"]["rows"] = 1
    (problem,) = check_table(tiny.save(), load_catalog(tiny.project), "money", "2022-04")
    assert problem.code == "no-file" and "is empty" in problem.message


def test_a_file_that_no_vintage_names_is_reported(tiny):
    (tiny.root / "data/raw/money/2024-01.csv").write_text(MONEY_NEW)
    (tiny.root / "data/raw/money/notes.txt").write_text("x")
    problems = check_tables(tiny.project, load_catalog(tiny.project))
    assert [p.file for p in problems] == ["data/raw/money/2024-01.csv", "data/raw/money/notes.txt"]
    assert "not a vintage" in problems[1].message


def test_what_passed_is_remembered_by_content_only(tiny):
    catalog = load_catalog(tiny.project)
    assert check_tables(tiny.project, catalog) == []
    seen = {path.name for path in (tiny.root / ".anew/validated").iterdir()}
    assert fingerprint(tiny.project, catalog, "money", "2022-04") in seen
    path = tiny.root / "data/raw/money/2022-04.csv"
    os.utime(path, (0, 0))
    assert fingerprint(tiny.project, catalog, "money", "2022-04") in seen
    path.write_text(path.read_text().replace("1100", "-100"))
    assert fingerprint(tiny.project, catalog, "money", "2022-04") not in seen
    problems = check_table(tiny.project, catalog, "money", "2022-04")
    assert [(p.code, p.row, p.column) for p in problems] == [
        ("changed-vintage", None, None),
        ("wrong-cell", 7, "value"),
    ]


def test_a_stricter_catalogue_looks_again(tiny):
    assert check_tables(tiny.project, load_catalog(tiny.project)) == []
    tiny.catalog["tables"]["money"]["columns"][2]["maximum"] = 1000
    problems = check_tables(tiny.save(), load_catalog(tiny.project))
    assert [(p.row, p.column, p.value) for p in problems] == [(7, "value", "1100")]


def test_hashes_alone_are_checked_without_opening_cells(tiny):
    catalog = load_catalog(tiny.project)
    assert check_hash(tiny.project, catalog, "money", "2022-04") == []
    assert not (tiny.root / ".anew").exists()


# One cell made wrong anywhere in a valid table is always found, where it is.

BAD = {
    "economy": st.sampled_from(["", "chn", "XXX", "China", "中国", "CHN ", "CH", "0"]),
    "year": st.one_of(
        st.integers(-3000, 1959).map(str),
        st.integers(2023, 99999).map(str),
        st.sampled_from(["", "2019.5", "MMXX", "20 19", "2019年", "二〇一九", "NaN"]),
    ),
    "value": st.one_of(
        st.floats(max_value=0, allow_nan=False, allow_infinity=False).map(repr),
        st.floats(min_value=1.0001e15, allow_infinity=False).map(repr),
        st.sampled_from(["", "..", "n.a.", "1 000", "$1", "1.2B", "inf", "-inf", "nan", "0x10"]),
        st.text(alphabet="abcxyz%€亿", min_size=1, max_size=5),
    ),
}


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data(), index=st.integers(0, 5), name=st.sampled_from(sorted(BAD)))
def test_any_single_corrupt_cell_is_reported_with_row_and_column(tables, data, index, name):
    bad = data.draw(BAD[name])
    lines = [line.split(",") for line in MONEY_NEW.splitlines()]
    lines[index + 1][lines[0].index(name)] = f'"{bad}"' if "," in bad else bad
    content = "".join(",".join(line) + "\n" for line in lines)
    found = {(p.row, p.column) for p in check(content, tables["money"])}
    assert (index + 2, name) in found
    assert all(row == index + 2 for row, _ in found)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    values=st.lists(
        st.floats(min_value=1e-300, max_value=1e15, exclude_min=True), min_size=1, max_size=8
    )
)
def test_any_valid_table_passes_and_reads_back_bit_for_bit(tables, values):
    rows = "".join(f"CHN,{1960 + n},{value!r},\n" for n, value in enumerate(values))
    assert check(HEAD + rows, tables["money"]) == []
    frame = read_frame((HEAD + rows).encode(), tables["money"])
    assert frame["value"].tolist() == values


def test_content_is_checked_without_reading_the_file_again(tiny):
    catalog = load_catalog(tiny.project)
    data = (tiny.root / "data/raw/money/2022-04.csv").read_bytes()
    assert check_content(tiny.project, catalog, "money", "2022-04", data) == []
    spoiled = data.replace(b"USA", b"US?")
    problems = check_content(tiny.project, catalog, "money", "2022-04", spoiled)
    assert ("wrong-cell", 4, "economy") in [(p.code, p.row, p.column) for p in problems]
    assert problems[0].code == "changed-vintage"
