"""Work in a child process: forked after the heavy imports, ended with its parent."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from typing import Any, NoReturn, TypeVar

from anew.project.errors import AnewError, BuildError, refused_by_system, told_by_system, unexpected

#: What a child has imported before it is forked; measured: a notebook then takes 0.3 s, not 2 s.
PRELOAD = [
    "anew.notebook.quick_import",
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "seaborn",
    "IPython.core.interactiveshell",
    "papermill.execute",
    "papermill.engines",
    "pydantic",
    "babel.numbers",
    "anew.notebook.opening",
    "anew.notebook.engine",
    "anew.tables.loading",
    "anew.editions.editions",
    "anew.figures.drawing",
    "anew.text.statements",
    "nbconvert.exporters.html",
    "anew.site.notebooks",
]

#: The same where no notebook runs, and pages only are made.
PRELOAD_PAGES = [
    "anew.notebook.quick_import",
    "anew.site.links",
    "anew.site.notebooks",
    "anew.site.search",
    "anew.build.assembly",
]

#: What of the environment could change a result: HarfBuzz shapes text by the locale, sets of
#: strings are iterated by the hash seed, and a child must find the files that its parent named.
FIXED = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}

#: Seconds in which an idle child ends; after them it is ended.
_ENDING = 5.0

Result = TypeVar("Result")

_children: set[Any] = set()

#: By thread: CPU seconds of its children's work, the child that it keeps, where all kept ones are.
_mine = threading.local()


class ChildDied(BuildError):
    """A child process that ended without a result: `exit` is its exit code, None if it was slow."""

    def __init__(self, work: str, exit: int | None) -> None:
        self.exit = exit
        super().__init__(
            "{work}: its process took too long and was stopped."
            if exit is None
            else "{work}: its process died (exit code {exit}).",
            "Look for a crash or too little memory; --jobs 1 needs the least.",
            code="notebook-killed",
            work=work,
            exit=exit,
        )


def in_child(work: Callable[..., Result], *args: object, seconds: float | None = None) -> Result:
    """Return what `work`, a module's function, returns when a child process calls it with `args`.

    A child that takes longer than `seconds` is ended, with all that it started. Raises what `work`
    raised if that is an AnewError, BuildError for any other error, and ChildDied.
    """
    child = _Child(PRELOAD)
    try:
        return child.call(work, args, seconds)
    finally:
        child.end()


def in_kept_child(work: Callable[..., Result], *args: object) -> Result:
    """Return what `in_child` does, from a child that this thread keeps for more of our own work.

    What it loaded and compiled for one page serves for the next. Only a thread that
    `kept_children` told of keeps one; for code of others there is `in_child`.
    """
    kept: list[_Child] | None = getattr(_mine, "kept", None)
    if kept is None:
        return in_child(work, *args)
    child: _Child | None = getattr(_mine, "child", None)
    if child is None:
        child = _mine.child = _Child(PRELOAD_PAGES)
        kept.append(child)
    try:
        return child.call(work, args, None)
    except BaseException:
        _mine.child = None
        child.end()
        raise


def in_running_child(work: Callable[..., Result], *args: object) -> Result:
    """Return what `in_kept_child` does, or do the work here where no child has been needed yet.

    For work that is done sooner than a first child has started, and whose result does not depend
    on the order of a set, which is fixed in children only.
    """
    return in_kept_child(work, *args) if _server() is not None else work(*args)


@contextmanager
def kept_children() -> Iterator[Callable[[], None]]:
    """Yield what a thread calls to keep a child; all that are kept end with this."""
    kept: list[_Child] = []

    def begin() -> None:
        _mine.kept, _mine.child = kept, None

    try:
        yield begin
    finally:
        for child in kept:
            child.end()


class _Child:
    """A child process that does one work after the other."""

    def __init__(self, preload: Sequence[str]) -> None:
        chosen = _context(preload)
        self.pipe, other = chosen.Pipe()
        self.process = chosen.Process(target=_serve, args=(other,))
        with _no_ctrl_c():
            self.process.start()
        other.close()
        self.idle = True
        _children.add(self.process)

    def call(
        self, work: Callable[..., Result], args: Sequence[object], seconds: float | None
    ) -> Result:
        """Let the child do one work; see `in_child`."""
        self.idle = False
        try:
            self.pipe.send((work, args))
            if not wait([self.pipe, self.process.sentinel], seconds):
                raise ChildDied(work.__name__.strip("_"), None)
            if not self.pipe.poll():
                raise EOFError
            received: tuple[Result, AnewError | None, float] = self.pipe.recv()
        except (EOFError, ConnectionResetError, BrokenPipeError):
            self.process.join()
            raise ChildDied(work.__name__.strip("_"), self.process.exitcode) from None
        self.idle = True
        result, error, used = received
        _mine.seconds = getattr(_mine, "seconds", 0.0) + used
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """End the child with all that it started: by itself if it is idle, else at once."""
        self.pipe.close()
        if self.idle:
            self.process.join(_ENDING)
        _end(self.process)
        self.process.join()
        _children.discard(self.process)


def cpu_seconds() -> float:
    """Return the CPU seconds of this thread and of the children that it waited for."""
    used: float = getattr(_mine, "seconds", 0.0)
    return time.thread_time() + used


def _own_seconds() -> float:
    """Return the CPU seconds of this process and of the programs that it waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def end_children() -> None:
    """End every running child after the build was interrupted."""
    for child in list(_children):
        _end(child)


