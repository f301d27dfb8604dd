"""Writing a research object, zipped or as a folder: the same files, the same archive."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.writing import write_bytes
from anew.verify.bill import FILE as BILL
from anew.verify.bill import bill_text
from anew.verify.codecheck import FILE as CODECHECK
from anew.verify.codecheck import codecheck_text
from anew.verify.crate import METADATA, crate_metadata
from anew.verify.export import Contents

#: The time of every entry of an archive: the first that the format has.
_TIME = (1980, 1, 1, 0, 0, 0)

#: The rights of a file of an archive: it may be read and, a program, run.
_PLAIN, _PROGRAM = 0o100644, 0o100755


def write_crate(contents: Contents, target: Path) -> None:
    """Write the research object: zipped where `target` ends in .zip, as a new folder else.

    Raises AnewError for a folder that holds something already.
    """
    made = {
        METADATA: crate_metadata(contents),
        CODECHECK: codecheck_text(contents),
        BILL: bill_text(contents),
    }
    files = contents.files | {name: text.encode("utf-8") for name, text in made.items()}
    if target.suffix == ".zip":
        write_archive(target, files)
        return
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AnewError(
            "{target} exists already.",
            "Name a new folder, or a file named .zip.",
            code="name-taken",
            target=target,
        )
    for name, content in files.items():
        if isinstance(content, Path):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(content, target / name)
        else:
            write_bytes(target / name, content)


def write_archive(target: Path, files: Mapping[str, Path | bytes]) -> None:
    """Write a zip of `files` by name, sorted, whole or not at all; the same files, the same bytes.

    Nothing of this machine is in it: no clock, no owner, permissions of two kinds only. Equal bytes
    need the same zlib, as every deflated archive does.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
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
    finally:
        part.unlink(missing_ok=True)
