"""The metadata of a text: its layers by file, with line numbers, and how they merge.

As Quarto merges them: `_quarto.yml`, then every `_metadata.yml` on the way down to the document,
then the document's own front matter; in each of them what stands under the output format overrides
what stands beside it; maps are merged, lists are appended.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from anew.project.configuration import refuse_excess
from anew.project.errors import AnewError
from anew.project.texts import read_text
from anew.text.place import Place

_PARTS = re.compile("[,;，；、]")

#: Keys of a metadata file that are not metadata of a document.
STRUCTURE = ("project", "website", "format")

#: Keys that name files, relative to the metadata file that holds them.
PATHS = ("bibliography", "csl", "filters", "template-partials", "font-paths", "reference-doc")


@dataclass(frozen=True)
class Layer:
    """One metadata file, as written: `lines` gives the line of each key by its path."""

    file: str
    folder: Path
    values: Mapping[str, Any]
    lines: Mapping[tuple[str, ...], int]

    def place(self, *path: str) -> Place:
        """Return where the key at `path` stands, or the nearest key above it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path, 1))


def read_layers(stage: Path, folder: Path) -> list[Layer]:
    """Return the metadata files of `stage` that hold for a document in `folder`, in their order."""
    found = []
    for place, name in _metadata_files(stage, folder):
        path = place / name
        file = Path(os.path.relpath(path, stage)).as_posix()
        layer = parse_yaml(read_text(path, file), file, path.parent, 0)
        found += [layer] if layer is not None else []
    return found


def flatten(layers: Iterable[Layer], target: str) -> dict[str, Any]:
    """Return the metadata that `layers` give a document in the format `target`."""
    merged: dict[str, Any] = {}
    for layer in layers:
        formats = layer.values.get("format") or {}
        own = formats.get(target) if isinstance(formats, Mapping) else None
        flat = {k: v for k, v in layer.values.items() if k not in STRUCTURE}
        if isinstance(own, Mapping):
            flat = merge(flat, own)
        merged = merge(merged, {k: _rebase(k, v, layer.folder) for k, v in flat.items()})
    return merged


def listed(value: Any) -> list[str]:
    """Return keywords as a list, whether they were given as one or in a line."""
    if isinstance(value, list):
        return [str(item) for item in value]
    return [word for part in _PARTS.split(str(value or "")) if (word := part.strip())]


def merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `over` laid on `under`: maps merge, lists append, anything else is replaced."""
    result = dict(under)
    for key, value in over.items():
        old = result.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            result[key] = merge(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            result[key] = old + [item for item in value if item not in old]
        else:
            result[key] = value
    return result


def _metadata_files(stage: Path, folder: Path) -> list[tuple[Path, str]]:
    files = [(stage, "_quarto.yml")]
    below = folder.relative_to(stage).parts
    for depth in range(len(below) + 1):
        files.append((stage.joinpath(*below[:depth]), "_metadata.yml"))
    return [(place, name) for place, name in files if (place / name).is_file()]


@lru_cache(maxsize=64)
def parse_yaml(text: str, file: str, folder: Path, before: int) -> Layer | None:
    """Parse a metadata file; `before` is the number of lines above it in its file."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError

    refuse_excess(text, file, before)
    try:
        data = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.rstrip("\n").count("\n")
        line = min(mark.line if mark else 0, last) + 1 + before
        raise AnewError(
            "{file}:{line}: {problem}.",
            "Correct the YAML there.",
            code="not-yaml",
            file=file,
            line=line,
            problem=error.problem,
        ) from None
    if data is None:
        return None
    if not isinstance(data, Mapping):
        raise AnewError(
            "{file}:{line}: not a mapping of keys.",
            "Write key: value lines.",
            code="not-yaml",
            file=file,
            line=before + 1,
        )
    lines: dict[tuple[str, ...], int] = {(): before + 1}
    _key_lines(data, (), before, lines)
    return Layer(file, folder, _plain(data), lines)


def _key_lines(
    data: Any, path: tuple[str, ...], before: int, lines: dict[tuple[str, ...], int]
) -> None:
    items: Iterator[tuple[Any, Any]]
    if isinstance(data, Mapping):
        items = iter(data.items())
    elif isinstance(data, list):
        items = enumerate(data)
    else:
        return
    for key, value in items:
        here = (*path, str(key))
        known = data.lc.data or {}
        if key in known:
            lines[here] = known[key][0] + 1 + before
        _key_lines(value, here, before, lines)


def _plain(value: Any) -> Any:
    """Return plain Python values; dates stay as they are written."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return str(value)


def _rebase(key: str, value: Any, folder: Path) -> Any:
    """Return the files that `key` names as absolute paths."""
    if key not in PATHS:
        return value
    if isinstance(value, list):
        return [_rebase(key, item, folder) for item in value]
    if isinstance(value, Mapping):
        return {k: _rebase(key, v, folder) if k == "path" else v for k, v in value.items()}
    if isinstance(value, str) and (folder / value).exists():
        return str(folder / value)
    return value
