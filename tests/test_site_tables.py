"""The data page and the data package."""

from __future__ import annotations

import json
from pathlib import Path

from bs4 import BeautifulSoup
from frictionless import Package, validate
from site_sample import SITE, VINTAGES, build, catalog, write

from anew.site.package import data_package, resource_name
from anew.site.tables import column_words


def page(language: str = "zh", site_url: str | None = None) -> BeautifulSoup:
    name = "data/index.zh.html" if language == "zh" else "data/index.html"
    return BeautifulSoup(build(site_url).files[name], "html.parser")


def test_a_table_says_what_it_is_whose_and_on_which_terms() -> None:
    text = page().find(class_="dataset").get_text(" ")
    for part in ("货物吞吐量", "港务局", "CARGO.T", "CC BY 4.0", "https://example.org/cargo",
                 "只计海运货物", "Harbour Board. Cargo handled, CARGO.T."):  # fmt: skip
        assert part in text
    assert page().find("a", href="https://creativecommons.org/licenses/by/4.0/")


def test_every_vintage_can_be_downloaded_and_says_rows_and_use() -> None:
    rows = page().find(class_="dataset").find("table").find("tbody").find_all("tr")
    links = [row.find("a")["href"] for row in rows]
    assert links == ["cargo/2025-01-01.csv", "cargo/2026-01-01.csv"]
    assert [row.find_all("td", class_="number")[0].text for row in rows] == ["5", "6"]
    assert "本年度版未使用" in rows[0].text
    readers = [a["href"] for a in rows[1].find_all("a")[1:3]]
    assert readers == ["../notebooks/fig1.zh.html", "../notebooks/fig2.zh.html"]
    # a vintage of another agency names it
    assert "港务总局" in rows[1].text and "港务总局" not in rows[0].text


def test_columns_have_units_and_codes_their_meaning() -> None:
    table = page("en").find(class_="dataset").find_all("table")[1]
    cells = [[c.text for c in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]
    assert cells[2] == ["value", "Cargo", "million tonnes"]
    assert cells[3] == ["kind", "Kind: 1 bulk; 2 boxes", "–"]


def test_each_table_is_a_dataset_for_machines() -> None:
    found = page("en", "https://example.org").find_all("script", type="application/ld+json")
    (data,) = [json.loads(script.string) for script in found]
    assert data["@type"] == "Dataset" and data["version"] == "2026-01-01"
    assert data["distribution"][0]["contentUrl"] == "https://example.org/data/cargo/2026-01-01.csv"
    assert data["variableMeasured"][2]["unitText"] == "million tonnes"


def test_frictionless_accepts_the_package_and_finds_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, {n: c for n, c in build().files.items() if n.startswith("data/")})
    report = validate(str(tmp_path / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    assert report.stats["tasks"] == 2
    package = Package(str(tmp_path / "data" / "datapackage.json"))
    assert [resource.name for resource in package.resources] == [
        "cargo.2025-01-01", "cargo.2026-01-01",
    ]  # fmt: skip
    # the package is a check, not a decoration: another byte is found by its hash
    changed = VINTAGES["2026-01-01"].replace("16.5", "16.6")
    (tmp_path / "data" / "cargo" / "2026-01-01.csv").write_text(changed, "utf-8")
    report = validate(str(tmp_path / "data" / "datapackage.json"))
    assert [error[0] for error in report.flatten(["type"])] == ["hash-count"]


def test_the_package_is_the_same_every_time_and_names_are_allowed() -> None:
    sizes = {("cargo", name): len(text) for name, text in VINTAGES.items()}
    assert data_package(SITE, catalog(), sizes) == data_package(SITE, catalog(), sizes)
    assert resource_name("a_b", "2025-10_CBinsights") == "a_b.2025-10_cbinsights"


def test_column_words_are_those_that_mean_one_thing() -> None:
    words = column_words(catalog(), "zh")
    assert words["year"] == "年份" and words["WLD"] == "世界"
    assert words["NOR"] == "挪威" and words["cargo"] == "货物吞吐量"
