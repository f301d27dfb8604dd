"""Downloading a site: its manifest, then the files that the manifest names, and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import httpx

from anew.project.errors import AnewError, BuildError
from anew.project.foreign import parse_json
from anew.project.http import Limits, ask, client
from anew.project.manifest import NAME, Manifest
from anew.project.writing import sha256, write_bytes

#: The bounds of what is taken: bytes of the manifest, of one file, of all, and how many files.
MANIFEST_BYTES = 16 << 20
FILE_BYTES = 64 << 20
SITE_BYTES = 512 << 20
FILES = 5000
#: … and seconds for one file, and for all.
FILE_SECONDS = 120.0
SITE_SECONDS = 1200.0
AT_ONCE = 4


def download_site(address: str, folder: Path, place: str = "", kept: Path | None = None) -> None:
    """Download the site at `address` into `folder`; files missing on the server are left out.

    `place` is where an edition would be below it; where there is none, the site itself is taken.
    What arrived when it broke off waits below `kept`: the next time, files that have the hash that
    the manifest states are not asked for again. Redirects are followed within the host only. Raises
    AnewError for an address that is no site or whose manifest is not sound, BuildError when it does
    not answer in time or is too large.
    """
    root = address.rstrip("/").removesuffix(f"/{NAME}").removesuffix("/index.html")
    bases = dict.fromkeys(filter(None, (place and f"{root}/{place}", root)))

    async def whole() -> None:
        try:
            async with asyncio.timeout(SITE_SECONDS), client() as session:
                await _download(session, list(bases), waiting)
        except TimeoutError:
            raise BuildError(
                "{address} took longer than {seconds:g} s.",
                "Try again later.",
                code="no-answer",
                address=address,
                seconds=SITE_SECONDS,
            ) from None

    waiting = folder if kept is None else kept / hashlib.sha256(address.encode()).hexdigest()[:16]
    asyncio.run(whole())
    if waiting != folder:
        shutil.move(waiting, folder)


async def _download(session: httpx.AsyncClient, bases: Sequence[str], folder: Path) -> None:
    for base in bases:
        found = await _get(session, f"{base}/{NAME}", Limits(MANIFEST_BYTES, FILE_SECONDS))
        if found is not None:
            break
    else:
        raise AnewError(
            "{base}/{name} does not exist.",
            "Name the address of a site's root.",
            code="not-a-site",
            base=bases[-1],
            name=NAME,
        )
    recorded = parse_json(Manifest, found, f"{base}/{NAME}").files
    names = list(recorded)
    if len(names) > FILES:
        raise AnewError(
            "{base}/{name} names {count} files.",
            "At most {most}.",
            code="too-large",
            base=base,
            name=NAME,
            count=len(names),
            most=FILES,
        )
    write_bytes(folder / NAME, found)
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        name = path.relative_to(folder).as_posix()
        if name != NAME and sha256(path) != recorded.get(name):
            path.unlink()
    here = {name for name in names if (folder / name).is_file()}
    turn = asyncio.Semaphore(AT_ONCE)
    total = sum((folder / name).stat().st_size for name in here)

    async def take(name: str) -> None:
        nonlocal total
        async with turn:
            limits = Limits(FILE_BYTES, FILE_SECONDS, pages=True)
            data = await _get(session, f"{base}/{quote(name)}", limits)
        if data is None:
            return
        total += len(data)
        if total > SITE_BYTES:
            raise BuildError(
                "{base} is larger than {most:,} bytes.",
                "Name another site.",
                code="too-large",
                base=base,
                most=SITE_BYTES,
            )
        try:
            write_bytes(folder / name, data)
        except OSError as error:  # a file of the name of a folder, a name too long
            raise BuildError(
                "{base}/{name} cannot be saved: {reason}.",
                code="no-download",
                base=base,
                name=name,
                reason=error.strerror,
            ) from None

    try:
        async with asyncio.TaskGroup() as group:
            for name in (name for name in names if name not in here):
                group.create_task(take(name))
    except* AnewError as errors:
        raise errors.exceptions[0] from None


async def _get(session: httpx.AsyncClient, url: str, limits: Limits) -> bytes | None:
    """Return what is at `url`, None where there is nothing; raise BuildError for anything else."""
    answer = await ask(session, url, limits, same_host=True)
    if answer.status in (404, 410):
        return None
    if answer.status != 200:
        raise BuildError(
            "{url} answered {status} {reason}.",
            "Try again later.",
            code="no-answer",
            url=url,
            status=answer.status,
            reason=answer.reason,
        )
    return answer.data
