"""Atomic publication of a site."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anew.project.errors import AnewError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


#: What a sweep leaves beside its index, as a site has a manifest.
SWEPT = "sweep.json"


def publish(new: Path, site: Path) -> None:
    """Replace `site` with the finished folder `new`, in one step where the system can.

    On Linux the two folders change names in one system call, so that a reader (or a server)
    never sees half of either; elsewhere the old one is moved aside first. `new` is gone
    afterwards. Raises AnewError when `site` exists and is not a site that a build wrote.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    if not os.path.lexists(site):
        new.rename(site)
        return
    refuse_foreign(site)
    if _exchange(new, site):
        shutil.rmtree(new)
        return
    aside = site.with_name(f".{site.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    site.rename(aside)
    try:
        new.rename(site)
    except OSError:
        aside.rename(site)
        raise
    shutil.rmtree(aside)


def refuse_foreign(site: Path) -> None:
    """Raise AnewError when a build would replace a folder that it did not write."""
    if not os.path.lexists(site):
        return
    if site.is_symlink() or not site.is_dir():
        raise AnewError(
            "{folder} is not a folder.",
            "Choose another --output.",
            code="foreign-folder",
            folder=site,
        )
    written = [site / name for name in ("manifest.json", SWEPT)]
    if any(site.iterdir()) and not any(path.is_file() for path in written):
        raise AnewError(
            "{folder} was not written by a build (it has no manifest.json).",
            "A build replaces its whole output folder: choose an empty or a new one.",
            code="foreign-folder",
            folder=site,
        )


@contextmanager
def staging_folder(site: Path) -> Iterator[Path]:
    """Yield an empty folder beside `site`, on the same file system, to assemble the site in.

    It is removed at the end, as are those left by killed builds.
    """
    site.parent.mkdir(parents=True, exist_ok=True)
    for left in site.parent.glob(f".{site.name}.new-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = site.with_name(f".{site.name}.new-{os.getpid()}")
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically; return False where the system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False  # an old kernel, or a file system that cannot
    raise OSError(code, os.strerror(code), str(other))
