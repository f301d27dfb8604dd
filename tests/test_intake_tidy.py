"""Tidy tables, as CSV or XLSX, in either language and any of the encodings."""

from __future__ import annotations

import datetime

import pytest
from agency_files import copy_of_the_project, state
from openpyxl import Workbook

from anew.intake import Answers, ingest
from anew.project.errors import AnewError
from anew.project.problems import DataError
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table

ROWS = "CHN,2021,70000\nUSA,2021,15000\n"
HEAD = "economy,year,count\n"


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


def plan(project, tmp_path, content, table="ai_patent_applications", name="x.csv", **answers):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = Answers(**answers)
    return ingest(project, [path], table, "2027-01", dry_run=True, answers=said).vintages[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_every_encoding_gives_the_same_bytes(project, tmp_path, encoding):
    text = "国家,年份,数量\n中国,2021,70000\n美国,2021,15000\n"
    made = plan(project, tmp_path, text.encode(encoding))
    assert made.data.decode() == HEAD + ROWS


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_are_read(project, tmp_path, mark):
    assert plan(project, tmp_path, (HEAD + ROWS).replace(",", mark)).data.decode() == HEAD + ROWS


def test_a_workbook_is_read(project, tmp_path):
    book = Workbook()
    book.active.append(["Economy", "Year", "Applications"])
    book.active.append(["United States", 2021, 15000])
    book.active.append(["China", 2021, 70000.0])
    book.save(tmp_path / "x.xlsx")
    report = ingest(
        project, [tmp_path / "x.xlsx"], "ai_patent_applications", "2027-01", dry_run=True
    )
    assert report.vintages[0].data.decode() == HEAD + ROWS


def test_a_vintage_is_written_with_a_month(project, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    today = datetime.date(2027, 1, 20)
    ingest(project, [path], "ai_patent_applications", "2027-01-15", today=today)
    frame = read_table(project, load_catalog(project), "ai_patent_applications", "2027-01-15")
    assert frame.to_dict("list") == {
        "economy": ["CHN", "USA"], "year": [2021, 2021], "count": [70000, 15000],
    }  # fmt: skip


def test_the_table_is_known_by_its_columns_or_has_to_be_named(project, tmp_path):
    families = "economy,year,wipo_field,count\nCHN,2021,1,5\n"
    assert plan(project, tmp_path, families, table=None).table == "patent_families"
    with pytest.raises(AnewError, match="(?s)fit several tables.*--table: gdp, rd_share"):
        plan(project, tmp_path, "economy,year,value\nCHN,2021,1\n", table=None)
    with pytest.raises(AnewError, match="has no column wipo_field"):
        plan(project, tmp_path, HEAD + ROWS, table="patent_families")


def test_codes_that_are_the_tables_own_are_taken(project, tmp_path):
    content = "economy,year,value_usd_tn,white_paper\nCAICT51,2023,45,2024\n中国,2023,7.5,2024\n"
    made = plan(project, tmp_path, content, table="digital_economy_size")
    assert made.data.decode().splitlines()[1:] == ["CAICT51,2023,45,2024,", "CHN,2023,7.5,2024,"]


def test_numbers_lose_only_what_says_nothing(project, tmp_path):
    content = 'economy,year,value\nCHN,2021,"1,234.50"\nUSA,2021,1.50e3\nDEU,2021,7.000000001\n'
    made = plan(project, tmp_path, content, table="ict_service_exports", revisions=True)
    assert [line.split(",")[2] for line in made.data.decode().splitlines()[1:]] == [
        "1234.5", "7.000000001", "1500",
    ]  # fmt: skip


def test_economies_that_are_not_kept_are_left_out_and_counted(project, tmp_path):
    made = plan(project, tmp_path, HEAD + ROWS + "BRA,2021,3\n")
    assert made.left_out == {"rows of economies that the catalogue does not keep": 1}


def test_a_number_with_a_fraction_in_a_count_is_refused(project, tmp_path):
    with pytest.raises(DataError) as caught:
        plan(project, tmp_path, HEAD + "CHN,2021,7.5\n")
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (2, "count", "7.5")


def test_two_files_of_one_table_and_vintage_are_refused(project, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(HEAD + ROWS, "utf-8")
    before = state(project)
    with pytest.raises(AnewError, match="comes twice"):
        files = [tmp_path / "a.csv", tmp_path / "b.csv"]
        ingest(project, files, "ai_patent_applications", "2027-01")
    assert state(project) == before


@pytest.mark.parametrize("vintage", ["soon", "2027", "2027-13", "2027-01-32", "2027-01 x", "../x"])
def test_a_name_that_is_no_vintage_is_refused(project, tmp_path, vintage):
    path = tmp_path / "x.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    with pytest.raises(AnewError):
        ingest(project, [path], "ai_patent_applications", vintage)


def test_a_title_may_stand_above_the_header_and_other_columns_beside_it(project, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet["B1"] = "Applications by economy"
    sheet.merge_cells("B1:D1")
    for line in ([], ["economy", "year", "count", "source"], ["中国", "2021年", 3, "CSET"]):
        sheet.append([None, *line])
    book.save(tmp_path / "a.xlsx")
    report = ingest(
        project, [tmp_path / "a.xlsx"], "ai_patent_applications", "2027-01", dry_run=True
    )
    assert report.vintages[0].data == b"economy,year,count\nCHN,2021,3\n"
    assert "columns that the table does not have: source" in report.vintages[0].remarks


def test_a_number_that_is_none_is_told_under_the_files_own_heading(project, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("国家;年份;值\n中国;2026;18743,5\n美国;2026;19.5\n", "utf-8")
    with pytest.raises(DataError, match="The decimal point is a point") as caught:
        ingest(project, [path], "gdp", "2027-07-01")
    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(2, "值", "18743,5")]


def test_a_wide_table_needs_the_name_of_its_table(project, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("economy,2019,2020\nCHN,1,\n", "utf-8")
    with pytest.raises(AnewError, match="(?s)those of no table.*--table NAME"):
        ingest(project, [path], vintage="2027-01")
    assert plan(project, tmp_path, path.read_bytes()).data.decode() == HEAD + "CHN,2019,1\n"


def test_the_only_column_that_is_left_is_taken_and_told_where_the_table_is_named(project, tmp_path):
    made = plan(project, tmp_path, "Country,Year,Patents\nChina,2019,100\n")
    assert made.data.decode() == HEAD + "CHN,2019,100\n"
    assert "the column Patents is taken for count" in made.remarks
    with pytest.raises(AnewError, match="has no column count"):
        plan(project, tmp_path, "Country,Year,Patents,Grants\nChina,2019,100,4\n")
    with pytest.raises(AnewError, match="has no column year"):
        plan(project, tmp_path, "Country,Patents\nChina,100\n")


@pytest.mark.parametrize(
    "text",
    [
        "国家 Country,年份 Year,数量 Number\n中国,2021,70000\n美国,2021,15000\n",
        "Country/国家,Year（年）,申请量（件） Applications\n"
        "中国 China,2021,70000\nUnited States（美国）,2021,15000\n",
    ],
)
def test_headings_and_names_of_bilingual_tables_are_read(project, tmp_path, text):
    assert plan(project, tmp_path, text).data.decode() == HEAD + ROWS


def test_a_name_whose_two_languages_disagree_is_nobodys(project, tmp_path):
    made = plan(project, tmp_path, HEAD + "中国 Germany,2021,9\nUSA,2021,15000\n")
    assert made.data.decode() == HEAD + "USA,2021,15000\n"
    assert "中国 Germany" in str(made.groups)
