"""States that can be compared: editions by a dry run, sites as built."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import tiny
from test_comparison import write_records

from anew.build.dry_run import state_of
from anew.diff.state import Fact, site_state
from anew.project.errors import AnewError

OWN = Path(__file__).parent.parent

#: A year more, and one value of an old year revised.
NEWER = tiny.ROWS.replace("FRA,2021,12.5", "FRA,2021,13") + "FRA,2022,14\nDEU,2022,22\n"


@pytest.fixture
def project(tmp_path):
    """A project with two editions: the newer has a newer vintage and one year more."""
    made = tiny.make(tmp_path, figure=True)
    vintage = tmp_path / "data/raw/rain/2025-01-01.csv"
    vintage.write_text(NEWER, "utf-8", newline="\n")
    catalog = made.catalog_file.read_text("utf-8").rstrip("\n")
    sha = hashlib.sha256(NEWER.encode()).hexdigest()
    entry = catalog[catalog.index("      2024-01-01:") :]
    newer = entry.replace("2024-", "2025-").replace("rows: 6", "rows: 8")
    old_sha = hashlib.sha256(tiny.ROWS.encode()).hexdigest()
    tiny.write(made.catalog_file, f"{catalog}\n{newer.replace(old_sha, sha)}\n")
    editions = made.editions_file.read_text("utf-8")
    newer = editions.replace("editions:\n", "").replace("2024", "2025").replace("2021", "2022")
    tiny.write(made.editions_file, editions + newer)
    return made


def diff(anew, project, *arguments: str) -> dict:
    done = anew("diff", *arguments, "--json", cwd=project.root)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_edition_and_itself_do_not_differ(anew, project):
    found = diff(anew, project, "2025", "2025")
    assert [found[kind] for kind in ("figures", "facts", "claims", "statements")] == [[]] * 4
    assert found["equal"] == {"figures": 1, "facts": 3, "claims": 1, "statements": 0}
    assert "Nothing changed." in anew("diff", "2024", "2024", cwd=project.root).stdout


def test_what_the_data_changed_is_apart_from_what_a_year_more_changed(anew, project):
    found = diff(anew, project, "2024", "2025")
    facts = {
        fact["of"][0]: (fact["cause"], fact["old"], fact["between"], fact["new"])
        for fact in found["facts"]
    }
    assert facts == {
        "rain_last": ("both", 12.5, 13.0, 14.0),
        "rain_year": ("years", 2021, 2021, 2022),
        "rain_total": ("revision", 93.5, None, 130.0),
    }
    (figure,) = found["figures"]
    assert [(p["of"], p["old"], p["new"]) for p in figure["revised"]] == [
        (["FRA", "2021", "value"], 12.5, 13.0)
    ]
    assert [p["of"] for p in figure["new_years"]] == [["FRA", "2022", "value"]]
    assert figure["years"] == ["2022"]


def test_years_that_the_new_data_do_not_have_leave_the_cause_open(anew, project):
    """The newer vintage lacks the years of the older edition: nothing can be computed between."""
    only = "economy,year,value\nFRA,2022,14\nDEU,2022,22\n"
    vintage = project.root / "data/raw/rain/2025-01-01.csv"
    vintage.write_text(only, "utf-8", newline="\n")
    assert anew("accept", str(vintage), cwd=project.root).returncode == 0
    found = diff(anew, project, "2024", "2025")
    causes = {fact["of"][0]: fact["cause"] for fact in found["facts"]}
    assert causes == {"rain_last": "unknown", "rain_year": "unknown", "rain_total": "revision"}


@pytest.fixture
def site(tmp_path):
    """The records of a site, as a build writes them."""
    root = tmp_path / "site"
    words = {"title": "Rain"}
    source = {"table": "rain", "agency": {"zh": "气象局", "en": "Met Office"}}
    figure = {"sources": [source], "zh": words, "en": words}
    fact = {"value": 12.5, "unit": "mm", "figure": "fig1"}
    found = {"facts": {"rain_last": fact}, "claims": {}, "figures": {"fig1": figure}}
    tested = {"rain-doubles": {"verdict": "differs", "figure": "fig1", "evidence": {"times": 1}}}
    write_records(root, {"edition": "2024", "statements": tested, **found})
    tiny.write(root / "figures/fig1.csv", "economy,year,value\nFRA,2019,10\n")
    return root


def test_a_site_is_read_as_it_was_built(site):
    state = site_state(site)
    assert (state.name, state.built) == ("2024", True)
    assert state.rows("fig1") == [{"economy": "FRA", "year": "2019", "value": "10"}]
    assert state.facts["rain_last"] == Fact(12.5, "mm", "fig1")
    assert state.statements["rain-doubles"].result == "differs"


def test_two_sites_and_a_site_and_an_edition_can_be_compared(anew, project, site):
    other = shutil.copytree(site, site.parent / "other")
    text = (other / "facts.json").read_text("utf-8").replace("12.5", "11")
    (other / "facts.json").write_text(text, "utf-8")
    found = diff(anew, project, str(site), str(other))
    assert [(f["of"], f["cause"], f["new"]) for f in found["facts"]] == [
        (["rain_last"], "unknown", 11)
    ]
    found = diff(anew, project, str(site), "2024")
    assert {fact["of"][0]: fact["kind"] for fact in found["facts"]} == {
        "rain_year": "new",
        "rain_total": "new",
    }


def test_what_is_no_site_is_refused(project, site, tmp_path):
    with pytest.raises(AnewError, match="neither an edition nor the folder of a built site"):
        state_of(project, "2031")
    (site / "claims.json").unlink()
    with pytest.raises(AnewError, match=r"claims\.json is missing"):
        state_of(project, str(site))


@pytest.fixture(scope="module")
def editions(anew):
    """What changed from the real edition 2025 to 2026."""
    done = anew("diff", "2025", "2026", "--json", cwd=OWN)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_other_list_of_figure_2_is_a_break(editions):
    figures = {figure["address"]: figure for figure in editions["figures"]}
    (told,) = figures["fig2"]["breaks"]
    assert told["table"] == "unicorns_by_economy"
    assert told["old"]["en"].startswith("Crunchbase")
    assert told["new"]["zh"].startswith("CB Insights")
    assert (figures["fig2"]["revised"], figures["fig2"]["size"]) == ([], None)
    assert len(figures["fig2"]["broken"]) > 20
    assert all(not figure["breaks"] for address, figure in figures.items() if address != "fig2")
    broken = {fact["of"][0] for fact in editions["facts"] if fact["cause"] == "break"}
    assert broken == {f["of"][0] for f in editions["facts"] if f["figure"] == "fig2"}
    assert {"unicorns_usa", "unicorns_chn_share"} <= broken
    assert editions["scoreboard"]["figures"]["break"] == 1
    assert {turn["id"] for turn in editions["claims"] if turn["broken"]} == {
        turn["id"] for turn in editions["claims"] if turn["figure"] == "fig2"
    }


def test_figure_3_has_new_years_and_no_revision(editions):
    """Both editions read the same vintage of ICT service exports."""
    (figure,) = (figure for figure in editions["figures"] if figure["address"] == "fig3")
    assert figure["years"] == ["2023", "2024"]
    assert (figure["revised"], figure["shifted"], figure["gone"]) == ([], [], [])
    facts = {f["of"][0]: f for f in editions["facts"]}
    assert facts["exports_share_irl"]["cause"] == "years"
    assert facts["exports_irl_gdp"]["cause"] == "both"  # GDP was revised
    assert facts["gdp_chn"]["cause"] == "revision"
