"""The YAML keys of the subset: what each does here, and which values it may have.

A key that is not here is refused by file and line, for Quarto might do something with it that the
embedded typesetter would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from anew.project.phrases import Either, Phrase
from anew.text.metadata import Layer
from anew.text.place import Problem
from anew.text.source import Source
from anew.typeset.embedded.conditional import FORMATS
from anew.typeset.embedded.crossref import OPTIONS
from anew.typeset.embedded.document import ENTRY_POINTS

_READER = re.compile(r"markdown([+-]smart)?")


@dataclass(frozen=True)
class Key:
    """A key: what it does here, and the values that it may have (None: any)."""

    does: str
    values: tuple[Any, ...] | None = None


#: Keys of a document, in `_quarto.yml`, `_metadata.yml`, front matter or under a format.
DOCUMENT: dict[str, Key] = {
    "title": Key("the title"),
    "subtitle": Key("the line under the title"),
    "author": Key("authors or editors: names, or maps of name and affiliation"),
    "date": Key("the day of the edition; the only date in the PDF"),
    "lang": Key("the language: zh-Hans, en or de", ("zh-Hans", "en", "de")),
    "abstract": Key("the abstract"),
    "keywords": Key("the keywords, a list"),
    "description": Key("a sentence for search engines"),
    "title-en": Key("the English title of a Chinese document"),
    "abstract-en": Key("its English abstract"),
    "keywords-en": Key("its English keywords, a list"),
    "title-zh": Key("the Chinese title of an English document"),
    "abstract-zh": Key("its Chinese abstract"),
    "keywords-zh": Key("its Chinese keywords, a list"),
    "running-title": Key("the title in the running head; else the title"),
    "cite-as": Key("how to cite the document, in the title block"),
    "availability": Key("the statement on data and code, in the title block"),
    "anew": Key("the report's own values, for the shortcode meta"),
    "from": Key("markdown, with or without smart"),
    "bibliography": Key("a .bib file (biblatex)"),
    "csl": Key("the citation style"),
    "citeproc": Key("pandoc formats citations, in every format", (True,)),
    "link-citations": Key("citations link to their entries"),
    "filters": Key("Lua filters: maps of path and at, pre-ast or post-finalize"),
    "crossref": Key("words of cross-references"),
    "number-sections": Key("number headings", (True, False)),
    "number-depth": Key("the deepest level that is numbered", (1, 2, 3, 4, 5, 6)),
    "toc": Key("a table of contents", (True, False)),
    "toc-depth": Key("its depth", (1, 2, 3, 4, 5, 6)),
    "toc-title": Key("its title"),
    "callout-appearance": Key("the look of callouts", ("default", "simple", "minimal")),
    "callout-icon": Key("icons of callouts; PDF/A forbids Quarto's", (False,)),
    # format: typst
    "template-partials": Key("typst-template.typ and typst-show.typ of the report"),
    "section-numbering": Key("how Typst numbers headings"),
    "papersize": Key("the paper; the template sets A4", ("a4",)),
    "pdf-standard": Key("for Quarto; here always a-2a and ua-1"),
    "font-paths": Key("for Quarto; here the folder of anew.figures.fonts"),
    "keep-typ": Key("for Quarto", (False,)),
    # format: docx
    "reference-doc": Key("a Word file with the styles"),
    # format: html, the page around the text: Quarto's own page or this project's (anew.site)
    "theme": Key("of Quarto's page"),
    "css": Key("of Quarto's page"),
    "include-in-header": Key("of Quarto's page"),
    "include-before-body": Key("of Quarto's page"),
    "include-after-body": Key("of Quarto's page"),
    "page-layout": Key("of Quarto's page"),
    "title-block-style": Key("of Quarto's page"),
    "title-block-banner": Key("of Quarto's page"),
    "toc-location": Key("of Quarto's page"),
    "anchor-sections": Key("of Quarto's page"),
    "citations-hover": Key("of Quarto's page"),
    "footnotes-hover": Key("of Quarto's page"),
    "crossrefs-hover": Key("of Quarto's page"),
    "link-external-newwindow": Key("of Quarto's page"),
    "code-copy": Key("of Quarto's page"),
    "smooth-scroll": Key("of Quarto's page"),
    "minimal": Key("of Quarto's page"),
    "respect-user-color-scheme": Key("of Quarto's page"),
    "format-links": Key("of Quarto's page"),
    "other-links": Key("of Quarto's page"),
    "image": Key("of Quarto's page"),
    "pagetitle": Key("of Quarto's page"),
    "html-math-method": Key("of Quarto's page; asks no other site for anything", ("mathml",)),
    "appendix-style": Key("references stay where the text has them", ("none", False)),
    "embed-resources": Key("for Quarto", (False,)),
    # how Quarto runs
    "engine": Key("no code is run by a typesetter", ("markdown",)),
    "execute": Key("no code is run by a typesetter"),
    "search": Key("of Quarto's page"),
    "sidebar": Key("of Quarto's page"),
}

#: Keys of `project:`.
PROJECT: dict[str, Key] = {
    "title": Key("the project's name"),
    "type": Key("what Quarto makes of the project", ("website", "default")),
    "output-dir": Key("for Quarto"),
    "render": Key("for Quarto"),
    "resources": Key("for Quarto"),
    "pre-render": Key("for Quarto; here the build does it"),
    "post-render": Key("for Quarto; here the build does it"),
    "preview": Key("for Quarto"),
}

#: Top-level keys of `_quarto.yml` that are not keys of a document.
TOP: dict[str, Key] = {
    "project": Key("the project, for Quarto"),
    "website": Key("the site around the text: Quarto's own or this project's (anew.site)"),
    "format": Key("the formats: " + ", ".join(FORMATS)),
    "anew": Key("the report's own values"),
}


#: Keys of Quarto's page that a document may not give itself: the site's look is one.
SITE_ONLY = (
    "css", "theme", "include-in-header", "include-before-body", "include-after-body", "pagetitle",
)  # fmt: skip

#: What is known of an author, and of an affiliation.
AUTHOR = ("name", "affiliation", "affiliations")
NAME = ("given", "family", "literal", "dropping-particle", "non-dropping-particle")

_DATE = re.compile(r"\d{4}-\d\d-\d\d|.*\{\{<.*>\}\}.*")


def check_keys(source: Source) -> Iterator[Problem]:
    """Yield every key and value in the document's metadata that the subset does not have."""
    if source.own is not None:
        yield from _check_own(source.own, source)
    for layer in source.layers:
        for key, value in layer.values.items():
            if key in TOP and key != "anew":
                if layer.file != "_quarto.yml" and key in ("project", "website"):
                    yield Problem(
                        layer.place(key), Phrase("{key}: belongs in _quarto.yml", key=key)
                    )
            else:
                yield from _check_key(layer, DOCUMENT, (key,), value)
        for key, value in (layer.values.get("project") or {}).items():
            yield from _check_key(layer, PROJECT, ("project", key), value)
        yield from _check_formats(layer)


