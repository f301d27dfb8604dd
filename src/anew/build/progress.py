"""Progress of a build: a live view in a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any, TextIO

from anew.build.graph import Step
from anew.project.errors import AnewError
from anew.project.phrases import Phrase, in_language


class Quiet:
    """An observer that shows nothing."""

    def begin(self, steps: Sequence[Step]) -> None: ...
    def started(self, step: Step) -> None: ...
    def skipped(self, step: Step) -> None: ...
    def finished(self, step: Step) -> None: ...
    def failed(self, step: Step, error: AnewError) -> None: ...
    def end(self) -> None: ...


class Log(Quiet):
    """One line for each step that ran, when it is done."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self._since: dict[str, float] = {}

    def started(self, step: Step) -> None:
        self._since[step.name] = time.monotonic()

    def finished(self, step: Step) -> None:
        self._line(Phrase("  done"), step)

    def failed(self, step: Step, error: AnewError) -> None:
        self._line(Phrase("FAILED"), step)

    def _line(self, word: str, step: Step) -> None:
        seconds = time.monotonic() - self._since.get(step.name, time.monotonic())
        said = Phrase(
            "{word}  {step} ({seconds:.1f} s)", word=word, step=step.label, seconds=seconds
        )
        self.stream.write(in_language(said) + "\n")
        self.stream.flush()


class Live(Quiet):
    """A bar and the steps at work, redrawn in place; nothing is drawn while nothing runs."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._running: dict[str, str] = {}
        self._total = self._done = 0

    def begin(self, steps: Sequence[Step]) -> None:
        self._total = len(steps)

    def started(self, step: Step) -> None:
        if self._bar is None:
            self._open()
        self._running[step.name] = in_language(step.label)
        self._draw()

    def skipped(self, step: Step) -> None:
        self._done += 1
        self._draw()

    def finished(self, step: Step) -> None:
        self._done += 1
        self._running.pop(step.name, None)
        self._draw()

    def failed(self, step: Step, error: AnewError) -> None:
        self.finished(step)
        if self._bar is not None:
            failed = in_language(Phrase("failed"))
            self._bar.console.print(f"[red]{failed}[/red]  {in_language(step.label)}")

    def end(self) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _open(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            TextColumn("{task.completed}/{task.total}"),
            TextColumn("{task.description}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=self._total)
        self._bar.start()

    def _draw(self) -> None:
        if self._bar is not None:
            doing = " · ".join(self._running.values())
            self._bar.update(self._task, completed=self._done, description=doing)


def observer() -> Quiet:
    """Return the progress view that suits standard error."""
    return Live() if sys.stderr.isatty() else Log()
