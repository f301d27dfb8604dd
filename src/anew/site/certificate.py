"""The page of a certificate, and the texts of a certificate.

The content comes from `anew.verify`. Every site has the page; without a certificate it says how to
get one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from anew.project.language import LANGUAGES, catalogue, say
from anew.project.manifest import CERTIFICATE
from anew.site.links import localised
from anew.site.page import Page, Site
from anew.site.shell import fragment, render_page

#: What the keys of a certificate's texts begin with in the catalogue.
_PREFIX = "certificate."


@dataclass(frozen=True)
class Part:
    """A part of a certificate: its title and its lines, `quoted` where they are program output."""

    title: str
    lines: Sequence[str]
    quoted: bool = False


@dataclass(frozen=True)
class Told:
    """A certificate in the words of one language: `kept` says whether the promise is kept.

    `rows` are pairs of a label and what was found, `limits` says what a certificate does not say.
    """

    title: str
    report: str
    lead: str
    verdict: str
    kept: bool
    meaning: str
    rows: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    limits: str


def certificate_path(language: str) -> str:
    """Return where a site has its certificate."""
    return localised(f"{CERTIFICATE}/index.html", language)


def certificate_page(site: Site, told: Told | None, language: str, *, alone: bool = False) -> str:
    """Return the page of a certificate, or without one the page that says how to get it.

    `alone` makes a page that stands by itself, without the site around it.
    """

    def place(other: str) -> str:
        return localised("certificate.html", other) if alone else certificate_path(other)

    body = fragment(
        "certificate.html.j2",
        language,
        place(language),
        tell=partial(tell, language),
        told=told,
    )
    page = Page(
        path=place(language),
        language=language,
        title=tell(language, "title"),
        description=tell(language, "lead"),
        body=body,
        section="reproduction",
        alternates={other: place(other) for other in LANGUAGES},
        indexed=False,
        kind="alone" if alone else "certificate",
    )
    return render_page(site, page)


def tell(language: str, key: str, /, **values: object) -> str:
    """Return the text of a certificate for `key` in `language`, with `values` filled in."""
    return say(language, _PREFIX + key, **values)


def specimen(language: str) -> str:
    """Return all words that a certificate may be written in, as HTML, for a font's subset.

    A site has the fonts for its certificate before it has the certificate.
    """
    words = [texts[language] for key, texts in catalogue().items() if key.startswith(_PREFIX)]
    return "".join(f"<p>{text}</p><h2>{text if len(text) < 16 else ''}</h2>" for text in words)
