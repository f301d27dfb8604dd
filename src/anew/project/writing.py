"""Files as this project writes them: whole or not at all, and touched only when they change."""

from __future__ import annotations

import json
from pathlib import Path


def dump(value: object) -> str:
    """Return JSON as this project writes it: indented, as Unicode, with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write_bytes(path: Path, data: bytes) -> Path:
    """Write `data` if the file does not hold it already, whole or not at all; return `path`."""
    if not path.is_file() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        part.write_bytes(data)
        part.replace(path)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write `text` as UTF-8 with line feeds, as `write_bytes` does; return `path`."""
    return write_bytes(path, text.encode("utf-8"))


def copy_if_changed(source: Path, target: Path) -> None:
    """Copy a file unless the target already holds the same bytes."""
    write_bytes(target, source.read_bytes())
