"""`anew check` and `anew translated`: the real commands, on a tiny report and on this one."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from anew.check import check_project
from anew.project import Project

ROOT = Path(__file__).parent.parent
ENGLISH = "report/en/index.qmd"


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("check") / "p"
    tiny.make(folder, text=True)
    return folder


@pytest.fixture
def edited(root):
    """Replace text in a file of the project; afterwards all is as it was."""
    before: dict[Path, bytes] = {}

    def edit(name: str, old: str, new: str) -> None:
        path = root / name
        before.setdefault(path, path.read_bytes())
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    yield edit
    for path, content in before.items():
        path.write_bytes(content)
    (root / "report/en/_translated.yml").unlink(missing_ok=True)


def test_a_translation_is_stale_until_it_is_confirmed(root, edited, anew):
    done = anew("check", cwd=root)
    assert done.returncode == 0 and "No errors." in done.stdout
    assert f"{ENGLISH}:5: stale translation: it was never confirmed" in done.stdout
    assert anew("check", "--strict", cwd=root).returncode == 2
    done = anew("translated", ENGLISH, cwd=root)
    assert done.stdout == f"5 blocks of {ENGLISH} confirmed.\n", done.stderr
    done = anew("check", "--strict", cwd=root)
    assert done.returncode == 0 and "All is well." in done.stdout
    edited("report/zh/index.qmd", "title: 降水报告", "title: 降水年报")
    edited("report/zh/index.qmd", "全部降水为", "全部的降水为")
    done = anew("check", "--strict", cwd=root)
    assert done.returncode == 2
    stale = [line for line in done.stdout.splitlines() if "its original changed" in line]
    assert stale == [
        f"warning: {ENGLISH}:2: stale translation: its original changed (report/zh/index.qmd:2).",
        f"warning: {ENGLISH}:11: stale translation: its original changed (report/zh/index.qmd:11).",
    ]
    assert anew("translated", f"{ENGLISH}:sec-rain", cwd=root).stdout.startswith("1 blocks")
    assert anew("translated", f"{ENGLISH}:front-matter", cwd=root).stdout.startswith("1 blocks")
    assert anew("check", "--strict", cwd=root).returncode == 0


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("report/zh/index.qmd", "is not a translated text"),
        ("report/en/gone.qmd", "is not a translated text"),
        (f"{ENGLISH}:sec-rian", "Did you mean sec-rain?"),
    ],
)
def test_what_cannot_be_confirmed_is_said(root, anew, target, said):
    done = anew("translated", target, cwd=root)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert not (root / "report/en/_translated.yml").exists()


def test_each_fault_of_a_text_is_an_error_with_its_place(root, edited, anew):
    edited("report/zh/index.qmd", "title: 降水报告", "title: 降水报告\ntitle-en: A rain report")
    edited(ENGLISH, "All the rain is {{< var en.rain_total >}}", "All 雨 is 93 {{< var en.gone >}}")
    edited(ENGLISH, 'ref="rain-grows"', 'ref="rain-falls"')
    done = anew("check", cwd=root)
    assert done.returncode == 2
    errors = [line for line in done.stdout.splitlines() if line.startswith("error: ")]
    mend = "is used in no text. Use it in both languages, or take it out of the notebook."
    assert {error.removeprefix("error: ") for error in errors} == {
        f"{ENGLISH}:7: no notebook makes the claim rain-falls.",
        f"{ENGLISH}:11: no notebook states the fact gone.",
        f"{ENGLISH}:11: the number 93 is typed. Print a fact, or cite the source in the same "
        "sentence.",
        f"{ENGLISH}:11: Chinese in the en text: 雨. Translate it, or mark it: [雨]{{lang=zh}}.",
        f"report/zh/index.qmd:8 / {ENGLISH}:7: only zh has the claims rain-grows.",
        f"report/zh/index.qmd:8 / {ENGLISH}:7: only en has the claims rain-falls.",
        f"report/zh/index.qmd:12 / {ENGLISH}:11: only zh has the facts rain_total.",
        f"report/zh/index.qmd:12 / {ENGLISH}:11: only en has the facts gone.",
        f"report/zh/index.qmd:3 / {ENGLISH}:2: title-en is not the title of the en text: “A rain "
        "report” where that has “Rain report”. Copy it anew.",
        f"claim rain-grows, stated by fig1, {mend}",
        f"fact rain_total, stated by other, {mend}",
    }


def test_this_report_is_one_document_and_every_translation_is_confirmed():
    report = check_project(Project(ROOT))
    assert report.errors == [] and report.warnings == []
    assert report.counts["blocks of text"] > 100 and report.counts["facts in the text"] > 100
