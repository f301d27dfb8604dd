"""Fetching: a table's file from its agency, bounded in size and time, straight into intake."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anew.intake.ingestion import ingest
from anew.intake.report import IntakeReport
from anew.project.errors import AnewError, BuildError
from anew.project.http import Limits, NoAnswer, get
from anew.project.paths import Project
from anew.tables.catalog import Catalog, Table, load_catalog

#: https://datahelpdesk.worldbank.org/knowledgebase/articles/898581 (API, basic call structures)
WORLD_BANK = "https://api.worldbank.org/v2"
MAX_BYTES = 100 << 20
#: Seconds for one file in all.
SECONDS = 300.0
TRIES = 4
MAX_PAGES = 500
#: What may pass if it is asked again.
_PASSING = {408, 425, 429, 500, 502, 503, 504}


def fetch(
    project: Project,
    table: str,
    vintage: str | None = None,
    dry_run: bool = False,
    base: str = WORLD_BANK,
    sleep: Callable[[float], Any] = time.sleep,
    **options: Any,
) -> IntakeReport:
    """Download a table from its agency and take it in; further `options` are those of `ingest`.

    A table with `intake.fetch` comes from that URL, and must have its sha256 if one is given; a
    table of the World Bank comes from the API, all pages of the economies that the catalogue keeps.
    Raises AnewError for a table that has neither, BuildError when the agency does not answer.
    """
    catalog = load_catalog(project)
    entry = catalog.table(table)
    with tempfile.TemporaryDirectory(prefix="anew-fetch-") as folder:
        if entry.intake.fetch is not None:
            files = [_file(entry, Path(folder), sleep)]
        elif entry.intake.format == "world_bank" and entry.code:
            files = _pages(catalog, entry, Path(folder), base, sleep)
        else:
            raise AnewError(
                f"Table {table} has no address to fetch from.",
                f"Download it from {entry.url} and use `anew ingest`, or give it intake.fetch.",
            )
        return ingest(project, files, table, vintage, dry_run, **options)


def download(url: str, sleep: Callable[[float], Any] = time.sleep, limit: int = MAX_BYTES) -> bytes:
    """Return what is at `url`, asked for up to four times; raise BuildError when it cannot be had.

    Raises AnewError for an address that is not https, BuildError for an answer that is larger than
    `limit` bytes, too slow or a web page, for a refusal, and for silence.
    """
    why = ""
    for attempt in range(TRIES):
        if attempt:
            sleep(2.0 ** (attempt - 1))
        try:
            answer = get(url, Limits(limit, SECONDS))
        except NoAnswer as error:
            why = error.message
            continue
        if answer.status == 200:
            return answer.data
        why = f"{url} answered {answer.status} {answer.reason}."
        if answer.status not in _PASSING:
            raise BuildError(
                why, "Look at the address in data/catalog.yml, or download the file by hand."
            )
    raise BuildError(
        f"{why} It was asked {TRIES} times.",
        "Try again later, or download the file by hand and use `anew ingest`.",
    )


def _file(table: Table, folder: Path, sleep: Callable[[float], Any]) -> Path:
    source = table.intake.fetch
    assert source is not None
    data = download(source.url, sleep)
    found = hashlib.sha256(data).hexdigest()
    if source.sha256 is not None and found != source.sha256:
        raise AnewError(
            f"{source.url} has the sha256 {found[:12]}…, the catalogue says {source.sha256[:12]}….",
            "The file was changed, or damaged on the way. Look at it before you change the hash.",
        )
    path = folder / (Path(urlsplit(source.url).path).name or f"{table.name}.csv")
    path.write_bytes(data)
    return path


def _pages(
    catalog: Catalog, table: Table, folder: Path, base: str, sleep: Callable[[float], Any]
) -> list[Path]:
    kept = table.intake.economies
    if kept is None:
        kept = sorted({*catalog.economies.kept, *catalog.economies.aggregates})
    where = f"{base.rstrip('/')}/country/{';'.join(kept)}/indicator/{table.code}"
    files: list[Path] = []
    pages = 1
    while len(files) < pages:
        number = len(files) + 1
        url = f"{where}?format=json&per_page=1000&page={number}"
        data = download(url, sleep)
        pages = _count(url, data)
        path = folder / f"{table.code}.page{number}.json"
        path.write_bytes(data)
        files.append(path)
    return files


def _count(url: str, data: bytes) -> int:
    """Return how many pages there are; the API tells errors in an answer that is no error."""
    try:
        head = json.loads(data)[0]
        pages = int(head["pages"])
    except (ValueError, LookupError, TypeError):
        said = data[:200].decode("utf-8", "replace")
        raise BuildError(f"{url} did not answer with a page: {said}", "Try again later.") from None
    if not 1 <= pages <= MAX_PAGES:
        raise BuildError(f"{url} says that it has {pages} pages.", "Is the code right?")
    return pages
