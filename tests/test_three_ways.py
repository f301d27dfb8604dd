"""A cell gives the same in a build as in a kernel: by magics, displays, programs and the like."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from anew.notebook.engine import InProcessEngine

pytestmark = pytest.mark.slow

CELLS = [
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "figure, axes = plt.subplots()\nfigure",
    "%config InlineBackend.figure_format = 'svg'\n_ = plt.plot([1, 2])",
    "%load_ext autoreload\n%autoreload 2",
    "%%capture kept\nprint(1)",
    "kept.stdout",
    "%precision 3\n3.14159",
    "%env COLOUR=red",
    "import os\nos.environ['COLOUR']",
    "a = 1\n%who int",
    "%%bash\necho hi",
    "!echo hi",
    "said = !echo hi\nsaid[0]",
    "%%writefile made.py\nprint('made')",
    "%run made.py",
    "%%html\n<b>x</b>",
    "%%markdown\n**x**",
    "%%latex\n$x$",
    '%%SVG\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "%xmode Plain",
    "len?",
    "from IPython.display import HTML, clear_output, display\ndisplay(HTML('<b>x</b>'), 3)\n4",
    "print(1)\nclear_output()\nprint(2)",
    "handle = display('one', display_id='a')\nhandle.update('two')",
    "import asyncio\nawait asyncio.sleep(0.001)\n'done'",
    "async def three():\n    yield 3\n\n[x async for x in three()]",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)",
    "1 + 1;",
    "_ + 1 if isinstance(_, int) else 'no number'",
    "import multiprocessing\nwith multiprocessing.Pool(1) as pool:\n    print(pool.map(abs, [-1]))",
    "__name__",
]


def executed(cells: list[str], engine: str | None, folder: Path) -> list[object]:
    """Return what each cell gave, as papermill has it with `engine` or with a kernel."""
    papermill_engines.register("anew-fork", InProcessEngine)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(
        cells=[new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": kernel, "language_info": {"name": "python"}},
    )
    folder.mkdir()
    nbformat.write(notebook, folder / "cells.ipynb")
    done = execute_notebook(
        str(folder / "cells.ipynb"), None, engine_name=engine, kernel_name="python3",
        progress_bar=False, cwd=str(folder),
    )  # fmt: skip
    return [joined([shown(output) for output in cell.outputs]) for cell in done.cells]


def joined(outputs: list[object]) -> list[object]:
    """Join what one stream says in several messages: a busy machine sends one line in two."""
    found: list[object] = []
    for output in outputs:
        last = found[-1] if found else None
        streams = isinstance(output, tuple) and isinstance(last, tuple) and len(output) == 2
        if streams and last[0] == output[0]:
            found[-1] = (output[0], last[1] + output[1])
        else:
            found.append(output)
    return found


def shown(output: nbformat.NotebookNode) -> object:
    if output.output_type == "stream":
        return output.name, output.text
    # the bytes of a picture are those of matplotlib; that it is there is what counts
    texts = {kind: data for kind, data in output.data.items() if not kind.startswith("image/")}
    return output.output_type, sorted(output.data), texts


def test_each_cell_gives_what_it_gives_in_a_kernel(tmp_path, monkeypatch):
    monkeypatch.delenv("MPLBACKEND", raising=False)
    kernel = executed(CELLS, None, tmp_path / "kernel")
    ours = executed(CELLS, "anew-fork", tmp_path / "ours")
    for source, one, other in zip(CELLS, ours, kernel, strict=True):
        # a kernel tells a figure's value and its display in either order
        assert sorted(map(str, one)) == sorted(map(str, other)), source


@pytest.mark.parametrize("cell", ["input('Which year? ')", "import getpass\ngetpass.getpass()"])
def test_a_cell_that_asks_is_told_what_to_do(cell, tmp_path):
    with pytest.raises(PapermillExecutionError, match="asks for an answer") as raised:
        executed([cell], "anew-fork", tmp_path / "ours")
    assert "Make it a parameter" in str(raised.value)


def test_what_a_cell_printed_before_it_failed_is_no_part_of_the_error(tmp_path):
    with pytest.raises(PapermillExecutionError) as raised:
        executed(["print('said')\n1 / 0"], "anew-fork", tmp_path / "ours")
    assert "ZeroDivisionError" in str(raised.value) and "said\n" not in str(raised.value)


def test_what_a_program_prints_is_shown_and_holds_no_cell_up(tmp_path, capfd):
    """A kernel shows it as well, outside pytest."""
    cells = [
        "import subprocess\nprint('first')\n_ = subprocess.run(['echo', 'then'])",
        "going = subprocess.Popen(['sleep', '30'])\nprint('on')",
        "going.kill()\n_ = going.wait()",
    ]
    found = executed(cells, "anew-fork", tmp_path / "ours")
    assert found == [[("stdout", "first\nthen\n")], [("stdout", "on\n")], []]
    assert capfd.readouterr().out == ""
