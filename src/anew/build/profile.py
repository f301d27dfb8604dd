"""The profile of a build: how long each step ran, and which steps held the build up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from anew.build.graph import Timing
from anew.project.phrases import Phrase
from anew.project.writing import make_room, write_text

#: Where a build folder keeps the trace of the last profiled build.
TRACE = "profile.json"


def profile_lines(timings: Sequence[Timing]) -> list[str]:
    """Return a table of the steps that ran, the longest first, and the critical path below it."""
    if not timings:
        return [Phrase("No step ran.")]
    ranked = sorted(timings, key=lambda one: (-one.seconds, one.step))
    lines: list[str] = [Phrase("  wall s    cpu s  step")]
    lines += [
        Phrase("{wall:8.2f} {cpu:8.2f}  {step}", wall=one.seconds, cpu=one.cpu, step=one.label)
        for one in ranked
    ]
    began, ended = min(one.began for one in timings), max(one.ended for one in timings)
    wall, cpu = (sum(getattr(one, kind) for one in timings) for kind in ("seconds", "cpu"))
    lines.append(
        Phrase(
            "{wall:8.2f} {cpu:8.2f}  all steps, in {seconds:.2f} s",
            wall=wall,
            cpu=cpu,
            seconds=ended - began,
        )
    )
    lines.append(Phrase("Critical path:"))
    for one in critical_path(timings):
        lines.append(
            Phrase(
                "  {began:6.2f} to {ended:6.2f} s  {step}",
                began=one.began - began,
                ended=one.ended - began,
                step=one.label,
            )
        )
    return lines


def critical_path(timings: Sequence[Timing]) -> list[Timing]:
    """Return the chain of steps that ended last, each waiting for the one before it."""
    named = {one.step: one for one in timings}
    path = [max(timings, key=lambda one: one.ended)]
    while before := [named[name] for name in path[-1].after if name in named]:
        path.append(max(before, key=lambda one: one.ended))
    return path[::-1]


def write_trace(timings: Sequence[Timing], folder: Path) -> Path:
    """Write a trace that Perfetto and chrome://tracing open, one row a worker; return its path."""
    began = min((one.began for one in timings), default=0.0)
    threads = {name: number for number, name in enumerate(sorted({t.thread for t in timings}))}
    events = [
        {
            "name": one.label,
            "ph": "X",
            "pid": 1,
            "tid": threads[one.thread],
            "ts": round((one.began - began) * 1e6),
            "dur": round(one.seconds * 1e6),
            "args": {"step": one.step, "cpu_seconds": round(one.cpu, 3)},
        }
        for one in sorted(timings, key=lambda one: one.began)
    ]
    make_room(folder / TRACE)
    return write_text(folder / TRACE, json.dumps({"traceEvents": events}, ensure_ascii=False))
