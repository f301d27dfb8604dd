"""Files as strangers have them: each is read rightly, or refused with place and right advice."""

from __future__ import annotations

import json

import pytest
from agency_files import as_csv, bank_csv, copy_of_the_project, values
from openpyxl import Workbook
from typer.testing import CliRunner

from anew.cli.main import app
from anew.intake import Answers, ingest, render
from anew.project.errors import AnewError
from anew.project.problems import DataError

LIST = "2026-10_cbinsights"
AI = "ai_patent_applications"


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


@pytest.fixture
def take(project, tmp_path):
    """Return a function that takes a text in and returns what is planned, by table."""

    def take(text, table=None, vintage="2026-10-01", name="x.csv", **answers):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        said = Answers(**answers)
        report = ingest(project, [path], table, vintage, dry_run=True, answers=said)
        return {planned.table: planned for planned in report.vintages}

    return take


@pytest.fixture
def refused(take):
    def refused(text, *args, **more):
        with pytest.raises(AnewError) as caught:
            take(text, *args, **more)
        return str(caught.value)

    return refused


def rows(planned):
    return planned.data.decode().splitlines()[1:]


# Places.


def test_the_state_of_a_place_is_not_taken_for_a_country(refused):
    said = refused(
        "Company,Valuation ($B),Headquarters\n"
        'Alpha,2,"San Francisco, CA"\nBeta,1.5,"Atlanta, GA"\nGamma,1.2,"Indianapolis, IN"\n',
        None,
        LIST,
    )
    for code, state in (("CA", "California"), ("GA", "Georgia"), ("IN", "Indiana")):
        assert f"{code} may be {state} in the United States, or" in said
    assert "Add the country's name behind it" in said


def test_a_state_that_is_no_country_and_a_country_behind_it_are_understood(take):
    made = take(
        "Company,Valuation ($B),Headquarters\n"
        'Alpha,2,"Austin, TX"\nBeta,1.5,"Atlanta, Georgia, United States"\n'
        'Gamma,1.2,"Shenzhen, Guangdong, China"\n',
        None,
        LIST,
    )
    assert rows(made["unicorns_by_economy"]) == ["CHN,1,1.2", "USA,2,3.5", "WLD,3,4.7"]


def test_a_name_of_two_economies_is_asked_about_where_it_matters(take, refused):
    said = refused("Company,Valuation ($B),Country\nAlpha,2,Congo\n", None, LIST)
    assert "'Congo' does not say its country: Congo may be COG or COD" in said
    text = "economy,year,count\nCongo,2020,1\nCHN,2020,2\n"
    made = take(text, AI)[AI]  # the table keeps neither
    assert rows(made) == ["CHN,2020,2"] and made.groups == {"Congo": 1}


# Units.

YUAN = "排名,企业名称,估值,国家\n1,甲公司,470,中国\n2,乙公司,150,美国\n"


@pytest.mark.parametrize(
    "text",
    [
        "独角兽榜（单位：亿元人民币）,,,\n" + YUAN,
        "单位：亿元,,,\n" + YUAN,
        YUAN + "注：估值单位为亿元人民币,,,\n",
        YUAN.replace("估值", "估值（亿元人民币）"),
        YUAN.replace("估值", "估值(CNY bn)"),
    ],
)
def test_a_unit_in_another_currency_is_refused_wherever_it_stands(refused, text):
    said = refused(text, None, LIST)
    assert "the table has them in billion US$" in said and "no exchange rate is applied" in said
    assert "($B)" not in said  # a heading that would make the numbers wrong


def test_a_unit_in_the_sheets_name_is_not_dropped(project, tmp_path):
    book = Workbook()
    book.active.title = "单位 亿元"
    for row in ("企业名称,估值,国家", "甲,470,中国"):
        book.active.append(row.split(","))
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(DataError, match="valuations in '亿元'"):
        ingest(project, [tmp_path / "x.xlsx"], vintage=LIST)


@pytest.mark.parametrize(
    ("above", "heading", "cell"),
    [
        ("单位：亿美元,,\n", "估值", "125"),
        ("", "Valuation (USD Millions)", "12500"),
        ("", "Valuation ($M)", "12500"),
        ("(in thousands of U.S. dollars),,\n", "Valuation", "12500000"),
        ("", "valuation_usd", "12500000000"),
        ("", "Valuation", "12.5"),
        ("", "post_money_value", "$12.5B"),
    ],
)
def test_a_unit_of_dollars_is_converted(take, above, heading, cell):
    made = take(f"{above}Company,{heading},Country\nAlpha,{cell},United States\n", None, LIST)
    assert rows(made["unicorns_by_economy"]) == ["USA,1,12.5", "WLD,1,12.5"]


