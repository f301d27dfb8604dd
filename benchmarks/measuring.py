"""Measuring whole processes: wall time, CPU time and peak memory, those they start included."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

#: Seconds between two looks at the memory; each costs some milliseconds of one core.
_PERIOD = 0.25


@dataclass(frozen=True)
class Sample:
    """One run: seconds of wall and of CPU, and the most memory at once, in MB; 0 is unknown."""

    seconds: float
    cpu: float = 0.0
    memory: float = 0.0


def measured(
    command: Sequence[str | Path], cwd: Path, environment: Mapping[str, str] | None = None
) -> Sample:
    """Run a command that must succeed, quietly, and return what it took."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env=clean(cwd, environment),
            stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        with _watched(process.pid) as peaks:
            _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(map(str, command))} failed:\n{said.read()}")
    return Sample(seconds, used.ru_utime + used.ru_stime, max(peaks))


def clean(cwd: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a measured process, which works in the project `cwd`."""
    kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PWD")}
    return {**kept, "ANEW_PROJECT": str(cwd), "ANEW_ENGINE": "embedded", **(more or {})}


@contextmanager
def _watched(session: int) -> Iterator[list[float]]:
    """Look at the memory of a session of processes until the end; yield what was found, in MB."""
    peaks, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(_PERIOD):
            peaks.append(memory_of(session))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def memory_of(session: int) -> float:
    """Return the memory of all processes of a session in MB; pages that several share count once.

    Only Linux tells; elsewhere it is 0.
    """
    found = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):  # it has just ended, or is another's
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                shares = (folder / "smaps_rollup").read_text().splitlines()
                found += sum(int(line.split()[1]) for line in shares if line.startswith("Pss:"))
    return found / 1024


@contextmanager
def running(command: Sequence[str | Path], cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a server, whose output can be read, and end it afterwards with all that it started."""
    process = subprocess.Popen(
        [str(part) for part in command], cwd=cwd, env=clean(cwd), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
