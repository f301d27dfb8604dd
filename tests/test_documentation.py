"""The documentation is whole: every command, option, key and public function is in it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import anew as engine

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
sys.path.insert(0, str(ROOT / "tools"))

import reference  # noqa: E402


@pytest.fixture(scope="module")
def pages():
    return reference.pages()


def test_every_command_has_help_an_example_and_words_for_each_option(pages):
    verbs = reference.verbs()
    assert set(reference.EXAMPLES) == set(verbs)
    for name, command in verbs.items():
        assert command.help, name
        assert reference.EXAMPLES[name].startswith(f"anew {name}")
        for one in command.params:
            hidden = one.name == "help" or getattr(one, "hidden", False)
            assert hidden or getattr(one, "help", ""), (name, one.name)
        assert f"## anew {name}\n" in pages["reference/commands.md"]


def test_the_pages_made_from_the_code_are_as_the_code_is_now(pages):
    """They are tracked, to be read where nobody builds them; make docs renews them."""
    for name, text in pages.items():
        assert (DOCS / name).read_text("utf-8") == text, f"{name}: make docs"


def test_every_example_is_what_the_command_takes():
    import shlex

    for name, example in reference.EXAMPLES.items():
        words = shlex.split(example)[1 + len(name.split()) :]
        context = reference.verbs()[name].make_context(name, words, resilient_parsing=True)
        assert not context.args


def test_what_a_notebook_may_call_is_documented(pages):
    page = pages["reference/notebooks.md"]
    assert set(engine.__all__) - {"__version__"} == set(reference.CALLED["anew"])
    from anew.notebook.session import Session

    for name, function in reference.public_methods(Session):
        assert f"#### Session.{name}\n" in page
        first = (function.__doc__ or "").strip().partition("\n")[0]
        assert first.endswith(".") and len(first) > 20, name


def test_every_key_of_every_file_is_documented(pages):
    from anew.start.schemas import schemas

    page = pages["reference/files.md"]
    assert set(reference.FILES) == set(schemas())
    for schema in schemas().values():
        for part in (schema, *schema.get("$defs", {}).values()):
            for key in part.get("properties", {}):
                assert f"| `{key}` |" in page, key


def test_what_the_site_has_for_machines_is_documented(tmp_path, anew):
    import tiny

    tiny.make(tmp_path / "p", text=True)
    done = anew("build", cwd=tmp_path / "p")
    assert done.returncode == 0, done.stderr
    site = tmp_path / "p/_site"
    made = {path.relative_to(site).as_posix() for path in site.rglob("*.json")}
    made = {name for name in made if not name.startswith(("pagefind/", "source/"))}
    assert made == {name for name in reference.PUBLISHED if name.endswith(".json")}


def test_both_languages_have_the_same_recipes_and_the_same_code():
    for name in ("how-to", "explanation"):
        en, zh = ((DOCS / f"{name}{mark}.md").read_text("utf-8") for mark in ("", ".zh"))
        assert en.count("\n## ") == zh.count("\n## ")
        codes = [re.findall(r"^```(\w+)\n(.*?)^```", text, re.M | re.S) for text in (en, zh)]
        assert [kind for kind, _ in codes[0]] == [kind for kind, _ in codes[1]]
        for (kind, one), (_, other) in zip(*codes, strict=True):
            if kind == "console":
                assert one == other


def test_the_documentation_is_built_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", tmp_path / "trees", DOCS, tmp_path / "out"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out/index.html").read_text("utf-8")
    assert not re.findall(r'(?:src|href)="https?://[^"]*\.(?:js|css|woff2?)"', page)
