"""Comparing pictures and printed pages by the mean absolute difference of their pixels."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from anew.project.errors import BuildError

if TYPE_CHECKING:
    from numpy import ndarray

#: Two pictures are equal when their pixels differ by no more than this on average, on a scale from
#: 0 to 1 over all channels: room for another rasteriser's edges, not for another line.
TOLERANCE = 0.001

#: Dots per inch at which vector pictures and pages are compared.
PPI = 108

Seen = TypeVar("Seen")

_KINDS = {".png", ".svg", ".pdf"}


def is_picture(name: str) -> bool:
    """Return whether a file of this name is compared by its pixels."""
    return PurePosixPath(name).suffix in _KINDS


def compare_pictures(name: str, one: bytes, two: bytes) -> list[tuple[int, float | None]]:
    """Return for each page (a picture is one) its number and the mean difference of its pixels.

    None stands for a page of another size, or one that a side lacks. Raises BuildError for a file
    that is no picture of its kind.
    """
    import numpy

    found: list[tuple[int, float | None]] = []
    sides = [list(_pages(name, data)) for data in (one, two)]
    for number in range(max(map(len, sides))):
        pair = [side[number] for side in sides if number < len(side)]
        if len(pair) < 2 or pair[0].shape != pair[1].shape:
            found.append((number + 1, None))
            continue
        apart = numpy.abs(pair[0].astype("int16") - pair[1].astype("int16"))
        found.append((number + 1, float(apart.mean()) / 255))
    return found


def texts_of(data: bytes) -> list[str]:
    """Return the text of each page of a PDF. Raises BuildError if it is not a PDF."""
    return [" ".join(text.split()) for text in _document(data, _text)]


def page_count(data: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(_document(data, lambda page: None))


def _pages(name: str, data: bytes) -> Iterator[ndarray[Any, Any]]:
    import numpy
    from PIL import Image

    suffix = PurePosixPath(name).suffix
    if suffix == ".pdf":
        scale = PPI / 72
        yield from _document(data, lambda page: page.render(scale=scale).to_numpy().copy())
        return
    if suffix == ".svg":
        data = _rasterised(name, data)
    try:
        with Image.open(io.BytesIO(data)) as picture:
            # against white, as on a page: what is transparent has no colour of its own
            whole = picture.convert("RGBA")
            ground = Image.new("RGBA", whole.size, "white")
            yield numpy.asarray(Image.alpha_composite(ground, whole).convert("RGB"))
    except (OSError, ValueError) as error:
        raise BuildError(
            "{name} is not a readable picture: {error}",
            code="unreadable-picture",
            name=name,
            error=error,
        ) from None


@lru_cache(maxsize=4)
def _rasterised(name: str, data: bytes) -> bytes:
    import typst

    source = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg", alt: "picture")'
    )
    try:
        pages: bytes | list[bytes] = typst.compile(
            {"main.typ": source.encode(), "picture.svg": data},  # type: ignore[call-overload]
            format="png", ppi=PPI, ignore_system_fonts=True,
        )  # fmt: skip
    except typst.TypstError as error:
        raise BuildError(
            "{name} is not a readable picture: {error}",
            code="unreadable-picture",
            name=name,
            error=error.message,
        ) from None
    return pages if isinstance(pages, bytes) else pages[0]


def _document(data: bytes, look: Callable[[Any], Seen]) -> list[Seen]:
    """Return what `look` sees on each page of a PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise BuildError(
            "A PDF cannot be read: {error}", code="unreadable-picture", error=error
        ) from None
    try:
        found = []
        for page in document:
            found.append(look(page))
            page.close()
        return found
    finally:
        document.close()


def _text(page: Any) -> str:
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded())
    finally:
        text.close()
