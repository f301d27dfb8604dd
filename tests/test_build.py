"""One command from raw tables to a published site, on a tiny project."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest
import tiny


@pytest.fixture(scope="module")
def built(tmp_path_factory, anew):
    """A project that was built once; tests work in copies of it."""
    root = tmp_path_factory.mktemp("built") / "p"
    tiny.make(root, text=True)
    done = anew("build", "--jobs", "2", cwd=root)
    assert done.returncode == 0, done.stderr
    assert "The report is at _site/index.html" in done.stdout
    return root


@pytest.fixture
def project(built, tmp_path):
    """A copy of the built project, with its build folder."""
    root = tmp_path / "copy"
    shutil.copytree(built, root)
    return root


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def facts(site: Path) -> dict:
    return json.loads((site / "facts.json").read_text("utf-8"))["facts"]


def test_the_site_holds_what_it_promises(built):
    site = built / "_site"
    names = set(content(site))
    assert {
        "index.html", "404.html", "facts.json", "claims.json", "manifest.json",
        "report/zh/index.html", "report/zh/index.pdf", "report/en/index.html",
        "report/en/index.pdf", "figures/fig1.zh.svg", "figures/fig1.en.png", "figures/fig1.csv",
        "notebooks/fig1.html", "notebooks/fig1.zh.html", "notebooks/fig1.ipynb",
        "notebooks/other.html", "data/datapackage.json", "data/rain/2024-01-01.csv",
        "source/analysis/fig1_rain.ipynb", "source/analysis/scale.py",
    } <= names  # fmt: skip
    assert facts(site)["rain_last"] == {
        "value": 12.5, "unit": "mm", "figure": "fig1", "zh": "12.5 毫米", "en": "12.5 mm",
    }  # fmt: skip
    claims = json.loads((site / "claims.json").read_text("utf-8"))
    claim = claims["claims"]["rain-grows"]
    assert claim["places"] == ["report/zh/index.qmd:7", "report/en/index.qmd:7"]
    assert claim["holds"] is True and claim["figure"] == "fig1"
    assert claim["evidence"] == {"2019": 10.0, "2020": 11.0, "2021": 12.5}
    table = {"table": "rain", "vintage": "2024-01-01", "file": "data/rain/2024-01-01.csv"}
    assert claim["tables"] == [table] and (site / table["file"]).is_file()
    assert "told" not in claim


def test_the_manifest_names_every_file_and_input(built):
    import hashlib

    site = built / "_site"
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    files = content(site)
    del files["manifest.json"]
    found = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert manifest["files"] == found
    assert manifest["edition"] == "2024"
    assert {
        "data/raw/rain/2024-01-01.csv", "analysis/fig1_rain.ipynb", "analysis/scale.py",
        "report/zh/index.qmd", "_quarto.yml",
    } <= set(manifest["inputs"])  # fmt: skip
    assert str(built) not in json.dumps(manifest)


def test_the_figures_that_git_tracks_are_the_sites(built):
    for language in ("zh", "en"):
        name = f"fig1.{language}.svg"
        tracked, shown = (built / folder / name for folder in ("figures", "_site/figures"))
        assert tracked.read_bytes() == shown.read_bytes()


def test_nothing_runs_when_nothing_changed(project, anew):
    before = content(project / "_site")
    stamp = (project / "_site").stat().st_ino
    done = anew("build", cwd=project)
    assert "0 run, 2 up to date" in done.stdout and "Nothing changed" in done.stdout
    assert (project / "_site").stat().st_ino == stamp and content(project / "_site") == before
    assert anew("explain", cwd=project).stdout == "Nothing to run: everything is up to date.\n"


def test_same_bytes_from_any_folder_with_any_number_of_workers(built, tmp_path, anew):
    sites = []
    for jobs, start in (("1", "."), ("2", "report/zh")):
        root = tmp_path / f"jobs{jobs}"
        tiny.make(root, text=True)
        out = tmp_path / f"out{jobs}"
        done = anew(
            "build", "--jobs", jobs, "--output", str(out), cwd=root / start, PYTHONHASHSEED=jobs
        )
        assert done.returncode == 0, done.stderr
        sites.append(content(out))
    sites.append(content(built / "_site"))
    for other in sites[1:]:
        assert {name for name in other if other[name] != sites[0].get(name)} == set()
        assert set(other) == set(sites[0])


def test_an_edited_text_sets_its_own_language_only(project, anew):
    path = project / "report/en/index.qmd"
    path.write_text(path.read_text("utf-8").replace("All the rain", "Altogether it"), "utf-8")
    explained = anew("explain", cwd=project).stdout
    assert "typeset en HTML" in explained and "typeset zh HTML" not in explained
    assert "report/en/index.qmd changed" in explained
    done = anew("build", cwd=project)
    assert "0 run, 2 up to date" in done.stdout
    assert "1 sentence in en changed.\n  report/en/index.qmd:11\n" in done.stdout
    assert "Altogether it" in (project / "_site/report/en/index.html").read_text("utf-8")
    assert "typeset zh" not in done.stderr


def test_an_edited_module_runs_the_notebooks_that_import_it(project, anew):
    (project / "analysis/scale.py").write_text("FACTOR = 2\n")
    assert "analysis/scale.py changed" in anew("explain", cwd=project).stdout
    done = anew("build", cwd=project)
    assert "1 run, 1 up to date" in done.stdout
    assert facts(project / "_site")["rain_last"]["value"] == 25


def test_an_edited_raw_cell_is_refused_until_it_is_accepted(project, anew):
    raw = project / "data/raw/rain/2024-01-01.csv"
    before = content(project / "_site")
    raw.write_text(raw.read_text().replace("FRA,2021,12.5", "FRA,2021,13.5"))
    refused = anew("build", cwd=project)
    assert refused.returncode == 2 and "data/raw/rain/2024-01-01.csv" in refused.stderr
    assert "anew accept data/raw/rain/2024-01-01.csv" in refused.stderr
    assert "Traceback" not in refused.stderr and content(project / "_site") == before
    accepted = anew("accept", str(raw), cwd=project)
    assert accepted.returncode == 0, accepted.stderr
    done = anew("build", cwd=project)
    assert done.returncode == 0 and facts(project / "_site")["rain_last"]["en"] == "13.5 mm"
    told = [
        "1 figure, 2 facts, 2 sentences in en, 2 sentences in zh changed.",
        "  fig1 (moderate): 1 value revised",
        "  rain_last: 12.5 mm → 13.5 mm (+1.0 mm, +8.0%, moderate)",
        "  report/en/index.qmd:7",
        "Full list: .anew/changed.md",
    ]
    assert [line for line in told if line not in done.stdout.splitlines()] == []
    changed = (project / ".anew/changed.md").read_text("utf-8")
    assert "- report/zh/index.qmd:7\n  - before: 降水增加到 12.5 毫米" in changed
    assert "  - now: Rain grew to 13.5 mm, see Figure 1, in 2021." in changed


def test_what_is_no_vintage_is_not_accepted(project, anew):
    stray = tiny.write(project / "data/raw/stray.csv", "a,b\n")
    done = anew("accept", str(stray), cwd=project)
    assert done.returncode == 2 and "such as data/raw/rain/2024-01-01.csv" in done.stderr
    tiny.write(project / "data/catalog.yml", "tables: {}\n")
    done = anew("accept", str(stray), cwd=project)
    assert done.returncode == 2 and "The catalogue has no vintage yet" in done.stderr


def test_a_cell_that_the_catalogue_does_not_allow_is_never_accepted(project, anew):
    raw = project / "data/raw/rain/2024-01-01.csv"
    catalog = (project / "data/catalog.yml").read_bytes()
    raw.write_text(raw.read_text().replace("FRA,2021,12.5", "FRA,2021,-1"))
    done = anew("accept", str(raw), cwd=project)
    assert done.returncode == 2 and "row 4, column value" in done.stderr and "-1" in done.stderr
    assert (project / "data/catalog.yml").read_bytes() == catalog


def test_an_edit_of_the_style_reaches_the_site_and_sets_no_text_again(project, anew):
    shipped = (project / "_site/theme/anew.css").read_text("utf-8")
    style = tiny.write(project / "report/theme/anew.css", shipped + "/* another look */\n")
    done = anew("build", cwd=project)
    assert done.returncode == 0 and "typeset" not in done.stderr, done.stderr
    assert (project / "_site/theme/anew.css").read_text("utf-8").endswith("/* another look */\n")
    style.unlink()
    assert anew("build", cwd=project).returncode == 0
    assert (project / "_site/theme/anew.css").read_text("utf-8") == shipped


def test_an_edit_of_the_catalogue_reaches_all_that_is_made_of_it(project, anew):
    before = content(project / "_site")
    catalog = project / "data/catalog.yml"
    text = catalog.read_text("utf-8").replace("CC0", "ODbL").replace("en: invented", "en: made up")
    text = text.replace("en: Millimetres", "en: Depth of rain")
    catalog.write_text(text, "utf-8")
    assert anew("build", cwd=project).returncode == 0
    after = content(project / "_site")
    for name, words in {
        "data/index.html": b"made up",
        "data/datapackage.json": b"ODbL",
        "report/en/index.html": b"Depth of rain",
        "manifest.json": hashlib.sha256(text.encode()).hexdigest().encode(),
    }.items():
        assert words in after[name] and words not in before[name], name
    index = [name for name in after if name.startswith("pagefind/") and name not in before]
    assert index, "the search index is as it was"


def test_a_failing_notebook_is_quoted_and_leaves_the_last_good_site(project, anew):
    before = content(project / "_site")
    cells = [*tiny.FIG1, "raise ValueError('the gauge leaks')"]
    tiny.notebook(project / "analysis/fig1_rain.ipynb", cells)
    done = anew("build", cwd=project)
    assert done.returncode == 1
    assert "fig1: cell 6 of analysis/fig1_rain.ipynb failed" in done.stderr
    assert "│ raise ValueError('the gauge leaks')" in done.stderr
    assert content(project / "_site") == before


def test_a_text_that_cannot_be_typeset_leaves_the_last_good_site(project, anew):
    before = content(project / "_site")
    path = project / "report/en/index.qmd"
    text = path.read_text("utf-8") + "\n{{< var en.nowhere >}}\n"
    path.write_text(text, "utf-8")
    done = anew("build", cwd=project)
    line = text.rstrip().count("\n") + 1
    assert done.returncode == 2 and f"report/en/index.qmd:{line}:" in done.stderr
    assert "nowhere" in done.stderr and content(project / "_site") == before


def test_a_part_is_built_without_the_text_and_without_touching_the_site(project, anew):
    before = content(project / "_site")
    tracked = content(project / "figures")
    done = anew("build", "--only", "fig1", "-p", "fig1.last_year=2020", cwd=project)
    assert done.returncode == 0, done.stderr
    part = project / done.stdout.split()[-1]
    assert facts(part.parent)["rain_last"]["value"] == 11
    assert set(facts(part.parent)) == {"rain_last", "rain_year"}
    assert content(project / "_site") == before and content(project / "figures") == tracked


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--edition", "2042"], ["'2042'", "2024"]),
        (["--only", "fig8"], ["'fig8'", "Did you mean 'fig1'", "fig1, other"]),
        (["-p", "fig1.last_yaer=2020"], ["last_yaer", "last_year"]),
        (["-p", "fig1.last_year=soon"], ["last_year", "soon", "Optional[int]"]),
        (["-p", "fig1.last_year"], ["the value is missing"]),
        (["--formats", "odt"], ["'odt'", "docx"]),
        (["--engine", "latex"], ["'latex'", "embedded"]),
    ],
)
def test_a_wrong_request_lists_what_is_valid(built, anew, arguments, said):
    done = anew("build", *arguments, cwd=built)
    assert done.returncode == 2, done.stderr
    assert all(part in done.stderr for part in said), done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_other_things_is_not_overwritten(project, anew, tmp_path):
    thesis = tmp_path / "thesis"
    thesis.mkdir()
    (thesis / "chapter.txt").write_text("mine")
    done = anew("build", "--output", str(thesis), cwd=project)
    assert done.returncode == 2 and (thesis / "chapter.txt").read_text() == "mine"


def test_a_site_that_was_tampered_with_is_mended(project, anew):
    good = content(project / "_site")
    (project / "_site/facts.json").write_text("{}")
    (project / "_site/stranger.html").write_text("hello")
    assert anew("build", cwd=project).returncode == 0
    assert content(project / "_site") == good


def test_a_build_that_is_killed_leaves_the_last_good_site(project):
    before = content(project / "_site")
    began = project.parent / "began"
    module = f"import pathlib, time\npathlib.Path({str(began)!r}).touch()\ntime.sleep(600)\n"
    (project / "analysis/scale.py").write_text(module)
    process = subprocess.Popen(
        [sys.executable, "-c", "from anew.cli.main import main; main()", "build"],
        cwd=project, stderr=subprocess.DEVNULL, start_new_session=True,
        env={k: v for k, v in os.environ.items() if k != "ANEW_PROJECT"},
    )  # fmt: skip
    try:
        while not began.exists():
            assert process.poll() is None, "the build ended before a notebook began"
            time.sleep(0.05)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert content(project / "_site") == before


def test_a_claim_that_fails_is_said_and_fails_a_strict_build(project, anew):
    (project / "analysis/scale.py").write_text("FACTOR = -1\n")
    done = anew("build", cwd=project)
    listed = (
        "Claims that do not hold:\n"
        "  report/zh/index.qmd:7: rain-grows (fig1, edition 2024)\n"
        "  report/en/index.qmd:7: rain-grows (fig1, edition 2024)\n"
    )
    assert done.returncode == 0 and listed in done.stdout
    said = {
        "zh": ("本年度版的数据不支持这句话。数据所示：某年降水减少。", "2021：−12.5"),
        "en": ("This edition’s data do not support this sentence.", "2021 = −12.5"),
    }
    for language, words in said.items():
        page = (project / f"_site/report/{language}/index.html").read_text("utf-8")
        assert 'data-claim="rain-grows"' in page and 'id="evidence-rain-grows"' in page
        mark = {"zh": "（本年度版的数据不支持这句话）", "en": "(not supported by this edition"}
        assert mark[language] in page
        document = pypdfium2.PdfDocument(project / f"_site/report/{language}/index.pdf")
        printed = "".join(p.get_textpage().get_text_bounded() for p in document)
        plain = "".join(printed.split())
        for word in words:
            assert "".join(word.split()) in plain, printed
    before = content(project / "_site")
    (project / "analysis/scale.py").write_text("FACTOR = -2\n")
    strict = anew("build", "--strict", cwd=project)
    assert strict.returncode == 2 and listed.splitlines()[1] in strict.stderr
    assert "1 claim of the text does not hold: rain-grows." in strict.stderr
    assert content(project / "_site") == before


def test_a_fact_that_is_not_there_is_a_dash_where_a_failing_claim_says_so(project, anew):
    cells = [*tiny.FIG1, tiny.DRAW]
    cells[3] += '\nsession.absent("rain_year", "rain_peak")'
    tiny.notebook(project / "analysis/fig1_rain.ipynb", cells)
    for language, sentence in (("zh", "顶峰在 {} 年"), ("en", "The peak is in {}")):
        path = project / f"report/{language}/index.qmd"
        print_it = sentence.format(f"{{{{< var {language}.rain_peak >}}}}")
        bound = f'\n[{print_it}]{{.claim ref="rain-grows"}}.\n'
        path.write_text(path.read_text("utf-8") + bound, "utf-8")
    done = anew("build", cwd=project)
    assert done.returncode == 2, done.stdout
    said = "the data have no fact rain_peak. Bind the sentence to a claim that fails without it"
    assert f"report/en/index.qmd:13: {said}" in done.stderr
    assert f"report/en/index.qmd:13: {said}" in anew("check", cwd=project).stdout
    (project / "analysis/scale.py").write_text("FACTOR = -1\n")
    done = anew("build", cwd=project)
    assert done.returncode == 0 and "report/en/index.qmd:13: rain-grows" in done.stdout
    page = (project / "_site/report/zh/index.html").read_text("utf-8")
    assert "顶峰在 — 年" in page and "rain_peak" not in facts(project / "_site")
    assert "rain_year" in facts(project / "_site")  # it is stated
    assert "no fact" not in anew("check", cwd=project).stdout


def test_every_edition_on_one_site(project, anew):
    editions = (project / "data/editions.yml").read_text("utf-8")
    older = editions.split("editions:\n", 1)[1].replace('"2024"', '"2023"')
    (project / "data/editions.yml").write_text(editions + older, "utf-8")
    done = anew("build", "--all-editions", cwd=project)
    assert done.returncode == 0, done.stderr
    site = project / "_site"
    old = json.loads((site / "editions/2023/facts.json").read_text("utf-8"))
    assert old["edition"] == "2023" and (site / "editions/2023/report/zh/index.pdf").is_file()
    newest = (site / "report/en/index.html").read_text("utf-8")
    assert 'href="../../editions/2023/report/en/index.html"' in newest
    page = (site / "editions/2023/report/en/index.html").read_text("utf-8")
    assert 'href="../../../../report/en/index.html"' in page and 'class="old"' in page
    assert "Nothing changed" in anew("build", "--all-editions", cwd=project).stdout
    (project / "analysis/scale.py").write_text("FACTOR = 2\n")
    told = anew("build", "--all-editions", cwd=project).stdout
    assert told.count("\n1 figure, ") == 2
    assert "Edition 2023\n" in told and "Edition 2024\n" in told
    refused = anew("build", "--all-editions", "--edition", "2023", cwd=project)
    assert refused.returncode == 2 and "Drop --edition" in refused.stderr
    assert anew("build", cwd=project).returncode == 0
    assert not (site / "editions").exists()
