"""The header of a list of companies: which column is what, and what stands above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from anew.intake import quantities
from anew.intake.reading import find
from anew.intake.sheets import Sheet


def _headings(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


_COMPANY = _headings(
    "company|company name|organization name|organization|name|公司|公司名称|企业|企业名称"
)
#: Of several columns the first in this order counts: sums in dollars before sums in any currency.
_VALUATION = _headings(
    "valuation ($b)|valuation ($bn)|valuation ($m)|valuation (us$ billion)|"
    "valuation (billion us$)|valuation (usd)|valuation|latest valuation|last valuation|"
    "post-money valuation currency (in usd)|post-money valuation (in usd)|post-money valuation|"
    "post money valuation|post money value (in usd)|post money value|"
    "估值|估值（十亿美元）|估值（亿美元）|估值(十亿美元)|估值(亿美元)|最新估值"
)
_JOINED = _headings(
    "date joined|joined|year joined|date added|unicorn date|date became unicorn|"
    "joined unicorn club|入榜日期|加入日期|入榜年份"
)
_COUNTRY = _headings(
    "country|country/region|headquarters country|hq country|country code|economy|"
    "国家|国家/地区|国家或地区|经济体|所在国家"
)
_LOCATION = _headings("headquarters location|headquarters|location|总部所在地")
_FOUNDED = _headings("founded year|year founded|founded|founded date|成立年份|成立时间|成立日期")
#: The currency of a column of valuations, under its heading and this word.
_CURRENCY = "currency"
_CITY = _headings("city|城市")
#: The title of a list says when it was made: "(as of October 7th, 2025)".
_AS_OF = re.compile(r"as of ([A-Za-z]+ \d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Header:
    """A list's header: `cells` as written, and where each column is, None where there is none.

    `country` is the column that says it, in its last part after a comma if `located`. `currency`
    is the column that says in which the valuations are, `power` the power of ten of bare numbers.
    """

    cells: list[str]
    named: int
    valued: int
    country: int
    located: bool
    joined: int | None
    founded: int | None
    city: int | None
    currency: int | None
    power: int


def header_of(sheet: Sheet) -> Header | None:
    """Return the header of a list of companies, None for a sheet without one."""
    row = sheet.header(_is_header)
    if row is None:
        return None
    named, valued, country = find(row, *_COMPANY), find(row, *_VALUATION), find(row, *_COUNTRY)
    located = find(row, *_LOCATION)
    valued = valued or 0
    currency = find(row, f"{row[valued]} {_CURRENCY}")
    return Header(
        row,
        named or 0,
        valued,
        (country if country is not None else located) or 0,
        country is None,
        find(row, *_JOINED),
        find(row, *_FOUNDED),
        find(row, *_CITY),
        currency,
        0 if currency is not None else _power(row[valued]),  # with a currency, sums are written out
    )


def _is_header(row: Sequence[str]) -> bool:
    where = (find(row, *_COUNTRY), find(row, *_LOCATION))
    named = find(row, *_COMPANY) is not None and find(row, *_VALUATION) is not None
    return named and any(n is not None for n in where)


def lacking(sheet: Sheet) -> tuple[str, str] | None:
    """Return what a list of companies wants to be one, and what to do; None for other sheets."""
    for row in sheet.head:
        found = [find(row, *names) is not None for names in (_COMPANY, _VALUATION)]
        found.append(find(row, *_COUNTRY) is not None or find(row, *_LOCATION) is not None)
        if found[0] and sum(found) == 2:
            what = "valuations in US dollars" if found[2] else "countries"
            listed = ", ".join(cell for cell in row if cell.strip())
            hint = "Name it Country." if found[1] else "Name it Valuation ($B)."
            return f"a list of companies without a column of {what}: {listed}.", hint
    return None


def as_of(sheet: Sheet) -> str | None:
    """Return the day that the title above a list speaks of, None where there is none."""
    for row in sheet.head:
        if _is_header(row):
            break
        for cell in row:
            if match := _AS_OF.search(cell):
                day = quantities.day(f"{match[1]}, {match[2]}")
                return day.isoformat() if day else None
    return None


def _power(heading: str) -> int:
    """Return the power of ten that a heading gives its bare numbers; billions if it is silent."""
    plain = heading.casefold()
    if "十亿" in plain or "($b" in plain or "billion" in plain:
        return 9
    if "亿" in plain:
        return 8
    if "($m" in plain or "million" in plain:
        return 6
    return 0 if "usd" in plain else 9
