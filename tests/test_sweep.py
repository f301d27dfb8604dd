"""Sweeps: many variants in one run, one folder each, with an index that compares them."""

from __future__ import annotations

import hashlib
import json

import pytest
import tiny
from bs4 import BeautifulSoup


@pytest.fixture(scope="module")
def swept(tmp_path_factory, anew):
    """A report in four variants, one of which cannot be."""
    root = tmp_path_factory.mktemp("sweep") / "p"
    tiny.make(root, text=True)
    over = ["--over", "fig1.economy=FRA,DEU", "--over", "fig1.last_year=2020,2099"]
    return root, anew("sweep", *over, cwd=root)


def test_every_combination_is_a_site_and_a_fault_stops_no_other(swept):
    root, done = swept
    assert done.returncode == 1 and "Traceback" not in done.stderr
    folder = root / "_sweep"
    made = {path.name for path in folder.iterdir() if (path / "manifest.json").is_file()}
    assert made == {
        "2024", "2024-fig1.economy-FRA-fig1.last_year-2020",
        "2024-fig1.economy-DEU-fig1.last_year-2020",
    }  # fmt: skip
    told = {one["variant"]: one for one in json.loads((folder / "sweep.json").read_text("utf-8"))}
    assert len(told) == 5
    failed = [one for one in told.values() if one["fault"]]
    assert len(failed) == 2 and all("the data end in 2021" in one["fault"] for one in failed)
    assert "failed: " in done.stdout and "The index is at _sweep/index.html" in done.stdout
    assert not (root / "_site").exists()  # the published site is another one


def test_the_index_counts_what_differs_and_leads_to_every_variant(swept):
    root, _ = swept
    for name, language in (("index.html", "en"), ("index.zh.html", "zh")):
        text = (root / "_sweep" / name).read_text("utf-8")
        page = BeautifulSoup(text, "html.parser")
        assert page.html["lang"].startswith(language)
        rows = page.select("tbody tr")
        assert len(rows) == 5
        for link in page.select("tbody a"):
            assert (root / "_sweep" / link["href"]).is_file()
        counts = [[td.get_text() for td in row.select("td.number")] for row in rows]
        assert counts[0][:2] == ["–", "–"]
        assert any(int(found[1]) > 0 for found in counts[1:] if found)


def test_equal_files_of_variants_take_room_once(swept):
    root, _ = swept
    fonts = [path.stat() for path in (root / "_sweep").glob("2024*/theme/**/*.js")]
    assert len({found.st_ino for found in fonts}) * 3 == len(fonts) > 0
    pages = [path.stat() for path in (root / "_sweep").glob("2024*/index.html")]
    assert {found.st_nlink for found in pages} <= {1, 2, 3}
    for manifest in (root / "_sweep").glob("2024*/manifest.json"):
        named = json.loads(manifest.read_text("utf-8"))["files"]
        for name, digest in named.items():
            assert hashlib.sha256((manifest.parent / name).read_bytes()).hexdigest() == digest


def test_what_variants_share_runs_once_and_a_second_sweep_runs_nothing(swept, anew):
    root, done = swept
    assert done.stderr.count("check the tables") == 1
    again = anew(
        "sweep", "--over", "fig1.economy=FRA,DEU", "--over", "fig1.last_year=2020", cwd=root
    )
    assert again.returncode == 0 and "run " not in again.stderr


def test_a_matrix_leaves_out_what_it_excludes(tmp_path, anew):
    root = tmp_path / "p"
    tiny.make(root, text=True)
    (root / "m.yml").write_text(
        "over:\n  fig1.economy: [FRA, DEU]\n  fig1.last_year: [2020, 2021]\n"
        "exclude:\n  - {fig1.economy: DEU, fig1.last_year: 2021}\n",
        "utf-8",
    )
    done = anew("sweep", "--matrix", "m.yml", "-o", "out", cwd=root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len([path for path in (root / "out").iterdir() if path.is_dir()]) >= 4
    assert not (root / "out/2024-fig1.economy-DEU-fig1.last_year-2021").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "No variants are named"),
        (["--over", "focus="], "no values"),
        (["--over", "edition=2031"], "Unknown edition '2031'"),
        (["--over", "fig1.economy=FRA", "-o", "data"], "was not written by a build"),
        (["--matrix", "bad.yml"], "over"),
    ],
)
def test_what_cannot_be_swept_is_refused_before_anything_runs(tmp_path, anew, arguments, said):
    root = tmp_path / "p"
    tiny.make(root, text=True)
    (root / "bad.yml").write_text("ovr: {a: [1]}\n", "utf-8")
    done = anew("sweep", *arguments, cwd=root)
    assert done.returncode == 2 and said in done.stderr, done.stderr
    assert "run " not in done.stderr
