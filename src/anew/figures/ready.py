"""Ready-made pictures: SVG or PNG from another program, in the files that every figure has."""

from __future__ import annotations

import base64
import re
import struct
from pathlib import Path
from xml.etree import ElementTree

from anew.figures.vector import lean_svg
from anew.figures.words import LAYOUTS, WIDE, picture_kinds, picture_name
from anew.project.errors import AnewError

_SVG = "http://www.w3.org/2000/svg"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: What a picture on a page must not have: programs, other pages, and what is fetched elsewhere.
_FORBIDDEN = {"script", "foreignObject", "iframe", "animate", "set"}
_LENGTH = re.compile(r"\s*([\d.]+)\s*(px|pt|in|mm|cm)?\s*")
_POINTS = {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "mm": 72 / 25.4, "cm": 72 / 2.54}
_PIXELS_PER_INCH = 192


def adopt(picture: Path, shown: str, folder: Path, language: str, salt: str) -> None:
    """Write a ready-made picture as the files of a figure in one language, below `folder`.

    Each layout is the same picture. `shown` is its name in messages and `salt` makes the ids of
    the SVG unique. Raises AnewError for a file that is neither SVG nor PNG, and for an SVG that
    runs a program, loads something or has no size.
    """
    data = picture.read_bytes()
    if data.startswith(_SIGNATURE):
        text = _around(data)
    elif b"<svg" in data[:4096]:
        text = lean_svg(_checked(data, shown), salt)
    else:
        raise AnewError(f"{shown} is no SVG and no PNG.", "Save the picture as one of them.")
    raster = data if data.startswith(_SIGNATURE) else None
    for layout in LAYOUTS:
        stem = folder / f"figure.{picture_name(language, layout)}"
        stem.with_name(f"{stem.name}.svg").write_text(text, "utf-8", newline="\n")
        if "png" in picture_kinds(layout):
            raster = raster or rasterised(text)
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


def _checked(data: bytes, shown: str) -> str:
    """Return an SVG as text, with a viewBox; raise AnewError for one that may not be shown."""
    text = data.decode("utf-8", errors="strict")
    if "<!ENTITY" in text:
        raise AnewError(f"{shown} declares entities.", "Save it as a plain SVG.")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise AnewError(f"{shown} is not XML: {error}.", "Save the picture again.") from None
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        for key, value in element.attrib.items():
            plain = key.rpartition("}")[2].lower()
            outside = plain == "href" and not value.startswith(("#", "data:image/"))
            if name in _FORBIDDEN or plain.startswith("on") or outside:
                what = f"<{name}>" if name in _FORBIDDEN else f"{plain}={value[:40]!r}"
                raise AnewError(
                    f"{shown}: {what} may run or load something in a reader's browser.",
                    "Save the picture without it.",
                )
        if name in _FORBIDDEN:
            raise AnewError(f"{shown} has <{name}>.", "Save the picture without it.")
    if not root.get("viewBox"):
        sides = [_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height")]
        if not all(sides):
            raise AnewError(f"{shown} has no size.", "Give <svg> a viewBox, or width and height.")
        box = " ".join(f"{float(side[1]):g}" for side in sides if side)
        text = text.replace("<svg", f'<svg viewBox="0 0 {box}"', 1)
    return text


def rasterised(svg: str) -> bytes:
    """Return an SVG as PNG, as wide as a figure of the wide layout, at 192 pixels an inch."""
    import tempfile

    import typst

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "figure.svg").write_text(svg, "utf-8")
        source = Path(folder) / "figure.typ"
        source.write_text(
            "#set page(width: auto, height: auto, margin: 0pt)\n"
            f'#image("figure.svg", width: {WIDE.width}pt)\n',
            "utf-8",
        )
        made = typst.compile(str(source), format="png", ppi=_PIXELS_PER_INCH)
    return made if isinstance(made, bytes) else made[0]
