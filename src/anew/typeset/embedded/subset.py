"""The written subset of Quarto: refuses, by file and line, whatever the embedded typesetter lacks.

The tree is pandoc's own, so what is looked at is what will be printed, at
the line it was written on.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from anew.project.errors import BuildError
from anew.project.phrases import Phrase
from anew.project.texts import read_text as read_own
from anew.text.alignment import Node
from anew.text.document import Text
from anew.text.pandoc import run_pandoc
from anew.text.pieces import kind_of, target_of
from anew.text.place import Place, Problem
from anew.text.source import Source
from anew.typeset.embedded import conditional, crossref
from anew.typeset.embedded.document import Document, load_document
from anew.typeset.embedded.elements import LOOKS
from anew.typeset.embedded.keys import check_keys
from anew.typeset.embedded.survey import Scope, Survey

_CELL = re.compile(r"^\s*(?:`{3,}|~{3,})\s*\{\s*([A-Za-z]\w*)")
_UNREAD = re.compile(r"^\s*(unexpected .*)$", re.M)
_BIB_KEY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.I | re.M)


def check(text: Text, formats: Iterable[str]) -> list[Problem]:
    """Return every place of `text` that leaves the subset, in the order of its lines.

    `formats` are those that are wanted: a reference may be good in one and lost in another.
    """
    formats = tuple(name for name in dict.fromkeys(formats) if name in conditional.FORMATS)
    source = text.source
    document = load_document(text, formats[0])
    problems = [*text.warned, *check_keys(source), *_cells(source), *document.values.problems]
    survey = _survey(document, frozenset(formats))
    problems += survey.problems
    problems += [*_references(document, survey, formats), *_formulae(survey)]
    problems += [*_levels(survey), *_title(document)]
    order = {line.place: number for number, line in enumerate(source.lines)}
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (order.get(p.place, -1), p.place, p.message))


def _cells(source: Source) -> Iterator[Problem]:
    for line in source.lines:
        match = _CELL.match(line.text)
        if match:
            yield Problem(
                line.place,
                Phrase("an executable cell ({language})", language=match[1]),
                Phrase("Compute in a notebook and print the fact; a listing is written ```python."),
            )


# The walk over the tree -------------------------------------------------------------------------


def _survey(document: Document, formats: frozenset[str]) -> Survey:
    text = document.text
    survey = Survey(document, {name: Counter() for name in formats})
    for key in text.second:
        lines = (line.place for line in text.source.lines if line.text.startswith(f"{key}:"))
        place = next(lines, text.source.start())
        hint = Phrase("Metadata belong at the head of the document.")
        survey.problems.append(
            Problem(place, Phrase("a second front matter, with {key!r}", key=key), hint)
        )
    scope = Scope(formats)
    for value in text.meta[document.target].values():
        _walk(value, replace(scope, inside="metadata"), survey)
    _walk(text.blocks, scope, survey)
    return survey


def _walk(node: Any, scope: Scope, survey: Survey) -> None:
    if isinstance(node, list):
        for item in node:
            _walk(item, scope, survey)
        return
    if not isinstance(node, dict):
        return
    kind, content = node.get("t"), node.get("c", [])
    if kind == "MetaMap":
        for value in content.values():
            _walk(value, scope, survey)
        return
    look = LOOKS.get(str(kind))
    if look is not None:
        inner = look(node, scope, survey)
        if inner is None or not inner.formats:
            return
        scope = inner
    _walk(content, scope, survey)


# What only the whole document can tell ---------------------------------------------------------


def _references(document: Document, survey: Survey, formats: tuple[str, ...]) -> Iterator[Problem]:
    counts: Counter[str] = Counter()
    for name in formats:
        counts |= survey.ids[name]
    for identifier, count in sorted(counts.items()):
        for place in survey.places[identifier] if count > 1 else ():
            yield Problem(
                place,
                Phrase("the id {id!r} stands {count} times", id=identifier, count=count),
                Phrase("Rename it."),
                code="twice-named",
            )
    keys = bibliography_keys(document.metadata)
    for key, scope, place in survey.references:
        kind = kind_of(target_of(key))
        if kind is None and key.partition("-")[0].lower() in (
            *crossref.OTHER_KINDS, *crossref.KINDS
        ) and key not in keys:  # fmt: skip
            hint = Phrase("Known: {names}.", names=["@" + k + "-…" for k in crossref.KINDS])
            yield Problem(place, Phrase("unknown kind of cross-reference @{key}", key=key), hint)
        elif kind is None and key not in keys:
            yield Problem(
                place,
                Phrase("unknown citation key @{key}", key=key),
                Phrase("Add it to the bibliography."),
                code="unknown-citation",
            )
        elif kind is None and key.endswith("-en") and key.removesuffix("-en") in keys:
            hint = Phrase(
                "Cite @{key}; its English version is printed with it.",
                key=key.removesuffix("-en"),
            )
            yield Problem(place, Phrase("@{key} is an English version", key=key), hint)
        elif kind:
            key = target_of(key)
            lost = [name for name in formats if name in scope.formats and not survey.ids[name][key]]
            if lost and key in document.elsewhere:
                continue
            if lost:
                where = "" if len(lost) == len(formats) else Phrase(" in {lost}", lost=list(lost))
                hint = Phrase("Give the {kind} the id #{key}.", kind=crossref.KINDS[kind], key=key)
                yield Problem(
                    place,
                    Phrase("undefined cross-reference @{key}{where}", key=key, where=where),
                    hint,
                    code="unknown-reference",
                )
            elif key in survey.unnumbered or (
                kind == "sec" and not document.metadata.get("number-sections")
            ):
                hint = Phrase("Number the section, or link it: [words](#{key}).", key=key)
                yield Problem(
                    place, Phrase("@{key} refers to a section without a number", key=key), hint
                )
    for anchor, scope, place in survey.anchors:
        lost = [name for name in formats if name in scope.formats and not survey.ids[name][anchor]]
        if lost and not anchor.startswith("ref-"):
            yield Problem(
                place,
                Phrase("a link to #{anchor}, which is not there", anchor=anchor),
                Phrase("Correct the link."),
                code="broken-link",
            )


def _levels(survey: Survey) -> Iterator[Problem]:
    """Yield the headings that leave out a level, which an accessible PDF may not have."""
    levels = [node["c"][0] for node in survey.headings]
    above = 1 if 1 not in levels and levels else 0
    for node, level in zip(survey.headings, levels, strict=True):
        if level > above + 1:
            told = Phrase(
                "a heading of level {level} where level {above} is the next",
                level=level,
                above=above + 1,
            )
            yield Problem(
                survey.place(node),
                told,
                Phrase("Write {marks}.", marks="#" * (above + 1)),
                code="heading-level",
            )
        above = level


def _title(document: Document) -> Iterator[Problem]:
    """A document without a title is none that can be listed, linked or read aloud."""
    if not str(document.metadata.get("title") or "").strip():
        place = Place(document.source.document, 1)
        yield Problem(
            place,
            Phrase("no title"),
            Phrase("Write title: in the front matter."),
            code="missing-key",
        )


def _formulae(survey: Survey) -> Iterator[Problem]:
    """Yield the formulae that pandoc cannot read: they would be printed as they were typed."""
    if not survey.formulae or _reason(survey.formulae) is None:
        return
    for node in survey.formulae:
        reason = _reason([node])
        if reason is not None:
            hint = Phrase(
                "Write it in the TeX that pandoc reads, or escape a dollar that is none: \\$."
            )
            yield Problem(
                survey.place(node),
                Phrase("a formula that cannot be set: {reason}", reason=reason),
                hint,
                code="formula",
            )


def _reason(formulae: Iterable[Node]) -> str | None:
    """Return why pandoc cannot set formulae, None where it can."""
    texts = [{"t": "Plain", "c": [node]} for node in formulae]
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": texts}
    options = ["--from", "json", "--to", "html5", "--mathml"]
    try:
        run_pandoc(options, json.dumps(tree), Path())
    except BuildError as error:
        found = _UNREAD.search(error.message)
        return found[1] if found else Phrase("pandoc cannot read it")
    return None


def bibliography_keys(metadata: Mapping[str, Any]) -> set[str]:
    """Return the keys of the document's bibliography files."""
    given = metadata.get("bibliography") or []
    keys: set[str] = set()
    for name in given if isinstance(given, list) else [given]:
        if os.path.isfile(name):
            keys.update(_BIB_KEY.findall(read_own(Path(name), Path(name).name)))
    return keys
