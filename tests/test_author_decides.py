"""What an author decides of the site: footer, links, social picture, what is under a figure."""

from __future__ import annotations

import pytest
import tiny
from bs4 import BeautifulSoup

OWN = """\
  footer: {zh: 由气象局编制, en: Made by the weather office}
  links:
    - {title: {zh: 文档, en: Documentation}, url: "https://example.org/docs/"}
  under: [files]
  picture: fig1
"""


def report(root, own):
    tiny.make(root, text=True)
    quarto = root / "_quarto.yml"
    quarto.write_text(quarto.read_text("utf-8").replace("anew:\n", f"anew:\n{own}"), "utf-8")
    return root


def test_footer_links_and_what_is_under_a_figure(tmp_path, anew):
    root = report(tmp_path / "p", OWN)
    done = anew("build", cwd=root)
    assert done.returncode == 0, done.stderr
    for name, words in (("report/zh/index.html", "由气象局编制"), ("data/index.html", "Made by")):
        page = BeautifulSoup((root / "_site" / name).read_text("utf-8"), "html.parser")
        foot = page.select_one("footer")
        assert words in foot.get_text()
        assert foot.select_one('a[href="https://example.org/docs/"]')
    page = BeautifulSoup((root / "_site/report/en/index.html").read_text("utf-8"), "html.parser")
    assert page.select_one(".under .files") and not page.select(".under details")


def test_nothing_under_a_figure_but_the_way_to_its_notebook(tmp_path, anew):
    root = report(tmp_path / "p", "  under: []\n")
    assert anew("build", cwd=root).returncode == 0
    page = BeautifulSoup((root / "_site/report/en/index.html").read_text("utf-8"), "html.parser")
    assert not page.select(".under details, .under .files")
    assert page.select_one('.under a[href="../../notebooks/fig1.html"]')


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("  picture: fig7\n", "Unknown figure 'fig7'"),
        ("  under: [table]\n", "table"),
        ('  links: [{title: {zh: 一, en: a}, url: "example.org"}]\n', "is not a web address"),
    ],
)
def test_what_cannot_be_is_refused_by_check_and_build(tmp_path, anew, own, said):
    root = report(tmp_path / "p", own)
    for verb in ("check", "build"):
        done = anew(verb, cwd=root)
        assert done.returncode in (1, 2) and said in done.stdout + done.stderr, done.stderr
