"""The catalogue: what is read from it, what it refuses, and the project's own."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml
from tiny_data import TinyProject, text

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.problems import DataError
from anew.tables.catalog import first_day, last_day
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table

ROOT = Path(__file__).parents[1]


@pytest.fixture
def tiny(tmp_path):
    return TinyProject(tmp_path)


def refusal(tiny) -> str:
    with pytest.raises(DataError) as caught:
        load_catalog(tiny.save())
    return str(caught.value)


def test_a_vintage_takes_from_its_table_what_it_does_not_say(tiny):
    tiny.add("money", "2023-01", "economy,year,value,note\nCHN,2019,1,\n", agency=text("Another"))
    catalog = load_catalog(tiny.save())
    vintages = catalog.tables["money"].vintages
    assert vintages["2022-04"].agency["en"] == "An agency"
    assert vintages["2023-01"].agency["en"] == "Another"
    assert vintages["2022-04"].as_of == vintages["2022-04"].published == "2022-04"


def test_the_table_is_read_with_the_catalogues_columns_and_types(tiny):
    frame = read_table(tiny.project, load_catalog(tiny.project), "money", "2022-04")
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "economy": "str",
        "year": "int64",
        "value": "float64",
        "note": "str",
    }
    assert frame["note"].isna().sum() == 5
    assert frame.loc[1, "value"] == 110.5


def test_na_is_text_and_only_an_empty_cell_is_missing(tiny):
    tiny.add("money", "2023-01", "economy,year,value,note\nCHN,2019,1,NA\nCHN,2020,1,\n")
    frame = read_table(tiny.save(), load_catalog(tiny.save()), "money", "2023-01")
    assert frame["note"].tolist()[0] == "NA"
    assert frame["note"].isna().tolist() == [False, True]


def test_a_changed_file_is_refused_although_its_cells_are_valid(tiny):
    path = tiny.root / "data/raw/money/2022-04.csv"
    path.write_text(path.read_text().replace("110.5", "110.6"))
    with pytest.raises(DataError, match="the file was changed"):
        read_table(tiny.project, load_catalog(tiny.project), "money", "2022-04")


def test_unknown_names_list_the_known_ones(tiny):
    catalog = load_catalog(tiny.project)
    with pytest.raises(AnewError, match="Did you mean 'money'"):
        read_table(tiny.project, catalog, "mony", "2022-04")
    with pytest.raises(AnewError, match="Valid: 2021-03-01, 2022-04"):
        read_table(tiny.project, catalog, "money", "2022-05")


def test_codes_are_kept_ones_aggregates_and_the_tables_own(tiny):
    catalog = load_catalog(tiny.project)
    assert catalog.codes("money")["economy"] == {"CHN", "DEU", "USA", "EUU", "WLD"}
    assert {"BRA", "OURS9", "WLD"} <= catalog.codes("lists")["economy"]
    assert "ABC" not in catalog.codes("lists")["economy"]


def test_the_newest_vintage_by_date_and_by_year(tiny):
    tiny.add("money", "2022-11-30", "economy,year,value,note\nCHN,2019,1,\n")
    found = load_catalog(tiny.save()).tables["money"]
    assert found.newest() == "2022-11-30"
    assert found.newest(as_of=datetime.date(2022, 6, 1)) == "2022-04"
    assert found.newest(year=2021) == "2021-03-01"
    assert found.newest(year=2019) is None


@pytest.mark.parametrize(
    ("as_of", "complete"), [("2025-10-07", 2024), ("2024-12", 2023), ("2018-12-31", 2018)]
)
def test_the_last_year_that_a_vintage_covers_whole(tiny, as_of, complete):
    rows = "economy,year,value,note\nCHN,2010,1,\n"
    tiny.add("money", as_of[:7] + "_x", rows, as_of=as_of, read="2026-01-01")
    found = load_catalog(tiny.save()).tables["money"].vintages[as_of[:7] + "_x"]
    assert found.complete_year == complete


def test_a_licence_is_one_name_or_words_in_every_language(tiny):
    named = load_catalog(tiny.save()).tables["money"].licence
    assert named == {"zh": "CC BY 4.0", "en": "CC BY 4.0"}
    words = {"zh": "注明来源", "en": "Cite the source"}
    tiny.catalog["tables"]["money"]["licence"] = words
    assert load_catalog(tiny.save()).tables["money"].licence == words
    tiny.catalog["tables"]["money"]["licence"] = {"zh": "注明来源"}
    assert "tables.money.licence has no text in en" in refusal(tiny)


def test_an_unknown_key_is_refused_with_line_and_suggestion(tiny):
    tiny.catalog["tables"]["money"]["licenze"] = tiny.catalog["tables"]["money"].pop("licence")
    said = refusal(tiny)
    assert "data/catalog.yml, line " in said
    assert "unknown key tables.money.licenze" in said
    assert "Did you mean 'licence'?" in said


def test_the_line_of_an_error_is_the_line_in_the_file(tiny):
    tiny.catalog["tables"]["money"]["vintages"]["2022-04"]["rows"] = "many"
    said = refusal(tiny)
    lines = (tiny.root / "data/catalog.yml").read_text().splitlines()
    line = next(n for n, line in enumerate(lines, 1) if "rows: many" in line)
    assert f"data/catalog.yml, line {line}: tables.money.vintages.2022-04.rows" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t.update(key=["economy", "yaer"]), "speaks of the column yaer"),
        (
            lambda t: t["columns"].append({"name": "x", "type": "entity", "title": t["title"]}),
            "has a list if it is of type entity",
        ),
        (
            lambda t: t["columns"][0].update(type="entity", list="towns"),
            "tables.money.columns[0].list: Unknown list 'towns'.",
        ),
        (
            lambda t: (
                t["columns"].append({"name": "month", "type": "month", "title": t["title"]}),
                t["key"].append("month"),
            ),
            "has two columns of type year or quarter or month",
        ),
        (lambda t: t["columns"].append(t["columns"][1]), "two columns of one name"),
        (lambda t: t["title"].pop("zh"), "has no text in zh"),
        (lambda t: t["title"].update(fr="Une table"), "has text in fr"),
        (lambda t: t["vintages"]["2022-04"].update(sha256="abc"), "should match pattern"),
        (lambda t: t["vintages"]["2022-04"].update(published="2022-13"), "month 13"),
        (lambda t: t["vintages"]["2022-04"].update(published="April"), "must be a date"),
        (lambda t: t["vintages"]["2022-04"].update(read="2021-01-01"), "before its own date"),
        (lambda t: t["vintages"]["2022-04"].update(file="../x.csv"), "not in its own file"),
        (lambda t: t["vintages"].update(x=t["vintages"]["2022-04"]), "name it by its date"),
        (lambda t: t["columns"][2].update(type="float"), "should be 'economy', 'entity', 'year'"),
    ],
)
def test_a_table_that_does_not_hang_together_is_refused(tiny, change, said):
    change(tiny.catalog["tables"]["money"])
    assert said in refusal(tiny)


@pytest.mark.parametrize(
    "change",
    [
        lambda found: found["kept"].append("chn"),
        lambda found: found["aggregates"]["EUU"]["members"].append("chn"),
        lambda found: found["aggregates"].update(chn={"title": {"zh": "组", "en": "Group"}}),
        lambda found: found.setdefault("names", {}).update(chn=["China"]),
    ],
)
def test_a_code_that_is_none_is_refused(tiny, change):
    change(tiny.catalog["economies"])
    assert "'chn'; codes are capital letters" in refusal(tiny)


def test_a_key_that_is_there_twice_is_refused(tiny):
    file = tiny.root / "data/catalog.yml"
    file.write_text(file.read_text() + "\neconomies: {kept: []}\n")
    with pytest.raises(AnewError, match="economies appears twice, first in line 1"):
        load_catalog(tiny.project)


def test_a_file_that_is_not_yaml_names_the_line(tiny):
    (tiny.root / "data/catalog.yml").write_text("economies:\n  kept: [A\ntables: {}\n")
    with pytest.raises(AnewError, match=r"data/catalog.yml, line 3: not YAML"):
        load_catalog(tiny.project)


def test_a_missing_catalogue_is_a_plain_message(tmp_path):
    with pytest.raises(AnewError, match="data/catalog.yml does not exist"):
        load_catalog(Project(tmp_path))


def test_dates_may_lack_the_day():
    assert first_day("2024-02") == datetime.date(2024, 2, 1)
    assert last_day("2024-02") == datetime.date(2024, 2, 29)
    assert first_day("2024-02-10") == last_day("2024-02-10") == datetime.date(2024, 2, 10)


# The project's own catalogue: what its notes say must be in its tables.


@pytest.fixture(scope="module")
def own():
    project = Project(ROOT)
    catalog = load_catalog(project)
    return lambda name, vintage: read_table(project, catalog, name, vintage)


def test_every_table_of_the_catalogue_has_terms_source_and_words():
    catalog = load_catalog(Project(ROOT))
    assert len(catalog.tables) == 14
    for table in catalog.tables.values():
        assert table.vintages, table.name
        assert table.url.startswith("http") and table.licence and table.citation
        for column in table.columns:
            if column.type in ("number", "integer") and not column.values:
                assert column.unit, (table.name, column.name)


def test_counts_by_year_add_up_to_the_count_of_the_same_list(own):
    for vintage in ("2024-12_cbinsights", "2025-10_cbinsights"):
        total = own("unicorns_by_economy", vintage).set_index("economy")["count"]
        years = own("unicorns_by_year_joined", vintage).groupby("economy")["count"].sum()
        assert years.to_dict() == {code: total[code] for code in years.index}


def test_the_sums_in_the_lists_are_sums(own):
    catalog = load_catalog(Project(ROOT))
    members = catalog.economies.aggregates["EUU"].members
    assert len(members) == 27
    for vintage in catalog.tables["unicorns_by_economy"].vintages:
        count = own("unicorns_by_economy", vintage).set_index("economy")["count"]
        assert count.reindex(members).sum() == count["EUU"], vintage
        unplaced = 10 if vintage == "2024-09_crunchbase" else 0
        assert count.drop(["EUU", "WLD"]).sum() == count["WLD"] - unplaced, vintage


def test_revisions_that_the_notes_state(own):
    def values(name, vintage):
        return own(name, vintage).set_index(["economy", "year"])["value"]

    change = values("gdp", "2026-07-01") / values("gdp", "2024-09-19") - 1
    china = change["CHN"].dropna()
    assert 0.015 <= china.min() and china.max() <= 0.027
    assert change["USA"].loc[:2018].eq(0).all()
    old, new = values("rd_share", "2025-12-17"), values("rd_share", "2026-07-01")
    assert (round(old["USA", 2022], 3), round(new["USA", 2022], 3)) == (3.586, 3.487)
    assert (round(old["IRL", 2022], 2), round(new["IRL", 2022], 2)) == (0.96, 1.53)
    assert old["GBR"].index.max() == 2021
    assert old["IND"].index.max() == new["IND"].index.max() == 2020


def test_patent_sums_that_the_notes_state(own):
    families = own("patent_families", "2022-03")
    china = families[families["economy"] == "CHN"]
    digital = china[china["wipo_field"] >= 2].groupby("year")["count"].sum()
    assert (digital[2018], digital[2020]) == (82_263, 125_920)
    assert china[china["year"] == 2020]["count"].sum() == 156_856
    pct = own("pct_applications_electrical", "2024-03").set_index(["economy", "year"])["count"]
    assert (pct["CHN", 2020], pct["EUU", 2022], pct["DEU", 2022]) == (32_794, 11_827, 348)
    assert pct["IRL"][pct["IRL"] == 0].index.tolist() == [2016, 2017, 2018, 2019, 2020, 2022]


def test_the_catalogue_file_is_what_an_author_would_write():
    source = (ROOT / "data/catalog.yml").read_text("utf-8")
    assert source.startswith("# yaml-language-server: $schema=")
    assert "\t" not in source and "\r" not in source
    assert yaml.safe_load(source)["tables"]


def test_a_table_needs_a_name_and_columns_and_says_what_is_not_stated(tmp_path, anew):
    import tiny as small

    root = tmp_path / "p"
    small.make(root, text=True)
    catalog = root / "data/catalog.yml"
    text = catalog.read_text("utf-8").rstrip("\n")
    columns = "[{name: place, type: text}, {name: day, type: date}, {name: depth, type: number}]"
    catalog.write_text(f"{text}\n  snow:\n    columns: {columns}\n", "utf-8")
    (tmp_path / "a.csv").write_text("place,day,depth\nA,2024-01-05,3\n", "utf-8")
    taken = anew("ingest", "../a.csv", "--vintage", "2024-02-01", cwd=root)
    assert taken.returncode == 0, taken.stderr
    table = load_catalog(Project(root)).tables["snow"]
    assert table.key == ["place", "day"] and table.title == {"zh": "snow", "en": "snow"}
    done = anew("build", cwd=root)
    assert done.returncode == 0, done.stderr
    page = (root / "_site/data/index.html").read_text("utf-8")
    assert "not stated" in page and "未注明" in (root / "_site/data/index.zh.html").read_text(
        "utf-8"
    )
    assert 'href=""' not in page
    bad = anew("ingest", "../b.csv", "--vintage", "2024-03-01", cwd=root)
    assert bad.returncode == 2
