"""The engine's texts: one catalogue, complete in both languages, each text used."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from babel.messages.pofile import read_po

import anew
from anew.project.errors import AnewError
from anew.project.language import CATALOGUES, KNOWN, LANGUAGES, catalogue, say
from anew.site.shell import environment
from anew.verify.certificate import Result
from anew.verify.telling import KINDS

ENGINE = Path(anew.__file__).parent
HAN = re.compile("[\u4e00-\u9fff]")
#: Functions that take a key, and what they put before it: in a template, and in Python.
IN_TEMPLATES = {"say": "", "word": "", "rich": "", "both": "", "tell": "certificate."}
IN_PYTHON = {"say": "", "rich_word": "", "_both": "", "tell": "certificate."}
#: Keys that are data: the places of the site's menu, the results and rows of a certificate.
MENU = {"report", "pdf", "reproduction"}
ROWS = "verify/telling.py"


@pytest.mark.parametrize("language", [one for one in KNOWN if one != "en"])
def test_the_reader_of_babel_reads_the_same(language: str) -> None:
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        entries = [one for one in read_po(file, abort_invalid=True) if one.id]
    assert len({one.context for one in entries}) == len(entries)
    known = {key: (text["en"], text[language]) for key, text in catalogue().items()}
    assert {one.context: (one.id, one.string) for one in entries} == known


@pytest.mark.parametrize("key", catalogue())
def test_a_text_says_the_same_in_every_language(key: str) -> None:
    texts = {language: say(language, key) for language in KNOWN}
    assert all(texts.values()) and not any(map(HAN.search, (texts["en"], texts["de"])))
    assert len({frozenset(placeholders(text)) for text in texts.values()}) == 1


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(AnewError, match="Unknown text 'contnts'.*(?s:.)*contents"):
        say("zh", "contnts")


def test_values_are_filled_in() -> None:
    texts = {say(language, "edition", name="2031") for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES) and all("2031" in text for text in texts)
    assert "{name}" in say("en", "edition")


def test_every_key_in_the_code_is_in_the_catalogue_and_none_is_unused() -> None:
    used = {pattern: place for place, pattern in [*in_python(), *in_templates()]}
    for pattern, place in used.items():
        assert any(re.fullmatch(pattern, key) for key in catalogue()), f"{place}: {pattern}"
    said = re.compile("|".join(used))
    rows = {
        node.value
        for node in ast.walk(ast.parse((ENGINE / ROWS).read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    data = MENU | {f"certificate.{key}" for key in (*rows, *KINDS, *Result)}
    unused = [key for key in catalogue() if not said.fullmatch(key) and key not in data]
    assert unused == []


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def in_python() -> Iterator[tuple[str, str]]:
    """Yield each key that a module of the engine asks for, as a pattern, with its place."""
    for path in ENGINE.rglob("*.py"):
        if path.is_relative_to(ENGINE / "start" / "project"):
            continue  # templates of a new project
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", "")
            at = 0 if name.startswith("_") else 1  # after the language
            if name in IN_PYTHON and len(node.args) > at:
                for pattern in patterns_of(node.args[at]):
                    yield f"{path.name}:{node.lineno}", re.escape(IN_PYTHON[name]) + pattern


def patterns_of(node: ast.expr) -> list[str]:
    """Return the keys that an expression stands for, as patterns; none where it is data."""
    match node:
        case ast.Constant(value=str(text)):
            return [re.escape(text)]
        case ast.IfExp(body=one, orelse=other):
            return [*patterns_of(one), *patterns_of(other)]
        case ast.JoinedStr(values=parts):
            return _joined([piece for part in parts for piece in patterns_of(part) or [".+"]])
    return []


def in_templates() -> Iterator[tuple[str, str]]:
    """Yield each key that a template asks for, as a pattern, with its place."""
    templates = environment()
    for name in templates.list_templates(["j2"]):
        source = (ENGINE / "site/templates" / name).read_text("utf-8")
        for call in templates.parse(source).find_all(jinja2.nodes.Call):
            called = getattr(call.node, "name", "")
            key = call.args[called == "word"] if called in IN_TEMPLATES else None
            for pattern in patterns_in(key):
                yield f"{name}:{call.lineno}", re.escape(IN_TEMPLATES[called]) + pattern


def patterns_in(node: jinja2.nodes.Expr | None) -> list[str]:
    match node:
        case jinja2.nodes.Const(value=str(text)):
            return [re.escape(text)]
        case jinja2.nodes.CondExpr():
            return [*patterns_in(node.expr1), *patterns_in(node.expr2)]
        case jinja2.nodes.Concat(nodes=parts):
            return _joined([piece for part in parts for piece in patterns_in(part) or [".+"]])
    return []


def _joined(pieces: list[str]) -> list[str]:
    """Return the pieces as one pattern; none where nothing in it is fixed."""
    return [] if set(pieces) == {".+"} else ["".join(pieces)]
