"""The inline elements of a text: what each may be, and what is noted of it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

from anew.project.phrases import Phrase
from anew.project.texts import visible
from anew.text.alignment import Node
from anew.text.pieces import kind_of, target_of
from anew.text.shortcodes import TOKEN
from anew.typeset.embedded.survey import Look, Scope, Survey
from anew.typeset.embedded.vocabulary import SPAN_CLASSES

#: The kinds of pictures that pages, print and Word all show.
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp")
#: Addresses that a program may run, or that lead into the reader's own machine.
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data|file):", re.I)
_SIZE = re.compile(r"\d+(?:\.\d+)?(?:px|cm|mm|in|pt|em|%)?")
_NO_NOTE = re.compile(r"\[\^[^\]\s]+\]")


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


def _math(node: Node, scope: Scope, survey: Survey) -> Scope | None:
    survey.formulae.append(node)
    return None


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


#: The function that looks at each kind of inline element.
INLINES: dict[str, Look] = {
    "Span": _span,
    "Image": _image,
    "Link": _link,
    "Math": _math,
    "Cite": _cite,
    "Str": _str,
}
