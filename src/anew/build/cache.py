"""A cache that machines share: results of steps by all that decided them, files by their hash.

An address is a folder or any that fsspec knows (`s3://bucket/anew`). A result is used where the
step, its settings, the engine and every input are the same; its files are verified by hash as they
are read. Who can write to a cache decides what others build from it, so that a reproduction never
uses one, and a pull request only reads.

A folder is kept below a size: a build that put something in removes what was used least recently.
In a bucket its own rules of expiry do that. A result of which a file is gone is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from anew.build.contents import Contents, list_contents, put_contents
from anew.build.records import Record
from anew.project.errors import AnewError

#: Where a build is told of the cache: its address, that it may only be read, and its size in MB.
ADDRESS, READ_ONLY, LIMIT = "ANEW_CACHE", "ANEW_CACHE_READ_ONLY", "ANEW_CACHE_LIMIT"

#: How much a folder may hold, in MB.
LIMIT_MB = 5000

#: Kinds of address that obstore opens, if it is installed.
_BUCKETS = ("s3", "s3a", "gs", "gcs", "az", "abfs")

#: What a cache calls its files: nothing else in its folder is ever removed.
_OURS = re.compile(r"(steps/[0-9a-f]{64}\.json|files/[0-9a-f]{2}/[0-9a-f]{64})(\.\d+\.\d+\.part)?")

#: Results that are kept of one step with the same declared inputs; what it found itself differs.
_KEPT = 8
#: The engine's own machine: fonts and libraries of another may draw other pixels.
MACHINE = f"{sys.platform} {platform.machine()} {sys.version_info.major}.{sys.version_info.minor}"


class Cache:
    """Results of steps at an address."""

    def __init__(self, address: str, read_only: bool = False, limit_mb: int = LIMIT_MB) -> None:
        import fsspec  # type: ignore[import-untyped]  # slow to load, and few builds have a cache

        if (kind := address.partition("://")[0]) in _BUCKETS:
            with suppress(ImportError):  # another library may know the address
                from obstore.fsspec import register

                register(kind)
        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as error:
            raise AnewError(
                "The cache {address} cannot be used: {error}.",
                "Name a folder, or install what its kind of address needs: pip install 'anew[s3]'.",
                code="no-cache",
                address=address,
                error=error,
            ) from None
        self.read_only, self.limit = read_only, limit_mb * 1_000_000
        self.stored = False
        self.fetched: list[str] = []
        self.fault = ""

    def fetch(
        self,
        step: str,
        settings: Mapping[str, object],
        inputs: Mapping[str, str],
        digest: Callable[[str], str],
        made: Sequence[str],
        root: Path,
    ) -> Record | None:
        """Put the outputs of a step in their places, and return its record; None if unknown.

        `inputs` are the digests of the declared inputs, and `digest` gives that of any other that
        the step found itself. Nothing is changed unless every file is there and is what the cache
        says of it.
        """
        for record in self._candidates(_key(step, settings, inputs, made)):
            if any(digest(name) != known for name, known in record["found"].items()):
                continue
            contents = Contents(record["files"], record["folders"])
            if put_contents(contents, root, made, self.blob):
                self._used(f"steps/{_key(step, settings, inputs, made)}.json")
                for known in contents.files.values():
                    self._used(place_of(known))
                self.fetched.append(step)
                return Record(step, settings, inputs, record["found"], record["outputs"])
        return None

    def store(self, record: Record, root: Path) -> None:
        """Keep what a step made; a cache that cannot be written to is left as it is."""
        if self.read_only or self.fault:
            return
        contents = list_contents(root, record.outputs, self.keep)
        key = _key(record.step, record.settings, record.inputs, list(record.outputs))
        entry = {
            "found": dict(record.found), "outputs": dict(record.outputs),
            "files": contents.files, "folders": contents.folders,
        }  # fmt: skip
        others = [one for one in self._candidates(key) if one["found"] != entry["found"]]
        self._write(f"steps/{key}.json", json.dumps([entry, *others][:_KEPT]).encode())
        self.stored = True

    def tidy(self) -> None:
        """Remove what was used least recently from a folder that has grown beyond its limit."""
        if not self.stored or self.fault or "file" not in self._protocols():
            return
        root = Path(self._root)
        found = []
        for path in [*root.glob("steps/*"), *root.glob("files/*/*")]:
            with suppress(OSError):  # another build may be removing it
                if path.is_file() and _OURS.fullmatch(path.relative_to(root).as_posix()):
                    found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
        size = sum(one for _, one, _ in found)
        for _, one, path in sorted(found, key=lambda each: each[0]):
            if size <= self.limit:
                return
            with suppress(OSError):
                path.unlink()
            size -= one

    def _candidates(self, key: str) -> list[dict[str, Any]]:
        data = self._read(f"steps/{key}.json")
        try:
            found: list[dict[str, Any]] = json.loads(data) if data else []
            return [one for one in found if _sound(one)]
        except (ValueError, TypeError):
            return []  # half written, or damaged

    def blob(self, sha256: str) -> bytes | None:
        """Return the file with a hash, verified; None if it is not there, or damaged."""
        data = self._read(place_of(sha256))
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha256 else None

    def keep(self, data: bytes) -> str:
        """Keep a file; return its hash."""
        sha256 = hashlib.sha256(data).hexdigest()
        name = place_of(sha256)
        if not self.fault and self._read_size(name) != len(data):
            self._write(name, data)
        self._used(name)
        return sha256

    def _used(self, name: str) -> None:
        """Note that a file was used now, where a folder is kept below its limit."""
        if not self.read_only and "file" in self._protocols():
            with suppress(OSError):
                os.utime(f"{self._root}/{name}")

    def _read(self, name: str) -> bytes | None:
        if self.fault:
            return None
        try:
            data: bytes = self._files.cat_file(f"{self._root}/{name}")
            return data
        except FileNotFoundError:
            return None
        except Exception as error:  # whatever the library of an address raises
            self._give_up(error)
            return None

    def _read_size(self, name: str) -> int | None:
        try:
            size: int = self._files.size(f"{self._root}/{name}")
            return size
        except Exception:
            return None

    def _write(self, name: str, data: bytes) -> None:
        path = f"{self._root}/{name}"
        try:
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            if "file" in self._protocols():  # whole or not at all, as an object store does it
                part = f"{path}.{os.getpid()}.{threading.get_ident()}.part"
                try:
                    self._files.pipe_file(part, data)
                    os.replace(part, path)
                except BaseException:
                    Path(part).unlink(missing_ok=True)
                    raise
            else:
                self._files.pipe_file(path, data)
        except Exception as error:
            self._give_up(error)

    def _protocols(self) -> Sequence[str]:
        protocol = self._files.protocol
        return (protocol,) if isinstance(protocol, str) else tuple(protocol)

    def _give_up(self, error: Exception) -> None:
        """Do without the cache from now on; a build never fails for it."""
        self.fault = f"{type(error).__name__}: {error}".splitlines()[0][:200]


def cache_of_environment() -> Cache | None:
    """Return the cache that this process was told of, if any."""
    address = os.environ.get(ADDRESS)
    if not address:
        return None
    limit = os.environ.get(LIMIT) or str(LIMIT_MB)
    if not limit.isdecimal():
        raise AnewError(
            "{name}={value} is not a number of megabytes.",
            "Write {name}=5000.",
            code="not-a-number",
            name=LIMIT,
            value=limit,
        )
    return Cache(address, os.environ.get(READ_ONLY) == "1", int(limit))


def place_of(sha256: str) -> str:
    """Return where a cache keeps the file with a hash."""
    return f"files/{sha256[:2]}/{sha256}"


def _key(
    step: str, settings: Mapping[str, object], inputs: Mapping[str, str], made: Sequence[str]
) -> str:
    """Return a hash of all that decides a step, wherever the project and its environment are."""
    named = {_moved(name): digest for name, digest in inputs.items()}
    told = [MACHINE, step, settings, named, sorted(made)]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _moved(name: str) -> str:
    """Return the name of an input outside the project as seen from its environment."""
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(sys.prefix):
        return f"environment/{path.relative_to(sys.prefix).as_posix()}"
    return name


def _sound(entry: object) -> bool:
    """Return whether an entry has the shape of one, and no file outside the project."""
    if not isinstance(entry, dict):
        return False
    parts = [entry.get(key) for key in ("found", "outputs", "files", "folders")]
    if not all(isinstance(part, dict) for part in parts):
        return False
    names = [name for part in parts[1:] for name in part]  # type: ignore[union-attr]
    return all(not Path(name).is_absolute() and ".." not in Path(name).parts for name in names)
