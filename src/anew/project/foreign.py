"""JSON from outside: read within limits and checked whole against a model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anew.project.configuration import Model, Path_, checked
from anew.project.errors import AnewError

#: Larger or deeper than any record of a build.
MAX_BYTES = 16 << 20
MAX_DEPTH = 32

#: What no record holds and what can deceive whoever reads it in a terminal: control characters but
#: tab and line feed, marks that turn the direction of writing, halves of a surrogate pair.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def read_json(model: type[Model], path: Path, shown: str) -> Model:
    """Return a JSON file as a `model`; `shown` is its name in messages.

    Raises AnewError for a file that is missing and as `parse_json` does.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise AnewError(
            "{file} does not exist.", "Name another file.", code="no-file", file=shown
        ) from None
    return parse_json(model, data, shown)


def parse_json(model: type[Model], data: bytes, shown: str) -> Model:
    """Return JSON as a `model`.

    Raises AnewError for what is too large or nested too deeply, is not JSON, has a key twice or
    holds a control character, and DataError, with the place, for all that does not fit the model;
    an unknown key is told with the nearest valid one.
    """
    if len(data) > MAX_BYTES:
        raise AnewError(
            "{file} is larger than {most:,} bytes.",
            "Name another file.",
            code="too-large",
            file=shown,
            most=MAX_BYTES,
        )

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for at, (key, _) in enumerate(pairs) if key in dict(pairs[:at]))
            raise AnewError(
                "{file}: the key {key!r} appears twice.",
                "Keep one of them.",
                code="duplicate-key",
                file=shown,
                key=twice,
            )
        return found

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique)
    except RecursionError:
        raise _too_deep(shown) from None
    except ValueError as error:
        raise AnewError(
            "{file} is not JSON: {error}.",
            "Name another file.",
            code="not-json",
            file=shown,
            error=error,
        ) from None
    places: dict[Path_, int] = {}
    for path, one in _walk(value):
        if len(path) > MAX_DEPTH:
            raise _too_deep(shown)
        for text in (one, path[-1] if path else ""):
            if isinstance(text, str) and (found := _CONTROL.search(text)):
                raise AnewError(
                    "{file}: control character U+{character:04X} in {text!r}.",
                    "Name another file.",
                    code="control-character",
                    file=shown,
                    character=ord(found[0]),
                    text=text[:60],
                )
        places[path] = 0  # JSON is told by its keys: it has no lines worth naming
    return checked(model, value, places, shown)


def _too_deep(shown: str) -> AnewError:
    return AnewError(
        "{file} is nested deeper than {most} levels.",
        "Name another file.",
        code="too-nested",
        file=shown,
        most=MAX_DEPTH,
    )


def _walk(value: Any) -> Iterator[tuple[Path_, Any]]:
    """Yield every part of a JSON value with its path, without recursion."""
    waiting: list[tuple[Path_, Any]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        yield path, one
        if len(path) <= MAX_DEPTH:
            if isinstance(one, dict):
                waiting += [((*path, key), part) for key, part in one.items()]
            elif isinstance(one, list):
                waiting += [((*path, number), part) for number, part in enumerate(one)]