def _end(child: Any) -> None:
    """End a child and the programs that it started, unless it has ended by itself."""
    if child.exitcode is None:
        with suppress(OSError):  # it has not yet made its group, or there are no groups
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()


@contextmanager
def _no_ctrl_c() -> Iterator[None]:
    """Keep Ctrl-C from what is started here: the process that starts it decides what ends."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _server() -> int | None:
    """Return the process id of the server that forks children; None if none has been started."""
    pid: int | None = getattr(forkserver._forkserver, "_forkserver_pid", None)
    return pid


@cache
def _end_server_with_us() -> None:
    """End the server at exit: it would look for its parent only when its imports are done."""
    started_by = os.getpid()

    def end() -> None:
        pid = _server()
        if pid is not None and os.getpid() == started_by:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    atexit.register(end)


def fix_environment(environment: Mapping[str, str] = FIXED) -> None:
    """Fix the environment variables that could change a result in child processes."""
    os.environ.update(environment)


def _context(preload: Sequence[str]) -> Any:
    """Return the multiprocessing context that children run in: a server that forks.

    The server has one thread and the heavy imports, so that a fork is safe and quick, whatever
    threads the build itself has. One that runs keeps what it has imported. Where there is no fork
    (Windows) each child starts afresh.
    """
    fix_environment()
    methods = multiprocessing.get_all_start_methods()
    chosen = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        chosen.set_forkserver_preload(list(preload))
        _end_server_with_us()
    return chosen


def prepare_children() -> None:
    """Start the server that children are forked from: it imports while the caller goes on."""
    if _context(PRELOAD).get_start_method() == "forkserver":
        with _no_ctrl_c():
            forkserver.ensure_running()


def _serve(pipe: Connection) -> None:
    """In the child: do what the parent sends, until it hangs up."""
    with suppress(AttributeError, OSError):
        os.setpgid(0, 0)  # what a notebook starts ends with it
    _end_with_parent()
    gc.freeze()  # what was imported before the fork is no garbage; its pages stay shared
    with suppress(EOFError, OSError):  # nobody waits any more
        while True:
            work, args = pipe.recv()
            before = _own_seconds()
            result, error = _done(work, args)
            pipe.send((result, error, _own_seconds() - before))
    _end_group()  # threads, programs and exit handlers that a notebook left have no say


def _done(work: Callable[..., object], args: Sequence[object]) -> tuple[object, AnewError | None]:
    """Return what `work` returns, or how it failed."""
    try:
        return work(*args), None
    except AnewError as raised:
        return None, raised
    except BaseException as raised:
        refused = refused_by_system(raised) or raised
        if isinstance(refused, OSError):
            return None, told_by_system(refused)
        return None, unexpected(work.__name__.strip("_"), raised)


def _end_with_parent() -> None:
    """End this child when the process that started it ends, however it ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        _end_group()

    threading.Thread(target=watch, daemon=True, name="parent").start()


def _end_group() -> NoReturn:
    """End this child with every program that it started and left."""
    own = os.getpid()
    if hasattr(os, "getpgrp") and os.getpgrp() == own:
        with suppress(OSError):  # it leaves the group, so as to end by itself with an exit code
            os.setpgid(0, os.getpgid(os.getppid()))
        with suppress(ProcessLookupError):  # it was alone
            os.killpg(own, signal.SIGKILL)
    os._exit(0)
