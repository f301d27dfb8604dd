"""Numbers, years and dates as agencies write them, read without guessing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from anew.project.phrases import Phrase

#: What to do about text where a number should be.
NO_NUMBER = Phrase(
    "If it says that there is no value, leave the cell empty; else correct it. "
    "The decimal point is a point; commas may stand between thousands."
)
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


def amount_fault(cell: str) -> tuple[str, str, str]:
    """Return what is wrong with a cell that is no number: message, what to do, and its kind."""
    text = str(cell).strip()
    if type(cell) is not str:
        hint = Phrase("Split the merged cell in the file: which of the rows is the value of?")
        return (
            Phrase("{text!r} is in a cell merged over several rows.", text=text),
            hint,
            "merged-cell",
        )
    if text.startswith("="):
        hint = Phrase("Open the file in a spreadsheet, which computes it, and save it there.")
        return Phrase("{text!r} is a formula without a stored result.", text=text), hint, "formula"
    if re.fullmatch(r"#[A-Z/0!?]+[!?]?|Err:\d+", text):
        hint = Phrase("Mend the formula in the file, or leave the cell empty if there is no value.")
        return Phrase("{text!r} is an error of the spreadsheet.", text=text), hint, "formula"
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*|\d\d:\d\d:\d\d", text):
        hint = Phrase("The spreadsheet shows a number as a date: format the cell as a number.")
        return Phrase("{text!r} is a date, not a number.", text=text), hint, "not-a-number"
    return Phrase("{text!r} is not a number.", text=text), NO_NUMBER, "not-a-number"
