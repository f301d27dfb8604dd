"""Layouts: what is written out in one comes back equal, whatever it is and however it is packed."""

from __future__ import annotations

import csv
import io

import pytest
import xlwt
from agency_files import ROOT, as_csv, copy_of_the_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from layout_files import NAMES, WRITERS, ods
from openpyxl import Workbook
from tiny import make

from anew.intake import Answers, ingest
from anew.intake.layout import load_layouts
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.problems import DataError
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table

#: What the tiny project's table says of how it is published.
INTAKE = (
    "intake: {layout: [worldbank-api, owid, unctadstat, nsf], series: [降水量], "
    "value: Rain, headings: {value: [Rain that fell]}}"
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A project with one table, of rain, that keeps ten economies."""
    folder = tmp_path_factory.mktemp("layouts")
    project = make(folder / "p")
    text = project.catalog_file.read_text("utf-8")
    text = text.replace("kept: [DEU, FRA]", f"kept: [{', '.join(sorted(NAMES))}]")
    project.catalog_file.write_text(text.replace("intake: {layout: tidy}", INTAKE), "utf-8")
    return project


def taken(project, path, **more):
    given = {"vintage": "2031-07-01", "dry_run": True, "answers": Answers(revisions=True), **more}
    (planned,) = ingest(project, [path], "rain", **given).vintages
    lines = csv.DictReader(io.StringIO(planned.data.decode()))
    return planned, {(r["economy"], int(r["year"])): float(r["value"]) for r in lines}


drawn = st.dictionaries(
    st.tuples(st.sampled_from(sorted(NAMES)), st.integers(2022, 2030)),
    st.integers(10_000_000, 99_999_999).map(lambda n: n / 1024),
    min_size=1,
    max_size=25,
)


@pytest.mark.parametrize("name", sorted(WRITERS))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=drawn)
def test_what_is_written_out_in_a_layout_comes_back_equal(tiny, name, data):
    if name == "nbs-cn":
        data = {("CHN", year): value for (_, year), value in data.items()}
    else:  # whom the vintage before has
        data = {("DEU", 2022): 12000.0, ("FRA", 2022): 11000.0, **data}
    path = tiny.root.parent / f"{name}.dat"
    path.write_text(WRITERS[name](data), "utf-8")
    planned, found = taken(tiny, path)
    assert found == data
    groups = {"worldbank-wide", "eurostat-csv", "eurostat-tsv", "owid", "unctadstat", "nsf"}
    assert bool(planned.groups) == (name in groups)


@pytest.mark.parametrize("name", ["tidy", "owid", "nsf", "imf-weo", "sdmx-csv"])
def test_a_table_is_the_same_as_csv_xlsx_and_ods_in_any_encoding(tiny, name):
    data = {("CHN", 2023): 1500.0, ("USA", 2023): 12000.5, ("CHN", 2024): 1700.25}
    text = WRITERS[name](data)
    mark = "\t" if name == "imf-weo" else ","
    cells = list(csv.reader(io.StringIO(text), delimiter=mark))
    book = Workbook()
    for row in cells:
        book.active.append(
            [float(c) if c.replace(".", "", 1).isdigit() else c or None for c in row]
        )
    folder = tiny.root.parent
    book.save(folder / "x.xlsx")
    (folder / "x.ods").write_bytes(ods(cells))
    (folder / "x.csv").write_bytes(text.encode("utf-16"))
    found = [taken(tiny, folder / f"x.{kind}")[0].data for kind in ("xlsx", "ods", "csv")]
    assert found[0] == found[1] == found[2]
    assert taken(tiny, folder / "x.ods")[1] == data


def test_a_percentage_in_an_ods_is_refused_where_it_is_none(tiny):
    path = tiny.root.parent / "p.ods"
    path.write_bytes(ods([["economy", "year", "value"], ["CHN", "2023", "0.25"]], percent=True))
    with pytest.raises(DataError, match="in '%', and column value of rain is in mm") as caught:
        taken(tiny, path)
    assert caught.value.problems[0].row == 2


def test_a_workbook_of_before_2007_is_read_as_it_is_shown(tmp_path):
    project = copy_of_the_project(tmp_path)
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    shown = xlwt.easyxf(num_format_str="0.00%")
    for n, row in enumerate(
        [["economy", "year", "value"], ["CHN", 2030, 0.0256], ["USA", 2030, 0.035]]
    ):
        for at, cell in enumerate(row):
            sheet.write(n, at, cell, shown) if at == 2 and n else sheet.write(n, at, cell)
    book.save(str(tmp_path / "x.xls"))
    (made,) = ingest(project, [tmp_path / "x.xls"], "rd_share", "2031-01-01", dry_run=True).vintages
    assert made.data == b"economy,year,value\nCHN,2030,2.56\nUSA,2030,3.5\n"


# The tables of this report: next year's file goes in as it comes.


@pytest.fixture
def project(tmp_path):
    (tmp_path / "p").mkdir()
    return copy_of_the_project(tmp_path / "p")


def recorded(table, vintage):
    project = Project(ROOT)
    return read_table(project, load_catalog(project), table, vintage)


def again(project, path, table, name="2031-01-01", **more):
    """Take a file in without a word on its table, and return the vintage as a frame."""
    (made,) = ingest(project, [path], None, name, dry_run=True, **more).vintages
    assert made.table == table
    kinds = {c.name: c for c in load_catalog(project).table(table).columns}
    lines = list(csv.DictReader(io.StringIO(made.data.decode())))
    keys = load_catalog(project).table(table).key
    texts = {c.name for c in kinds.values() if c.type in ("text", "economy")}
    return {
        tuple(row[key] for key in keys): {
            name: float(cell) if cell and name not in texts else cell
            for name, cell in row.items()
            if name not in keys
        }
        for row in lines
    }


def plain(frame, keys):
    found = {}
    for row in frame.to_dict("records"):
        cells = {n: "" if v != v else v for n, v in row.items() if n not in keys}
        found[tuple(str(row[k]) for k in keys)] = cells
    return found


def test_the_patent_families_come_back_from_a_sheet_for_each_field(project, tmp_path):
    frame = recorded("patent_families", "2022-03")
    table = load_catalog(project).table("patent_families")
    book = Workbook()
    book.remove(book.active)
    for field, titles in table.column("wipo_field").values.items():
        sheet = book.create_sheet(f"Table SPIN-{field}")
        part = frame[frame["wipo_field"] == field]
        years = sorted(part["year"].unique())
        sheet.append([f"Table SPIN-{field}. Patent families granted in {titles['en']}, by region"])
        sheet.append(["(Number)"])
        sheet.append(["Region, country, or economy", *map(int, years)])
        sheet.append(["North America", *(9 for _ in years)])
        for economy, of in part.groupby("economy"):
            cells = of.set_index("year")["count"].to_dict()
            sheet.append([economy, *(int(cells[y]) if y in cells else None for y in years)])
        sheet.append(["Note(s): Fractional counts."])
    book.save(tmp_path / "x.xlsx")
    assert again(project, tmp_path / "x.xlsx", "patent_families") == plain(
        frame, ["economy", "year", "wipo_field"]
    )


def wide(frame, head):
    years = sorted(frame["year"].unique())
    lines = [[head, *map(str, years)]]
    for economy, of in frame.groupby("economy"):
        cells = of.set_index("year")["count"].to_dict()
        lines.append([economy, *(str(cells.get(y, "")) for y in years)])
    return lines


def test_the_pct_applications_come_back_from_a_table_of_nsf(project, tmp_path):
    frame = recorded("pct_applications_electrical", "2024-03")
    text = '"Table SINV-99. PCT applications, electrical engineering"\n'
    text += as_csv(wide(frame, "Region, country, or economy")) + "Source(s): WIPO.\n"
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8")
    (planned,) = ingest(
        project, [path], "pct_applications_electrical", "2031-01-01", dry_run=True
    ).vintages
    assert planned.comparison.same == len(frame) and not planned.comparison.revisions
    assert planned.rows == len(frame)


def test_the_ai_patents_come_back_from_our_world_in_data(project, tmp_path):
    frame = recorded("ai_patent_applications", "2026-05-10")
    world = {"WLD": ("World", "OWID_WRL")}
    lines = [["Entity", "Code", "Year", "Number of AI patent applications - Field: All"]]
    for row in frame.to_dict("records"):
        name, code = world.get(
            row["economy"], (NAMES.get(row["economy"], row["economy"]), row["economy"])
        )
        lines.append([name, code, str(row["year"]), str(row["count"])])
    path = tmp_path / "x.csv"
    path.write_text(as_csv([*lines, ["Asia", "", "2020", "9"]]), "utf-8")
    assert again(project, path, "ai_patent_applications") == plain(frame, ["economy", "year"])


def test_the_policies_come_back_from_a_row_for_each_instrument(project, tmp_path):
    frame = recorded("ai_policies", "2026-01")
    lines = [["Policy initiative ID", "Country", "English name", "Start date", "Instrument"]]
    number = 0
    for row in frame.to_dict("records"):
        for _ in range(row["count"]):
            number += 1
            name = NAMES.get(
                row["economy"], "European Union" if row["economy"] == "EUU" else row["economy"]
            )
            for instrument in ("Grant", "Strategy")[: 1 + number % 2]:
                lines.append([str(number), name, "A policy", str(row["year"]), instrument])
    lines.append(["x", "China", "A policy", "", "Grant"])
    path = tmp_path / "x.csv"
    path.write_text(as_csv(lines), "utf-8")
    assert again(project, path, "ai_policies") == plain(frame, ["economy", "year"])


def test_the_table_of_the_white_papers_comes_back(project, tmp_path):
    frame = recorded("digital_economy_size", "2024-01")
    lines = [["国家", "年份", "规模（万亿美元）", "白皮书年份", "说明"]]
    titles = {"CAICT47": "47 国合计", "CAICT51": "51国合计", "CHN": "中国", "USA": "美国"}
    for row in frame.to_dict("records"):
        note = "" if row["note"] != row["note"] else row["note"]
        lines.append([titles.get(row["economy"], row["economy"]), f"{row['year']}年",
                      repr(row["value_usd_tn"]), str(row["white_paper"]), note])  # fmt: skip
    path = tmp_path / "x.csv"
    path.write_text(as_csv(lines) + "数据来源：白皮书\n", "utf-8")
    assert again(project, path, "digital_economy_size") == plain(frame, ["economy", "year"])


def test_the_year_of_a_white_paper_stands_in_its_title(project, tmp_path):
    path = tmp_path / "x.csv"
    text = "《全球数字经济白皮书（2025年）》,,\n国家,年份,数字经济规模（亿美元）\n中国,2024,81000\n"
    path.write_text(text, "utf-8")
    found = again(project, path, "digital_economy_size")
    assert found == {("CHN", "2024"): {"value_usd_tn": 8.1, "white_paper": 2025.0, "note": ""}}


# A project's own layouts.


def test_a_project_declares_its_own_layout(tmp_path):
    project = make(tmp_path / "p")
    folder = project.data / "layouts"
    folder.mkdir()
    (folder / "gauges.yml").write_text(
        "title: Gauges\nrank: 90\nneeds: {name: [Land], period: [Jahr], value: [Regen]}\n"
        "missing: ['', keine Angabe]\n", "utf-8",
    )  # fmt: skip
    text = project.catalog_file.read_text("utf-8").replace("layout: tidy", "layout: gauges")
    project.catalog_file.write_text(text, "utf-8")
    path = tmp_path / "x.csv"
    path.write_text("Land,Jahr,Regen\nFrance,2022,13\nGermany,2022,keine Angabe\n", "utf-8")
    (made,) = ingest(project, [path], None, "2031-01-01", dry_run=True).vintages
    assert made.data == b"economy,year,value\nFRA,2022,13\n" and made.format == "Gauges"
    (folder / "gauges.yml").write_text("title: Gauges\nneed: {}\n", "utf-8")
    with pytest.raises(AnewError, match="(?s)data/layouts/gauges.yml.*unknown key need"):
        ingest(project, [path], None, "2031-01-01", dry_run=True)


def test_every_layout_that_ships_is_written_out_by_a_test_or_refused():
    written = {name for name in WRITERS} | {"oecd-ai", "caict"}
    shipped = {layout.name: layout for layout in load_layouts(Project(ROOT))}
    assert {name for name, layout in shipped.items() if not layout.refuse} <= written
    assert all(layout.title for layout in shipped.values())


def test_a_format_that_is_not_there_is_told(tmp_path):
    project = make(tmp_path / "p")
    text = project.catalog_file.read_text("utf-8")
    project.catalog_file.write_text(text.replace("layout: tidy", "format: lists"), "utf-8")
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(AnewError, match="unknown format 'lists'"):
        ingest(project, [path])
    project.catalog_file.write_text(
        "formats: {lists: data/lists.py}\n" + text.replace("layout: tidy", "format: lists"), "utf-8"
    )
    with pytest.raises(AnewError, match="The format lists is not there: data/lists.py"):
        ingest(project, [path])
    (project.data / "lists.py").write_text("x = 1\n", "utf-8")
    with pytest.raises(AnewError, match="has no recognise, read, lacking"):
        ingest(project, [path])
