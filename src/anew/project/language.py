"""The languages of a report and the few words that the engine itself prints in them."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("zh", "en")

#: The tag that HTML and PDF carry for a language.
TAGS = {"zh": "zh-Hans", "en": "en"}

_WORDS: dict[str, dict[str, str]] = {
    "source": {"zh": "来源：{sources}。", "en": "Source: {sources}."},
    "sources.join": {"zh": "；", "en": "; "},
    "source.item": {"zh": "{agency}，{vintage} 版", "en": "{agency}, vintage {vintage}"},
    "source.item.code": {
        "zh": "{agency} {code}，{vintage} 版",
        "en": "{agency} {code}, vintage {vintage}",
    },
    "source.vintages": {"zh": "、", "en": " and "},
    "brackets": {"zh": "（{text}）", "en": " ({text})"},
    "true": {"zh": "是", "en": "yes"},
    "false": {"zh": "否", "en": "no"},
    "sources.table": {"zh": "数据表", "en": "Table"},
    "sources.agency": {"zh": "机构与代码", "en": "Agency and code"},
    "sources.vintage": {"zh": "数据版本", "en": "Vintage"},
    "sources.figures": {"zh": "用于图", "en": "Figures"},
    "sources.caption": {
        "zh": "本年度版读取的数据表与版本",
        "en": "The tables that this edition reads, and their vintages",
    },
}


def say(language: str, key: str, /, **values: object) -> str:
    """Return the engine's own words for `key` in `language`, with `values` filled in."""
    return _WORDS[key][language].format(**values)


def both(text: Mapping[str, str], what: str) -> dict[str, str]:
    """Return `text` in every language; raise AnewError naming the language that lacks it."""
    from anew.project.errors import AnewError

    missing = [language for language in LANGUAGES if not str(text.get(language, "")).strip()]
    if missing:
        raise AnewError(
            f"{what} has no text in {', '.join(missing)}.",
            f"Give it in every language: {', '.join(LANGUAGES)}.",
        )
    return {language: str(text[language]) for language in LANGUAGES}
