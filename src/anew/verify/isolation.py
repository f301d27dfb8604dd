"""Isolation: code of others without network, and with nothing of this machine but its programs.

By bubblewrap (`bwrap`), where the system lets it make namespaces: the process sees the system's
programs and Python's packages, which it cannot change, and the folders that it is to build in.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import anew
from anew.project.phrases import Phrase

#: The system's own folders: programs, libraries and their settings.
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix")

#: What code of others is told of this machine's environment: no name, no key, no address.
_TOLD = {
    "PATH", "LC_ALL", "PYTHONUTF8", "PYTHONNOUSERSITE", "PYTHONPATH", "TZ", "ANEW_LANGUAGE",
}  # fmt: skip

#: Where a home folder would be: empty, and gone afterwards.
_HOME = "/tmp/home"

#: Seconds for finding out whether it works.
_SECONDS = 20


def why_not_isolated() -> str:
    """Return why this system cannot isolate a build; an empty text where it can."""
    if not sys.platform.startswith("linux"):
        return Phrase("only Linux has the namespaces that it needs")
    if shutil.which("bwrap") is None:
        return Phrase("bubblewrap is not installed (apt-get install bubblewrap)")
    try:
        done = subprocess.run(
            isolated(["/bin/true"], []), capture_output=True, text=True, check=False,
            timeout=_SECONDS, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return Phrase("bubblewrap cannot be run: {error}", error=error)
    if done.returncode == 0:
        return ""
    said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    return Phrase("the system does not let bubblewrap make namespaces ({reason})", reason=said[-1])


def isolated(
    command: Sequence[str],
    folders: Sequence[Path],
    at: Path | None = None,
    temporary: Path | None = None,
) -> list[str]:
    """Return a command that runs `command` apart, in the folder `at`; it may write to `folders`.

    `temporary` is its /tmp, on the disk and not in memory.
    """
    program = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session"]
    program += ["--dev", "/dev", "--proc", "/proc"]
    program += ["--bind", str(temporary.resolve()), "/tmp"] if temporary else ["--tmpfs", "/tmp"]
    program += ["--dir", _HOME]
    for name in _SYSTEM:
        program += ["--ro-bind-try", name, name]
    for path in _packages():
        program += ["--ro-bind", path, path]
    for folder in folders:
        shown = str(folder.resolve())
        program += ["--bind", shown, shown]
    program += ["--chdir", str(at.resolve())] if at else []
    return [*program, "--", *command]


def told_little(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of code of others: what it needs to run, and no secret."""
    kept = {name: value for name, value in environment.items() if name in _TOLD}
    return kept | {"HOME": _HOME}


def _packages() -> list[str]:
    """Return the folders outside the system's own that this Python runs from."""
    quarto = shutil.which("quarto")
    wanted = [sys.prefix, sys.base_prefix, str(Path(anew.__file__).parents[1])]
    wanted += [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    wanted += [str(Path(quarto).resolve().parents[1])] if quarto else []
    folders = sorted({str(Path(path).absolute()) for path in wanted})
    found: list[str] = []
    for folder in folders:
        known = (*_SYSTEM, *found)
        if not any(Path(folder).is_relative_to(one) for one in known) and Path(folder).is_dir():
            found.append(folder)
    return found
