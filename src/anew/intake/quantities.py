"""Numbers, years and sums of money as agencies write them, read without guessing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_DIGITS = 30
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})(?:[-/.](?P<d>\d{1,2}))?(?:[T ].*)?"),
    re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<d>\d{1,2})[- ](?P<n>[A-Za-z]{3,9})\.?,?[- ](?P<y>\d{4}|\d{2})"),
    re.compile(r"(?P<n>[A-Za-z]{3,9})\.? (?:(?P<d>\d{1,2}),? )?(?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号])?)?"),
    re.compile(r"(?P<y>\d{4})(?:(?P<m>\d\d)(?P<d>\d\d))?"),
)
_MONEY = re.compile(
    r"(?:US ?\$|USD|\$)? ?(?P<number>-?[\d,]+(?:\.\d+)?) ?"
    r"(?P<unit>k|m|mn|mm|million|b|bn|billion|t|tn|trillion|亿|十亿|百万|万亿)?\+?"
    r" ?(?:USD|US\$|美元|dollars)?",
    re.IGNORECASE,
)
#: The power of ten of each word.
POWERS = {
    "k": 3, "m": 6, "mn": 6, "mm": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12,
    "tn": 12, "trillion": 12, "百万": 6, "亿": 8, "十亿": 9, "万亿": 12,
}  # fmt: skip


def number(text: str) -> Decimal | None:
    """Return the number that `text` is, with or without commas between thousands; else None.

    A number of more than thirty digits before or behind the point measures nothing, and is none.
    """
    text = text.strip()
    if _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if not value or abs(value.adjusted()) <= _DIGITS else None


def written(value: Decimal) -> str:
    """Return a number as raw tables hold it: plain digits, no zeros that say nothing."""
    return format(value.normalize(), "f") if value else "0"


def year(text: str, century: int) -> int | None:
    """Return the year of a date in any common form; None for text that is no date.

    Day and month may be in either order, since only the year is wanted, but some order must give a
    date that exists. `century` completes a year of two digits.
    """
    found = _date(text, century)
    return found.year if found else None


def day(text: str) -> date | None:
    """Return the date that `text` is, with the month in letters; None for other text."""
    return _date(text, 2000) if re.search("[A-Za-z]", text) else None


def _date(text: str, century: int) -> date | None:
    """Return the date, the first of two where day and month may be either."""
    text = text.strip()
    for pattern in _DATES:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            found = int(parts["y"]) + (century if len(parts["y"]) == 2 else 0)
            if parts.get("a"):
                a, b = int(parts["a"] or 1), int(parts["b"] or 1)
                return _existing(found, a, b) or _existing(found, b, a)
            month = int(parts.get("m") or 1)
            if name := parts.get("n"):
                month = _MONTHS.get(name[:3].lower(), 0)
            return _existing(found, month, int(parts.get("d") or 1))
    return None


def _existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def money(text: str, power: int) -> Decimal | None:
    """Return a sum of US dollars: `$1.2B`, `900M`, `12亿美元`, or a bare number × 10^`power`."""
    match = _MONEY.fullmatch(text.strip())
    amount = number(match["number"]) if match else None
    if match is None or amount is None:
        return None
    unit = (match["unit"] or "").lower()
    return amount.scaleb(POWERS[unit] if unit else power)
