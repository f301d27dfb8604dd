"""Names of economies in Chinese and English, and codes, resolved to the catalogue's codes."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache

from anew.project.phrases import Either, Phrase
from anew.tables.catalog import Catalog

_WORDS = {
    "usa": "united states america", "uk": "united kingdom", "uae": "united arab emirates",
    "rep": "republic", "dem": "democratic", "st": "saint", "is": "islands", "fed": "federated",
    "sts": "states", "us": "united states", "pdr": "people democratic republic",
}  # fmt: skip
#: A name in Chinese and one in Latin letters, in either order: `中国 China`, `China（中国）`.
_BOTH = re.compile(r"([\u4e00-\u9fff]+)[\s/(（]+([^\u4e00-\u9fff]+?)[)）]?")
_BOTH_BACK = re.compile(r"([^\u4e00-\u9fff]+?)[\s/(（]+([\u4e00-\u9fff]+)[)）]?")
_SILENT = {"the", "of", "and", "state", "s", "sar"}
#: Names that two economies share, with the codes of both: neither is taken.
_SHARED = {"Congo": ("COG", "COD"), "刚果": ("COG", "COD"), "剛果": ("COG", "COD")}
#: Codes in use beside ISO 3166: Kosovo's of the World Bank and the IMF, and Eurostat's own.
_CODES = {"XKX": "XKX", "XKK": "XKX", "XK": "XKX", "EL": "GRC", "UK": "GBR"}
_NAMES = {
    "XKX": ("Kosovo", "Kosovo*", "科索沃", "Republic of Kosovo"),
    "HKG": ("香港特别行政区", "香港特別行政區"),
    "MAC": ("澳门特别行政区", "澳門特別行政區"),
    "TWN": ("Taiwan Province of China", "中国台湾", "台湾省", "中国台湾省"),
}


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
        """Return the code of a name or code (alpha-3, alpha-2, aggregate); None if unknown.

        A name in two languages (`中国 China`) has a code where both are names of one economy.
        """
        if written not in self._known:
            text = written.strip()
            code = self._codes.get(text) or (self._index.get(_key(text)) if text else None)
            if code is None and (both := _BOTH.fullmatch(text) or _BOTH_BACK.fullmatch(text)):
                codes = {self.resolve(part) for part in both.groups()}
                code = codes.pop() if len(codes) == 1 else None
            self._known[written] = code
        return self._known[written]

    def ambiguous(self, written: str) -> tuple[str, ...]:
        """Return the codes of the economies that a name may mean, if it may mean several."""
        return _SHARED.get(written.strip(), ())

    def is_country(self, code: str) -> bool:
        """Return whether `code` is one of ISO 3166 alpha-3, or Kosovo's."""
        return len(code) == 3 and _iso().get(code) == code

    def place(self, written: str) -> tuple[str | None, str]:
        """Return the economy of a place such as `Dublin, Ireland`, or why it is not known.

        Its last part says it. `San Francisco, CA` does not: CA is California's code and Canada's.
        """
        parts = [part.strip() for part in written.replace("，", ",").split(",") if part.strip()]
        if len(parts) < 2:
            return self.resolve(written), ""
        last = parts[-1]
        code, states = self.resolve(last), _states()
        whole = self.resolve(written)  # "Hong Kong, China", "Korea, Republic of"
        if whole and whole != code:
            return whole, ""
        if last.upper() in ("US", "USA", "UK") or len(parts) > 2 and len(last) > 2:
            return code, ""
        state = states.get(last.casefold())
        if code and state:
            title = next(t for t in self._titles if self.resolve(t) == code)
            return None, Phrase(
                "{last} may be {state} in the United States, or {title} ({code})",
                last=last,
                state=state,
                title=title,
                code=code,
            )
        if code and len(last) == 2:
            return None, Phrase(
                "{last} may be a state, a province, or the code of an economy ({code})",
                last=last,
                code=code,
            )
        return code or ("USA" if state else None), ""

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
        asked = written.strip().casefold()
        swapped = [name for name in by_fold if sorted(name) == sorted(asked)]  # Chnia for China
        close = [*swapped, *get_close_matches(asked, sorted(by_fold), n=3, cutoff=cutoff)]
        codes = {by_fold[name]: self.resolve(by_fold[name]) for name in close}
        found = [
            f"{title} ({code})"
            for title, code in codes.items()
            if code and (self.is_country(code) or not countries)
        ]
        return Phrase("Did you mean {names}?", names=Either(found)) if found else ""


@cache
def _iso() -> dict[str, str]:
    import pycountry

    codes = {country.alpha_3: country.alpha_3 for country in pycountry.countries}
    return codes | {country.alpha_2: country.alpha_3 for country in pycountry.countries} | _CODES


@cache
def _states() -> dict[str, str]:
    """Return the states of the United States by name and by code of two letters, in small."""
    import pycountry

    found: dict[str, str] = {}
    for state in (part for part in pycountry.subdivisions if part.code.startswith("US-")):
        found |= {state.name.casefold(): state.name, state.code[3:].casefold(): state.name}
    return found


@cache
def _library() -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the codes by the key of every name that the libraries know, and those names."""
    import gettext

    import pycountry
    from babel import Locale

    translations = [
        gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True).gettext
        for language in ("zh_CN", "zh_TW")
    ]
    locales = [Locale.parse(name).territories for name in ("en", "zh_Hans", "zh_Hant")]
    names: list[tuple[str, str]] = []
    for country in pycountry.countries:
        said = [getattr(country, key, None) for key in ("name", "common_name", "official_name")]
        said += [translate(name) for translate in translations for name in said if name]
        said += [names_of.get(country.alpha_2) for names_of in locales]
        names += [(name, country.alpha_3) for name in said if name and name not in _SHARED]
    names += [(name, code) for code, more in _NAMES.items() for name in more]
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
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"\b(?:[a-z]\.){2,}", lambda match: match[0].replace(".", "") + " ", plain)
    words = re.findall(r"[^\W_]+", plain.replace("&", " and "))
    spelt = " ".join(_WORDS.get(word, word) for word in words).split()
    return " ".join(sorted({word for word in spelt if word not in _SILENT})) or plain
