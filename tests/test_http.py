"""Downloads, against servers on this machine that behave badly."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from missing import missing

from anew.project import http, resolution
from anew.project.errors import AnewError, BuildError
from anew.project.http import Limits, NoAnswer, get
from anew.project.partial import Partial, partial_download


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
        "https://[::ffff:127.0.0.1]/a", "https://0.0.0.0/a", "https://100.64.0.1/a",
        "https://224.0.0.1/a", "file:///etc/passwd", "http://example.org/a", "https://10.0.0.1/a", "https://127.0.0.1/a",
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


# where a name leads ----------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch):
    """What names lead to, one answer after the other; the last one stays."""
    known: dict[str, list[str]] = {}
    asked = socket.getaddrinfo

    def answer(host, port, *rest, **more):
        if host not in known:
            return asked(host, port, *rest, **more)
        answers = known[host]
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


def test_what_is_connected_to_is_the_address_that_was_checked(server, names, monkeypatch):
    """A name that is public when it is checked and private a moment later (DNS rebinding)."""
    names["moving.example"] = ["93.184.216.34", "127.0.0.1"]
    server.redirect("https://moving.example/data.csv")
    sent = httpx.AsyncHTTPTransport.handle_async_request
    reached = []

    async def send(transport, request):
        if request.url.host == "127.0.0.1":
            return await sent(transport, request)
        reached.append((request.url.host, request.headers["host"], request.extensions))
        return httpx.Response(200, content=b"here")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", send)
    assert get(server.address).data == b"here"
    ((address, host, extensions),) = reached
    assert (address, host) == ("93.184.216.34", "moving.example")
    assert extensions["sni_hostname"] == "moving.example"
    with pytest.raises(BuildError, match="is not a public https address"):
        get(server.address)  # now it leads here


def test_a_server_knows_by_which_name_it_was_asked(server):
    heard = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        heard.append(request.headers["Host"])
        request.send_response(200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.answer = answer
    port = server.http.server_port
    get(f"http://localhost:{port}/x")
    assert heard == [f"localhost:{port}"]


def test_a_certificate_is_checked_against_the_name_and_not_the_address(
    server, names, tmp_path, monkeypatch
):
    if shutil.which("openssl") is None:
        missing("openssl is not installed")
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += " -subj /CN=agency.example -addext subjectAltName=DNS:agency.example"
    files = ["-keyout", tmp_path / "key", "-out", tmp_path / "cert"]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
    server.say(b"here")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert"))
    names["agency.example"] = names["other.example"] = ["127.0.0.1"]
    port = server.http.server_port
    assert get(f"https://agency.example:{port}/x").data == b"here"
    with pytest.raises(NoAnswer, match="other.example.*certificate"):
        get(f"https://other.example:{port}/x")


def test_a_proxy_of_the_environment_is_asked_but_not_for_this_machine(monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "near.example")
    found = [
        resolution._proxy(httpx.URL(f"https://{host}/x"))
        for host in ("agency.example", "near.example", "localhost", "127.0.0.1")
    ]
    assert found == ["http://proxy.example:3128", None, None, None]


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "font/woff2"])
def test_what_is_no_data_is_refused_by_its_type(server, kind):
    server.say(b"x", kind)
    with pytest.raises(BuildError, match=f"is {kind}, not data"):
        get(server.address)


# a download that breaks off --------------------------------------------------------------------

WHOLE = bytes(range(256)) * 40


class Breaking:
    """Answers with ranges, as servers of files do; breaks off after so many bytes."""

    def __init__(self, *breaks: int | None) -> None:
        self.breaks, self.asked = list(breaks), list[str | None]()
        self.data, self.tag, self.claimed = WHOLE, '"one"', None

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers["Range"]
        self.asked.append(wanted)
        same = request.headers["If-Range"] == self.tag or self.claimed
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and same else 0
        rest = self.data[start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(rest)))
        if self.tag:
            request.send_header("ETag", self.claimed or self.tag)
        if start:
            stated = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
            request.send_header("Content-Range", stated)
        request.end_headers()
        stop = self.breaks.pop(0) if self.breaks else None
        request.wfile.write(rest[:stop])
        request.close_connection = True


def fetched(server, folder) -> bytes:
    with partial_download(folder / "file") as partial:
        return get(server.address, partial=partial).data


def test_a_broken_download_goes_on_where_it_ended(server, tmp_path):
    server.answer = answer = Breaking(1000, 2000)
    for _ in range(2):
        with pytest.raises(NoAnswer):
            fetched(server, tmp_path)
    assert fetched(server, tmp_path) == WHOLE
    assert answer.asked == [None, "bytes=1000-", "bytes=3000-"]
    assert {path.suffix for path in tmp_path.iterdir()} <= {".lock"}  # nothing stays behind


def test_a_file_that_changed_meanwhile_is_downloaded_from_its_beginning(server, tmp_path):
    server.answer = answer = Breaking(1000)
    with pytest.raises(NoAnswer):
        fetched(server, tmp_path)
    answer.data, answer.tag = WHOLE[::-1], '"two"'
    assert fetched(server, tmp_path) == WHOLE[::-1]


def test_a_server_that_continues_another_file_is_not_believed(server, tmp_path):
    server.answer = answer = Breaking(1000)
    with pytest.raises(NoAnswer):
        fetched(server, tmp_path)
    answer.data, answer.claimed = WHOLE[::-1], '"two"'  # it pays no heed to If-Range
    with pytest.raises(NoAnswer, match="has changed while it was downloaded"):
        fetched(server, tmp_path)
    answer.claimed = None
    assert fetched(server, tmp_path) == WHOLE[::-1]


@pytest.mark.parametrize("tag", ["", 'W/"weak"'])
def test_without_a_strong_tag_nothing_is_continued(server, tmp_path, tag):
    server.answer = answer = Breaking(1000)
    answer.tag = tag
    with pytest.raises(NoAnswer):
        fetched(server, tmp_path)
    assert fetched(server, tmp_path) == WHOLE and answer.asked == [None, None]


def test_two_downloads_of_one_file_do_not_meet(tmp_path):
    with partial_download(tmp_path / "file") as one, partial_download(tmp_path / "file") as two:
        assert isinstance(one, Partial) and two is None
