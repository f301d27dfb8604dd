"""Units: what a heading, a title, a note or an author says of the values, compared and converted.

Only powers of ten are converted. Another currency is refused: no rate is right for every year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from anew.project.errors import AnewError

_CURRENCIES = (
    ("PPP", r"international dollars?|\bppp\b"),
    ("HKD", r"hk\$|\bhkd\b|港元|港币"),
    ("TWD", r"nt\$|\btwd\b|新台币"),
    ("AUD", r"(?<![a-z])a\$|\baud\b|澳元"),
    ("CAD", r"(?<![a-z])c\$|\bcad\b|加元"),
    ("SGD", r"(?<![a-z])s\$|\bsgd\b|新元"),
    ("USD", r"us ?\$|\busd\b|\bus dollars?\b|美元|美金|\$|\bdollars?\b"),
    ("EUR", r"€|\beur\b|\beuros?\b|欧元|(?<=\bm)eur\b|\bmeur\b"),
    ("GBP", r"£|\bgbp\b|\bpounds?( sterling)?\b|英镑"),
    ("JPY", r"\bjpy\b|\byen\b|日元|日圆"),
    ("KRW", r"₩|\bkrw\b|\bwon\b|韩元"),
    ("INR", r"₹|\binr\b|\brupees?\b|卢比"),
    ("CNY", r"人民币|\bcny\b|\brmb\b|\byuan\b|\brenminbi\b|[¥￥]"
            r"|(?:(?<=[亿万千百])|^|(?<=[（(：: /]))元"),
    ("LCU", r"\blcu\b|(?:national|local) currency|本币"),
)  # fmt: skip
_SIGN = r"(?:us ?\$|usd|hk\$|\$|€|eur|£|gbp|¥|cny|rmb|jpy|inr|krw)"
_POWERS = (
    (r"(?<!per )(?<!each )\bhundred[ -]millions?\b", 8),
    (r"(?<!per )(?<!each )\bten[ -]thousands?\b", 4),
    (r"(?<!per )(?<!each )\btrillions?\b", 12),
    (r"(?<!per )(?<!each )\bbillions?\b", 9),
    (r"(?<!per )(?<!each )(?:\bmillions?\b|\bmio\b|\bmeur\b)", 6),
    (r"(?<!per )(?<!each )(?:\bthousands?\b|\bths\b|'000\b)", 3),
    (r"\bcrores?\b", 7),
    (r"\blakhs?\b", 5),
    (rf"{_SIGN} ?(?:tn|tr|t)\b|\b(?:tn|tr|t) ?{_SIGN}|\btn\b", 12),
    (rf"{_SIGN} ?(?:bn|b)\b|\b(?:bn|b) ?{_SIGN}|\bbn\b", 9),
    (rf"{_SIGN} ?(?:mn|mm|m)\b|\b(?:mn|mm|m) ?{_SIGN}|\bmn\b", 6),
    (rf"{_SIGN} ?k\b|\bk ?{_SIGN}", 3),
    ("(?<!每)万亿", 12), ("(?<!每)千亿", 11), ("(?<!每)百亿", 10), ("(?<!每)十亿", 9),
    ("(?<!每)亿", 8), ("(?<!每)千万", 7), ("(?<!每)百万", 6), ("(?<!每)十万", 5), ("(?<!每)万", 4),
    ("(?<!每)千(?!克|米|瓦)", 3),
)  # fmt: skip
_PERCENT = re.compile(r"%|\bper ?cent\b|\bpercentage|百分")
#: Where a text says a unit: in brackets, after a comma or the word, as "in millions of US dollars".
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_SAID = re.compile(
    r"(?:单位|\bunits?(?: of measure(?:ment)?)?\b)(?: ?(?:[:=]|为|是|are|is))? ?([^,;。；)]*)"
)
_IN = re.compile(
    r"\b(?:in|of|are) (?:current |constant )?((?:us ?\$|usd|eur|€|cny|rmb|us dollars?)?"
    r" ?(?:hundred |ten )?(?:thousands?|millions?|billions?|trillions?)\b[^,;.]*)"
)
_IN_CHINESE = re.compile(
    r"以?((?:万亿|千亿|百亿|十亿|亿|千万|百万|万|千)(?:人民币|美元|欧元|英镑|日元|港元|元))(?:为单位|计|$)"
)
_NUMBER_BEFORE = re.compile(r"[\d.][ ,]?$")


@dataclass(frozen=True)
class Unit:
    """What values are in: a power of ten, of a currency or of things; or per cent."""

    power: int = 0
    currency: str = ""
    percent: bool = False
    text: str = ""

    def shift(self, target: Unit) -> int | None:
        """Return the power of ten from this unit to `target`; None where no power leads there."""
        if self.percent or target.percent:
            return 0 if self.percent and target.percent else None
        if self.currency and self.currency != target.currency:
            return None
        return self.power - target.power


@lru_cache(4096)
def unit_of(text: str) -> Unit | None:
    """Return the unit that a phrase names (`亿元人民币`, `million US$`); None if it names none."""
    plain = _plain(text).replace("_", " ")
    if _PERCENT.search(plain):
        return Unit(percent=True, text=text.strip())
    rest, found = plain, []
    for code, pattern in _CURRENCIES:
        rest, count = re.subn(pattern, f" {code.lower()}? ", rest)
        found += [code] if count else []
    power = 0
    for pattern, value in _POWERS:
        if (match := re.search(pattern, plain)) and not _NUMBER_BEFORE.search(
            plain[: match.start()]
        ):
            power = value
            break
    if not found and not power:
        return None
    return Unit(power, "/".join(sorted(found)), text=text.strip())


@lru_cache(4096)
def stated(text: str, brackets: bool = True) -> Unit | None:
    """Return the unit that a heading, a title or a note states somewhere in it, None if none.

    Without `brackets` only in so many words: what a long note has in brackets may be anything.
    """
    folded = _plain(text)
    phrases = [match[1] for match in _SAID.finditer(folded)]
    phrases += [match[1] for match in _IN.finditer(folded)]
    phrases += [match[1] for match in _IN_CHINESE.finditer(folded)]
    if brackets:
        phrases += [match[1] for match in _BRACKETS.finditer(folded)]
        phrases += [folded.rpartition(",")[2]] if "," in folded else []
    for phrase in phrases:
        if re.search(r"\d", phrase.replace("'000", "")) and not re.search("20[0-9][0-9]", phrase):
            continue
        if unit := unit_of(phrase):
            return unit
    return None


def of_heading(heading: str) -> Unit | None:
    """Return the unit that a column's heading states, in brackets or in its own words."""
    said = stated(heading)
    whole = None if re.search(r"\d", heading) else unit_of(heading)
    return whole if whole and (said is None or not said.currency and whole.currency) else said


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("u.s.", "us")
    return " ".join(folded.split())


def asked(text: str) -> Unit:
    """Return the unit that an author says; raise AnewError for one that is none."""
    unit = unit_of(text)
    if unit is None:
        raise AnewError(
            "--unit {text!r} is not a known unit.",
            "Give a power of ten and a currency, such as 'million usd', '亿美元', 'thousand', '%'.",
            code="unit",
            text=text,
        )
    return unit


def differing(units: Iterable[Unit]) -> list[Unit]:
    """Return the units that differ in what they mean, the first text of each."""
    found: dict[tuple[int, str, bool], Unit] = {}
    for unit in units:
        found.setdefault((unit.power, unit.currency, unit.percent), unit)
    return list(found.values())


def named(power: int, currency: str = "") -> str:
    """Return how an author says a unit: `million usd`."""
    words = {3: "thousand", 4: "ten thousand", 6: "million", 8: "hundred million", 9: "billion",
             12: "trillion"}  # fmt: skip
    return " ".join(part for part in (words.get(power, ""), currency.lower()) if part)
