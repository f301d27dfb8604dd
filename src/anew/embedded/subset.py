"""The written subset of Quarto: refuses, by file and line, whatever the embedded typesetter lacks.

The tree is pandoc's own, so what is looked at is what will be printed; the place of an element is
found by its text in the source.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from anew.embedded import callouts, conditional, crossref
from anew.embedded.document import Document, load_document
from anew.embedded.keys import check_keys
from anew.embedded.source import Place, Problem, Source

#: Classes of a div, and what each does.
DIV_CLASSES = {
    **{f"callout-{kind}": "a callout" for kind in callouts.CALLOUTS},
    conditional.VISIBLE: "content for one format",
    conditional.HIDDEN: "content for the other formats",
    "when": "content for editions in which the claim holds",
    "unless": "content for editions in which it does not",
}

#: Classes of a span, and what each does.
SPAN_CLASSES = {
    "claim": "a sentence and the claim that it makes",
    conditional.VISIBLE: "words for one format",
    conditional.HIDDEN: "words for the other formats",
    "when": "words for editions in which the claim holds",
    "unless": "words for editions in which it does not",
    "underline": "underlined",
    "smallcaps": "small capitals",
    "mark": "highlighted",
}

#: Attributes by element.
ATTRIBUTES = {
    "Div": ("lang", "claim", *conditional.CONDITIONS, *callouts.ATTRIBUTES),
    "Span": ("lang", "claim", "ref", *conditional.CONDITIONS),
    "Header": (),
    "Image": ("width", "height", "alt", "fig-alt"),
    "Link": ("lang",),
    "Code": (),
    "CodeBlock": conditional.CONDITIONS,
    "Table": ("tbl-colwidths",),
    "Figure": (),
}

#: Classes of other elements.
CLASSES = {
    "Header": ("unnumbered", "unlisted"),
    "CodeBlock": (conditional.VISIBLE, conditional.HIDDEN),
}

_CELL = re.compile(r"^\s*(?:`{3,}|~{3,})\s*\{\s*([A-Za-z]\w*)")
_BIB_KEY = re.compile(r"^\s*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s]+)\s*,", re.I | re.M)
_TOKEN = re.compile(r"anewshortcode\d+x")


@dataclass(frozen=True)
class Scope:
    """Where an element stands: the formats in which it is seen, and what encloses it."""

    formats: frozenset[str]
    inside: str = ""


@dataclass
class Survey:
    """What a tree holds, by format where it matters."""

    problems: list[Problem] = field(default_factory=list)
    ids: dict[str, Counter] = field(default_factory=dict)
    unnumbered: set[str] = field(default_factory=set)
    references: list[tuple[str, Scope, Place]] = field(default_factory=list)
    anchors: list[tuple[str, Scope, Place]] = field(default_factory=list)


class Finder:
    """Finds elements in the source: the n-th of a kind in the tree is the n-th in the text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._seen: dict[str, int] = {}
        self._places: dict[str, list[Place]] = {}

    def place(self, pattern: str, *, code: bool = False) -> Place:
        """Return the place of the next match of `pattern`; each call moves on by one."""
        if pattern not in self._places:
            found = re.compile(pattern)
            self._places[pattern] = [
                line.place
                for line in self.source.lines
                if code or not line.code
                for _ in found.finditer(line.text)
            ]
        places = self._places[pattern]
        index = self._seen.get(pattern, 0)
        self._seen[pattern] = index + 1
        if not places:
            return self.source.start()
        return places[min(index, len(places) - 1)]


def check(source: Source, formats: Iterable[str] = conditional.FORMATS) -> list[Problem]:
    """Return every place of `source` that leaves the subset, in the order of its lines.

    `formats` are those that are wanted: a reference may be good in one and lost in another.
    """
    formats = tuple(formats)
    document = load_document(source, formats[0])
    problems = [*check_keys(source), *_cells(source), *document.tokens.problems]
    if not problems:
        survey = _survey(document, frozenset(formats))
        problems = [*survey.problems, *_references(document, survey, formats)]
    order = {line.place: number for number, line in enumerate(source.lines)}
    unique = dict.fromkeys(problems)
    return sorted(unique, key=lambda p: (order.get(p.place, -1), p.place, p.message))


def _cells(source: Source) -> Iterator[Problem]:
    for line in source.lines:
        match = _CELL.match(line.text)
        if match:
            yield Problem(
                line.place,
                f"an executable cell ({match[1]})",
                "Compute in a notebook and print the fact; a listing is written ```python.",
            )


# The walk over the tree -------------------------------------------------------------------------


