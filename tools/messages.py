"""What the engine says to the person at the terminal, as its code has it: phrases and error codes.

    python tools/messages.py    # renews src/anew/project/locale/messages.zh.po

Phrases that are new there wait for their Chinese, those that the code no longer has are dropped.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
import yaml

from anew.project.catalogue import read_entries
from anew.project.phrases import CATALOGUE, Phrase, in_language

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "src/anew"

#: Which arguments of a call are phrases, by the name of what is called; a code is `code=`, or the
#: argument whose number stands last.
CALLS: dict[str, tuple[tuple[int, ...], int | None]] = {
    "Phrase": ((0,), None),
    "AnewError": ((0, 1), None),
    "BuildError": ((0, 1), None),
    "NoAnswer": ((0, 1), None),
    "StatementError": ((0, 1), None),
    "WriteRefused": ((0, 1), None),
    "DataError": ((0, 2), None),
    "Problem": ((1, 2), 3),
    "refuse": ((1, 2), None),
    "unknown": ((0,), None),
    "wrong": ((1, 2), 3),
    "_wrong": ((1,), 2),
    "problem": ((1,), 2),
    "echo": ((0,), None),
    "__init__": ((0, 1), None),
    "_Failure": ((2, 3), 4),
    "replace": ((), None),
    "Found": ((), None),
    "intake/archives.py:_problem": ((1,), 2),
}
#: Calls that raise or report an error, so that they need a code.
RAISING = ("AnewError", "BuildError", "NoAnswer", "StatementError", "WriteRefused", "Problem")
#: What these functions are given is a phrase of their caller's.
PASSING = ("joined", "at")


@dataclass(frozen=True)
class Said:
    """A call that says something: where, by which codes, and the phrases of its arguments."""

    file: str
    line: int
    called: str
    codes: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]
    made_up: bool


def said() -> list[Said]:
    """Return every call of the engine that says something, in the order of the rooms."""
    found: list[Said] = []
    for path in sorted(ENGINE.rglob("*.py")):
        module = _Module(path)
        found += module.said()
    return found


def helps() -> dict[str, str]:
    """Return the help texts of the commands and their options, and the file that shows them."""
    from anew.cli.main import app

    def walk(command: Any) -> Iterator[str]:
        yield from (one.help for one in (command, *command.params) if getattr(one, "help", None))
        for below in getattr(command, "commands", {}).values():
            yield from walk(below)

    return dict.fromkeys(walk(typer.main.get_command(app)), "src/anew/cli/usage.py")


def phrases(calls: Iterable[Said]) -> dict[str, str]:
    """Return the phrases that have words or punctuation, each with the first file that says it."""
    found: dict[str, str] = helps()
    for one in calls:
        for phrase in (phrase for group in one.phrases for phrase in group):
            words = re.sub(r"\{[^{}]+\}", "", phrase)
            if re.search(r"[^\s…\[\]]", words) and re.search("[{A-Za-z]", phrase):
                found.setdefault(phrase, one.file)
    return found


def errors(calls: Iterable[Said]) -> dict[str, list[Said]]:
    """Return the calls that report an error, by its code."""
    found: dict[str, list[Said]] = {}
    for one in calls:
        for code in set(one.codes) - {"passed"}:
            found.setdefault(code, []).append(one)
    return dict(sorted(found.items()))


class _Module:
    """A module of the engine, and what its calls say."""

    def __init__(self, path: Path) -> None:
        self.file = path.relative_to(ROOT).as_posix()
        self.tree = ast.parse(path.read_text("utf-8"))
        self.functions = {
            node.name: node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)
        }

    def said(self) -> Iterator[Said]:
        for scope, call in _calls(self.tree, self.tree):
            name = _name(call)
            own = f"{self.file.removeprefix('src/anew/')}:{name}"
            if own not in CALLS and name not in CALLS:
                continue
            numbers, code_at = CALLS.get(own) or CALLS[name]
            given = [call.args[n] for n in numbers if n < len(call.args)]
            groups = tuple(tuple(dict.fromkeys(self.phrases(one, scope))) for one in given)
            made_up = any(isinstance(one, (ast.JoinedStr, ast.BinOp)) for one in given)
            codes = tuple(self.codes(call, name, code_at))
            yield Said(self.file, call.lineno, name, codes, groups, made_up)
        yield from self.pairs()

    def codes(self, call: ast.Call, name: str, at: int | None) -> Iterator[str]:
        """Yield the codes that a call gives, `passed` where it is one that it was given."""
        if name == "unknown" and isinstance(call.args[0], ast.Constant):
            yield f"unknown-{str(call.args[0].value).replace(' ', '-').lower()}"
            return
        given = [word.value for word in call.keywords if word.arg == "code"]
        if at is not None and len(call.args) > at:
            given.append(call.args[at])
        for one in given:
            yield from [text for text in _texts(one) if _CODE.fullmatch(text)] or ["passed"]
        embedded = self.file.startswith(("src/anew/typeset/", "src/anew/text/"))
        if not given and embedded and name in ("Problem", "refuse"):
            yield NOT_IN_SUBSET

    def pairs(self) -> Iterator[Said]:
        """Yield the tuples of a code and phrases, which a function returns or a table holds."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Tuple):
                continue
            calls = [one for one in node.elts if isinstance(one, ast.Call)]
            said = [one for one in calls if _name(one) == "Phrase"]
            codes = [text for one in node.elts for text in _texts(one) if _CODE.fullmatch(text)]
            if said and len(codes) == 1:
                groups = tuple(tuple(self.phrases(one, node)) for one in said)
                yield Said(self.file, node.lineno, "", tuple(codes), groups, made_up=False)

    def phrases(self, node: ast.expr, scope: ast.AST, depth: int = 0) -> Iterator[str]:
        """Yield the phrases that an expression may be, as far as the module tells."""
        yield from _texts(node)
        if depth > 4:
            return
        if isinstance(node, ast.Call) and (name := _name(node)):
            if name == "Phrase":
                yield from self.phrases(node.args[0], scope, depth + 1)
            elif name in PASSING:
                for argument in node.args:
                    yield from self.phrases(argument, scope, depth + 1)
            elif name in self.functions:
                function = self.functions[name]
                for inner in ast.walk(function):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        yield from self.phrases(inner.value, function, depth + 1)
        elif isinstance(node, ast.Name):
            for place in (scope, self.tree):
                values = _assigned(place, node)
                for value in values:
                    yield from self.phrases(value, scope, depth + 1)
                if values:
                    return
        elif isinstance(node, (ast.IfExp, ast.BoolOp, ast.Tuple, ast.List, ast.Starred)):
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr) and part is not getattr(node, "test", None):
                    yield from self.phrases(part, scope, depth + 1)


