"""What others wrote is text: nothing of it runs, is fetched or included, and no reader is led away.

A tiny report is built with hostile values in every place that a value can take, then read in
Chromium page by page, which tells what ran, what was asked for and where it went.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pikepdf
import pypdfium2
import pytest
import recorded
import tiny
from browser import chromium, served
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from anew.build.builder import build
from anew.build.plan import Request
from anew.build.refusals import text_refusals
from anew.build.weave import table_markdown
from anew.intake import ingest
from anew.notebook.findings import ReportTable
from anew.project.errors import AnewError
from anew.project.texts import unsafe_cell, visible
from anew.site.harmless import harmless
from anew.verify.publishing import write_certificate

OUT = "http://outside.invalid/"

#: HTML that would run, fetch or lead away; every one calls alert, or names a place outside.
MARKUP = [
    "<script>alert(1)</script>", f"<script src={OUT}x.js></script>", "<img src=x onerror=alert(1)>",
    f'<img src="{OUT}x.png">', f'<img srcset="{OUT}x.png 1x">', '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    f'<svg><use href="{OUT}x.svg#a"/></svg>',
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    f'<meta http-equiv="refresh" content="0;url={OUT}">', f'<base href="{OUT}">',
    f'<link rel="stylesheet" href="{OUT}x.css">', f'<link rel="prefetch" href="{OUT}x">',
    f'<iframe src="{OUT}"></iframe>', "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    f'<object data="{OUT}x"></object>', f'<embed src="{OUT}x">',
    f'<form action="{OUT}"><input autofocus onfocus=alert(1)><button>x</button></form>',
    '<a href="javascript:alert(1)">x</a>', '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>', '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>', '<a href="vbscript:x">x</a>',
    "<body onload=alert(1)>", "<details open ontoggle=alert(1)>x</details>",
    f"<style>@import '{OUT}x.css'; body {{ background: url({OUT}x.png) }}</style>",
    f'<p style="background: url({OUT}x.png)">x</p>', f'<video poster="{OUT}x.png"></video>',
    f'<audio src="{OUT}x.mp3" autoplay></audio>', "<marquee onstart=alert(1)>x</marquee>",
    f'<table background="{OUT}x.png"><tr><td>x</td></tr></table>',
    "<template><script>alert(1)</script></template>", "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>", "</title><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "<x onclick=alert(1) tabindex=1 id=x autofocus onfocus=alert(1)>",
]  # fmt: skip

#: What typesetters, templates and shells would take as their own.
COMMANDS = [
    "{{< include /etc/passwd >}}", "{{< var zh.rain_last >}}", "![x](/etc/passwd)",
    "[x](file:///etc)",
    "$(id)", "`id`", "${HOME}", "\\input{/etc/passwd}", "$\\input{/etc/passwd}$",
    "#read(/etc/passwd)",
    '#include "x.typ"', "#panic()", "{{ 7*7 }}", "{% include 'x' %}", "{n}", "%n%s",
    "../../etc/passwd",
    "]{.claim ref=x}", "::: {.callout-note}", "| a | b |", "&lt;script&gt;",
    "<https://outside.invalid>",
    "@none2020", "^[note]", "---", "# heading", "$x", "a\\", "*b*", "_c_", "~~d~~",
]  # fmt: skip

#: What a spreadsheet would run.
FORMULAS = [
    '=HYPERLINK("http://outside.invalid")', "=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0", "=cmd|'/C calc'!A1", " =1+1", "\t=1+1", '=IMPORTXML("x","y")',
]  # fmt: skip

#: What shows nothing, or shows otherwise than it is.
HIDDEN = ["a\x1b[31mb", "a\x00b", "a\u202eb", "a\u2066b\u2069", "a\x07b", "a\u200fb", "a\x9bb"]

#: What a file that came in can be called.
NAMES = [value for value in MARKUP + COMMANDS + FORMULAS if "/" not in value]

#: What may stand in a page of the site and reach beyond it only when a reader follows a link.
SCHEMES = ("http", "https", "mailto")


#: A study and its literature, written by others.
STUDY = """\
wanted:
  hail: {{zh: {0}, en: {0}}}
