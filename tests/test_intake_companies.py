"""Lists of companies: counted by economy and year, aggregates among them, nothing else stored."""

from __future__ import annotations

import datetime
import random
from collections import Counter

import pytest
from agency_files import as_csv, company_list, copy_of_the_project, state
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from anew.intake import Answers, ingest, render
from anew.project.errors import AnewError
from anew.project.problems import DataError
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table

TODAY = datetime.date(2026, 10, 8)
LIST = [
    ("Alpha", "$12.5B", "1/15/2019", "United States", "2011"),
    ("Beta", "1.2", "2021-07-01", "China", "2015"),
    ("Gamma", "900M", "Jul 3, 2021", "Germany", "2016"),
    ("Delta", "$1B", "2026/3/4", "France", "1999"),
    ("Epsilon", "2", "12 March 2021", "Hong Kong", ""),
    ("Zeta", "US$1.75bn", "13/04/2022", "South Korea", "2012"),
]


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


def take(project, tmp_path, companies=LIST, **options):
    path = tmp_path / "list.csv"
    path.write_text(company_list(companies), "utf-8")
    return ingest(project, [path], vintage="2026-10_cbinsights", today=TODAY, **options)


def refused(project, tmp_path, companies, **options):
    before = state(project)
    with pytest.raises(DataError) as caught:
        take(project, tmp_path, companies, **options)
    after = state(project)
    after.pop("list.csv")
    before.pop("list.csv", None)
    assert after == before
    return caught.value.problems


def counts(project, table, vintage="2026-10_cbinsights"):
    return read_table(project, load_catalog(project), table, vintage)


def test_a_list_is_counted_into_every_table_that_it_can_fill(project, tmp_path):
    report = take(project, tmp_path)
    assert sorted(v.table for v in report.vintages) == [
        "unicorns_by_economy", "unicorns_by_year_founded", "unicorns_by_year_joined",
    ]  # fmt: skip
    frame = counts(project, "unicorns_by_economy").set_index("economy")
    assert frame["count"].to_dict() == {
        "CHN": 1, "DEU": 1, "EUU": 2, "FRA": 1, "HKG": 1, "KOR": 1, "USA": 1, "WLD": 6,
    }  # fmt: skip
    assert frame["valuation_usd_bn"].to_dict() == {
        "CHN": 1.2, "DEU": 0.9, "EUU": 1.9, "FRA": 1.0, "HKG": 2.0, "KOR": 1.75, "USA": 12.5,
        "WLD": 19.35,
    }  # fmt: skip
    joined = counts(project, "unicorns_by_year_joined")
    assert joined.set_index(["economy", "year_joined"])["count"].to_dict() == {
        ("CHN", 2021): 1, ("DEU", 2021): 1, ("EUU", 2021): 1, ("EUU", 2026): 1, ("FRA", 2026): 1,
        ("KOR", 2022): 1, ("USA", 2019): 1, ("WLD", 2019): 1, ("WLD", 2021): 3, ("WLD", 2022): 1,
        ("WLD", 2026): 1,
    }  # fmt: skip


def test_founding_years_before_the_tables_first_are_left_out_and_counted(project, tmp_path):
    report = take(project, tmp_path)
    founded = counts(project, "unicorns_by_year_founded")
    assert founded["year_founded"].min() == 2011
    assert founded.loc[founded["economy"] == "WLD", "count"].sum() == 4
    planned = next(v for v in report.vintages if v.table == "unicorns_by_year_founded")
    assert planned.left_out == {
        "companies founded before 2000": 1,
        "companies without the year founded": 1,
    }
    assert "left out: 1 companies founded before 2000" in render(report)


def test_no_company_is_stored_unless_it_is_asked_for(project, tmp_path):
    take(project, tmp_path)
    (tmp_path / "list.csv").unlink()
    text = "".join(p.read_text("utf-8", "ignore") for p in tmp_path.rglob("*") if p.is_file())
    assert "Epsilon" not in text


def test_companies_that_are_kept_lie_outside_the_repository(project, tmp_path):
    report = take(project, tmp_path, keep_source=True)
    assert report.stored == [".anew/sources/2026-10_cbinsights-list.csv"]
    assert "Epsilon" in (project.root / report.stored[0]).read_text("utf-8")