def _check_own(own: Layer, source: Source) -> Iterator[Problem]:
    """Yield what a document's own front matter may not say, for it holds for the whole report."""
    for path in own.lines:
        if path[-1:] and path[-1] in SITE_ONLY and (len(path) == 1 or path[0] == "format"):
            hint = Phrase(
                "The look of every page is the site's: report/theme, or _quarto.yml for Quarto."
            )
            yield Problem(
                own.place(*path),
                Phrase("{key}: in one document is not applied", key=path[-1]),
                hint,
            )
    formats = own.values.get("format") or {}
    named = {formats} if isinstance(formats, str) else set(formats)
    others = set(source.formats()) - named
    if named and others & set(FORMATS):
        hint = Phrase("Formats are chosen for the whole report: anew build --formats html.")
        told = Phrase("format: leaves out {others} for one document", others=sorted(others))
        yield Problem(own.place("format"), told, hint)


def _check_author(layer: Layer, path: tuple[str, ...], value: Any) -> Iterator[Problem]:
    """Yield what is said of an author and printed nowhere, and an author without a name."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _check_author(layer, (*path, str(number)), one)
        return
    if not isinstance(value, Mapping):
        return
    name = value.get("name", value)
    known = AUTHOR if "name" in value else NAME
    for key in value:
        if key not in known:
            hint = Phrase("Known: {names}.", names=list(known))
            yield Problem(
                layer.place(*path, key),
                Phrase("unknown key {key!r} of an author", key=key),
                hint,
                code="unknown-key",
            )
    if not name or (isinstance(name, Mapping) and not set(name) & set(NAME)):
        yield Problem(
            layer.place(*path),
            Phrase("an author without a name"),
            Phrase("Write name:."),
            code="missing-key",
        )
    places = value.get("affiliations") or value.get("affiliation") or []
    for place in places if isinstance(places, list) else [places]:
        if isinstance(place, Mapping) and set(place) != {"name"}:
            yield Problem(layer.place(*path), Phrase("an affiliation that is not its name alone"),
                          Phrase("Write affiliation: its name."))  # fmt: skip


def _check_formats(layer: Layer) -> Iterator[Problem]:
    formats = layer.values.get("format") or {}
    if isinstance(formats, str):
        formats = {formats: "default"}
    for name, own in formats.items():
        if name not in FORMATS:
            hint = Phrase("Known: {names}.", names=list(FORMATS))
            yield Problem(
                layer.place("format", name), Phrase("unknown format {name!r}", name=name), hint
            )
        elif isinstance(own, Mapping):
            for key, value in own.items():
                yield from _check_key(layer, DOCUMENT, ("format", name, key), value)


def _check_key(
    layer: Layer, known: Mapping[str, Key], path: tuple[str, ...], value: Any
) -> Iterator[Problem]:
    key, place = path[-1], layer.place(*path)
    if key not in known:
        yield Problem(
            place,
            Phrase("unknown key {key!r}", key=key),
            Phrase(
                "Take it out, or put a value of your own under anew: (SUBSET.md lists the keys)."
            ),
            code="unknown-key",
        )
        return
    allowed = known[key].values
    if allowed is not None and not any(value == v and type(value) is type(v) for v in allowed):
        listed = [str(v).lower() if isinstance(v, bool) else str(v) for v in allowed]
        yield Problem(
            place,
            Phrase("{key}: {value!r} is not in the subset", key=key, value=value),
            Phrase("Allowed: {names}.", names=listed),
        )
    if key == "from" and not _READER.fullmatch(str(value)):
        hint = Phrase("Allowed: markdown, markdown+smart, markdown-smart.")
        yield Problem(place, Phrase("from: {value!r} is not in the subset", value=value), hint)
    if key == "date" and not _DATE.fullmatch(str(value)):
        hint = Phrase("Write date: 2026-07-01, or leave it out: the day of the edition is printed.")
        yield Problem(place, Phrase("date: {value} is not a fixed date", value=value), hint)
    if key == "author":
        yield from _check_author(layer, path, value)
    if key == "crossref":
        for option in value if isinstance(value, Mapping) else ():
            if option not in OPTIONS:
                hint = Phrase("Known: {names}.", names=list(OPTIONS))
                yield Problem(
                    layer.place(*path, option),
                    Phrase("unknown crossref option {option!r}", option=option),
                    hint,
                    code="unknown-key",
                )
    if key == "filters":
        yield from _check_filters(layer, path, value)
    if key == "bibliography":
        files = value if isinstance(value, list) else [value]
        for name in files:
            if not str(name).endswith(".bib") or not (layer.folder / str(name)).is_file():
                yield Problem(
                    place,
                    Phrase("no .bib file {name}", name=name),
                    Phrase("Name a biblatex file that exists."),
                    code="no-file",
                )
    if key == "csl" and not (layer.folder / str(value)).is_file():
        yield Problem(
            place,
            Phrase("no style {value}", value=value),
            Phrase("Name a CSL file that exists."),
            code="no-file",
        )


def _check_filters(layer: Layer, path: tuple[str, ...], value: Any) -> Iterator[Problem]:
    for index, entry in enumerate(value if isinstance(value, list) else [value]):
        place = layer.place(*path, str(index))
        at = entry.get("at") if isinstance(entry, Mapping) else None
        name = str(entry.get("path") if isinstance(entry, Mapping) else entry)
        if at not in ENTRY_POINTS:
            hint = Phrase(
                "Write path: {name} and at: {names}.",
                name=name,
                names=Either(ENTRY_POINTS),
            )
            yield Problem(
                place, Phrase("the filter {name} does not say where it runs", name=name), hint
            )
        if not name.endswith(".lua") or not (layer.folder / name).is_file():
            yield Problem(
                place,
                Phrase("no Lua filter {name}", name=name),
                Phrase("Name a .lua file that exists."),
                code="no-file",
            )
