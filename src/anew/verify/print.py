"""A certificate on paper: one page of A4 in either language, tagged and archivable."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from anew.figures.fonts import REGULAR, font_folder, missing_characters
from anew.project.errors import BuildError
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.verify.pixels import page_count
from anew.verify.telling import (
    difference,
    kept,
    meaning,
    parted,
    rows,
    verdicts,
    versions,
)
from anew.verify.words import tell

#: How many differences are tried on the one page, the most first.
_SHOWN = (14, 10, 7, 4, 2, 1)

#: A line on paper is no longer than this.
_LINE = 260


def certificate_prints(project: Project, certificate: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a certificate as PDF in each language, by file name."""
    fonts = font_folder(project)
    return {
        f"certificate.{language}.pdf": _one_page(certificate, language, fonts)
        for language in LANGUAGES
    }


def _one_page(certificate: Mapping[str, Any], language: str, fonts: Path) -> bytes:
    """Return the certificate with as many differences as one page holds."""
    for count in _SHOWN:
        data = _printed(_content(certificate, language, count), fonts, _timestamp(certificate))
        if page_count(data) == 1:
            return data
    raise BuildError("The certificate does not fit on one page.", "See certificate.json.")


def _content(certificate: Mapping[str, Any], language: str, most: int) -> dict[str, Any]:
    parts = []
    if certificate["errors"]:
        listed = [line for error in certificate["errors"] for line in error.splitlines()]
        parts.append(_part(listed, language, "errors", most))
    for title, found in zip(("differences", "changes"), parted(certificate), strict=True):
        if found:
            listed = [difference(one, language) for one in found]
            parts.append(_part(listed, language, title, most))
    for title, lines in (("verdicts", verdicts), ("versions", versions)):
        if told := lines(certificate, language):
            parts.append(_part(told, language, title, len(told), cut=4 * _LINE))
    return {
        "language": language,
        "kept": kept(certificate),
        "heading": tell(language, "title"),
        "report": f"{certificate['report'][language]} · {certificate['title'][language]}",
        "lead": tell(language, "lead"),
        "verdict": tell(language, certificate["verdict"]),
        "meaning": meaning(certificate, language),
        "rows": [[label, _cut(text, 3 * _LINE)] for label, text in rows(certificate, language)],
        "parts": parts,
        "limits": tell(language, "limits", engine=certificate["engine"]),
    }


def _part(
    listed: list[str], language: str, title: str, most: int, cut: int = _LINE
) -> dict[str, Any]:
    told = [_cut(line, cut) for line in listed[:most]]
    if len(listed) > most:
        told.append(tell(language, "more", count=len(listed) - most))
    return {"title": tell(language, title), "lines": told}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _timestamp(certificate: Mapping[str, Any]) -> int:
    """Return the edition's day in seconds: a PDF must bear a date, and no clock is asked."""
    day = datetime.date.fromisoformat(certificate["date"] or "1970-01-01")
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())


def _printed(content: Mapping[str, Any], fonts: Path, timestamp: int) -> bytes:
    """Set the page. A character that the font lacks, in a line quoted from a file, becomes a ?."""
    import typst

    text = json.dumps(content, ensure_ascii=False)
    for char in missing_characters(text, fonts / REGULAR):
        text = text.replace(char, "?")
    main = (resources.files("anew.verify") / "certificate.typ").read_bytes()
    try:
        return typst.compile(
            {"main.typ": main, "data.json": text.encode("utf-8")},
            font_paths=[str(fonts)], ignore_system_fonts=True, format="pdf",
            pdf_standards=["a-2a", "ua-1"], timestamp=timestamp,
        )  # fmt: skip
    except typst.TypstError as error:
        raise BuildError(f"The certificate cannot be printed: {error.message}") from None
