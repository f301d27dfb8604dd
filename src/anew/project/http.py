"""Downloads over https, limited in size, time and type, never led to a private network.

A name is resolved once; what is connected to is the address that was checked. `--insecure`, or
ANEW_LOOPBACK=1 in the environment, lets http addresses of this machine through, for a preview or a
test.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from anew.project.errors import AnewError, BuildError
from anew.project.partial import Partial
from anew.project.phrases import Phrase
from anew.project.resolution import NotPublic, Resolved, is_loopback

#: Seconds for a connection, and between two parts of an answer.
SILENCE = 30.0
REDIRECTS = 5
#: What is no data, whatever the address promised.
_PAGES = ("text/html", "application/xhtml+xml")
_MEDIA = ("image/", "audio/", "video/", "font/")
LOOPBACK = "ANEW_LOOPBACK"


@dataclass(frozen=True)
class Limits:
    """Bounds of one download: bytes, seconds in all, whether a page or picture will do."""

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


def get(url: str, limits: Limits = Limits(), partial: Partial | None = None) -> Answer:
    """Return what is at `url`; see `ask` for what is refused."""

    async def once() -> Answer:
        async with client() as session:
            return await ask(session, url, limits, partial=partial)

    return asyncio.run(once())


@asynccontextmanager
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Return a session in which many addresses can be asked for."""
    headers = {"User-Agent": "anew"}
    async with httpx.AsyncClient(transport=Resolved(), timeout=SILENCE, headers=headers) as session:
        yield session


async def ask(
    session: httpx.AsyncClient,
    url: str,
    limits: Limits = Limits(),
    *,
    same_host: bool = False,
    partial: Partial | None = None,
) -> Answer:
    """Return what is at `url`, following up to five redirects, with `same_host` within it only.

    What a broken download left in `partial` is continued if the file is still the same. Raises
    AnewError for an address that is not https; BuildError for an answer that is too large, too slow
    or a web page where data are expected, and for a redirect to plain http, to another kind of
    address or to a private network; NoAnswer when nothing answers.
    """
    _check_address(url)
    try:
        async with asyncio.timeout(limits.seconds):
            return await _ask(session, url, limits, same_host, partial)
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


async def _ask(
    session: httpx.AsyncClient, url: str, limits: Limits, same_host: bool, partial: Partial | None
) -> Answer:
    first = url
    headers = partial.request() if partial else {}
    public = False
    for _ in range(REDIRECTS + 1):
        try:
            async with session.stream(
                "GET", url, headers=headers, extensions={"public": public}
            ) as answer:
                if answer.next_request is not None:
                    url = str(answer.next_request.url)
                    public = _check_redirect(first, url, same_host)
                    continue
                return await _read(answer, url, limits, partial)
        except NotPublic:
            raise _led_away(first, url) from None
    raise BuildError(
        "{first} redirects more than {redirects} times.",
        "Check the address.",
        code="redirect",
        first=first,
        redirects=REDIRECTS,
    )


async def _read(
    answer: httpx.Response, url: str, limits: Limits, partial: Partial | None
) -> Answer:
    """Return an answer with its data, which `partial` keeps while they arrive."""
    continued = answer.status_code == 206 and partial is not None and partial.fits(answer.headers)
    if partial and not continued and answer.status_code in (206, 416):
        partial.drop()  # of another file, or of no part that was asked for
        raise NoAnswer(
            "{url} has changed while it was downloaded.",
            "Try again later.",
            code="no-answer",
            url=url,
        )
    if answer.status_code != 200 and not continued:
        return Answer(answer.status_code, answer.reason_phrase)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if not limits.pages and (kind in _PAGES or kind.startswith(_MEDIA)):
        if kind in _PAGES:
            raise BuildError(
                "{url} is a web page, not data.", "Check the address.", code="not-data", url=url
            )
        raise BuildError(
            "{url} is {kind}, not data.", "Check the address.", code="not-data", url=url, kind=kind
        )
    if partial and not continued:
        partial.begin(answer.headers)
    parts = [partial.read()] if partial and continued else []
    size = sum(map(len, parts))
    async for part in answer.aiter_bytes():
        size += len(part)
        if size > limits.size:
            if partial:
                partial.drop()
            raise BuildError(
                "{url} is larger than {size:,} bytes.",
                "Check the address.",
                code="too-large",
                url=url,
                size=limits.size,
            )
        parts.append(part)
        if partial:
            partial.append(part)
    if partial:
        partial.drop()
    return Answer(200, answer.reason_phrase, b"".join(parts))


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
    if parts.scheme == "https" or is_loopback(parts.hostname) and os.environ.get(LOOPBACK):
        return
    hint = Phrase("Use https://.")
    if is_loopback(parts.hostname):
        hint = Phrase("For a server on this machine add --insecure, or set ANEW_LOOPBACK=1.")
    raise AnewError("{url} is not an https address.", hint, code="not-web-address", url=url)


def _check_redirect(first: str, url: str, same_host: bool) -> bool:
    """Return whether a redirect leads to another host, which must be public, then.

    Raises BuildError for one that may not be followed.
    """
    begun, parts = urlsplit(first), urlsplit(url)
    if (begun.scheme, begun.netloc) == (parts.scheme, parts.netloc):
        return False
    if same_host:
        raise BuildError(
            "{first} redirects to another host: {url}.",
            "Name that address.",
            code="redirect",
            first=first,
            url=url,
        )
    if parts.scheme != "https" or not parts.hostname:
        raise _led_away(first, url)
    return True


def _led_away(first: str, url: str) -> BuildError:
    return BuildError(
        "{first} redirects to {url}, which is not a public https address.",
        "Check the address, or download the file by hand.",
        code="redirect",
        first=first,
        url=url,
    )
