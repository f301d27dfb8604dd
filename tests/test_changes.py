"""The page on what changed, as a build of every edition and as `anew diff --page` make it."""

from __future__ import annotations

import json

import pytest
import tiny
from bs4 import BeautifulSoup
from test_state import project  # noqa: F401  (a fixture: two editions, the newer with a year more)

from anew.build.plan import Request, make_plan, make_plans
from anew.site.links import check_links


@pytest.fixture
def written(project, anew, tmp_path):  # noqa: F811
    """The folder that `anew diff --page` writes."""
    tiny.add_text(project.root)
    folder = tmp_path / "page"
    done = anew("diff", "2024", "2025", "--page", str(folder), cwd=project.root)
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"The page is at {folder}/changes/index.html\n"
    return folder


def files(folder):
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_diff_writes_a_page_with_all_that_it_shows(project, anew, written):  # noqa: F811
    made = files(written)
    assert {
        "changes/index.html", "changes/index.zh.html", "before/figures/fig1.zh.svg",
        "after/figures/fig1.en.svg", "theme/anew.css", "theme/fonts.css",
    } <= set(made)  # fmt: skip
    assert check_links(made) == []
    tree = BeautifulSoup(made["changes/index.zh.html"], "html.parser")
    assert tree.find(id="fact-rain_last") and tree.find(id="change-fig1")
    other = project.root / "data"
    refused = anew("diff", "2024", "2025", "--page", str(other), cwd=project.root)
    assert refused.returncode == 2 and "than a page on what changed" in refused.stderr
    again = anew("diff", "2024", "2025", "--page", str(written), cwd=project.root)
    assert again.returncode == 0 and files(written) == made


def test_a_site_of_one_edition_has_no_such_page(project):  # noqa: F811
    assert make_plan(project, Request()).published_before is None
    newest, oldest = make_plans(project, Request(all_editions=True))
    assert newest.published_before == ("2024", "editions/2024/")
    assert oldest.published_before is None


def test_a_build_of_every_edition_has_the_page(project, anew):  # noqa: F811
    tiny.add_text(project.root)
    build = ("build", "--all-editions", "--formats", "html", "--jobs", "2")
    done = anew(*build, cwd=project.root)
    assert done.returncode == 0, done.stderr
    site = project.root / "_site"
    made = files(site)
    problems = check_links(made)
    assert [problem for problem in problems if "404.html" not in problem.page] == []
    page = made["changes/index.html"].decode()
    tree = BeautifulSoup(page, "html.parser")
    images = [image["src"] for image in tree.main.find_all("img")]
    assert images == ["../editions/2024/figures/fig1.en.wide.svg", "../figures/fig1.en.wide.svg"]
    assert tree.find(id="fact-rain_last").b.get_text() == "14.0 mm"  # in the text's own sentence
    menu = BeautifulSoup(made["report/zh/index.html"], "html.parser").select("nav.menu a")
    assert "../../changes/index.zh.html" in [link["href"] for link in menu]
    assert "editions/2024/changes/index.html" not in made
    assert b"changes/index" not in made["editions/2024/report/zh/index.html"]
    manifest = json.loads(made["manifest.json"])
    assert "changes/index.zh.html" in manifest["files"]
    index = b"".join(data for name, data in made.items() if name.startswith("pagefind/"))
    assert index  # the page is there before the site is indexed
    assert "Nothing changed" in anew(*build, cwd=project.root).stdout

    # a changed cell of the older edition's data alone makes the page again
    vintage = project.root / "data/raw/rain/2024-01-01.csv"
    vintage.write_text(tiny.ROWS.replace("FRA,2021,12.5", "FRA,2021,12"), "utf-8", newline="\n")
    assert anew("accept", str(vintage), cwd=project.root).returncode == 0
    assert anew(*build, cwd=project.root).returncode == 0
    assert (site / "changes/index.html").read_text("utf-8") != page
