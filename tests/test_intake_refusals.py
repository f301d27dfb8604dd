"""Damaged files: each is refused whole, with the place, and leaves the tree as it was."""

from __future__ import annotations

import errno
import gzip
import io
import json
import os
import stat
import sys
import zipfile

import pytest
from agency_files import (
    BANK,
    api_pages,
    as_csv,
    bank_csv,
    bank_zip,
    company_list,
    copy_of_the_project,
    data360,
    state,
    values,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from anew.cli import main as cli
from anew.intake import archives, ingest, ingestion
from anew.project import paths
from anew.project.errors import AnewError
from anew.project.problems import DataError
from anew.tables.loading import load_catalog

GDP = "NY.GDP.MKTP.CD"


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


@pytest.fixture(scope="module")
def gdp():
    return values("gdp", "2026-07-01")


@pytest.fixture
def refused(project):
    """Return a function that asserts that a file is refused, and returns the problems."""

    def refuse(path, **options):
        before = state(project)
        with pytest.raises(AnewError) as caught:
            ingest(project, [path], **options)
        assert caught.value.exit_code == 2
        assert state(project) == before
        return getattr(caught.value, "problems", []), str(caught.value)

    return refuse


def only(problems, code):
    assert {p.code for p in problems} == {code}, [str(p) for p in problems]
    return problems[0]


def bank(tmp_path, gdp, edit=None, **more):
    text = bank_csv(GDP, gdp, updated="2027-07-01", edit=edit, **more)
    return bank_zip(tmp_path / "API_x.zip", GDP, text)


def cell(rows, name, year):
    """Return the row of an economy and the column of a year."""
    return next(row for row in rows if row[0] == name), rows[0].index(str(year))


def spoil(name, year, value):
    def edit(rows):
        row, column = cell(rows, name, year)
        row[column] = value

    return edit


def test_a_truncated_zip(refused, tmp_path, gdp):
    path = bank(tmp_path, gdp)
    for size in (200, path.stat().st_size // 2, path.stat().st_size - 30):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(path.read_bytes()[:size])
        problems, said = refused(cut)
        assert only(problems, "damaged-zip").file == "cut.zip" and "damaged or cut off" in said


def test_a_zip_with_a_flipped_bit(refused, tmp_path, gdp):
    path = bank(tmp_path, gdp)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    problems, _ = refused(path)
    assert only(problems, "damaged-zip").file.startswith("API_x.zip!")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=2)), min_size=1, max_size=5))
def test_a_zip_damaged_anywhere_is_a_problem_or_whole(changes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "economy,year\n" * 50)
        archive.writestr("b/c.csv", "x,y\n1,2\n")
    data = bytearray(out.getvalue())
    for at, new in changes:
        data[at % len(data) : at % len(data) + len(new)] = new
    found, problems = archives.unpack(bytes(data), "x.zip")
    assert bool(problems) != bool(found) or not (problems or found)
    assert all(text in (b"economy,year\n" * 50, b"x,y\n1,2\n") for text in found.values())


def test_a_zip_bomb(refused, tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("API_x.csv", b"0" * (300 << 20))
    assert path.stat().st_size < 1 << 20
    problems, _ = refused(path)
    assert only(problems, "unsafe-zip").file == "bomb.zip!API_x.csv"


def test_a_zip_that_lies_about_its_size(monkeypatch):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 100_000)
    data = bytearray(out.getvalue())
    told = (100_000).to_bytes(4, "little")
    while told in data:
        data[data.index(told) : data.index(told) + 4] = (50).to_bytes(4, "little")
    found, problems = archives.unpack(bytes(data), "x.zip")
    assert not found and problems


def test_a_zip_of_too_many_files(refused, tmp_path):
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for n in range(archives.MAX_MEMBERS + 1):
            archive.writestr(f"{n}.csv", "x")
    problems, _ = refused(path)
    assert only(problems, "unsafe-zip")


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd.csv", "/etc/x.csv", "C:/x.csv", "a/../../x.csv", "..\\x.csv"],
)
def test_path_tricks_in_a_zip(refused, tmp_path, gdp, name):
    path = bank(tmp_path, gdp)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    problems, _ = refused(path)
    assert only(problems, "unsafe-zip").file == f"API_x.zip!{name}"


