"""The command line itself in the reader's language: help texts, and mistakes in what was typed."""

from __future__ import annotations

import re
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


def speak(command: Any) -> None:
    """Put the help of a command, and of those below it, into the reader's language."""
    for one in (command, *command.params):
        if getattr(one, "help", None):
            one.help = in_language(Phrase(one.help))
    for below in getattr(command, "commands", {}).values():
        speak(below)


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


def _phrase(text: str) -> str:
    for phrase in _SAID:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(phrase))
        if match := re.fullmatch(pattern, text):
            fields = {name: _phrase(said) for name, said in match.groupdict().items()}
            return Phrase(phrase.template, **fields)
    return text
