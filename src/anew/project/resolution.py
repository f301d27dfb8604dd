"""Where a name leads: resolved once, checked, and connected to at the very address checked.

A name whose owner changes its address between the check and the connection (DNS rebinding) leads
nowhere else.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.request import getproxies, proxy_bypass

import httpx


class NotPublic(Exception):
    """A name that must lead to a public address leads elsewhere."""


class Resolved(httpx.AsyncBaseTransport):
    """Sends requests to addresses that were checked; one with `public` only to public ones.

    Behind a proxy it is the proxy that resolves names; a name known here is checked all the same.
    """

    def __init__(self) -> None:
        self._addresses: dict[tuple[str, int], list[str]] = {}
        # one for each host: no host is answered on the connection, and with the certificate, of
        # another at the same address
        self._routes: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. Raises NotPublic; httpx.ConnectError for a name without address."""
        host, proxy = request.url.host, _proxy(request.url)
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            found = await self._resolve(host, port)
        except OSError as error:
            if proxy is None:
                raise httpx.ConnectError(error.strerror or str(error), request=request) from None
            found = []
        if request.extensions.get("public") and not all(map(_is_public, found)):
            raise NotPublic(host)
        route = self._route(host, proxy)
        if proxy is not None:
            return await route.handle_async_request(request)
        for address in found[:-1]:
            try:
                return await route.handle_async_request(_sent_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await route.handle_async_request(_sent_to(found[-1], request))

    async def aclose(self) -> None:
        """Close every connection."""
        for route in self._routes.values():
            await route.aclose()

    async def _resolve(self, host: str, port: int) -> list[str]:
        """Return the addresses of a host, as they were when it was first asked for."""
        if (host, port) not in self._addresses:
            loop = asyncio.get_running_loop()
            told = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            self._addresses[host, port] = list(dict.fromkeys(str(one[4][0]) for one in told))
        return self._addresses[host, port]

    def _route(self, host: str, proxy: str | None) -> httpx.AsyncHTTPTransport:
        if host not in self._routes:
            self._routes[host] = httpx.AsyncHTTPTransport(proxy=proxy)
        return self._routes[host]


def _sent_to(address: str, request: httpx.Request) -> httpx.Request:
    """Return a request for the host of `request`, by name and certificate, at an address."""
    extensions = {**request.extensions, "sni_hostname": request.url.host}
    return httpx.Request(
        request.method, request.url.copy_with(host=address.partition("%")[0]),
        headers=request.headers, stream=request.stream, extensions=extensions,
    )  # fmt: skip


def _proxy(url: httpx.URL) -> str | None:
    """Return the proxy of the environment that a request goes through."""
    proxies = getproxies()
    found = proxies.get(url.scheme) or proxies.get("all")
    if not found or is_loopback(url.host) or proxy_bypass(url.host):
        return None
    return found if "://" in found else f"http://{found}"


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by its name or address alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_global) and not found.is_multicast
