"""How to cite an edition, or a figure of it: as a sentence, for BibTeX and as RIS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from anew.project.language import TAGS, say
from anew.site.page import Site


class Part(Protocol):
    """A part of an edition that is cited by itself, such as a figure."""

    @property
    def id(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True)
class Cited:
    """A citation: a sentence in the page's language, a BibTeX entry and an RIS record."""

    text: str
    bibtex: str
    ris: str


def cite(site: Site, language: str, figure: Part | None = None) -> Cited:
    """Return how to cite an edition, or `figure` of it, in `language`.

    The Chinese sentence is by GB/T 7714-2025: a part stands before its whole.
    """
    authors = [author[language] for author in site.authors]
    whole = f"{site.title[language]}{say(language, 'colon')}"
    whole += say(language, "edition", name=site.edition)
    label = part = ""
    path = figure.place.partition("#")[0] if figure else "index.html"
    if figure:
        label = say(language, "figure", number=figure.number)
        part = f"{label}{say(language, 'after-label')}{figure.title}"
    address = site.address(path) or ""
    if figure and address:
        address = f"{address}#{figure.id}"
    who = f"{say(language, 'join').join(authors)}. " if authors else ""
    if language == "zh":
        what = f"{part}[EB/OL]//{whole}." if part else f"{whole}[EB/OL]."
        text = f"{who}{what} （{site.date}）. {address}"
    else:
        what = f"{part.rstrip('.')}. In: {whole}." if part else f"{whole}."
        text = f"{who}{what} {site.date}. {address}"
    key = f"report{site.edition}{language}" + (f"-{figure.address}" if figure else "")
    title = figure.title if figure else site.title[language]
    entry = [
        ("title", "{" + title + "}"),
        ("author", " and ".join("{" + author + "}" for author in authors)),
        ("howpublished", f"{label}, {whole}" if figure else ""),
        ("edition", "" if figure else site.edition),
        ("year", site.date[:4]),
        ("date", site.date),
        ("language", {"zh": "chinese", "en": "british", "de": "ngerman"}[language]),
        ("url", address),
    ]
    record = [
        ("TY", "FIGURE" if figure else "RPRT"),
        *(("AU", author) for author in authors),
        ("TI", title),
        ("T2", whole if figure else ""),
        ("M1", label),
        ("ET", site.edition),
        ("PY", site.date[:4]),
        ("DA", site.date.replace("-", "/")),
        ("LA", TAGS[language]),
        ("UR", address),
    ]
    return Cited(text.rstrip(), _bibtex(key, "misc" if figure else "report", entry), _ris(record))


def _bibtex(key: str, kind: str, fields: list[tuple[str, str]]) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _ris(fields: list[tuple[str, str]]) -> str:
    return "\n".join([*(f"{tag}  - {value}" for tag, value in fields if value), "ER  - "])
