"""This report as it is published: every page in a real Chromium, every link, every bar of weight.

The site is built anew from the project's own cache; ANEW_SITE names one that is built already, with
older editions if it has them: `ANEW_SITE=_site python -m pytest tests/test_whole_site.py`.
"""

from __future__ import annotations

import gzip
import math
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import chromium, served
from bs4 import BeautifulSoup
from test_site_browser import violations
from validity import errors

from anew.figures import drawing
from anew.site.links import check_links

ROOT = Path(__file__).parent.parent
UNDER = "a/sub-path"


@pytest.fixture(scope="module")
def site(tmp_path_factory, anew) -> Path:
    """The built site, below a sub-path of a folder that can be served."""
    top = tmp_path_factory.mktemp("served")
    place = top / UNDER
    place.parent.mkdir(parents=True)
    if named := os.environ.get("ANEW_SITE"):
        place.symlink_to(Path(named).resolve())
    else:
        done = anew("build", "--output", str(place), cwd=ROOT)
        assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def pages(site) -> list[str]:
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    kinds = {"report", "data", "notebooks", "reproduction", "certificate", "index.html", "404.html"}
    assert {name.split("/")[0] for name in found} >= kinds
    return found


@pytest.fixture(scope="module")
def address(site) -> Iterator[str]:
    with served(site.parents[UNDER.count("/")]) as root:
        yield f"{root}{UNDER}/"


def test_no_link_is_broken_and_none_leaves_the_site_by_itself(site) -> None:
    kinds = (".html", ".css")
    files = {
        path.relative_to(site).as_posix(): path.read_bytes() if path.suffix in kinds else None
        for path in site.rglob("*")
        if path.is_file()
    }
    found = [problem for problem in check_links(files) if not problem.page.endswith("404.html")]
    assert found == []


def test_every_page_and_every_picture_is_valid(site, pages) -> None:
    assert errors([*(site / page for page in pages), *site.glob("figures/*.svg")]) == ""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_is_as_light_as_it_should_be(site, language) -> None:
    page = site / f"report/{language}/index.html"
    tree = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    sources = {str(image["src"]) for image in tree.main.find_all("img")}
    assert sources and all(source.endswith(".svg") for source in sources)
    figures = [(page.parent / source).read_bytes() for source in sources]
    assert page.stat().st_size <= 400_000
    assert page.stat().st_size + sum(map(len, figures)) <= 1_500_000
    # with all that the page loads besides, as a server sends it
    theme = [path.read_bytes() for path in (site / "theme").iterdir()]
    sent = sum(len(gzip.compress(data)) for data in (page.read_bytes(), *figures, *theme))
    assert sent <= 750_000
    assert (page.with_suffix(".pdf")).stat().st_size <= 3_000_000


def test_the_search_index_is_small(site) -> None:
    assert sum(path.stat().st_size for path in site.glob("pagefind/**/*.*")) <= 700_000


#: How a page is looked at. Both languages have the same pages, so each is seen in both ways;
#: every width with every theme is for the small sample of tests/test_site_browser.py.
WAYS = {"zh": (390, "light"), "en": (1280, "dark")}


@pytest.mark.browser
@pytest.mark.slow
def test_every_page_is_accessible_fits_and_asks_nobody_else(pages, address) -> None:
    problems: list[object] = []
    with chromium() as browser:
        for path in pages:
            if path.endswith("404.html"):  # its addresses begin at the root of the server
                continue
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.on(
                "request",
                lambda asked, path=path: (
                    asked.url.startswith((address, "data:")) or problems.append((path, asked.url))
                ),
            )
            page.on("pageerror", lambda error, path=path: problems.append((path, str(error))))
            page.on(
                "console",
                lambda said, path=path: said.type == "error" and problems.append((path, said.text)),
            )
            page.goto(f"{address}{path}{'#start' if path.endswith('index.html') else ''}")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            width, theme = WAYS[page.evaluate("document.documentElement.lang").split("-")[0]]
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                problems.append((path, width, f"{wide} px wide"))
            if page.url.partition("#")[0] == f"{address}{path}":  # not a page that leads to another
                problems.extend((path, width, theme, found) for found in violations(page))
            context.close()
    assert problems == []


