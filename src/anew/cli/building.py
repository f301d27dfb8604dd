"""`anew build`, `anew explain` and `anew serve`: the verbs that build."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from anew.cli.options import (
    CORES,
    Edition,
    Engine,
    Focus,
    Formats,
    Jobs,
    Only,
    Output,
    Parameters,
    split,
)
from anew.cli.speaking import echo
from anew.cli.summary import again, summary
from anew.project.phrases import Phrase, in_language


def _request(
    edition: str | None, only: str | None, parameter: list[str] | None, jobs: int,
    output: Path | None, engine: str, formats: str, focus: str | None = None,
) -> Any:  # fmt: skip
    from anew.build.plan import Request

    return Request(
        edition, split(only), tuple(parameter or ()), jobs, output, engine, split(formats),
        focus=focus,
    )  # fmt: skip


def build(
    edition: Edition = None,
    only: Only = None,
    parameter: Parameters = None,
    focus: Focus = None,
    jobs: Jobs = CORES,
    output: Output = None,
    engine: Engine = "auto",
    formats: Formats = "html,pdf",
    all_editions: Annotated[
        bool,
        typer.Option("--all-editions", help="Put the newest at the root, older ones in editions/."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail when a claim in the text does not hold.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file again, unchanged or not.")
    ] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="With --focus: the whole report, in its own folder.")
    ] = False,
    cache: Annotated[
        str | None,
        typer.Option(
            "--cache", envvar="ANEW_CACHE", help="A folder or address that machines share: s3://…"
        ),
    ] = None,
    read_only_cache: Annotated[
        bool,
        typer.Option(
            "--read-only-cache", envvar="ANEW_CACHE_READ_ONLY", help="Put nothing into the cache."
        ),
    ] = False,
    cache_limit: Annotated[
        int,
        typer.Option(
            "--cache-limit",
            envvar="ANEW_CACHE_LIMIT",
            min=1,
            metavar="MB",
            help="What a cache folder may hold; what was used least recently goes first.",
        ),
    ] = 5000,
    profile: Annotated[
        bool, typer.Option("--profile", help="Say how long each step took; write a trace.")
    ] = False,
) -> None:
    """Build the report and publish it.

    Runs the notebooks whose inputs changed, typesets, and replaces the site as a whole.
    """
    from anew.build.builder import build as make
    from anew.build.progress import observer
    from anew.build.standing import leave_standing
    from anew.project.paths import find_project
    from anew.start.schemas import write_schemas

    project = find_project()
    request = _request(edition, only, parameter, jobs, output, engine, formats, focus)
    request = replace(request, all_editions=all_editions, verify=verify, whole=whole, strict=strict)
    if cache:  # what Quarto's hooks start is told of it, too
        from anew.build.cache import ADDRESS, LIMIT, READ_ONLY

        os.environ[ADDRESS] = cache
        os.environ[READ_ONLY] = str(int(read_only_cache))
        os.environ[LIMIT] = str(cache_limit)
    result = make(project, request, observer())
    write_schemas(project)
    for line in summary(result):
        echo(line)
    if profile:
        from anew.build.profile import profile_lines, write_trace

        trace = write_trace(result.outcome.timings, project.work)
        for line in profile_lines(result.outcome.timings):
            echo(line)
        echo("The trace is at {path}: open it in ui.perfetto.dev.", path=project.relative(trace))
    if result.decided:
        leave_standing(project, sys.argv[1:], again(result), result.decided)


def explain(
    edition: Edition = None,
    only: Only = None,
    parameter: Parameters = None,
    focus: Focus = None,
    engine: Engine = "auto",
    formats: Formats = "html,pdf",
) -> None:
    """Explain what a build would run, and why."""
    from anew.build.builder import explain as explained
    from anew.project.paths import find_project

    project = find_project()
    request = _request(edition, only, parameter, 1, None, engine, formats, focus)
    would = 0
    for explanation in explained(project, request):
        if explanation.reasons:
            would += 1
            echo(explanation.step.label)
            root = str(project.root) + os.sep
            for reason in explanation.reasons:
                echo(in_language(Phrase("  because {reason}", reason=reason)).replace(root, ""))
    if not would:
        echo("Nothing to run: everything is up to date.")
    else:
        echo("{count} step would run." if would == 1 else "{count} steps would run.", count=would)


def serve(
    edition: Edition = None,
    only: Only = None,
    parameter: Parameters = None,
    focus: Focus = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on 127.0.0.1; 0 picks a free one.")
    ] = 8000,
    jobs: Jobs = CORES,
) -> None:
    """Preview the site and rebuild on save."""
    from anew.build.progress import observer
    from anew.project.paths import find_project
    from anew.serve.service import serve as run

    formats = "html,pdf"
    request = _request(edition, only, parameter, jobs, None, "embedded", formats, focus)
    run(find_project(), request, port, echo, observer())
