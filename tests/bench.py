"""Time whole builds: cold, with nothing to do, and the way people do it today. `make bench`.

Everything runs in a copy of the project, so that nobody's build folder is touched. Each figure is
the median of five whole processes; only the ratios mean something, for machines differ.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
KEPT_OUT = {".git", ".venv", ".anew", "_site", ".quarto", "__pycache__", "_built"}

#: The same typesetting that a build does, one document after the other.
TYPESET = """
import sys
from pathlib import Path
from anew.build.documents import typeset_plainly
typeset_plainly(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def run(*command: str | Path, cwd: Path) -> None:
    """Run a command that must succeed, quietly."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["ANEW_PROJECT"] = str(cwd)
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")


def timed(prepare: Callable[[], None], work: Callable[[], None], runs: int) -> list[float]:
    """Return the seconds of each run of `work`, with `prepare` before each, not timed."""
    seconds = []
    for _ in range(runs):
        prepare()
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        shutil.copytree(ROOT, project, ignore=lambda _, names: KEPT_OUT & set(names))

        def empty() -> None:
            shutil.rmtree(project / ".anew", ignore_errors=True)
            shutil.rmtree(project / "_site", ignore_errors=True)

        def build() -> None:
            run(BIN / "anew", "build", "--engine", "embedded", "--jobs", "2", cwd=project)

        def usual() -> None:
            out = project / ".anew" / "usual"
            out.mkdir(parents=True, exist_ok=True)
            for notebook in sorted((project / "analysis").glob("*.ipynb")):
                done = out / notebook.name
                run(BIN / "papermill", notebook, done, "--no-progress-bar", cwd=project)
                run(BIN / "jupyter", "nbconvert", "--to", "html", done, cwd=project)
            run(sys.executable, "-c", TYPESET, stage, out, cwd=project)

        empty()
        build()
        stage = Path(folder) / "stage"
        newest = next(path for path in (project / ".anew" / "stage").iterdir())
        shutil.copytree(newest, stage)

        rows = {
            "cold build": timed(empty, build, runs),
            "nothing changed": timed(lambda: None, build, runs),
            "one notebook after the other": timed(empty, usual, runs),
        }
    base = statistics.median(rows["one notebook after the other"])
    print(f"{'':30} {'median':>8} {'min':>7} {'max':>7} {'ratio':>7}")
    for name, seconds in rows.items():
        middle = statistics.median(seconds)
        print(
            f"{name:30} {middle:7.2f}s {min(seconds):6.2f}s {max(seconds):6.2f}s "
            f"{middle / base:7.3f}"
        )
    print(f"{os.cpu_count()} cores, {runs} runs each; the promise: 0.6 cold, 0.06 unchanged")


if __name__ == "__main__":
    main()
