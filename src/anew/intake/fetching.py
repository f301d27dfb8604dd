"""Fetching: a table's file from its agency, bounded in size and time, straight into intake."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anew.intake import worldbank_api
from anew.intake.ingestion import ingest
from anew.intake.report import IntakeReport
from anew.intake.sdmx import question
from anew.project.errors import AnewError, BuildError
from anew.project.http import Limits, NoAnswer, get
from anew.project.partial import Partial, partial_download
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.tables.catalog import Catalog, Table
from anew.tables.loading import load_catalog

#: https://datahelpdesk.worldbank.org/knowledgebase/articles/898581 (API, basic call structures)
WORLD_BANK = "https://api.worldbank.org/v2"
MAX_BYTES = 100 << 20
#: Seconds for one file in all.
SECONDS = 300.0
TRIES = 4
MAX_PAGES = 500
#: What may pass if it is asked again.
_PASSING = {408, 425, 429, 500, 502, 503, 504}
#: When an SDMX document says that it was prepared.
_PREPARED = re.compile(rb'[Pp]repared(?:>|"\s*:\s*")(\d{4}-\d\d-\d\d)')

Sleep = Callable[[float], Any]


class Gone(BuildError):
    """The server has nothing at an address any more."""


def fetch(
    project: Project,
    table: str,
    vintage: str | None = None,
    dry_run: bool = False,
    base: str | None = None,
    sleep: Sleep = time.sleep,
    **options: Any,
) -> IntakeReport:
    """Download a table from its agency and take it in; further `options` are those of `ingest`.

    A table with `intake.fetch` comes from that address, and must have its sha256 if one is given,
    or from the SDMX service that is named there; a table with the code of a World Bank series
    comes from the API, all pages of the economies that the catalogue keeps. `base` stands in for
    the service's own address. Raises AnewError for a table that has none of these, and for a
    question without an answer; BuildError when the agency does not answer.
    """
    catalog = load_catalog(project)
    entry = catalog.table(table)
    source = entry.intake.fetch
    with tempfile.TemporaryDirectory(prefix="anew-fetch-") as folder:
        files = served(project, catalog, entry, Path(folder), base, sleep)
        if source is not None and source.sdmx is not None:
            found = _PREPARED.search(files[0].read_bytes()[:8000])
            vintage = vintage or (found[1].decode() if found else None)
        elif source is not None and source.sha256 is not None:
            _check(source.url or "", files[0].read_bytes(), source.sha256)
        return ingest(project, files, table, vintage, dry_run, **options)


def served(
    project: Project,
    catalog: Catalog,
    table: Table,
    folder: Path,
    base: str | None = None,
    sleep: Sleep = time.sleep,
) -> list[Path]:
    """Download the files of a table from its agency into `folder`; raise what `fetch` raises."""
    source = table.intake.fetch
    if source is not None and source.sdmx is not None:
        url = question(source.sdmx, base)
        return [_saved(folder, f"{table.name}.xml", download(url, sleep))]
    if source is not None:
        return [_file(project, table, folder, sleep)]
    if can_fetch(table):
        return _pages(catalog, table, folder, base or WORLD_BANK, sleep)
    raise AnewError(
        "Table {table} has no address to fetch from.",
        "Download it from {url} and use `anew ingest`, or give it intake.fetch.",
        code="no-fetch-address",
        table=table.name,
        url=table.url,
    )


def can_fetch(table: Table) -> bool:
    """Return whether the agency can be asked for a table: it has an address, or a Bank's code."""
    own = "worldbank-api" in table.intake.layout and bool(table.code)
    return table.intake.fetch is not None or own


def download(
    url: str, sleep: Sleep = time.sleep, limit: int = MAX_BYTES, partial: Partial | None = None
) -> bytes:
    """Return what is at `url`, asked for up to four times; raise BuildError when it cannot be had.

    What arrived before a connection broke is kept in `partial`, and not asked for again.

    Raises AnewError for an address that is not https, BuildError for an answer that is larger than
    `limit` bytes, too slow or a web page, for a refusal, and for silence.
    """
    why = ""
    for attempt in range(TRIES):
        if attempt:
            sleep(2.0 ** (attempt - 1))
        try:
            answer = get(url, Limits(limit, SECONDS), partial)
        except NoAnswer as error:
            why = error.message
            continue
        if answer.status == 200:
            return answer.data
        why = Phrase(
            "{url} answered {status} {reason}.", url=url, status=answer.status, reason=answer.reason
        )
        if answer.status not in _PASSING:
            hint = Phrase("Look at the address in data/catalog.yml, or download the file by hand.")
            if answer.status == 404 and "/data/" in url:
                hint = Phrase(
                    "SDMX services also say so of a key: no observations for the key. {hint}",
                    hint=hint,
                )
            raise (Gone if answer.status in (404, 410) else BuildError)(why, hint, code="no-answer")
    raise BuildError(
        "{why} It was asked {tries} times.",
        "Try again later, or download the file by hand and use `anew ingest`.",
        code="no-answer",
        why=why,
        tries=TRIES,
    )


def _file(project: Project, table: Table, folder: Path, sleep: Sleep) -> Path:
    source = table.intake.fetch
    assert source is not None and source.url is not None
    kept = project.work / "downloads" / hashlib.sha256(source.url.encode()).hexdigest()[:16]
    with partial_download(kept) as partial:
        data = download(source.url, sleep, partial=partial)
    return _saved(folder, Path(urlsplit(source.url).path).name or f"{table.name}.csv", data)


def _check(url: str, data: bytes, expected: str) -> None:
    """Raise AnewError unless a file has the hash that the catalogue states."""
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise AnewError(
            "{url} has the sha256 {found}…, the catalogue says {recorded}….",
            "The file was changed, or damaged on the way. Look at it before you change the hash.",
            code="wrong-download",
            url=url,
            found=found[:12],
            recorded=expected[:12],
        )


def _pages(catalog: Catalog, table: Table, folder: Path, base: str, sleep: Sleep) -> list[Path]:
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
        files.append(_saved(folder, f"{table.code}.page{number}.json", data))
    return files


def _count(url: str, data: bytes) -> int:
    """Return how many pages there are; the API tells errors in an answer that is no error."""
    try:
        document = json.loads(data)
    except ValueError:
        start = data[:200].decode("utf-8", "replace")
        raise BuildError(
            "{url} did not answer with a page: {start}",
            "Try again later.",
            code="no-answer",
            url=url,
            start=start,
        ) from None
    if said := worldbank_api.error(document):
        hint = Phrase("Do not try again: check the code and the economies in data/catalog.yml.")
        raise BuildError("{url}: {said}", hint, code="wrong-answer", url=url, said=said)
    if worldbank_api.empty(document):
        hint = Phrase("Look at the code and the economies in data/catalog.yml.")
        raise BuildError(
            "{url}: the API has no observation for this question.",
            hint,
            code="no-data",
            url=url,
        )
    if not worldbank_api.is_page(document):
        start = data[:200].decode("utf-8", "replace")
        raise BuildError(
            "{url} did not answer with a page: {start}",
            "Was the API changed?",
            code="wrong-answer",
            url=url,
            start=start,
        )
    pages: int = document[0]["pages"]
    if not 1 <= pages <= MAX_PAGES:
        raise BuildError(
            "{url} says that it has {pages} pages.",
            "Is the code right?",
            code="wrong-answer",
            url=url,
            pages=pages,
        )
    return pages


def _saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
