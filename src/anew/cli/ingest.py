"""`anew ingest` and `anew fetch`: turn an agency's file into a vintage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anew.cli.options import Insecure, allow
from anew.cli.speaking import echo

if TYPE_CHECKING:
    from anew.intake.plan import Planned
    from anew.project.paths import Project

Table = Annotated[
    str | None, typer.Option("--table", "-t", help="Table, if the file does not name it.")
]
Vintage = Annotated[
    str | None,
    typer.Option("--vintage", help="Date of publication: 2026-07-01 or 2026-07_source."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Write nothing; show what would be ingested and changed.")
]
Duplicates = Annotated[
    str | None,
    typer.Option("--duplicates", metavar="keep|drop|FILE",
                 help="Repeated rows: keep, drop, or a CSV with an answer for each name."),
]  # fmt: skip
Unplaced = Annotated[
    str | None,
    typer.Option("--unplaced", metavar="keep|drop",
                 help="Rows without an economy: keep them in the total only, or drop them."),
]  # fmt: skip
Zero = Annotated[
    str | None,
    typer.Option("--zero", metavar="keep|drop",
                 help="Rows with an impossible zero: keep them without a value, or drop them."),
]  # fmt: skip
Unit = Annotated[
    str | None,
    typer.Option(
        "--unit", help="Unit of the values, if the file does not state it: 'million usd'."
    ),
]
SheetName = Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Text encoding, such as latin-1.")]
Accept = Annotated[
    bool,
    typer.Option("--accept-revisions", help="Accept unusually large revisions by the agency."),
]


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files as published by the agency.")],
    table: Table = None,
    vintage: Vintage = None,
    dry_run: DryRun = False,
    keep_source: Annotated[
        bool,
        typer.Option("--keep-source", help="Keep a copy of the files in .anew/sources."),
    ] = False,
    duplicates: Duplicates = None,
    unplaced: Unplaced = None,
    zero: Zero = None,
    unit: Unit = None,
    sheet: SheetName = None,
    encoding: Encoding = None,
    accept_revisions: Accept = False,
) -> None:
    """Ingest published files as new vintages.

    Reads CSV, XLSX, XLS, ODS, JSON, SDMX and zip.
    """
    from anew.intake import Answers, render
    from anew.intake import ingest as take
    from anew.project.paths import find_project

    project = find_project()
    answers = Answers(
        _duplicates(duplicates), _either("--unplaced", unplaced), _either("--zero", zero),
        unit, sheet, encoding, accept_revisions,
    )  # fmt: skip
    report = take(
        project, files, table, vintage, dry_run, keep_source, answers,
        consequences=_consequences,
    )  # fmt: skip
    echo(render(report), nl=False)


def fetch(
    table: Annotated[str, typer.Argument(help="A table in the catalogue.")],
    vintage: Vintage = None,
    dry_run: DryRun = False,
    accept_revisions: Accept = False,
    insecure: Insecure = False,
    base: Annotated[str, typer.Option("--base", hidden=True)] = "",
) -> None:
    """Download a table and ingest it."""
    from anew.intake import Answers, render
    from anew.intake.fetching import fetch as download
    from anew.project.paths import find_project

    allow(insecure)
    report = download(
        find_project(), table, vintage, dry_run, base or None,
        answers=Answers(revisions=accept_revisions), consequences=_consequences,
    )  # fmt: skip
    echo(render(report), nl=False)


def _either(option: str, text: str | None) -> Any:
    if text not in (None, "keep", "drop"):
        raise typer.BadParameter("choose keep or drop.", param_hint=option)
    return text


def _duplicates(text: str | None) -> Any:
    if text in (None, "keep", "drop"):
        return text
    path = Path(str(text))
    if not path.is_file():
        hint = "--duplicates"
        raise typer.BadParameter("choose keep, drop or an existing file.", param_hint=hint)
    return path


def _consequences(copy: Project, planned: Sequence[Planned]) -> list[str]:
    """Return what would change in the next edition; imported late, only a dry run needs it."""
    from anew.build.dry_run import consequences

    return consequences(copy, planned)