def test_another_source_is_a_break_and_brings_its_agency(project, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(company_list(LIST), "utf-8")
    report = ingest(project, [path], "unicorns_by_economy", "2026-11_crunchbase", today=TODAY)
    (planned,) = report.vintages
    assert planned.comparison.previous == "2024-09_crunchbase"
    assert not planned.comparison.source_changed
    vintages = load_catalog(project).tables["unicorns_by_economy"].vintages
    assert "Crunchbase" in vintages["2026-11_crunchbase"].agency["en"]
    assert "CB Insights" in vintages["2025-10_cbinsights"].agency["en"]


def test_years_without_a_company_are_zero_and_no_selection(project, tmp_path):
    said = render(take(project, tmp_path, dry_run=True))
    joined = said.split("unicorns_by_year_joined 2026-10_cbinsights")[1]
    assert "zero now, and not then: " in joined and "is the file a selection" not in said


def test_a_list_is_not_ascribed_to_somebody_who_did_not_make_it(project, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(company_list(LIST), "utf-8")
    with pytest.raises(AnewError, match="say whose data it is") as caught:
        ingest(project, [path], vintage="2026-12")
    assert "--vintage 2026-12_cbinsights or --vintage 2026-12_crunchbase" in caught.value.hint
    with pytest.raises(AnewError, match="'another' is not known"):
        ingest(project, [path], vintage="2026-12_another")
    catalog = project.catalog_file
    declared = """intake:
      sources: {another: {agency: {zh: 某榜单, en: Another List}, url: "https://example.org"}}
      format: companies
      settings:
        count: count
"""
    text = catalog.read_text("utf-8")
    plain = "intake:\n      format: companies\n      settings:\n        count: count\n"
    assert text.count(plain) == 1
    catalog.write_text(text.replace(plain, declared), "utf-8")
    report = ingest(project, [path], vintage="2026-12_another", today=TODAY)
    assert {v.agency["en"] for v in report.vintages} == {"Another List"}
    assert all(v.comparison is None or v.comparison.source_changed for v in report.vintages)
    made = load_catalog(project).vintage("unicorns_by_economy", "2026-12_another")
    assert (made.agency["zh"], made.url) == ("某榜单", "https://example.org")


def published_list(path, more=()):
    """Write a workbook as CB Insights publishes it: a title, an empty column, a page's footer."""
    book = Workbook()
    sheet = book.active
    sheet["B1"] = "Global Unicorn Club: Valued at $1B+\n(as of May 7th, 2026)"
    sheet.merge_cells("B1:H2")
    head = ["Company", "Valuation ($B)", "Date Joined", "Country", "City", "Industry"]
    lines = [
        ["OpenAI", 500, datetime.datetime(2019, 7, 22), "United States", "San Francisco", "Tech"],
        ["ByteDance", 300, datetime.datetime(2017, 4, 7), "China", "Beijing", "Media"],
        ["Quest", 1.8, datetime.datetime(2023, 8, 8), "Singapore", None, "Industrials"],
        *more,
    ]
    for line in [head, *lines]:
        sheet.append([None, *line])
    for text in ("ABOUT", "Contact Us", "New York, NY 10018"):
        sheet.append([None, text])
    book.save(path)
    return path


def test_a_workbook_as_it_is_published_has_a_title_and_a_footer(project, tmp_path):
    path = published_list(tmp_path / "榜单 2026 (1).xlsx")
    report = ingest(project, [path], vintage="2026-05_cbinsights", today=TODAY)
    (counted, joined) = report.vintages
    assert counted.data == (
        b"economy,count,valuation_usd_bn\nCHN,1,300\nSGP,1,1.8\nUSA,1,500\nWLD,3,801.8\n"
    )
    assert b"WLD,2023,1\n" in joined.data
    assert "lines of text below the list, not taken: 3" in counted.remarks
    made = load_catalog(project).vintage("unicorns_by_economy", "2026-05_cbinsights")
    assert made.published == "2026-05-07"  # the day that the title tells, of the month asked for
    assert made.origin.startswith("榜单 2026 (1).xlsx ")


def test_the_title_of_a_list_is_held_against_the_vintage(project, tmp_path):
    path = published_list(tmp_path / "list.xlsx")
    with pytest.raises(AnewError, match="updated on 2026-05-07, not 2026-06"):
        ingest(project, [path], vintage="2026-06_cbinsights")
    later = [["Late", 1, datetime.datetime(2027, 1, 1), "China", "Beijing", "Media"]]
    path = published_list(tmp_path / "list.xlsx", later)
    with pytest.raises(DataError, match="2027 lies after the vintage, which is of 2026"):
        ingest(project, [path], vintage="2026-05_cbinsights")


def test_a_line_of_one_cell_among_the_companies_refuses_the_list(project, tmp_path):
    more = [["ABOUT"], ["Contact"], ["Last", 1, "2020", "China", "Beijing", "Media"]]
    path = published_list(tmp_path / "list.xlsx", more)
    with pytest.raises(DataError, match="rows 6–7: one cell alone, among the companies") as caught:
        ingest(project, [path], vintage="2026-05_cbinsights")
    assert {p.row for p in caught.value.problems} == {6, 7}


def test_an_export_of_crunchbase_gives_its_sums_in_dollars(project, tmp_path):
    money = "Post-Money Valuation"
    head = ["Organization Name", "Headquarters Location", "Founded Date"]
    head += [money, f"{money} Currency"]
    foo = ["Foo", "Beijing, Beijing, China", "2012-01-01", "10000000000", "CNY", "1400000000"]
    bar = ["Bar, Inc.", "Dublin, Dublin, Ireland", "2014", "1000000000", "EUR", "1100000000"]
    path = tmp_path / "companies.csv"
    path.write_text(as_csv([[*head, f"{money} Currency (in USD)"], foo, bar]), "utf-8")
    report = ingest(project, [path], vintage="2026-11_crunchbase", dry_run=True)
    assert b"CHN,1,1.4\nEUU,1,1.1\n" in report.vintages[0].data
    path.write_text(as_csv([head, foo[:5], bar[:5]]), "utf-8")
    with pytest.raises(DataError, match="a valuation in CNY") as caught:
        ingest(project, [path], vintage="2026-11_crunchbase")
    assert [p.column for p in caught.value.problems] == [f"{money} Currency"] * 2


def test_a_list_without_countries_or_sums_says_so(project, tmp_path):
    path = tmp_path / "list.csv"
    for head, said in (
        ("Company,Valuation ($B),Date Joined", "without a column of countries"),
        (
            "企业名称,估值（亿元人民币）,国家",
            "valuations in '亿元人民币'; the table has them in billion",
        ),
        ("Company,Country,Date Joined", "without a column of valuations"),
    ):
        path.write_text(f"{head}\na,1,b\n", "utf-8")
        with pytest.raises(DataError, match=said):
            ingest(project, [path], vintage="2026-11_cbinsights")


def test_what_is_written_for_no_year_is_no_year(project, tmp_path):
    companies = [("A", "1", "2020", "China", "None"), ("B", "1", "", "China", "2012")]
    founded = {v.table: v for v in take(project, tmp_path, companies).vintages}
    assert founded["unicorns_by_year_founded"].left_out == {"companies without the year founded": 1}


def test_the_columns_of_crunchbase_and_chinese_headings_are_known(project, tmp_path):
    rows = [
        ["Organization Name", "Headquarters Location", "Post Money Value (in USD)", "Founded Date"],
        ["Alpha", "San Francisco, California, United States", "2500000000", "2015-01-01"],
        ["Beta", "Beijing, Beijing, China", "1200000000", "2014"],
    ]
    path = tmp_path / "a.csv"
    path.write_text(as_csv(rows), "utf-8")
    report = ingest(project, [path], vintage="2026-11_crunchbase", dry_run=True)
    assert b"USA,1,2.5\n" in report.vintages[0].data
    assert any("unicorns_by_year_joined is not made" in r for r in report.vintages[0].remarks)
    rows = [
        ["企业名称", "估值（亿美元）", "国家", "入榜日期"],
        ["甲", "125", "美国", "2021年3月5日"],
        ["乙", "12亿美元", "中国香港", "2020年"],
    ]
    path.write_bytes(as_csv(rows).encode("gb18030"))
    report = ingest(project, [path], vintage="2026-11_cbinsights", dry_run=True)
    assert report.vintages[0].data.decode().splitlines()[1:] == [
        "HKG,1,1.2", "USA,1,12.5", "WLD,2,13.7",
    ]  # fmt: skip


def test_unknown_countries_are_listed_once_with_suggestions(project, tmp_path):
    more = [("A", "1", "2020", "Chinaa", ""), ("B", "1", "2020", "Chinaa", ""),
            ("C", "1", "2020", "Freedonia", ""), ("D", "1", "2020", "", "")]  # fmt: skip
    problems = refused(project, tmp_path, LIST + more)
    assert [(p.row, p.column) for p in problems] == [
        (11, "Country"),
        (8, "Country"),
        (9, "Country"),
        (10, "Country"),
    ]
    chinaa = next(p for p in problems if p.value == "Chinaa")
    assert "rows: 2" in chinaa.message and "Did you mean China (CHN)?" in chinaa.hint
    assert "economies.names in data/catalog.yml" in chinaa.hint


@pytest.mark.parametrize(
    ("company", "column", "said"),
    [
        (("X", "1200000", "2020", "China", ""), "Valuation ($B)", "mixed units?"),
        (("X", "0.0012", "2020", "China", ""), "Valuation ($B)", "mixed units?"),
        (("X", "-3", "2020", "China", ""), "Valuation ($B)", "is negative"),
        (("X", "€3B", "2020", "China", ""), "Valuation ($B)", "is not a sum of US dollars"),
        (("X", "1", "2027-02-01", "China", ""), "Date Joined", "lies after the vintage"),
        (("X", "1", "31/31/2020", "China", ""), "Date Joined", "is no date"),
        (("X", "1", "soon", "China", ""), "Date Joined", "is no date"),
        (("X", "1", "2020", "China", "2031"), "Founded Year", "lies after the vintage"),
    ],
)
def test_a_company_that_cannot_be_right_refuses_the_list(project, tmp_path, company, column, said):
    (problem,) = refused(project, tmp_path, [*LIST, company])
    assert (problem.row, problem.column) == (8, column) and said in problem.message


BETA = ("Beta", "1.2", "2021-07-01", "China", "2015")


def test_a_row_that_repeats_another_is_counted_once_and_told(project, tmp_path):
    report = take(project, tmp_path, [*LIST, BETA], dry_run=True)
    assert b"CHN,1,1.2\n" in report.vintages[0].data
    assert "1 rows that repeat another company are counted once" in report.vintages[0].remarks
    answers = Answers(duplicates="keep")
    report = take(project, tmp_path, [*LIST, BETA], answers=answers)
    assert b"CHN,2,2.4\n" in report.vintages[0].data
    made = load_catalog(project).vintage("unicorns_by_economy", "2026-10_cbinsights")
    assert made.options == "--duplicates keep"
    assert "1 rows that repeat another company are counted each" in made.note["en"]
    assert "1 行重复的企业逐行计数" in made.note["zh"]


def test_two_rows_of_one_name_are_one_company_two_or_a_question(project, tmp_path):
    other = ("Beta", "3", "2019-02-02", "China", "2009")
    report = take(project, tmp_path, [*LIST, other], dry_run=True)
    assert b"CHN,2,4.2\n" in report.vintages[0].data
    assert any("are other companies" in remark for remark in report.vintages[0].remarks)
    abroad = ("Beta", "1.2", "2021-07-01", "India", "2015")
    assert b"IND,1," in take(project, tmp_path, [*LIST, abroad], dry_run=True).vintages[0].data
    doubtful = ("beta ", "1.3", "2021-07-01", "China", "2015")
    (problem,) = refused(project, tmp_path, [*LIST, doubtful])
    assert problem.row == 8 and "one company or two?" in problem.message
    assert "--duplicates FILE" in problem.hint
    said = tmp_path / "answers.csv"
    for answer, row in (("keep", b"CHN,2,2.5\n"), ("drop", b"CHN,1,1.2\n")):
        said.write_text(f"name,answer\nBeta,{answer}\n", "utf-8")
        for answers in (Answers(duplicates=said), Answers(duplicates=answer)):
            report = take(project, tmp_path, [*LIST, doubtful], dry_run=True, answers=answers)
            assert row in report.vintages[0].data
    said.write_text("name,answer\nBeta,perhaps\n", "utf-8")
    with pytest.raises(AnewError, match="'perhaps' is no answer"):
        take(project, tmp_path, [*LIST, doubtful], dry_run=True, answers=Answers(duplicates=said))


def test_a_list_is_counted_as_the_recorded_ones_were(project, tmp_path):
    """Every row, the repeated ones too, and those without a country in the total only."""
    rows = [*LIST, BETA, ("Nowhere", "1", "2020", "", ""), ("Nil", "$0", "2020", "India", "")]
    answers = Answers(duplicates="keep", unplaced="keep")
    report = take(project, tmp_path, rows, answers=answers, dry_run=True)
    planned = report.vintages[0]
    assert b"WLD,9,21.55\n" in planned.data and b"IND,1,0\n" in planned.data
    assert planned.options == "--duplicates keep --unplaced keep"
    told = " ".join(sentence["en"] for sentence in planned.told)
    assert "1 companies without a country are counted in the total only" in told
    left = take(
        project, tmp_path, rows, dry_run=True, answers=Answers(unplaced="drop", zero="drop")
    )
    assert left.vintages[0].left_out == {
        "companies with a valuation of zero": 1, "companies without a country": 1,
    }  # fmt: skip


def test_sums_that_hardly_any_company_has_are_told_or_refused(project, tmp_path):
    (problem,) = refused(project, tmp_path, [*LIST, ("X", "1200", "2020", "China", "")])
    assert (problem.row, problem.column) == (8, "Valuation ($B)")
    assert "above 500 billion US$: 1 of the list" in problem.message
    many = [(f"c{n}", "1.5", "2020", "China", "") for n in range(150)]
    report = take(project, tmp_path, [*many, ("X", "1200", "2020", "China", "")], dry_run=True)
    assert "valued above 500 billion US$: look at row 152" in render(report)


def test_a_list_needs_to_be_told_its_date(project, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(company_list(LIST), "utf-8")
    with pytest.raises(AnewError, match="does not say when it was published"):
        ingest(project, [path])


def test_a_list_longer_than_any_published_is_counted_whole(project, tmp_path):
    draw = random.Random(1)
    countries = ["United States", "China", "India", "Germany", "United Kingdom", "France", "Japan"]
    rows = []
    for n in range(20_000):
        value, joined = f"${draw.randint(10, 99) / 10}B", f"{draw.randint(1, 12)}/1/{2010 + n % 16}"
        rows.append((f"Company {n}", value, joined, countries[n % 7], str(2000 + n % 20)))
    path = tmp_path / "list.csv"
    path.write_text(company_list(rows), "utf-8")
    report = ingest(project, [path], vintage="2026-10_cbinsights", today=TODAY)
    assert sum(v.table == "unicorns_by_economy" for v in report.vintages) == 1
    frame = counts(project, "unicorns_by_economy").set_index("economy")
    assert frame.loc["WLD", "count"] == 20_000


COUNTRIES = {"China": "CHN", "美国": "USA", "France": "FRA", "DEU": "DEU", "Brazil": "BRA"}


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(COUNTRIES)), st.integers(10, 500), st.integers(2007, 2026)
        ),
        min_size=1,
        max_size=40,
    )
)
def test_counts_and_sums_equal_a_plain_count(tmp_path_factory, drawn):
    folder = tmp_path_factory.mktemp("list")
    project = copy_of_the_project(folder)
    rows = [(f"c{n}", str(v / 10), str(y), c, "") for n, (c, v, y) in enumerate(drawn)]
    report = take(project, folder, rows, dry_run=True)
    data = {v.table: v.data.decode().splitlines()[1:] for v in report.vintages}
    codes = Counter(COUNTRIES[c] for c, _, _ in drawn)
    expected = codes + Counter({"WLD": len(drawn), "EUU": codes["FRA"] + codes["DEU"]})
    found = {line.split(",")[0]: int(line.split(",")[1]) for line in data["unicorns_by_economy"]}
    assert found == {code: n for code, n in expected.items() if n}
    world = next(line for line in data["unicorns_by_economy"] if line.startswith("WLD"))
    assert float(world.split(",")[2]) == pytest.approx(sum(v for _, v, _ in drawn) / 10)
    years = Counter(y for _, _, y in drawn)
    joined = dict(line.split(",")[1:] for line in data["unicorns_by_year_joined"]
                  if line.startswith("WLD"))  # fmt: skip
    assert {int(y): int(n) for y, n in joined.items()} == years
