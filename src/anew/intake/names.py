"""Names of economies in Chinese and English, and codes, resolved to the catalogue's codes."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache

from anew.tables.catalog import Catalog

_WORDS = {
    "rep": "republic", "dem": "democratic", "st": "saint", "is": "islands", "fed": "federated",
    "sts": "states", "us": "united states", "pdr": "people democratic republic",
}  # fmt: skip
_SILENT = {"the", "of", "and", "state", "s"}


class Names:
    """Resolves what agencies write for an economy; build one for a whole file, it remembers."""

    def __init__(self, catalog: Catalog) -> None:
        index, titles = _library()
        self._index, self._titles = dict(index), list(titles)
        self._codes = {**_iso(), **{code: code for code in catalog.economies.aggregates}}
        for code, group in catalog.economies.aggregates.items():
            for title in group.title.values():
                self._add(title, code)
        for code, names in catalog.economies.names.items():
            for name in names:
                self._add(name, code)
        self._known: dict[str, str | None] = {}
        self._suggested: dict[tuple[str, float, bool], str] = {}

    def _add(self, name: str, code: str) -> None:
        self._index[_key(name)] = code
        self._titles.append(name)

    def resolve(self, written: str) -> str | None:
        """Return the code of a name or code (alpha-3, alpha-2, aggregate); None if unknown."""
        if written not in self._known:
            text = written.strip()
            code = self._codes.get(text)
            self._known[written] = code or (self._index.get(_key(text)) if text else None)
        return self._known[written]

    def is_country(self, code: str) -> bool:
        """Return whether `code` is one of ISO 3166 alpha-3."""
        return len(code) == 3 and _iso().get(code) == code

    def suggest(self, written: str, cutoff: float = 0.7, countries: bool = False) -> str:
        """Return what a writer may have meant, as a sentence; empty if nothing is so close.

        With `countries`, groups are not thought of.
        """
        asked = (written, cutoff, countries)
        if asked not in self._suggested:
            self._suggested[asked] = self._suggest(*asked)
        return self._suggested[asked]

    def _suggest(self, written: str, cutoff: float, countries: bool) -> str:
        by_fold = {title.casefold(): title for title in sorted(self._titles)}
        close = get_close_matches(written.strip().casefold(), sorted(by_fold), n=3, cutoff=cutoff)
        codes = {by_fold[name]: self.resolve(by_fold[name]) for name in close}
        found = [
            f"{title} ({code})"
            for title, code in codes.items()
            if code and (self.is_country(code) or not countries)
        ]
        return f"Did you mean {' or '.join(found)}?" if found else ""


@cache
def _iso() -> dict[str, str]:
    import pycountry

    codes = {country.alpha_3: country.alpha_3 for country in pycountry.countries}
    return codes | {country.alpha_2: country.alpha_3 for country in pycountry.countries}


@cache
def _library() -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the codes by the key of every name that the libraries know, and those names."""
    import pycountry
    from babel import Locale

    locales = [Locale.parse(name).territories for name in ("en", "zh_Hans", "zh_Hant")]
    names: list[tuple[str, str]] = []
    for country in pycountry.countries:
        said = [getattr(country, key, None) for key in ("name", "common_name", "official_name")]
        said += [names_of.get(country.alpha_2) for names_of in locales]
        names += [(name, country.alpha_3) for name in said if name]
    index: dict[str, str] = {}
    doubtful: set[str] = set()
    for name, code in names:
        if index.setdefault(_key(name), code) != code:
            doubtful.add(_key(name))  # a name of two economies is a name of neither
    index = {key: code for key, code in index.items() if key not in doubtful}
    return index, tuple(dict.fromkeys(name for name, _ in names))


def _key(name: str) -> str:
    """Return what two spellings of one name share: its words without accents, order and filler."""
    plain = unicodedata.normalize("NFKD", name.casefold()).replace("’", "'")
    plain = "".join(c for c in plain if not unicodedata.combining(c)).replace("u.s.", "us")
    words = re.findall(r"[^\W_]+", plain.replace("&", " and "))
    spelt = " ".join(_WORDS.get(word, word) for word in words).split()
    return " ".join(sorted({word for word in spelt if word not in _SILENT})) or plain
