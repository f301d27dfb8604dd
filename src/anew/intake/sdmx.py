"""SDMX documents: SDMX-ML and SDMX-JSON become sheets with the columns of SDMX-CSV, by `sdmx1`."""

from __future__ import annotations

import io

from anew.intake.sheets import TOP, Sheet
from anew.project.problems import Problem

_INSTALL = "pip install 'anew[sdmx]', or take the same data as SDMX-CSV."


def tabulate(sheet: Sheet) -> list[Problem]:
    """Turn a document into rows, one for each observation; return what is wrong with it."""
    start = sheet.data[:4000]
    if b"sdmx" not in start.lower() and b"dataSets" not in sheet.data:
        return []  # another document, which nothing recognises
    try:
        import sdmx  # heavy, and an extra of its own
    except ImportError:
        message = "an SDMX document, which needs the library sdmx1."
        return [Problem(sheet.name, message, _INSTALL, "format")]
    try:
        message_ = sdmx.read_sdmx(io.BytesIO(sheet.data))
        series = [data for data in getattr(message_, "data", ()) if data.obs]
        frames = [sdmx.to_pandas(data, attributes="osgd") for data in series]
    except Exception as error:  # the library raises whatever a document provokes
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return [Problem(sheet.name, f"not an SDMX document that can be read: {why}.", "", "format")]
    if not frames:
        message = "the service has no observation for this question."
        return [Problem(sheet.name, message, "Ask for a key and a period that it has.", "empty")]
    if len(frames) > 1:
        return [Problem(sheet.name, f"{len(frames)} data sets at once.", "Ask for one.", "format")]
    frame = frames[0].reset_index().rename(columns={"value": "OBS_VALUE"}).astype(str)
    frame = frame.replace({"nan": "", "None": "", "NaN": ""})
    sheet.cells = [list(map(str, frame.columns)), *frame.to_numpy().tolist()]
    sheet.head = sheet.cells[:TOP]
    prepared = getattr(message_.header, "prepared", None)
    sheet.published = prepared.date().isoformat() if prepared is not None else None
    return []