def _calls(node: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Yield every call with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        inner = child if isinstance(child, ast.FunctionDef) else scope
        yield from _calls(child, inner)


def _assigned(scope: ast.AST, name: ast.Name) -> list[ast.expr]:
    """Return what a name may be where it is used: all that it became since it was used before."""
    found: list[tuple[int, ast.expr]] = []
    used = [0]
    for node in scope.body if isinstance(scope, ast.Module) else ast.walk(scope):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            targets = [node.target]
        elif isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Load):
            used.append(node.lineno)
        value = getattr(node, "value", None)
        if value is not None and any(getattr(one, "id", "") == name.id for one in targets):
            found.append((targets[0].lineno, value))
    if isinstance(scope, ast.Module):
        return [value for _, value in found]
    before = [pair for pair in found if pair[0] <= name.lineno]
    last = max((line for line, _ in before), default=0)
    since = max(line for line in used if line < last or not line)
    return [value for line, value in before if line > since]


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


#: What a code looks like: no message does.
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: The code of a problem of a text that names none.
NOT_IN_SUBSET = "not-in-subset"


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from _texts(one)


def error_page(language: str) -> Iterator[str]:
    """Yield the lines of docs/errors.md: each code with its messages, cause and fix."""
    told = yaml.safe_load((ROOT / "docs/errors.yml").read_text("utf-8"))
    words = WORDS[language]
    yield f"# {words['title']}\n"
    yield f"[{words['other']}]({words['other page']})\n"
    yield f"{words['lead']}\n"
    for code, calls in errors(said()).items():
        yield f"## {code}\n"
        groups = [group for one in calls for group in messages(one)]
        for message in dict.fromkeys(in_words(phrase, language) for phrase in groups):
            yield f"- `{message}`"
        yield ""
        for part in ("cause", "fix"):
            yield f"**{words[part]}**{words['colon']}{told[code][part][language]}\n"


