"""What people do: papermill and nbconvert for each notebook, then the text.

papermills.py STAGE OUT PROCESSES: one notebook after the other, or as many at once. With QUARTO,
its program, Quarto executes and shows each notebook instead.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
TYPESET = Path(__file__).with_name("typeset.py")


def run(commands: Sequence[Sequence[str | Path]]) -> None:
    for command in commands:
        subprocess.run([str(part) for part in command], check=True)


def main(stage: Path, out: Path, processes: int, quarto: str = "") -> None:
    works: list[list[list[str | Path]]] = []
    for notebook in sorted(Path("analysis").glob("*.ipynb")):
        done = out / notebook.name
        usual: list[list[str | Path]] = [
            [BIN / "papermill", notebook, done, "--no-progress-bar"],
            [BIN / "jupyter", "nbconvert", "--log-level", "WARN", "--to", "html", done],
        ]
        works.append(
            [[quarto, "render", notebook, "--execute", "--to", "html"]] if quarto else usual
        )
    texts = [[[sys.executable, TYPESET, stage, out, language]] for language in ("zh", "en")]
    with ThreadPoolExecutor(processes) as pool:
        list(pool.map(run, works))
        list(pool.map(run, texts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
