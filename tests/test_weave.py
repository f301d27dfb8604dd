"""What the notebooks found, gathered for the text."""

from __future__ import annotations

import json
import os

import pytest
import yaml

from anew.build.weave import numbered, table_markdown, variables, weave, write_built
from anew.editions.editions import Edition
from anew.figures.words import Words
from anew.notebook.findings import Fact, Findings, ReportTable, Woven, read_woven
from anew.notebook.places import Place
from anew.project.errors import AnewError

WORDS = {
    "zh": Words("降水增加", "毫米", "", "增至 12.5 毫米"),
    "en": Words("Rain grows", "mm", "", "grew to 12.5 mm"),
}
TABLE = ReportTable(
    id="tbl-rain",
    figure="other",
    columns={
        "economy": {"zh": "经济体", "en": "Economy"},
        "rain": {"zh": "降水（毫米，2021）", "en": "Rain, millimetres (2021)"},
    },
    numeric=[False, True],
    rows={
        "zh": [["欧盟（27 国）", "1.0"], ["法国", "12.5"]],
        "en": [["European Union (27 members)", "1.0"], ["France", "12.5"]],
    },
    caption={"zh": "降水", "en": "Rain"},
)


def edition() -> Edition:
    title = {"zh": "2024 年度版", "en": "Edition 2024"}
    figures = {"fig1": {"tables": {"rain": "2024-01-01"}}}
    return Edition(name="2024", title=title, date="2024-03-01", note=title, figures=figures)


def result(address: str, *, fact: str = "rain", words=None, tables=()) -> Findings:
    """What a notebook found, with one fact."""
    value = Fact(
        id=fact, value=12.5, unit="mm", figure=address, printed={"zh": "12.5 毫米", "en": "12.5 mm"}
    )
    return Findings(
        address=address, edition="2024", parameters={"last_year": 2021}, facts={fact: value},
        tables={table.id: table for table in tables}, words=words or {},
        places={"facts": {fact: Place(notebook="made.ipynb", cell=2, line=1)}},
    )  # fmt: skip


NAMES = {"fig1": "analysis/fig1_rain.ipynb", "other": "analysis/other_total.ipynb"}


def gathered(*results: Findings) -> Woven:
    return weave(edition(), results, NAMES)


def test_facts_are_printed_by_language_beside_the_edition():
    woven = gathered(result("fig1", words=WORDS), result("other", fact="total"))
    assert variables(woven)["zh"] == {
        "rain": "12.5 毫米", "total": "12.5 毫米", "edition": "2024",
        "edition_title": "2024 年度版", "edition_date": "2024-03-01",
    }  # fmt: skip
    assert list(woven.figures) == ["fig1"] and woven.figures["fig1"].number == 1
    assert woven.figures["fig1"].words["en"].title == "Rain grows"


def test_figures_are_numbered_by_their_place_in_the_text_and_then_by_name():
    orders = {"a.qmd": ["fig-map", "fig-own", "fig-7"], "b.qmd": ["fig-8"]}
    found = numbered(["fig10", "fig9", "map", "fig7", "fig8"], orders)
    assert found == {
        "map": ("a.qmd", 1), "own": ("a.qmd", 2), "fig7": ("a.qmd", 3), "fig8": ("b.qmd", 1),
        "fig9": ("a.qmd", 4), "fig10": ("a.qmd", 5),
    }  # fmt: skip


def test_one_id_has_one_notebook():
    with pytest.raises(AnewError, match="other and fig1 both state fact 'rain'"):
        gathered(result("fig1"), result("other"))


def test_a_table_has_its_heads_rules_rows_and_caption():
    assert table_markdown(TABLE, "en").split("\n") == [
        "| Economy | Rain, millimetres (2021) |",
        "| :--- | ---: |",
        "| European Union (27 members) | 1.0 |",
        "| France | 12.5 |",
        "",
        ": Rain {#tbl-rain}",
        "",
    ]


def test_a_cell_is_plain_text():
    rows = {"zh": [["*", "1"]], "en": [["US$ | *bold* [x]{.y} @z", "1"]]}
    lines = table_markdown(TABLE.model_copy(update={"rows": rows}), "en").split("\n")
    assert lines[2] == r"| US\$ \| \*bold\* \[x\]\{.y\} \@z | 1 |"


def test_what_the_text_reads_is_touched_only_when_it_changes(tmp_path):
    other = result("other", fact="total", tables=[TABLE])
    woven = gathered(result("fig1", words=WORDS), other)
    write_built(tmp_path, woven)
    built = tmp_path / "report/_built"
    told = json.loads((built / "weave.json").read_text("utf-8"))
    # a typesetter's step looks at weave.json: what it reads beside it must stand there too
    assert told["printed"]["zh"]["tbl-rain"] == (built / "zh/tbl-rain.md").read_text("utf-8")
    printed = yaml.safe_load((tmp_path / "_variables.yml").read_text("utf-8"))
    assert printed["en"]["rain"] == "12.5 mm"
    # an edit that only moves lines changes nothing that a text reads
    assert "places" not in told and "made.ipynb" not in json.dumps(told)
    assert read_woven(built / "weave.json").model_dump() == woven.model_dump()
    assert (built / "zh/tbl-rain.md").read_text("utf-8").startswith("| 经济体 |")
    kept = {path: os.stat(path).st_ino for path in tmp_path.rglob("*") if path.is_file()}
    write_built(tmp_path, woven)
    assert {path: os.stat(path).st_ino for path in kept} == kept
    write_built(tmp_path, gathered(result("fig1", words=WORDS)))
    assert not (built / "zh/tbl-rain.md").exists()