def test_a_link_in_a_zip(refused, tmp_path, gdp):
    path = bank(tmp_path, gdp)
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    problems, _ = refused(path)
    assert "it is a link" in only(problems, "unsafe-zip").message


def test_latin_1_is_told_apart_and_bytes_of_no_encoding_are_refused(
    project, refused, tmp_path, gdp
):
    text = (
        bank_csv(GDP, gdp).replace("Cote d'Ivoire", "Côte d'Ivoire").replace("Curacao", "Curaçao")
    )
    path = tmp_path / "latin1.csv"
    path.write_bytes(text.encode("latin-1"))
    (planned,) = ingest(project, [path], dry_run=True).vintages
    assert planned.table == "gdp"
    path.write_bytes(text.encode("latin-1").replace(b"C\xf4te", b"C\x81\x8d\x9dte"))
    problem = only(refused(path)[0], "encoding")
    assert "0x81" in problem.message and "--encoding latin-1" in problem.hint
    assert b"C\x81" in path.read_bytes().split(b"\n")[problem.row - 1]


def test_utf8_with_a_broken_byte(refused, tmp_path, gdp):
    data = bytearray(("\ufeff" + bank_csv(GDP, gdp)).encode())
    at = data.index(b"Japan")
    data[at + 1] = 0xFF
    path = tmp_path / "broken.csv"
    path.write_bytes(data)
    problem = only(refused(path)[0], "encoding")
    assert problem.row == data.count(b"\n", 0, at) + 1


def test_swapped_columns(refused, tmp_path, gdp):
    def swap(rows):
        for row in rows[1:]:
            row[0], row[1] = row[1], row[0]

    problems, _ = refused(bank(tmp_path, gdp, edit=swap))
    problem = only(problems, "economy")
    assert problem.column == "Country Code" and "are the columns swapped?" in problem.message


def test_swapped_columns_in_a_tidy_file(refused, tmp_path):
    path = tmp_path / "gdp.csv"
    path.write_text("economy,year,value\nCHN,3550327802998,2007\n", "utf-8")
    problems, _ = refused(path, table="gdp", vintage="2027-07-01")
    assert [(p.row, p.column, p.value) for p in problems] == [(2, "year", "3550327802998")]


def test_text_among_numbers(refused, tmp_path, gdp):
    path = bank(tmp_path, gdp, edit=spoil("Japan", 2020, "n.a."))
    problem = only(refused(path)[0], "not-a-number")
    assert (problem.column, problem.value) == ("2020", "n.a.")
    text = zipfile.ZipFile(path).read("API_NY.GDP.MKTP.CD_DS2_en_csv_v2_12345.csv").decode()
    assert text.splitlines()[problem.row - 1].startswith('"Japan"')


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    name=st.sampled_from(sorted(BANK)),
    year=st.integers(1960, 2026),
    junk=st.sampled_from(["x", "1 2", "12,5", "#N/A", "…", "5e", "--", "１２", "US$ 5", "nan"]),
)
def test_any_cell_that_is_no_number_is_named(tmp_path_factory, gdp, name, year, junk):
    folder = tmp_path_factory.mktemp("x")
    project = copy_of_the_project(folder)
    path = folder / "API_x.csv"
    text = bank_csv(GDP, gdp, edit=spoil(name, year, junk))
    path.write_text(text, "utf-8", newline="")
    with pytest.raises(DataError) as caught:
        ingest(project, [path])
    (problem,) = caught.value.problems
    assert (problem.column, problem.value) == (str(year), junk)
    assert text.split("\r\n")[problem.row - 1].startswith(f'"{name}"')


def test_text_in_an_economy_that_is_not_kept_spoils_the_file_too(refused, tmp_path, gdp):
    problems, _ = refused(bank(tmp_path, gdp, edit=spoil("Brazil", 1990, "12 bn")))
    assert only(problems, "not-a-number").value == "12 bn"


def test_duplicate_keys(refused, tmp_path, gdp):
    problems, _ = refused(bank(tmp_path, gdp, edit=lambda rows: rows.append(list(rows[7]))))
    problem = only(problems, "duplicate")
    assert len(problems) > 5 and "is there twice, first in row 12" in problem.message
    assert problem.row == 5 + 1 + 34 and problem.column == "2007"


