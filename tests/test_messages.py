"""What the command says: every error has a code and a page, every phrase its Chinese."""

from __future__ import annotations

import errno
import pickle
import re
import sys
from pathlib import Path

import pytest
import tiny
import yaml
from babel.messages.pofile import read_po

from anew.project.catalogue import read_entries
from anew.project.errors import AnewError, BuildError, told_by_system, unknown
from anew.project.phrases import CATALOGUE, Either, Phrase, in_language, joined, readers_language
from anew.project.problems import Problem

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402

SAID = messages.said()
HAN = re.compile("[\u4e00-\u9fff]")
#: English words of phrases that have no Chinese word of their own.
SAME = {"s", "in", "the", "a", "and", "PDF"}
CHINESE = {entry["msgid"]: entry["msgstr"] for entry in read_entries(CATALOGUE) if entry["msgid"]}


def fields(text: str) -> set[str]:
    """Return the names in braces, without how they are written."""
    return {re.split("[!:]", name)[0] for name in re.findall(r"\{([^{}]+)\}", text)}


def test_every_phrase_has_its_chinese_with_the_same_fields():
    for phrase, file in messages.phrases(SAID).items():
        chinese = CHINESE.get(phrase, "")
        assert chinese, f"{file}: {phrase!r} has no Chinese: python tools/messages.py"
        assert fields(chinese) == fields(phrase), (file, phrase, chinese)
        words = set(re.findall("[A-Za-z]+", re.sub(r"\{[^{}]+\}", "", phrase)))
        assert HAN.search(chinese) or words <= SAME, (file, phrase, chinese)


def test_no_phrase_of_the_catalogue_is_said_no_more():
    unused = set(CHINESE) - set(messages.phrases(SAID))
    assert unused == set(), "python tools/messages.py"


def test_the_reader_of_babel_reads_the_same_catalogue():
    with CATALOGUE.open("rb") as file:
        entries = {one.id: one.string for one in read_po(file, abort_invalid=True) if one.id}
    assert entries == CHINESE


def test_every_error_that_is_raised_has_a_code_and_a_phrase():
    """All rooms are held; `passed` is a code that came with an error or a problem."""
    for one in SAID:
        if one.called in messages.RAISING:
            where = f"{one.file}:{one.line}"
            assert one.codes, f"{where}: {one.called} has no code"
            assert not one.made_up, f"{where}: fields are named, not spliced in by an f-string"


def test_every_code_is_explained_and_every_explanation_is_of_a_code():
    told = yaml.safe_load((ROOT / "docs/errors.yml").read_text("utf-8"))
    raised = messages.errors(SAID)
    assert sorted(set(raised) - set(told)) == [], "explain them in docs/errors.yml"
    assert sorted(set(told) - set(raised)) == [], "nothing raises them"
    for code, parts in told.items():
        assert parts.keys() == {"cause", "fix"}, code
        for part in parts.values():
            assert HAN.search(part["zh"]) and not HAN.search(part["en"]), (code, part)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_of_errors_shows_each_code_with_what_is_said(language):
    page = "\n".join(messages.error_page(language))
    assert len(set(re.findall("(?m)^## (.*)$", page))) == page.count("\n## ")
    for code in messages.errors(SAID):
        assert f"\n## {code}\n" in page
    shown = {"en": "Unknown edition {name}{place}.", "zh": "未知的年度版 {name}{place}。"}
    assert f"- `{shown[language]}`" in page


def test_a_phrase_is_its_english_text_wherever_it_is_written(tmp_path):
    said = Phrase("{file} has {count:,} rows: {names}", file="a.csv", count=1200, names=["a", "b"])
    assert said == "a.csv has 1,200 rows: a, b" and f"{said}" == said
    (tmp_path / "a.txt").write_text(said, "utf-8")
    assert (tmp_path / "a.txt").read_text("utf-8") == str(said)
    again = pickle.loads(pickle.dumps(said))
    assert again == said and again.template == said.template and again.fields == said.fields


def test_parts_of_a_phrase_are_said_in_its_language():
    error = unknown("edition", "2032", ["2031"], Phrase("table {table}", table="rain"))
    assert (
        str(error) == "Unknown edition '2032' in table rain.\n  Did you mean '2031'? Valid: 2031."
    )
    assert in_language(error.told(), "zh") == (
        "未知的年度版 '2032'（表 rain）。[unknown-edition]\n  是不是 '2031'？可用：2031。"
    )
    either = Phrase("Did you mean {names}?", names=Either(["A", "B"]))
    assert either == "Did you mean A or B?" and in_language(either, "zh") == "是不是 A 或 B？"
    assert in_language(joined("; ", ["a", Phrase("none")]), "zh") == "a；无"
    assert in_language("as it came", "zh") == "as it came"


def test_what_a_project_raises_needs_no_code_and_keeps_its_braces():
    error = AnewError("The cell {x} is wrong.", "Look at {y}.")
    assert str(error) == "The cell {x} is wrong.\n  Look at {y}." == in_language(error.told(), "zh")
    assert error.code == ""


def test_an_error_crosses_to_another_process_with_its_code():
    error = pickle.loads(pickle.dumps(told_by_system(OSError(errno.ENOSPC, "full", "/x"))))
    assert isinstance(error, BuildError) and error.code == "disk-full"
    assert in_language(error.hint, "zh") == "磁盘已满：请腾出空间后再运行。"