def _survey(document: Document, formats: frozenset[str]) -> Survey:
    survey = Survey(ids={name: Counter() for name in formats})
    finder = Finder(document.source)
    extra = set(document.ast["meta"]) - set(document._front())
    for key in sorted(extra):
        place = finder.place(rf"^{re.escape(key)}\s*:")
        hint = "Metadata belong at the head of the document."
        survey.problems.append(Problem(place, f"a second front matter, with {key!r}", hint))
    scope = Scope(formats)
    for value in document.ast["meta"].values():
        _walk(value, scope, document, finder, survey, meta=True)
    for block in document.ast["blocks"]:
        _walk(block, scope, document, finder, survey)
    return survey


def _walk(
    node: Any, scope: Scope, document: Document, finder: Finder, survey: Survey, meta: bool = False
) -> None:
    if isinstance(node, list):
        for item in node:
            _walk(item, scope, document, finder, survey, meta)
        return
    if not isinstance(node, Mapping):
        return
    kind, content = node.get("t"), node.get("c")
    if kind == "MetaMap":
        for value in content.values():
            _walk(value, scope, document, finder, survey, meta)
        return
    look = _LOOKS.get(kind)
    if look is not None:
        inner = look(content, scope, document, finder, survey)
        if inner is None:
            return
        scope = inner
    _walk(content, scope, document, finder, survey, meta)


def _attributes(attr: list) -> dict[str, str]:
    return dict(attr[2])


def _common(
    kind: str, attr: list, scope: Scope, finder: Finder, survey: Survey, place: Place
) -> None:
    """Check the attributes of an element and note its id."""
    for name, value in attr[2]:
        if name not in ATTRIBUTES[kind]:
            what = "a layout, which the subset lacks" if name.startswith("layout") else "unknown"
            listed = ", ".join(ATTRIBUTES[kind]) or "none"
            survey.problems.append(
                Problem(place, f"attribute {name}={value!r} is {what}", f"Known here: {listed}.")
            )
    if attr[0]:
        for name in scope.formats:
            survey.ids[name][attr[0]] += 1


def _conditional(
    attr: list, scope: Scope, survey: Survey, place: Place, document: Document
) -> Scope | None:
    """Return the scope inside an element, None when the edition drops it."""
    classes, attributes = attr[1], _attributes(attr)
    for name in conditional.CONDITIONS:
        value = attributes.get(name)
        if value is not None and value not in conditional.FORMATS:
            hint = f"Known: {', '.join(conditional.FORMATS)}."
            survey.problems.append(Problem(place, f"unknown format {value!r} in {name}", hint))
    if {"when", "unless", "claim"} & set(classes):
        key = "ref" if "claim" in classes else "claim"
        claim = attributes.get(key, "")
        if not claim:
            hint = f'Write {key}="its-id".'
            survey.problems.append(Problem(place, f"a .{classes[0]} that names no claim", hint))
        elif document.claims is not None and claim not in document.claims:
            hint = "Correct the id, or make the claim in its notebook."
            survey.problems.append(Problem(place, f"no notebook makes the claim {claim!r}", hint))
    if conditional.is_dropped(classes, attributes, document.claims):
        return None
    return replace(scope, formats=conditional.visible_in(classes, attributes, scope.formats))


