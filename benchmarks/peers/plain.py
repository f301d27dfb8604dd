"""The practical limit: the notebooks' code as plain Python in two forks, then the text in two.

No notebook is executed as one, no page of it is made, nothing is checked or put together, nothing
is remembered. plain.py STAGE OUT
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from typeset import typeset

WORKERS = 2


def in_forks(work: Callable[[int], None], count: int) -> None:
    """Call `work` with each number below `count`, in as many forks as there are workers."""
    take, give = os.pipe()
    os.write(give, bytes(range(count)))
    os.close(give)
    children = []
    for _ in range(WORKERS):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                while number := os.read(take, 1):
                    work(number[0])
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    if any([os.waitpid(child, 0)[1] for child in children]):
        sys.exit("a fork failed")


def run(notebook: Path, out: Path) -> None:
    """Run the code cells of a notebook one after the other, in one namespace."""
    from anew.notebook.opening import EXECUTION, Execution

    execution = Execution(out / notebook.stem)
    EXECUTION.set(execution)
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), notebook.name, "exec"), names)
    execution.sessions[0].write()


def main(stage: Path, out: Path) -> None:
    import pandas  # noqa: F401
    import seaborn  # noqa: F401

    import anew.figures.drawing
    import anew.notebook.opening  # noqa: F401

    notebooks: Sequence[Path] = sorted(Path("analysis").glob("*.ipynb"))
    in_forks(lambda number: run(notebooks[number], out), len(notebooks))
    languages = ("zh", "en")
    in_forks(lambda number: typeset(stage, out, languages[number]), len(languages))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
