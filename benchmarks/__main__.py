"""Measure whole builds against the limit and against what people do: `make bench`.

python -m benchmarks                 all cases, and how builds grow; renews docs/speed.md
python -m benchmarks --only cold …   some of them, told and not kept
python -m benchmarks --check         a shorter run; names what got slower than is recorded

Every round runs each case once, so that a machine that is slower for a while is so for all of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import results as keeping
from benchmarks.cases import CASES, Case
from benchmarks.growth import GROWTHS, Growth
from benchmarks.measuring import Sample
from benchmarks.place import make_places
from benchmarks.showing import case_lines, growth_lines, show


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.partition("\n")[0])
    names = [one.id for one in (*CASES, *GROWTHS)]
    parser.add_argument("--only", nargs="+", choices=names, metavar="CASE", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="compare with what is recorded")
    asked = parser.parse_args()
    wanted = asked.only or [one.id for one in (*CASES, *GROWTHS)]
    if asked.check:
        wanted = [one.id for one in CASES if one.short and one.id in wanted]
    began = time.monotonic()
    cases = [one for one in CASES if one.id in wanted]
    growth: dict[str, dict[int, Sample]] = {}
    with tempfile.TemporaryDirectory() as folder:
        samples = measure(cases, asked.rounds, Path(folder)) if cases else {}
        found = keeping.summed_up(samples, growth)
        for one in GROWTHS:
            if one.id in wanted:
                if not asked.only:
                    keep(found)  # growth takes long, and may be interrupted
                growth[one.id] = grow(one, Path(folder))
                found = keeping.summed_up(samples, growth)
    for lines in (case_lines(found, "en"), growth_lines(found, "en")):
        print("\n".join(lines), end="\n\n")
    print(f"{(time.monotonic() - began) / 60:.0f} minutes")
    if asked.check:
        worse = keeping.slower(keeping.read(), found)
        print("\n".join(worse) or "Nothing got slower than is recorded by more than noise.")
        sys.exit(bool(worse))
    if not asked.only:
        keep(found)


def keep(found: keeping.Results) -> None:
    """Write what was found, as data and into the documentation."""
    keeping.write(found)
    show(found)


def measure(cases: Sequence[Case], rounds: int, folder: Path) -> dict[str, list[Sample]]:
    """Return the samples of each case, in the order of the rounds; none where it cannot run."""
    samples: dict[str, list[Sample]] = {case.id: [] for case in cases}
    places = make_places(folder, sorted({case.way for case in cases}))
    for number in range(rounds):
        for at, case in enumerate(cases):
            sample = case.run(places[case.way], number * len(CASES) + at)
            if sample is not None:
                samples[case.id].append(sample)
                _tell(f"{case.id} {number + 1}/{rounds}", sample)
    return samples


def grow(growth: Growth, folder: Path) -> dict[int, Sample]:
    """Return a sample for each size."""
    found = {}
    for size in growth.sizes:
        found[size] = growth.measure(folder / f"{growth.id}-{size}", size)
        _tell(f"{growth.id} {size}", found[size])
    return found


def _tell(name: str, sample: Sample) -> None:
    told = f"{name:24} {sample.seconds:8.2f} s {sample.cpu:8.2f} s of CPU {sample.memory:6.0f} MB"
    print(told, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
