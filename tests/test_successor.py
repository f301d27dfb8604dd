"""The edition after: newest vintages, last years by coverage, one entry added and nothing else."""

from __future__ import annotations

import datetime
import json

import pytest
import typer
from agency_files import ROOT, bank_csv, bank_zip, copy_of_the_project, data360, values
from agency_files import as_csv as csv_of
from tiny_data import TinyProject
from typer.testing import CliRunner

from anew.cli import edition as commands
from anew.cli.ingest import ingest as ingest_command
from anew.editions.coverage import coverage
from anew.editions.editions import check_editions, load_editions
from anew.editions.successor import add_edition, render_successor, succeed
from anew.intake import ingest
from anew.project.errors import AnewError
from anew.tables.loading import load_catalog

pytestmark = pytest.mark.slow

TODAY = datetime.date(2027, 7, 2)


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


@pytest.fixture
def tiny(tmp_path):
    return TinyProject(tmp_path)


def years(made):
    return {
        f.address: (int(f.old_last), int(f.last)) if f.last else (None, None) for f in made.figures
    }


def with_a_year_more(table, vintage, economies=None):
    data = values(table, vintage)
    last = max(year for _, year in data)
    return data | {
        (e, last + 1): v * 1.03
        for (e, y), v in list(data.items())
        if y == last and (economies is None or e in economies)
    }


def take_bank(project, tmp_path, code, data, updated="2027-07-01"):
    path = bank_zip(tmp_path / f"API_{code}.zip", code, bank_csv(code, data, updated))
    ingest(project, [path], today=TODAY)


def test_an_edition_of_the_same_data_is_the_newest_again(project):
    made = succeed(project, "2027")
    before = load_editions(project)["2026"]
    add_edition(project, made)
    after = load_editions(project)["2027"]
    assert {a: p.tables for a, p in after.figures.items()} == {
        a: p.tables for a, p in before.figures.items()
    }
    assert {a: p.parameters for a, p in after.figures.items()} == {
        a: p.parameters for a, p in before.figures.items()
    }
    assert after.title == {"zh": "2027 年度版", "en": "Edition 2027"}
    assert all(not figure.moves for figure in made.figures)


def test_a_new_year_moves_the_figures_whose_tables_all_have_it(project, tmp_path):
    gdp = with_a_year_more("gdp", "2026-07-01")
    take_bank(project, tmp_path, "NY.GDP.MKTP.CD", gdp)
    made = succeed(project, "2027")
    assert years(made)["fig7"] == (2023, 2023)
    share = with_a_year_more("rd_share", "2026-07-01")
    take_bank(project, tmp_path, "GB.XPD.RSDV.GD.ZS", share)
    made = succeed(project, "2027")
    assert years(made)["fig7"] == (2023, 2024)
    (fig7,) = [f for f in made.figures if f.address == "fig7"]
    assert fig7.limits == ("rd_share 2027-07-01 ends in 2024",)
    assert [(m.table, m.new) for m in fig7.moves] == [
        ("gdp", "2027-07-01"),
        ("rd_share", "2027-07-01"),
    ]


def test_one_economy_that_is_missing_holds_the_figure_back(project, tmp_path):
    take_bank(project, tmp_path, "NY.GDP.MKTP.CD", with_a_year_more("gdp", "2026-07-01"))
    some = {"CHN", "USA", "DEU", "WLD"}
    share = with_a_year_more("rd_share", "2026-07-01", some)
    take_bank(project, tmp_path, "GB.XPD.RSDV.GD.ZS", share)
    (fig7,) = [f for f in succeed(project, "2027").figures if f.address == "fig7"]
    assert fig7.last == "2023"
    assert fig7.limits == ("EUU in 2023 in rd_share 2027-07-01",)


def test_a_role_that_is_the_last_year_moves_on_with_it_and_others_stay(project, tmp_path):
    members = load_catalog(project).economies.aggregates["EUU"].members
    for way, code in (("exports", "EXP"), ("imports", "IMP")):
        data = values(f"digital_services_{way}", "2025-08-04")
        data |= {(m, y): 900.0 for m in members for y in range(2010, 2024) if (m, y) not in data}
        data |= {(e, 2024): v * 1.1 for (e, y), v in list(data.items()) if y == 2023}
        path = tmp_path / f"{way}.csv"
        indicator = f"UNCTAD_DE_DIG_SERVTRADE_ANN_{code}"
        path.write_text(csv_of(data360(indicator, data, {})), "utf-8")
        ingest(project, [path], vintage="2027-01-10", today=TODAY)
    made = succeed(project, "2027")
    assert years(made)["fig1"] == (2023, 2024)
    fig1 = made.entry["figures"]["fig1"]
    assert fig1["tables"]["unicorns_by_economy"] == {
        "2018": "2018-12_cbinsights",
        "2024": "2024-12_cbinsights",
    }
    assert fig1["parameters"]["last_year"] == 2024
    paper = made.entry["figures"]["paper"]["tables"]
    assert paper["unicorns_by_economy"] == {"study": "2024-09_crunchbase"}
    add_edition(project, made)
    assert check_editions(project, load_catalog(project)) == []