def _div(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr, blocks = content
    identifier, classes, _ = attr
    token = identifier or (classes[0] if classes else "")
    place = finder.place(rf"^\s*:::+\s*\{{?[^:]*?(?<![\w-]){re.escape(token)}(?![\w-])")
    for name in classes:
        if name not in DIV_CLASSES:
            kind = "callout type" if name.startswith("callout") else "div class"
            survey.problems.append(
                Problem(place, f"unknown {kind} {name!r}", f"Known: {', '.join(DIV_CLASSES)}.")
            )
    attributes = _attributes(attr)
    is_callout = any(name.startswith("callout-") for name in classes)
    for name, values in callouts.ATTRIBUTES.items():
        given = attributes.get(name)
        if given is not None and (not is_callout or (values and given not in values)):
            hint = f"Known: {', '.join(values)}." if values and is_callout else ""
            survey.problems.append(Problem(place, f"{name}={given!r} is not in the subset", hint))
    kind = crossref.kind_of(identifier)
    if kind in ("fig", "tbl"):
        _check_float_div(kind, identifier, blocks, survey, place)
    _common("Div", attr, scope, finder, survey, place)
    inner = _conditional(attr, scope, survey, place, document)
    if inner and kind in ("fig", "tbl"):
        inner = replace(inner, inside="float")
    return inner


def _check_float_div(
    kind: str, identifier: str, blocks: list, survey: Survey, place: Place
) -> None:
    tags = [block["t"] for block in blocks]
    body = {"fig": ("Para", "Figure", "Plain"), "tbl": ("Table",)}[kind]
    alone = tags in (["Figure"], ["Table"])
    if not (alone and tags[0] in body) and not (
        len(tags) == 2 and tags[0] in body and tags[1] == "Para"
    ):
        what = crossref.KINDS[kind]
        survey.problems.append(
            Problem(place, f"{identifier} is not one {what} and its caption",
                    f"Put one {what} in the div, and a paragraph after it as caption.")
        )  # fmt: skip


def _span(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr, _ = content
    attributes = _attributes(attr)
    token = attributes.get("ref") or attributes.get("claim") or (attr[1][0] if attr[1] else "")
    place = finder.place(rf"\]\{{[^}}]*(?<![\w-]){re.escape(token)}(?![\w-])")
    for name in attr[1]:
        if name not in SPAN_CLASSES:
            survey.problems.append(
                Problem(place, f"unknown span class {name!r}", f"Known: {', '.join(SPAN_CLASSES)}.")
            )
    _common("Span", attr, scope, finder, survey, place)
    return _conditional(attr, scope, survey, place, document)


def _header(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    level, attr, _ = content
    place = finder.place(rf"^#{{{level}}}\s")
    for name in attr[1]:
        if name not in CLASSES["Header"]:
            survey.problems.append(
                Problem(place, f"unknown class {name!r} of a heading",
                        f"Known: {', '.join(CLASSES['Header'])}.")
            )  # fmt: skip
    if "unnumbered" in attr[1]:
        survey.unnumbered.add(attr[0])
    _common("Header", attr, scope, finder, survey, place)
    return scope


def _figure(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr = content[0]
    token = re.escape(attr[0]) if attr[0] else r"^!\["
    place = finder.place(rf"{{#{token}(?![\w-])" if attr[0] else token)
    if crossref.kind_of(attr[0]) != "fig" and scope.inside != "float":
        hint = "Write ![caption](file){#fig-name}."
        survey.problems.append(Problem(place, "a figure without an id #fig-…", hint))
    _common("Figure", attr, scope, finder, survey, place)
    return replace(scope, inside="figure")


def _image(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr, _, (src, _title) = content
    place = finder.place(r"!\[")
    if crossref.kind_of(attr[0]) == "fig" and scope.inside != "figure":
        survey.problems.append(
            Problem(place, f"{attr[0]} does not stand alone, or has no caption",
                    "Give it a caption and a paragraph of its own.")
        )  # fmt: skip
    if attr[1]:
        survey.problems.append(Problem(place, f"unknown class {attr[1][0]!r} of an image"))
    target = _filled(src, document)
    if re.match(r"^[a-z]+:", target):
        hint = "No request leaves the site: keep the file in the project."
        survey.problems.append(Problem(place, f"a picture from elsewhere: {target}", hint))
    elif not (document.source.folder / target).is_file():
        survey.problems.append(Problem(place, f"no picture {target}", "Correct the path."))
    _common("Image", attr, scope, finder, survey, place)
    return scope


def _table(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr, caption = content[0], content[1]
    captioned = bool(caption[1])
    place = finder.place(rf"{{#{re.escape(attr[0])}(?![\w-])" if attr[0] else r"^\s*(?:Table)?:\s")
    if captioned and crossref.kind_of(attr[0]) != "tbl" and scope.inside != "float":
        hint = "Write : caption {#tbl-name}."
        survey.problems.append(Problem(place, "a table with a caption and no id #tbl-…", hint))
    if attr[1]:
        survey.problems.append(Problem(place, f"unknown class {attr[1][0]!r} of a table"))
    _common("Table", attr, scope, finder, survey, place)
    return scope


def _code_block(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr, _ = content
    place = finder.place(r"^\s*(?:`{3,}|~{3,})\s*\S", code=True) if attr[1] or attr[2] else None
    languages = [name for name in attr[1] if name not in CLASSES["CodeBlock"]]
    if place and len(languages) > 1:
        survey.problems.append(Problem(place, f"a listing with classes {' '.join(languages)}"))
    if place:
        _common("CodeBlock", attr, scope, finder, survey, place)
        return _conditional(attr, scope, survey, place, document)
    return scope


def _link(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    attr, _, (target, _title) = content
    target = _filled(target, document)
    place = finder.place(rf"(?:\]\(<?|<){re.escape(target)}") if target else finder.source.start()
    if attr[1] and attr[1] != ["uri"] and attr[1] != ["email"]:
        survey.problems.append(Problem(place, f"unknown class {attr[1][0]!r} of a link"))
    if target.startswith("#"):
        survey.anchors.append((target[1:], scope, place))
    if re.match(r"^[^:]+\.qmd(#|$)", target) and scope.formats != {"html"}:
        hint = 'Put it into ::: {.content-visible when-format="html"}.'
        survey.problems.append(Problem(place, f"a link to the source {target} in print", hint))
    _common("Link", attr, scope, finder, survey, place)
    return scope


def _raw(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    name, text = content
    first = text.strip().split("\n")[0]
    if name == "html" and text.lstrip().startswith("<!--"):
        return None
    place = finder.place(re.escape(first[:40]), code=True)
    if name not in conditional.RAW:
        hint = f"Known: {', '.join(conditional.RAW)}."
        survey.problems.append(Problem(place, f"raw content of unknown format {name!r}", hint))
    elif not scope.formats <= set(conditional.RAW[name]):
        shown = conditional.RAW[name][0]
        survey.problems.append(
            Problem(place, f"raw {name} would be lost in other formats",
                    f'Put it into ::: {{.content-visible when-format="{shown}"}}.')
        )  # fmt: skip
    return None


def _math(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    place = finder.place(re.escape(content[1].split("\n")[0][:40]))
    hint = "Formulae have no alternative text yet; write it in words, or escape the dollar: \\$."
    survey.problems.append(Problem(place, "a formula", hint))
    return None


def _cite(content: list, scope: Scope, document: Document, finder: Finder, survey: Survey):
    citations, _ = content
    kinds = set()
    for citation in citations:
        key = citation["citationId"]
        place = finder.place(rf"@\{{?{re.escape(key)}(?![\w-]*\w)")
        survey.references.append((key, scope, place))
        kind = crossref.kind_of(key)
        kinds.add(kind)
        if kind and citation["citationSuffix"]:
            hint = "Write the words outside the brackets."
            survey.problems.append(Problem(place, f"words after @{key} are lost", hint))
        for part in ("citationPrefix", "citationSuffix"):
            _walk(citation[part], scope, document, finder, survey)
    if None in kinds and len(kinds) > 1:
        survey.problems.append(
            Problem(place, "a citation and a cross-reference in one bracket", "Write two brackets.")
        )
    return None


_LOOKS = {
    "Div": _div,
    "Span": _span,
    "Header": _header,
    "Figure": _figure,
    "Image": _image,
    "Table": _table,
    "CodeBlock": _code_block,
    "Link": _link,
    "RawBlock": _raw,
    "RawInline": _raw,
    "Math": _math,
    "Cite": _cite,
}


def _filled(text: str, document: Document) -> str:
    """Return `text` with the values of its shortcodes."""
    values = document.tokens.values
    return _TOKEN.sub(lambda match: values.get(match[0], {}).get("markdown", ""), text)


# What only the whole document can tell ---------------------------------------------------------


def _references(
    document: Document, survey: Survey, formats: tuple[str, ...]
) -> Iterator[Problem]:
    finder = Finder(document.source)
    for name in formats:
        for identifier, count in sorted(survey.ids[name].items()):
            if count > 1:
                for _ in range(count):
                    place = finder.place(rf"{{[^}}]*#{re.escape(identifier)}(?![\w-])")
                    yield Problem(place, f"the id {identifier!r} stands {count} times", "Rename it.")
        break
    keys = bibliography_keys(document.metadata)
    for key, scope, place in survey.references:
        kind = crossref.kind_of(key)
        if kind is None and key.partition("-")[0].lower() in (
            *crossref.OTHER_KINDS, *crossref.KINDS
        ) and key not in keys:  # fmt: skip
            hint = f"Known: {', '.join('@' + k + '-…' for k in crossref.KINDS)}, in lower case."
            yield Problem(place, f"unknown kind of cross-reference @{key}", hint)
        elif kind is None and key not in keys:
            yield Problem(place, f"unknown citation key @{key}", "Add it to the bibliography.")
        elif kind is None and key.endswith("-en") and key.removesuffix("-en") in keys:
            hint = f"Cite @{key.removesuffix('-en')}; its English version is printed with it."
            yield Problem(place, f"@{key} is an English version", hint)
        elif kind:
            lost = [name for name in formats if name in scope.formats and not survey.ids[name][key]]
            if lost:
                where = "" if len(lost) == len(formats) else f" in {', '.join(lost)}"
                hint = f"Give the {crossref.KINDS[kind]} the id #{key}."
                yield Problem(place, f"undefined cross-reference @{key}{where}", hint)
            elif key in survey.unnumbered or (
                kind == "sec" and not document.metadata.get("number-sections")
            ):
                hint = "Number the section, or link it: [words](#" + key + ")."
                yield Problem(place, f"@{key} refers to a section without a number", hint)
    for anchor, scope, place in survey.anchors:
        lost = [name for name in formats if name in scope.formats and not survey.ids[name][anchor]]
        if lost and not anchor.startswith("ref-"):
            yield Problem(place, f"a link to #{anchor}, which is not there", "Correct the link.")


def bibliography_keys(metadata: Mapping[str, Any]) -> set[str]:
    """Return the keys of the document's bibliography files."""
    given = metadata.get("bibliography") or []
    keys: set[str] = set()
    for name in given if isinstance(given, list) else [given]:
        if os.path.isfile(name):
            keys.update(_BIB_KEY.findall(Path(name).read_text("utf-8")))
    return keys
