"""`anew diff`: what changed between two editions or sites."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anew.cli.speaking import echo

if TYPE_CHECKING:
    from anew.project.paths import Project


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
    from anew.diff.data import as_json
    from anew.diff.telling import as_text
    from anew.project.paths import find_project
    from anew.project.writing import dump
    from anew.text.facts import load_units

    project = find_project()
    if page:
        from anew.build.changes_alone import write_page

        echo("The page is at {path}", path=write_page(project, old, new, page))
        return
    for target in (old, new):
        _tell_signature(project, target)
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


def _tell_signature(project: Project, target: str) -> None:
    """Say who signed the release that a site is of, beside the answer; refuse a false signature."""
    from anew.diff.state import is_site
    from anew.project.manifest import NAME
    from anew.project.phrases import readers_language
    from anew.site.certificate import tell
    from anew.verify.record import site_signature

    if is_site(target) and (Path(target) / NAME).is_file():
        one = site_signature(project, Path(target))
        key = f"signature-{one.state}"
        said = tell(readers_language(), key, signer=one.signer, key=one.key)
        typer.echo(f"{target}: {said}", err=True)
