"""Shrinking the SVG that matplotlib writes without changing a number in it.

An outline of a letter takes nine tenths of a figure's bytes: it is written with steps from point
to point, which are short, instead of places, which are long; its coordinates are whole numbers, so
that nothing is rounded. Every name that something refers to becomes a short one that begins with
the figure's own, so that several figures can stand in one page; names that nothing refers to and
matplotlib merely counted are left out, so that a picture's diff shows what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SVG = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"

_GLYPH = re.compile(r"^(?P<font>\w[\w-]*)-(?P<glyph>[0-9a-f]+)$")
_COUNTED = re.compile(r"^[A-Za-z0-9.]+_\d+$")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_SHIFT = re.compile(r"^translate\((-?[\d.]+) (-?[\d.]+)\)$")
_SEGMENT = re.compile(r"([A-Za-z])([^A-Za-z]*)")


def lean_svg(text: str, salt: str) -> str:
    """Return an SVG that draws the same picture with fewer bytes; `salt` begins all its ids.

    The same text gives the same result. Raises ValueError for a text that is no SVG, and for path
    data that matplotlib does not write (arcs, steps).
    """
    for prefix, space in (("", _SVG), ("xlink", _LINK[1:-5])):
        ElementTree.register_namespace(prefix, space)
    builder = ElementTree.TreeBuilder(insert_comments=True)
    try:
        root = ElementTree.fromstring(text, ElementTree.XMLParser(target=builder))
    except ElementTree.ParseError as error:
        raise ValueError(f"This is not an SVG: {error}") from error
    for parent in root.iter():
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}metadata":  # it says what <title> says
                parent.remove(child)
    _name(root, re.sub(r"[^A-Za-z0-9]+", "-", salt))
    for node in root.iter():
        if node.tag == f"{{{_SVG}}}use":
            _shift(node)
        elif "d" in node.attrib:
            node.set("d", lean_path(node.get("d", "")))
    body = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + body.replace(" />", "/>") + "\n"


def lean_path(data: str) -> str:
    """Return path data that draws the same, without needless spaces.

    Where all coordinates are whole numbers the result steps from point to point, which is exact;
    elsewhere the coordinates are kept as they are.
    """
    segments = list(_segments(data))
    if all(float(number).is_integer() for _, numbers in segments for number in numbers):
        return _steps([(letter, [int(float(n)) for n in numbers]) for letter, numbers in segments])
    return " ".join(letter + " ".join(numbers) for letter, numbers in segments)


def _segments(data: str) -> Iterator[tuple[str, list[str]]]:
    for letter, numbers in _SEGMENT.findall(data):
        if letter not in "MLCQZz":
            raise ValueError(f"Unknown path data: {letter + numbers!r}")
        yield letter, numbers.split()


def _steps(segments: list[tuple[str, list[int]]]) -> str:
    """Write whole numbers as steps. A letter that repeats the one before it is left out."""
    said, last = [], ""
    x = y = start_x = start_y = 0
    for letter, numbers in segments:
        if letter in "Zz":
            said.append("z")
            x, y, last = start_x, start_y, "z"
            continue
        step = letter.lower()
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        numbers = [value for px, py in pairs for value in (px - x, py - y)]
        if letter == "L" and 0 in numbers:
            step, numbers = ("h", numbers[:1]) if numbers[1] == 0 else ("v", numbers[1:])
        x, y = pairs[-1]
        if letter == "M":
            start_x, start_y = x, y
        written = "".join(f" {n}" if n >= 0 else str(n) for n in numbers)
        # after a move the next pair would be a line
        said.append(written if step == last and letter != "M" else step + written.lstrip())
        last = step
    return "".join(said)


def _shift(use: ElementTree.Element) -> None:
    """Move a letter by its own x and y, where it was moved by a transformation."""
    match = _SHIFT.match(use.get("transform", ""))
    if match and "x" not in use.attrib and "y" not in use.attrib:
        del use.attrib["transform"]
        for name, value in zip("xy", match.groups(), strict=True):
            if float(value):
                use.set(name, value)


def _name(root: ElementTree.Element, own: str) -> None:
    """Give every node that something refers to a short id, and the others none but a given one."""
    used = {
        name
        for node in root.iter()
        for value in node.attrib.values()
        for name in _REFERENCE.findall(value)
    } | {node.get(_LINK, "")[1:] for node in root.iter()}
    fonts: dict[str, str] = {}
    short: dict[str, str] = {}
    seen: set[str] = set()
    for node in root.iter():
        id = node.attrib.pop("id", None)
        if id is None or (id not in used and (_COUNTED.match(id) or id in seen)):
            continue
        seen.add(id)
        if glyph := _GLYPH.match(id):
            font = fonts.setdefault(glyph["font"], _letter(len(fonts)))
            short[id] = f"{own}-{font}{glyph['glyph']}"
        else:
            short[id] = f"{own}-{id}"
        node.attrib = {"id": short[id], **node.attrib}
    for node in root.iter():
        for key, value in node.attrib.items():
            if key == _LINK:
                node.set(key, f"#{short[value[1:]]}")
            elif "url(#" in value:
                node.set(key, _REFERENCE.sub(lambda match: f"url(#{short[match[1]]})", value))


def _letter(number: int) -> str:
    return "ghijklmnopqrstuvwxyz"[number]  # no digits of a hexadecimal number