def test_a_last_year_caps_every_figure(project):
    found = years(succeed(project, "2027", last="2023"))
    assert {a: pair for a, pair in found.items() if pair[0]} == {
        "fig1": (2023, 2023), "fig3": (2024, 2023), "fig4": (2020, 2020), "fig5": (2025, 2023),
        "fig6": (2025, 2023), "fig7": (2023, 2023),
    }  # fmt: skip
    with pytest.raises(AnewError, match="fig1: no year up to 2018") as caught:
        succeed(project, "2027", last="2018")
    assert "The figure begins in 2018." in caught.value.hint
    with pytest.raises(AnewError, match="unicorns_by_economy has no vintage of 2022"):
        succeed(project, "2027", last="2022")


def test_an_earlier_cut_takes_what_was_published_by_then(project):
    made = succeed(project, "2027", as_of=datetime.date(2026, 7, 1))
    assert made.entry["date"] == "2026-07-01"
    with pytest.raises(AnewError, match="(?s)published by 2026-06-30.*first was published 2026-07"):
        succeed(project, "2027", as_of=datetime.date(2026, 6, 30))


def test_other_lines_of_the_file_stay_as_they_are(project):
    before = project.editions_file.read_text("utf-8")
    add_edition(project, succeed(project, "2027"))
    assert project.editions_file.read_text("utf-8").startswith(before)


def test_a_name_that_exists_or_is_none_is_refused(project):
    with pytest.raises(AnewError, match="Edition 2026 already exists"):
        succeed(project, "2026")
    with pytest.raises(AnewError, match="cannot name an edition"):
        succeed(project, "../x")
    with pytest.raises(AnewError, match="Valid: 2025, 2026"):
        succeed(project, "2027", base="2024")


def test_the_report_tells_moves_limits_and_breaks(project):
    text = render_successor(succeed(project, "2026b", base="2025"), False)
    assert "fig7: to 2023, was 2022 (rd_share 2026-07-01 ends in 2023)" in text
    fig2 = text.split("fig2")[1].split("fig3")[0]
    assert "2024-09_crunchbase → 2025-10_cbinsights; another source: a break in the series" in fig2
    assert "Dry run" in text


def test_coverage_needs_a_year_that_all_have(tiny):
    plan = load_editions(tiny.project)["2022"].figures["fig1"]
    catalog = load_catalog(tiny.project)
    found = coverage(tiny.project, catalog, plan, {"money": "2022-04"}, "fig1")
    assert found.periods == ("2020", "2019")
    tiny.editions["editions"]["2022"]["figures"]["fig1"]["parameters"]["economies"] = ["CHN", "DEU"]
    plan = load_editions(tiny.save())["2022"].figures["fig1"]
    with pytest.raises(AnewError, match="DEU in no year in money 2022-04"):
        coverage(tiny.project, catalog, plan, {"money": "2022-04"}, "fig1")


def test_a_zip_an_edition_and_no_edit_between(project, tmp_path, monkeypatch):
    """Two commands of the three that make next year's report; the third builds it."""
    monkeypatch.setenv("ANEW_PROJECT", str(project.root))
    app = typer.Typer()
    app.command()(ingest_command)
    app.add_typer(commands.app, name="edition")
    data = with_a_year_more("ict_service_exports", "2026-02-24")
    path = bank_zip(tmp_path / "API.zip", "BX.GSR.CCIS.CD", bank_csv("BX.GSR.CCIS.CD", data))
    run = CliRunner().invoke
    taken = run(app, ["ingest", str(path)])
    assert taken.exit_code == 0, taken.output
    assert "new years: 2025" in taken.output
    made = run(app, ["edition", "new", "2027"])
    assert made.exit_code == 0, made.output
    assert "fig3: to 2025, was 2024" in made.output
    assert load_editions(project).default == "2027"
    shown = json.loads(run(app, ["edition", "show", "--json"]).output)
    assert shown["figures"]["fig3"]["parameters"]["last_year"] == 2025
    assert shown["figures"]["fig3"]["tables"]["ict_service_exports"] == "2027-07-01"
    listed = run(app, ["edition", "list"]).output
    assert [line.split()[0] for line in listed.splitlines()] == ["2025", "2026", "2027"]
    assert "2027" in listed.splitlines()[-1] and "(default)" in listed.splitlines()[-1]
    assert "fig7  first_year=2014" in run(app, ["edition", "show", "2025"]).output


def test_every_rule_names_an_economy_list_or_a_table_of_zeros():
    """A figure with a rule but without economies would count any economy as all."""
    editions = load_editions(copy_free_project())
    for name in editions.names:
        for address, plan in editions[name].figures.items():
            if plan.rule:
                assert plan.parameters.get("economies"), (name, address)


def copy_free_project():
    from anew.project.paths import Project

    return Project(ROOT)
