"""`anew init --from-notebook`: the last figure of a plain notebook is Figure 1."""

from __future__ import annotations

import json
import subprocess
import sys

import nbformat
import pytest

PLAIN = [
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport pandas as pd\n"
    "df = pd.read_csv('data/sales.csv')\ndf.head()",
    "df.groupby('shop').amount.sum().plot.bar()\nplt.show()",
    "fig, ax = plt.subplots(figsize=(8, 4))\nfor shop, rows in df.groupby('shop'):\n"
    "    ax.plot(rows.year, rows.amount, label=shop)\nax.legend()\nax.set_title('Own title')\n"
    "plt.show()",
    "print('done')",
]


def notebook(path, cells, **more):
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    cells = [nbformat.v4.new_markdown_cell("# Sales\nof two shops"), *code]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=more), path)
    return path


@pytest.mark.parametrize("languages", ["en", "zh,en"])
def test_a_plain_notebook_becomes_a_report_that_passes_every_check(tmp_path, anew, languages):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/sales.csv").write_text(
        "shop,year,amount\nA,2020,1\nA,2021,3\nB,2020,2\nB,2021,2.5\n", "utf-8"
    )
    notebook(tmp_path / "My Analysis.ipynb", PLAIN)
    more = ["--languages", languages, "--title", "Sales of shops"]
    made = anew("init", "r", *more, "--from-notebook", "My Analysis.ipynb", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    root = tmp_path / "r"
    assert not list(root.rglob("*rainfall*"))
    done = anew("build", cwd=root)
    assert done.returncode == 0 and "Hard to read" not in done.stdout, done.stdout + done.stderr
    checked = anew("check", "--strict", cwd=root)
    assert "All is well" in checked.stdout, checked.stdout
    shown = (root / "_site/figures/fig1.csv").read_text("utf-8")
    assert shown == "series,x,y\nA,2020,1.0\nA,2021,3.0\nB,2020,2.0\nB,2021,2.5\n"
    page = (root / "_site/report/en/index.html").read_text("utf-8")
    assert "Sales of shops" in page and "Own title" not in page and "shows 4 values" in page
    cells = json.loads((root / "analysis/fig1_my_analysis.ipynb").read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    assert [source for source in PLAIN if "Own title" not in source] == [
        source for source in sources if source in PLAIN
    ]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_files_that_a_changed_notebook_reads_are_inputs(tmp_path, anew):
    (tmp_path / "sales.csv").write_text("year,amount\n2020,1\n2021,3\n", "utf-8")
    cells = [PLAIN[0].replace("data/", ""), "df.plot(x='year', y='amount')"]
    notebook(tmp_path / "a.ipynb", cells)
    anew("init", "r", "--languages", "en", "--from-notebook", "a.ipynb", cwd=tmp_path)
    root = tmp_path / "r"
    assert anew("build", cwd=root).returncode == 0
    (root / "sales.csv").write_text("year,amount\n2020,1\n2021,9\n", "utf-8")
    assert "notebooks: 1 run" in anew("build", cwd=root).stdout
    assert "9" in (root / "_site/figures/fig1.csv").read_text("utf-8")


@pytest.mark.parametrize(
    ("cells", "more", "said"),
    [
        (["x = 1"], {}, "no cell draws"),
        (
            ["plot(1)"],
            {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
            "is written in R",
        ),
        (None, {}, "There is no notebook"),
        ("a,b\n1,2\n", {}, "cannot be read as a notebook"),
    ],
)
def test_what_is_no_such_notebook_is_refused_and_nothing_is_written(
    tmp_path, anew, cells, more, said
):
    path = tmp_path / "a.ipynb"
    if isinstance(cells, list):
        notebook(path, cells, **more)
    elif cells:
        path.write_text(cells, "utf-8")
    done = anew("init", "r", "--languages", "en", "--from-notebook", "a.ipynb", cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "r").exists()
