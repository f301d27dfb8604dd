"""Numbers and dates inside a sentence, as each language writes them.

How a unit is printed is in `analysis/units.yml`, as it is for facts.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path

from babel.dates import get_month_names
from babel.numbers import format_decimal

from analysis.shared.texts import SHARED
from anew.project.language import TAGS
from anew.text.facts import Unit, load_units

_UNITS = Path(__file__).parents[1] / "units.yml"

#: A simple fraction in per cent, and how far below and above it one still speaks of it.
_FRACTIONS = {
    "two_thirds": (200 / 3, 3.0, 6.0),
    "half": (50.0, 5.0, 13.0),
    "third": (100 / 3, 3.0, 6.0),
    "quarter": (25.0, 2.5, 5.0),
    "fifth": (20.0, 2.0, 2.5),
    "tenth": (10.0, 1.0, 2.0),
}


@lru_cache(maxsize=1)
def _units() -> dict[str, Unit]:
    return load_units(_UNITS)


def in_unit(value: float, unit: str, language: str) -> str:
    """Return a value as facts of `unit` are printed; no data where it is not finite."""
    if not math.isfinite(value):
        return SHARED["no_value"][language]
    return _units()[unit].print(float(value), language)


def scale_of(unit: str, language: str) -> tuple[float, int]:
    """Return by what `unit` divides a value before it is printed, and to how many decimals."""
    form = _units()[unit].forms[language]
    return form.scale, form.decimals


def number(value: float, language: str, decimals: int = 0) -> str:
    """Return a number grouped in thousands and rounded half up, with a true minus sign."""
    if not math.isfinite(value):
        return SHARED["no_value"][language]
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(rounded), format=pattern, locale=_locale(language))
    return f"\u2212{text}" if rounded < 0 else text


def percent(value: float, language: str, decimals: int = 1) -> str:
    """Return a percentage: 48.9%."""
    return number(value, language, decimals) + ("%" if math.isfinite(value) else "")


def companies(value: float, language: str) -> str:
    """Return a number of companies: 758 家, 758."""
    return in_unit(value, "companies", language)


def money(value: float, language: str) -> str:
    """Return an amount in US$ to three figures or so: 27.4 万亿美元, US$449.2 billion."""
    return in_unit(value, "usd_tn" if abs(value) >= 1e12 else "usd", language)


def brief(value: float, unit: str, language: str) -> str:
    """Return a value as short as a chart needs it: 27.4 万亿, $27.4 tn, 653 家."""
    if unit == "companies":
        return companies(value, language)
    return in_unit(value, "usd_tn_brief" if abs(value) >= 1e12 else "usd_brief", language)


def word_for(value: int, language: str) -> str:
    """Return a small whole number as a word, a larger one in figures."""
    words = SHARED["whole"][language].split()
    return words[value] if 0 <= value < len(words) else str(value)


def times(value: float, language: str) -> str:
    """Return a ratio to one decimal: 3.6 倍, 3.6 times."""
    return in_unit(value, "ratio", language)


def month(date: str, language: str) -> str:
    """Return `2024-09` or `2025-10-07` as a date: 2024 年 9 月, 7 October 2025."""
    year, index, *day = (int(part) for part in date.split("-"))
    name = get_month_names("wide", "format", _locale(language))[index]
    form = SHARED["day" if day else "month"][language]
    return form.format(year=year, month=index, name=name, day=day[0] if day else None)


def fraction(share: float, language: str) -> str:
    """Return a share in per cent as a plain fraction: almost half, more than half.

    Empty where no simple fraction is near.
    """
    for name, (value, below, above) in _FRACTIONS.items():
        distance = share - value
        if abs(distance) < 0.05:
            how = "exactly"
        elif -below <= distance < 0:
            how = "almost"
        elif 0 < distance <= above:
            how = "more"
        else:
            continue
        part = SHARED[f"fraction.{name}"][language]
        return SHARED[f"fraction.{how}"][language].format(part=part)
    return ""


def sentence(text: str) -> str:
    """Return `text` beginning with a capital letter."""
    return text[:1].upper() + text[1:]


def _locale(language: str) -> str:
    return TAGS[language].replace("-", "_")
