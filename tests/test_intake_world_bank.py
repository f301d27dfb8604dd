"""The World Bank's files: zip, CSV, bulk file and API pages give one and the same vintage."""

from __future__ import annotations

import csv
import datetime
import io
import json
import zipfile

import pytest
from agency_files import (
    BANK,
    api_pages,
    as_csv,
    bank_csv,
    bank_rows,
    bank_zip,
    copy_of_the_project,
    state,
    values,
)
from openpyxl import Workbook

from anew.intake import Answers, ingest, render
from anew.project.errors import AnewError
from anew.project.problems import DataError
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table
from anew.tables.validation import check_tables

GDP = "NY.GDP.MKTP.CD"
TODAY = datetime.date(2027, 7, 2)


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


@pytest.fixture(scope="module")
def gdp():
    """The newest vintage with a year more, and one value of before revised."""
    data = values("gdp", "2026-07-01")
    data |= {(e, 2026): v * 1.05 for (e, y), v in list(data.items()) if y == 2025}
    data["GBR", 2024] *= 1.02
    return data


def test_a_zip_of_the_data_site_becomes_a_vintage(project, tmp_path, gdp):
    before = state(project)
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    report = ingest(project, [path], today=TODAY)
    assert report.written
    catalog = load_catalog(project)
    frame = read_table(project, catalog, "gdp", "2027-07-01")
    assert frame.set_index(["economy", "year"])["value"].to_dict() == gdp
    entry = catalog.tables["gdp"].vintages["2027-07-01"]
    assert (entry.published, entry.read, entry.rows) == ("2027-07-01", "2027-07-02", len(frame))
    assert entry.origin.startswith("API_x.zip ")
    assert check_tables(project, catalog) == []
    after = state(project)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"data/catalog.yml", "data/raw/gdp/2027-07-01.csv", "API_x.zip"}
    assert set(before) - set(after) == set()