def test_a_list_in_one_unit_throughout_is_offered_that_unit(take, refused):
    text = "Company,Valuation,Country\nAlpha,1000,United States\nBeta,29300,China\n"
    said = refused(text, None, LIST)
    assert "the sums look like millions" in said and "Valuation ($M)" in said
    assert "--unit 'million usd'" in said and "($B)" not in said
    made = take(text, None, LIST, unit="million usd")["unicorns_by_economy"]
    assert rows(made) == ["CHN,1,29.3", "USA,1,1", "WLD,2,30.3"]
    assert made.options == "--unit 'million usd'"
    assert "Leave --unit out" in refused(text.replace("Valuation", "Valuation ($B)"), None, LIST,
                                         unit="million usd")  # fmt: skip


@pytest.mark.parametrize(
    ("above", "heading", "below", "factor"),
    [
        ("", "申请量（件）", "", 1),
        ("", "申请量（万件）", "", 10_000),
        ("单位：万件,,\n", "申请量", "", 10_000),
        ("", "count", "Note: values are in thousands,,\n", 1000),
    ],
)
def test_a_unit_of_things_is_converted_in_a_table(take, above, heading, below, factor):
    text = f"{above}国家,年份,{heading}\n中国,2030,12\n美国,2030,10\n{below}"
    made = take(text, AI, "2031-01-01")[AI]
    assert rows(made) == [f"CHN,2030,{12 * factor}", f"USA,2030,{10 * factor}"]


def test_a_table_in_another_currency_or_in_two_units_is_refused(refused):
    text = "单位：亿元\n国家,年份,国内生产总值\n中国,2030,1300000\n"
    said = refused(text, "gdp", "2031-01-01")
    assert "in '亿元', and column value of gdp is in current US$" in said
    text = "(in millions of US dollars),,\ncountry,year,GDP (billion US$)\nCHN,2030,20000\n"
    assert "two units are stated" in refused(text, "gdp", "2031-01-01")


# Cells of spreadsheets.


def workbook(path, cells, percent=(), merges=()):
    book = Workbook()
    for row in cells:
        book.active.append(row)
    for place in percent:
        book.active[place].number_format = "0.00%"
    for place in merges:
        book.active.merge_cells(place)
    book.save(path)
    return path


def test_cells_shown_as_percentages_are_what_is_shown(project, tmp_path):
    own = values("rd_share", "2026-07-01")
    cells = [["economy", "year", "value"]]
    cells += [[e, y, float(f"{v / 100:.12g}")] for (e, y), v in own.items()]
    shown = [f"C{n}" for n in range(2, len(cells) + 1)]
    path = workbook(tmp_path / "rd.xlsx", cells, shown)
    (made,) = ingest(project, [path], "rd_share", "2026-10-01", dry_run=True).vintages
    assert [float(row.split(",")[2]) for row in rows(made)] == pytest.approx(
        [own[e, y] for e, y in sorted(own)]
    )
    with pytest.raises(DataError, match="'1000%' is not a number|in '%', and column count"):
        path = workbook(
            tmp_path / "n.xlsx", [["economy", "year", "count"], ["CHN", 2020, 10]], ["C2"]
        )
        ingest(project, [path], AI, "2026-10-01")


def test_percent_cells_without_their_format_are_a_factor_of_a_hundred(refused):
    own = values("rd_share", "2026-07-01")
    text = as_csv(
        [["economy", "year", "value"], *([e, str(y), repr(v / 100)] for (e, y), v in own.items())]
    )
    said = refused(text, "rd_share")
    assert "in another unit" in said and "10^-2 times the vintage before" in said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("=6+6", "'=6+6' is a formula without a stored result"),
        ("#N/A", "'#N/A' is an error of the spreadsheet"),
        ("2026-03-04", "'2026-03-04' is a date, not a number"),
        ("=1/0", "is a formula without a stored result"),
    ],
)
def test_a_cell_that_holds_no_number_is_told_by_what_it_is(project, tmp_path, cell, said):
    import datetime

    value = datetime.date.fromisoformat(cell) if cell[0] == "2" else cell
    path = workbook(
        tmp_path / "x.xlsx", [["economy", "year", "count"], ["CHN", 2016, value], ["USA", 2016, 1]]
    )
    with pytest.raises(DataError) as caught:
        ingest(project, [path], AI, "2026-10-01")
    (problem,) = caught.value.problems
    assert said in problem.message and "leave the cell empty" not in said
    assert (problem.file, problem.row, problem.column) == ("x.xlsx!Sheet", 2, "count")


