"""`anew ingest` and `anew fetch`: an agency's file becomes a vintage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

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
        project, files, table, vintage, dry_run, keep_companies, consequences=_consequences()
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
        project, table, vintage, dry_run, base or WORLD_BANK, consequences=_consequences()
    )
    typer.echo(render(report), nl=False)


def _consequences():  # type: ignore[no-untyped-def]
    """Return what tells figures, facts and claims that would change, if the engine has it."""
    from importlib.util import find_spec

    if find_spec("anew.diff.consequences") is None:
        return None
    from anew.diff.consequences import consequences

    return consequences
