"""What is noted of a document while its elements are looked at, and where each of them stands."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from anew.project.phrases import Phrase
from anew.text.alignment import Node
from anew.text.linked import local_file
from anew.text.place import NOT_IN_SUBSET, Place, Problem
from anew.text.shortcodes import TOKEN
from anew.typeset.embedded import conditional, crossref
from anew.typeset.embedded.document import Document
from anew.typeset.embedded.vocabulary import ATTRIBUTES

#: Elements that Quarto numbers by the prefix of their ids.
_NUMBERED = ("Div", "CodeBlock", "Figure", "Table")


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


#: What looks at an element.
Look = Callable[[Node, Scope, Survey], Scope | None]
