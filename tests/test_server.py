"""The server of a preview: what it finds, what it sends, and to whom."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from pathlib import Path

import pytest

from anew.build.graph import Step
from anew.project.errors import AnewError
from anew.serve.server import Board, Shelf, find, serving
from anew.serve.service import Announcing

PAGE = "<!doctype html><html><body><p>one</p></body></html>"


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "site/report").mkdir(parents=True)
    (tmp_path / "site/index.html").write_text(PAGE)
    (tmp_path / "site/report/index.html").write_text(PAGE)
    (tmp_path / "site/facts.json").write_text("{}")
    (tmp_path / "style").mkdir()
    (tmp_path / "style/a.css").write_text("p {}")
    (tmp_path / "secret").write_text("secret")
    return tmp_path


@pytest.fixture
def server(folder):
    shelves = [Shelf(folder / "style", "theme/"), Shelf(folder / "site")]
    with serving(0, Board(), lambda: shelves, lambda page: str(len(page))) as found:
        yield found


def ask(server, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(*server.server_address, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    text = answer.read().decode("utf-8")
    connection.close()
    return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text


def test_the_first_shelf_that_has_a_file_gives_it(folder):
    (folder / "fresh").mkdir()
    (folder / "fresh/index.html").write_text("fresh")
    shelves = [Shelf(folder / "fresh"), Shelf(folder / "site"), Shelf(folder / "style", "theme/")]
    assert find("/", shelves) == folder / "fresh"
    assert find("/facts.json", shelves) == folder / "site/facts.json"
    assert find("/report", shelves) == folder / "site/report"
    assert find("/theme/a.css", shelves) == folder / "style/a.css"
    assert find("/a.css", shelves) is None


@pytest.mark.parametrize(
    "path", ["/../secret", "/theme/../../secret", "//etc/passwd", "/report/nothing", "/a\0b"]
)
def test_what_is_no_page_of_the_site_is_not_there(folder, path):
    assert find(path, [Shelf(folder / "style", "theme/"), Shelf(folder / "site")]) is None


def test_a_link_that_leads_out_of_the_site_is_not_followed(folder):
    (folder / "site/way-out").symlink_to(folder / "secret")
    assert find("/way-out", [Shelf(folder / "site")]) is None


def test_a_page_gets_the_script_that_reloads_it_and_nothing_else_does(server):
    status, headers, text = ask(server, "/")
    assert status == 200 and headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "no-store"
    script = f'src="/__anew/reload.js" data-events="/__anew/events?page=/" data-page="{len(PAGE)}"'
    assert text == PAGE.replace("</body>", f"<script {script}></script></body>")
    assert ask(server, "/facts.json")[2] == "{}"
    assert "EventSource" in ask(server, "/__anew/reload.js")[2]
    assert ask(server, "/theme/a.css")[1]["content-type"] == "text/css; charset=utf-8"
    assert ask(server, "/", "HEAD")[2] == ""


def test_a_folder_without_its_slash_is_sent_on(server):
    status, headers, _ = ask(server, "/report")
    assert status == 301 and headers["location"] == "/report/"


def test_a_page_that_is_not_made_yet_waits_for_it(server):
    status, _, text = ask(server, "/data/index.html")
    assert status == 404 and "not built yet" in text and 'data-page="0"' in text
    status, _, text = ask(server, "/%22%3E%3Cscript%3Ex")
    assert status == 404 and "<script>x" not in text


def events(server, path: str):
    """Yield what a page hears."""
    with socket.create_connection(server.server_address, timeout=10) as connection:
        host = f"Host: localhost:{server.server_address[1]}"
        connection.sendall(f"GET /__anew/events?page={path} HTTP/1.1\r\n{host}\r\n\r\n".encode())
        for line in connection.makefile("r", encoding="utf-8"):
            if line.startswith("data: "):
                yield json.loads(line[6:])


def test_a_page_hears_its_own_stamp_at_once_and_after_every_build(server, folder):
    heard = events(server, "/report/")
    assert next(heard) == {"page": str(len(PAGE)), "error": ""}
    (folder / "site/report/index.html").write_text(PAGE + "!")
    threading.Timer(0.1, server.board.post, ["fig1: cell 2 failed"]).start()
    assert next(heard) == {"page": str(len(PAGE) + 1), "error": "fig1: cell 2 failed"}
    # who comes later hears of the error as well
    assert next(events(server, "/"))["error"] == "fig1: cell 2 failed"
    heard.close()


def test_a_page_hears_of_its_change_before_the_build_is_over(server, folder):
    server.board.post("fig1: cell 2 failed")
    heard = events(server, "/report/")
    next(heard)
    (folder / "site/report/index.html").write_text(PAGE + "!")
    step = Step("html", "typeset", lambda: None, [], [])
    threading.Timer(0.1, Announcing(server.board).finished, [step]).start()
    assert next(heard) == {"page": str(len(PAGE) + 1), "error": "fig1: cell 2 failed"}
    heard.close()


def test_nobody_but_this_machine_is_answered(server):
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_address[1]}/"


def test_a_port_that_is_taken_is_named_with_another(server):
    port = server.server_address[1]
    with pytest.raises(AnewError, match=rf"Port {port} cannot be used: .*\n.*--port {port + 1}"):
        with serving(port, Board(), lambda: [], lambda page: ""):
            pass


def answered(server, *lines: str) -> str:
    """Return the first line that a server answers to a request as it is written."""
    with socket.create_connection(server.server_address, timeout=30) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
        return connection.makefile("r", encoding="utf-8").readline().strip()


def test_a_name_that_leads_here_from_outside_is_not_answered(server):
    port = server.server_address[1]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LocalHost:{port}"):
        assert answered(server, "GET / HTTP/1.1", f"Host: {host}", "").endswith("200 OK")
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil:{port}", ""):
        said = answered(server, "GET /facts.json HTTP/1.1", f"Host: {host}", "")
        assert said.endswith("403 Forbidden"), host
    assert answered(server, "GET / HTTP/1.1", "").endswith("403 Forbidden")


@pytest.mark.parametrize("path", ["/", "/__anew/events?page=/", "/__anew/reload.js"])
def test_a_page_of_another_site_is_not_answered(server, path):
    port = server.server_address[1]
    request = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}"]
    assert answered(server, *request, "Origin: https://evil.example", "").endswith("403 Forbidden")
    assert answered(server, *request, "Origin: null", "").endswith("403 Forbidden")
    own = f"Origin: http://localhost:{port}"
    assert answered(server, *request, own, "").endswith("200 OK")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "CONNECT", "OPTIONS"])
def test_nothing_but_reading_is_answered(server, method):
    port = server.server_address[1]
    said = answered(server, f"{method} / HTTP/1.1", f"Host: localhost:{port}", "")
    assert " 501 " in said


WAYS_OUT = [
    "/../secret", "/..%2fsecret", "/%2e%2e/secret", "/%2e%2e%2fsecret", "/..%5csecret",
    "/theme/%2e%2e/%2e%2e/secret", "/%252e%252e/secret", "/....//secret", "//../secret",
    "/%c0%ae%c0%ae/secret", "/report/../../secret", "/..;/secret", "/%00/../secret",
    "/\\..\\secret", "/%5c..%5csecret", "/%u002e%u002e/secret", "/.%2e/secret", "/%2E./secret",
    "/%ef%bc%8e%ef%bc%8e/secret", "http://localhost/../secret", "/..%00/secret", "/./../secret",
    "file:///../secret", "/report/%2e%2e/%2e%2e/secret", "/theme/..%2f..%2fsecret",
    "/..%0d%0a/secret",
]  # fmt: skip


@pytest.mark.parametrize("path", WAYS_OUT)
def test_no_spelling_of_a_path_leaves_the_site(server, path):
    port = server.server_address[1]
    with socket.create_connection(server.server_address, timeout=30) as connection:
        connection.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        said = connection.makefile("rb").read().decode("utf-8", "replace")
    assert said.startswith("HTTP/1.1 404") and not said.endswith("secret")


def test_half_a_request_is_given_up(server, monkeypatch):
    monkeypatch.setattr("anew.serve.server.Handler.timeout", 0.2)
    with socket.create_connection(server.server_address, timeout=30) as connection:
        connection.sendall(b"GET / HT")
        assert connection.recv(1) == b""
