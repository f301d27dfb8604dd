"""`anew check`, `anew accept` and `anew translated`: what is right, and what is said to be."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anew.cli.options import Edition, Insecure, allow
from anew.cli.speaking import echo


def check(
    edition: Edition = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    environment: Annotated[
        bool, typer.Option("--environment", help="Only list packages that differ from the lock.")
    ] = False,
    sources: Annotated[
        bool,
        typer.Option("--sources", help="Only ask the agencies whether they serve the same files."),
    ] = False,
    insecure: Insecure = False,
    base: Annotated[str, typer.Option("--base", hidden=True)] = "",
) -> None:
    """Check tables, notebooks and text.

    Covers facts, claims and both languages. Writes nothing.
    """
    from anew.build.check import check_project
    from anew.project.paths import find_project

    if environment:
        from anew.verify.environment import compare_environment

        compared = compare_environment(find_project().lock_file)
        for line in compared.lines():
            echo(line)
        if compared.departures:
            raise typer.Exit(2)
        return
    if sources:
        from anew.intake.sources import compare_sources

        allow(insecure)
        states = compare_sources(find_project(), base or None)
        for state in states:
            echo(state.line())
        if any(state.state in ("changed", "gone") for state in states):
            raise typer.Exit(1)
        return
    report = check_project(find_project(), edition)
    for line in report.lines():
        echo(line)
    raise typer.Exit(report.exit_code(strict=strict))


def accept(
    files: Annotated[list[Path], typer.Argument(help="Raw tables that you edited on purpose.")],
) -> None:
    """Accept deliberate edits of raw tables.

    Writes the new hashes into the catalogue.
    """
    from anew.project.paths import find_project
    from anew.tables.acceptance import accept_file

    project = find_project()
    for file in files:
        echo(accept_file(project, file.resolve()))


def translated(
    target: Annotated[str, typer.Argument(help="FILE or FILE:SECTION under report/en.")],
) -> None:
    """Mark a translation as up to date."""
    from anew.build.translations import confirm_translation
    from anew.project.paths import find_project

    echo(confirm_translation(find_project(), target))
