"""The languages of a report, and the words that the engine prints in them.

The words are in `locale/zh.po`, a gettext catalogue: each entry has a key, the English and the
Chinese.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from anew.project.errors import AnewError, unknown

LANGUAGES = ("zh", "en")

#: The tag that HTML and PDF carry for a language.
TAGS = {"zh": "zh-Hans", "en": "en"}

#: What each language calls itself, for the language switch.
NAMES = {"zh": "中文", "en": "English"}

CATALOGUE = Path(__file__).parent / "locale" / "zh.po"

#: A field of an entry: its name, then one string or more, each on a line of its own.
_FIELD = re.compile(r'^(msgctxt|msgid|msgstr) ((?:"(?:[^"\\]|\\.)*"\n)+)', re.MULTILINE)


def say(language: str, key: str, /, **values: object) -> str:
    """Return the engine's text for `key` in `language`, with `values` filled in.

    Raises AnewError for an unknown key.
    """
    known = catalogue()
    if key not in known:
        raise unknown("text", key, known)
    text = known[key][language]
    return text.format(**values) if values else text


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every text of the engine: key, then language.

    Reads the part of the format that the catalogue uses; Babel's reader takes 0.3 s to import.
    """
    texts: dict[str, dict[str, str]] = {}
    entry: dict[str, str] = {}
    for field, quoted in _FIELD.findall(CATALOGUE.read_text("utf-8")):
        entry[field] = "".join(json.loads(line) for line in quoted.splitlines())
        if field == "msgstr":
            if "msgctxt" in entry:  # the header has none
                texts[entry["msgctxt"]] = {"en": entry["msgid"], "zh": entry["msgstr"]}
            entry = {}
    return texts


def both(text: Mapping[str, str], what: str) -> dict[str, str]:
    """Return `text` in every language; raise AnewError naming the language that lacks it."""
    missing = [language for language in LANGUAGES if not str(text.get(language, "")).strip()]
    if missing:
        raise AnewError(
            f"{what} has no text in {', '.join(missing)}.",
            f"Give it in every language: {', '.join(LANGUAGES)}.",
        )
    return {language: str(text[language]) for language in LANGUAGES}
