"""The elements of a text: what each may be, and what is noted of it for the whole document.

One function looks at one kind of element of pandoc's tree. It reports what the subset lacks and
returns the scope of what lies inside, or None when nothing inside is to be looked at.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from anew.typeset.embedded import callouts, conditional, crossref
from anew.typeset.embedded.document import Document
from anew.typeset.embedded.source import Finder, Place, Problem
from anew.typeset.embedded.vocabulary import ATTRIBUTES, CLASSES, DIV_CLASSES, SPAN_CLASSES

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
    if "computed" in classes:
        _check_computed(identifier, blocks, document, survey, place)
    elif kind in ("fig", "tbl"):
        _check_float_div(kind, identifier, blocks, survey, place)
    _common("Div", attr, scope, finder, survey, place)
    inner = _conditional(attr, scope, survey, place, document)
    if inner and kind in ("fig", "tbl"):
        inner = replace(inner, inside="float")
    return inner


def _check_computed(
    identifier: str, blocks: list, document: Document, survey: Survey, place: Place
) -> None:
    """A computed table is named by its id, and nothing is written where it will stand."""
    if crossref.kind_of(identifier) != "tbl" or blocks:
        hint = "Write ::: {#tbl-name .computed} and close it on the next line."
        survey.problems.append(Problem(place, "a .computed that is not an empty table", hint))
    elif document.weave is not None and identifier not in document.tables:
        hint = "Correct the id, or give the table with session.report_table."
        survey.problems.append(Problem(place, f"no notebook gives the table {identifier}", hint))


def _check_float_div(
    kind: str, identifier: str, blocks: list, survey: Survey, place: Place
) -> None:
    """A div is one picture or table and, unless that has its own, a caption after it."""
    tags = [block["t"] for block in blocks]
    body = {"fig": ("Para", "Plain", "Figure"), "tbl": ("Table",)}[kind]
    captioned = len(tags) == 2 and tags[1] == "Para" or tags in (["Figure"], ["Table"])
    one = kind == "tbl" or (bool(blocks) and json.dumps(blocks[0]).count('"t": "Image"') == 1)
    if not (captioned and one and tags[0] in body):
        what = crossref.KINDS[kind]
        hint = f"Put one {what} in the div, and a paragraph after it as caption."
        survey.problems.append(
            Problem(place, f"{identifier} is not one {what} and its caption", hint)
        )


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
    place = finder.place(rf"(?:\]\(<?|<){re.escape(target)}") if target else finder.start
    if attr[1] and attr[1] != ["uri"] and attr[1] != ["email"]:
        survey.problems.append(Problem(place, f"unknown class {attr[1][0]!r} of a link"))
    if target.startswith("#"):
        survey.anchors.append((target[1:], scope, place))
    page = re.match(r"^([^:#?]+\.qmd)(?:[#?]|$)", target)
    if page and not (document.source.folder / page[1]).is_file():
        survey.problems.append(Problem(place, f"no source {page[1]}", "Correct the link."))
    elif page and scope.formats - {"html"}:
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
    if None in kinds and len(kinds) > 1:
        hint = "Put a word between them, or write two brackets."
        survey.problems.append(
            Problem(place, "a citation and a cross-reference in one bracket", hint)
        )
    return None


#: The function that looks at each kind of element.
LOOKS: dict[str, Callable[..., Scope | None]] = {
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
