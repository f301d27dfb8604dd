"""Periods other than years, entities of a project's own list, and tables with other keys."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import tiny
from hypothesis import given
from hypothesis import strategies as st

from anew.tables import periods
from anew.tables.periods import KINDS

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


@given(DAYS, st.sampled_from(KINDS))
def test_a_period_has_one_written_form_a_number_and_an_order(day, kind):
    written = periods.of_day(kind, day)
    assert periods.is_written(kind, written) and periods.kind_of(written) == kind
    assert periods.parse(kind, written) == written
    assert periods.from_number(kind, periods.as_number(written)) == written
    number = periods.ordinal(kind, written)
    assert periods.from_ordinal(kind, number) == written
    assert periods.first_day(kind, written) <= day <= periods.end_of(written)
    after = periods.from_ordinal(kind, number + 1)
    assert written < after
    assert periods.end_of(written) + timedelta(days=1) == periods.first_day(kind, after)
    assert periods.year_before(kind, written) < written


@pytest.mark.parametrize(
    ("kind", "text", "written"),
    [
        ("quarter", "2024Q1", "2024-Q1"), ("quarter", "2024-Q1", "2024-Q1"),
        ("quarter", "Q1 2024", "2024-Q1"), ("quarter", "2024年第一季度", "2024-Q1"),
        ("quarter", "2024年1季度", "2024-Q1"), ("quarter", "1. Quartal 2024", "2024-Q1"),
        ("quarter", "2024-Q5", None), ("quarter", "2024", None),
        ("month", "2024M03", "2024-03"), ("month", "2024年3月", "2024-03"),
        ("month", "Mar-2024", "2024-03"), ("month", "March 2024", "2024-03"),
        ("month", "202403", "2024-03"), ("month", "3/2024", "2024-03"),
        ("month", "2024-03-01 00:00:00", "2024-03"), ("month", "2024-03-15", None),
        ("month", "2024-13", None), ("month", "May be", None),
        ("week", "2020-W53", "2020-W53"), ("week", "2021-W53", None),
        ("week", "2024W5", "2024-W05"),
        ("date", "2024/3/5", "2024-03-05"), ("date", "2024年3月5日", "2024-03-05"),
        ("date", "5 March 2024", "2024-03-05"), ("date", "2023-02-29", None),
        ("date", "03/04/2024", None),  # the third of April, or the fourth of March
    ],
)  # fmt: skip
def test_what_agencies_write_for_a_period_is_known(kind, text, written):
    assert periods.parse(kind, text) == written


@pytest.mark.parametrize(
    ("written", "en", "zh", "de"),
    [
        ("2024", "2024", "2024", "2024"),
        ("2024-Q1", "1st quarter 2024", "2024 年第 1 季度", "1. Quartal 2024"),
        ("2024-03", "March 2024", "2024 年 3 月", "März 2024"),
        ("2021-W53", None, None, None),
        ("2020-W53", "week 53 of 2020", "2020 年第 53 周", "Woche 53 von 2020"),
        ("2024-03-05", "5 March 2024", "2024 年 3 月 5 日", "5. März 2024"),
    ],
)
def test_each_language_says_a_period_in_its_own_way(written, en, zh, de):
    if en is None:
        with pytest.raises(Exception, match="is no period"):
            periods.said(written, "en")
        return
    assert [periods.said(written, language) for language in ("en", "zh", "de")] == [en, zh, de]


TOWNS = """\
lists:
  towns:
    members: {A1: {zh: 甲镇, en: Alpha}, B2: {zh: 乙镇, en: Beta}}
    names: {B2: [Bettie]}
"""
SALES = """\
  sales:
    title: {zh: 销售额, en: Sales}
    agency: {zh: 局, en: Bureau}
    url: https://example.org/
    licence: CC0 1.0
    citation: Bureau. Sales.
    note: {zh: 无, en: none}
    key: [town, KIND]
    columns:
      - {name: town, type: entity, list: towns, title: {zh: 镇, en: Town}}
      - {name: KIND, type: KIND, title: {zh: 期, en: Period}}
      - {name: value, type: number, title: {zh: 销售额, en: Sales}, minimum: 0}
    vintages: {}
