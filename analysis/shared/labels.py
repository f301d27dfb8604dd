"""What economies are called, in every language, on a chart and in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis.shared.texts import SHARED
from anew.project.language import TAGS

_FILE = Path(__file__).with_name("labels.csv")


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, str]]:
    frame = pd.read_csv(_FILE, dtype=str, keep_default_na=False, encoding="utf-8")
    rows = [
        {str(key): str(value) for key, value in row.items()} for row in frame.to_dict("records")
    ]
    return {row["code"]: row for row in rows}


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
    article = _table().get(code, {}).get(f"article_{language}", "")
    if start:
        article = article.capitalize()
    return f"{article} {short(code, language)}".strip()


def possessive(code: str, language: str, *, start: bool = False) -> str:
    """Return the genitive: the USA’s, China’s, the United States’, 美国的."""
    text = in_text(code, language, start=start)
    form = SHARED["possessive_s" if text.endswith("s") else "possessive"]
    return form[language].format(name=text)


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
    return SHARED["comma"][language].join(items[:-1]) + SHARED["and"][language] + items[-1]


def _unicode_name(code: str, language: str) -> str:
    import pycountry
    from babel import Locale

    country = pycountry.countries.get(alpha_3=code)
    if country is None:
        raise KeyError(f"{code} is no economy that labels.csv or ISO 3166 knows")
    locale = Locale.parse(TAGS[language].replace("-", "_"))
    return str(locale.territories[country.alpha_2])
