"""A served folder and a Chromium, for the tests that need a real browser."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from missing import missing


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine only; the value is its address, with a slash at the end."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 128  # a page asks for many files at once; five would wait for seconds

    handler = functools.partial(Quiet, directory=str(folder))
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


def chromium_path() -> str | None:
    """Return the Chromium to use: ANEW_CHROMIUM, one on PATH, or None for Playwright's own."""
    named = os.environ.get("ANEW_CHROMIUM")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return named or next((found for name in names if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[object]:
    """Start Chromium; skip where it cannot be, but fail on a Linux CI machine."""
    from playwright.sync_api import sync_playwright

    with ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"]
            )
        except Exception as error:  # Playwright's own program tells that it cannot start with it
            missing(f"no Chromium: sh tools/chromium.sh ({str(error).splitlines()[0]})")
        stack.callback(browser.close)
        yield browser
