"""Work in a child process: forked after the heavy imports, ended with its parent."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from anew.project.errors import AnewError, BuildError, told_by_system, unexpected

#: What a child has imported before it is forked; measured: a notebook then takes 0.3 s, not 2 s.
PRELOAD = [
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
    "anew.tables.catalog",
    "anew.editions.editions",
    "anew.figures.drawing",
    "anew.text.statements",
    "nbconvert.exporters.html",
    "anew.site.notebooks",
]

#: What of the environment could change a result: HarfBuzz shapes text by the locale, sets of
#: strings are iterated by the hash seed, and a child must find the files that its parent named.
FIXED = {"LC_ALL": "C.UTF-8", "LANGUAGE": "en", "PYTHONHASHSEED": "0", "PYTHONUTF8": "1"}

Result = TypeVar("Result")

_children: set[Any] = set()


def in_child(work: Callable[..., Result], *args: object) -> Result:
    """Return what `work`, a module's function, returns when a child process calls it with `args`.

    Raises what it raised if that is an AnewError, and BuildError for any other error and for a
    child that dies.
    """
    chosen = _context()
    receiver, sender = chosen.Pipe(duplex=False)
    child = chosen.Process(target=_work, args=(sender, work, args))
    child.start()
    _children.add(child)
    sender.close()
    try:
        received: tuple[Result, AnewError | None] = receiver.recv()
        result, error = received
    except EOFError:
        child.join()
        raise BuildError(
            f"{work.__name__.strip('_')}: its process died (exit code {child.exitcode}).",
            "Look for a crash or too little memory; --jobs 1 needs the least.",
        ) from None
    finally:
        child.join()
        _children.discard(child)
        receiver.close()
    if error is not None:
        raise error
    return result


def end_children() -> None:
    """End every running child after the build was interrupted."""
    for child in list(_children):
        child.kill()


def fix_environment(environment: Mapping[str, str] = FIXED) -> None:
    """Fix the environment variables that could change a result in child processes."""
    os.environ.update(environment)


def _context() -> Any:
    """Return the multiprocessing context that children run in: a server that forks.

    The server has one thread and the heavy imports, so that a fork is safe and quick, whatever
    threads the build itself has. Where there is no fork (Windows) each child starts afresh.
    """
    fix_environment()
    methods = multiprocessing.get_all_start_methods()
    chosen = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        chosen.set_forkserver_preload(PRELOAD)
    return chosen


def _work(sender: Connection, work: Callable[..., object], args: tuple[object, ...]) -> None:
    """In the child: call `work` and send what it returns or how it failed."""
    _end_with_parent()
    result: object = None
    error: AnewError | None = None
    try:
        result = work(*args)
    except AnewError as raised:
        error = raised
    except OSError as raised:
        error = told_by_system(raised)
    except Exception as raised:
        error = unexpected(work.__name__.strip("_"), raised)
    sender.send((result, error))
    sender.close()
    os._exit(0)  # threads and exit handlers that a notebook left have no say


def _end_with_parent() -> None:
    """End this child when the process that started it ends, however it ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent").start()