def test_a_merged_name_holds_for_all_its_rows_and_a_merged_value_for_none(project, tmp_path):
    cells = [["economy", "year", "count"], ["China", 2030, 5], [None, 2031, 6]]
    path = workbook(tmp_path / "x.xlsx", cells, merges=["A2:A3"])
    (made,) = ingest(project, [path], AI, "2032-01-01", dry_run=True).vintages
    assert rows(made) == ["CHN,2030,5", "CHN,2031,6"]
    cells = [["economy", "year", "count"], ["China", 2030, 5], ["China", 2031, None]]
    path = workbook(tmp_path / "x.xlsx", cells, merges=["C2:C3"])
    with pytest.raises(DataError, match="'5' is in a cell merged over several rows") as caught:
        ingest(project, [path], AI, "2032-01-01")
    assert caught.value.problems[0].row == 3


def test_numbers_stored_as_text_are_numbers(project, tmp_path):
    path = workbook(tmp_path / "x.xlsx", [["economy", "year", "count"], ["CHN", "2030", "1,234"]])
    (made,) = ingest(project, [path], AI, "2032-01-01", dry_run=True).vintages
    assert rows(made) == ["CHN,2030,1234"]


def scientific(value):
    """Return a number as Excel shows a long one in a narrow column, and saves it."""
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{float(mantissa):.2f}E{int(exponent):+03d}"


def test_digits_that_a_spreadsheet_lost_refuse_the_file(refused):
    def shorten(lines):
        for line in lines[1:]:
            line[4:-1] = [scientific(float(cell)) if cell else "" for cell in line[4:-1]]

    text = bank_csv(
        "NY.GDP.MKTP.CD", values("gdp", "2026-07-01"), updated="2026-10-01", edit=shorten
    )
    said = refused(text, vintage=None)
    assert "digits were lost: at most 3 where the vintage before has 1" in said
    assert "do not save it from a spreadsheet" in said and said.count("row ") < 5


def test_noise_in_the_fifteenth_digit_is_no_revision(take):
    own = values("gdp", "2026-07-01")
    noisy = {key: float(f"{value:.15g}") * (1 + 4e-15) for key, value in own.items()}
    made = take(bank_csv("NY.GDP.MKTP.CD", noisy, updated="2026-10-01"), vintage=None)["gdp"]
    assert not made.comparison.revisions and made.comparison.same == len(own)


def test_a_revision_of_much_has_to_be_accepted(take, refused, project, tmp_path, monkeypatch):
    own = values("rd_share", "2026-07-01")
    revised = {key: round(value * 1.4, 6) for key, value in own.items()}
    text = bank_csv("GB.XPD.RSDV.GD.ZS", revised, updated="2026-10-01")
    said = refused(text, vintage=None)
    assert "values differ from vintage 2026-07-01 by more than 10%" in said
    assert "--accept-revisions" in said
    assert take(text, vintage=None, revisions=True)["rd_share"].implausible
    monkeypatch.setenv("ANEW_PROJECT", str(project.root))
    done = CliRunner().invoke(app, ["ingest", str(tmp_path / "x.csv"), "--accept-revisions"])
    assert done.exit_code == 0, done.output
    assert "options: --accept-revisions" in project.catalog_file.read_text("utf-8")


# Headings, rows that are left out, answers.


@pytest.mark.parametrize(
    "text",
    [
        "company,valuation,country,date_joined,founded_year\nAlpha,3,USA,2012-01-01,2002\n",
        "Company,Valuation ($B),Country,Joined Date,Date Founded\nAlpha,3,USA,2012-01-01,2002\n",
        "company_name,valuation_usd_bn,hq_country,JoinedDate,yearFounded\nAlpha,3,US,2012-01-01,2002\n",
    ],
)
def test_headings_match_by_their_words(take, text):
    made = take(text, None, LIST)
    assert rows(made["unicorns_by_year_joined"]) == ["USA,2012,1", "WLD,2012,1"]
    assert rows(made["unicorns_by_year_founded"]) == ["USA,2002,1", "WLD,2002,1"]
    assert rows(made["unicorns_by_economy"]) == ["USA,1,3", "WLD,1,3"]


