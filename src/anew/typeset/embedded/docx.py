"""A document as a Word file, with numbered figures, alternative texts and references."""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from pathlib import Path

from anew.typeset.embedded.document import Document

#: Nothing in a zip is older than this.
_OLDEST = (1980, 1, 1, 0, 0, 0)

#: Where a picture's file came from, said beside its description: for Quarto's own icons that is a
#: folder of the machine.
_ORIGIN = re.compile(rb'(<pic:cNvPr [^>]*\bdescr=")[^"]*[/\\\\](?=[^"]*")')
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(?=<)")


def to_docx(document: Document, output: Path) -> None:
    """Write `document` as .docx to `output`; the same text gives the same bytes.

    A figure is taken as PNG where a PNG lies beside its SVG: every Word shows it.
    """
    options = []
    reference = document.metadata.get("reference-doc")
    if reference:
        options.append(f"--reference-doc={reference}")
    data = document.write_file("docx", ".docx", *options, base=".")
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(output.name + ".part")
    part.write_bytes(repack(data, document.timestamp))
    os.replace(part, output)


def repack(data: bytes, seconds: int) -> bytes:
    """Return the file as if it had been made on any machine at the moment `seconds`.

    Its members are sorted and dated, its pictures say of their origin the file's name alone.
    """
    then = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    moment = max(then.timetuple()[:6], _OLDEST)
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, date_time=moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>" + f"{then:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            elif name.endswith(".xml"):
                content = _ORIGIN.sub(rb"\1", content)
            new.writestr(info, content)
    return target.getvalue()
