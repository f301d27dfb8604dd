"""`anew ingest` and `anew fetch`: an agency's file becomes a vintage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

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
Duplicates = Annotated[
    str | None,
    typer.Option("--duplicates", metavar="keep|drop|FILE",
                 help="Rows that repeat another: keep, drop, or a CSV of name and answer."),
]  # fmt: skip
Unplaced = Annotated[
    str | None,
    typer.Option("--unplaced", metavar="keep|drop",
                 help="Rows without an economy: count them in the total only, or leave them out."),
]  # fmt: skip
Zero = Annotated[
    str | None,
    typer.Option("--zero", metavar="keep|drop",
                 help="Rows whose value is zero where none can be: without a value, or left out."),
]  # fmt: skip
Unit = Annotated[
    str | None,
    typer.Option(
        "--unit", help="The unit of the values, where the file does not say: 'million usd'."
    ),
]
SheetName = Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook.")]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="How text is written, such as latin-1.")
]
Accept = Annotated[
    bool,
    typer.Option("--accept-revisions", help="The agency did revise so much: take it as it is."),
]


def ingest(
    files: Annotated[list[Path], typer.Argument(help="Files as the agency publishes them.")],
    table: Table = None,
    vintage: Vintage = None,
    dry_run: DryRun = False,
    keep_source: Annotated[
        bool,
        typer.Option("--keep-source", help="Keep the files in .anew/sources, outside the project."),
    ] = False,
    duplicates: Duplicates = None,
    unplaced: Unplaced = None,
    zero: Zero = None,
    unit: Unit = None,
    sheet: SheetName = None,
    encoding: Encoding = None,
    accept_revisions: Accept = False,
) -> None:
    """Take in files as published: CSV, XLSX, XLS, ODS, JSON, SDMX, zip; whole, or not at all."""
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
    typer.echo(render(report), nl=False)


def fetch(
    table: Annotated[str, typer.Argument(help="A table of the catalogue.")],
    vintage: Vintage = None,
    dry_run: DryRun = False,
    accept_revisions: Accept = False,
    base: Annotated[str, typer.Option("--base", hidden=True)] = "",
) -> None:
    """Download a table from its agency and take it in."""
    from anew.intake import Answers, render
    from anew.intake.fetching import fetch as download
    from anew.project.paths import find_project

    report = download(
        find_project(), table, vintage, dry_run, base or None,
        answers=Answers(revisions=accept_revisions), consequences=_consequences,
    )  # fmt: skip
    typer.echo(render(report), nl=False)


def _either(option: str, text: str | None) -> Any:
    if text not in (None, "keep", "drop"):
        raise typer.BadParameter("say keep or drop.", param_hint=option)
    return text


def _duplicates(text: str | None) -> Any:
    if text in (None, "keep", "drop"):
        return text
    path = Path(str(text))
    if not path.is_file():
        hint = "--duplicates"
        raise typer.BadParameter("say keep, drop, or a file that is there.", param_hint=hint)
    return path


def _consequences(copy: Project, planned: Sequence[Planned]) -> list[str]:
    """Return what the next edition would change; what that needs is loaded for a dry run only."""
    from anew.build.dry_run import consequences

    return consequences(copy, planned)
