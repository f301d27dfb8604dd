"""A report of several documents: navigation, numbers of its own, references between them."""

from __future__ import annotations

import shutil
from io import BytesIO

import pypdfium2
import pytest
import tiny
from bs4 import BeautifulSoup

MORE = {
    "zh": "---\ntitle: 方法\n---\n\n# 怎样 {#sec-how}\n\n## 先 {#sec-first}\n\n"
    "如 @fig-1 与 @sec-rain 所示，见 @fig-own。\n\n![自绘](own.svg){#fig-own fig-alt=方块}\n",
    "en": "---\ntitle: Method\n---\n\n# How {#sec-how}\n\n## First {#sec-first}\n\nAs @fig-1 and "
    "@sec-rain show, see @fig-own.\n\n![Own](own.svg){#fig-own fig-alt=Square}\n",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><path d="M0 0h40v40z"/></svg>'
LABELS = {
    "zh": ("《方法》图 1", "《方法》第 1.1 节", "《降水报告》图 1", "《降水报告》第 1 节"),
    "en": (
        "Figure 1 in “Method”", "Section 1.1 in “Method”", "Figure 1 in “Rain report”",
        "Section 1 in “Rain report”",
    ),
}  # fmt: skip


def two(root):
    tiny.make(root, text=True)
    for language, text in MORE.items():
        folder = root / "report" / language
        (folder / "method.qmd").write_text(text, "utf-8")
        (folder / "own.svg").write_text(SVG, "utf-8")
        index = folder / "index.qmd"
        refers = {"zh": "\n另见 @fig-own 与 @sec-first。\n", "en": "\nSee @fig-own, @sec-first.\n"}
        index.write_text(index.read_text("utf-8") + refers[language], "utf-8")
    quarto = root / "_quarto.yml"
    listed = "report/en/index.qmd, report/zh/method.qmd, report/en/method.qmd]"
    quarto.write_text(quarto.read_text("utf-8").replace("report/en/index.qmd]", listed), "utf-8")
    return root


ENGINES = [
    "embedded",
    pytest.param(
        "quarto",
        marks=[
            pytest.mark.quarto,
            pytest.mark.skipif(not shutil.which("quarto"), reason="Quarto is not on PATH"),
        ],
    ),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_documents_lead_to_each_other_and_number_their_own(tmp_path, anew, engine):
    root = two(tmp_path / "p")
    checked = anew("check", cwd=root)
    assert "undefined cross-reference" not in checked.stdout
    done = anew("build", "--engine", engine, cwd=root)
    assert done.returncode == 0, done.stderr
    for language, (figure, section, back, rain) in LABELS.items():
        folder = root / "_site/report" / language
        pages = {
            name: BeautifulSoup((folder / f"{name}.html").read_text("utf-8"), "html.parser")
            for name in ("index", "method")
        }
        links = {a.get_text(): a["href"] for a in pages["index"].select("main a[href]")}
        assert links[figure] == "method.html#fig-own"
        assert links[section] == "method.html#sec-first"
        links = {a.get_text(): a["href"] for a in pages["method"].select("main a[href]")}
        assert links[back] == "index.html#fig-1" and links[rain] == "index.html#sec-rain"
        for name, page in pages.items():
            listed = page.select(".documents a")
            assert [a["href"] for a in listed if not a.has_attr("aria-current")] == [
                f"{other}.html" for other in pages if other != name
            ]
            assert page.select_one(".actions a.main")["href"] == f"{name}.pdf"
        other = "en" if language == "zh" else "zh"
        switch = pages["method"].select_one(f'a[data-language="{other}"]')
        assert switch["href"] == f"../{other}/method.html"
        pdf = pypdfium2.PdfDocument(BytesIO((folder / "index.pdf").read_bytes()))
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
        assert figure.replace(" ", "") in "".join(text.split())


def test_figures_of_a_second_document_are_told_apart(tmp_path, anew):
    root = two(tmp_path / "p")
    for language in ("zh", "en"):
        folder = root / "report" / language
        index = folder / "index.qmd"
        text = index.read_text("utf-8")
        start = text.index("![")
        line = text[start : text.index("\n", start)]
        index.write_text(text.replace(line, ""), "utf-8")
        method = folder / "method.qmd"
        method.write_text(method.read_text("utf-8") + f"\n{line}\n", "utf-8")
    done = anew("build", cwd=root)
    assert done.returncode == 0, done.stderr
    start = (root / "_site/index.html").read_text("utf-8")
    assert "report/en/method.html#fig-1" in start and "Figure 2 (method)" in start
    embedded = (root / "_site/figures/fig1.html").read_text("utf-8")
    assert "report/en/method.html#fig-1" in embedded


def test_a_reference_to_nowhere_is_still_refused(tmp_path, anew):
    root = two(tmp_path / "p")
    index = root / "report/en/index.qmd"
    index.write_text(index.read_text("utf-8") + "\nSee @fig-nowhere.\n", "utf-8")
    done = anew("build", cwd=root)
    assert done.returncode == 2 and "undefined cross-reference @fig-nowhere" in done.stderr


def test_each_document_is_confirmed_by_itself_and_forgets_no_other(tmp_path, anew):
    root = two(tmp_path / "p")
    for name in ("index", "method"):
        done = anew("translated", f"report/en/{name}.qmd", cwd=root)
        assert done.returncode == 0 and "confirmed" in done.stdout, done.stderr
    assert "stale translation" not in anew("check", cwd=root).stdout
    method = root / "report/zh/method.qmd"
    method.write_text(method.read_text("utf-8").replace("所示", "所见"), "utf-8")
    told = anew("check", cwd=root).stdout
    assert told.count("stale translation") == 1 and "report/en/method.qmd" in told
