"""The server of a preview: local files only, and pages that reload when they are stale."""

from __future__ import annotations

import json
import mimetypes
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from anew.project.errors import AnewError

HOST = "127.0.0.1"
_EVENTS = "/__anew/events"
_SCRIPT = "/__anew/reload.js"

#: Runs in a page while it is served: reloads it when it is stale, shows what stopped a build. A
#: hidden page hangs up, for a browser keeps six connections to one server and no more.
_RELOAD = """\
(function () {
  var script = document.currentScript, source = null;
  function show(text) {
    var box = document.getElementById('anew-error');
    if (!text) { if (box) box.remove(); return; }
    if (!box) {
      box = document.createElement('pre');
      box.id = 'anew-error';
      box.setAttribute('role', 'alert');
      box.style.cssText = 'position:fixed;inset:auto 0 0 0;margin:0;padding:1rem;max-height:60vh;' +
        'overflow:auto;background:#7f1d1d;color:#fff;z-index:99;white-space:pre-wrap';
      document.body.appendChild(box);
    }
    box.textContent = text;
  }
  function listen() {
    if (source) { source.close(); source = null; }
    if (document.hidden) return;
    source = new EventSource(script.dataset.events);
    source.addEventListener('state', function (event) {
      var state = JSON.parse(event.data);
      show(state.error);
      if (state.page !== script.dataset.page) { source.close(); location.reload(); }
    });
  }
  document.addEventListener('visibilitychange', listen);
  listen();
})();
"""

_MISSING = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Not built yet</title></head>
<body><p>This page does not exist or is not built yet. It will load as soon as it is.</p></body>
</html>
"""


class Board:
    """The state sent to every open page: the last error, and a count of rebuilds."""

    def __init__(self) -> None:
        self._count, self._error = 0, ""
        self._changed = threading.Condition()

    def post(self, error: str = "") -> None:
        """Announce that pages were rebuilt, or the error that stopped them."""
        with self._changed:
            self._error = error
        self.touch()

    def touch(self) -> None:
        """Announce that a page may have changed; the error is the one before until all is done."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()

    def read(self, seen: int = -1, timeout: float = 0) -> tuple[int, str]:
        """Return the count of posts and the error, at once if there was one since `seen`."""
        with self._changed:
            self._changed.wait_for(lambda: self._count != seen, timeout)
            return self._count, self._error


@dataclass(frozen=True)
class Shelf:
    """Where files are looked for: a folder, and which addresses mean files in it."""

    folder: Path
    prefix: str = ""


def find(path: str, shelves: Iterable[Shelf]) -> Path | None:
    """Return the file or folder that the path of an address means, on the first shelf that has it.

    A path that leaves its shelf is not there, and neither is a folder without a page.
    """
    inside = path.lstrip("/")
    for shelf in shelves:
        if not inside.startswith(shelf.prefix):
            continue
        folder = shelf.folder.resolve()
        try:
            target = (folder / inside.removeprefix(shelf.prefix)).resolve()
        except ValueError:  # a character that no name can have
            return None
        if target != folder and folder not in target.parents:
            continue
        if target.is_file() or (target / "index.html").is_file():
            return target
    return None


class Server(ThreadingHTTPServer):
    """Serves the files that `find` returns; `stamp` identifies what a page looks like."""

    daemon_threads = True
    request_queue_size = 128  # a browser with many tabs, or a page with many pictures, at once
    allow_reuse_address = os.name != "nt"  # there it would let two programs have one port

    def __init__(
        self,
        port: int,
        board: Board,
        shelves: Callable[[], Iterable[Shelf]],
        stamp: Callable[[bytes], str],
    ) -> None:
        self.board, self.shelves, self.stamp = board, shelves, stamp
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        """What to type into a browser."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a browser that closed the connection; anything else is a defect."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one browser."""

    protocol_version = "HTTP/1.1"
    server: Server

    #: Seconds that a browser may take for a request, and to take an answer.
    timeout = 20

    def do_GET(self) -> None:
        """Send a file, a page with the reload script, or a stream of events.

        Only to this machine's own pages: a page of another site could give its name this address.
        """
        if not self._is_own():
            self.close_connection = True
            self._send(b"Not here.\n", "text/plain; charset=utf-8", HTTPStatus.FORBIDDEN)
            return
        asked = urlsplit(self.path)
        path = unquote(asked.path)
        if path == _SCRIPT:
            self._send(_RELOAD.encode(), "text/javascript; charset=utf-8")
        elif path == _EVENTS:
            self._events(parse_qs(asked.query).get("page", ["/"])[0])
        else:
            self._file(path)

    do_HEAD = do_GET

    def _is_own(self) -> bool:
        """Return whether a request is for this server by its own name, and from its own pages."""
        port = self.server.server_address[1]
        names = {f"{host}:{port}" for host in (HOST, "localhost")}
        origin = self.headers.get("Origin")
        hosts = self.headers.get_all("Host") or []
        return (
            len(hosts) == 1
            and hosts[0].casefold() in names
            and (origin is None or origin.casefold().removeprefix("http://") in names)
        )

    def _file(self, path: str) -> None:
        found = find(path, self.server.shelves())
        if found and found.is_dir() and not path.endswith("/"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", quote(path) + "/")  # else its links lead astray
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif found and (found.is_dir() or found.suffix == ".html"):
            self._send(self._live(path, self._page(path)), "text/html; charset=utf-8")
        elif found:
            kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
            text = kind.startswith("text/") or kind.endswith(("json", "javascript"))
            self._send(found.read_bytes(), f"{kind}; charset=utf-8" if text else kind)
        else:
            page = self._live(path, _MISSING.encode())
            self._send(page, "text/html; charset=utf-8", HTTPStatus.NOT_FOUND)

    def _page(self, path: str) -> bytes:
        """Return the page at a path as it was built; nothing where there is none."""
        found = find(path, self.server.shelves())
        page = found / "index.html" if found and found.is_dir() else found
        return page.read_bytes() if page else b""

    def _live(self, path: str, page: bytes) -> bytes:
        """Return a page with the script that reloads it."""
        known = b"" if page == _MISSING.encode() else page
        events = escape(f"{_EVENTS}?page={quote(path)}")
        script = (
            f'<script src="{_SCRIPT}" data-events="{events}" '
            f'data-page="{self.server.stamp(known)}"></script>'
        ).encode()
        before, end, after = page.rpartition(b"</body>")
        return before + script + end + after if end else page + script

    def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self, path: str) -> None:
        """Send a page its own stamp, now and after each rebuild, until it is closed."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        seen = -1
        while self.command != "HEAD":
            count, error = self.server.board.read(seen, timeout=15)
            if count == seen:
                self.wfile.write(b": still here\n\n")
            else:
                seen = count
                state = {"page": self.server.stamp(self._page(path)), "error": error}
                self.wfile.write(f"event: state\ndata: {json.dumps(state)}\n\n".encode())
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: requests are not worth a line."""


@contextmanager
def serving(
    port: int,
    board: Board,
    shelves: Callable[[], Iterable[Shelf]],
    stamp: Callable[[bytes], str],
) -> Iterator[Server]:
    """Serve on 127.0.0.1 in a thread of its own; port 0 takes a free one.

    Raises AnewError when the port is taken or not allowed.
    """
    try:
        server = Server(port, board, shelves, stamp)
    except OSError as error:
        told = error.strerror or str(error)
        raise AnewError(
            "Port {port} cannot be used: {told}.",
            "Stop what uses it, or choose another: anew serve --port {other}.",
            code="port-in-use",
            port=port,
            told=told,
            other=port + 1,
        ) from None
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
