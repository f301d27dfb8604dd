"""The elements of a text: what each may be, and what is noted of it for the whole document.

One function looks at one kind of element of pandoc's tree, here at blocks. It reports what the
subset lacks and returns the scope of what lies inside, or None when nothing inside is to be
looked at.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from anew.figures.words import figure_address
from anew.project.phrases import Phrase
from anew.text.alignment import Node
from anew.text.pieces import kind_of
from anew.typeset.embedded import callouts, conditional, crossref
from anew.typeset.embedded.inlines import INLINES
from anew.typeset.embedded.survey import Look, Scope, Survey
from anew.typeset.embedded.vocabulary import CLASSES, DIV_CLASSES

#: Classes that ask for numbers of lines.
NUMBERED = {"numberLines", "number-lines", "line-numbers"}
_ANNOTATION = re.compile(r"(?:#|//|--|%|;)\s*<\d+>\s*$", re.M)


def _div(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr, blocks = node["c"]
    identifier, classes, _ = attr
    for name in classes:
        if name not in DIV_CLASSES:
            kind = Phrase("callout type") if name.startswith("callout") else Phrase("div class")
            survey.refuse(
                node,
                Phrase("unknown {kind} {name!r}", kind=kind, name=name),
                Phrase("Known: {names}.", names=list(DIV_CLASSES)),
            )
    attributes = dict(attr[2])
    is_callout = any(name.startswith("callout-") for name in classes)
    for name, values in callouts.ATTRIBUTES.items():
        given: str | None = attributes.get(name)
        if given is not None and (not is_callout or (values and given not in values)):
            hint = Phrase("Known: {names}.", names=list(values)) if values and is_callout else ""
            survey.refuse(
                node, Phrase("{name}={given!r} is not in the subset", name=name, given=given), hint
            )
    floating = kind_of(identifier)
    if "computed" in classes:
        _check_computed(node, survey)
    elif floating in ("fig", "tbl"):
        _check_float_div(node, floating, identifier, blocks, survey)
    survey.common(node, attr, scope)
    inner = survey.conditional(node, attr, scope)
    if inner and floating in ("fig", "tbl"):
        inner = replace(inner, inside="float")
    return inner


def _check_computed(node: Node, survey: Survey) -> None:
    """A computed table is named by its id, and nothing is written where it will stand."""
    (identifier, _, _), blocks = node["c"]
    document = survey.document
    if kind_of(identifier) != "tbl" or blocks:
        hint = Phrase("Write ::: {#tbl-name .computed} and close it on the next line.")
        survey.refuse(node, Phrase("a .computed that is not an empty table"), hint)
    elif document.weave is not None and identifier not in document.tables:
        hint = Phrase("Correct the id, or give the table with session.report_table.")
        survey.refuse(
            node,
            Phrase("no notebook gives the table {id}", id=identifier),
            hint,
            "figure",
            code="unknown-report-table",
        )


def _check_float_div(
    node: Node, kind: str, identifier: str, blocks: list[Node], survey: Survey
) -> None:
    """A div is one picture or table and, unless that has its own, a caption after it."""
    tags = [block["t"] for block in blocks]
    body = {"fig": ("Para", "Plain", "Figure"), "tbl": ("Table",)}[kind]
    captioned = len(tags) == 2 and tags[1] == "Para" or tags in (["Figure"], ["Table"])
    one = kind == "tbl" or (bool(blocks) and json.dumps(blocks[0]).count('"t": "Image"') == 1)
    if not (captioned and one and tags[0] in body):
        what = crossref.KINDS[kind]
        hint = Phrase("Put one {what} in the div, and a paragraph after it as caption.", what=what)
        survey.refuse(
            node,
            Phrase("{id} is not one {what} and its caption", id=identifier, what=what),
            hint,
        )


def _header(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr = node["c"][1]
    for name in attr[1]:
        if name not in CLASSES["Header"]:
            hint = Phrase("Known: {names}.", names=list(CLASSES["Header"]))
            survey.refuse(node, Phrase("unknown class {name!r} of a heading", name=name), hint)
    if "unnumbered" in attr[1]:
        survey.unnumbered.add(attr[0])
    if "typst" in scope.formats:
        survey.headings.append(node)
    survey.common(node, attr, scope)
    return scope


def _figure(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr = node["c"][0]
    if kind_of(attr[0]) != "fig" and scope.inside != "float":
        survey.refuse(
            node,
            Phrase("a figure without an id #fig-…"),
            Phrase("Write ![caption](file){#fig-name}."),
        )
    weave = survey.document.weave
    described = weave is not None and figure_address(attr[0]) in weave.figures
    if weave is not None and scope.inside != "float" and not _has_alt(node) and not described:
        hint = Phrase("Its notebook gives it; or type fig-alt.")
        survey.refuse(
            node,
            Phrase("figure {id} has no alternative text", id=attr[0]),
            hint,
            "figure",
            code="no-alt-text",
        )
    survey.common(node, attr, scope)
    return replace(scope, inside="figure")


def _has_alt(node: Any) -> bool:
    """Return whether an author describes a picture inside an element."""
    if isinstance(node, list):
        return any(_has_alt(item) for item in node)
    if not isinstance(node, dict):
        return False
    given = dict(node["c"][0][2]) if node.get("t") == "Image" else {}
    return bool(given.get("fig-alt") or given.get("alt")) or _has_alt(node.get("c"))


def _table(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr, caption = node["c"][0], node["c"][1]
    where = {"at": node.get("caption") or node.get("at")}
    if caption[1] and kind_of(attr[0]) != "tbl" and scope.inside != "float":
        hint = Phrase("Write : caption {#tbl-name}.")
        survey.refuse(where, Phrase("a table with a caption and no id #tbl-…"), hint)
    if attr[1]:
        survey.refuse(where, Phrase("unknown class {name!r} of a table", name=attr[1][0]))
    survey.common(node, attr, scope)
    return scope


def _code_block(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr, text = node["c"]
    if not attr[1] and not attr[2]:
        return scope
    languages = [name for name in attr[1] if name not in CLASSES["CodeBlock"]]
    if NUMBERED & {*attr[1]}:
        hint = Phrase("Print has no numbers of lines; take the class away.")
        survey.refuse(node, Phrase("a listing with numbers of lines"), hint)
        languages = [name for name in languages if name not in NUMBERED]
    if languages and _ANNOTATION.search(text):
        hint = Phrase("Print has no annotations; say it in the text, or in a comment of the code.")
        survey.refuse(node, Phrase("a listing with annotations"), hint)
    if len(languages) > 1:
        survey.refuse(
            node, Phrase("a listing with classes {languages}", languages=" ".join(languages))
        )
    survey.common(node, attr, scope)
    return survey.conditional(node, attr, scope)


def _raw(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    name, text = node["c"]
    if name == "html" and text.lstrip().startswith("<!--"):
        return None
    if name not in conditional.RAW:
        hint = Phrase("Known: {names}.", names=list(conditional.RAW))
        if "newpage" in text or "pagebreak" in text:
            hint = Phrase("Write {{< pagebreak >}} in a paragraph of its own.")
        survey.refuse(node, Phrase("raw content of unknown format {name!r}", name=name), hint)
    elif not scope.formats <= set(conditional.RAW[name]):
        hint = Phrase(
            'Put it into ::: {{.content-visible when-format="{format}"}}.',
            format=conditional.RAW[name][0],
        )
        survey.refuse(node, Phrase("raw {name} would be lost in other formats", name=name), hint)
    return None


def _paragraph(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    """A page break is a paragraph of its own."""
    content = node["c"]
    alone = len(content) == 1 and content[0]["t"] == "Str"
    return None if alone and survey.is_break(content[0]["c"]) else scope


#: The function that looks at each kind of element.
LOOKS: dict[str, Look] = INLINES | {
    "Div": _div,
    "Header": _header,
    "Figure": _figure,
    "Table": _table,
    "CodeBlock": _code_block,
    "RawBlock": _raw,
    "RawInline": _raw,
    "Para": _paragraph,
}
