"""The values of a text's shortcodes: what `var` and `meta` print, in one format.

A filter puts them in the place of their tokens once the text is parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anew.project.errors import AnewError
from anew.project.phrases import Phrase
from anew.text.place import Problem
from anew.text.shortcodes import TOKEN, Shortcode, Tokens, Use
from anew.text.source import Source

#: Shortcodes of the subset, and what each one prints.
SHORTCODES = {
    "include": "another file, on a line of its own; the path is relative to the document",
    "var": "a value of `_variables.yml`, by dotted name",
    "meta": "a value of the document's metadata, by dotted name",
    "pagebreak": "a new page in print, in a paragraph of its own",
}

#: Quarto takes the file in even there.
_IN_LISTING = (
    Phrase("an include inside a listing"),
    Phrase(
        "To show the line itself, write {{{< include … >}}}; a file is taken in outside listings "
        "only."
    ),
)


@dataclass
class Values:
    """What stands for each token: `markdown` to be parsed, or `literal`; and what is wrong."""

    by_token: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_variables(stage: Path) -> dict[str, Any]:
    """Return what `_variables.yml` of the stage holds; nothing when there is none."""
    import yaml

    path = stage / "_variables.yml"
    if not path.is_file():
        return {}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        data = yaml.load(file, Loader=loader)
    if data is not None and not isinstance(data, dict):
        raise AnewError(
            "_variables.yml is not a mapping of names.", "Let the build write it.", code="not-built"
        )
    return data or {}


def fill(
    source: Source, tokens: Tokens, metadata: Mapping[str, Any], variables: Mapping[str, Any]
) -> Values:
    """Return the values of the shortcodes of a text whose `metadata` are those of one format.

    An unknown shortcode or one without a name, an undefined variable and an include in a line are
    problems at every place at which they stand.
    """
    values = Values()
    for token, shortcode in tokens.shortcodes.items():
        if not shortcode.name:
            values.by_token[token] = {"literal": shortcode.argument}
            continue
        if shortcode.name == "pagebreak":
            values.by_token[token] = {"pagebreak": ""}
            continue
        found, problem = _value(shortcode, metadata, variables)
        values.by_token[token] = {"literal": ""} if found is None else {"markdown": found}
        if problem:
            message, hint = problem
            uses = [use for use in tokens.uses if use.shortcode == shortcode]
            for use in uses or [Use(shortcode, source.start())]:
                kind = "fact" if shortcode.name == "var" else ""
                told = _IN_LISTING if use.code and shortcode.name == "include" else (message, hint)
                values.problems.append(Problem(use.place, *told, kind, code="unknown-name"))
    for use in tokens.uses:
        if any(_prints_itself(token, values) for token in tokens.of(use.shortcode)):
            message = Phrase("a metadata key that prints itself")
            values.problems.append(
                Problem(use.place, message, Phrase("Break the circle."), code="unknown-name")
            )
    return values


def _prints_itself(token: str, values: Values, above: tuple[str, ...] = ()) -> bool:
    if token in above:
        return True
    inner = TOKEN.findall(values.by_token.get(token, {}).get("markdown", ""))
    return any(_prints_itself(one, values, (*above, token)) for one in inner)


def _value(
    shortcode: Shortcode, metadata: Mapping[str, Any], variables: Mapping[str, Any]
) -> tuple[str | None, tuple[str, str] | None]:
    """Return what a shortcode prints, or else what is wrong with it and what to do."""
    name, argument = shortcode.name, shortcode.argument.strip("\"'")
    if name not in SHORTCODES:
        shown = "" if name == "?" else name
        return None, (
            Phrase("unknown shortcode {name!r}", name=shown),
            Phrase("Known: {names}.", names=list(SHORTCODES)),
        )
    if name == "include":
        hint = Phrase("Write it on a line of its own, with blank lines around it.")
        return None, (Phrase("an include inside a line"), hint)
    if (name, argument) == ("meta", "date"):
        hint = Phrase(
            "Quarto gives it another form. Print {{< var en.edition_date >}}, or type the day."
        )
        return None, (Phrase("the metadata key 'date' in the text"), hint)
    found = look_up(variables if name == "var" else metadata, argument)
    if found is None:
        kind = Phrase("variable") if name == "var" else Phrase("metadata key")
        hint = (
            Phrase(
                "Correct the name, or let a notebook state the fact (anew build writes "
                "_variables.yml)."
            )
            if name == "var"
            else Phrase(
                "Correct the name, or give the key in the front matter or in _metadata.yml."
            )
        )
        return None, (Phrase("undefined {kind} {argument!r}", kind=kind, argument=argument), hint)
    return found, None


def look_up(values: Mapping[str, Any], name: str) -> str | None:
    """Return the value at the dotted `name` as it would be printed; None when there is none."""
    here: Any = values
    for key in name.split("."):
        if isinstance(here, Mapping):
            here = here.get(key)
        elif isinstance(here, list) and key.isdigit() and 0 < int(key) <= len(here):
            here = here[int(key) - 1]
        else:
            return None
    if isinstance(here, bool):
        return "true" if here else "false"
    if isinstance(here, str | int | float):
        return str(here)
    return None
