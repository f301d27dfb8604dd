"""Downloads over https, limited in size, time and type, never from a private network.

Set ANEW_LOOPBACK=1 in the environment to let http addresses of this machine through, for a preview
or a test.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from anew.project.errors import AnewError, BuildError
from anew.project.phrases import Phrase

#: Seconds for a connection, and between two parts of an answer.
SILENCE = 30.0
REDIRECTS = 5
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True)
class Limits:
    """Bounds of one download: bytes, seconds in all, whether a web page may be the answer."""

    size: int = 100 << 20
    seconds: float = 300.0
    pages: bool = False


@dataclass(frozen=True)
class Answer:
    """What a server answered; `data` is empty unless the status is 200."""

    status: int
    reason: str
    data: bytes = b""


class NoAnswer(BuildError):
    """The server could not be reached or closed the connection; a retry may help."""


def get(url: str, limits: Limits = Limits()) -> Answer:
    """Return what is at `url`; see `ask` for what is refused."""

    async def once() -> Answer:
        async with client() as session:
            return await ask(session, url, limits)

    return asyncio.run(once())


@asynccontextmanager
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Return a session in which many addresses can be asked for."""
    async with httpx.AsyncClient(timeout=SILENCE, headers={"User-Agent": "anew"}) as session:
        yield session


async def ask(
    session: httpx.AsyncClient, url: str, limits: Limits = Limits(), *, same_host: bool = False
) -> Answer:
    """Return what is at `url`, following up to five redirects, with `same_host` within it only.

    Raises AnewError for an address that is not https; BuildError for an answer that is too large,
    too slow or a web page where data are expected, and for a redirect to plain http, to another
    kind of address or to a private network; NoAnswer when nothing answers.
    """
    _check_address(url)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _ask(session, url, limits, same_host)
    except TimeoutError:
        raise BuildError(
            "{url} took longer than {seconds:g} s.",
            "Try again later.",
            code="no-answer",
            url=url,
            seconds=limits.seconds,
        ) from None
    except httpx.TransportError as error:
        raise NoAnswer(
            "{url} does not answer: {error}.",
            "Try again later.",
            code="no-answer",
            url=url,
            error=str(error) or type(error).__name__,
        ) from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise BuildError(
            "{url} cannot be downloaded: {error}.", code="no-download", url=url, error=error
        ) from None


async def _ask(session: httpx.AsyncClient, url: str, limits: Limits, same_host: bool) -> Answer:
    first = url
    for _ in range(REDIRECTS + 1):
        async with session.stream("GET", url) as answer:
            if answer.next_request is not None:
                url = str(answer.next_request.url)
                await _check_redirect(first, url, same_host)
                continue
            if answer.status_code != 200:
                return Answer(answer.status_code, answer.reason_phrase)
            kind = answer.headers.get("content-type", "").partition(";")[0].strip().casefold()
            if kind in _PAGES and not limits.pages:
                raise BuildError(
                    "{url} is a web page, not data.", "Check the address.", code="not-data", url=url
                )
            parts, size = [], 0
            async for part in answer.aiter_bytes():
                size += len(part)
                if size > limits.size:
                    raise BuildError(
                        "{url} is larger than {size:,} bytes.",
                        "Check the address.",
                        code="too-large",
                        url=url,
                        size=limits.size,
                    )
                parts.append(part)
            return Answer(200, answer.reason_phrase, b"".join(parts))
    raise BuildError(
        "{first} redirects more than {redirects} times.",
        "Check the address.",
        code="redirect",
        first=first,
        redirects=REDIRECTS,
    )


def _check_address(url: str) -> None:
    """Raise AnewError unless `url` is an address that may be downloaded."""
    try:
        parts = urlsplit(url)
    except ValueError:  # http://[x]/
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AnewError(
            "{url!r} is not a web address.",
            "Give one that begins with https://.",
            code="not-web-address",
            url=url,
        )
    if parts.scheme == "https" or _loopback(parts.hostname) and os.environ.get("ANEW_LOOPBACK"):
        return
    hint = Phrase("Use https://.")
    if _loopback(parts.hostname):
        hint = Phrase("For a server on this machine set ANEW_LOOPBACK=1 in the environment.")
    raise AnewError("{url} is not an https address.", hint, code="not-web-address", url=url)


async def _check_redirect(first: str, url: str, same_host: bool) -> None:
    """Raise BuildError unless a redirect may be followed."""
    begun, parts = urlsplit(first), urlsplit(url)
    if (begun.scheme, begun.netloc) == (parts.scheme, parts.netloc):
        return
    if same_host:
        raise BuildError(
            "{first} redirects to another host: {url}.",
            "Name that address.",
            code="redirect",
            first=first,
            url=url,
        )
    if parts.scheme != "https" or not parts.hostname or await _private(parts.hostname):
        raise BuildError(
            "{first} redirects to {url}, which is not a public https address.",
            "Check the address, or download the file by hand.",
            code="redirect",
            first=first,
            url=url,
        )


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _private(host: str) -> bool:
    """Return whether a name leads to an address that is not public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        return False  # unknown here; a proxy may know it, else connecting fails
    addresses = {str(one[4][0]).partition("%")[0] for one in found}
    return not all(ipaddress.ip_address(address).is_global for address in addresses)
