"""Numbers and dates inside a sentence, as each language writes them."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

#: Small whole numbers as words; a title says "four of the six", not "4 of the 6".
_WORDS = {
    "zh": ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"),
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
}
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NO_VALUE = {"zh": "无数据", "en": "no data"}


def number(value: float, language: str, decimals: int = 0) -> str:
    """Return a number grouped in thousands and rounded half up, with a true minus sign."""
    if not math.isfinite(value):
        return _NO_VALUE[language]
    quantum = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(float(value))).quantize(quantum, rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(abs(rounded), format=pattern, locale="en")
    return f"\u2212{text}" if rounded < 0 else text


def percent(value: float, language: str, decimals: int = 1) -> str:
    """Return a percentage: 48.9%."""
    return number(value, language, decimals) + ("%" if math.isfinite(value) else "")


def companies(value: float, language: str) -> str:
    """Return a number of companies: 758 家, 758."""
    return number(value, language) + (" 家" if language == "zh" and math.isfinite(value) else "")


def money(value: float, language: str) -> str:
    """Return an amount in US$ to three figures or so: 27.4 万亿美元, US$449.2 billion."""
    if not math.isfinite(value):
        return _NO_VALUE[language]
    trillions = abs(value) >= 1e12
    if language == "zh":
        scale, word, decimals = (1e12, "万亿美元", 1) if trillions else (1e8, "亿美元", 0)
        return f"{number(value / scale, language, decimals)} {word}"
    scale, word = (1e12, "trillion") if trillions else (1e9, "billion")
    return f"US${number(value / scale, language, 1)} {word}"


def brief(value: float, unit: str, language: str) -> str:
    """Return a value as short as a chart needs it: 27.4 万亿, $27.4 tn, 653 家."""
    if unit == "companies":
        return companies(value, language)
    text = money(value, language)
    if language == "zh":
        return text.removesuffix("美元")
    return text.removeprefix("US").replace(" trillion", " tn").replace(" billion", " bn")


def word_for(value: int, language: str) -> str:
    """Return a small whole number as a word, a larger one in figures."""
    words = _WORDS[language]
    return words[value] if 0 <= value < len(words) else str(value)


def times(value: float, language: str) -> str:
    """Return a ratio to one decimal: 3.6 倍, 3.6 times."""
    return f"{number(value, language, 1)} {'倍' if language == 'zh' else 'times'}"


def month(date: str, language: str) -> str:
    """Return `2024-09` or `2025-10-07` as a date: 2024 年 9 月, 7 October 2025."""
    year, index, *day = (int(part) for part in date.split("-"))
    if language == "zh":
        return f"{year} 年 {index} 月" + (f" {day[0]} 日" if day else "")
    return (f"{day[0]} " if day else "") + f"{_MONTHS[index - 1]} {year}"


def fraction(share: float, language: str) -> str:
    """Return a share in per cent as a plain fraction: almost half, more than half.

    Empty where no simple fraction is near.
    """
    steps = [  # value, how far below and above it still speaks, zh, en
        (200 / 3, 3.0, 6.0, "三分之二", "two thirds"),
        (50.0, 5.0, 13.0, "一半", "half"),
        (100 / 3, 3.0, 6.0, "三分之一", "a third"),
        (25.0, 2.5, 5.0, "四分之一", "a quarter"),
        (20.0, 2.0, 2.5, "五分之一", "a fifth"),
        (10.0, 1.0, 2.0, "十分之一", "a tenth"),
    ]
    for value, below, above, zh, en in steps:
        distance = share - value
        if abs(distance) < 0.05:
            return zh if language == "zh" else en
        if -below <= distance < 0:
            return f"近{zh}" if language == "zh" else f"almost {en}"
        if 0 < distance <= above:
            return f"超过{zh}" if language == "zh" else f"more than {en}"
    return ""


def sentence(text: str) -> str:
    """Return `text` beginning with a capital letter."""
    return text[:1].upper() + text[1:]


def clauses(parts: list[str], language: str) -> str:
    """Return clauses joined as one sentence without its full stop."""
    return ("；" if language == "zh" else "; ").join(part for part in parts if part)

