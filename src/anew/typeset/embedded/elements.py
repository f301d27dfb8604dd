"""The elements of a text: what each may be, and what is noted of it for the whole document.

One function looks at one kind of element of pandoc's tree. It reports what the subset lacks and
returns the scope of what lies inside, or None when nothing inside is to be looked at.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from anew.figures.words import figure_address
from anew.project.phrases import Phrase
from anew.project.texts import visible
from anew.text.alignment import Node
from anew.text.blocks import kind_of, target_of
from anew.text.linked import local_file
from anew.text.place import NOT_IN_SUBSET, Place, Problem
from anew.text.shortcodes import TOKEN
from anew.typeset.embedded import callouts, conditional, crossref
from anew.typeset.embedded.document import Document
from anew.typeset.embedded.vocabulary import ATTRIBUTES, CLASSES, DIV_CLASSES, SPAN_CLASSES

#: The kinds of pictures that pages, print and Word all show.
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")

#: Classes that ask for numbers of lines.
NUMBERED = {"numberLines", "number-lines", "line-numbers"}

#: Elements that Quarto numbers by the prefix of their ids.
_NUMBERED = ("Div", "CodeBlock", "Figure", "Table")

#: Addresses that a program may run, or that lead into the reader's own machine.
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data|file):", re.I)

_SIZE = re.compile(r"\d+(?:\.\d+)?(?:px|cm|mm|in|pt|em|%)?")
_ANNOTATION = re.compile(r"(?:#|//|--|%|;)\s*<\d+>\s*$", re.M)
_NO_NOTE = re.compile(r"\[\^[^\]\s]+\]")


@dataclass(frozen=True)
class Scope:
    """Where an element stands: the formats in which it is seen, and what encloses it."""

    formats: frozenset[str]
    inside: str = ""


@dataclass
class Survey:
    """What a document holds, by format where it matters, and what the subset lacks of it."""

    document: Document
    ids: dict[str, Counter[str]]
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, list[Place]] = field(default_factory=dict)
    unnumbered: set[str] = field(default_factory=set)
    references: list[tuple[str, Scope, Place]] = field(default_factory=list)
    anchors: list[tuple[str, Scope, Place]] = field(default_factory=list)
    formulae: list[Node] = field(default_factory=list)
    headings: list[Node] = field(default_factory=list)

    def place(self, node: Node) -> Place:
        return self.document.text.place(node)

    def refuse(
        self, node: Node, message: str, hint: str = "", kind: str = "", code: str = NOT_IN_SUBSET
    ) -> None:
        """Note what is wrong with an element."""
        self.problems.append(Problem(self.place(node), message, hint, kind, code))

    def common(self, node: Node, attr: list[Any], scope: Scope) -> None:
        """Check the attributes of an element and note its id."""
        kind = node["t"]
        for name, value in attr[2]:
            if name not in ATTRIBUTES[kind]:
                layout = name.startswith("layout")
                what = Phrase("a layout, which the subset lacks") if layout else Phrase("unknown")
                hint = Phrase(
                    "Known here: {names}.", names=list(ATTRIBUTES[kind]) or Phrase("none")
                )
                self.refuse(
                    node,
                    Phrase(
                        "attribute {name}={value!r} is {what}", name=name, value=value, what=what
                    ),
                    hint,
                )
        if kind in _NUMBERED and attr[0].partition("-")[0] in crossref.OTHER_KINDS:
            hint = Phrase("Known: {names}.", names=["#" + known + "-…" for known in crossref.KINDS])
            self.refuse(
                node, Phrase("{id!r} is of a kind that is not numbered here", id=attr[0]), hint
            )
        if attr[0]:
            self.places.setdefault(attr[0], []).append(self.place(node))
            for name in scope.formats:
                self.ids[name][attr[0]] += 1

    def conditional(self, node: Node, attr: list[Any], scope: Scope) -> Scope | None:
        """Return the scope inside an element, None when the edition drops it."""
        classes, attributes = attr[1], dict(attr[2])
        claims = self.document.claims
        for name, value in attr[2]:
            known = (*conditional.FORMATS, *conditional.ALIASES)
            if name in conditional.CONDITIONS and value not in known:
                hint = Phrase("Known: {names}.", names=list(known))
                if value in conditional.NOT_OURS:
                    hint = Phrase(
                        "Quarto means LaTeX by it. This report's PDF is typst: {name}=typst.",
                        name=name,
                    )
                self.refuse(
                    node, Phrase("unknown format {value!r} in {name}", value=value, name=name), hint
                )
        if {"when", "unless", "claim"} & set(classes):
            key = "ref" if "claim" in classes else "claim"
            claim = attributes.get(key, "")
            if not claim:
                self.refuse(
                    node,
                    Phrase("a .{name} that names no claim", name=classes[0]),
                    Phrase('Write {key}="its-id".', key=key),
                    code="unknown-claim",
                )
            elif claims is not None and claim not in claims:
                hint = Phrase("Correct the id, or make the claim in its notebook.")
                self.refuse(
                    node,
                    Phrase("no notebook makes the claim {claim!r}", claim=claim),
                    hint,
                    "claim",
                    code="unknown-claim",
                )
        if conditional.is_dropped(classes, attributes, claims):
            return None
        return replace(scope, formats=conditional.visible_in(classes, attr[2], scope.formats))

    def file(self, target: str) -> str | None:
        """Return the file that a link names, as a path from the stage; None for an address."""
        return local_file(target, posixpath.dirname(self.document.source.document))

    def is_break(self, token: str) -> bool:
        return "pagebreak" in self.document.values.by_token.get(token, {})

    def filled(self, text: str) -> str:
        """Return `text` with the values of its shortcodes."""
        values = self.document.values.by_token
        return TOKEN.sub(lambda match: values.get(match[0], {}).get("markdown", ""), text)


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


def _span(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr, content = node["c"]
    if kind_of(attr[0]) == "eq":
        if [inline["t"] for inline in content] != ["Math"]:
            survey.refuse(
                node,
                Phrase("{id} is not an equation", id=attr[0]),
                Phrase("Write $$ … $$ {#eq-name}."),
            )
        attr = [attr[0], attr[1], [pair for pair in attr[2] if pair[0] != "alt"]]
    for name in attr[1]:
        if name not in SPAN_CLASSES:
            hint = Phrase("Known: {names}.", names=list(SPAN_CLASSES))
            survey.refuse(node, Phrase("unknown span class {name!r}", name=name), hint)
    survey.common(node, attr, scope)
    return survey.conditional(node, attr, scope)


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


def _image(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr, words, (src, _title) = node["c"]
    if kind_of(attr[0]) == "fig" and scope.inside != "figure":
        hint = Phrase("Give it a caption and a paragraph of its own.")
        survey.refuse(
            node, Phrase("{id} does not stand alone, or has no caption", id=attr[0]), hint
        )
    if attr[1]:
        survey.refuse(node, Phrase("unknown class {name!r} of an image", name=attr[1][0]))
    given = dict(attr[2])
    if scope.inside != "figure" and not (given.get("fig-alt") or given.get("alt") or words):
        survey.refuse(
            node,
            Phrase("a picture without alternative text"),
            Phrase('Write fig-alt="what it shows".'),
            code="no-alt-text",
        )
    target = survey.filled(src)
    file = survey.file(target)
    if file is None:
        hint = Phrase("No request leaves the site: keep the file in the project.")
        survey.refuse(
            node,
            Phrase("a picture from elsewhere: {target}", target=target),
            hint,
            code="no-picture",
        )
    elif not (survey.document.source.stage / file).is_file():
        hint = Phrase(
            "Correct the path. Pictures of your own belong beside the text, under report/."
        )
        kind = "figure" if file.startswith("figures/") else ""
        if kind:
            notebook = Phrase("the notebook of {figure}", figure=Path(file).name.partition(".")[0])
            hint = Phrase(
                "Correct the path, or call session.figure or session.picture in {notebook}.",
                notebook=notebook,
            )
        survey.refuse(
            node, Phrase("no picture {file}", file=unquote(target)), hint, kind, code="no-picture"
        )
    elif Path(file).suffix.lower() not in PICTURES:
        hint = Phrase("Known: {names}.", names=list(PICTURES))
        survey.refuse(
            node,
            Phrase("a picture that print cannot show: {file}", file=unquote(target)),
            hint,
        )
    for side in ("width", "height"):
        if side in given and not _SIZE.fullmatch(given[side]):
            hint = Phrase("Write 50%, 300px, 8cm, 80mm, 3in, 200pt or 10em.")
            survey.refuse(
                node, Phrase("{side}={given!r} is not a size", side=side, given=given[side]), hint
            )
    survey.common(node, attr, scope)
    return scope


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


def _link(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    attr, _, (target, _title) = node["c"]
    target = survey.filled(target)
    if attr[1] and attr[1] != ["uri"] and attr[1] != ["email"]:
        survey.refuse(node, Phrase("unknown class {name!r} of a link", name=attr[1][0]))
    if _RUNS.match(target):
        survey.refuse(
            node,
            Phrase(
                "a link to {target}, which a reader's program would run", target=visible(target)
            ),
            Phrase("Link a page, a file of the site or an address of mail."),
        )
    if target.startswith("#"):
        survey.anchors.append((target[1:], scope, survey.place(node)))
    page = re.match(r"^([^:#?]+\.qmd)(?:[#?]|$)", target)
    file = None if page else survey.file(target)
    stage = survey.document.source.stage
    published = ("", ".html", ".pdf", ".docx")  # what the site itself makes
    if file and file.startswith("report/") and Path(file).suffix not in published:
        if not (stage / file).is_file():
            survey.refuse(
                node,
                Phrase("no file {file}", file=unquote(target)),
                Phrase("Correct the link."),
                code="broken-link",
            )
    if page and not (survey.document.source.folder / page[1]).is_file():
        survey.refuse(
            node,
            Phrase("no source {file}", file=page[1]),
            Phrase("Correct the link."),
            code="broken-link",
        )
    elif page and scope.formats - {"html"}:
        hint = Phrase('Put it into ::: {.content-visible when-format="html"}.')
        survey.refuse(node, Phrase("a link to the source {target} in print", target=target), hint)
    survey.common(node, attr, scope)
    return scope


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


def _math(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    survey.formulae.append(node)
    return None


def _paragraph(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    """A page break is a paragraph of its own."""
    content = node["c"]
    alone = len(content) == 1 and content[0]["t"] == "Str"
    return None if alone and survey.is_break(content[0]["c"]) else scope


def _str(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    if any(survey.is_break(token) for token in TOKEN.findall(node["c"])):
        survey.refuse(
            node, Phrase("a page break inside a line"), Phrase("Give it a paragraph of its own.")
        )
    for note in _NO_NOTE.findall(node["c"]):
        survey.refuse(
            node,
            Phrase("no footnote {note}", note=note),
            Phrase("Write {note}: and its text in a paragraph.", note=note),
            code="unknown-reference",
        )
    if node["c"].startswith("{#eq-"):
        hint = Phrase("Write it behind the closing $$, on the same line: $$ {#eq-name}.")
        survey.refuse(node, Phrase("the id of an equation that does not stand behind one"), hint)
    return scope


def _cite(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    kinds: set[str | None] = set()
    cited = any(kind_of(target_of(one["citationId"])) is None for one in node["c"][0])
    if scope.inside == "metadata" and cited:
        hint = Phrase("Cite it in the text: the front matter has no references, in Quarto neither.")
        survey.refuse(node, Phrase("a citation in the front matter"), hint)
        return None
    for citation in node["c"][0]:
        key = citation["citationId"]
        survey.references.append((key, scope, survey.place(citation)))
        kind = kind_of(target_of(key))
        kinds.add(kind)
        if kind and citation["citationSuffix"]:
            hint = Phrase("Write the words outside the brackets.")
            survey.refuse(citation, Phrase("words after @{key} are lost", key=key), hint)
    if None in kinds and len(kinds) > 1:
        hint = Phrase("Put a word between them, or write two brackets.")
        survey.refuse(node, Phrase("a citation and a cross-reference in one bracket"), hint)
    return None


#: The function that looks at each kind of element.
LOOKS: dict[str, Callable[[Node, Scope, Survey], Scope | None]] = {
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
    "Str": _str,
    "Para": _paragraph,
}
