"""The command `anew`: its verbs, and how errors are shown."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

import anew
from anew.cli.options import (
    CORES,
    Edition,
    Engine,
    Focus,
    Formats,
    Insecure,
    Jobs,
    Only,
    Output,
    Parameters,
    allow,
    split,
)
from anew.cli.speaking import echo
from anew.cli.summary import again, summary
from anew.cli.usage import UsageError, mistake, speak
from anew.project.errors import AnewError, told_by_system
from anew.project.phrases import (
    LANGUAGES,
    VARIABLES,
    Phrase,
    in_language,
    readers_language,
)
from anew.project.stopping import Stopped, stopped_by_signals
from anew.project.texts import visible

app = typer.Typer(
    name="anew",
    help="Rebuild a report from raw tables: figures, text, site, PDF and certificate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _request(
    edition: str | None, only: str | None, parameter: list[str] | None, jobs: int,
    output: Path | None, engine: str, formats: str, focus: str | None = None,
) -> Any:  # fmt: skip
    from anew.build.plan import Request

    return Request(
        edition, split(only), tuple(parameter or ()), jobs, output, engine, split(formats),
        focus=focus,
    )  # fmt: skip


@app.command()
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


@app.command()
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


@app.command()
def check(
    edition: Edition = None,
    strict: Annotated[bool, typer.Option("--strict", help="Treat warnings as errors.")] = False,
    environment: Annotated[
        bool, typer.Option("--environment", help="Only list packages that differ from the lock.")
    ] = False,
    sources: Annotated[
        bool,
        typer.Option("--sources", help="Only ask the agencies whether they serve the same files."),
    ] = False,
    insecure: Insecure = False,
    base: Annotated[str, typer.Option("--base", hidden=True)] = "",
) -> None:
    """Check tables, notebooks and text.

    Covers facts, claims and both languages. Writes nothing.
    """
    from anew.build.check import check_project
    from anew.project.paths import find_project

    if environment:
        from anew.verify.environment import compare_environment

        compared = compare_environment(find_project().lock_file)
        for line in compared.lines():
            echo(line)
        if compared.departures:
            raise typer.Exit(2)
        return
    if sources:
        from anew.intake.sources import compare_sources

        allow(insecure)
        states = compare_sources(find_project(), base or None)
        for state in states:
            echo(state.line())
        if any(state.state in ("changed", "gone") for state in states):
            raise typer.Exit(1)
        return
    report = check_project(find_project(), edition)
    for line in report.lines():
        echo(line)
    raise typer.Exit(report.exit_code(strict=strict))


@app.command()
def accept(
    files: Annotated[list[Path], typer.Argument(help="Raw tables that you edited on purpose.")],
) -> None:
    """Accept deliberate edits of raw tables.

    Writes the new hashes into the catalogue.
    """
    from anew.project.paths import find_project
    from anew.tables.acceptance import accept_file

    project = find_project()
    for file in files:
        echo(accept_file(project, file.resolve()))


@app.command()
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


@app.command()
def translated(
    target: Annotated[str, typer.Argument(help="FILE or FILE:SECTION under report/en.")],
) -> None:
    """Mark a translation as up to date."""
    from anew.build.translations import confirm_translation
    from anew.project.paths import find_project

    echo(confirm_translation(find_project(), target))


def _mount() -> None:
    """Add the verbs that have modules of their own."""
    from anew.cli import conformance, diff, edition, ingest, reproduction, start, sweep

    app.command("init")(start.init)
    app.add_typer(start.add, name="add")
    app.add_typer(edition.app, name="edition")
    app.command("ingest")(ingest.ingest)
    app.command("fetch")(ingest.fetch)
    app.command("diff")(diff.diff)
    app.command("sweep")(sweep.sweep)
    app.command("conformance")(conformance.conformance)
    app.command("release")(reproduction.release)
    app.command("reproduce")(reproduction.reproduce)
    app.command("export")(reproduction.export)


_mount()


def _language(chosen: str | None) -> None:
    """Name the language for this process and for those that it starts."""
    if chosen not in (None, *LANGUAGES):
        one, other = LANGUAGES
        raise typer.BadParameter(Phrase("choose {one} or {other}.", one=one, other=other))
    if chosen:
        os.environ[VARIABLES[0]] = chosen


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"anew {anew.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            callback=_language,
            is_eager=True,
            help="Language of messages: zh or en; else that of the environment (LANG).",
        ),
    ] = None,
) -> None:
    pass


def main() -> None:
    """Run the command and show errors without a traceback."""
    _speak_utf8()
    # notebooks run in a locale of their own, and this process takes it on
    os.environ.setdefault(VARIABLES[0], readers_language())
    if os.environ.get("ANEW_DEBUG"):
        app()
        return
    command = typer.main.get_command(app)
    speak(command)
    try:
        with stopped_by_signals():
            sys.exit(command(standalone_mode=False))
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # nothing was typed: all that could be
            error.show()
        else:
            _tell(mistake(error))
        sys.exit(error.exit_code)
    except typer.Abort:  # a question was not answered
        sys.exit(1)
    except AnewError as error:
        _tell(error)
        sys.exit(error.exit_code)
    except OSError as error:
        _tell(told_by_system(error))
        sys.exit(1)
    except Stopped as stop:
        with suppress(OSError):  # the terminal may be gone
            stopped = Phrase("Stopped. The last good site is untouched.")
            sys.stderr.write(f"\n{in_language(stopped)}\n")
        sys.exit(stop.code)


def _speak_utf8() -> None:
    """Restart in UTF-8 mode where file names are not UTF-8, as in a GBK locale.

    Names and texts are then the same bytes everywhere; the terminal keeps its own encoding.
    """
    if sys.getfilesystemencoding().lower() != "utf-8":
        os.environ.setdefault("PYTHONIOENCODING", f"{sys.stdout.encoding}:replace")
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _tell(error: AnewError) -> None:
    head = in_language(Phrase("Error: "))
    if sys.stderr.isatty():
        head = f"\033[31m{head}\033[0m"
    for one in getattr(error, "errors", (error,)):
        sys.stderr.write(f"{head}{visible(in_language(one.told()))}\n")
