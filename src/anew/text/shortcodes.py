"""Quarto's shortcodes in a text: each becomes a token, a word that Markdown leaves alone.

So a value can never turn into markup, a shortcode works wherever Quarto resolves it (in text,
captions, attributes, link targets, code and front matter), and the parsed text is the same whatever
the values are. `include` is resolved while the text is read (source.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from anew.text.metadata import STRUCTURE, Layer
from anew.text.place import Place
from anew.text.source import Line, Source

#: What a token looks like.
TOKEN = re.compile(r"anewshortcode\d{4,}x")

_SHORTCODE = re.compile(r"\{\{<(.*?)>\}\}")
_ESCAPED = re.compile(r"\{\{\{<(.*?)>\}\}\}")
_NAME = re.compile(r"^\s*([\w./-]*)\s*(.*?)\s*$")


@dataclass(frozen=True)
class Shortcode:
    """A shortcode as written: its name and what follows it; `name` is empty for an escaped one."""

    name: str
    argument: str


@dataclass(frozen=True)
class Use:
    """A place at which a shortcode stands; `code` in a listing."""

    shortcode: Shortcode
    place: Place
    code: bool = False


@dataclass
class Tokens:
    """The shortcodes of a text by their tokens, and every place at which one stands."""

    shortcodes: dict[str, Shortcode] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    _known: dict[Shortcode, str] = field(default_factory=dict)

    def replace(self, text: str, place: Place | None = None, code: bool = False) -> str:
        """Return `text` with tokens where shortcodes stood; note them where `place` is given."""
        if "{{<" not in text:
            return text

        def literal(match: re.Match[str]) -> str:
            return self._token(Shortcode("", "{{<" + match[1] + ">}}"))

        def named(match: re.Match[str]) -> str:
            found = _NAME.match(match[1])
            name, argument = (found[1], found[2]) if found else (match[1].strip(), "")
            shortcode = Shortcode(name or match[1].strip() or "?", argument)
            if place is not None:
                self.uses.append(Use(shortcode, place, code))
            return self._token(shortcode)

        return _SHORTCODE.sub(named, _ESCAPED.sub(literal, text))

    def of(self, shortcode: Shortcode) -> tuple[str, ...]:
        """Return the token of a shortcode, if it stands in the text."""
        return (self._known[shortcode],) if shortcode in self._known else ()

    def _token(self, shortcode: Shortcode) -> str:
        if shortcode not in self._known:
            token = f"anewshortcode{len(self._known):04d}x"
            self._known[shortcode] = token
            self.shortcodes[token] = shortcode
        return self._known[shortcode]


def tokenise(source: Source) -> tuple[Source, Tokens]:
    """Return `source` with tokens in the place of its shortcodes, and the tokens."""
    tokens = Tokens()

    def lines(given: list[Line]) -> list[Line]:
        return [replace(one, text=tokens.replace(one.text, one.place, one.code)) for one in given]

    front = lines(source.front)
    layers = [_layer(layer, tokens, layer is source.own) for layer in source.layers]
    return replace(source, lines=lines(source.lines), front=front, layers=layers), tokens


def _layer(layer: Layer, tokens: Tokens, own: bool) -> Layer:
    """Return a layer with tokens; the document's own uses are noted by the lines of its front."""

    def walk(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, Mapping):
            return {key: walk(item, (*path, str(key))) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item, (*path, str(i))) for i, item in enumerate(value)]
        if isinstance(value, str):
            return tokens.replace(value, None if own else layer.place(*path))
        return value

    kept = set(STRUCTURE) - {"format"}
    values = {k: v if k in kept else walk(v, (k,)) for k, v in layer.values.items()}
    return replace(layer, values=values)
