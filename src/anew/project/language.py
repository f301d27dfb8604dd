"""The languages of a report, and the words that the engine prints in them.

A report names its languages under `anew: languages:` in `_quarto.yml`, the original first; without
that it is in Chinese and English. The words are in gettext catalogues, `locale/zh.po` and others:
each entry has a key, the English and the catalogue's own language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import overload

from anew.project.catalogue import read_entries
from anew.project.errors import AnewError, unknown

#: The languages of which the engine has the words, and those of a report that names none.
KNOWN = ("zh", "en", "de")
USUAL = ("zh", "en")


class Languages(Sequence[str]):
    """The languages of the report that this process works on, the original first.

    They are the process's, as its locale is: opening a project (`find_project`) names whose they
    are, and they are read when they are asked for, again when `_quarto.yml` has changed.
    """

    def __init__(self) -> None:
        self._file: Path | None = None
        self._read: tuple[object, tuple[str, ...]] = (None, USUAL)

    def of(self, root: Path) -> None:
        """Name the project whose languages these are."""
        self._file = root / "_quarto.yml"

    def _now(self) -> tuple[str, ...]:
        if self._file is None:
            return USUAL
        try:
            stat = self._file.stat()
        except OSError:
            return USUAL
        state = (self._file, stat.st_mtime_ns, stat.st_size)
        if self._read[0] != state:
            self._read = (state, _declared(self._file))
        return self._read[1]

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        return self._now()[index]

    def __len__(self) -> int:
        return len(self._now())

    def __repr__(self) -> str:
        return f"Languages{self._now()}"


def _declared(file: Path) -> tuple[str, ...]:
    """Return what a configuration names; what is wrong with it `read_settings` says."""
    text = file.read_text("utf-8", errors="replace")
    if "languages" not in text:
        return USUAL
    import yaml

    try:
        own = (yaml.safe_load(text) or {}).get("anew") or {}
        found = tuple(language for language in own.get("languages") or () if language in KNOWN)
    except (yaml.YAMLError, AttributeError, TypeError):
        return USUAL
    return found or USUAL


LANGUAGES = Languages()


def principal() -> str:
    """Return the language in which records and messages quote a report: English where it has it."""
    return "en" if "en" in LANGUAGES else LANGUAGES[0]


#: The tag that HTML and PDF carry for a language.
TAGS = {"zh": "zh-Hans", "en": "en", "de": "de"}

#: What each language calls itself, for the language switch.
NAMES = {"zh": "中文", "en": "English", "de": "Deutsch"}

#: What stands between two sentences.
GAPS = {"zh": "", "en": " ", "de": " "}

CATALOGUES = Path(__file__).parent / "locale"


def say(language: str, key: str, /, **values: object) -> str:
    """Return the engine's text for `key` in `language`, with `values` filled in.

    Raises AnewError for an unknown key.
    """
    known = catalogue()
    if key not in known:
        raise unknown("text", key, known)
    text = known[key][language]
    return text.format(**values) if values else text


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return every text of the engine: key, then language."""
    texts: dict[str, dict[str, str]] = {}
    for language in (one for one in KNOWN if one != "en"):
        for entry in read_entries(CATALOGUES / f"{language}.po"):
            if "msgctxt" in entry:  # the header has none
                text = texts.setdefault(entry["msgctxt"], {"en": entry["msgid"]})
                text[language] = entry["msgstr"]
    return texts


def both(text: Mapping[str, str], what: str) -> dict[str, str]:
    """Return `text` in every language; raise AnewError naming the language that lacks it."""
    missing = [language for language in LANGUAGES if not str(text.get(language, "")).strip()]
    if missing:
        raise AnewError(
            "{what} has no text in {missing}.",
            "Give it in every language: {languages}.",
            code="missing-language",
            what=what,
            missing=list(missing),
            languages=list(LANGUAGES),
        )
    return {language: str(text[language]) for language in LANGUAGES}
