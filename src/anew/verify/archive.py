"""Packing: the same files make the same archive, byte for byte."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

#: The time that every entry bears: the first that the format has.
_TIME = (1980, 1, 1, 0, 0, 0)

#: What a file of an archive may be read and, if it is a program, run by.
_PLAIN, _PROGRAM = 0o100644, 0o100755


def write_archive(target: Path, files: Mapping[str, Path | bytes]) -> None:
    """Write a zip of `files` by name, sorted, whole or not at all.

    Nothing of this machine is in it: no clock, no owner, permissions of two kinds only. Equal bytes
    need the same zlib, as every deflated archive does.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            program = isinstance(content, Path) and os.access(content, os.X_OK)
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = (_PROGRAM if program else _PLAIN) << 16
            data = content.read_bytes() if isinstance(content, Path) else content
            archive.writestr(entry, data, compresslevel=9)
    part.replace(target)