def test_columns_that_are_not_understood_are_listed(take):
    made = take("Company,Valuation ($B),Country,Mascot\nAlpha,3,US,owl\n", None, LIST)
    assert "columns that are not needed: Mascot" in made["unicorns_by_economy"].remarks
    made = take("economy,year,value,Mascot\nUSA,2016,10,owl\n", AI)[AI]
    assert "columns that the table does not have: Mascot" in made.remarks


@pytest.mark.parametrize("heading", ["count", "All", "value", "申请量（件）"])
def test_the_groups_of_a_world_file_are_left_out_and_counted(take, heading):
    text = f"Entity,Code,Year,{heading}\nAsia,,2020,1\nWorld,OWID_WRL,2020,5\nChina,CHN,2020,3\n"
    made = take(text + "Africa,OWID_AFR,2020,2\nBrazil,BRA,2020,1\n", AI)[AI]
    assert rows(made) == ["CHN,2020,3", "WLD,2020,5"]
    assert made.groups == {"Asia": 1, "Africa": 1}
    assert made.left_out == {"rows of economies that the catalogue does not keep": 1}
    assert ("the column All is taken for count" in made.remarks) == (heading == "All")


def test_the_groups_of_the_world_bank_are_left_out_in_a_long_file_too(take):
    text = (
        "Country Name,Country Code,Year,Value\nArab World,ARB,2020,1\nChannel Islands,CHI,2020,1\n"
    )
    made = take(text + "China,CHN,2020,14996414166715\n", "gdp")["gdp"]
    assert rows(made) == ["CHN,2020,14996414166715"]
    assert made.groups == {"Arab World": 1, "Channel Islands": 1}


def test_the_layouts_of_databank_are_read_or_refused_as_such(take, refused):
    head = "Time,Time Code,Country Name,Country Code,GDP (current US$) [NY.GDP.MKTP.CD]\n"
    text = "2022,YR2022,China,CHN,18316765021689.7\n2022,YR2022,Arab World,ARB,..\n,,,,\n"
    foot = "Data from database: World Development Indicators,,,,\nLast Updated: 10/01/2026,,,,\n"
    made = take(head + text + foot, vintage=None)["gdp"]
    assert rows(made) == ["CHN,2022,18316765021689.7"] and made.vintage == "2026-10-01"
    head = "Time,Time Code,Series Name,Series Code,China [CHN],Arab World [ARB]\n"
    text = "2022,YR2022,GDP (current US$),NY.GDP.MKTP.CD,18316765021689.7,..\n"
    made = take(head + text + foot, vintage=None)["gdp"]
    assert rows(made) == ["CHN,2022,18316765021689.7"]
    bare = "Country Name,Country Code,2021 [YR2021],2022 [YR2022]\nChina,CHN,17.8,18.3\n"
    assert "In DataBank, under Layout, put Series" in refused(bare, "gdp")


def test_an_answer_without_observations_says_so(refused):
    page = [{"page": 0, "pages": 0, "per_page": 0, "total": 0, "lastupdated": None}, None]
    said = refused(json.dumps(page), "gdp", None, "page.json")
    assert "the API has no observation for this question" in said


def test_companies_without_a_country_can_be_left_out_or_counted(take, refused):
    text = "Company,Valuation ($B),Country,City\nAlpha,3,United States,Austin\nBeta,1,,Hong Kong\n"
    said = refused(text, None, LIST)
    assert "no country" in said and "--unplaced drop" in said and "--unplaced keep" in said
    left = take(text, None, LIST, unplaced="drop")["unicorns_by_economy"]
    assert rows(left) == ["USA,1,3", "WLD,1,3"]
    assert left.told == [{"en": "1 companies without a country are left out",
                          "zh": "1 家没有所属国家的企业未计入"}]  # fmt: skip
    kept = take(text, None, LIST, unplaced="keep")["unicorns_by_economy"]
    assert rows(kept) == ["USA,1,3", "WLD,2,4"] and kept.options == "--unplaced keep"


