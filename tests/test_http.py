"""Downloads, against servers on this machine that behave badly."""

from __future__ import annotations

import asyncio
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from anew.project import http
from anew.project.errors import AnewError, BuildError
from anew.project.http import Limits, get


class Server:
    """A server on this machine; `answer` writes the whole answer of a request."""

    def __init__(self) -> None:
        server = self
        self.stop = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}/x"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def redirect(self, target: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(302)
            request.send_header("Location", target)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.answer = answer

    def say(self, data: bytes, kind: str = "text/csv") -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data)

        self.answer = answer


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("ANEW_LOOPBACK", "1")
    found = Server()
    yield found
    found.stop.set()
    found.http.shutdown()
    found.http.server_close()


@pytest.mark.parametrize("url", ["http://example.org/a.csv", "http://127.0.0.1:1/a.csv"])
def test_plain_http_is_refused(url, monkeypatch):
    monkeypatch.delenv("ANEW_LOOPBACK", raising=False)
    with pytest.raises(AnewError, match="not an https address"):
        get(url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "/etc/passwd", "", "https://"])
def test_only_the_web_is_asked(url):
    with pytest.raises(AnewError, match="not a web address"):
        get(url)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd", "http://example.org/a", "https://10.0.0.1/a", "https://127.0.0.1/a",
        "https://169.254.169.254/latest", "https://[::1]/a", "https://localhost/a",
        "http://127.0.0.1:9/a",
    ],
)  # fmt: skip
def test_a_redirect_to_a_private_or_plain_address_is_refused(server, target):
    server.redirect(target)
    with pytest.raises(BuildError, match="redirects to"):
        get(server.address)


def test_a_redirect_without_end_ends(server):
    server.redirect(server.address)
    with pytest.raises(BuildError, match="redirects more than 5 times"):
        get(server.address)


def test_a_site_does_not_lead_to_another_host(server):
    server.redirect("https://example.org/manifest.json")

    async def ask() -> None:
        async with http.client() as session:
            await http.ask(session, server.address, same_host=True)

    with pytest.raises(BuildError, match="redirects to another host"):
        asyncio.run(ask())


@pytest.mark.parametrize("headers", [True, False], ids=["in the body", "in the headers"])
def test_an_answer_that_drips_for_ever_ends(server, headers):
    """Each byte comes in time; all of them would not."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        if headers:
            request.send_response(200)
            request.end_headers()
        else:
            request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not server.stop.wait(0.05):
            request.wfile.write(b"x")
            request.wfile.flush()

    server.answer = drip
    began = time.monotonic()
    with pytest.raises(BuildError, match="took longer than 0.5 s"):
        get(server.address, Limits(seconds=0.5))
    assert time.monotonic() - began < 20  # not for ever


def test_a_page_where_data_are_expected_is_refused(server):
    server.say(b"<p>Log in first</p>", "text/html; charset=utf-8")
    with pytest.raises(BuildError, match="is a web page, not data"):
        get(server.address)
    assert get(server.address, Limits(pages=True)).data == b"<p>Log in first</p>"
