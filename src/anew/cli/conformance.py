"""`anew conformance`: typeset with Quarto and with the embedded typesetter, and compare."""

from __future__ import annotations

from typing import Annotated

import typer

from anew.cli.options import split
from anew.cli.speaking import echo
from anew.project.phrases import Phrase


def conformance(
    edition: Annotated[
        str | None, typer.Option("--edition", "-e", help="Edition (default: the newest).")
    ] = None,
    formats: Annotated[
        str, typer.Option("--formats", help="Formats: html, pdf, docx.")
    ] = "html,pdf,docx",
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Parallel steps.")] = 2,
) -> None:
    """Compare both typesetters.

    Typesets with Quarto and with the embedded typesetter, and lists every difference.
    """
    from anew.build.conformance import conform
    from anew.build.plan import Request
    from anew.build.progress import observer
    from anew.diff.reading import KINDS
    from anew.diff.telling import told_rendering
    from anew.project.paths import find_project

    request = Request(edition, jobs=jobs, typesetter="quarto", formats=split(formats))
    found = conform(find_project(), request, observer())
    for difference in found.differences:
        echo(told_rendering(difference))
    counted = [
        Phrase("{count} × {what}", count=count, what=KINDS.get(kind, kind))
        for kind, count in found.compared.items()
        if count
    ]
    echo("Compared with {quarto}: {counted}.", quarto=found.quarto, counted=counted)
    if found.differences:
        echo("{count} differences.", count=len(found.differences))
        raise typer.Exit(1)
    echo("No differences.")