def test_an_economy_that_is_not_kept_and_is_there_twice_spoils_the_file_too(refused, tmp_path, gdp):
    def double(rows):
        rows.append(next(list(row) for row in rows if row[0] == "Brazil"))

    problem = only(refused(bank(tmp_path, gdp, edit=double))[0], "duplicate")
    assert (problem.row, problem.value) == (5 + 1 + 34, "BRA")


def test_negative_counts(refused, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("economy,year,count\nCHN,2020,5\nUSA,2020,-4\n", "utf-8")
    problems, _ = refused(path, table="ai_patent_applications", vintage="2027-01")
    assert [(p.row, p.column, p.value) for p in problems] == [(3, "count", "-4")]


def test_a_negative_value_in_a_wide_file(refused, tmp_path, gdp):
    problems, _ = refused(bank(tmp_path, gdp, edit=spoil("Japan", 2020, "-5")))
    assert [(p.column, p.value) for p in problems] == [("2020", "-5")]


def test_a_year_in_the_future_of_the_vintage(refused, tmp_path, gdp):
    years = range(1960, 2030)
    path = bank(tmp_path, gdp, years=years, edit=spoil("Japan", 2029, "5e12"))
    problems, _ = refused(path)
    problem = next(p for p in problems if p.value == "5e12")
    assert (problem.column, problem.code) == ("2029", "future")
    assert "which lies after the vintage (2027)" in problem.message


def test_the_year_is_judged_by_the_vintage_and_not_by_the_clock(project, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("economy,year,count\nCHN,2090,5\n", "utf-8")
    with pytest.raises(DataError, match="2090 lies after the vintage, which is of 2027"):
        ingest(project, [path], "ai_patent_applications", "2027-01")
    assert ingest(project, [path], "ai_patent_applications", "2091-01", dry_run=True).vintages


@pytest.mark.parametrize(("name", "code"), [("China", "CHX"), ("Atlantis", "ATL")])
def test_an_unknown_economy(refused, tmp_path, gdp, name, code):
    def rename(rows):
        row, _ = cell(rows, "China", 2020)
        row[0], row[1] = name, code

    problem = only(refused(bank(tmp_path, gdp, edit=rename))[0], "economy")
    assert (problem.column, problem.value) == ("Country Code", code)


def test_an_unknown_economy_without_the_country_list_beside_it(refused, tmp_path, gdp):
    text = bank_csv(GDP, gdp, edit=lambda rows: rows.append(["Atlantis", "ATL", *rows[5][2:]]))
    path = tmp_path / "API_x.csv"
    path.write_text(text, "utf-8", newline="")
    assert only(refused(path)[0], "economy").value == "ATL"


def test_mixed_units(refused, tmp_path, gdp):
    def in_millions(rows):
        for year in range(2015, 2026):
            row, column = cell(rows, "Japan", year)
            row[column] = repr(float(row[column]) / 1e6)

    problems, _ = refused(bank(tmp_path, gdp, edit=in_millions))
    problem = only(problems, "unit")
    assert len(problems) == 11 and "mixed units: JPN 2015" in problem.message
    assert "10^-6 times the vintage before" in problem.message and problem.column == "2015"


def test_a_file_in_another_unit_throughout(refused, tmp_path, gdp):
    data = {key: value / 1000 for key, value in gdp.items()}
    problems, _ = refused(bank(tmp_path, data))
    assert "in another unit" in only(problems, "unit").message


def test_mixed_units_among_new_years_only(refused, tmp_path, gdp):
    data = dict(gdp)
    for (economy, year), value in gdp.items():
        if year == 2025:
            data[economy, 2026] = value / (1e9 if economy == "FRA" else 1)
    problems, _ = refused(bank(tmp_path, data))
    problem = only(problems, "unit")
    assert (problem.column, len(problems)) == ("2026", 1) and "FRA 2026" in problem.message


def test_mixed_multipliers_in_a_long_file(refused, tmp_path):
    code = "UNCTAD_DE_DIG_SERVTRADE_ANN_EXP"
    rows = data360(code, values("digital_services_exports", "2025-08-04"), {})
    rows[9][rows[0].index("UNIT_MULT")] = "3"
    path = tmp_path / "x.csv"
    path.write_text(as_csv(rows), "utf-8")
    problem = only(refused(path, vintage="2027-01")[0], "unit")
    assert problem.row == 10 and "mixed units" in problem.message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"economy,year,count\n"])
