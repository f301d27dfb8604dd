"""Figures of any name and from any program: plain matplotlib, a ready SVG, a ready PNG."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from struct import pack

import pytest
import tiny
from bs4 import BeautifulSoup

OPEN = (
    "import anew\nfrom anew.figures.drawing import Words\n"
    'session = anew.open("{address}", edition=edition)\n'
    'rain = session.table("rain")\n'
    'words = {{"zh": Words("降水各异", "毫米", "", "两国的降水"),\n'
    '         "en": Words("Rain differs", "mm", "", "Rain of two countries")}}\n'
)
FIRST = "from typing import Optional\n\nedition: Optional[str] = None"
#: A figure as anybody makes one: pyplot, no layout, no frame.
PLAIN = (
    "import matplotlib.pyplot as plt\n\n"
    "def draw(frame, words, language):\n"
    "    figure, ax = plt.subplots(figsize=(6, 4), layout='constrained')\n"
    "    for economy, rows in frame.groupby('economy'):\n"
    "        ax.plot(rows['year'], rows['value'], label=economy)\n"
    "    ax.legend()\n"
    "    return figure\n\n"
    "session.figure(draw, rain, words)"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200">'
    '<rect id="bar" width="300" height="100" fill="#336699"/></svg>'
)


def png() -> bytes:
    """Return a red picture, 384 × 192 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xcc\x22\x22" * 384 for _ in range(192))
    head = pack(">IIBBBBB", 384, 192, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def own(address: str, picture: str) -> list[str]:
    return [FIRST, OPEN.format(address=address) + f'session.picture("{picture}", rain, words)']


@pytest.fixture(scope="module")
def built(tmp_path_factory, anew):
    """A report with figures `shares`, `map-1` and `photo`, and a picture of the author's own."""
    root = tmp_path_factory.mktemp("any") / "p"
    tiny.make(root, text=True)
    (root / "analysis/fig1_rain.ipynb").unlink()
    tiny.notebook(
        root / "analysis/shares_rain.ipynb", [FIRST, OPEN.format(address="shares") + PLAIN]
    )
    tiny.write(root / "analysis/maps/map.svg", SVG)
    (root / "analysis/maps/photo.png").write_bytes(png())
    tiny.notebook(root / "analysis/map-1.ipynb", own("map-1", "analysis/maps/map.svg"))
    tiny.notebook(root / "analysis/photo_x.ipynb", own("photo", "analysis/maps/photo.png"))
    editions = (root / "data/editions.yml").read_text("utf-8")
    read = "\n".join(
        f"      {address}:\n        tables: {{rain: 2024-01-01}}"
        for address in ("shares", "map-1", "photo")
    )
    editions = re.sub(r"      fig1:\n(        .*\n)*", read + "\n", editions)
    (root / "data/editions.yml").write_text(editions, "utf-8")
    (root / "report/own.svg").write_text(SVG, "utf-8")
    for language, word in (("zh", "图"), ("en", "Picture")):
        names = ("map-1", "own", "shares", "photo")
        text = (root / f"report/{language}/index.qmd").read_text("utf-8").partition("[")[0]
        text += (
            {"zh": "见 ", "en": "See "}[language] + "; ".join(f"@fig-{n}" for n in names) + ".\n\n"
        )
        text += "All the rain is {{< var " + language + ".rain_total >}}.\n\n"
        for name in names:
            file = "../own.svg" if name == "own" else f"../../figures/{name}.{language}.svg"
            alt = ' fig-alt="A bar"' if name == "own" else ""
            text += f"![{word} {name}]({file}){{#fig-{name}{alt}}}\n\n"
        (root / f"report/{language}/index.qmd").write_text(text, "utf-8")
    done = anew("build", "--formats", "html,pdf,docx", cwd=root)
    assert done.returncode == 0, done.stderr
    return root, done


def test_figures_are_numbered_by_where_they_stand_and_everywhere_alike(built):
    root, _ = built
    record = json.loads((root / "_site/figures.json").read_text("utf-8"))
    assert {address: one["number"] for address, one in record.items()} == {
        "map-1": 1, "shares": 3, "photo": 4,
    }  # fmt: skip
    page = BeautifulSoup((root / "_site/report/en/index.html").read_text("utf-8"), "html.parser")
    for address, number in (("map-1", 1), ("own", 2), ("shares", 3), ("photo", 4)):
        figure = page.find(id=f"fig-{address}")
        caption = " ".join(figure.find("figcaption").get_text().split())
        assert caption.startswith(f"Figure {number}: ")
        assert page.find("a", href=f"#fig-{address}").get_text(" ").split() == [
            "Figure",
            str(number),
        ]
    assert page.find("summary", string="Data of Figure 3 as a table")
    notebook = (root / "_site/notebooks/map-1.html").read_text("utf-8")
    assert "Figure 1" in notebook and "../report/en/index.html#fig-map-1" in notebook
    data = (root / "_site/data/index.html").read_text("utf-8")
    assert 'href="../notebooks/shares.html">Figure 3</a>' in data


def test_a_plain_figure_has_the_frame_of_the_house(built):
    root, done = built
    sizes = {}
    for name in ("en", "en.wide", "en.narrow"):
        text = (root / f"_site/figures/shares.{name}.svg").read_text("utf-8")
        sizes[name] = [
            float(side) for side in re.search(r'viewBox="0 0 (\S+) (\S+)"', text).groups()
        ]
    assert sizes["en"][0] == pytest.approx(374.4) and sizes["en.narrow"][0] == pytest.approx(236)
    assert sizes["en.wide"][1] == pytest.approx(374.4 * 4 / 6, rel=0.01)
    assert sizes["en"][1] > sizes["en.wide"][1] + 20, "title and source stand around it"
    assert (root / "_site/report/en/index.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_hard_to_read_is_told_by_build_and_check(tmp_path, anew):
    tiny.make(tmp_path / "p", text=True)
    chart = tmp_path / "p/analysis/chart.py"
    text = chart.read_text("utf-8")
    drawn = "    figure.text(0.95, 0.5, 'a label beyond the edge')\n    return figure"
    chart.write_text(text.replace("    return figure", drawn), "utf-8")
    done = anew("build", cwd=tmp_path / "p")
    assert done.returncode == 0, done.stderr
    line = "fig1, en, narrow layout: “a label beyond the edge” leaves the canvas."
    assert "Hard to read:" in done.stdout and line in done.stdout
    assert f"warning: {line}" in anew("check", cwd=tmp_path / "p").stdout
    said = "fig1，en，窄版式：“a label beyond the edge” 超出画布。"
    for command in ("build", "check"):  # what was built in English is told in Chinese
        assert said in anew(command, cwd=tmp_path / "p", ANEW_LANGUAGE="zh").stdout


def test_ready_pictures_are_published_in_every_form(built):
    root, _ = built
    for address in ("map-1", "photo"):
        for name in ("zh.svg", "zh.wide.svg", "zh.narrow.svg", "zh.png", "en.svg", "en.png"):
            assert (root / f"_site/figures/{address}.{name}").stat().st_size > 100
    assert (root / "_site/figures/photo.en.png").read_bytes() == png()
    assert "data:image/png" in (root / "_site/figures/photo.en.svg").read_text("utf-8")
    page = (root / "_site/report/en/index.html").read_text("utf-8")
    assert page.count("Rain of two countries") >= 3 and "Rain differs" in page


def test_word_shows_every_picture_whatever_its_author_gave(built):
    root, _ = built
    with zipfile.ZipFile(root / "_site/report/en/index.docx") as file:
        media = [name for name in file.namelist() if name.startswith("word/media/")]
        assert len(media) == 4 and all(name.endswith(".png") for name in media)
        assert all(file.read(name).startswith(b"\x89PNG") for name in media)
    assert not (root / "report/own.png").exists() and not (root / "_site/report/own.png").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.svg", SVG.replace("<rect", "<script>1</script><rect"), "<script>"),
        ("a.svg", SVG.replace("<rect", '<rect onload="x()"'), "onload"),
        ("a.svg", SVG.replace("<rect", '<image href="https://example.org/x.png"/><rect'), "href="),
        ("a.svg", SVG.replace('width="400" height="200"', ""), "has no size"),
        ("a.svg", SVG.replace("</svg>", ""), "is not XML"),
        ("a.svg", "a,b\n", "is no SVG and no PNG"),
        ("b.svg", SVG, "there is no picture"),
    ],
)
def test_a_picture_that_may_not_be_shown_is_refused(tmp_path, anew, name, content, message):
    tiny.make(tmp_path / "p", text=True)
    root = tmp_path / "p"
    (root / name).write_text(content, "utf-8")
    cells = [
        *tiny.FIG1[:-1],
        'words = {"zh": Words("题", "", "", "述"), "en": Words("T", "", "", "d")}',
    ]
    tiny.notebook(root / "analysis/fig1_rain.ipynb",
                  [*cells, 'session.picture("a.svg", frame, words)'])  # fmt: skip
    done = anew("build", "--only", "fig1", cwd=root)
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr
