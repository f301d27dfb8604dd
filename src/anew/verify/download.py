"""Downloading a site: its manifest, then the files that the manifest names, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlsplit

import httpx

from anew.build.manifest import NAME
from anew.project.errors import AnewError, BuildError

#: The bounds of what is taken: of the manifest, of one file, of all, and how many files.
MANIFEST_BYTES = 16 << 20
FILE_BYTES = 64 << 20
SITE_BYTES = 512 << 20
FILES = 5000
#: A file of a site: letters and digits of any language, and the marks that its names have.
_NAME = re.compile(r"[\w./ +,()@~-]{1,400}")
TIMEOUT = 30.0
AT_ONCE = 4


def download_site(address: str, folder: Path, place: str = "") -> None:
    """Put the site at `address` into `folder`; a file that it names and lacks is not there then.

    `place` is where an edition would be below it; where there is none, the site itself is taken.
    Redirections are followed within the host only. Raises AnewError for an address that is no site,
    BuildError when it does not answer or is larger than it may be.
    """
    root = address.rstrip("/").removesuffix(f"/{NAME}").removesuffix("/index.html")
    with _client() as client:
        found = None
        for base in dict.fromkeys(filter(None, (place and f"{root}/{place}", root))):
            found = _get(client, f"{base}/{NAME}", MANIFEST_BYTES)
            if found is not None:
                break
        if found is None:
            raise AnewError(f"{root}/{NAME} is not there.", "Name the address of a site's root.")
        names = _names(found, address)
        folder.mkdir(parents=True)
        (folder / NAME).write_bytes(found)
        _take(client, base, names, folder, address)


def _take(
    client: httpx.Client, base: str, names: list[str], folder: Path, address: str
) -> None:
    """Write each file of a site that is there into `folder`."""

    def take(name: str) -> int:
        data = _get(client, f"{base}/{quote(name)}")
        if data is None:
            return 0
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return len(data)

    total = 0
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        for size in pool.map(take, names):
            total += size
            if total > SITE_BYTES:
                raise BuildError(f"{address} is larger than {SITE_BYTES:,} bytes.")
    except OSError as error:
        raise BuildError(f"{address}: a file that it names cannot be kept: {error}.") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _names(manifest: bytes, address: str) -> list[str]:
    """Return the files that a manifest names; raise AnewError for one that could lie elsewhere."""
    try:
        names = sorted(json.loads(manifest)["files"])
    except (ValueError, KeyError, TypeError):
        raise AnewError(f"{address}: {NAME} is not a manifest.", "Name a site's root.") from None
    if len(names) > FILES:
        raise AnewError(f"{address}: {NAME} names {len(names)} files.", f"At most {FILES}.")
    for name in names:
        parts = PurePosixPath(name).parts
        safe = parts and not name.startswith("/") and not {"..", ".", ""} & set(name.split("/"))
        if not safe or name == NAME or not _NAME.fullmatch(name):
            raise AnewError(f"{address}: {NAME} names {name!r}, which is no file of a site.", "")
    return names


@contextmanager
def _client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=TIMEOUT, headers={"User-Agent": "anew"}) as client:
        yield client


def _get(client: httpx.Client, url: str, limit: int = FILE_BYTES) -> bytes | None:
    """Return what is at `url`, None where there is nothing; raise BuildError for anything else."""
    host = urlsplit(url).netloc
    for _ in range(5):
        try:
            with client.stream("GET", url) as answer:
                if answer.has_redirect_location:
                    target = answer.next_request
                    if target is None or urlsplit(str(target.url)).netloc != host:
                        raise BuildError(f"{url} leads to another host.", "Name that one.")
                    url = str(target.url)
                    continue
                if answer.status_code in (404, 410):
                    return None
                if answer.status_code != 200:
                    raise BuildError(f"{url} answered {answer.status_code}.", "Try again later.")
                parts, size = [], 0
                for part in answer.iter_bytes():
                    size += len(part)
                    if size > limit:
                        raise BuildError(f"{url} is larger than {limit:,} bytes.", "")
                    parts.append(part)
                return b"".join(parts)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BuildError(f"{url} could not be had: {error or type(error).__name__}.") from None
    raise BuildError(f"{url} leads from one address to another without end.")
