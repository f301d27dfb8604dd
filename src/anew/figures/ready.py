"""Ready-made pictures: SVG or PNG from another program, in the files that every figure has."""

from __future__ import annotations

import base64
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

from anew.figures.fonts import REGULAR, SANS, font_folder, missing_characters, missing_glyph
from anew.figures.words import LAYOUTS, WIDE, picture_kinds, picture_name
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase

_SVG = "http://www.w3.org/2000/svg"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: What a picture on a page must not have: programs, other pages, and what is fetched elsewhere.
_FORBIDDEN = {"script", "foreignObject", "iframe", "animate", "set"}
_LOADS = re.compile(r"@import|url\(\s*['\"]?(?!#|data:image/)", re.IGNORECASE)
#: An id that is referred to: `url(#a)`, `#a`.
_REFERENCE = re.compile(r"(#)([\w.-]+)")
_NAMED_BY = {"aria-labelledby", "aria-describedby"}
_LENGTH = re.compile(r"\s*([\d.]+)\s*(px|pt|in|mm|cm)?\s*")
_POINTS = {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54}
_PIXELS_PER_INCH = 192


def adopt(picture: Path, project: Project, folder: Path, language: str, salt: str) -> None:
    """Write a ready-made picture as the files of a figure in one language, below `folder`.

    Each layout is the same picture. `salt` begins the ids of the SVG, so that several can stand in
    one page. Raises AnewError for a file that is neither SVG nor PNG, and for an SVG that runs a
    program, loads something, has no size, or has text that the house's font cannot set.
    """
    shown, data = project.relative(picture), picture.read_bytes()
    if data.startswith(_SIGNATURE):
        text = _around(data)
    elif b"<svg" in data[:4096]:
        text = _own(_checked(data, shown), salt, shown, project)
    else:
        raise AnewError(
            "{file} is no SVG and no PNG.",
            "Save the picture as one of them.",
            code="wrong-picture",
            file=shown,
        )
    raster = data if data.startswith(_SIGNATURE) else None
    for layout in LAYOUTS:
        stem = folder / f"figure.{picture_name(language, layout)}"
        stem.with_name(f"{stem.name}.svg").write_text(text, "utf-8", newline="\n")
        if "png" in picture_kinds(layout):
            raster = raster or rasterised(text, project)
            stem.with_name(f"{stem.name}.png").write_bytes(raster)


def _around(data: bytes) -> str:
    """Return an SVG that shows a PNG, at 192 pixels an inch."""
    points = [side * 72 / _PIXELS_PER_INCH for side in struct.unpack(">II", data[16:24])]
    encoded = base64.b64encode(data).decode()
    width, height = (f"{side:g}" for side in points)
    return (
        f'<svg xmlns="{_SVG}" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{encoded}"/></svg>\n'
    )


def _checked(data: bytes, shown: str) -> ElementTree.Element:
    """Return an SVG with a viewBox; raise AnewError for one that may not be shown."""
    try:
        text = data.decode("utf-8-sig")
        root = ElementTree.fromstring(text)
    except UnicodeDecodeError:
        raise AnewError(
            "{file} is not UTF-8.",
            "Save the picture again, as UTF-8.",
            code="wrong-picture",
            file=shown,
        ) from None
    except ElementTree.ParseError as error:
        raise AnewError(
            "{file} is not XML: {error}.",
            "Save the picture again.",
            code="wrong-picture",
            file=shown,
            error=error,
        ) from None
    if "<!ENTITY" in text:
        raise AnewError(
            "{file} declares entities.", "Save it as a plain SVG.", code="wrong-picture", file=shown
        )
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        if name in _FORBIDDEN:
            raise _dangerous(shown, f"<{name}>")
        if name == "style" and _LOADS.search(element.text or ""):
            raise _dangerous(shown, Phrase("a style that loads something"))
        for key, value in element.attrib.items():
            plain = key.rpartition("}")[2].lower()
            outside = plain == "href" and not value.startswith(("#", "data:image/"))
            if plain.startswith("on") or outside or _LOADS.search(value):
                raise _dangerous(shown, f"{plain}={value[:40]!r}")
    if not root.get("viewBox"):
        sides = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
        if not all(sides):
            raise AnewError(
                "{file} has no size.",
                "Give <svg> a viewBox, or width and height.",
                code="wrong-picture",
                file=shown,
            )
        root.set("viewBox", " ".join(["0 0", *(f"{float(side[1]):g}" for side in sides if side)]))
    return root


def _dangerous(shown: str, what: str) -> AnewError:
    return AnewError(
        "{file}: {what} may run or load something in a reader's browser.",
        "Save the picture without it.",
        code="unsafe-picture",
        file=shown,
        what=what,
    )


def _own(root: ElementTree.Element, salt: str, shown: str, project: Project) -> str:
    """Return an SVG whose ids all begin with `salt`, and whose every letter has a glyph."""
    font = font_folder(project) / REGULAR
    prefix = re.sub(r"[^A-Za-z0-9]+", "-", salt)
    names = {id: f"{prefix}-{id}" for node in root.iter() if (id := node.get("id"))}

    def renamed(value: str) -> str:
        return _REFERENCE.sub(lambda m: f"{m[1]}{names.get(m[2], m[2])}", value)

    for node in root.iter():
        name = str(node.tag).rpartition("}")[2]
        if name == "style":
            node.text = renamed(node.text or "")
        elif name in ("text", "tspan", "textPath"):
            said = f"{node.text or ''}{''.join(child.tail or '' for child in node)}"
            if lacking := missing_characters(said, font):
                error = missing_glyph(lacking, said.strip(), font)
                message = Phrase("{place}: {message}", place=shown, message=error.message)
                raise AnewError(message, error.hint, code=error.code)
        for key, value in node.attrib.items():
            plain = key.rpartition("}")[2]
            if plain == "id":
                node.set(key, names[value])
            elif plain in _NAMED_BY:
                node.set(key, " ".join(names.get(id, id) for id in value.split()))
            elif "#" in value:
                node.set(key, renamed(value))
    for prefix, space in (("", _SVG), ("xlink", "http://www.w3.org/1999/xlink")):
        ElementTree.register_namespace(prefix, space)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def rasterised(svg: str, project: Project) -> bytes:
    """Return an SVG as PNG, as wide as a figure of the wide layout, at 192 pixels an inch."""
    import tempfile

    import typst

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "figure.svg").write_text(svg, "utf-8")
        source = Path(folder) / "figure.typ"
        source.write_text(
            "#set page(width: auto, height: auto, margin: 0pt)\n"
            f'#set text(font: "{SANS}")\n'
            f'#image("figure.svg", width: {WIDE.width}pt)\n',
            "utf-8",
        )
        made = typst.compile(
            str(source),
            format="png",
            ppi=_PIXELS_PER_INCH,
            font_paths=[str(font_folder(project))] if "<text" in svg else [],
            ignore_system_fonts=True,
        )
    return made if isinstance(made, bytes) else made[0]
