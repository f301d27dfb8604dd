"""Quarto's shortcodes, as far as the subset goes: include, var and meta.

`include` is resolved while the text is read (source.py). `var` and `meta` become tokens, words that
Markdown leaves alone, and a filter puts the value in their place once the text is parsed: so a
value can never turn into markup, and a shortcode works wherever Quarto resolves it: in text, in
captions, attributes, link targets, code and front matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anew.project.errors import AnewError
from anew.typeset.embedded.source import Place, Problem, Source

#: Shortcodes of the subset, and what each one prints.
SHORTCODES = {
    "include": "another file, on a line of its own; the path is relative to the document",
    "var": "a value of `_variables.yml`, by dotted name",
    "meta": "a value of the document's metadata, by dotted name",
}

_SHORTCODE = re.compile(r"\{\{<(.*?)>\}\}")
_ESCAPED = re.compile(r"\{\{\{<(.*?)>\}\}\}")
_NAME = re.compile(r"^\s*([\w./-]+)\s*(.*?)\s*$")


@dataclass
class Tokens:
    """The shortcodes of one document: token → value, and what is wrong with some."""

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _by_content: dict[tuple[str, str], str] = field(default_factory=dict)

    def token(self, kind: str, value: str) -> str:
        """Return the word that stands for a value: `markdown` to be parsed, or `literal`."""
        key = (kind, value)
        if key not in self._by_content:
            name = f"anewshortcode{len(self._by_content):04d}x"
            self._by_content[key] = name
            self.values[name] = {kind: value}
        return self._by_content[key]


def load_variables(stage: Path) -> dict[str, Any]:
    """Return what `_variables.yml` of the stage holds; nothing when there is none."""
    import yaml

    path = stage / "_variables.yml"
    if not path.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        data = yaml.load(file, Loader=loader)
    if data is not None and not isinstance(data, dict):
        raise AnewError("_variables.yml is not a map of names.", "Let the build write it.")
    return data or {}


def replace_shortcodes(
    source: Source, metadata: Mapping[str, Any], variables: Mapping[str, Any]
) -> tuple[str, dict[str, Any], Tokens]:
    """Return the text and the metadata with tokens for shortcodes, and the tokens.

    An unknown shortcode, an undefined variable or a shortcode without a name is a problem of the
    returned tokens.
    """
    tokens = Tokens()
    texts = [_replace(line.text, line.place, tokens, metadata, variables) for line in source.lines]
    front = source.layers[-1] if source.layers else None

    def walk(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            return {key: walk(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item, (*path, str(i))) for i, item in enumerate(value)]
        if isinstance(value, str) and "{{<" in value:
            place = _metadata_place(source, path) if front else source.start()
            return _replace(value, place, tokens, metadata, variables)
        return value

    return "\n".join(texts) + "\n", walk(metadata, ()), tokens


def _metadata_place(source: Source, path: tuple[str, ...]) -> Place:
    for layer in reversed(source.layers):
        if path[:1] in layer.lines:
            return layer.place(*path)
    return source.start()


def _replace(
    text: str,
    place: Place,
    tokens: Tokens,
    metadata: Mapping,
    variables: Mapping,
    depth: int = 0,
) -> str:
    if "{{<" not in text:
        return text
    if depth > 4:
        problem = Problem(place, "a metadata key that prints itself", "Break the circle.")
        tokens.problems.append(problem)
        return ""

    def literal(match: re.Match[str]) -> str:
        return tokens.token("literal", "{{<" + match[1] + ">}}")

    def value(match: re.Match[str]) -> str:
        return _token(match[1], place, tokens, metadata, variables, depth)

    return _SHORTCODE.sub(value, _ESCAPED.sub(literal, text))


def _token(
    inner: str,
    place: Place,
    tokens: Tokens,
    metadata: Mapping,
    variables: Mapping,
    depth: int,
) -> str:
    match = _NAME.match(inner)
    name, argument = (match[1], match[2].strip("\"'")) if match else ("", "")
    if name not in SHORTCODES:
        known = ", ".join(SHORTCODES)
        tokens.problems.append(
            Problem(place, f"unknown shortcode {name or inner.strip()!r}", f"Known: {known}.")
        )
        return tokens.token("literal", "")
    if name == "include":
        hint = "Write it on a line of its own, with blank lines around it."
        tokens.problems.append(Problem(place, "an include inside a line", hint))
        return tokens.token("literal", "")
    found = look_up(variables if name == "var" else metadata, argument)
    if found is None:
        kind = "variable" if name == "var" else "metadata key"
        hint = (
            "Correct the name, or let a notebook state the fact (anew build writes _variables.yml)."
            if name == "var"
            else "Correct the name, or give the key in the front matter or in _metadata.yml."
        )
        tokens.problems.append(Problem(place, f"undefined {kind} {argument!r}", hint))
        return tokens.token("literal", "")
    if name == "meta" and "{{<" in found:
        # The value of a metadata key may hold shortcodes of its own.
        found = _replace(found, place, tokens, metadata, variables, depth + 1)
    return tokens.token("markdown", found)


def look_up(values: Mapping[str, Any], name: str) -> str | None:
    """Return the value at the dotted `name` as it would be printed; None when there is none."""
    here: Any = values
    for key in name.split("."):
        if isinstance(here, Mapping):
            here = here.get(key)
        elif isinstance(here, list) and key.isdigit() and 0 < int(key) <= len(here):
            here = here[int(key) - 1]
        else:
            return None
    if isinstance(here, bool):
        return "true" if here else "false"
    if isinstance(here, str | int | float):
        return str(here)
    return None
