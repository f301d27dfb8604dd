"""Periods: years, quarters, months, weeks and days, as tables hold them and as people write them.

A period has one written form (ISO 8601): 2024, 2024-Q1, 2024-03, 2024-W05, 2024-03-15. Written so,
periods of a kind sort as text.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, get_args

from anew.project.errors import AnewError
from anew.project.language import say
from anew.project.phrases import Phrase

Kind = Literal["year", "quarter", "month", "week", "date"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_FORMS: dict[Kind, str] = {
    "year": r"(\d{4})",
    "quarter": r"(\d{4})-Q([1-4])",
    "month": r"(\d{4})-(\d\d)",
    "week": r"(\d{4})-W(\d\d)",
    "date": r"(\d{4})-(\d\d)-(\d\d)",
}
#: What each kind looks like, for messages.
EXAMPLES: dict[Kind, str] = {
    "year": "2024", "quarter": "2024-Q1", "month": "2024-03", "week": "2024-W05",
    "date": "2024-03-15",
}  # fmt: skip
#: What each kind is called in a message.
NOUNS: dict[Kind, Phrase] = {
    "year": Phrase("year"),
    "quarter": Phrase("quarter"),
    "month": Phrase("month"),
    "week": Phrase("week"),
    "date": Phrase("date"),
}
PLURALS: dict[Kind, Phrase] = {
    "year": Phrase("years"),
    "quarter": Phrase("quarters"),
    "month": Phrase("months"),
    "week": Phrase("weeks"),
    "date": Phrase("dates"),
}
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ROMAN = {"一": 1, "二": 2, "三": 3, "四": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
#: What agencies and people write for a period of each kind, the year and the rest by name.
_SPOKEN: dict[Kind, tuple[str, ...]] = {
    "year": (r"(?:YR)?(?P<y>\d{4})(?:年度?|\.0)?(?: \[YR\d{4}\])?",),
    "quarter": (
        r"(?P<y>\d{4})[-/ .]?(?:Q|K|T)(?P<n>[1-4])",
        r"(?:Q|K|T)(?P<n>[1-4])[-/ .]?(?P<y>\d{4})",
        r"(?P<y>\d{4})年?第?(?P<n>[1-4一二三四])季度?",
        r"(?P<n>[1-4])\. ?(?:Quartal|Quarter) (?P<y>\d{4})",
        r"(?P<n>I|II|III|IV)[-/ .](?P<y>\d{4})",
    ),
    "month": (
        r"(?P<y>\d{4})[-/.]?M?(?P<n>\d{1,2})",
        r"(?P<y>\d{4})年(?P<n>\d{1,2})月份?",
        r"(?P<n>[A-Za-z]{3,9})\.?[- ,]{1,2}(?P<y>\d{4})",
        r"(?P<y>\d{4})[- ](?P<n>[A-Za-z]{3,9})\.?",
        r"(?P<n>\d{1,2})[/.](?P<y>\d{4})",
        r"(?P<y>\d{4})-(?P<n>\d\d)-01(?:[T ]00:00(?::00)?)?",
    ),
    "week": (
        r"(?P<y>\d{4})-?W(?P<n>\d{1,2})",
        r"(?P<y>\d{4})年第?(?P<n>\d{1,2})周",
    ),
    "date": (
        r"(?P<y>\d{4})[-/.](?P<n>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ]00:00(?::00)?)?",
        r"(?P<y>\d{4})年(?P<n>\d{1,2})月(?P<d>\d{1,2})[日号]",
        r"(?P<d>\d{1,2})[- ](?P<n>[A-Za-z]{3,9})\.?[- ](?P<y>\d{4})",
    ),
}
_SKELETONS = {"quarter": "yQQQQ", "month": "yMMMM"}
#: The locales whose dates are the report's, where that of the language would not be.
_LOCALES = {"en": "en_GB", "zh": "zh_Hans"}
#: Between a digit and a Chinese character, where the report's text has a space.
_BESIDE_HAN = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=\d)")
_COMPILED = {
    kind: [re.compile(form, re.ASCII | re.IGNORECASE) for form in forms]
    for kind, forms in _SPOKEN.items()
}


@lru_cache(maxsize=2**14)
def parse(kind: Kind, text: str) -> str | None:
    """Return the written form of a period in any common form; None for text that is none.

    A day and a month in digits whose order nobody can tell (03/04/2024) are none.
    """
    for pattern in _COMPILED[kind]:
        if found := pattern.fullmatch(text.strip()):
            said = found.groupdict()
            number, day = _number(said.get("n") or "1"), int(said.get("d") or 1)
            return _existing(kind, int(said["y"]), number, day)
    return None


def spoken(kind: Kind) -> str:
    """Return a pattern, without named groups, of the forms that `parse` knows for a kind."""
    return "|".join(re.sub(r"\?P<\w+>", "?:", form) for form in _SPOKEN[kind])


def is_written(kind: Kind, text: str) -> bool:
    """Return whether `text` is a period that exists, in its written form."""
    return bool(re.fullmatch(_FORMS[kind], text, re.ASCII)) and parse(kind, text) == text


def refuse_no_period(kind: Kind, value: object, where: str) -> None:
    """Raise AnewError for a value that is not a period of a kind in its written form."""
    if not is_written(kind, str(value)):
        raise AnewError(
            "{where}: {value!r} is not a {kind}.",
            "Write it as {example}.",
            code="not-a-period",
            where=where,
            value=str(value),
            kind=NOUNS[kind],
            example=EXAMPLES[kind],
        )


def kind_of(text: str) -> Kind | None:
    """Return what kind of period a written form is of; None for other text."""
    return next((kind for kind in KINDS if is_written(kind, text)), None)


def first_day(kind: Kind, written: str) -> date:
    """Return the first day of a period."""
    year, *rest = (int(n) for n in re.findall(r"\d+", written))
    match kind:
        case "year":
            return date(year, 1, 1)
        case "quarter":
            return date(year, 3 * rest[0] - 2, 1)
        case "month":
            return date(year, rest[0], 1)
        case "week":
            return date.fromisocalendar(year, rest[0], 1)
        case "date":
            return date(year, *rest)


def end_of(written: str) -> date:
    """Return the last day of a written period of any kind."""
    kind = _kind_of(written)
    after = from_ordinal(kind, ordinal(kind, written) + 1)
    return first_day(kind, after) - timedelta(days=1)


def of_day(kind: Kind, day: date) -> str:
    """Return the period that a day lies in."""
    match kind:
        case "year":
            return f"{day.year:04}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month + 2) // 3}"
        case "month":
            return f"{day.year:04}-{day.month:02}"
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case "date":
            return day.isoformat()


def year_before(kind: Kind, written: str) -> str:
    """Return the same period of the year before, with which a change is year on year."""
    year = f"{int(written[:4]) - 1:04}"
    if kind == "week":
        last = date(int(year), 12, 28).isocalendar().week  # the last week of any year has this day
        return f"{year}-W{min(int(written[6:]), last):02}"
    if kind == "date":
        last = calendar.monthrange(int(year), int(written[5:7]))[1]
        return f"{year}{written[4:8]}{min(int(written[8:]), last):02}"
    return year + written[4:]


def ordinal(kind: Kind, written: str) -> int:
    """Return the number of a period among those of its kind: the next one has the next number."""
    day = first_day(kind, written)
    match kind:
        case "year":
            return day.year
        case "quarter":
            return 4 * day.year + (day.month - 1) // 3
        case "month":
            return 12 * day.year + day.month - 1
        case "week":
            return day.toordinal() // 7
        case "date":
            return day.toordinal()


def from_ordinal(kind: Kind, number: int) -> str:
    """Return the period that has a number; see `ordinal`."""
    match kind:
        case "year":
            return f"{number:04}"
        case "quarter":
            return f"{number // 4:04}-Q{number % 4 + 1}"
        case "month":
            return f"{number // 12:04}-{number % 12 + 1:02}"
        case "week":
            return of_day(kind, date.fromordinal(7 * number) + timedelta(days=1))
        case "date":
            return date.fromordinal(number).isoformat()


def as_number(written: str) -> int:
    """Return a period as a number that reads like it: 202403, 20241 for a quarter, 20240315."""
    return int(re.sub(r"\D", "", written))


def from_number(kind: Kind, number: object) -> str | None:
    """Return the period that `as_number` made a number of; None for what is none."""
    digits = re.sub(r"\.0$", "", str(number))
    year, rest = digits[:4], digits[4:]
    shapes: dict[Kind, str] = {
        "year": year + rest,
        "quarter": f"{year}-Q{rest}",
        "month": f"{year}-{rest}",
        "week": f"{year}-W{rest}",
        "date": f"{year}-{rest[:2]}-{rest[2:]}",
    }
    return shapes[kind] if is_written(kind, shapes[kind]) else None


def said(written: str, language: str) -> str:
    """Return a written period as a language says it: March 2024, 2024 年 3 月.

    Raises AnewError for text that is no written period.
    """
    from babel.dates import format_date, format_skeleton  # slow to load, and few commands need it

    kind = _kind_of(written)
    day, locale = first_day(kind, written), _LOCALES.get(language, language)
    if kind == "date":
        text = format_date(day, "long", locale)
    elif kind == "year":
        text = written
    elif kind == "week":  # a locale may count weeks otherwise than ISO 8601 does
        return say(language, "period.week", year=written[:4], week=int(written[6:]))
    else:
        text = format_skeleton(_SKELETONS[kind], day, locale=locale)
    return _BESIDE_HAN.sub(" ", text)


def _kind_of(written: str) -> Kind:
    kind = kind_of(written)
    if kind is None:
        raise AnewError(
            "{written!r} is no period.",
            "Write it as {examples}.",
            code="not-a-period",
            written=written,
            examples=[EXAMPLES[kind] for kind in KINDS],
        )
    return kind


def _number(text: str) -> int:
    said = text.casefold()
    if said.isdigit():
        return int(said)
    return _ROMAN.get(said) or (_MONTHS.index(said[:3]) + 1 if said[:3] in _MONTHS else 0)


def _existing(kind: Kind, year: int, number: int, day: int) -> str | None:
    try:
        match kind:
            case "year":
                return of_day(kind, date(year, 1, 1))
            case "quarter":
                return of_day(kind, date(year, 3 * number - 2, 1))
            case "week":
                return of_day(kind, date.fromisocalendar(year, number, 1))
            case "month" | "date":
                return of_day(kind, date(year, number, day))
    except ValueError:
        return None
