"""Numbered formulae: `$$ … $$ {#eq-name alt="words"}` as Quarto reads it.

Pandoc has no attributes of formulae: what stands behind one is words to it. They become a span
around the formula, with its id and its alternative text.
"""

from __future__ import annotations

import re
from typing import Any

from anew.text.alignment import Node

_OPEN = re.compile(r"^\{#(eq-[^\s}]+)")
_ALT = re.compile(r"""\balt\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
_ESCAPED = re.compile(r"\\(.)")


def name_equations(node: Any) -> None:
    """Put the attributes behind each display formula around it, all through a tree."""
    if isinstance(node, list):
        if any(_is_display(item) for item in node):
            node[:] = _named(node)
        for item in node:
            name_equations(item)
    elif isinstance(node, dict):
        name_equations(node.get("c"))


def _is_display(node: Any) -> bool:
    return isinstance(node, dict) and node.get("t") == "Math" and node["c"][0]["t"] == "DisplayMath"


def _named(inlines: list[Node]) -> list[Node]:
    result: list[Node] = []
    at = 0
    while at < len(inlines):
        attributes, end = "", at + 1
        if _is_display(inlines[at]):
            while end < len(inlines) and inlines[end]["t"] == "Space":
                end += 1
            attributes, end = _attributes(inlines, end)
        if attributes:
            result.append(_span(inlines[at], attributes))
            at = end
        else:
            result.append(inlines[at])
            at += 1
    return result


def _attributes(inlines: list[Node], at: int) -> tuple[str, int]:
    """Return the attribute block that begins at `at`, and where it ends; nothing without one."""
    if at >= len(inlines) or inlines[at]["t"] != "Str" or not _OPEN.match(inlines[at]["c"]):
        return "", at
    text = ""
    for end in range(at, len(inlines)):
        said = _written(inlines[end])
        if said is None:
            break
        text += said
        if text.endswith("}"):
            return text, end + 1
    return "", at


def _written(node: Node) -> str | None:
    """Return what an inline of an attribute block was written as; None for any other."""
    kind = node["t"]
    if kind == "Str":
        return str(node["c"])
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "Quoted":
        mark = '"' if node["c"][0]["t"] == "DoubleQuote" else "'"
        parts = [_written(inner) for inner in node["c"][1]]
        if None in parts:
            return None
        inner = "".join(part or "" for part in parts).replace(mark, "\\" + mark)
        return f"{mark}{inner}{mark}"
    return None


def _span(math: Node, attributes: str) -> Node:
    label = _OPEN.match(attributes)
    alt = _ALT.search(attributes)
    said = _ESCAPED.sub(r"\1", alt[1] if alt[1] is not None else alt[2]) if alt else ""
    pairs = [["alt", said]] if said else []
    return {"t": "Span", "c": [[label[1] if label else "", [], pairs], [math]]}
