"""Encodings: how the text of a file that came in is written."""

from __future__ import annotations

import codecs
import re

from anew.project.phrases import Phrase
from anew.project.problems import Problem

_ASK = Phrase("Say how it is written, such as --encoding latin-1, or save it as UTF-8.")
#: A Chinese character between two small Latin letters is what GB18030 makes of Latin-1 text.
_MOJIBAKE = re.compile("[a-z][\u3400-\u9fff\ue000-\uf8ff]+[a-z]")
#: Latin-1 has single letters with accents among plain ones; two at once are another encoding's.
_LATIN = re.compile(rb"(?:[\x00-\x7f]|[\xc0-\xd6\xd8-\xf6\xf8-\xff\xa0\xa3\xb0\x91-\x97]"
                    rb"(?![\x80-\xff]{2}))+")  # fmt: skip


def detect_encoding(data: bytes, name: str, said: str | None = None) -> tuple[str, Problem | None]:
    """Return how `data` is written: UTF-8, UTF-16, GB18030 or Latin-1 (as Windows has it).

    GB18030 and Latin-1 take nearly any bytes, so text is taken for one of them only when it reads
    like Chinese, or like words with single letters that have accents.
    """
    if said is not None:
        try:
            bad = _first_undecodable(data, said)
        except LookupError:
            return "", Problem(
                name, Phrase("{said!r} is not a known encoding.", said=said), _ASK, "encoding"
            )
        message = Phrase(
            "not {said}, as was said: byte 0x{data}.",
            said=said,
            data=data[bad or 0 : (bad or 0) + 1].hex(),
        )
        row = data.count(b"\n", 0, bad or 0) + 1
        return said, None if bad is None else Problem(name, message, _ASK, "encoding", row)
    if data.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif data[1:200:2].count(0) > len(data[:200]) // 4:
        candidates = ["utf-16-le"]
    elif data[0:200:2].count(0) > len(data[:200]) // 4:
        candidates = ["utf-16-be"]
    else:
        candidates = ["utf-8", "gb18030"]
    where = 0
    for encoding in candidates:
        bad = _first_undecodable(data, encoding)
        if bad is None:
            return encoding, None
        where = where or bad
    if "gb18030" in candidates and b"\0" not in data and _LATIN.fullmatch(data):
        return "cp1252", None
    row = data.count(b"\n", 0, where) + 1
    value = f"0x{data[where : where + 1].hex()}"
    message = Phrase(
        "neither UTF-8, UTF-16, GB18030 nor Latin-1: byte {value} at {where}.",
        value=value,
        where=where,
    )
    return "", Problem(name, message, _ASK, "encoding", row, value=value)


def _first_undecodable(data: bytes, encoding: str) -> int | None:
    """Return where `data` stops being text in `encoding`; None if it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    size, done = 1 << 20, 0
    try:
        for done in range(0, len(data) or 1, size):
            text = decoder.decode(data[done : done + size], done + size >= len(data))
            if "\0" in text:
                return done + data[done:].find(b"\0")
            if encoding == "gb18030" and (odd := _MOJIBAKE.search(text)):
                return done + len(text[: odd.start() + 1].encode(encoding))
    except UnicodeDecodeError:
        return _exactly(data, encoding)  # a decoder fed in parts does not tell where it is
    return None


def _exactly(data: bytes, encoding: str) -> int:
    skip = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0
    try:
        data[skip:].decode("utf-8" if skip else encoding)
    except UnicodeDecodeError as error:
        return skip + error.start
    return len(data)
