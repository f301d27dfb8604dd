"""`anew init` and `anew add`: the files of a new report, figure, table or section."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from anew.cli.options import split


def init(
    folder: Annotated[
        Path | None, typer.Argument(help="A new folder; with --eject, this project.")
    ] = None,
    languages: Annotated[
        str | None, typer.Option("--languages", help="The languages of the text: zh,en.")
    ] = None,
    title: Annotated[str | None, typer.Option("--title", help="The report's title.")] = None,
    author: Annotated[str, typer.Option("--author", help="Who writes it.")] = "The authors",
    eject: Annotated[
        str | None,
        typer.Option("--eject", help="Copy the engine's theme, filters, typst or csl here."),
    ] = None,
) -> None:
    """Start a report: a small one that builds and passes `anew check --strict` at once."""
    from anew.project.errors import AnewError, unknown
    from anew.project.language import LANGUAGES
    from anew.project.paths import find_project
    from anew.project.provided import KINDS
    from anew.project.provided import eject as copy_out
    from anew.start.creation import create_project

    if eject is not None:
        if eject not in KINDS:
            raise unknown("kind", eject, KINDS, "--eject")
        project = find_project(folder)
        copies = copy_out(project, eject)
        for path in copies:
            typer.echo(f"{project.relative(path)}: change it there; delete it for the engine's.")
        if not copies:
            typer.echo(f"report/{eject}/ already has every file of the engine's.")
        return
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if folder is None:
        if not asks:
            raise AnewError("No folder is named.", "Write anew init DIR.")
        folder = Path(typer.prompt("Folder", default="report"))
        title = title or typer.prompt("Title", default=_titled(folder))
    chosen = split(languages) or LANGUAGES
    files = create_project(folder, title or _titled(folder), author, chosen)
    typer.echo(f"{len(files)} files in {folder}; README.md says what each is. Next:")
    typer.echo(f"  cd {folder}\n  anew build")


def _titled(folder: Path) -> str:
    """Return a title made from a folder's name."""
    return folder.resolve().name.replace("-", " ").replace("_", " ").capitalize()
