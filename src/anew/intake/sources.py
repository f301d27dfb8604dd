"""What agencies serve now, compared with the hashes of what was downloaded; nothing is written."""

from __future__ import annotations

import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from anew.intake.fetching import Gone, Sleep, can_fetch, served
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.writing import sha256
from anew.tables.catalog import Catalog, Table, Vintage
from anew.tables.loading import load_catalog

#: An entry of a vintage's `origin`: the name of a file and its sha256.
_ORIGIN = re.compile(r"(.+) ([0-9a-f]{64})")

State = Literal["same", "changed", "gone", "not asked"]
_SAID: dict[State, Phrase] = {
    "same": Phrase("same"),
    "changed": Phrase("changed"),
    "gone": Phrase("gone"),
    "not asked": Phrase("not asked"),
}


@dataclass(frozen=True)
class SourceState:
    """What an agency serves for the newest vintage of a table, and why it could not be compared."""

    table: str
    vintage: str
    state: State
    why: str = ""

    def line(self) -> Phrase:
        """Return the state as a line."""
        return Phrase(
            "{table} {vintage}: {state}: {why}",
            table=self.table,
            vintage=self.vintage,
            state=_SAID[self.state],
            why=self.why,
        )


def compare_sources(
    project: Project, base: str | None = None, sleep: Sleep = time.sleep
) -> list[SourceState]:
    """Return, for the newest vintage of each table, whether its agency serves the same bytes.

    Only addresses in the catalogue are asked, as `anew fetch` asks them; `base` stands in for a
    service's own address.
    """
    catalog = load_catalog(project)
    return [
        _compared(project, catalog, table, vintage, base, sleep)
        for table in catalog.tables.values()
        if (vintage := _newest(table)) is not None
    ]


def _newest(table: Table) -> Vintage | None:
    """Return the newest vintage by the table's own agency, else the newest of all."""
    own = [one for one in table.vintages.values() if one.url == table.url]
    listed = own or list(table.vintages.values())
    return max(listed, key=lambda one: (one.last_day, one.name), default=None)


def _compared(
    project: Project,
    catalog: Catalog,
    table: Table,
    vintage: Vintage,
    base: str | None,
    sleep: Sleep,
) -> SourceState:
    def told(state: State, why: str = "") -> SourceState:
        return SourceState(table.name, vintage.name, state, why)

    recorded = recorded_files(vintage)
    if not recorded:
        return told("not asked", Phrase("the catalogue records no hash of the downloaded file"))
    if not can_fetch(table):
        return told(
            "not asked", Phrase("the catalogue has no address of {files}", files=list(recorded))
        )
    with tempfile.TemporaryDirectory(prefix="anew-sources-") as folder:
        try:
            files = served(project, catalog, table, Path(folder), base, sleep)
        except Gone as error:
            return told("gone", error.message)
        except AnewError as error:
            return told("not asked", error.message)
        found = {file.name: sha256(file) for file in files}
    if not recorded.keys() & found.keys():
        return told(
            "not asked",
            Phrase(
                "it was made of {recorded}, not of {found}",
                recorded=list(recorded),
                found=list(found),
            ),
        )
    names = sorted({*recorded, *found})
    other = [name for name in names if recorded.get(name) != found.get(name)]
    return (
        told("changed", ", ".join(_change(n, recorded, found) for n in other))
        if other
        else (told("same", ", ".join(names)))
    )


def _change(name: str, recorded: dict[str, str], found: dict[str, str]) -> str:
    was, now = (side[name][:12] + "…" if name in side else "none" for side in (recorded, found))
    return f"{name} sha256 {was} → {now}"


def recorded_files(vintage: Vintage) -> dict[str, str]:
    """Return the sha256 of the files that a vintage was made of, by name."""
    origin = [vintage.origin] if isinstance(vintage.origin, str) else vintage.origin or []
    return {match[1]: match[2] for one in origin if (match := _ORIGIN.fullmatch(one))}
