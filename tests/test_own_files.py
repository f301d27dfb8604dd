"""The author's own pictures and files beside the text: published, or named by file and line."""

from __future__ import annotations

import base64
import zipfile

import pytest
import tiny
from typeset_stage import document, fonts, make_stage, write

from anew.text.document import read_text
from anew.typeset.embedded import check_subset, render_docx, render_html, render_pdf
from anew.typeset.embedded.document import load_document
from anew.typeset.embedded.pdf import to_typst

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
NAMES = ["own.png", "img/my own.png", "图片/自己的图.png", "report.en.png"]


def show(name: str) -> str:
    return f"![Drawn by hand](<{name}>)".replace("![", "A ![") + " here.\n"


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_of_any_name_is_set_in_every_format(tmp_path, name):
    make_stage(tmp_path, show(name))
    path = tmp_path / "report/en" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(PNG)
    assert check_subset(tmp_path, document()) == []
    assert "<img" in render_html(tmp_path, document()).body
    render_pdf(tmp_path, document(), tmp_path / "o.pdf", fonts())
    render_docx(tmp_path, document(), tmp_path / "o.docx")
    with zipfile.ZipFile(tmp_path / "o.docx") as file:
        assert any(name.startswith("word/media/") for name in file.namelist())


def test_the_build_publishes_them_in_each_language(tmp_path, anew):
    project = tiny.make(tmp_path / "p", text=True)
    for language, name in (("zh", "图 一.png"), ("en", "img/own.png")):
        path = project.report / language / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PNG)
        write(path.with_name("d.csv"), "a\n1\n")
        text = project.report / language / "index.qmd"
        link = f"[data](<{(path.with_name('d.csv')).relative_to(text.parent).as_posix()}>)"
        text.write_text(text.read_text("utf-8") + f"\n{show(name)}\n{link}\n", "utf-8")
    done = anew("build", "--formats", "html", cwd=project.root)
    assert done.returncode == 0, done.stderr
    site = project.site / "report"
    assert (site / "zh/图 一.png").read_bytes() == (site / "en/img/own.png").read_bytes() == PNG
    assert (site / "en/img/d.csv").is_file() and (site / "zh/d.csv").is_file()


def test_a_width_is_the_same_in_print_as_on_a_page(tmp_path):
    sizes = ["300px", "300", "3.125in"]
    make_stage(tmp_path, "\n\n".join(f"A ![b](own.png){{width={size}}}" for size in sizes) + "\n")
    (tmp_path / "report/en/own.png").write_bytes(PNG)
    text = to_typst(load_document(read_text(tmp_path, document()), "typst"))
    assert text.count("width: 3.125in") == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A ![b](gone.png)\n", "no picture gone.png"),
        ("A ![b](../../figures/own.png)\n", "no picture ../../figures/own.png"),
        ("A ![b](own.png){width=wide}\n", "width='wide' is not a size"),
        ("A ![b](own.tiff)\n", "a picture that print cannot show: own.tiff"),
        ("[a](data/gone.csv)\n", "no file data/gone.csv"),
    ],
)
def test_what_is_missing_is_named_by_the_file_that_names_it(tmp_path, text, message):
    make_stage(tmp_path, "Before.\n\n{{< include _a.qmd >}}\n")
    write(tmp_path / "report/en/_a.qmd", "Words.\n\n" + text)
    write(tmp_path / "report/en/own.tiff", "")
    (tmp_path / "report/en/own.png").write_bytes(PNG)
    (problem,) = check_subset(tmp_path, document())
    assert (str(problem.place), problem.message) == ("report/en/_a.qmd:3", message)