def test_the_report_says_what_is_new_revised_and_left_out(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    report = ingest(project, [path], dry_run=True)
    (planned,) = report.vintages
    found = planned.comparison
    assert (planned.table, planned.vintage, found.previous) == ("gdp", "2027-07-01", "2026-07-01")
    assert found.new_periods == ["2026"] and found.added == 11
    (revision,) = found.revisions
    assert revision.key == ("GBR", "2024")
    assert revision.relative == pytest.approx(0.02)
    assert planned.left_out == {"rows of economies that the catalogue does not keep": 17}
    assert len(planned.groups) == 6 and planned.groups["Arab World"] == 1
    text = render(report)
    assert "GBR 2024 value: " in text and "+2.0%" in text
    assert "Dry run: nothing was written." in text


def test_a_dry_run_leaves_the_tree_as_it_was(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    before = state(project)
    report = ingest(project, [path], dry_run=True)
    assert not report.written and state(project) == before


def test_a_dry_run_asks_what_would_change_in_a_copy_that_has_the_vintage(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    asked = []

    def consequences(copy, planned):
        asked.append(copy.root)
        assert "2027-07-01" in load_catalog(copy).tables["gdp"].vintages
        (copy.figures / "x.svg").parent.mkdir(exist_ok=True)
        return [f"fig7 reads {planned[0].table}"]

    before = state(project)
    report = ingest(project, [path], dry_run=True, consequences=consequences)
    assert report.consequences == ["fig7 reads gdp"]
    assert "fig7 reads gdp" in render(report)
    assert asked[0] != project.root and not asked[0].exists()
    assert state(project) == before


def test_csv_zip_bulk_and_api_give_the_same_bytes(tmp_path, gdp):
    text = bank_csv(GDP, gdp)
    plain = tmp_path / "API_x.csv"
    plain.write_text("\ufeff" + text, "utf-8", newline="")
    utf16 = tmp_path / "API_16.csv"
    utf16.write_bytes(text.encode("utf-16"))
    zipped = bank_zip(tmp_path / "API_x.zip", GDP, text)
    pages = []
    for n, page in enumerate(api_pages(GDP, gdp, per_page=50), 1):
        pages.append(tmp_path / f"page{n}.json")
        pages[-1].write_text(page, "utf-8")
    assert len(pages) > 3
    bulk = tmp_path / "WDI_CSV.zip"
    with zipfile.ZipFile(bulk, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("WDISeries.csv", '"Series Code","Topic"\n"NY.GDP.MKTP.CD","Economy"\n')
        other = bank_csv("SP.POP.TOTL", {("CHN", 2020): 1.4e9}, None).splitlines(keepends=True)
        archive.writestr("WDICSV.csv", bank_csv(GDP, gdp, None) + "".join(other[1:]))
    found = []
    for n, files in enumerate(([plain], [utf16], [zipped], pages, [bulk])):
        project = copy_of_the_project(tmp_path / str(n))
        vintage = "2027-07-01" if files == [bulk] else None
        ingest(project, files, vintage=vintage, today=TODAY)
        found.append((project.raw / "gdp/2027-07-01.csv").read_bytes())
    assert len(set(found)) == 1


def test_the_bulk_file_fills_every_table_that_has_a_code(project, tmp_path, gdp):
    share = {(e, y): 1.5 + 0.01 * (y - 1990) for e, y in values("rd_share", "2026-07-01")}
    out = io.StringIO()
    writer = csv.writer(out)
    years = range(1990, 2027)
    head = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
    writer.writerow([*head, *years, ""])
    writer.writerows(bank_rows(GDP, gdp, years))
    writer.writerows(bank_rows("GB.XPD.RSDV.GD.ZS", share, years))
    path = tmp_path / "WDI_CSV.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("WDICSV.csv", out.getvalue())
    with pytest.raises(AnewError, match="does not say when it was published"):
        ingest(project, [path])
    revised = Answers(revisions=True)  # the shares are invented
    report = ingest(project, [path], vintage="2027-07-01", dry_run=True, answers=revised)
    assert sorted(v.table for v in report.vintages) == ["gdp", "rd_share"]
    only = ingest(project, [path], table="gdp", vintage="2027-07-01", dry_run=True)
    assert [v.table for v in only.vintages] == ["gdp"]


def test_a_jump_is_told_and_does_not_refuse(project, tmp_path, gdp):
    jumped = dict(gdp)
    jumped["IND", 2026] *= 2
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, jumped))
    report = ingest(project, [path], dry_run=True)
    (jump,) = report.vintages[0].jumps
    assert jump.key == ("IND", "2026") and jump.relative > 1
    assert "IND 2026 value" in render(report).split("beyond plausible changes")[1]


def test_a_revision_beyond_the_plausible_is_told(project, tmp_path, gdp):
    revised = {key: v * (1.3 if key == ("IND", 2020) else 1) for key, v in gdp.items()}
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, revised))
    report = ingest(project, [path], dry_run=True)
    assert [c.key for c in report.vintages[0].implausible] == [("IND", "2020")]


def test_only_the_economies_of_the_table_are_taken(project, tmp_path):
    rate = {("CHN", y): v for (_, y), v in values("exchange_rate", "2026-07-01").items()}
    rate["CHN", 2026] = 7.1
    path = bank_zip(tmp_path / "API_fx.zip", "PA.NUS.FCRF", bank_csv("PA.NUS.FCRF", rate))
    (planned,) = ingest(project, [path], dry_run=True).vintages
    assert planned.rows == len(rate)
    assert all(line.startswith(b"CHN,") for line in planned.data.splitlines()[1:])


def test_an_existing_vintage_is_never_overwritten(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp, updated="2026-07-01"))
    before = state(project)
    with pytest.raises(AnewError, match="has a vintage 2026-07-01 already"):
        ingest(project, [path])
    assert state(project) == before


