"""`anew serve`: a local preview that rebuilds when a file is saved."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from anew.build.graph import Step
from anew.build.plan import Request
from anew.build.progress import Quiet
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.stopping import Stopped
from anew.serve.preview import Preview
from anew.serve.server import Board, serving

#: How long nothing must be saved before the rest of the site is made.
_PAUSE = 2.0

#: Milliseconds: an editor may write a file in several strokes, and several files at once.
_DEBOUNCE, _STEP = 60, 20

#: What was saved, by names from the root; or why nothing can be heard of any more.
Saved = queue.Queue[tuple[str, ...] | AnewError]

#: Files and folders of the build, of Python and of editors.
_STRANGE = {"_built", "manifests", "__pycache__", "4913"}
_TEMPORARY = ("~", ".part", ".pyc", ".swp", ".tmp")


def concerns(name: str) -> bool:
    """Whether saving the file `name`, from the root, may change the site."""
    parts = Path(name).parts
    hidden = any(part.startswith((".", "#")) for part in parts)
    return not (hidden or _STRANGE & set(parts) or name.endswith(_TEMPORARY))


class Announcing(Quiet):
    """Lets every open page look after each step whether it is another one now."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def finished(self, step: Step) -> None:
        self._board.touch()


@contextmanager
def watching(project: Project) -> Iterator[Saved]:
    """Yield the queue of what is saved from now on: text, notebooks, modules, data, style."""
    saved: Saved = queue.Queue()
    stop = threading.Event()
    folders = [path for path in (project.data, project.analysis, project.report) if path.is_dir()]
    # a file is watched through its folder: an editor may save by putting another in its place
    parts = [(folders, True, concerns), ([project.root], False, "_quarto.yml".__eq__)]
    threads = [
        threading.Thread(target=_listen, args=(project, saved, stop, *part), daemon=True)
        for part in parts
    ]
    for thread in threads:
        thread.start()
    try:
        yield saved
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _listen(
    project: Project,
    saved: Saved,
    stop: threading.Event,
    places: Sequence[Path],
    recursive: bool,
    wanted: Callable[[str], bool],
) -> None:
    from watchfiles import watch

    try:
        for changes in watch(
            *places, recursive=recursive, stop_event=stop, raise_interrupt=False,
            watch_filter=None, debounce=_DEBOUNCE, step=_STEP,
        ):  # fmt: skip
            names = {project.relative(Path(path)) for _, path in changes}
            if found := sorted(filter(wanted, names)):
                saved.put(tuple(found))
    except Exception as error:  # the system has no more watches to give, or the folder is gone
        saved.put(
            AnewError(
                "Changes in {places} are no longer noticed: {error}.",
                "Set WATCHFILES_FORCE_POLLING=1 to poll for changes, and serve again.",
                code="not-watching",
                places=[project.relative(place) for place in places],
                error=error,
            )
        )


def serve(
    project: Project,
    request: Request,
    port: int,
    say: Callable[[str], None],
    watch: Quiet | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serve a preview on 127.0.0.1 and rebuild on save, until interrupted.

    A build that fails is told here and on the open pages, which go on showing the last good state.
    Raises AnewError for a request that cannot be met and for a port that is taken, before anything
    is built.
    """
    preview, board = Preview(project, request), Board()
    stop = stop or threading.Event()
    with serving(port, board, preview.shelves, preview.stamp) as server, watching(project) as saved:
        try:
            made = preview.refresh(watch)
            say(made.error or Phrase("Ready."))
            say(Phrase("{address} · press Ctrl+C to stop", address=server.address))
            board.post(made.error)
            while not stop.is_set():
                if paths := next_saved(saved, _PAUSE):
                    made = preview.refresh(Announcing(board))
                    say(made.line(paths))
                elif preview.complete or made.error:
                    continue
                else:
                    made = preview.finish(lambda: not saved.empty() or stop.is_set())
                    if made.steps or made.error:
                        say(made.line())
                board.post(made.error)
        except (KeyboardInterrupt, Stopped):
            with suppress(OSError):  # the terminal may be gone
                say(Phrase("Stopped. _site/ was not changed; run anew build to publish."))


def next_saved(saved: Saved, timeout: float) -> tuple[str, ...]:
    """Return the files saved since the last call; empty after `timeout` s without a save.

    Raises the AnewError that says why nothing can be heard any more.
    """
    found: set[str] = set()
    try:
        news = saved.get(timeout=timeout)
        while True:
            if isinstance(news, AnewError):
                raise news
            found.update(news)
            news = saved.get_nowait()
    except queue.Empty:
        return tuple(sorted(found))