def messages(one: Said) -> list[str]:
    """Return the phrases that a call says what failed with; of a table of hints there are none."""
    if one.called == "unknown":
        return [f"Unknown {noun} {{name!r}}{{place}}." for noun in one.phrases[0]]
    group = one.phrases[0] if one.called and one.phrases else ()
    return [phrase for phrase in group if re.search(r"[A-Za-z]", re.sub(r"\{[^{}]+\}", "", phrase))]


def in_words(phrase: str, language: str) -> str:
    """Return the first line of a phrase in a language, with the plain names of its fields."""
    text = phrase
    if language != "en":
        if unknown := re.fullmatch(r"Unknown (.+) \{name!r\}\{place\}\.", phrase):
            pattern = in_language(Phrase("Unknown {kind} {name!r}{place}."), language)
            text = pattern.replace("{kind}", in_language(Phrase(unknown[1]), language))
        else:
            text = in_language(Phrase(phrase), language)
    plain = re.sub(r"\{([^{}!:]+)[^{}]*\}", r"{\1}", text.splitlines()[0])
    return plain.replace("{{", "{").replace("}}", "}").replace("`", "'")


WORDS = {
    "en": {
        "title": "Errors",
        "other": "中文",
        "other page": "errors.zh.md",
        "lead": "The first line of an error ends with its code in brackets. `anew --language zh` "
        "says it in Chinese; without the option the environment decides (LC_ALL, LC_MESSAGES, "
        "LANG).",
        "cause": "Cause",
        "fix": "What to do",
        "colon": ": ",
    },
    "zh": {
        "title": "错误",
        "other": "English",
        "other page": "errors.md",
        "lead": "每个错误的第一行末尾在方括号中写有代码。`anew --language en` 用英文显示；"
        "不用此选项时由环境决定（LC_ALL、LC_MESSAGES、LANG）。",
        "cause": "原因",
        "fix": "处理",
        "colon": "：",
    },
}


def catalogue(known: dict[str, str], calls: Iterable[Said]) -> str:
    """Return the text of the Chinese catalogue: all phrases by room, with what is translated."""
    parts = [HEAD]
    room = ""
    for phrase, file in phrases(calls).items():
        if (here := file.split("/")[2]) != room:
            room = here
            parts.append(f"# --- {room} ---\n")
        parts.append(f"msgid {_quoted(phrase)}\nmsgstr {_quoted(known.get(phrase, ''))}\n")
    return "\n".join(parts)


HEAD = """# What the command says to the person at the terminal: errors, hints, what it did.
# msgid is the English as the code has it. Names in braces are filled in; the Chinese has the same.
# `python tools/messages.py` adds what is new in the code, and drops what is no longer there.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    """Write the Chinese catalogue anew."""
    known = {}
    if CATALOGUE.is_file():
        known = {entry["msgid"]: entry["msgstr"] for entry in read_entries(CATALOGUE)}
    CATALOGUE.write_text(catalogue(known, said()), "utf-8")


if __name__ == "__main__":
    main()
