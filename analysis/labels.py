"""What economies are called, in both languages, on a chart and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

_FILE = Path(__file__).with_name("labels.csv")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    frame = pd.read_csv(_FILE, dtype=str, keep_default_na=False, encoding="utf-8")
    return {str(row["code"]): dict(row) for row in frame.to_dict("records")}


def name(code: str, language: str) -> str:
    """Return the full name of an economy, such as a table's first column prints it.

    A code that `labels.csv` does not list gets the name that Unicode's CLDR gives its ISO code;
    a code that is not of ISO either is an error (KeyError names it).
    """
    row = _table().get(code)
    return row[language] if row else _unicode_name(code, language)


def short(code: str, language: str) -> str:
    """Return the short name of an economy, as charts print it: USA, EU, 美国."""
    row = _table().get(code)
    return row[f"short_{language}"] if row else _unicode_name(code, language)


def in_text(code: str, language: str, *, start: bool = False) -> str:
    """Return the short name as a sentence has it: the USA, The USA at its start, China, 美国."""
    row = _table().get(code)
    article = row["article_en"] if row and language == "en" else ""
    if start:
        article = article.capitalize()
    return f"{article} {short(code, language)}".strip()


def possessive(code: str, language: str, *, start: bool = False) -> str:
    """Return the genitive: the USA’s, China’s, the United States’, 美国的."""
    text = in_text(code, language, start=start)
    if language == "zh":
        return f"{text}的"
    return f"{text}’" if text.endswith("s") else f"{text}’s"


def listed(codes: Sequence[str], language: str, *, start: bool = False) -> str:
    """Return names as an enumeration: China, the USA and the EU; 中国、美国和欧盟."""
    names = [
        in_text(code, language, start=start and index == 0) for index, code in enumerate(codes)
    ]
    return enumeration(names, language)


def enumeration(items: Sequence[str], language: str) -> str:
    """Return items joined as a sentence joins them; one item is itself."""
    if len(items) < 2:
        return "".join(items)
    comma, last = ("、", "和") if language == "zh" else (", ", " and ")
    return comma.join(items[:-1]) + last + items[-1]


def _unicode_name(code: str, language: str) -> str:
    import pycountry
    from babel import Locale

    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        raise KeyError(f"{code} is no economy that labels.csv or ISO 3166 knows")
    locale = Locale("zh", script="Hans") if language == "zh" else Locale("en")
    return locale.territories[country.alpha_2]
