"""Rendering a certificate: as lines for a terminal, as Markdown, and as a one-page PDF."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from importlib import resources
from pathlib import Path

from anew.figures.fonts import REGULAR, missing_characters
from anew.project.errors import BuildError
from anew.site.certificate import tell
from anew.verify.certificate import Certificate
from anew.verify.pixels import page_count
from anew.verify.telling import told

#: So many lines of a part are shown in a terminal, and in Markdown.
_TERMINAL, _MARKDOWN = 12, 200

#: How many differences are tried on the one page, the most first, and how long their lines may be.
_PRINTED = (14, 10, 7, 4, 2, 1)
_LINE = 260

#: What Markdown or HTML would read as markup.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|&])")


def as_lines(certificate: Certificate, language: str = "en") -> list[str]:
    """Return a certificate as lines for a terminal."""
    shown = told(certificate, language, _TERMINAL)
    width = max(len(label) for label, _ in shown.rows)
    found = [f"{certificate.edition}: {shown.verdict}"]
    found += [f"  {label:{width}}  {text}" for label, text in shown.rows]
    whole = {tell(language, key) for key in ("verdicts", "versions")}
    for part in shown.parts:
        if part.title not in whole:  # too long for a terminal
            found.append(f"  {part.title}")
            found += [f"    {line}" for text in part.lines for line in text.splitlines()]
    return found


def as_markdown(certificate: Certificate, language: str) -> str:
    """Return a certificate as Markdown."""
    return "\n".join(_markdown(certificate, language)) + "\n"


def _markdown(certificate: Certificate, language: str) -> Iterator[str]:
    shown = told(certificate, language, _MARKDOWN)
    yield from (f"# {shown.title}", "", f"**{_plain(shown.report)}**", "", shown.lead, "")
    verdict = f"**{shown.verdict}**{tell(language, 'colon')}{shown.meaning}"
    yield from (verdict, "", "|  |  |", "|---|---|")
    yield from (f"| {label} | {_plain(text)} |" for label, text in shown.rows)
    for part in shown.parts:
        yield from ("", f"## {part.title}", "")
        for text in part.lines:
            if part.quoted:
                yield from ("", *(f"    {line}" for line in text.splitlines()))
            else:
                yield f"- {_plain(text)}"
    yield from ("", shown.limits)


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def as_pdf(certificate: Certificate, language: str, fonts: Path) -> bytes:
    """Return a certificate on one page, with as many differences as it holds, set with `fonts`.

    Raises BuildError when it cannot be set on one page.
    """
    for count in _PRINTED:
        data = _printed(certificate, language, count, fonts)
        if page_count(data) == 1:
            return data
    raise BuildError(
        "The certificate does not fit on one page.",
        "See certificate.json.",
        code="certificate-not-printed",
    )


def _printed(certificate: Certificate, language: str, most: int, fonts: Path) -> bytes:
    """Typeset the page. A character that the font lacks becomes a ? in quoted lines."""
    import typst  # slow to import

    content = asdict(told(certificate, language, most, _LINE)) | {"language": language}
    text = json.dumps(content, ensure_ascii=False)
    for char in missing_characters(text, fonts / REGULAR):
        text = text.replace(char, "?")
    # a PDF must bear a date, and no clock is asked
    day = datetime.datetime.fromisoformat(f"{certificate.date or '1970-01-01'}T00:00:00+00:00")
    main = (resources.files("anew.verify") / "certificate.typ").read_bytes()
    try:
        data: bytes = typst.compile(
            {"main.typ": main, "data.json": text.encode("utf-8")},  # type: ignore[call-overload]
            font_paths=[str(fonts)], ignore_system_fonts=True, format="pdf",
            pdf_standards=["a-2a", "ua-1"], timestamp=int(day.timestamp()),
        )  # fmt: skip
    except typst.TypstError as error:
        raise BuildError(
            "The certificate cannot be printed: {error}",
            code="certificate-not-printed",
            error=error.message,
        ) from None
    return data