def test_another_date_than_the_files_own_is_refused(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    with pytest.raises(AnewError, match="says that it was updated on 2027-07-01"):
        ingest(project, [path], vintage="2027-08-01")
    report = ingest(project, [path], vintage="2027-07-01_mirror", dry_run=True)
    assert report.vintages[0].vintage == "2027-07-01_mirror"


def test_an_indicator_without_table_names_those_with_one(project, tmp_path):
    path = tmp_path / "API_pop.csv"
    path.write_text(bank_csv("SP.POP.TOTL", {("CHN", 2020): 1.4e9}), "utf-8", newline="")
    with pytest.raises(AnewError, match="(?s)SP.POP.TOTL.*NY.GDP.MKTP.CD"):
        ingest(project, [path])


def test_a_table_of_another_format_is_refused(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    with pytest.raises(AnewError, match="takes the format companies"):
        ingest(project, [path], table="unicorns_by_economy")


def test_a_file_that_is_in_the_way_is_not_overwritten_and_nothing_is_left(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp))
    stray = project.raw / "gdp/2027-07-01.csv"
    stray.write_text("mine\n")
    before = state(project)
    with pytest.raises(AnewError, match="exists but is not in the catalogue"):
        ingest(project, [path])
    assert state(project) == before


def test_pages_that_lack_one_or_are_of_two_days_are_refused(project, tmp_path, gdp):
    texts = api_pages(GDP, gdp, per_page=60)
    files = []
    for n, text in enumerate(texts):
        files.append(tmp_path / f"{n}.json")
        files[-1].write_text(text, "utf-8")
    with pytest.raises(DataError, match="pages 1, 2, 3 of 4"):
        ingest(project, files[:3])
    later = api_pages(GDP, gdp, per_page=60, updated="2027-07-09")
    files[2].write_text(later[2], "utf-8")
    with pytest.raises(DataError, match="updated on different days"):
        ingest(project, files)


def test_a_country_whose_name_and_code_disagree_is_refused(project, tmp_path, gdp):
    def swap(rows):
        codes = {row[0]: row for row in rows}
        codes["China"][1], codes["Japan"][1] = "JPN", "CHN"

    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp, edit=swap))
    with pytest.raises(DataError) as caught:
        ingest(project, [path])
    assert "the code is JPN and the name, 'China', is that of CHN" in str(caught.value)
    assert {p.column for p in caught.value.problems} == {"Country Code"}


@pytest.mark.parametrize("updated", ["soon", "07/01/2027", "2027-13-01", "2027"])
def test_a_date_that_is_none_is_refused(project, tmp_path, gdp, updated):
    path = bank_zip(tmp_path / "API_x.zip", GDP, bank_csv(GDP, gdp, updated))
    with pytest.raises(AnewError, match="Last Updated Date"):
        ingest(project, [path])
    with pytest.raises(AnewError, match="--vintage"):
        ingest(project, [path], vintage=updated)


def databank(rows, years, order=(0, 1, 2, 3), updated="07/01/2027"):
    """Return an export of DataBank: other headings, `..` for nothing, the date below the rows."""
    head = ["Country Name", "Country Code", "Series Name", "Series Code"]
    lines = [[*(head[n] for n in order), *(f"{year} [YR{year}]" for year in years)]]
    lines += [[*(row[n] for n in order), *(cell or ".." for cell in row[4:-1])] for row in rows]
    blank = [""] * len(lines[0])
    told = [blank, ["Data from database: World Development Indicators", *blank[1:]]]
    told.append([f"Last Updated: {updated}", *blank[1:]])
    return "\ufeff" + as_csv([*lines, blank, *told])


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (2, 3, 0, 1)])
def test_an_export_of_databank_gives_the_same_bytes_as_the_data_site(project, tmp_path, gdp, order):
    years = range(1960, 2027)
    site = bank_zip(tmp_path / "site.zip", GDP, bank_csv(GDP, gdp, years=years))
    bank = tmp_path / "P_Data_Extract.csv"
    bank.write_text(databank(bank_rows(GDP, gdp, years), years, order), "utf-8")
    made = [ingest(project, [path], dry_run=True).vintages[0] for path in (site, bank)]
    assert made[0].data == made[1].data and made[0].vintage == made[1].vintage == "2027-07-01"


def test_a_fault_in_a_databank_export_is_told_at_its_column(project, tmp_path, gdp):
    years = range(2015, 2027)
    rows = bank_rows(GDP, gdp, years)
    rows[4][8] = "n/a"
    path = tmp_path / "bank.csv"
    path.write_text(databank(rows, years), "utf-8")
    with pytest.raises(DataError, match="leave the cell empty") as caught:
        ingest(project, [path])
    assert [(p.row, p.column) for p in caught.value.problems] == [(6, "2019 [YR2019]")]


