"""What verbs write to the terminal, in the reader's language."""

from __future__ import annotations

import typer

from anew.project.phrases import Phrase, in_language
from anew.project.texts import visible


def echo(text: str, *, nl: bool = True, err: bool = False, **fields: object) -> None:
    """Write a phrase, or a text that is given without fields, to the terminal."""
    said = text if isinstance(text, Phrase) or not fields else Phrase(text, **fields)
    told = in_language(Phrase(said) if type(said) is str else said)
    typer.echo(visible(told), nl=nl, err=err)  # others wrote names and values in it
