"""The World Bank's files: zip, CSV, bulk file and API pages give one and the same vintage."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile

import pytest
from agency_files import (
    api_pages,
    bank_csv,
    bank_rows,
    bank_zip,
    copy_of_the_project,
    state,
    values,
)

from anew.catalog import load_catalog, read_table
from anew.errors import AnewError
from anew.intake import ingest, render
from anew.problems import DataError
from anew.validation import check_tables

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
    assert found.new_years == ["2026"] and found.added == 11
    (revision,) = found.revisions
    assert revision.key == ("GBR", "2024")
    assert revision.relative == pytest.approx(0.02)
    assert planned.left_out == {"economies that the catalogue does not keep": 23}
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
    report = ingest(project, [path], vintage="2027-07-01", dry_run=True)
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
    with pytest.raises(AnewError, match="exists, but is in no catalogue"):
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
