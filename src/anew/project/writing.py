"""Writing files: atomically, and only when their content changes."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR
from typing import Any


def dump(value: object) -> str:
    """Return JSON as this project writes it: indented, as Unicode, with a line end."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write_bytes(path: Path, data: bytes, *, replace_folder: bool = False) -> Path:
    """Write `data` if the file does not hold it already, whole or not at all; return `path`.

    With `replace_folder`, for the build folder alone, a folder that stands there is removed.
    """
    if not path.is_file() or path.read_bytes() != data:
        if replace_folder:
            make_room(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path, data) as part:
            part.replace(path)
    return path


def create(path: Path, data: bytes) -> None:
    """Write a file that is not there, whole or not at all; raise FileExistsError if it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path, data) as part:
        try:
            os.link(part, path)
        except FileExistsError:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        except OSError:  # a file system without links
            with path.open("xb"):
                part.replace(path)


@contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    """Yield a file beside `path` that holds `data`; it is gone at the end. Errors name `path`."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        yield part
    except FileExistsError:
        raise
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    finally:
        part.unlink(missing_ok=True)


def remove_left(folder: Path) -> None:
    """Remove the unfinished files in a folder that processes left which run no more."""
    for part in folder.rglob("*.part"):
        pid = part.suffixes[-2][1:] if len(part.suffixes) > 1 else ""
        if pid.isdigit() and part.is_file() and not runs(int(pid)):
            part.unlink(missing_ok=True)


def runs(pid: int) -> bool:
    """Return whether another process with this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return pid != os.getpid()


def write_text(path: Path, text: str) -> Path:
    """Write `text` as UTF-8 with line feeds, as `write_bytes` does; return `path`."""
    return write_bytes(path, text.encode("utf-8"))


def copy_if_changed(source: Path, target: Path) -> None:
    """Copy a file unless the target already holds the same bytes."""
    write_bytes(target, source.read_bytes())


def make_room(path: Path) -> None:
    """Remove what keeps a file from being written at `path`: a folder there, a file above it."""
    for above in path.parents:
        try:
            found = above.lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        if above.is_dir():
            break
        if not S_ISDIR(found.st_mode):
            above.unlink()
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def sealed(content: Any) -> bytes:
    """Return `content` as JSON with its own digest, so that damage is noticed when it is read."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return f"{digest}\n{text}\n".encode()


def unsealed(data: bytes) -> Any:
    """Return what `sealed` wrote. Raises ValueError when the data were damaged."""
    digest, _, text = data.partition(b"\n")
    if hashlib.sha256(text.removesuffix(b"\n")).hexdigest().encode() != digest:
        raise ValueError("the digest does not match")
    return json.loads(text)