def test_a_file_of_fewer_years_is_told_to_be_a_selection(project, tmp_path, gdp):
    path = tmp_path / "bank.csv"
    years = range(2015, 2027)
    path.write_text(databank(bank_rows(GDP, gdp, years), years), "utf-8")
    said = render(ingest(project, [path], dry_run=True))
    assert "rows are no longer there (CHN 2007; CHN 2008;" in said
    assert "a vintage is the whole table: is the file a selection of it?" in said


def test_the_sites_excel_file_saved_anew_is_read(project, tmp_path, gdp):
    gdp = {key: round(value) for key, value in gdp.items()}  # openpyxl writes sixteen digits
    book = Workbook()
    sheet = book.active
    sheet.title = "Data"
    sheet.append(["Data Source", "World Development Indicators"])
    sheet.append(["Last Updated Date", datetime.datetime(2027, 7, 1)])
    sheet.append([])
    years = range(1960, 2027)
    head = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
    sheet.append([*head, *map(str, years)])
    for row in bank_rows(GDP, gdp, years):
        sheet.append([*row[:4], *(float(cell) if cell else None for cell in row[4:-1])])
    countries = book.create_sheet("Metadata - Countries")
    countries.append(["Country Code", "Region", "IncomeGroup", "SpecialNotes", "TableName"])
    for code in sorted(BANK.values()):
        countries.append([code])
    book.save(tmp_path / "API_x.xlsx")
    plain = tmp_path / "API_x.csv"
    plain.write_text(bank_csv(GDP, gdp, years=years), "utf-8", newline="")
    paths = (tmp_path / "API_x.xlsx", plain)
    made = [ingest(project, [path], dry_run=True).vintages[0] for path in paths]
    assert made[0].data == made[1].data and made[0].vintage == made[1].vintage


@pytest.mark.parametrize(
    ("updated", "vintage", "name"),
    [("2027/7/1", None, "2027-07-01"), ("01-Jul-27", "2027-07-01", "2027-07-01")],
)
def test_a_date_that_excel_rewrote_is_read_or_may_be_said(
    project, tmp_path, gdp, updated, vintage, name
):
    path = tmp_path / "世行 GDP (1).csv"
    path.write_text(bank_csv(GDP, gdp, updated=updated), "gb18030", newline="")
    (planned,) = ingest(project, [path], vintage=vintage, dry_run=True).vintages
    assert (planned.vintage, planned.origin) == (name, "世行 GDP (1).csv")


def test_lists_of_countries_without_data_are_no_file_of_data(project, tmp_path):
    path = bank_zip(tmp_path / "x.zip", GDP, "")  # and the data's own file is empty
    with pytest.raises(DataError, match="lists of countries and indicators, and no data"):
        ingest(project, [path])


def test_an_error_of_the_api_is_told_in_its_words(project, tmp_path):
    path = tmp_path / "x.json"
    value = {"id": "120", "key": "Invalid value", "value": "The indicator was not found."}
    path.write_text(json.dumps([{"message": [value]}]), "utf-8")
    with pytest.raises(DataError, match="error of the API, not data: The indicator was not found"):
        ingest(project, [path])


def test_the_same_file_again_is_nothing_to_do(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "x.zip", GDP, bank_csv(GDP, gdp))
    ingest(project, [path])
    before = state(project)
    with pytest.raises(DataError, match="has a vintage 2027-07-01 already, with the same content"):
        ingest(project, [path])
    assert state(project) == before


def test_a_vintage_older_than_the_newest_says_that_no_new_edition_reads_it(project, tmp_path, gdp):
    path = bank_zip(tmp_path / "x.zip", GDP, bank_csv(GDP, gdp, "2026-06-01", range(1960, 2026)))
    planned = ingest(project, [path], dry_run=True)
    assert "older than 2026-07-01, which a new edition reads" in render(planned)
