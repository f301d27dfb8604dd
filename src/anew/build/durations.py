"""How long steps took when they last ran, by which the longest work is begun first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from anew.build.graph import Timing
from anew.project.writing import sealed, unsealed, write_bytes

#: Seconds of a step that has never run.
UNKNOWN = 1.0


class Durations:
    """The seconds of steps by name, kept in a file; a damaged or missing one is an empty one."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds: dict[str, float] = {}
        with suppress(OSError, ValueError, TypeError):
            kept = dict(unsealed(file.read_bytes()))
            self._seconds = {name: float(one) for name, one in kept.items()}

    def remaining(
        self, order: Sequence[str], before: Mapping[str, Iterable[str]]
    ) -> dict[str, float]:
        """Return the seconds from each step's begin to the end of the last that waits for it.

        `order` names the steps as they can run, `before` those that each waits for.
        """
        after = dict.fromkeys(order, 0.0)
        found: dict[str, float] = {}
        for name in reversed(order):
            found[name] = self._seconds.get(name, UNKNOWN) + after[name]
            for one in before[name]:
                after[one] = max(after[one], found[name])
        return found

    def remember(self, timings: Iterable[Timing]) -> None:
        """Keep what steps took now; a write error is ignored, as it only costs time."""
        now = {one.step: round(one.seconds, 2) for one in timings}
        if now:
            self._seconds |= now
            with suppress(OSError):
                write_bytes(self._file, sealed(self._seconds), replace_folder=True)
