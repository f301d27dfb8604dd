"""Options that several verbs share, and how what was typed for them is read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

CORES = min(os.cpu_count() or 2, 8)

Edition = Annotated[
    str | None, typer.Option("--edition", "-e", help="A yearly report; the newest if left out.")
]
Only = Annotated[
    str | None, typer.Option("--only", help="Only these figures, without the text: fig3,fig7.")
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", help="Set a parameter: fig7.last_year=2021."),
]
Focus = Annotated[
    str | None,
    typer.Option("--focus", help="Figures alone, this economy first: IND, India or 印度."),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Steps at once.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where the site goes; _site if left out.")
]
Engine = Annotated[
    str, typer.Option("--engine", help="The typesetter: auto, embedded or quarto.")
]
Formats = Annotated[str, typer.Option("--formats", help="Of html, pdf and docx: html,pdf.")]


def split(text: str | None) -> tuple[str, ...]:
    """Return the parts of a list typed with commas."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
