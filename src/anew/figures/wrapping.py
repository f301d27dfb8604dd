"""Line breaking: the width of text in a font, and where Chinese and English may break."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uharfbuzz

#: Marks that may not begin a line, and marks that may not end one (GB/T 15834, clause 5.1).
_NOT_FIRST = "，。、；：？！）》」』】〕”’…—·％%,.;:?!)]}"
_NOT_LAST = "（《「『【〔“‘([{"

#: What a number before it is a number of: the two stay on one line (2022 年, 758 家).
_COUNTED = "年月日家个项件倍亿万千百岁国元美版"

#: What stays together: a run without spaces or Chinese, with the spaces that follow it.
_PIECES = re.compile(r"[^\s\u2e80-\u9fff\uff00-\uffef\u3000-\u303f“”‘’—…]+|[“”‘’]|—+|…+|\s+|.")

_SHORT = 0.5  # a line shorter than this part of the other looks forgotten

#: Typographic features by language: `pwid` gives Western text its narrow quotation marks, which
#: this Chinese font draws a full square wide otherwise.
FEATURES: dict[str, tuple[str, ...]] = {"zh": (), "en": ("pwid",), "de": ("pwid",)}


def width(text: str, font: Path, size: float, language: str = "zh") -> float:
    """Return how wide `text` is on one line, in points, kerned, at `size` points."""
    return _advance(text, str(font), language) * size if text else 0.0


def wrap(text: str, font: Path, size: float, room: float, language: str) -> list[str]:
    """Return `text` broken into lines no wider than `room` points.

    Chinese breaks between characters but keeps punctuation where the standard wants it; numbers
    and Western words stay whole, so only a word wider than `room` makes a line too wide. A line
    break in `text` is kept.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _unbreakable(paragraph, language):
            if line and width((line + piece).rstrip(), font, size, language) > room:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return lines


def wrap_evenly(text: str, font: Path, size: float, room: float, language: str) -> list[str]:
    """Return `text` in as few lines as `wrap` gives, of even length, as headings want them.

    Two lines part at a comma or semicolon where that leaves neither of them very short.
    """
    best = wrap(text, font, size, room, language)
    if len(best) == 1:
        return best
    if len(best) == 2 and (parted := _parted(text, font, size, room, language)):
        return parted
    low, high = room / len(best), room
    while high - low > 1:
        middle = (low + high) / 2
        lines = wrap(text, font, size, middle, language)
        fits = len(lines) == len(best) and all(
            width(line, font, size, language) <= middle for line in lines
        )
        low, high = (low, middle) if fits else (middle, high)
        best = lines if fits else best
    return best


def _parted(text: str, font: Path, size: float, room: float, language: str) -> list[str] | None:
    """Return the two halves of `text` at the punctuation nearest to its middle, if they do."""
    marks = "，；：" if language == "zh" else ",;:"
    candidates = []
    for index, char in enumerate(text[:-1]):
        if char in marks and (language == "zh" or text[index + 1] == " "):
            lines = [text[: index + 1].rstrip(), text[index + 1 :].lstrip()]
            widths = sorted(width(line, font, size, language) for line in lines)
            if widths[1] <= room and widths[0] >= _SHORT * widths[1]:
                candidates.append((widths[1], lines))
    return min(candidates)[1] if candidates else None


def _unbreakable(text: str, language: str) -> list[str]:
    """Return the pieces of `text` that a line break may not divide."""
    tokens = _PIECES.findall(text) if language == "zh" else re.findall(r"\S+\s*|\s+", text)
    pieces: list[str] = []
    glue = False
    for token in tokens:
        before = pieces[-1].rstrip()[-1:] if pieces else ""
        joins = language == "zh" and (
            token[0] in _NOT_FIRST or token.isspace() or (before.isdigit() and token[0] in _COUNTED)
        )
        # A dash between figures is a range and stays whole: 2013—2022, 3.4%—5.1%.
        ranges = len(token) == 1 and token in "—–" and bool(before) and before in "0123456789%"
        if pieces and (glue or joins or ranges):
            pieces[-1] += token
        else:
            pieces.append(token)
        glue = language == "zh" and (token[-1] in _NOT_LAST or ranges)
    return pieces


@lru_cache(maxsize=4096)
def _advance(text: str, font: str, language: str) -> float:
    import uharfbuzz as hb

    face, shaped = _face(font), hb.Buffer()
    shaped.add_str(text)
    shaped.guess_segment_properties()
    hb.shape(face, shaped, {feature: True for feature in FEATURES[language]})
    advance: float = sum(glyph.x_advance for glyph in shaped.glyph_positions)
    return advance / float(face.face.upem)


@lru_cache(maxsize=8)
def _face(font: str) -> uharfbuzz.Font:
    import uharfbuzz as hb

    return hb.Font(hb.Face(hb.Blob.from_file_path(font)))
