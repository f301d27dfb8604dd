"""What is said to the person at the terminal, in English or in Chinese.

A phrase stands in the code in English, with names in braces that are filled in. It *is* its
English text wherever it is used as one: in a file, a record, JSON, a test. Only where the command
writes to the terminal does `in_language` put it into the reader's language, by the catalogue
`locale/messages.zh.po`. What is built or recorded can therefore not depend on who built it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from anew.project.catalogue import read_entries

CATALOGUE = Path(__file__).parent / "locale" / "messages.zh.po"

#: The languages that the command speaks.
LANGUAGES = ("en", "zh")

#: Where a reader's language is named, first come first served: `--language`, then the locale.
VARIABLES = ("ANEW_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

#: What stands between the items of a list, and between those of which one holds.
_COMMAS = {"en": ", ", "zh": "、"}
_OR = {"en": " or ", "zh": " 或 "}
#: A Chinese full stop or question mark is as wide as a space itself.
_BEHIND_A_MARK = re.compile("(?<=[。？！；]) (?=[^ ])")


class Either(list[str]):
    """Items of a phrase of which one holds: `A or B`."""


class Phrase(str):
    """A text with `fields` filled in, in English, which can be said in another language later.

    A field may itself be a phrase; a list is written with commas. Without fields the text is taken
    as it stands, braces and all.
    """

    template: str
    fields: dict[str, object]

    def __new__(cls, template: str, /, **fields: object) -> Phrase:
        """Return the phrase; an error given as a field is kept as its text."""
        kept = {
            name: str(value) if isinstance(value, BaseException) else value
            for name, value in fields.items()
        }
        phrase = super().__new__(cls, _filled(template, kept, "en"))
        phrase.template, phrase.fields = template, kept
        return phrase

    def __str__(self) -> str:
        """Return the phrase itself: `str(error)` can still be said in another language."""
        return self


def as_record(text: str) -> object:
    """Return a phrase as JSON can keep it, so that it can be said in another language later."""
    if not isinstance(text, Phrase):
        return text
    fields = {k: as_record(v) if isinstance(v, str) else v for k, v in text.fields.items()}
    return {"phrase": text.template, "fields": fields}


def from_record(record: object) -> str:
    """Return what `as_record` returned as a text again. Raises ValueError for anything else."""
    if isinstance(record, str):
        return record
    if isinstance(record, Mapping) and set(record) == {"phrase", "fields"}:
        given = record["fields"].items()
        fields = {k: from_record(v) if isinstance(v, Mapping) else v for k, v in given}
        return Phrase(record["phrase"], **fields)
    raise ValueError("is neither a text nor a phrase")


def joined(separator: str, parts: Iterable[str]) -> Phrase:
    """Return parts with `separator` between them, as `str.join`, each still a phrase."""
    given = {f"part{number}": part for number, part in enumerate(parts)}
    return Phrase(separator.join(f"{{{name}}}" for name in given), **given)


def indented(text: str, by: str) -> str:
    """Return a text with `by` before each line; a phrase whose own lines are, stays one."""
    if not isinstance(text, Phrase):
        return "\n".join(by + line for line in text.splitlines())
    if "\n" not in text.template:
        return Phrase("{by}{line}", by=by, line=text)
    return Phrase(by + text.template.replace("\n", f"\n{by}"), **text.fields)


def in_language(text: str, language: str | None = None) -> str:
    """Return a text in a language, the reader's by default; a text that is no phrase as it is."""
    chosen = language or readers_language()
    if chosen == "en" or not isinstance(text, Phrase):
        return str.__str__(text)
    template = _chinese().get(text.template) or text.template.replace("; ", "；")
    return _BEHIND_A_MARK.sub("", _filled(template, text.fields, chosen))


def readers_language(environment: Mapping[str, str] = os.environ) -> str:
    """Return the language in which the command speaks: zh or en, as the environment names it."""
    named = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "zh" if named.lower().startswith("zh") else "en"


def _filled(template: str, fields: Mapping[str, object], language: str) -> str:
    if not fields:
        return template
    return template.format(**{name: _shown(value, language) for name, value in fields.items()})


def _shown(value: object, language: str) -> object:
    if isinstance(value, (list, tuple)):
        between = (_OR if isinstance(value, Either) else _COMMAS)[language]
        return between.join(str(_shown(item, language)) for item in value)
    return in_language(value, language) if isinstance(value, str) else value


@cache
def _chinese() -> dict[str, str]:
    """Return the catalogue: the English of each phrase, and its Chinese."""
    return {entry["msgid"]: entry["msgstr"] for entry in read_entries(CATALOGUE) if entry["msgid"]}
