"""Editions: what they plan, what they refuse, and how they fit the catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_data import TinyProject

from anew.editions.editions import check_editions, load_editions, refuse_misfits
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.problems import DataError
from anew.tables.loading import load_catalog

ROOT = Path(__file__).parents[1]


@pytest.fixture
def tiny(tmp_path):
    return TinyProject(tmp_path)


def faults(tiny, addresses=None) -> list[str]:
    project = tiny.save()
    return [str(p) + p.hint for p in check_editions(project, load_catalog(project), addresses)]


def test_the_newest_edition_is_the_default(tiny):
    editions = load_editions(tiny.project)
    assert editions.default == "2022"
    assert editions.names == list(editions) == ["2021", "2022"]
    assert "2021" in editions and "2020" not in editions


def test_an_edition_plans_vintages_by_table_and_role(tiny):
    edition = load_editions(tiny.project)["2022"]
    assert edition.figures["fig1"].vintages() == [("money", None, "2022-04")]
    assert edition.figures["fig2"].vintages() == [("lists", "2021", "2021-12_a")]
    assert edition.vintages() == [("lists", "2021-12_a"), ("money", "2022-04")]


def test_an_unknown_edition_lists_the_valid_ones(tiny):
    with pytest.raises(AnewError, match="(?s)'2023'.*Valid: 2021, 2022"):
        load_editions(tiny.project)["2023"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda e: e["figures"]["fig1"].update(tabels={}), "Did you mean 'tables'?"),
        (lambda e: e["figures"]["fig1"]["last_year"].update(wiht=[]), "Did you mean 'with'?"),
        (lambda e: e.update(titel="x"), "Did you mean 'title'?"),
        (lambda e: e["title"].pop("en"), "has no text in en"),
        (lambda e: e.update(date="2022-05"), "must be a date"),
        (lambda e: e.pop("figures"), "figures is missing"),
        (lambda e: e["figures"]["fig1"]["tables"].update(money=2022), "valid string, not 2022"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_line_and_key(tiny, change, said):
    change(tiny.editions["editions"]["2022"])
    with pytest.raises(DataError) as caught:
        load_editions(tiny.save())
    assert said in str(caught.value)
    assert "data/editions.yml, line " in str(caught.value)
    assert len(caught.value.problems) == 1


def test_years_mean_the_same_with_and_without_quotation_marks(tiny):
    file = tiny.root / "data/editions.yml"
    bare = file.read_text().replace("'2021'", "2021").replace("'2022'", "2022")
    file.write_text(bare.replace("'2021-03-01'", "2021-03-01"))
    edition = load_editions(tiny.project)["2021"]
    assert edition.figures["fig1"].tables == {"money": "2021-03-01"}
    assert edition.figures["fig2"].tables == {"lists": {"2021": "2021-12_a"}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f["fig1"]["tables"].update(mony="2022-04"), "Unknown table 'mony'"),
        (lambda f: f["fig1"]["tables"].update(money="2022-05"), "Valid: 2021-03-01, 2022-04"),
        (lambda f: f["fig2"]["tables"]["lists"].update(x="1999-01"), "tables.lists.x: Unknown"),
        (lambda f: f["fig1"]["parameters"].update(first_year=2020), "2020 is after last_year 2019"),
        (lambda f: f["fig1"]["last_year"].update(tables=["lists"]), "this figure's tables"),
        (lambda f: f["fig1"]["parameters"].pop("last_year"), "last_year that is not there"),
        (lambda f: f["fig1"]["tables"].update(money={"2021": "2021-03-01"}), "one that is drawn"),
    ],
)
def test_what_does_not_fit_the_catalogue_is_named_by_edition_figure_and_line(tiny, change, said):
    change(tiny.editions["editions"]["2022"]["figures"])
    (found,) = faults(tiny)
    assert said in found
    assert found.startswith("data/editions.yml, line ") and "edition 2022" in found


def test_a_figure_without_notebook_is_refused(tiny):
    found = faults(tiny, addresses=["fig1", "fig3"])
    assert len(found) == 2 and all("Unknown figure 'fig2'" in text for text in found)
    assert faults(tiny, addresses=["fig1", "fig2"]) == []


def test_an_edition_is_not_dated_before_what_it_reads(tiny):
    tiny.editions["editions"]["2022"]["date"] = "2022-03-31"
    (found,) = faults(tiny)
    assert "2022-03-31 is before money 2022-04" in found
    with pytest.raises(DataError):
        refuse_misfits(tiny.project, load_catalog(tiny.project), None)


def test_all_faults_are_reported_at_once(tiny):
    for edition in tiny.editions["editions"].values():
        edition["figures"]["fig1"]["tables"]["money"] = "1999-01"
    assert len(faults(tiny)) == 2


# The project's own editions.


def test_the_projects_editions_fit_its_catalogue():
    project = Project(ROOT)
    assert [str(p) for p in check_editions(project, load_catalog(project))] == []


def test_the_default_is_the_newest():
    editions = load_editions(Project(ROOT))
    assert editions.default == editions.names[-1]
