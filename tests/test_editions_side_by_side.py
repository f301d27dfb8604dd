"""Every edition on one site: each page leads to the same page of the others, old ones say so."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import tiny
from bs4 import BeautifulSoup

from anew.build.identity import missing_pages, site_of
from anew.build.plan import Request, make_plans


def add_older(root: Path) -> None:
    """Give the project an edition 2023 that has one notebook less."""
    path = root / "data/editions.yml"
    text = path.read_text("utf-8")
    older = text.split("editions:\n", 1)[1].replace("2024 年度版", "2023 年度版")
    older = older.replace('"2024":', '"2023":').replace("Edition 2024", "Edition 2023")
    older = older.replace("2024-03-01", "2024-02-01").replace("last_year: 2021", "last_year: 2020")
    path.write_text(text + older, "utf-8")
    # a notebook that only the newest edition has; the text does not need it
    tiny.notebook(root / "analysis/extra_count.ipynb", [
        "from typing import Optional\n\nedition: Optional[str] = None",
        'import anew\nsession = anew.open("extra", edition=edition)\n'
        'rain = session.table("rain")\nsession.fact("rain_rows", len(rain), "year")',
    ])  # fmt: skip
    newest, rest = path.read_text("utf-8").split('  "2023":')
    path.write_text(
        newest + "      extra:\n        tables: {rain: 2024-01-01}\n" + '  "2023":' + rest, "utf-8"
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory, anew):
    root = tmp_path_factory.mktemp("editions") / "p"
    tiny.make(root, text=True)
    add_older(root)
    quarto = root / "_quarto.yml"
    text = quarto.read_text("utf-8")
    assert "{title: Rain}" in text
    text = text.replace("{title: Rain}", "{title: Rain, site-url: https://example.org/rain}")
    quarto.write_text(text, "utf-8")
    done = anew("build", "--all-editions", "--jobs", "2", cwd=root)
    assert done.returncode == 0, done.stderr
    return root / "_site"


def pages(site: Path) -> dict[str, BeautifulSoup]:
    found = {path.relative_to(site).as_posix(): path for path in site.rglob("*.html")}
    # 404.html is shown at any address, so its links begin at the root of the server
    return {
        name: BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for name, path in sorted(found.items())
        if not name.endswith("404.html") and "figures/" not in name  # these stand in a frame
    }


def apart(name: str) -> tuple[str, str]:
    """Return the edition of a page and its path there."""
    if name.startswith("editions/2023/"):
        return "2023", name.removeprefix("editions/2023/")
    return "2024", name


def test_each_page_leads_to_the_same_page_of_the_other_edition(site):
    every = pages(site)
    for name, page in every.items():
        edition, path = apart(name)
        named = {a.get_text(strip=True)[:4]: a for a in page.select("details.pick a")}
        links = {label: a for label, a in named.items() if label.isdecimal()}
        assert set(links) == {"2023", "2024"}, name
        for other, link in links.items():
            target = posixpath.normpath(
                posixpath.join(posixpath.dirname(name), link["href"].partition("#")[0])
            )
            same = path if other == "2024" else f"editions/2023/{path}"
            assert target in every, (name, target)
            if same in every:
                assert target == same, name
            assert (link.get("aria-current") == "true") == (other == edition), name


def test_a_page_that_an_edition_lacks_leads_to_its_start(site):
    page = pages(site)["notebooks/extra.html"]
    links = [link["href"] for link in page.select("details.pick a")]
    assert "../editions/2023/index.html#start" in links
    assert not (site / "editions/2023/notebooks/extra.html").exists()


def test_only_what_the_other_lacks_is_missing(tmp_path):
    project = tiny.make(tmp_path, text=True)
    add_older(tmp_path)
    newest, older = make_plans(project, Request(all_editions=True))
    changes = ["changes/index.zh.html", "changes/index.html"]
    extra = ["notebooks/extra.zh.html", "notebooks/extra.html"]
    assert missing_pages(newest) == {"2024": [], "2023": [*extra, *changes]}
    assert missing_pages(older) == {"2024": [], "2023": changes}
    assert older.root == "editions/2023/" and newest.root == ""


def test_every_edition_has_its_own_address_and_only_the_root_a_404(tmp_path, site):
    project = tiny.make(tmp_path, text=True)
    add_older(tmp_path)
    quarto = tmp_path / "_quarto.yml"
    addressed = "{title: Rain, site-url: https://e.org/r}"
    text = quarto.read_text("utf-8").replace("{title: Rain}", addressed)
    quarto.write_text(text, "utf-8")
    newest, older = make_plans(project, Request(all_editions=True))
    assert [site_of(p, tmp_path).site_url for p in (newest, older)] == [
        "https://e.org/r/", "https://e.org/r/editions/2023/",
    ]  # fmt: skip
    assert (site / "404.html").is_file() and (site / "robots.txt").is_file()
    assert not list((site / "editions/2023").glob("404.html"))
    assert not list((site / "editions/2023").glob("robots.txt"))


@pytest.mark.parametrize(("name", "language"), [("feed.xml", "en"), ("feed.zh.xml", "zh")])
def test_the_feed_has_every_edition_and_every_page_names_it(site, name, language):
    atom = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.parse(site / name).getroot()
    base = "https://example.org/rain/"
    entries = feed.findall("a:entry", atom)
    assert [one.findtext("a:id", namespaces=atom) for one in entries] == [
        f"{base}report/{language}/", f"{base}editions/2023/report/{language}/",
    ]  # fmt: skip
    newest, oldest = (one.findall("a:link[@rel='related']", atom) for one in entries)
    assert oldest == [] and (site / newest[0].get("href").removeprefix(base)).exists()
    dates = [one.findtext("a:updated", namespaces=atom) for one in entries]
    assert dates == sorted(dates, reverse=True) and dates[0].endswith("T00:00:00Z")
    assert feed.findtext("a:updated", namespaces=atom) == dates[0]
    for path, page in pages(site).items():
        if page.html["lang"].startswith(language) and "404" not in path:
            link = page.find("link", type="application/atom+xml")["href"]
            assert (site / path).parent.joinpath(link).resolve() == (site / name).resolve()


def test_the_map_of_each_edition_names_all_its_pages(site):
    every = pages(site)
    for edition, root in (("2024", ""), ("2023", "editions/2023/")):
        text = (site / root / "sitemap.xml").read_text("utf-8")
        said = set(re.findall("<loc>(.*?)</loc>", text))
        own = [name for name in every if apart(name)[0] == edition]
        short = [name.removesuffix("index.html") if "/index.html" in f"/{name}" else name
                 for name in own if "certificate/" not in name]  # fmt: skip
        assert said == {f"https://example.org/rain/{name}" for name in short}
        for name in own:
            link = str(every[name].find("link", rel="canonical")["href"])
            path = link.removeprefix("https://example.org/rain/")
            assert path in (name, name.removesuffix("index.html"))


def test_an_old_edition_says_that_it_is_old_on_every_page(site):
    for name, page in pages(site).items():
        edition, path = apart(name)
        notes = page.select("aside.old")
        assert len(notes) == (1 if edition == "2023" else 0), name
        for note in notes:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), note.a["href"]))
            assert target == path and "2024" in note.get_text()


def test_each_edition_has_its_own_data_and_manifest(site):
    facts = {}
    for place in ("", "editions/2023/"):
        manifest = json.loads((site / place / "manifest.json").read_text("utf-8"))
        below = {
            path.relative_to(site / place).as_posix()
            for path in (site / place).rglob("*")
            if path.is_file()
        }
        kept = {name for name in below if not (place == "" and name.startswith("editions/"))}
        assert set(manifest["files"]) == kept - {"manifest.json"}
        facts[manifest["edition"]] = manifest["facts"]["rain_last"]
    assert facts == {"2024": [12.5, "mm"], "2023": [11, "mm"]}
    claims = {apart(n)[0]: p.select_one(".claim") for n, p in pages(site).items() if "en/" in n}
    assert "11.0 mm" in claims["2023"].get_text() and "12.5 mm" in claims["2024"].get_text()


def test_no_link_leads_out_of_the_site_or_nowhere(site):
    from anew.site.links import check_links

    files = {p.relative_to(site).as_posix(): p.read_bytes() for p in site.rglob("*") if p.is_file()}
    found = [problem for problem in check_links(files) if "404.html" not in problem.page]
    assert found == []


@pytest.mark.browser
def test_every_page_of_an_older_edition_is_accessible_and_fits(site):
    from browser import chromium, served
    from test_site_browser import violations
    from test_whole_site import WAYS

    older = [name for name in pages(site) if name.startswith("editions/")]
    assert older
    with served(site) as root, chromium() as browser:
        for name in [*older, "changes/index.html", "changes/index.zh.html"]:
            page = browser.new_page(bypass_csp=True)
            page.goto(root + name + ("#start" if name.endswith("2023/index.html") else ""))
            width, theme = WAYS[page.evaluate("document.documentElement.lang").split("-")[0]]
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], f"{name}, {width} px, {theme}"
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            page.close()


def test_an_edition_that_fails_leaves_the_whole_last_site(site, anew, tmp_path):
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(site.parent, root)
    before = {p: p.read_bytes() for p in sorted((root / "_site").rglob("*")) if p.is_file()}
    chart = root / "analysis/chart.py"
    fail = '    if frame["year"].max() == 2020:\n        raise ValueError("no such rain")\n'
    chart.write_text(chart.read_text().replace("    figure, grid", fail + "    figure, grid"))
    done = anew("build", "--all-editions", cwd=root)
    assert done.returncode == 1 and "no such rain" in done.stderr and "2023" in done.stderr
    after = {p: p.read_bytes() for p in sorted((root / "_site").rglob("*")) if p.is_file()}
    assert after == before


def test_editions_share_their_work(site, anew, tmp_path):
    import shutil

    root = tmp_path / "copy"
    shutil.copytree(site.parent, root)
    text = root / "report/en/index.qmd"
    text.write_text(text.read_text("utf-8").replace("All the rain", "Altogether it"), "utf-8")
    done = anew("build", "--all-editions", cwd=root)
    assert done.returncode == 0 and "0 run" in done.stdout, done.stderr
    assert "typeset en HTML" in done.stderr and "typeset zh" not in done.stderr
    for place in ("", "editions/2023/"):
        page = (root / "_site" / place / "report/en/index.html").read_text("utf-8")
        assert "Altogether it" in page
    # one edition alone runs no notebook that the build of all of them ran
    alone = anew("build", "--edition", "2023", "--output", str(tmp_path / "out"), cwd=root)
    assert alone.returncode == 0 and "0 run, 2 up to date" in alone.stdout


def test_a_figure_that_changed_leads_to_what_changed(site):
    found = pages(site)
    marks = found["report/en/index.html"].find_all("a", string="Changed in this edition")
    changed = {section["id"] for section in found["changes/index.html"].select("h3[id^=change-]")}
    assert {mark["href"] for mark in marks} == {f"../../changes/index.html#{id}" for id in changed}
    assert changed, "two editions on different data differ"
    older = found["editions/2023/report/en/index.html"]
    assert not older.find("a", string="Changed in this edition")
