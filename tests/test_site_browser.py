"""The site in a real Chromium: accessible, within the screen, silent, and usable by keyboard."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from browser import chromium, served
from site_sample import ROOT, build, write

from anew.figures.fonts import font_folder
from anew.project.paths import Project

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
PAGES = [
    "report/zh/index.html", "report/en/index.html", "notebooks/fig1.zh.html",
    "notebooks/fig1.html", "notebooks/index.zh.html", "notebooks/index.html",
    "data/index.zh.html", "data/index.html", "index.html#start", "404.html",
    "figures/fig1.zh.html", "figures/fig1.html",
]  # fmt: skip
REPORT = "report/zh/index.html"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample site under a sub-path."""
    top = tmp_path_factory.mktemp("site")
    fonts = font_folder(Project(ROOT))
    # the address of the site is needed by 404.html alone; its path is what counts
    files = build("https://example.org/sub/path", fonts=fonts, search=True).files
    write(top / "sub" / "path", files)
    return top


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as root:
        yield root + "sub/path/"


@pytest.fixture
def open_page(browser, address):
    """Open pages; afterwards no page may have asked elsewhere, or complained."""
    contexts, asked, complaints = [], [], []

    def opened(path: str, *, width: int = 1280, theme: str = "light", **more):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=theme, **more
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto(address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    assert complaints == []


def violations(page) -> list[tuple[str, list[str]]]:
    """Return what axe finds on a page, by all its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["passes"], "axe ran no rule"
    return [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found["violations"]]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_nothing_is_too_wide(open_page, path) -> None:
    page = open_page(path, width=390)
    assert violations(page) == [], f"{path}, as it opens"
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            assert violations(page) == [], f"{path}, {width} px, {theme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_sees_what_is_wrong(open_page) -> None:
    page = open_page(REPORT)
    page.evaluate("document.querySelector('main img').removeAttribute('alt')")
    assert "image-alt" in [rule for rule, _ in violations(page)]


def test_theme_follows_the_system_until_the_reader_chooses(open_page) -> None:
    page = open_page(REPORT, theme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(20, 24, 27)"
    page.get_by_role("button", name="切换到浅色模式").click()
    assert page.evaluate(paper) == "rgb(252, 251, 248)"
    page.reload()
    assert page.evaluate(paper) == "rgb(252, 251, 248)"
    assert page.get_by_role("button", name="切换到深色模式").is_visible()


def test_contents_follow_the_reader_and_the_language_keeps_the_section(open_page) -> None:
    page = open_page(REPORT)
    # fonts and pictures that come late move the text: all of them first, then still for a while
    page.evaluate("document.querySelectorAll('img').forEach((i) => { i.loading = 'eager' })")
    page.wait_for_function(
        """() => {
          const section = document.getElementById('sec-ledgers');
          const top = section.getBoundingClientRect().top;
          const still = Math.abs(top - (window.anewTop ?? Infinity)) < 1;
          section.scrollIntoView({behavior: 'instant'});
          window.anewTop = section.getBoundingClientRect().top;
          const here = document.querySelector('.contents a[aria-current]')?.hash;
          const all = [...document.images].every((image) => image.complete);
          return still && all && document.fonts.status === 'loaded' && here === '#sec-ledgers';
        }""",
        polling=300,
    )
    assert page.locator(".contents a[aria-current]").count() == 1
    page.evaluate("document.querySelector('a.language').click()")
    page.wait_for_url("**/report/en/index.html#sec-ledgers")
    page.go_back()
    page.goto(re.sub(r"report/.*", "index.html", page.url))
    page.wait_for_url("**/report/en/index.html")  # the choice was remembered


@pytest.mark.parametrize(
    ("locale", "language"), [("zh-CN", "zh"), ("en-GB", "en"), ("de-DE", "en"), ("zh-TW", "zh")]
)
def test_start_page_chooses_by_the_browsers_language(open_page, locale, language) -> None:
    page = open_page("index.html", locale=locale)
    page.wait_for_url(f"**/report/{language}/index.html")


def test_without_scripts_everything_is_there(open_page) -> None:
    page = open_page("index.html", java_script_enabled=False)
    page.get_by_role("link", name="阅读报告").click()
    page.wait_for_url("**/report/zh/index.html")
    assert page.locator("[data-search]").is_hidden()
    assert page.locator("[data-theme-switch]").is_hidden()
    assert page.locator(".contents a").first.is_visible()
    page.locator("a.claim-mark").first.click()
    page.wait_for_url("**#evidence-cargo-grew")
    assert page.locator("#evidence-cargo-grew").is_visible()
    page.locator("details.behind summary").first.click()
    assert page.locator("details.behind table").first.is_visible()


def test_a_claims_evidence_opens_beside_it_and_closes_by_keyboard(open_page) -> None:
    page = open_page(REPORT, width=390)
    mark = page.locator("main > section a.claim-mark").first
    mark.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="这句话的依据：cargo-grew")
    assert dialog.is_visible() and "1.1579" in dialog.inner_text()
    box = dialog.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert not page.url.endswith("cargo-grew")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert page.evaluate("document.activeElement.className") == "claim-mark"


def test_points_are_read_by_mouse_touch_and_keyboard(open_page) -> None:
    page = open_page(REPORT, has_touch=True)
    area = page.get_by_role("listbox", name="图 1 的数据点，用方向键逐个阅读")
    area.scroll_into_view_if_needed()
    reading = page.locator(".reading").first
    box = area.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"] + 5, box["y"] + 0.62 * box["height"] - 5)
    assert reading.inner_text() == "2019 年：14.25 百万吨"
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 5)
    assert reading.is_hidden()
    page.touchscreen.tap(box["x"] + 0.85 * box["width"], box["y"] + 0.3 * box["height"])
    assert reading.inner_text() == "2021 年：16.50 百万吨"
    area.focus()
    page.keyboard.press("ArrowLeft")
    assert reading.inner_text() == "2020 年：15.10 百万吨"
    active = page.evaluate("document.activeElement.getAttribute('aria-activedescendant')")
    assert page.locator(f"#{active}").text_content() == "2020 年：15.10 百万吨"
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"


def test_keyboard_reaches_everything_that_acts(open_page) -> None:
    page = open_page(REPORT)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wanted = page.evaluate(
        """[...document.querySelectorAll('a[href], button, summary, [tabindex="0"]')]
        .filter(e => e.checkVisibility() && !e.closest('dialog') && e.tabIndex >= 0).length"""
    )
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                """(() => { const e = document.activeElement; window.seen ||= new Map();
                if (!seen.has(e)) seen.set(e, seen.size); return e === document.body ? -1 :
                seen.get(e) })()"""
            )
        )
    reached.discard(-1)
    assert len(reached) >= wanted > 40


def search(page, query: str) -> str:
    page.locator("dialog.search input").fill(query)
    page.wait_for_function(
        """query => { const s = document.querySelector('.search .status').textContent;
        return s && window.asked !== s + query && (window.asked = s + query) }""",
        arg=query,
    )
    page.wait_for_timeout(250)
    return page.locator("dialog.search").inner_text()


def test_search_finds_two_characters_and_leads_to_the_section(open_page) -> None:
    page = open_page(REPORT)
    page.keyboard.press("/")
    page.locator("dialog.search input").wait_for()
    assert "世界的港口" in search(page, "潮水")
    assert "没有找到“水潮”" in search(page, "水潮")
    assert "找到" in search(page, "GDP 缩写")
    assert "码头上的“吨”" in search(page, "码头")
    page.locator(".results a", has_text="北港与南港").first.click()
    page.wait_for_url(re.compile(r"#sec-(north|harbours)$"))
    assert not page.locator("dialog.search").is_visible()


def test_search_in_english_knows_word_forms(open_page) -> None:
    page = open_page("report/en/index.html", width=390)
    page.get_by_role("button", name="Search this site").click()
    assert "Harbours of the world" in search(page, "statistician")
    assert violations(page) == []
    page.keyboard.press("Escape")  # empties the field, as search fields do
    page.keyboard.press("Escape")
    assert not page.locator("dialog.search").is_visible()


def test_search_finds_exactly_the_pages_that_contain_a_phrase(open_page, address) -> None:
    page = open_page(REPORT)
    texts = page.evaluate(
        """async root => {
          const pagefind = await import(root + 'pagefind/pagefind.js');
          await pagefind.init();
          window.pagefind = pagefind;
          const all = (await pagefind.search('的')).results;
          const pages = await Promise.all(all.map(hit => hit.data()));
          return Object.fromEntries(all.map((hit, i) =>
            [hit.id, pages[i].raw_content.replace(/\\s+/g, '')]));
        }""",
        address,
    )
    assert len(texts) >= 4
    chance = random.Random(1)
    queries = set()
    while len(queries) < 150:
        text = chance.choice(list(texts.values()))
        at = chance.randrange(len(text) - 4)
        query = text[at : at + chance.choice([2, 2, 3, 4])]
        if re.fullmatch("[\u4e00-\u9fff]{2,}", query):
            queries.add(query)
    found = page.evaluate(
        """async queries => Promise.all(queries.map(async query =>
          (await pagefind.search('"' + [...query].join(' ') + '"')).results.map(hit => hit.id)))""",
        sorted(queries),
    )
    for query, ids in zip(sorted(queries), found, strict=True):
        assert set(ids) == {id for id, text in texts.items() if query in text}, query


def test_from_a_file_everything_but_the_search_works(browser, folder) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((folder / "sub" / "path" / REPORT).as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 248)"
    assert page.evaluate("document.images[0].complete && document.images[0].naturalWidth > 0")
    assert page.evaluate("document.fonts.ready.then(f => [...f].some(x => x.status === 'loaded'))")
    page.locator("a.claim-mark").first.click()
    assert page.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert "浏览器会阻止" in page.locator("dialog.search .status").inner_text()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/report/en/index.html*")
    context.close()
    assert complaints == []


def test_print_has_the_text_and_not_the_tools(open_page) -> None:
    page = open_page(REPORT, theme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for hidden in (".top", ".contents", ".tools", ".claim-mark", ".behind"):
        assert page.locator(hidden).first.is_hidden(), hidden
    assert page.locator("main figcaption").first.is_visible()


def test_lines_have_a_readable_length(open_page) -> None:
    for path, low, high in ((REPORT, 36, 41), ("report/en/index.html", 60, 76)):
        page = open_page(path)
        lines = page.evaluate(
            """(() => { const p = [...document.querySelectorAll('main section > p')]
              .find(e => e.getClientRects().length && e.textContent.length > 150);
              const range = document.createRange(), node = p.firstChild; const lines = [];
              let top = null, count = 0;
              for (let i = 0; i < node.length; i++) { range.setStart(node, i);
                range.setEnd(node, i + 1); const r = range.getBoundingClientRect();
                if (!r.width) continue;
                if (top !== null && r.top - top > 8) { lines.push(count); count = 0 }
                top = r.top; count++ }
              return JSON.stringify(lines) })()"""
        )
        counts = json.loads(lines)
        assert counts and low <= sum(counts) / len(counts) <= high, (path, counts)


def test_chinese_lines_are_high_enough(open_page) -> None:
    page = open_page(REPORT)
    ratio = page.evaluate(
        """(() => { const s = getComputedStyle(document.querySelector('main section > p'));
        return parseFloat(s.lineHeight) / parseFloat(s.fontSize) })()"""
    )
    assert ratio == pytest.approx(1.8)


def test_the_code_to_embed_a_figure_has_the_whole_address(open_page, address) -> None:
    page = open_page("report/en/index.html")
    code = page.locator("[data-embed]").first.text_content()
    shown = re.search('src="([^"]*)"', code)[1]
    assert shown.endswith("figures/fig1.html") and "://" in shown
    page = open_page("figures/fig1.html", width=390)
    assert page.locator("figure.shown img").first.evaluate("image => image.naturalWidth") > 0
    assert page.locator("main a").last.get_attribute("href") == "../report/en/index.html#fig-1"
    assert page.locator("header, nav, footer").count() == 0


def test_a_404_page_finds_its_site_at_any_address(browser, tmp_path) -> None:
    """Nothing says where the site is published: the page looks for it, upwards."""
    write(tmp_path / "a" / "b", build().files)
    with served(tmp_path) as root:
        page = browser.new_page()
        text = (tmp_path / "a" / "b" / "404.html").read_text("utf-8")
        page.route(
            "**/gone/index.html", lambda route: route.fulfill(body=text, content_type="text/html")
        )
        page.goto(f"{root}a/b/report/gone/index.html")
        home = page.locator("main a").first
        page.wait_for_load_state("networkidle")
        assert home.evaluate("link => link.href") == f"{root}a/b/index.html#start"
        assert home.evaluate("link => getComputedStyle(link).color") != "rgb(0, 0, 238)"
        page.close()
