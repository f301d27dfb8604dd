"""How a signal ends the command: everything that must be cleaned up is cleaned up."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

#: Ctrl-C, what systems and supervisors send, and a terminal that was closed.
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(SystemExit):
    """Raised in the main thread by a signal; its exit code is 128 and the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise Stopped for the first signal that asks this process to end.

    A second one ends it at once. A signal that is ignored stays ignored, as under nohup. Outside
    the main thread nothing is changed: whoever runs that thread takes care.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        for one in before:
            signal.signal(one, lambda again, frame: os._exit(128 + again))
        raise Stopped(number)

    before: dict[signal.Signals, Any] = {}
    try:
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, stop)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    except Stopped:
        raise  # the handlers stay: a second signal must not break the cleaning up with a traceback
    except BaseException:
        _restore(before)
        raise
    _restore(before)


def _restore(before: Mapping[signal.Signals, Any]) -> None:
    for number, handler in before.items():
        signal.signal(number, handler)
