"""`anew sweep`: a report in many variants."""

from __future__ import annotations

from contextlib import closing, nullcontext
from pathlib import Path
from typing import Annotated

import typer

from anew.cli.options import CORES, Formats, Jobs, split
from anew.cli.speaking import echo


def sweep(
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over", help="Values of a key: focus=IND,DEU, edition=all, fig7.last_year=…"
        ),
    ] = None,
    matrix: Annotated[
        Path | None, typer.Option("--matrix", help="A YAML file with over: and exclude:.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder of the variants.")] = Path(
        "_sweep"
    ),
    jobs: Jobs = CORES,
    formats: Formats = "html",
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Run the steps on a Dask scheduler's workers: tcp://…"),
    ] = None,
) -> None:
    """Build many variants, with an index that compares them.

    Every combination of the values is a variant; each edition comes as it is, too.
    """
    from anew.build.plan import Request
    from anew.build.progress import observer
    from anew.build.sweep import combinations, swept_lines
    from anew.build.sweep import sweep as run
    from anew.build.workers import connect
    from anew.project.errors import AnewError
    from anew.project.paths import find_project

    if not over and matrix is None:
        raise AnewError(
            "No variants are named.",
            "Write --over focus=IND,DEU, or --matrix variants.yml.",
            code="nothing-named",
        )
    project = find_project()
    asked = combinations(project, over or (), matrix)
    request = Request(jobs=jobs, typesetter="embedded", formats=split(formats))
    workers = connect(project, scheduler) if scheduler else None
    with closing(workers) if workers else nullcontext():
        variants = run(project, asked, request, output.resolve(), observer(), workers)
    for line in swept_lines(variants):
        echo(line)
    if workers is not None:
        for address, count in sorted(workers.ran.items()):
            echo("{address} ran {count} steps", address=address, count=count)
        for remark in workers.remarks:
            echo("warning: {remark}", remark=remark)
    echo("The index is at {path}", path=output / "index.html")
    if any(one.fault for one in variants):
        raise typer.Exit(1)
