"""`anew diff`: what changed between two editions or sites."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anew.cli.speaking import echo


def diff(
    old: Annotated[str, typer.Argument(help="An edition or a site folder.")],
    new: Annotated[str, typer.Argument(help="The edition or site folder to compare with.")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON, with every point.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="Write a page with both sides' figures here.")
    ] = None,
) -> None:
    """Compare two editions or sites.

    Lists changed figures, facts and claims.
    """
    from anew.build.dry_run import compare_targets
    from anew.diff.telling import as_json, as_text
    from anew.project.paths import find_project
    from anew.project.writing import dump
    from anew.text.facts import load_units

    project = find_project()
    if page:
        from anew.build.changes_alone import write_page

        echo("The page is at {path}", path=write_page(project, old, new, page))
        return
    comparison = compare_targets(project, old, new)
    if json:
        typer.echo(dump(as_json(comparison)), nl=False)
    else:
        units = load_units(project.units_file)
        text = as_text(comparison, units, markdown=markdown)
        if markdown:
            typer.echo(text, nl=False)
        else:
            echo(text, nl=False)
