"""A certificate as a page, in both languages: in a site, or by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anew.build.manifest import CERTIFICATE
from anew.project.language import LANGUAGES
from anew.verify.telling import (
    difference,
    kept,
    meaning,
    parted,
    rows,
    verdicts,
    versions,
)
from anew.verify.words import tell

if TYPE_CHECKING:
    from anew.site.shell import Site

#: So many differences are on the page; the JSON holds all.
_SHOWN = 200


def certificate_path(language: str) -> str:
    """Return where a site has its certificate."""
    from anew.site.links import localised

    return localised(f"{CERTIFICATE}/index.html", language)


def certificate_page(
    site: Site, certificate: Mapping[str, Any] | None, language: str, *, alone: bool = False
) -> str:
    """Return the page of a certificate; without one the page that says how to get it.

    `alone` makes a page that stands by itself, without the site around it.
    """
    from anew.site.links import localised
    from anew.site.shell import Page, fragment, render_page

    def place(other: str) -> str:
        return localised("certificate.html", other) if alone else certificate_path(other)

    wrong, changes = parted(certificate) if certificate else ([], [])
    body = fragment(
        "certificate.html.j2",
        language,
        place(language),
        tell=lambda key, **values: tell(language, key, **values),
        certificate=certificate,
        kept=certificate is not None and kept(certificate),
        meaning=meaning(certificate, language) if certificate else "",
        rows=rows(certificate, language) if certificate else (),
        parts=[
            (title, [difference(one, language) for one in listed[:_SHOWN]], len(listed) - _SHOWN)
            for title, listed in (("differences", wrong), ("changes", changes))
            if listed
        ],
        told=[
            (title, lines)
            for title, lines in (
                ("verdicts", verdicts(certificate, language) if certificate else ()),
                ("versions", versions(certificate, language) if certificate else ()),
            )
            if lines
        ],
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
