"""Results: what was measured, kept in `results.json`, and what got slower since."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cases import CASES, LIMIT, USUAL
from benchmarks.measuring import Sample

FILE = Path(__file__).with_name("results.json")

#: What two runs of the same on one machine may differ by, however calm they were.
_LEAST_NOISE = 0.15


@dataclass(frozen=True)
class Ratio:
    """How long a case took for each second of another one in the same round: the middle one."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Result:
    """One case: medians of all rounds, and two ratios; without rounds it did not run."""

    seconds: float = 0.0
    spread: Sequence[float] = ()
    cpu: float = 0.0
    memory: float = 0.0
    usual: Ratio | None = None
    limit: Ratio | None = None


@dataclass(frozen=True)
class Results:
    """All that one run of the benchmark found, and on what machine."""

    measured: str
    commit: str
    machine: Mapping[str, str | int]
    rounds: int
    cases: Mapping[str, Result]
    growth: Mapping[str, Mapping[int, Sample]] = field(default_factory=dict)


def summed_up(
    samples: Mapping[str, Sequence[Sample]], growth: Mapping[str, Mapping[int, Sample]]
) -> Results:
    """Return the results of all rounds; the samples of a case stand in the order of the rounds."""
    cases = {name: _result(found, samples) for name, found in samples.items()}
    rounds = max((len(found) for found in samples.values()), default=0)
    return Results(
        f"{datetime.now(UTC):%Y-%m-%d}", _commit(), machine(), rounds, cases, dict(growth)
    )


def _result(found: Sequence[Sample], samples: Mapping[str, Sequence[Sample]]) -> Result:
    if not found:
        return Result()
    middle = {
        kind: statistics.median(getattr(one, kind) for one in found)
        for kind in ("seconds", "cpu", "memory")
    }
    seconds = [one.seconds for one in found]
    return Result(
        middle["seconds"], (min(seconds), max(seconds)), middle["cpu"], middle["memory"],
        _ratio(found, samples.get(USUAL, ())), _ratio(found, samples.get(LIMIT, ())),
    )  # fmt: skip


def _ratio(found: Sequence[Sample], others: Sequence[Sample]) -> Ratio | None:
    """Return the ratio within each round, so that a machine that slows down does not count."""
    ratios = sorted(a.seconds / b.seconds for a, b in zip(found, others, strict=False))
    return Ratio(statistics.median(ratios), ratios[0], ratios[-1]) if ratios else None


def slower(recorded: Results, now: Results) -> list[str]:
    """Return a line for each case that got slower, measured by the limit, by more than noise.

    Noise is what the rounds of a case differed by, when it was recorded and now.
    """
    lines = [] if recorded.cases else ["Nothing is recorded to compare with: run make bench."]
    for case in CASES:
        before, after = (one.cases.get(case.id, Result()).limit for one in (recorded, now))
        if before is None or after is None or case.id == LIMIT:
            continue
        noise = max(_LEAST_NOISE, *((r.high - r.low) / r.middle for r in (before, after)))
        if after.middle > before.middle * (1 + noise):
            lines.append(
                f"{case.told('en')}: {after.middle:.3g} times the limit; "
                f"recorded {before.middle:.3g}, noise {noise:.0%}"
            )
    return lines


def write(results: Results) -> None:
    """Keep results, rounded to what they are worth."""
    FILE.write_text(json.dumps(_rounded(asdict(results)), indent=1) + "\n", "utf-8")


def read() -> Results:
    """Return the results that are kept."""
    data = json.loads(FILE.read_text("utf-8"))
    cases = {
        name: Result(
            **{**one, **{k: Ratio(**one[k]) for k in ("usual", "limit") if one[k] is not None}}
        )
        for name, one in data.pop("cases").items()
    }
    growth = {
        name: {int(size): Sample(**one) for size, one in found.items()}
        for name, found in data.pop("growth").items()
    }
    return Results(**data, cases=cases, growth=growth)


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def machine() -> dict[str, str | int]:
    """Return what the machine is, without its name."""
    found: dict[str, str | int] = {
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "cores": os.cpu_count() or 0,
    }
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        found["processor"] = next(
            line.partition(":")[2].strip() for line in lines if line.startswith("model name")
        )
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        found["memory_gb"] = round(pages / 2**30)
    except (OSError, StopIteration, ValueError):
        pass  # not Linux
    return found


def _commit() -> str:
    command = ["git", "-C", str(FILE.parent), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    return done.stdout.strip()
