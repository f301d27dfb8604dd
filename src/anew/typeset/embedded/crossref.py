"""Cross-references: the words before a number, in each language, as Quarto prints them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anew.project.phrases import Phrase

#: What can be numbered and referred to, by the prefix of its id.
KINDS = {
    "fig": Phrase("figure"),
    "tbl": Phrase("table"),
    "sec": Phrase("section"),
    "eq": Phrase("equation"),
}

#: Prefixes that Quarto knows and this subset does not have.
OTHER_KINDS = (
    "lst", "thm", "lem", "cor", "prp", "cnj", "def", "exm", "exr", "sol", "rem", "alg",
    "nte", "tip", "wrn", "imp", "cau", "supp", "vid", "dia",
)  # fmt: skip

_WORDS = {
    "zh": {"fig-title": "图", "tbl-title": "表", "sec-prefix": "小节", "eq-prefix": "式"},
    "en": {
        "fig-title": "Figure",
        "tbl-title": "Table",
        "sec-prefix": "Section",
        "eq-prefix": "Equation",
    },
    "de": {
        "fig-title": "Abbildung",
        "tbl-title": "Tabelle",
        "sec-prefix": "Kapitel",
        "eq-prefix": "Gleichung",
    },
}

#: Keys under `crossref:`, and what each is before anyone sets it.
OPTIONS = {
    "fig-title": "the word before a figure's number in its caption",
    "tbl-title": "the word before a table's number in its caption",
    "fig-prefix": "the word before a figure's number in a reference; else fig-title",
    "tbl-prefix": "the word before a table's number in a reference; else tbl-title",
    "sec-prefix": "the word before a section's number in a reference",
    "eq-prefix": "the word before an equation's number in a reference",
    "title-delim": "the mark after the number in a caption; else a colon",
    "ref-delim": "the mark between references in one bracket; else a comma",
}


def crossref_settings(metadata: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what the filter needs to number and to refer in `language` (zh or en)."""
    given = metadata.get("crossref") or {}
    words: dict[str, str] = {"title-delim": ":", "ref-delim": ",", **_WORDS[language]}
    words.update({key: str(value or "") for key, value in given.items()})
    words.setdefault("fig-prefix", _WORDS[language]["fig-title"])
    words.setdefault("tbl-prefix", _WORDS[language]["tbl-title"])
    return {
        "crossref": words,
        "number_sections": bool(metadata.get("number-sections", False)),
        "number_depth": int(metadata.get("number-depth", 6)),
    }
