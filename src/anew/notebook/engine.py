"""A papermill engine that runs cells in an IPython shell of this process.

A kernel costs a second and two ports a notebook, and kernels started side by side race for
ports. A build forks one child for each notebook after the heavy imports, and the child runs its
cells here. Outputs are those that a kernel gives; what a kernel alone can do (input, widgets,
interrupts) is not supported: open the notebook in Jupyter for that.
"""

from __future__ import annotations

import atexit
import io
import os
import sys
from pathlib import Path
from typing import Any, ClassVar

from nbformat.v4 import output_from_msg
from papermill.engines import Engine, NotebookExecutionManager

from anew.project.errors import AnewError

#: A picture or a table of a cell that is larger is not kept.
_LARGEST = 20_000_000


class InProcessEngine(Engine):  # type: ignore[misc]  # papermill has no types
    """Executes a notebook in this process; registered with papermill as `anew-fork`.

    `failure` is the exception that ended it, `output` how many characters of text one cell may
    leave, and `at` the file that holds the number of the cell at work.
    """

    failure: ClassVar[BaseException | None] = None
    output: ClassVar[int] = 100_000
    at: ClassVar[Path | None] = None

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, **kwargs: Any
    ) -> None:
        os.environ.setdefault("MPLBACKEND", "agg")
        from IPython.core.interactiveshell import InteractiveShell
        from IPython.utils.capture import capture_output
        from traitlets.config import Config

        InteractiveShell.clear_instance()
        shell = InteractiveShell.instance(
            colors="nocolor",
            cache_size=0,
            displayhook_class=_result_hook(),
            config=Config(HistoryManager={"enabled": False}),
        )
        shell.user_ns.setdefault("__name__", "__main__")
        try:
            cls._run(nb_man, shell, capture_output)
        finally:
            # a dry run shares the process: leave `__main__` as it was, and keep no shell alive
            shell.restore_sys_module_state()  # type: ignore[no-untyped-call]
            atexit.unregister(shell.atexit_operations)
            InteractiveShell.clear_instance()

    @classmethod
    def _run(cls, nb_man: NotebookExecutionManager, shell: Any, capture_output: Any) -> None:
        count = 0
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            count += 1
            nb_man.cell_start(cell, index)
            if cls.at is not None:
                cls.at.write_text(str(count))
            with capture_output() as captured:
                for name in ("_stdout", "_stderr"):  # in place of one without bounds
                    setattr(captured, name, _Bounded(cls.output))
                sys.stdout, sys.stderr = captured._stdout, captured._stderr
                result = shell.run_cell(cell.source, store_history=True)
            cell.execution_count = count
            shown = shell.displayhook.take()  # Results, below
            error = result.error_before_exec or result.error_in_exec
            cell.outputs = _outputs(captured, keep_text=error is None)
            for data, metadata in shown:
                content = {"data": data, "metadata": metadata, "execution_count": count}
                cell.outputs.append(_message("execute_result", content))
            _cut(cell.outputs, cls.output)
            if error is not None:
                cls.failure = error
                cell.outputs.append(_error_output(error))
                nb_man.cell_exception(cell, cell_index=index, exception=error)
                nb_man.cell_complete(cell, cell_index=index)
                break
            nb_man.cell_complete(cell, cell_index=index)


class _Bounded(io.StringIO):
    """Text that keeps its first `most` characters and says how many more there were."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most, self._size = most, 0

    def write(self, text: str) -> int:
        room = self._most - self._size
        self._size += len(text)
        if room > 0:
            super().write(text[:room])
        return len(text)

    def getvalue(self) -> str:
        return _shortened(super().getvalue(), self._size)


def _shortened(kept: str, size: int) -> str:
    if size <= len(kept):
        return kept
    return f"{kept}\n… cut: {size:,} characters, of which the first {len(kept):,} are kept\n"


def _cut(outputs: list[Any], most: int) -> None:
    """Cut the text of a cell's outputs, and leave out markup that is too long to show."""
    for output in outputs:
        data = output.get("data", {})
        for kind, value in list(data.items()):
            if not isinstance(value, str):
                continue
            if kind == "text/plain":
                data[kind] = _shortened(value[:most], len(value))
            elif len(value) > _LARGEST:
                del data[kind]
                data["text/plain"] = f"… left out: {kind} of {len(value):,} characters\n"


def _result_hook() -> type:
    """Return what takes the value of a cell's last line: in every form, as a kernel sends it."""
    from IPython.core.displayhook import DisplayHook

    class Results(DisplayHook):
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)  # type: ignore[no-untyped-call]
            self.taken: list[tuple[dict[str, Any], dict[str, Any]]] = []

        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            self.taken.append((format_dict, md_dict or {}))

        def finish_displayhook(self) -> None:
            self._is_active = False

        def take(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
            """Return the output since the last call."""
            taken, self.taken = self.taken, []
            return taken

    return Results


def _outputs(captured: Any, *, keep_text: bool) -> list[Any]:
    found: list[Any] = []
    for name in ("stdout", "stderr"):
        text = getattr(captured, name)
        if text and keep_text:
            found.append(_message("stream", {"name": name, "text": text}))
    for output in captured.outputs:
        content = {"data": output.data, "metadata": output.metadata or {}}
        found.append(_message("display_data", content))
    return found


def _message(kind: str, content: dict[str, Any]) -> Any:
    message = {"header": {"msg_type": kind}, "content": content}
    return output_from_msg(message)  # type: ignore[no-untyped-call]


def _error_output(error: BaseException) -> Any:
    """Return the error as a notebook holds it: the cell's own frames, not the engine's."""
    import traceback

    if isinstance(error, AnewError):
        lines = [f"{type(error).__name__}: {error}"]
    else:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "IPython" not in frame.filename]
        lines = ["Traceback (most recent call last):"]
        lines += "".join(traceback.format_list(own)).rstrip("\n").splitlines()
        lines += "".join(traceback.format_exception_only(error)).rstrip("\n").splitlines()
    content = {"ename": type(error).__name__, "evalue": str(error), "traceback": lines}
    return _message("error", content)
