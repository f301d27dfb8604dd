"""Insertion: adding an entry to a configuration file without changing its other lines.

ruamel.yaml writes the new lines; the rest of the file is not written again, so comments, order and
line breaks stay, and a diff shows what was added. The result is read back and compared.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from anew.project.configuration import read_yaml
from anew.project.errors import AnewError


def insert(
    file: Path, shown: str, path: tuple[str, ...], key: str, entry: Mapping[str, Any]
) -> str:
    """Return the text of `file` with `key: entry` added as the last item of the mapping at `path`.

    Raises AnewError when the mapping is not written as a block, one item a line, or has the key.
    """
    before, lines = read_yaml(file, shown)
    if path not in lines and path[:-1] in lines:  # the mapping itself is still to be written
        return insert(file, shown, path[:-1], path[-1], {key: entry})
    mapping = _at(before, path)
    if not isinstance(mapping, dict):
        raise AnewError(
            "{file} has no {path}.",
            "Restore it from the history.",
            code="missing-key",
            file=shown,
            path=".".join(path),
        )
    if key in mapping:
        raise AnewError(
            "{file} has {key} already.",
            "Choose another name.",
            code="name-taken",
            file=shown,
            key=".".join((*path, key)),
        )
    text = file.read_bytes().decode("utf-8")
    newline = "\r\n" if "\r\n" in text else "\n"
    if not text.endswith("\n"):
        text += newline
    written = text.splitlines(keepends=True)
    if mapping:
        last = lines[(*path, list(mapping)[-1])] - 1
        indent = _indent(written[last])
        end = _end(written, last, indent)
        if not written[last].lstrip().startswith(("'", '"', *_starts(list(mapping)[-1]))):
            raise _not_block(shown, path)
    else:
        last = lines[path] - 1
        head, brace, tail = written[last].partition("{}")
        if brace:
            written[last] = head.rstrip() + tail
        elif not written[last].rstrip().endswith(":"):
            raise _not_block(shown, path)
        indent = _indent(written[last]) + 2
        end = last + 1
    block = _block(key, entry, indent).replace("\n", newline)
    after = "".join([*written[:end], block, *written[end:]])
    _verify(after, before, path, key, entry, shown)
    return after


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data if data is not None else {}


def _starts(key: str) -> tuple[str, ...]:
    return (f"{key}:", f"{key} :")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _end(lines: list[str], start: int, indent: int) -> int:
    """Return the line after the item that begins at `start`, before blank lines and comments."""
    end = start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip():
            continue
        if _indent(line) <= indent:
            break
        end = number + 1
    return end


def _block(key: str, entry: Mapping[str, Any], indent: int) -> str:
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096  # a string is not broken: the break would be a space too many
    yaml.allow_unicode = True
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump({key: _styled(entry)}, out)
    space = " " * indent
    return "".join(f"{space}{line}\n" if line else "\n" for line in out.getvalue().splitlines())


def _styled(value: Any, depth: int = 0) -> Any:
    """Return a mapping or list as ruamel writes it: short and flat ones on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping):
        styled = CommentedMap((key, _styled(item, depth + 1)) for key, item in value.items())
        flat = not any(isinstance(item, Mapping) for item in value.values())
        if depth and flat and len(str(dict(value))) < 90 and len(value) <= 4:
            styled.fa.set_flow_style()
        return styled
    if isinstance(value, list):
        items = CommentedSeq(_styled(item, depth + 1) for item in value)
        items.fa.set_flow_style()
        return items
    return value


def _verify(
    text: str,
    before: Any,
    path: tuple[str, ...],
    key: str,
    entry: Mapping[str, Any],
    shown: str,
) -> None:
    """Raise AnewError unless `text` holds the old content and the new entry."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder) / "trial.yml"
        trial.write_bytes(text.encode("utf-8"))
        after, _ = read_yaml(trial, shown)
    added = _at(after, path).pop(key, None)
    if _plain(added) != _plain(entry) or (after != before and _at(before, path)):
        raise AnewError(
            "{file}: the entry {key} could not be added without changing others.",
            "Add it by hand under {path}.",
            code="not-inserted",
            file=shown,
            key=key,
            path=".".join(path),
        )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _not_block(shown: str, path: tuple[str, ...]) -> AnewError:
    return AnewError(
        "{file}: {path} is not written one item a line.",
        "Write it so, and try again.",
        code="not-inserted",
        file=shown,
        path=".".join(path),
    )
