"""The command `anew`: its verbs, and how errors are shown."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Annotated

import typer

import anew
from anew.cli import (
    building,
    checking,
    conformance,
    diff,
    edition,
    ingest,
    reproduction,
    start,
    sweep,
)
from anew.cli.usage import UsageError, mistake, speak
from anew.project.errors import AnewError, told_by_system
from anew.project.phrases import LANGUAGES, VARIABLES, Phrase, in_language, readers_language
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

# in the order in which the help lists them
app.command()(building.build)
app.command()(building.explain)
app.command()(checking.check)
app.command()(checking.accept)
app.command()(building.serve)
app.command()(checking.translated)
app.command()(start.init)
app.add_typer(start.add, name="add")
app.add_typer(edition.app, name="edition")
app.command()(ingest.ingest)
app.command()(ingest.fetch)
app.command()(diff.diff)
app.command()(sweep.sweep)
app.command()(conformance.conformance)
app.command()(reproduction.release)
app.command()(reproduction.reproduce)
app.command()(reproduction.export)


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
        sys.stderr.write(f"{in_language(Phrase('Nothing was done.'))}\n")
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