statements:
  - id: rain-falls
    section: 2
    kind: statement
    says: {{zh: {0}, en: {0}}}
    needs: [hail]
    measure: same
"""
BOOKS = """\
@misc{hostile2020,
  author = {{<script>alert(1)</script>}},
  title = {{"><img src=x onerror=alert(1)> #read(/etc/passwd)}},
  year = {2020}, url = {javascript:alert(1)}, note = {=cmd|' /C calc'!A0}, langid = {english}
}
"""


def live(html: str) -> list[str]:
    """Return what in HTML would run, fetch from elsewhere, or lead a reader away by itself."""
    tree = BeautifulSoup(html, "html.parser")
    found = [
        node.name
        for node in tree.find_all(
            [
                "script",
                "style",
                "meta",
                "base",
                "link",
                "iframe",
                "object",
                "embed",
                "form",
                "input",
            ]
        )
    ]
    for node in tree.find_all(True):
        for name, value in node.attrs.items():
            value = "".join(value) if isinstance(value, list) else str(value)
            scheme = re.match(r"[\s\x00-\x1f]*([a-z][a-z+.-]*):", value.casefold())
            if name.startswith("on") or name in ("style", "srcset", "srcdoc", "background"):
                found.append(name)
            elif name == "href" and scheme and scheme[1] not in SCHEMES:
                found.append(f"href={value}")
            elif name == "src" and (scheme or value.startswith("//")):
                found.append(f"src={value}")
    return found


@pytest.mark.parametrize("value", MARKUP)
def test_html_of_a_cell_keeps_nothing_that_runs(value):
    assert live(harmless(f"<table><tr><td>before {value} after</td></tr></table>")) == []


@given(st.lists(st.sampled_from(MARKUP + list("<>\"'&/= \n")), max_size=6).map("".join))
def test_no_mixture_of_hostile_html_keeps_anything_that_runs(html):
    cleaned = harmless(html)
    assert live(cleaned) == []
    assert harmless(cleaned) == cleaned


def test_html_of_a_cell_keeps_what_it_shows():
    html = (
        '<table class="dataframe"><thead><tr><th colspan="2">rain</th></tr></thead></table>'
        '<p lang="en"><em>so</em> <code>x</code> <sub>2</sub></p>'
        '<img src="data:image/png;base64,AAAA" alt="a">'
    )
    assert harmless(html) == html


@pytest.mark.parametrize("value", FORMULAS + HIDDEN + ["x" * 40_000])
def test_a_cell_that_a_spreadsheet_would_run_or_that_hides_is_refused(value):
    assert unsafe_cell(value)


@pytest.mark.parametrize(
    "value", ["-1.5", "+86", "-", "–", "@home", "a=b", "R&D (total)", "3-(a)", "研发", "", "-40 °C"]
)
def test_a_plain_cell_is_not_refused(value):
    assert not unsafe_cell(value)


@pytest.mark.parametrize("value", HIDDEN)
def test_a_hidden_character_is_shown_in_a_terminal(value):
    assert not re.search("[\x00-\x08\x1b\x9b\u200f\u202e\u2066]", visible(value))
    assert "U+" in visible(value)


@pytest.mark.parametrize("value", FORMULAS[:5] + HIDDEN)
def test_a_raw_table_with_such_a_cell_is_refused_with_its_row(tmp_path, value):
    from datetime import date

    from anew.tables.content import check_bytes
    from anew.tables.loading import load_catalog

    project = tiny.make(tmp_path / "p")
    catalog = project.catalog_file.read_text("utf-8")
    text = "{name: note, type: text, title: {zh: 注, en: Note}}\n    intake"
    project.catalog_file.write_text(catalog.replace("    intake", f"      - {text}", 1), "utf-8")
    table = load_catalog(project).tables["rain"]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([table.names, ["FRA", "2020", "1", value]])
    found = check_bytes(
        out.getvalue().encode(), table, {"economy": {"FRA"}}, date(2024, 1, 1), "rain.csv"
    )
    assert len(found) == 1 and found[0].row == 2


@pytest.mark.parametrize("value", MARKUP + COMMANDS)
def test_a_caption_of_a_computed_table_is_text(value):
    table = ReportTable(
        id="tbl-x", figure="fig1", columns={"a": {"zh": value, "en": value}}, numeric=[False],
        rows={"zh": [[value]], "en": [[value]]}, caption={"zh": value, "en": value},
    )  # fmt: skip
    *_, caption, last = table_markdown(table, "en").split("\n")
    assert caption.startswith(": ") and caption.endswith(" {#tbl-x}") and not last
    assert not re.search(r"(?<!\\)[<>\[\]`*_#$@{}]", caption[2 : -len(" {#tbl-x}")])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of a report with hostile values wherever a value can be."""
    folder = tmp_path_factory.mktemp("hostile")
    project = tiny.make(folder / "p", text=True)
    values = MARKUP + COMMANDS
    for number, name in enumerate(NAMES):
        came = tiny.write(folder / f"{name}.csv", tiny.ROWS)
        day = date(2025, 1, 1) + timedelta(number)
        ingest(project, [came], table="rain", vintage=str(day))
    every = " · ".join(values)
    for name in ("note: {zh: 虚构, en: invented}", "title: {zh: 降水, en: Rain}"):
        key = name.partition(":")[0]
        replace(project.catalog_file, name, f"{key}: {{zh: {quoted(every)}, en: {quoted(every)}}}")
    replace(project.catalog_file, "citation: Met Office. Rain.", f"citation: {quoted(every)}")
    replace(
        project.catalog_file, "agency: {zh: 气象局, en: Met Office}",
        f"agency: {{zh: {quoted(MARKUP[0])}, en: {quoted(MARKUP[5])}}}",
    )  # fmt: skip
    replace(project.editions_file, "note: {zh: 无, en: none}",
            f"note: {{zh: {quoted(every)}, en: {quoted(every)}}}")  # fmt: skip
    cells = [
        tiny.FIG1[0], tiny.FIG1[1], tiny.FIG1[2],
        tiny.FIG1[3]
        .replace("某年降水减少", MARKUP[0])
        .replace("rain falls in some year", MARKUP[2])
        .replace('dict(zip(frame["year"], frame["value"]))', f"{{v: v for v in {values!r}}}"),
        tiny.DRAW.replace("Rain grows", "<script>alert(1)</script> ]]>")
        .replace("Rain grew from 10 to 12.5 mm", "<script>alert(1)</script>")
        .replace("降水从 10 增至 12.5 毫米", r'\"><img src=x onerror=alert(1)>'),
        f"values = {values!r}\nboth = lambda text: {{'zh': text, 'en': text}}\n"
        "session.report_table('tbl-hostile', {'a': both(values[0]), 'b': both(values[5])},\n"
        "                     [[v, both(v)] for v in values], caption=both(' '.join(values)))",
        "from IPython.display import HTML, Markdown, SVG, Javascript, display\n"
        # a link to what is not on the site stops the build by itself
        "shown = [v.replace('src=x', 'src=data:image/png;base64,A') for v in values]\n"
        "for v in (v for v in shown if '(/etc' not in v):\n"
        "    display(HTML(v)); display(Markdown(v)); print(v)\n"
        f"display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script>"
        f"<image href=\"{OUT}x.png\"/></svg>'))\n"
        "display(Javascript('alert(1)'))",
    ]  # fmt: skip
    cells[0] += "\nwhose: Optional[str] = None"
    cells[1] = cells[1].replace("economy=economy)", "economy=economy, whose=whose)")
    replace(project.editions_file, "{last_year: 2021}",
            f"{{last_year: 2021, whose: {quoted(every)}}}")  # fmt: skip
    replace(project.catalog_file, "title: {zh: 毫米, en: Millimetres}",
            f"title: {{zh: {quoted(MARKUP[5])}, en: {quoted(MARKUP[0])}}}")  # fmt: skip
    tiny.notebook(project.analysis / "fig1_rain.ipynb", cells)
    tiny.write(project.root / "data/published/claims.yml", STUDY.format(quoted(every)))
    tiny.write(project.report / "references.bib", BOOKS)
    replace(project.root / "_quarto.yml", "number-sections: true",
            "number-sections: true\nbibliography: report/references.bib")  # fmt: skip
    for language in ("zh", "en"):
        path = project.report / language / "index.qmd"
        shown = "\n::: {#tbl-hostile .computed}\n:::\n\nSee [@hostile2020].\n\n::: {#refs}\n:::\n"
        path.write_text(path.read_text("utf-8") + shown, "utf-8")
    replace(project.root / "_quarto.yml", "website: {title: Rain}",
            "website: {title: Rain, site-url: https://rain.example}")  # fmt: skip
    build(project, Request(formats=("html", "pdf", "docx")))
    return project.site


@pytest.mark.parametrize("value", ["<img src=x onerror=alert(1)>", f'<meta content="{OUT}">',
                                   "{{< include /etc/passwd >}}", "![x](/etc/passwd)"])  # fmt: skip
@pytest.mark.parametrize("key", ["title", "description"])
def test_markup_in_what_the_site_says_of_itself_is_refused(tmp_path, key, value):
    project = tiny.make(tmp_path / "p", text=True)
    said = f"  {key}: {{zh: {quoted(value)}, en: {quoted(value)}}}\n"
    text = (project.root / "_quarto.yml").read_text("utf-8")
    text = re.sub("  title: {zh.*\n", said, text)
    (project.root / "_quarto.yml").write_text(text, "utf-8")
    assert any(one.startswith("_quarto.yml:") for one in text_refusals(project, None))


def replace(path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def quoted(text: str) -> str:
    """Return text as YAML in double quotes."""
    import json

    return json.dumps(text, ensure_ascii=False)


def test_every_page_forbids_scripts_but_its_own(site):
    for path in site.rglob("*.html"):
        tree = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        policies = tree.select('meta[http-equiv="Content-Security-Policy"]')
        assert len(policies) == 1, path
        policy = str(policies[0]["content"])
        assert "default-src 'none'" in policy or "default-src 'self'" in policy
        assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
        for script in tree.find_all("script"):
            own = script.get("src") or script.get("type") in (
                "application/json",
                "application/ld+json",
            )
            assert own or "sha256-" in policy, (path, script)
        leads = [found for found in live(str(tree)) if found.startswith(("href", "src=http"))]
        assert leads == [], path
        assert not [
            node for node in tree.find_all("meta", {"http-equiv": re.compile("refresh", re.I)})
        ]


@pytest.mark.browser
def test_nothing_runs_is_fetched_or_leads_away_on_any_page(site):
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    said: list[str] = []
    with chromium() as browser, served(site) as root:
        context = browser.new_context()

        def asked(request) -> None:
            if not request.url.startswith((root, "data:", "blob:")):
                said.append(f"asked for {request.url}")

        for name in pages:
            page = context.new_page()
            page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
            page.on("request", asked)
            page.goto(root + name, wait_until="load")
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.keyboard.press("Tab")
            page.wait_for_timeout(100)
            assert (
                page.url.startswith(root + name.removesuffix("index.html")) or name == "index.html"
            )
            page.close()
    assert said == []


@pytest.mark.parametrize("page", ["data/index.html", "data/index.zh.html"])
def test_the_names_of_files_are_there_as_text(site, page):
    tree = BeautifulSoup((site / page).read_text("utf-8"), "html.parser")
    text = " ".join(tree.get_text().split())
    assert not [name for name in NAMES if f"{' '.join(name.split())}.csv" not in text]


@pytest.mark.parametrize("name", [*HIDDEN[2:4], HIDDEN[0], *NAMES[::9], "a;id"])
def test_a_notebook_of_such_a_name_is_refused(tmp_path, name):
    project = tiny.make(tmp_path, text=True)
    (project.analysis / "fig1_rain.ipynb").rename(project.analysis / f"fig1_{name}.ipynb")
    with pytest.raises(AnewError, match="has no address"):
        build(project, Request(formats=("html",)))


@pytest.mark.parametrize("name", HIDDEN[2:4] + HIDDEN[:1])
def test_a_file_whose_name_hides_something_is_refused_before_it_is_read(tmp_path, name, anew):
    project = tiny.make(tmp_path / "p")
    before = project.catalog_file.read_bytes()
    came = tiny.write(tmp_path / f"{name}.csv", tiny.ROWS)
    given = (str(came), "--table", "rain", "--vintage", "2025-01-01")
    done = anew("ingest", *given, cwd=project.root)
    assert done.returncode == 2 and f"{visible(name)}.csv: the name has" in done.stderr
    assert project.catalog_file.read_bytes() == before


def test_the_values_are_there_as_text(site):
    text = BeautifulSoup(
        (site / "report/en/index.html").read_text("utf-8"), "html.parser"
    ).get_text()
    for value in ("<script>alert(1)</script>", "{{< include /etc/passwd >}}", "#read(/etc/passwd)"):
        assert value in text
    assert "root:x:0" not in "".join(path.read_text("utf-8") for path in site.rglob("*.html"))


def test_the_feeds_and_records_of_the_site_are_well_formed(site):
    import json

    for path in site.rglob("*"):
        if path.suffix in (".xml", ".svg"):
            tree = ElementTree.parse(path)
            assert not [node for node in tree.iter() if node.tag.endswith("}script")]
        elif path.suffix in (".json", ".jsonld"):
            json.loads(path.read_text("utf-8"))


def test_the_feeds_hold_notes_as_text(site):
    feeds = [path for path in site.rglob("*.xml") if "Atom" in path.read_text("utf-8")]
    assert len(feeds) == 2
    for path in feeds:
        tree = ElementTree.parse(path)
        (summary,) = [node for node in tree.iter() if node.tag.endswith("}summary")]
        assert summary.text == " · ".join(MARKUP + COMMANDS) and not len(summary)
        assert summary.get("type", "text") == "text"


def test_no_cell_of_a_download_is_run_by_a_spreadsheet(site):
    paths = sorted(site.rglob("*.csv"))
    assert paths
    for path in paths:
        rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        assert [cell for row in rows for cell in row if unsafe_cell(cell)] == [], path


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_holds_values_as_text(site, kind):
    for language in ("zh", "en"):
        found = parts(site / f"data/workbook.{language}.{kind}")
        assert not [name for name in found if re.search("external|vba|macro|script", name, re.I)]
        words = "".join("".join(tree.itertext()) for tree in found.values())
        assert "<script>alert(1)</script>" in words and "{{< include /etc/passwd >}}" in words
        for tree in found.values():
            for node in tree.iter():
                assert local(node.tag) not in (
                    "f",
                    "script",
                    "event-listener",
                    "object",
                    "dde-link",
                )
                assert not [name for name in node.attrib if local(name) in ("formula", "onclick")]
                assert harmless_address(node), node.attrib


def test_a_word_file_holds_values_as_text(site):
    paths = sorted(site.rglob("*.docx"))
    assert len(paths) == 2
    for path in paths:
        found = parts(path)
        assert not [name for name in found if re.search("vba|macro|embed|altchunk", name, re.I)]
        words = "".join(found["word/document.xml"].itertext())
        assert "<script>alert(1)</script>" in words and "#read(/etc/passwd)" in words
        for tree in found.values():
            for node in tree.iter():
                assert local(node.tag) not in ("altChunk", "object", "control", "attachedTemplate")
                told = (node.text or "") if local(node.tag) == "instrText" else ""
                assert not re.search("DDE|INCLUDE|HYPERLINK|MACRO", told)
                assert harmless_address(node), node.attrib
        assert "root:x:0" not in words


def parts(path) -> dict[str, Element]:
    """Return the XML files of a workbook or a Word file, by name."""
    with zipfile.ZipFile(path) as archive:
        read = {name: archive.read(name) for name in archive.namelist()}
    names = [name for name in read if name.endswith((".xml", ".rels")) and read[name]]
    return {name: ElementTree.fromstring(read[name]) for name in names}


def local(name: str) -> str:
    return name.rpartition("}")[2]


def harmless_address(node: Element) -> bool:
    """Whether an element leads at most to a page that a reader may choose to open."""
    outside = node.get("TargetMode") == "External"
    found = [v for k, v in node.attrib.items() if local(k) == "href" or (outside and k == "Target")]
    schemes = [re.match(r"\s*([A-Za-z][\w+.-]*):", one) for one in found]
    kind = node.get("Type", "")
    picture = outside and kind.rpartition("/")[2] != "hyperlink"
    return not picture and all(not one or one[1].lower() in SCHEMES for one in schemes)


def test_a_pdf_holds_values_as_text(site):
    paths = [path for path in site.rglob("*.pdf") if "figures" not in path.parts]
    assert len(paths) == 2
    for path in paths:
        with pikepdf.open(path) as document:
            assert not {"/OpenAction", "/AA", "/AcroForm"} & set(document.Root.keys())
            for found in document.objects:
                if isinstance(found, pikepdf.Dictionary):
                    assert not {"/JS", "/Launch", "/EF", "/AA"} & set(found.keys())
                    assert found.get("/S") not in (
                        "/JavaScript",
                        "/Launch",
                        "/GoToR",
                        "/SubmitForm",
                    )
                    address = str(found.get("/URI", "https:"))
                    assert address.partition(":")[0] in SCHEMES, address
        text = pypdfium2.PdfDocument(path)
        words = "".join("".join(p.get_textpage().get_text_bounded().split()) for p in text)
        for value in ("<script>alert(1)</script>", "#read(/etc/passwd)", "\\input{/etc/passwd}"):
            assert value in words, value
        assert "root:x:0" not in words


def test_a_picture_holds_words_as_text(site):
    for path in sorted((site / "figures").glob("*.svg")):
        text = path.read_text("utf-8")
        tree = ElementTree.fromstring(text)
        for node in tree.iter():
            assert local(node.tag) not in ("script", "foreignObject", "image", "a", "iframe")
            assert not [name for name in node.attrib if local(name).startswith("on")]
            assert all(v.startswith("#") for k, v in node.attrib.items() if local(k) == "href")
        assert OUT not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_certificate_of_others_holds_what_they_say_as_text(tmp_path, language):
    values = MARKUP + COMMANDS + [one for one in FORMULAS if "\t" not in one]
    differences = [
        {"kind": "fact", "name": value, "where": {"column": value}, "was": value, "now": value}
        for value in values
    ]
    said = {"holds": values, "fails": values, "said": values}
    made = recorded.certificate(differences=differences, errors=values, claims=said)
    project = tiny.make(tmp_path / "p")
    folder = tmp_path / "certificate"
    write_certificate(project, made, folder)
    name = "certificate.html" if language == "en" else f"certificate.{language}.html"
    page = (folder / name).read_text("utf-8")
    tree = BeautifulSoup(page, "html.parser")
    own = ["meta", "link", "script"]
    assert not [one for one in live(str(tree.body)) if one not in own]
    assert not [node for node in tree.find_all(["script", "link"]) if OUT in str(node)]
    for value in ("<script>alert(1)</script>", "{{< include /etc/passwd >}}"):
        assert value in tree.get_text()
    told = (folder / f"certificate.{language}.md").read_text("utf-8")
    assert not re.search(r"(?m)^(?!    ).*(?<!\\)[<\[`]", told)
    with pikepdf.open(folder / f"certificate.{language}.pdf") as document:
        for found in document.objects:
            if isinstance(found, pikepdf.Dictionary):
                assert not {"/JS", "/Launch", "/AA", "/URI"} & set(found.keys())
    assert "root:x:0" not in page + told
