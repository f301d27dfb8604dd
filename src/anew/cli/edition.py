"""`anew edition new | list | show`: editions are configuration, never code."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anew.cli.speaking import echo

if TYPE_CHECKING:
    from anew.editions.editions import Edition

app = typer.Typer(help="Create, list and show editions (yearly reports).", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the new edition, such as 2027.")],
    base: Annotated[
        str | None, typer.Option("--from", help="Edition to start from (default: the newest).")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--last", help="Last period shown in any figure: 2024, 2024-03.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Use vintages published by 2026-12-31.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
) -> None:
    """Create an edition from the newest vintages.

    Each figure goes up to the last period of its data.
    """
    from anew.editions.successor import add_edition, render_successor, succeed
    from anew.project.paths import find_project

    project = find_project()
    made = succeed(project, name, base, last, _day(as_of))
    if not dry_run:
        add_edition(project, made)
    echo(render_successor(made, not dry_run), nl=False)


@app.command("list")
def list_editions(as_json: AsJson = False) -> None:
    """List the editions, newest last."""
    from anew.editions.editions import load_editions
    from anew.project.paths import find_project

    editions = load_editions(find_project())
    if as_json:
        rows = [{**_row(editions[n]), "default": n == editions.default} for n in editions.names]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for name in editions.names:
        edition = editions[name]
        echo(
            "{name}  {date}  {count} notebooks  {titles}  (default)"
            if name == editions.default
            else "{name}  {date}  {count} notebooks  {titles}",
            name=name,
            date=edition.date,
            count=len(edition.figures),
            titles=" · ".join(edition.title.values()),
        )


@app.command()
def show(
    name: Annotated[str | None, typer.Argument(help="An edition (default: the newest).")] = None,
    as_json: AsJson = False,
) -> None:
    """Show an edition.

    Lists the vintages, years and parameters of every figure.
    """
    from anew.editions.editions import load_editions
    from anew.project.paths import find_project

    editions = load_editions(find_project())
    edition = editions[name or editions.default]
    if as_json:
        plans = {a: p.model_dump(by_alias=True) for a, p in edition.figures.items()}
        shown = json.dumps({**_row(edition), "figures": plans}, ensure_ascii=False, indent=1)
        typer.echo(shown)
        return
    for line in lines(edition):
        typer.echo(line)


def lines(edition: Edition) -> list[str]:
    """Return an edition as lines of text."""
    found = [f"{edition.name}  {edition.date}  {' · '.join(edition.title.values())}"]
    found += [f"  {text}" for text in (edition.note or {}).values()]
    for address, plan in edition.figures.items():
        said = [f"{key}={_value(value)}" for key, value in plan.parameters.items()]
        found.append("  ".join([address, *said]))
        for table, role, vintage in plan.vintages():
            found.append(f"  {table}{f' ({role})' if role else ''}: {vintage}")
    return found


def _row(edition: Edition) -> dict[str, Any]:
    return edition.model_dump(include={"name", "title", "date", "note"})


def _value(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _day(text: str | None) -> datetime.date | None:
    from anew.project.errors import AnewError

    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise AnewError(
            "{text!r} is not a date.", "Write it as 2026-12-31.", code="not-a-period", text=text
        ) from None
