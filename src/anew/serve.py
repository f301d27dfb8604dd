"""`anew serve`: the site on this machine alone, made anew when a file is saved."""

from __future__ import annotations

import json
import mimetypes
import queue
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from anew.build import build, failures, preview_steps, store
from anew.errors import AnewError
from anew.graph import run_steps
from anew.plan import Request, make_plan
from anew.progress import Quiet
from anew.project import Project
from anew.stage import pages_folder, stage_folder

HOST = "127.0.0.1"
_EVENTS = "/__anew/events"
_SCRIPT = "/__anew/reload.js"

#: Runs in the page while it is served: reloads it, or shows what stopped the build.
_RELOAD = """\
(function () {
  var source = new EventSource('/__anew/events');
  source.addEventListener('fresh', function () { location.reload(); });
  source.addEventListener('failed', function (event) {
    var box = document.getElementById('anew-error') || document.createElement('pre');
    box.id = 'anew-error';
    box.setAttribute('role', 'alert');
    box.style.cssText = 'position:fixed;inset:auto 0 0 0;margin:0;padding:1rem;max-height:60vh;' +
      'overflow:auto;background:#7f1d1d;color:#fff;z-index:99;white-space:pre-wrap';
    box.textContent = JSON.parse(event.data);
    document.body.appendChild(box);
  });
})();
"""


class Hub:
    """Tells every open page what happened."""

    def __init__(self) -> None:
        self._listeners: set[queue.Queue[tuple[str, str]]] = set()
        self._lock = threading.Lock()

    def listen(self) -> queue.Queue[tuple[str, str]]:
        """Return a queue that gets every event from now on."""
        found: queue.Queue[tuple[str, str]] = queue.Queue()
        with self._lock:
            self._listeners.add(found)
        return found

    def leave(self, listener: queue.Queue[tuple[str, str]]) -> None:
        """Stop sending to a listener."""
        with self._lock:
            self._listeners.discard(listener)

    def tell(self, event: str, data: str = "") -> None:
        """Send an event to every listener."""
        with self._lock:
            for listener in self._listeners:
                listener.put((event, json.dumps(data)))


def resolve(path: str, roots: Iterable[Path]) -> Path | None:
    """Return the file that a request's path means, in the first root that has it, or None.

    A path that leaves the roots is no file.
    """
    inside = unquote(urlsplit(path).path).lstrip("/")
    for root in roots:
        target = (root / inside).resolve()
        if target.is_dir():
            target = target / "index.html"
        if target.is_file() and root.resolve() in target.parents:
            return target
    return None


def handler(hub: Hub, roots: Callable[[], list[Path]]) -> type[BaseHTTPRequestHandler]:
    """Return the handler of a server that looks for files in `roots()`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == _SCRIPT:
                self._send(_RELOAD.encode(), "text/javascript; charset=utf-8")
            elif self.path == _EVENTS:
                self._events()
            elif file := resolve(self.path, roots()):
                data = file.read_bytes()
                kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
                if kind == "text/html":
                    script = f'<script src="{_SCRIPT}"></script></body>'.encode()
                    data = data.replace(b"</body>", script)
                text = kind.startswith("text/") or kind.endswith(("json", "xml"))
                self._send(data, f"{kind}; charset=utf-8" if text else kind)
            else:
                self._send(b"Not found", "text/plain", HTTPStatus.NOT_FOUND)

        def _send(self, data: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(data)

        def _events(self) -> None:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            listener = hub.listen()
            try:
                while True:
                    try:
                        event, data = listener.get(timeout=15)
                        self.wfile.write(f"event: {event}\ndata: {data}\n\n".encode())
                    except queue.Empty:
                        self.wfile.write(b": still here\n\n")
                    self.wfile.flush()
            except OSError:
                pass  # the page was closed
            finally:
                hub.leave(listener)
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def watched(project: Project) -> list[Path]:
    """Return the folders and files in which a saved file may change the site."""
    found = [project.data, project.analysis, project.report, project.root / "_quarto.yml"]
    return [path for path in found if path.exists()]


def ignored(project: Project, path: str) -> bool:
    """Whether a change of `path` is the build's own or an editor's, not an author's."""
    inside = Path(path).resolve().relative_to(project.root.resolve())
    strange = {"_built", "__pycache__", ".ipynb_checkpoints"} & set(inside.parts)
    return bool(strange) or inside.name.startswith(".") or inside.name.endswith(("~", ".part"))


def serve(
    project: Project, request: Request, port: int, say: Callable[[str], None],
    stop: threading.Event | None = None,
) -> None:
    """Build, serve on 127.0.0.1, and rebuild what a saved file changes until interrupted.

    A failed rebuild is said here and on the open pages, which go on showing the last good state.
    Raises AnewError when the first build fails or the port is taken.
    """  # fmt: skip
    from watchfiles import watch

    result = build(project, request)
    plan = make_plan(project, request)
    hub = Hub()

    def roots() -> list[Path]:
        return [pages_folder(stage_folder(plan)), stage_folder(plan), project.report, result.site]

    try:
        server = ThreadingHTTPServer((HOST, port), handler(hub, roots))
    except OSError as error:
        message = f"Port {port} cannot be used: {error}."
        raise AnewError(message, "Choose another: --port.") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(f"http://{HOST}:{server.server_address[1]}/ · press Ctrl+C to stop")
    stop = stop or threading.Event()
    try:
        for changes in watch(*watched(project), debounce=60, step=20, stop_event=stop):
            paths = sorted({path for _, path in changes if not ignored(project, path)})
            if paths:
                say(rebuild(project, request, hub, paths))
    finally:
        server.shutdown()
        server.server_close()


def rebuild(project: Project, request: Request, hub: Hub, paths: list[str]) -> str:
    """Make the pages anew that changed `paths` concern; tell the pages; return a line."""
    began = time.monotonic()
    named = ", ".join(project.relative(Path(path)) for path in paths[:3])
    try:
        plan = make_plan(project, request)
        if plan.whole:
            steps = preview_steps(plan, request)
            outcome = run_steps(steps, project.root, store(project), request.jobs, Quiet())
        else:  # a part's one page is made where its site is put together
            outcome = build(project, request).outcome
        if outcome.failed:
            raise failures(outcome)
    except AnewError as error:
        hub.tell("failed", str(error))
        return f"{named}: {error}"
    if outcome.ran:
        hub.tell("fresh")
    return f"{named}: {len(outcome.ran)} steps, {time.monotonic() - began:.1f} s"
