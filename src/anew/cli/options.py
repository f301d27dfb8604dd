"""Options that several verbs share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

CORES = min(os.cpu_count() or 2, 8)

Edition = Annotated[
    str | None, typer.Option("--edition", "-e", help="Edition (default: the newest).")
]
Only = Annotated[
    str | None, typer.Option("--only", help="Build only these figures, without text: fig3,fig7.")
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", help="Set a parameter: fig7.last_year=2021."),
]
Focus = Annotated[
    str | None,
    typer.Option("--focus", help="Build figures only, this economy first: IND, India or 印度."),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Parallel steps.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Folder of the site (default: _site).")
]
Engine = Annotated[str, typer.Option("--engine", help="Typesetter: auto, embedded or quarto.")]
Formats = Annotated[str, typer.Option("--formats", help="Formats: html, pdf, docx.")]

Insecure = Annotated[
    bool, typer.Option("--insecure", help="Let plain http of this machine through (loopback).")
]


def allow(insecure: bool) -> None:
    """Let http addresses of this machine through for the rest of the command."""
    if insecure:
        from anew.project.http import LOOPBACK  # brings httpx, which only downloads need

        os.environ[LOOPBACK] = "1"


def split(text: str | None) -> tuple[str, ...]:
    """Return the items of a comma-separated list."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())
