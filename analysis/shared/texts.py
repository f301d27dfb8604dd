"""Texts in every language, read from a YAML file: `key: {zh: …, en: …}`, keys nested at will."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anew.project.errors import AnewError
from anew.project.language import LANGUAGES

Text = Mapping[str, str]


@lru_cache
def read_texts(path: Path) -> dict[str, Text]:
    """Return the texts of a file by dotted key, each with its form in every language.

    Raises AnewError for a text that lacks a language or has an unknown one.
    """
    data = yaml.safe_load(path.read_text("utf-8")) or {}
    where = f"{path.parent.name}/{path.name}"
    return dict(_leaves(data, "", where))


def _leaves(data: Mapping[str, Any], stem: str, where: str) -> Iterator[tuple[str, Text]]:
    for name, value in data.items():
        key = f"{stem}.{name}" if stem else str(name)
        if not isinstance(value, Mapping):
            raise AnewError(
                f"{where}: {key} is {value!r}, not a text in every language.",
                f"Give it as a mapping with {', '.join(LANGUAGES)}.",
            )
        given = set(value) & set(LANGUAGES)
        if not given:
            yield from _leaves(value, key, where)
            continue
        if set(value) != set(LANGUAGES):
            wrong = ", ".join(sorted(map(str, set(value) ^ set(LANGUAGES))))
            raise AnewError(
                f"{where}: the text {key} lacks a language or has one too many: {wrong}.",
                f"Give it in each of {', '.join(LANGUAGES)} and in nothing else.",
            )
        yield key, {language: str(value[language]) for language in LANGUAGES}


#: What every figure's texts share.
SHARED = read_texts(Path(__file__).with_name("words.yml"))
