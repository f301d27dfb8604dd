"""Accepting a raw table that was edited on purpose: its new hash goes into the catalogue."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import refuse
from anew.project.writing import write_text
from anew.tables.loading import load_catalog


def accept_file(project: Project, file: Path) -> str:
    """Record the sha256 and row count of a vintage's file; return a line that says what was done.

    For trying what a changed cell does, and for mending a slip in a table of one's own. The
    catalogue keeps its comments. Raises AnewError for a file that is no vintage, and DataError for
    one whose cells the catalogue does not allow: then nothing is written.
    """
    from anew.tables.validation import check_table

    shown = project.relative(file)
    catalog = load_catalog(project)
    for name, table in catalog.tables.items():
        for vintage, entry in table.vintages.items():
            if entry.file != shown:
                continue
            data = file.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if digest == entry.sha256:
                return Phrase("{file} matches the catalogue: nothing to accept.", file=shown)
            before = project.catalog_file.read_text("utf-8")
            after = _with_hash(before, entry.sha256, digest, max(data.count(b"\n") - 1, 0))
            write_text(project.catalog_file, after)
            problems = check_table(project, load_catalog(project), name, vintage)
            if problems:
                write_text(project.catalog_file, before)
                refuse(problems, Phrase("{file} was not accepted", file=shown))
            return Phrase(
                "{file}: accepted as vintage {vintage} of {table}, sha256 {before}… → {after}….",
                file=shown,
                vintage=vintage,
                table=name,
                before=entry.sha256[:12],
                after=digest[:12],
            )
    known = [entry.file for table in catalog.tables.values() for entry in table.vintages.values()]
    raise AnewError(
        "{file} is not a vintage in the catalogue.",
        "Name one of its {count} files, such as {example}; ingest new data with `anew ingest`."
        if known
        else "The catalogue has no vintage yet; ingest the data with `anew ingest`.",
        code="not-a-vintage",
        file=shown,
        count=len(known),
        example=known[0] if known else "",
    )


def _with_hash(text: str, old: str, new: str, rows: int) -> str:
    """Return the catalogue's text with one vintage's hash and row count replaced, all else kept."""
    place = text.index(old)
    head, tail = text[:place], text[place + len(old) :]
    counted = re.compile(r"(\brows:\s*)\d+")
    return head + new + counted.sub(rf"\g<1>{rows}", tail, count=1)