@pytest.mark.browser
def test_the_missing_page_is_whole_at_the_root(site) -> None:
    with served(site) as root, chromium() as browser:
        for width in (390, 1280):
            for theme in ("light", "dark"):
                size = {"width": width, "height": 900}
                page = browser.new_page(viewport=size, color_scheme=theme)
                missing: list[str] = []
                page.on("requestfailed", lambda asked, into=missing: into.append(asked.url))
                page.goto(root + "404.html")
                assert violations(page) == [] and missing == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
                page.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_text_of_a_figure_is_shown_below_11_px(address, language) -> None:
    with chromium() as browser:
        for width in (360, 390, 768, 1280):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(f"{address}report/{language}/index.html")
            pictures = page.locator(".picture img").all()
            assert pictures
            for picture in pictures:
                picture.scroll_into_view_if_needed()
                picture.evaluate("image => image.decode()")
                scale = picture.evaluate("image => image.clientWidth / image.naturalWidth")
                name = picture.evaluate("image => image.currentSrc")
                assert drawing.SMALLEST * 96 / 72 * scale >= 11, (width, name)
            page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("figure", "language"), [("fig3", "zh"), ("fig7", "en")])
def test_a_point_of_a_figure_tells_its_value(address, figure, language, width) -> None:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=True)
        page = context.new_page()
        page.goto(f"{address}report/{language}/index.html#fig-{figure[3:]}")
        picture = page.locator(f".picture:has(img[src*='{figure}.'])")
        picture.scroll_into_view_if_needed()
        picture.locator("img").evaluate("image => image.decode()")
        points = page.evaluate(
            "picture => JSON.parse(picture.dataset.points)", picture.element_handle()
        )
        layout = "narrow" if width < 640 else "wide"
        shown = picture.locator("img").evaluate("image => image.currentSrc")
        assert shown.endswith(f"{figure}.{language}.{layout}.svg")
        points = [(*(p[3:] if layout == "narrow" else p[:2]), p[2]) for p in points]
        assert points
        marks = picture.locator(".marks").bounding_box()
        reading = picture.locator(".reading")
        for x, y, text in (points[0], points[-1], points[len(points) // 2]):
            at = (marks["x"] + x * marks["width"], marks["y"] + y * marks["height"])
            page.touchscreen.tap(*at)
            assert reading.is_visible() and re.search(r"\d", reading.inner_text())
            away = {
                p[2]: math.hypot((p[0] - x) * marks["width"], (p[1] - y) * marks["height"])
                for p in points
            }
            assert away[reading.inner_text()] <= 1, text  # a tap is on a whole pixel
        context.close()


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_long_table_under_a_figure_sorts_and_filters(address, language) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}report/{language}/index.html")
        part = page.locator("details.behind:has(.filter)").first
        part.locator("summary").click()
        heads = part.locator("thead th")
        column = heads.count() - 1
        button = heads.nth(column).locator("button")

        def values() -> list[float]:
            texts = part.locator(f"tbody tr > :nth-child({column + 1})").all_inner_texts()
            plain = (text.replace(",", "").replace("−", "-") for text in texts)
            return [float(t) if t[-1:].isdigit() else float("nan") for t in plain]

        before = values()
        button.focus()
        for key, way, order in (("Enter", "ascending", 1), ("Space", "descending", -1)):
            page.keyboard.press(key)
            assert heads.nth(column).get_attribute("aria-sort") == way
            known = [value for value in values() if value == value]
            assert known == sorted(known, key=lambda value: order * value)
            assert all(value != value for value in values()[len(known) :])  # gaps come last
        assert len(values()) == len(before)
        wanted = part.locator("tbody td, tbody th").first.inner_text()
        part.locator(".filter input").fill(wanted.upper())
        shown = [row.inner_text() for row in part.locator("tbody tr:visible").all()]
        assert 0 < len(shown) < len(before) and all(wanted in row for row in shown)
        assert f"{len(shown)}" in part.locator(".filter .count").inner_text()
        page.close()


@pytest.mark.browser
def test_two_characters_are_found_and_the_switch_keeps_the_section(address) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}report/zh/index.html")
        page.keyboard.press("/")
        field = page.locator("dialog.search input")
        for query in ("芯片", "专利", "欧盟", "份额"):
            field.fill(query)
            page.wait_for_function(
                """query => document.querySelector('.search .results').innerText
                  .replaceAll(' ', '').includes(query)""",
                arg=query,
            )
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        page.goto(f"{address}report/zh/index.html#sec-limits")
        page.wait_for_function(
            "() => document.querySelector('.contents a[aria-current]')?.hash === '#sec-limits'"
        )
        page.evaluate("document.querySelector('a.language').click()")
        page.wait_for_url("**/report/en/index.html#sec-limits")
        page.close()
