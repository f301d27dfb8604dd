"""Reading a raw table: verified, then returned as a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anew.project.paths import Project
from anew.project.problems import refuse
from anew.tables.catalog import Catalog

if TYPE_CHECKING:
    from pandas import DataFrame


def read_table(project: Project, catalog: Catalog, name: str, vintage: str) -> DataFrame:
    """Return a vintage as a frame, once its hash and every cell have been verified.

    Columns are those of the catalogue, in its order: economies, entities, text and periods as
    strings, but year and integer as int64; number as float64 in the catalogue's unit; an empty cell
    is missing. Rows are in the
    order of the file. What was verified is remembered by content and not verified again. Raises
    DataError with file, row, column and value.
    """
    from anew.tables.frames import read_frame
    from anew.tables.validation import check_content, read_content

    data = read_content(project, catalog, name, vintage)
    problems = check_content(project, catalog, name, vintage, data)
    refuse(problems, f"Table {name}, vintage {vintage}, was refused")
    return read_frame(data, catalog.table(name))
