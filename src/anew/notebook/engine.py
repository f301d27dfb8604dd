"""A papermill engine that runs cells in an IPython shell of this process.

A kernel costs a second and two ports a notebook, and kernels started side by side race for
ports. A build forks one child for each notebook after the heavy imports, and the child runs its
cells here (`anew.notebook.shell`). Outputs are those that a kernel gives; what a kernel alone can
do (answers typed by a reader, widgets that move, interrupts) is not supported: open the notebook in
Jupyter for that.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from nbformat.v4 import output_from_msg
from papermill.engines import Engine, NotebookExecutionManager

from anew.project.errors import AnewError

if TYPE_CHECKING:
    from anew.notebook.shell import NotebookShell

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
        from anew.notebook.shell import open_shell  # it imports IPython

        with open_shell() as shell:
            cls._run(nb_man, shell)

    @classmethod
    def _run(cls, nb_man: NotebookExecutionManager, shell: NotebookShell) -> None:
        from anew.notebook.shell import printing

        count = 0
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            count += 1
            nb_man.cell_start(cell, index)
            if cls.at is not None:
                cls.at.write_text(str(count))
            with printing(cls.output) as printed:
                error = shell.run(cell.source)
            cell.execution_count = count
            cell.outputs = [
                _message("stream", {"name": name, "text": stream.getvalue()})
                for name, stream in printed.items()
                if stream.getvalue() and error is None
            ]
            for kind, forms, metadata in shell.shown():
                content = {"data": forms, "metadata": metadata, "execution_count": count}
                if kind == "display_data":
                    del content["execution_count"]
                cell.outputs.append(_message(kind, content))
            _cut(cell.outputs, cls.output)
            if error is not None:
                cls.failure = error
                cell.outputs.append(_error_output(error))
                nb_man.cell_exception(cell, cell_index=index, exception=error)
                nb_man.cell_complete(cell, cell_index=index)
                break
            nb_man.cell_complete(cell, cell_index=index)


def _cut(outputs: list[Any], most: int) -> None:
    """Cut the text of a cell's outputs, and leave out markup that is too long to show."""
    from anew.notebook.shell import shortened

    for output in outputs:
        data = output.get("data", {})
        for kind, value in list(data.items()):
            if not isinstance(value, str):
                continue
            if kind == "text/plain":
                data[kind] = shortened(value[:most], len(value))
            elif len(value) > _LARGEST:
                del data[kind]
                data["text/plain"] = f"… left out: {kind} of {len(value):,} characters\n"


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
