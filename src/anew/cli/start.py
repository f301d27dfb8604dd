"""`anew init` and `anew add`: the files of a new report, figure, table or section."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anew.cli.options import split
from anew.cli.speaking import echo
from anew.project.phrases import Phrase, in_language

if TYPE_CHECKING:
    from anew.project.paths import Project


def init(
    folder: Annotated[
        Path | None, typer.Argument(help="A new folder; with --eject, this project.")
    ] = None,
    languages: Annotated[
        str | None,
        typer.Option("--languages", help="The languages of the text (zh, en, de): zh,en."),
    ] = None,
    title: Annotated[
        list[str] | None,
        typer.Option("--title", help="The report's title; again for a language: zh=降水."),
    ] = None,
    author: Annotated[str, typer.Option("--author", help="Who writes it.")] = "The authors",
    from_notebook: Annotated[
        Path | None,
        typer.Option("--from-notebook", help="A plain notebook: its last figure is Figure 1."),
    ] = None,
    eject: Annotated[
        str | None,
        typer.Option("--eject", help="Copy the engine's theme, filters, typst or csl here."),
    ] = None,
) -> None:
    """Start a report: a small one that builds and passes `anew check --strict` at once."""
    from anew.project.errors import AnewError, unknown
    from anew.project.language import USUAL
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
            echo(
                "{file}: change it there; delete it for the engine's.",
                file=project.relative(path),
            )
        if not copies:
            echo("report/{kind}/ already has every file of the engine's.", kind=eject)
        return
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    if folder is None:
        if not asks:
            raise AnewError("No folder is named.", "Write anew init DIR.", code="nothing-named")
        folder = Path(typer.prompt(in_language(Phrase("Folder")), default="report"))
        title = title or [typer.prompt(in_language(Phrase("Title")), default=_titled(folder))]
    chosen = split(languages) or USUAL
    titles = _titles(title or [], chosen, _titled(folder))
    files = create_project(folder, titles, author, chosen, from_notebook)
    echo(
        "{count} files in {folder}; README.md says what each is. Next:",
        count=len(files),
        folder=folder,
    )
    typer.echo(f"  cd {folder}\n  anew build")


add = typer.Typer(help="Add to a report, with TODO marks.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="Lower case letters, digits, hyphens: rain-share.")]


@add.command()
def figure(
    name: Name,
    table: Annotated[
        str | None, typer.Option("--table", help="The table it draws; the first if left out.")
    ] = None,
) -> None:
    """Add a figure: notebook, module, its place in the newest edition, text."""
    from anew.editions.editions import load_editions
    from anew.project.paths import find_project
    from anew.start.recipes import add_figure

    project = find_project()
    before = load_editions(project)
    _tell(project, add_figure(project, name, table))
    edition = load_editions(project)[before.default]
    if edition.date != before[edition.name].date:
        echo(
            "Edition {edition} is dated {date} now, when its newest table appeared.",
            edition=edition.name,
            date=edition.date,
        )


@add.command("table")
def add_table(name: Name) -> None:
    """Add a table to the catalogue; `anew ingest` then takes in its first vintage."""
    from anew.project.paths import find_project
    from anew.start.recipes import add_table

    project = find_project()
    _tell(project, add_table(project, name))


@add.command()
def section(name: Name) -> None:
    """Add a section to the text, in every language."""
    from anew.project.paths import find_project
    from anew.start.recipes import add_section

    project = find_project()
    _tell(project, add_section(project, name))


def _tell(project: Project, files: Sequence[Path]) -> None:
    for path in files:
        typer.echo(project.relative(path))
    echo("anew check lists the TODO marks in them.")


def _titles(given: Sequence[str], languages: Sequence[str], default: str) -> dict[str, str]:
    """Return the title in each language: `zh=降水` is for one, other text for those without one.

    A title in Chinese characters is for Chinese; English has the name of the folder then.
    """
    from anew.project.language import KNOWN

    own = {la: text for la, mark, text in (one.partition("=") for one in given) if la in KNOWN}
    plain = [one for one in given if one.partition("=")[0] not in KNOWN]
    for text in plain:
        chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
        for language in languages:
            if language == "zh" or not chinese:
                own.setdefault(language, text)
    return {language: own.get(language, default) for language in languages}


def _titled(folder: Path) -> str:
    """Return a title made from a folder's name."""
    return folder.resolve().name.replace("-", " ").replace("_", " ").capitalize()
