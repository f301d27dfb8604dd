"""The IPython shell in which a notebook's cells run, and what it does where a kernel would.

Imports IPython, so that only a child that runs a notebook imports this module.
"""

from __future__ import annotations

import atexit
import builtins
import getpass
import io
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeAlias

from IPython.core import page, payloadpage
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from anew.project.errors import AnewError

#: Figures of pyplot are shown under their cell, as in Jupyter.
_BACKEND = "module://matplotlib_inline.backend_inline"

#: An output in its forms by MIME type, or what is said of each.
Forms: TypeAlias = "dict[str, Any]"

#: Seconds that a cell's end waits for what its programs still print.
_LAST_WORDS = 1.0


class NotebookShell(InteractiveShell):
    """A shell without terminal, window or history."""

    def init_io(self) -> None:
        """Show what `len?` and the like explain beside the notebook, which is nowhere here."""
        self.set_hook("show_in_pager", page.as_hook(payloadpage.page), 99)  # type: ignore[no-untyped-call]

    def enable_gui(self, gui: str | None = None) -> None:
        """Take `%matplotlib inline` and its like: there is no window whose events are awaited."""

    def ask_exit(self) -> NoReturn:
        """End the notebook as sys.exit does."""
        raise SystemExit

    def run(self, source: str) -> BaseException | None:
        """Run a cell; return the error that ended it, or None."""
        result = self.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        error: BaseException | None = result.error_before_exec or result.error_in_exec
        return error

    def shown(self) -> Iterator[tuple[str, Forms, Forms]]:
        """Yield what the cell displayed and its value: kind of output, forms, metadata."""
        takers = {"display_data": self.display_pub, "execute_result": self.displayhook}
        for kind, taker in takers.items():
            assert isinstance(taker, Displayed | Results)
            for forms, metadata in taker.take():
                yield kind, forms, metadata


class Results(DisplayHook):
    """Takes the value of a cell's last line: in every form, as a kernel sends it."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)  # type: ignore[no-untyped-call]
        self.taken: list[tuple[Forms, Forms]] = []

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.taken.append((format_dict, md_dict or {}))

    def finish_displayhook(self) -> None:
        self._is_active = False

    def take(self) -> list[tuple[Forms, Forms]]:
        """Return the output since the last call."""
        taken, self.taken = self.taken, []
        return taken


class Displayed(CapturingDisplayPublisher):
    """Takes what a cell displays; what it clears or updates is as a reader would see it last."""

    def publish(self, data: Any, metadata: Any = None, source: Any = None, **more: Any) -> None:
        known = (more.get("transient") or {}).get("display_id")
        output = {"data": data, "metadata": metadata or {}, "id": known}
        for number, earlier in enumerate(self.outputs):
            if more.get("update") and known and earlier["id"] == known:
                self.outputs[number] = output
                return
        self.outputs.append(output)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, Bounded):
                stream.clear()

    def take(self) -> list[tuple[Forms, Forms]]:
        """Return the output since the last call."""
        taken = [(one["data"], one["metadata"]) for one in self.outputs]
        self.outputs.clear()
        return taken


class Bounded(io.StringIO):
    """Text that keeps its first `most` characters and says how many more there were."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self._size = most, 0

    def write(self, text: str) -> int:
        room = self.most - self._size
        self._size += len(text)
        if room > 0:
            super().write(text[:room])
        return len(text)

    def clear(self) -> None:
        """Forget what was written."""
        self._size = 0
        self.seek(0)
        self.truncate()

    def getvalue(self) -> str:
        return shortened(super().getvalue(), self._size)


def shortened(kept: str, size: int) -> str:
    """Return the first part of a text of `size` characters, with a line that says what is cut."""
    if size <= len(kept):
        return kept
    return f"{kept}\n… cut: {size:,} characters, of which the first {len(kept):,} are kept\n"


@contextmanager
def printing(most: int) -> Iterator[dict[str, Bounded]]:
    """Take what is printed, by stream: by Python first, then by the programs that a cell starts."""
    texts = {"stdout": Bounded(most), "stderr": Bounded(most)}
    before = {name: getattr(sys, name) for name in texts}
    readers = [_Reader(number, texts[name]) for number, name in ((1, "stdout"), (2, "stderr"))]
    for name, text in texts.items():
        setattr(sys, name, text)
    try:
        yield texts
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)
        for reader in readers:
            reader.end()


class _Reader:
    """Reads what is written to a file descriptor of the process, where programs print."""

    def __init__(self, number: int, into: Bounded) -> None:
        self._number, self._into, self._read = number, into, Bounded(into.most)
        self._kept = os.dup(number)
        source, target = os.pipe()
        os.dup2(target, number)
        os.close(target)
        self._thread = threading.Thread(target=self._follow, args=(source,), daemon=True)
        self._thread.start()

    def _follow(self, source: int) -> None:
        with open(source, encoding="utf-8", errors="replace", newline="") as text:
            while some := text.read(1 << 16):
                self._read.write(some)

    def end(self) -> None:
        """Give the descriptor back, and what was read to the text of the stream."""
        os.dup2(self._kept, self._number)
        os.close(self._kept)
        self._thread.join(_LAST_WORDS)  # a program that goes on holds the pipe open
        self._into.write(self._read.getvalue())


@contextmanager
def open_shell() -> Iterator[NotebookShell]:
    """Give a fresh shell, and leave the process as it was: a dry run shares it."""
    os.environ.setdefault("MPLBACKEND", _BACKEND)
    InteractiveShell.clear_instance()
    shell: NotebookShell = NotebookShell.instance(
        colors="nocolor",
        cache_size=0,
        displayhook_class=Results,
        display_pub_class=Displayed,
        config=Config(HistoryManager={"enabled": False}),
    )
    shell.user_ns.setdefault("__name__", "__main__")
    asked = (builtins.input, getpass.getpass)
    builtins.input, getpass.getpass = _nobody_answers, _nobody_answers
    try:
        yield shell
    finally:
        builtins.input, getpass.getpass = asked
        shell.restore_sys_module_state()  # type: ignore[no-untyped-call]
        atexit.unregister(shell.atexit_operations)
        NotebookShell.clear_instance()


def _nobody_answers(prompt: object = "", *_: object, **__: object) -> NoReturn:
    raise AnewError(
        "The cell asks for an answer: {prompt!r}.",
        "A build cannot answer. Make it a parameter: a line in the cell tagged `parameters`.",
        code="asks-for-answer",
        prompt=str(prompt).strip() or "input()",
    )
