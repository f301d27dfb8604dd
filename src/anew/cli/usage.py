"""The command line itself in the reader's language: help texts, and mistakes in what was typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import typer

from anew.project.errors import AnewError
from anew.project.phrases import Phrase, in_language

#: What Typer raises for a command line that it cannot read.
UsageError: type[Any] = typer.BadParameter.__mro__[1]

#: What Typer says of one, the longer of two that fit first.
_SAID = (
    Phrase("No such command {name}. Did you mean {near}?"),
    Phrase("No such command {name}."),
    Phrase("No such option: {name} (Possible options: {near})"),
    Phrase("No such option: {name}"),
    Phrase("Option {name} requires an argument."),
    Phrase("Option {name} does not take a value."),
    Phrase("Missing argument {name}."),
    Phrase("Missing option {name}."),
    Phrase("Missing command."),
    Phrase("Got unexpected extra argument(s) ({names})"),
    Phrase("Invalid value for {name}: {why}"),
    Phrase("Input should be a valid integer, unable to parse string as an integer"),
    Phrase("Input should be greater than or equal to {least}"),
    Phrase("Input should be less than or equal to {most}"),
    Phrase("choose {one} or {other}."),
)

#: What Typer writes around the help of a command, and behind that of an option.
_AROUND = (
    Phrase("Usage:"),
    Phrase("Arguments"),
    Phrase("Options"),
    Phrase("Commands"),
    Phrase("Show this message and exit."),
)
_BEHIND = (Phrase("default: {value}"), Phrase("env var: {value}"), Phrase("required"))


def speak(command: Any) -> None:
    """Put the help of a command, and of those below it, into the reader's language."""
    command.context_class.formatter_class = _formatter(command.context_class.formatter_class)
    _translate(command)


def _translate(command: Any) -> None:
    for one in (command, *command.params):
        if getattr(one, "help", None):
            one.help = in_language(Phrase(one.help))
    for below in getattr(command, "commands", {}).values():
        _translate(below)


def _formatter(typers: type[Any]) -> type[Any]:
    """Return Typer's formatter of help, with the words around help in the reader's language."""

    class Formatter(typers):  # type: ignore[misc]  # Typer has no public name for it
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, f"{in_language(_AROUND[0])} ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(in_language(Phrase(heading)))

        def write_dl(self, rows: Sequence[tuple[str, str]], *more: Any, **named: Any) -> None:
            super().write_dl([(name, _told(help)) for name, help in rows], *more, **named)

    return Formatter


def _told(help: str) -> str:
    """Return the help of an option with what Typer adds: `[env var: …; default: 5; x>=1]`."""
    words, bracket, added = help.partition("  [")
    if not bracket:
        return in_language(Phrase(words)) if words == _AROUND[-1] else words
    parts = [in_language(_phrase(part, _BEHIND)) for part in added.removesuffix("]").split("; ")]
    return f"{words}{bracket}{'; '.join(parts)}]"


def mistake(error: Any) -> AnewError:
    """Return Typer's error about a command line as one of ours."""
    where = error.ctx.command_path if error.ctx else "anew"
    return AnewError(
        "{message}",
        "The options of the command: {command} --help",
        code="usage",
        message=_phrase(error.format_message()),
        command=where,
    )


def _phrase(text: str, said: Sequence[Phrase] = _SAID) -> str:
    """Return the phrase of `said` that a text of Typer's is; the text where it is none."""
    for phrase in said:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(phrase))
        if match := re.fullmatch(pattern, text):
            fields = {name: _phrase(one) for name, one in match.groupdict().items()}
            return Phrase(phrase.template, **fields)
    return text