def test_an_empty_file(refused, tmp_path, content):
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    problems, said = refused(path, table="ai_patent_applications", vintage="2027-01")
    assert problems and problems[0].file == "empty.csv"


def test_a_file_cut_off_within_a_row_or_before_some(refused, tmp_path, gdp):
    text = bank_csv(GDP, gdp)
    path = tmp_path / "API_x.csv"
    path.write_text(text[: len(text) * 2 // 3], "utf-8", newline="")
    problems, _ = refused(path)
    assert any(p.row for p in problems) or any("no value for" in p.message for p in problems)
    whole_rows = "".join(text.splitlines(keepends=True)[:15])
    path.write_text(whole_rows, "utf-8", newline="")
    problem = only(refused(path)[0], "lost-rows")
    assert "no value for DEU, EUU, FRA, GBR, IND" in problem.message


def test_a_cut_csv_in_a_whole_zip_misses_countries_of_its_list(refused, tmp_path, gdp):
    text = "".join(bank_csv(GDP, gdp).splitlines(keepends=True)[:-1])
    path = bank_zip(tmp_path / "API_x.zip", GDP, text)
    problems, _ = refused(path)
    assert "cut-off" in {p.code for p in problems}


def test_a_format_that_nobody_knows_lists_those_that_are_known(refused, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    problems, said = refused(path)
    assert (
        only(problems, "file-format").row == 1
        and "World Bank CSV; " in said
        and "data/layouts/" in said
    )


@pytest.mark.parametrize(
    ("name", "start", "said"),
    [
        ("a.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(256)), "Unpack it"),
        ("a.csv.gz", gzip.compress(b"economy,year,value\n", mtime=0), "Unpack it"),
        ("a.rar", b"Rar!\x1a\7\1\0" + bytes(range(256)), "Unpack it"),
        ("a.pdf", b"%PDF-1.7\n1,2\n", "Look for the same table as CSV"),
        ("a.csv", b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html>,,,</html>", "it is a web page"),
        ("a.xml", b'<?xml version="1.0"?><wb:data/>', "XML of another shape"),
    ],
)
def test_a_file_that_is_no_table_is_called_by_its_name(refused, tmp_path, name, start, said):
    path = tmp_path / name
    path.write_bytes(start)
    problems, told = refused(path, table="gdp", vintage="2027-07-01")
    assert only(problems, "file-format").file == name and said in told


def test_a_damaged_workbook_of_before_2007(refused, tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    problems, told = refused(path, table="gdp", vintage="2027-07-01")
    assert only(problems, "not-a-workbook").file == "a.xls" and "Save it again as XLSX" in told


def test_a_folder_is_no_file(refused, tmp_path):
    folder = tmp_path / "下载 files"
    folder.mkdir()
    assert "it is a folder" in only(refused(folder)[0], "no-file").message


def test_a_file_that_may_not_be_read(project, tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("economy,year,value\n", "utf-8")

    read = type(path).read_bytes

    def denied(self):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return read(self)

    monkeypatch.setattr(type(path), "read_bytes", denied)
    with pytest.raises(DataError, match="it cannot be read: Permission denied"):
        ingest(project, [path])


def test_a_file_that_is_not_there(refused, tmp_path):
    assert only(refused(tmp_path / "none.zip")[0], "no-file")


def test_one_bad_file_of_two_refuses_both(project, tmp_path, gdp):
    good = bank(tmp_path, gdp)
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04nonsense")
    before = state(project)
    with pytest.raises(DataError, match="bad.zip"):
        ingest(project, [good, bad])
    assert state(project) == before


def test_every_problem_is_listed_and_the_command_exits_with_2(project, tmp_path, gdp, monkeypatch):
    def two(rows):
        spoil("Japan", 2020, "x")(rows)
        spoil("France", 2011, "y")(rows)
        spoil("India", 2012, "-1")(rows)

    import typer

    from anew.cli.ingest import ingest as command

    monkeypatch.setenv("ANEW_PROJECT", str(project.root))
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, [str(bank(tmp_path, gdp, edit=two))])
    assert isinstance(result.exception, DataError) and result.exception.exit_code == 2
    assert [p.value for p in result.exception.problems] == ["y", "x", "-1"]


def whole_files():
    """Return one sound file of each format, as bytes."""
    data = {("CHN", 2020): 1e13, ("USA", 2020): 2e13}
    long = as_csv(data360("UNCTAD_DE_DIG_SERVTRADE_ANN_EXP", data, {}))
    listed = company_list([("A", "$1.2B", "2020-01-01", "China", "2011")])
    page = json.loads(api_pages(GDP, data, 9)[0])
    return [
        bank_csv(GDP, data, years=range(2018, 2022)).encode(),
        long.encode(),
        listed.encode(),
        json.dumps(page).encode(),
        b"economy,year,count\nCHN,2020,5\n",
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_happens_to_a_file_nobody_sees_a_traceback(one_project, data):
    """Bytes are changed, dropped or put in; the file is refused in words, or makes a vintage."""
    project, folder = one_project
    content = bytearray(data.draw(st.sampled_from(whole_files())))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        new = data.draw(
            st.one_of(st.binary(max_size=4), st.sampled_from([b'"', b",", b"\n", b"[]"]))
        )
        content[at : at + data.draw(st.integers(0, 40))] = new
    path = folder / "x.csv"
    path.write_bytes(content)
    table = data.draw(st.sampled_from([None, "gdp", "ai_patent_applications"]))
    vintage = data.draw(st.sampled_from([None, "2027-01", "2027-01_x"]))
    try:
        assert ingest(project, [path], table, vintage, dry_run=True).vintages
    except AnewError as error:
        assert error.exit_code == 2 and str(error)


@pytest.fixture(scope="module")
def one_project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    return copy_of_the_project(folder), folder


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), KeyboardInterrupt()])
def test_what_stops_the_writing_leaves_the_tree_as_it_was(
    project, tmp_path, gdp, monkeypatch, error
):
    path = bank(tmp_path, gdp)
    before = state(project)

    def stop(*_):
        raise error

    monkeypatch.setattr(ingestion, "load_catalog", stop_later(ingestion.load_catalog, stop))
    with pytest.raises(type(error)):
        ingest(project, [path])
    assert state(project) == before


def stop_later(real, stop):
    """Return `real` for the first call, `stop` for those after it."""
    calls = iter([real])
    return lambda project: next(calls, stop)(project)


def test_a_file_that_a_killed_run_left_behind_is_taken_over(project, tmp_path, gdp):
    path = bank(tmp_path, gdp)
    (planned,) = ingest(project, [path], dry_run=True).vintages
    (project.root / planned.file).write_bytes(planned.data)
    assert ingest(project, [path]).written
    assert planned.vintage in load_catalog(project).tables["gdp"].vintages


def test_a_dry_run_needs_no_right_to_write_in_the_project(project, tmp_path, gdp):
    path = bank(tmp_path, gdp)
    folders = [folder for folder in project.data.rglob("*") if folder.is_dir()]
    for folder in (project.data, *folders):
        folder.chmod(0o555)
    try:
        ingest(project, [path], dry_run=True, consequences=written_to)
    finally:
        for folder in (project.data, *folders):
            folder.chmod(0o755)


def written_to(copy, planned):
    modes = {path.stat().st_mode & 0o200 for path in copy.data.rglob("*")}
    assert modes == {0o200} and all((copy.root / item.file).is_file() for item in planned)
    return []


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "Check the owner and the permissions"), (errno.ENOSPC, "free some space")],
)
def test_what_the_system_refuses_is_told_without_a_traceback(monkeypatch, capsys, number, said):
    def refuse(*_):
        raise OSError(number, os.strerror(number), "data/catalog.yml")

    monkeypatch.delenv("ANEW_DEBUG", raising=False)
    monkeypatch.setattr(paths, "find_project", refuse)
    monkeypatch.setattr(sys, "argv", ["anew", "check"])
    with pytest.raises(SystemExit) as caught:
        cli.main()
    told = capsys.readouterr().err
    assert caught.value.code == 1 and "data/catalog.yml: " in told and said in told