def test_a_valuation_of_zero_is_none_and_told(take):
    text = "Company,Valuation ($B),Country\nAlpha,3,United States\nBeta,$0,China\n"
    made = take(text, None, LIST)["unicorns_by_economy"]
    assert rows(made) == ["CHN,1,0", "USA,1,3", "WLD,2,3"]
    assert "1 companies with a valuation of zero, which is taken for none" in made.remarks
    left = take(text, None, LIST, zero="drop")["unicorns_by_economy"]
    assert rows(left) == ["USA,1,3", "WLD,1,3"]


@pytest.mark.parametrize(
    "footer", ["注：初步核算数", "数据来源：国家统计局", "Source: CSET", "Note: a, b, c"]
)
def test_a_footer_ends_a_table(take, refused, footer):
    text = f"economy,year,count\nUSA,2016,10\n\n{footer}\nRead on 2026-01-01\n"
    assert rows(take(text, AI)[AI]) == ["USA,2016,10"]
    assert "a row of data below the footer" in refused(text + "CHN,2016,11\n", AI)


def test_rows_that_say_the_same_twice_can_be_dropped(take, refused):
    text = "economy,year,count\nUSA,2016,10\nUSA,2016,10\n"
    assert "--duplicates drop takes one" in refused(text, AI)
    made = take(text, AI, duplicates="drop")[AI]
    assert rows(made) == ["USA,2016,10"] and made.left_out == {"rows that repeat another one": 1}
    assert "the file cannot say which" in refused(
        text.replace("10\n", "11\n", 1), AI, duplicates="drop"
    )


def test_a_column_of_names_that_are_no_economies_is_refused_and_not_counted_as_groups(refused):
    lines = "".join(f"Station {n},2016,{n}\n" for n in range(2000))
    said = refused("country,year,count\n" + lines, AI)
    assert "more than 500 different names are those of no economy, here 'Station 500'" in said
    assert len(said.splitlines()) < 6


def test_problems_of_one_kind_are_told_once_with_count_and_first_rows(refused):
    lines = "".join(f"CHN,{year},n.a.{year}\n" for year in range(1990, 2020))
    said = refused("economy,year,count\n" + lines, AI)
    assert "30 problems" in said and "And 29 more of this kind, rows 2, 3, 4" in said
    assert len(said.splitlines()) < 6


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (
            "Entität,économie\n".encode("latin-1")
            + b"economy,year,count\nC\xf4te d'Ivoire,2016,1\nCHN,2016,5\n",
            [],
        ),
        ("economy,year,count\n中國,2016,5\n".encode("big5"), ["--encoding", "big5"]),
    ],
)
def test_an_encoding_is_told_apart_or_said(project, tmp_path, monkeypatch, data, options):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    monkeypatch.setenv("ANEW_PROJECT", str(project.root))
    given = ["ingest", str(path), "-t", AI, "--vintage", "2026-10-01", *options]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, (done.output, done.exception)
    assert (project.raw / AI / "2026-10-01.csv").read_text() == "economy,year,count\nCHN,2016,5\n"


def test_the_sheet_of_a_workbook_can_be_chosen(project, tmp_path):
    book = Workbook()
    book.active.append(["economy", "year", "count"])
    book.active.append(["CHN", 2016, 5])
    other = book.create_sheet("other")
    other.append(["economy", "year", "count"])
    other.append(["CHN", 2016, 6])
    book.save(tmp_path / "x.xlsx")
    made = {}
    for name in ("Sheet", "other"):
        answers = Answers(sheet=name)
        (planned,) = ingest(
            project, [tmp_path / "x.xlsx"], AI, "2026-10-01", dry_run=True, answers=answers
        ).vintages
        made[name] = rows(planned)
    assert made == {"Sheet": ["CHN,2016,5"], "other": ["CHN,2016,6"]}
    with pytest.raises(DataError, match="has no sheet 'third'") as caught:
        ingest(project, [tmp_path / "x.xlsx"], AI, "2026-10-01", answers=Answers(sheet="third"))
    assert "Sheet, other" in caught.value.problems[0].hint


def test_the_report_of_a_list_reads_well(project, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Company,Valuation ($B),Country\nAlpha,3,US\nAlpha,3,US\n", "utf-8")
    said = render(ingest(project, [path], vintage=LIST, dry_run=True))
    assert "1 rows that repeat another company are counted once" in said
