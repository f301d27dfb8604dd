"""The real command without starting Python for each call: a warm process forks a child for each.

A child has its own arguments, folder, environment and output, as a new process has, and its own
server that forks for notebooks: that too is forked, with its imports. A call that needs a fresh
interpreter (PYTHONHASHSEED, say) starts one, and so does a system without fork.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path

from nbformat.v4 import new_notebook

from anew.notebook.child import FIXED, PRELOAD
from anew.site.notebooks import convert

MAIN = "from anew.cli.entry import main; main()"


class Command:
    """The command `anew`, called any number of times; close it at the end."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def __call__(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run `anew ARGUMENTS` in `cwd` with nothing but `environment`; return code and output."""
        python = {key: text for key, text in environment.items() if key.startswith("PYTHON")}
        own = {key: text for key, text in os.environ.items() if key.startswith("PYTHON")}
        if python != own or not hasattr(os, "fork"):
            command = [sys.executable, "-c", MAIN, *arguments]
            return subprocess.run(
                command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8"
            )
        with tempfile.TemporaryDirectory() as folder:
            outputs = [Path(folder, name) for name in ("out", "err")]
            code = self._fork(arguments, cwd, environment, outputs)
            said = [path.read_text("utf-8") for path in outputs]
        return subprocess.CompletedProcess(["anew", *arguments], code, *said)

    def _fork(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str],
        outputs: Sequence[Path],
    ) -> int:  # fmt: skip
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"},
            )  # fmt: skip
        assert self.process.stdin and self.process.stdout
        call = [list(arguments), str(cwd), dict(environment), [str(path) for path in outputs]]
        self.process.stdin.write(json.dumps(call) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self) -> None:
        """End the warm process."""
        if self.process is not None:
            self.process.communicate()


def serve() -> None:
    """Import what the command needs; then fork a child for each line, and print its exit code."""
    for name in (*PRELOAD, "typst", "anew.build.builder", "anew.cli.main", "anew.diff.state"):
        importlib.import_module(name)
    convert(new_notebook())  # compiles its templates and its patterns of selectors
    resource_tracker.ensure_running()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _become(
    arguments: Sequence[str], cwd: str, environment: Mapping[str, str], paths: Sequence[str]
) -> None:
    """Turn this forked process into the command; it never returns."""
    for number, path in ((0, os.devnull), (1, paths[0]), (2, paths[1])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    _start_server()
    sys.argv = ["anew", *arguments]
    code = 1
    try:
        exec(MAIN, {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _start_server() -> None:
    """Start the server that forks children of a build, by a fork while there is one thread."""
    spawn = util.spawnv_passfds

    def fork(path: str, arguments: Sequence[str], passed: Sequence[int]) -> int:
        pid = os.fork()
        if pid == 0:
            os.environ.update(FIXED)
            tracker = resource_tracker._resource_tracker._fd  # as exec would, pass on these alone
            for name in os.listdir("/dev/fd"):
                if int(name) not in (0, 1, 2, tracker, *passed):
                    with suppress(OSError):
                        os.close(int(name))
            try:
                forkserver.main(*passed, [])
            finally:
                os._exit(0)
        return pid

    util.spawnv_passfds = fork
    forkserver.ensure_running()
    util.spawnv_passfds = spawn


if __name__ == "__main__":
    serve()
