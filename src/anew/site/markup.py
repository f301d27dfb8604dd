"""Reading and writing HTML from other tools without unintended changes."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EntitySubstitution
from bs4.element import AttributeValueList, PreformattedString
from bs4.formatter import HTMLFormatter

#: The first cell of a row is not broken when it has so few characters: 欧盟（27 国）.
_SHORT = 8

_DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?")

_PLAIN = HTMLFormatter(
    entity_substitution=EntitySubstitution.substitute_xml,
    void_element_close_prefix="",
    empty_attributes_are_booleans=False,
)


def parse(html: str) -> BeautifulSoup:
    """Return the tree of a page or of a part of one."""
    return BeautifulSoup(html, "html.parser")


def written(tree: BeautifulSoup | Tag) -> str:
    """Return the tree as HTML: Unicode as it is, attributes in their order, no added space."""
    return tree.decode(formatter=_PLAIN)


def inner(node: Tag) -> str:
    """Return what a node holds as HTML, as `written` would."""
    return node.decode_contents(formatter=_PLAIN).strip()


class Ready(PreformattedString):
    """HTML that is finished: put into a tree as one node, it is written as it is."""


def add_class(node: Tag, *names: str) -> None:
    """Give a node classes that it does not have yet."""
    classes = list(node.get("class") or [])
    added = [name for name in names if name not in classes]
    node["class"] = AttributeValueList([*classes, *added])


def wrap_tables(tree: BeautifulSoup, label: str) -> None:
    """Put each table that is not in one yet into a box that scrolls, which the keyboard reaches.

    The caption of the table or of the figure around it names the box, `label` if there is none.
    """
    for table in tree.find_all("table"):
        if table.find_parent(class_="scroll"):
            continue
        caption = table.find("caption")
        figure = table.find_parent("figure")
        if caption is None and figure is not None:
            caption = figure.find("figcaption")
        name = " ".join(caption.get_text(" ").split()) if caption else label
        box = tree.new_tag("div")
        add_class(box, "scroll")
        box["tabindex"] = "0"
        box["role"] = "group"
        box["aria-label"] = name
        table.wrap(box)


def stack_tables(tree: BeautifulSoup) -> None:
    """Let the rows of a table of words stand one below the other where it would be too wide.

    The first cell of each row becomes its heading, and each other cell carries its column's. A
    table with a column of numbers is left as it is: its columns are to be compared.
    """
    for table in tree.find_all("table"):
        every = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
        if not every:
            continue
        heads, *rows = every
        names = [cell.get_text(" ", strip=True) for cell in heads]
        numeric = any("right" in str(cell.get("style")) for row in rows for cell in row)
        even = all(len(row) == len(names) for row in rows)
        if len(names) < 3 or numeric or not even or not heads[0].find_parent("thead"):
            continue
        add_class(table, "stack")
        for first, *rest in rows:
            first.name, first["scope"] = "th", "row"
            for cell, name in zip(rest, names[1:], strict=True):
                cell["data-label"] = name


def reach_code(tree: BeautifulSoup, label: str) -> None:
    """Let the keyboard reach, and so scroll, each block of code that is too wide."""
    for block in tree.find_all("div", class_="sourceCode"):
        block["tabindex"], block["role"], block["aria-label"] = "0", "group", label


def repair(tree: BeautifulSoup) -> None:
    """Remove obsolete HTML that other tools still write.

    pandas writes `<table border="1">`, `<th halign>` and a `<style scoped>` before it; a heading
    cell without text names nothing and becomes a plain cell. A date is kept on one line, and a
    short name of a row.
    """
    for sheet in tree.find_all("style"):
        if sheet.has_attr("scoped"):
            sheet.decompose()
    for table in tree.find_all("table"):
        for name in ("border", "cellspacing", "cellpadding"):
            del table[name]
    for heading in tree.find_all("th"):
        for name in ("halign", "valign"):
            del heading[name]
        if not heading.get_text(strip=True):
            heading.name = "td"
        elif not heading.get("scope") and heading.find_parent("thead"):
            heading["scope"] = "col"
        elif not heading.get("scope") and heading.find_parent("tbody"):
            heading["scope"] = "row"
    for cell in tree.find_all("td"):
        text = cell.get_text(strip=True)
        short = 0 < len(text) <= _SHORT and not cell.find_previous_sibling(["td", "th"])
        if short or _DATE.fullmatch(text):
            add_class(cell, "whole")  # a browser would break a date at the hyphen
    for column in tree.find_all("col"):
        style = str(column.get("style") or "")
        if "width" in style:
            del column["style"]  # pandoc's guess from the width of the source
