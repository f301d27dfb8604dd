"""SDMX documents: SDMX-ML and SDMX-JSON become sheets with the columns of SDMX-CSV, by `sdmx1`."""

from __future__ import annotations

import io
from typing import Any

from anew.intake.sheets import TOP, Sheet
from anew.project.errors import AnewError, unknown
from anew.project.phrases import Phrase
from anew.project.problems import Problem
from anew.tables.catalog import Sdmx

_INSTALL = Phrase("pip install 'anew[sdmx]', or take the same data as SDMX-CSV.")


def question(asked: Sdmx, base: str | None = None) -> str:
    """Return the address at which an SDMX service answers; `base` stands in for the service's.

    Raises AnewError for a service that `sdmx1` does not know, and where the library is missing.
    """
    sdmx = _library()
    if sdmx is None:
        raise AnewError(
            "Fetching from an SDMX service needs the library sdmx1.", _INSTALL, code="not-installed"
        )
    known = sdmx.list_sources()
    if asked.source not in known:
        raise unknown("SDMX service", asked.source, known, "data/catalog.yml")
    client = sdmx.Client(asked.source)
    start = {"startPeriod": asked.start} if asked.start else {}
    url = client.get("data", asked.flow, key=asked.key, params=start, dry_run=True).url
    return str(url if base is None else url.replace(client.source.url, base.rstrip("/")))


def _library() -> Any:
    try:
        import sdmx  # heavy, and an extra of its own
    except ImportError:
        return None
    return sdmx


def tabulate(sheet: Sheet) -> list[Problem]:
    """Turn a document into rows, one for each observation; return what is wrong with it."""
    start = sheet.data[:4000]
    if b"sdmx" not in start.lower() and b"dataSets" not in sheet.data:
        return []  # another document, which nothing recognises
    sdmx = _library()
    if sdmx is None:
        message = Phrase("an SDMX document, which needs the library sdmx1.")
        return [Problem(sheet.name, message, _INSTALL, "file-format")]
    try:
        message_ = sdmx.read_sdmx(io.BytesIO(sheet.data))
        series = [data for data in getattr(message_, "data", ()) if data.obs]
        frames = [sdmx.to_pandas(data, attributes="osgd") for data in series]
    except Exception as error:  # the library raises whatever a document provokes
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return [
            Problem(
                sheet.name,
                Phrase("not an SDMX document that can be read: {why}.", why=why),
                "",
                "file-format",
            )
        ]
    if not frames:
        message = Phrase("the service has no observation for this question.")
        return [
            Problem(
                sheet.name, message, Phrase("Ask for a key and a period that it has."), "no-data"
            )
        ]
    if len(frames) > 1:
        return [
            Problem(
                sheet.name,
                Phrase("{count} data sets at once.", count=len(frames)),
                Phrase("Ask for one."),
                "file-format",
            )
        ]
    frame = frames[0].reset_index().rename(columns={"value": "OBS_VALUE"}).astype(str)
    frame = frame.replace({"nan": "", "None": "", "NaN": ""})
    sheet.cells = [list(map(str, frame.columns)), *frame.to_numpy().tolist()]
    sheet.head = sheet.cells[:TOP]
    return []
