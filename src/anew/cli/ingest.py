"""`anew ingest` and `anew fetch`: an agency's file becomes a vintage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from anew.intake.plan import Planned
    from anew.project.paths import Project

Table = Annotated[
    str | None, typer.Option("--table", "-t", help="The table, where the file does not say.")
]
Vintage = Annotated[
    str | None,
    typer.Option("--vintage", help="When it was published: 2026-07-01, 2026-07_source."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what would be taken, and what would change.")
]


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files as the agency publishes them.")],
    table: Table = None,
    vintage: Vintage = None,
    dry_run: DryRun = False,
    keep_companies: Annotated[
        bool,
        typer.Option("--keep-companies", help="Keep a list of companies in .anew/companies."),
    ] = False,
) -> None:
    """Take in files as published: zip, CSV, XLSX or JSON; whole, or not at all."""
    from anew.intake import ingest as take
    from anew.intake import render
    from anew.project.paths import find_project

    project = find_project()
    report = take(
        project, files, table, vintage, dry_run, keep_companies, consequences=_consequences
    )
    typer.echo(render(report), nl=False)


def fetch(
    table: Annotated[str, typer.Argument(help="A table of the catalogue.")],
    vintage: Vintage = None,
    dry_run: DryRun = False,
    base: Annotated[str, typer.Option("--base", hidden=True)] = "",
) -> None:
    """Download a table from its agency and take it in."""
    from anew.intake import render
    from anew.intake.fetching import WORLD_BANK
    from anew.intake.fetching import fetch as download
    from anew.project.paths import find_project

    project = find_project()
    report = download(
        project, table, vintage, dry_run, base or WORLD_BANK, consequences=_consequences
    )
    typer.echo(render(report), nl=False)


def _consequences(copy: Project, planned: Sequence[Planned]) -> list[str]:
    """Return what the next edition would change; what that needs is loaded for a dry run only."""
    from anew.build.dry_run import consequences

    return consequences(copy, planned)