def test_a_problem_shows_its_place_and_its_code():
    problem = Problem("a.csv", Phrase("the cell is empty."), code="wrong-cell", row=3, column="b")
    assert str(problem) == "a.csv, row 3, column b: the cell is empty. [wrong-cell]"
    assert in_language(str(problem), "zh") == "a.csv 第 3 行，b 列：单元格是空的。[wrong-cell]"


@pytest.mark.parametrize(
    ("line", "english", "chinese"),
    [
        ("buidl", "No such command 'buidl'. Did you mean 'build'?",
         "没有命令 'buidl'。是不是 'build'？"),
        ("build --editon 1", "No such option: --editon", "没有选项 --editon"),
        ("build --edition", "Option '--edition' requires an argument.",
         "选项 '--edition' 需要一个值。"),
        ("build --jobs x", "Invalid value for '--jobs' / '-j': Input should be a valid integer",
         "'--jobs' / '-j' 的值无效：应为整数"),
        ("serve --port 70000", "less than or equal to 65535", "应小于或等于 65535"),
        ("accept", "Missing argument 'files'.", "缺少参数 'files'。"),
        ("explain here there", "unexpected extra argument(s) (here there)",
         "多余的参数：here there"),
        ("--language fr", "'--language': choose en or zh.", "请选择 en 或 zh。"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_command_line_is_told_in_the_readers_language(
    tmp_path, anew, line, english, chinese
):
    for language, said in (("en", english), ("zh", chinese)):
        done = anew(*line.split(), cwd=tmp_path, ANEW_LANGUAGE=language)
        assert done.returncode == 2 and done.stdout == ""
        assert said in done.stderr and "[usage]" in done.stderr and "--help" in done.stderr


def test_the_help_of_every_command_is_in_the_readers_language(tmp_path, anew):
    said = anew("--help", cwd=tmp_path, ANEW_LANGUAGE="zh").stdout
    assert "构建并发布报告。" in said and "显示版本号。" in said
    said = anew("edition", "new", "--help", cwd=tmp_path, ANEW_LANGUAGE="zh").stdout
    assert "每幅图画到其数据的最后一期。" in said
    assert "Each figure goes up" in anew("edition", "new", "--help", cwd=tmp_path).stdout
    english = re.compile(r"Usage|Options|Arguments|Commands|Show this|default:|env var|required")
    for words in (("build",), ("ingest",), ("edition",), ("sweep",), ("export",)):
        said = anew(*words, "--help", cwd=tmp_path, ANEW_LANGUAGE="zh").stdout
        assert said.startswith("用法：") and not english.search(said), said


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
        ({"LC_ALL": "zh_CN.GB18030", "ANEW_LANGUAGE": "en"}, "en"),
    ],
)
def test_the_readers_language_is_that_of_the_environment(environment, language):
    assert readers_language(environment) == language


@pytest.fixture(scope="module")
def built(tmp_path_factory, anew):
    """The same report built in two locales, and what the builds said."""
    made = {}
    for locale in ("C.UTF-8", "zh_CN.UTF-8"):
        project = tiny.make(tmp_path_factory.mktemp("p") / "report", text=True)
        done = anew("build", cwd=project.root, LC_ALL=locale, LANG=locale)
        assert done.returncode == 0, done.stderr
        made[locale] = project, done
    return made


def test_the_language_changes_no_byte_of_what_is_built(built):
    found = []
    for project, _ in built.values():
        kept = [*project.site.rglob("*"), *project.work.rglob("result.json")]
        files = {path.relative_to(project.root): path for path in kept if path.is_file()}
        found.append({name: path.read_bytes() for name, path in files.items()})
    assert found[0] == found[1]


def test_a_build_is_told_in_the_readers_language_and_again_when_nothing_changed(built, anew):
    (english, first), (chinese, second) = built.values()
    assert "The report is at _site/index.html" in first.stdout
    assert "报告在 _site/index.html" in second.stdout and "运行" in second.stderr
    again = anew("build", cwd=english.root, LC_ALL="zh_CN.UTF-8")
    assert "没有变化：_site/index.html" in again.stdout
    again = anew("--language", "en", "build", cwd=chinese.root, LC_ALL="zh_CN.UTF-8")
    assert "Nothing changed: _site/index.html" in again.stdout


def test_the_command_speaks_chinese_where_it_is_asked_to(built, anew):
    root = built["zh_CN.UTF-8"][0].root
    asked = anew("--language", "zh", "edition", "show", "2099", cwd=root)
    assert asked.returncode == 2
    assert asked.stderr.startswith(
        "错误：未知的年度版 '2099'（data/editions.yml）。[unknown-edition]\n"
    )
    checked = anew("check", cwd=root, LC_ALL="zh_CN.UTF-8")
    assert checked.returncode == 0 and "已检查：1 张数据表、1 个数据版本" in checked.stdout
    english = anew("--language", "en", "explain", cwd=root, LC_ALL="zh_CN.UTF-8")
    assert not HAN.search(english.stdout), english.stdout
    assert "choose en or zh" in anew("--language", "fr", "check", cwd=root).stderr


def test_a_notebook_that_refuses_its_data_says_so_in_the_readers_language(tmp_path, anew):
    project = tiny.make(tmp_path / "p", text=True)
    notebook = next(iter(project.notebooks().values()))
    text = notebook.read_text("utf-8")
    notebook.write_text(
        text.replace('session.table(\\"rain\\")', 'session.table(\\"snow\\")'), "utf-8"
    )
    assert notebook.read_text("utf-8") != text
    done = anew("--language", "zh", "build", cwd=project.root)
    assert done.returncode == 1 and "[unknown-table]" in done.stderr
    assert "未知的数据表 'snow'" in done.stderr and "可用：rain。" in done.stderr