"""
CELLS = [
    "from typing import Optional\n\nedition: Optional[str] = None\nlast_KIND: Optional[str] = None",
    'import anew\nsession = anew.open("sales", edition=edition, last_KIND=last_KIND)\n'
    'frame = session.table("sales")\n'
    'frame = frame[frame["KIND"] <= session.parameters.last_KIND]',
    'session.fact("sales_period", frame["KIND"].max(), "KIND")',
]
SPANS = {
    "quarter": ("2024-Q1", "2024-Q2", "2024-Q3"),
    "month": ("2024-01", "2024-02", "2024-03"),
    "week": ("2024-W01", "2024-W02", "2024-W03"),
    "date": ("2024-01-01", "2024-01-02", "2024-01-03"),
}


def report(root, kind):
    """Make a report whose table `sales` has a row for each town and period."""
    tiny.make(root, text=True)
    catalog = root / "data/catalog.yml"
    text = catalog.read_text("utf-8").replace("tables:\n", TOWNS + "tables:\n", 1)
    catalog.write_text(text.rstrip("\n") + "\n" + SALES.replace("KIND", kind), "utf-8")
    tiny.notebook(root / "analysis/sales.ipynb", [cell.replace("KIND", kind) for cell in CELLS])
    return root


def plan(root, kind, last):
    editions = root / "data/editions.yml"
    text = editions.read_text("utf-8").rstrip("\n").replace("2024-03-01", "2024-12-31")
    editions.write_text(
        f"{text}\n      sales:\n        tables: {{sales: 2024-10-01}}\n"
        f"        parameters: {{last_{kind}: {last}}}\n"
        f"        last_{kind}: {{tables: [sales], with: [A1, B2]}}\n",
        "utf-8",
    )


@pytest.mark.parametrize("kind", sorted(SPANS))
def test_an_edition_goes_on_to_the_last_period_that_every_entity_has(tmp_path, anew, kind):
    root, (first, second, third) = report(tmp_path / "p", kind), SPANS[kind]
    long = f"镇,{kind},销售额\n甲镇,{first},1\nBettie,{first},2\n"
    (tmp_path / "long.csv").write_text(long, "utf-8")
    taken = anew("ingest", "../long.csv", "--vintage", "2024-10-01", cwd=root)
    assert taken.returncode == 0, taken.stderr
    plan(root, kind, first)
    # across, with a town that ends one period before the other
    wide = f"town,{first},{second},{third}\nAlpha,1,2,3\nB2,2,3,\n"
    (tmp_path / "wide.csv").write_text(wide, "utf-8")
    taken = anew("ingest", "../wide.csv", "--vintage", "2024-11-01", cwd=root)
    assert taken.returncode == 0 and f"new {kind}s: {second}, {third}" in taken.stdout, taken.stderr
    made = anew("edition", "new", "2025", cwd=root)
    assert f"sales: to {second}, was {first} (B2 in {second} in sales 2024-11-01)" in made.stdout
    text = (root / "data/editions.yml").read_text("utf-8").replace("'", "")
    assert f"last_{kind}: {second}" in text
    for language in ("zh", "en"):
        text = root / f"report/{language}/index.qmd"
        fact = f"\nThe last is {{{{< var {language}.sales_period >}}}}.\n"
        text.write_text(text.read_text("utf-8") + fact, "utf-8")
    done = anew("build", cwd=root)
    assert done.returncode == 0, done.stderr
    for language in ("zh", "en"):
        page = (root / f"_site/report/{language}/index.html").read_text("utf-8")
        assert f"The last is {periods.said(second, language)}" in page
    told = anew("diff", "2024", "2025", cwd=root).stdout
    if kind != "date":
        assert f"{periods.said(first, 'en')} → {periods.said(second, 'en')}" in told
    beyond = anew("build", "-p", f"sales.last_{kind}={third.replace('2024', '2025')}", cwd=root)
    assert beyond.returncode == 2 and f"the data end in {third}" in beyond.stderr
    wrong = anew("build", "-p", f"sales.last_{kind}={third[:-1]}x", cwd=root)
    assert wrong.returncode == 2 and f"is not a {kind}" in wrong.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("town,month,value\nGamma,2024-01,1\n", "'Gamma' is not in the list towns"),
        ("town,month,value\nBetta,2024-01,1\n", "Did you mean Beta (B2)?"),
        ("town,month,value\nA1,2024-31,1\n", "'2024-31' is not a month"),
        ("town,month,value\nA1,2025-01,1\n", "which lies after the vintage (2024-10)"),
        ("town,month,value\nA1,2024-01,1\nAlpha,2024年1月,2\n", "A1 2024-01 is there twice"),
        ("town,month,value\nA1,2024-01,-1\n", "below the minimum"),
        ("town,year,value\nA1,2024,1\n", "not a known format: it begins with town, year, value"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_its_row(tmp_path, anew, content, said):
    root = report(tmp_path / "p", "month")
    (tmp_path / "a.csv").write_text(content, "utf-8")
    before = (root / "data/catalog.yml").read_bytes()
    done = anew("ingest", "../a.csv", "--vintage", "2024-10-01", cwd=root)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert (root / "data/catalog.yml").read_bytes() == before


def test_a_raw_table_is_checked_for_its_list_and_its_periods(tmp_path, anew):
    root = report(tmp_path / "p", "month")
    (tmp_path / "a.csv").write_text("town,month,value\nA1,2024-01,1\n", "utf-8")
    assert anew("ingest", "../a.csv", "--vintage", "2024-10-01", cwd=root).returncode == 0
    file = root / "data/raw/sales/2024-10-01.csv"
    for row, said in (
        ("A1,2024-1,1", "'2024-1' is not a month, written as 2024-03"),
        ("C3,2024-01,1", "unknown town 'C3'"),
        ("A1,2024-11,1", "lies after the vintage, which is of 2024-10"),
    ):
        file.write_text(f"town,month,value\n{row}\n", "utf-8")
        assert said in anew("check", cwd=root).stdout


def test_a_table_may_have_a_key_of_one_column_no_period_and_only_text(tmp_path, anew):
    root = report(tmp_path / "p", "month")
    catalog = root / "data/catalog.yml"
    entry = SALES.replace("  sales:", "  notes:").replace("key: [town, KIND]", "key: [id]")
    start, end = entry.index("      - {name: town"), entry.index("    vintages")
    columns = (
        "      - {name: id, type: text, title: {zh: 编号, en: Id}}\n"
        "      - {name: note, type: text, title: {zh: 备注, en: Note}}\n"
    )
    text = catalog.read_text("utf-8").rstrip("\n")
    catalog.write_text(f"{text}\n{entry[:start]}{columns}{entry[end:]}", "utf-8")
    (tmp_path / "a.csv").write_text("编号,备注\nx-1,first\nx-2,second\n", "utf-8")
    done = anew("ingest", "../a.csv", "--table", "notes", "--vintage", "2024-10-01", cwd=root)
    assert done.returncode == 0, done.stderr
    written = (root / "data/raw/notes/2024-10-01.csv").read_text("utf-8")
    assert written == "id,note\nx-1,first\nx-2,second\n"
    (tmp_path / "b.csv").write_text("编号,备注\nx-1,first\nx-1,other\n", "utf-8")
    done = anew("ingest", "../b.csv", "--table", "notes", "--vintage", "2024-11-01", cwd=root)
    assert done.returncode == 2 and "x-1 is there twice" in done.stderr
