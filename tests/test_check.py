"""`anew check` and `anew translated`: the real commands, on a tiny report and on this one."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from anew.build.check import check_project
from anew.project.paths import Project

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
        (f"{ENGLISH}:zzz", "has no section zzz"),
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
    mend = "is used in no text. Use it in every language, or take it out of the notebook. "
    mend, differ = f"{mend}[stated-in-vain]", "[languages-differ]"
    assert {error.removeprefix("error: ") for error in errors} == {
        f"{ENGLISH}:7: no notebook makes the claim rain-falls. [unknown-claim]",
        f"{ENGLISH}:11: no notebook states the fact gone. [unknown-fact]",
        f"{ENGLISH}:11: the number 93 is typed. Print a fact, or cite the source in the same "
        "sentence. [typed-number]",
        f"{ENGLISH}:11: Chinese in the en text: 雨. Translate it, or mark it: [雨]{{lang=zh}}. "
        "[chinese-in-text]",
        f"report/zh/index.qmd:8 / {ENGLISH}:7: only zh has the claims rain-grows. {differ}",
        f"report/zh/index.qmd:8 / {ENGLISH}:7: only en has the claims rain-falls. {differ}",
        f"report/zh/index.qmd:12 / {ENGLISH}:11: only zh has the facts rain_total. {differ}",
        f"report/zh/index.qmd:12 / {ENGLISH}:11: only en has the facts gone. {differ}",
        f"report/zh/index.qmd:3 / {ENGLISH}:2: title-en differs from the title of the en text: “A "
        f"rain report” instead of “Rain report”. Copy it again. {differ}",
        f"analysis/fig1_rain.ipynb, cell 4, line 3: the claim rain-grows {mend}",
        f"analysis/other_total.ipynb, cell 2, line 4: the fact rain_total {mend}",
    }


def test_what_the_build_would_refuse_is_told_before_a_notebook_runs(root, edited, anew):
    added = "::: {.my-box}\nIt rains.\n:::\n\n![](gone.png)\n\nAll the rain"
    edited(ENGLISH, "All the rain", added)
    done = anew("check", cwd=root)
    assert done.returncode == 2
    assert f"error: {ENGLISH}:11: unknown div class 'my-box'." in done.stdout
    assert f"error: {ENGLISH}:15: no picture gone.png." in done.stdout


def test_faults_of_the_data_do_not_hide_those_of_the_text(root, edited, anew):
    edited("data/raw/rain/2024-01-01.csv", "FRA,2019,10", "FRA,2019,-10")
    edited(ENGLISH, "All the rain", "::: {.my-box}\nIt rains.\n:::\n\nAll the rain")
    done = anew("check", cwd=root)
    assert done.returncode == 2 and "data/raw/rain/2024-01-01.csv" in done.stdout
    assert f"error: {ENGLISH}:11: unknown div class 'my-box'." in done.stdout
    assert "gone" not in done.stdout and "undefined variable" not in done.stdout


def test_evidence_without_chinese_words_is_an_error(root, edited, anew):
    edited("analysis/fig1_rain.ipynb", "evidence=dict(", "evidence={'wet days, FRA': 7} | dict(")
    (said,) = check_project(Project(root)).errors
    assert said == (
        "report/zh/_evidence.yml: the evidence of the claim rain-grows, made by fig1, says 'wet "
        "days, FRA', which has no words in zh. Add a line for it. [no-evidence-words]"
    )
    words = tiny.write(root / "report/zh/_evidence.yml", "wet days: 雨日\n")
    assert check_project(Project(root)).errors == []
    words.unlink()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("All the rain", '::: {.when claim="it-pours"}\nWet.\n:::\n\nAll the rain',
         f"{ENGLISH}:12: no notebook makes the claim it-pours."),
        ("en.rain_total", "zh.rain_total", f"{ENGLISH}:11: no notebook states the fact zh.rain_t"),
        ("All the rain is", "Of 400bn drops, the rain is", f"{ENGLISH}:11: the number 400 is type"),
        ("title: Rain report", "title: 12.5 mm of rain", f"{ENGLISH}:2: the number 12.5 is typed."),
        ("All the rain", "| a | b |\n|---|---|\n| x | 7 |\n\nAll the rain",
         f"{ENGLISH}:13: the number 7 is typed."),
        ("![Rain]", "![Rain in 3 places]", f"{ENGLISH}:9: the number 3 is typed."),
        ("title: Rain report", 'title: Rain\nabstract: |\n  [It is]{.claim ref="it-is"}.',
         f"{ENGLISH}:4: no notebook makes the claim it-is."),
    ],
)  # fmt: skip
def test_a_slip_is_named_by_its_own_line(root, edited, old, new, said):
    edited(ENGLISH, old, new)
    found = check_project(Project(root)).errors
    assert [error for error in found if error.startswith(said)], found


def test_a_text_that_uses_nothing_is_an_error(root, edited):
    for language, text in (("zh", "空"), ("en", "Empty")):
        name = f"report/{language}/index.qmd"
        whole = (root / name).read_text("utf-8")
        edited(name, whole, f"---\ntitle: {text}\n---\n")
    found = check_project(Project(root)).errors
    for kind in ("fact", "claim"):
        assert (
            f"report/: no {kind} is used in any text; is it the report? [stated-in-vain]" in found
        )


def test_a_fact_is_traced_to_the_cell_and_the_module_that_state_it(root, edited):
    for language in ("zh", "en"):
        name, unused = f"report/{language}/index.qmd", f"{{{{< var {language}.rain_total >}}}}"
        edited(name, unused, unused.replace("total", "last"))
    (said,) = check_project(Project(root)).errors
    assert said.startswith("analysis/other_total.ipynb, cell 2, line 4: the fact rain_total is")
    stated = 'session.fact(\\"rain_total\\", rain[\\"value\\"].sum(), \\"mm\\")'
    called = "from analysis import findings\\nfindings.state(session, rain)"
    edited("analysis/other_total.ipynb", stated, called)
    module = tiny.write(
        root / "analysis/findings.py",
        "def state(session, rain):\n"
        '    session.fact("rain_" + "total", rain["value"].sum(), "mm")\n',
    )
    (said,) = check_project(Project(root)).errors
    assert said.startswith("analysis/findings.py:2: the fact rain_total is used in no text.")
    module.unlink()


def test_this_report_is_one_document_and_every_translation_is_confirmed():
    report = check_project(Project(ROOT))
    assert report.errors == [] and report.warnings == []
    assert report.counts["blocks of text"] > 100 and report.counts["facts in the text"] > 100


def test_a_claim_of_the_text_that_does_not_hold_fails_the_check(root, edited, anew):
    anew("translated", ENGLISH, cwd=root)
    edited("analysis/fig1_rain.ipynb", ".is_monotonic_increasing", ".is_monotonic_decreasing")
    done = anew("check", cwd=root)
    assert done.returncode == 1, done.stdout + done.stderr
    said = "the claim rain-grows does not hold on edition 2024. Change the sentence"
    assert f"error: report/zh/index.qmd:7: {said}" in done.stdout
    assert f"error: {ENGLISH}:7: {said}" in done.stdout
    for name, line in (("report/zh/index.qmd", "[降水增加"), (ENGLISH, "[Rain grew")):
        edited(name, line, f'::: {{.when claim="rain-grows"}}\n{line}')
        edited(name, "![", ":::\n\n![")
    assert anew("check", cwd=root).returncode == 0


def test_todo_marks_are_listed(root, edited, anew):
    edited(ENGLISH, "All the rain", "TODO: say more. All the rain")
    edited("analysis/other_total.ipynb", "import anew", "import anew  # TODO: the median")
    edited("analysis/scale.py", "FACTOR = 1", "FACTOR = 1  # TODO: a better one")
    done = anew("check", cwd=root)
    assert done.returncode == 0
    assert f"warning: {ENGLISH}:11: TODO: say more. All the rain" in done.stdout
    assert "warning: analysis/other_total.ipynb, cell 2: TODO: the median" in done.stdout
    assert "warning: analysis/scale.py:1: TODO: a better one" in done.stdout
