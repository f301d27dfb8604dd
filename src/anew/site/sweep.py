"""The index of a sweep: every variant, what departs in it, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from anew.project.language import LANGUAGES, NAMES, say
from anew.site.links import localised
from anew.site.page import Page, Site
from anew.site.shell import fragment, render_page


@dataclass(frozen=True)
class Row:
    """A variant in the index: its folder, its values, why it failed, and what it changes."""

    name: str
    values: Mapping[str, str]
    fault: str
    figures: int
    facts: int
    failing: int
    plain: bool


def sweep_page(site: Site, rows: Sequence[Row], language: str) -> tuple[str, str]:
    """Return path and content of the index in a language."""
    path = localised("index.html", language)
    title = say(language, "sweep-title", title=site.title[language])
    body = fragment(
        "sweep.html.j2", language, path, rows=rows, title=title, languages=NAMES, spoken=LANGUAGES
    )
    page = Page(
        path=path,
        language=language,
        title=title,
        description=say(language, "sweep-lead", count=len(rows)),
        body=body,
        alternates={other: localised("index.html", other) for other in LANGUAGES},
        indexed=False,
        kind="alone",
    )
    return path, render_page(replace(site, search=False), page)
