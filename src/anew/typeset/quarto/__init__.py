"""Quarto as the typesetter: found on the machine, run on a copy, its pages put into the site.

The text, the filters and the Typst template are the same that the embedded typesetter reads. A
report's page is Quarto's: everything that Quarto can set is there. The page around it is the
site's own, so that a reader is on one site whatever set the text; see `anew.site.quarto`.

`anew build --engine quarto` renders in copies below the stage (`rendering`). In plain Quarto
(`quarto render`, `quarto preview`) the project's root is the stage and two hooks do the rest
(`hooks`, called by report/hooks.py).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache

from anew.project.errors import AnewError, unknown

#: The oldest version whose callouts, cross-references and Typst template are the ones known here.
OLDEST = (1, 8)

ENGINES = ("auto", "embedded", "quarto")

_VERSION = re.compile(r"^(\d+)\.(\d+)\.(\d+)\S*$")


@dataclass(frozen=True)
class Quarto:
    """An installed Quarto."""

    program: str
    version: str

    @property
    def name(self) -> str:
        """What is said of it: `Quarto 1.10.18`."""
        return f"Quarto {self.version}"

    @property
    def recent(self) -> bool:
        """Whether it is new enough."""
        found = _VERSION.match(self.version)
        return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def find_quarto() -> Quarto | None:
    """Return the Quarto that QUARTO_PATH names or that is on PATH; None where there is none."""
    program = shutil.which(os.environ.get("QUARTO_PATH") or "quarto")
    return _ask(program) if program else None


@lru_cache(maxsize=4)
def _ask(program: str) -> Quarto | None:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, encoding="utf-8", timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = done.stdout.split()
    return Quarto(program, lines[-1]) if done.returncode == 0 and lines else None


def chosen(engine: str) -> Quarto | None:
    """Return the Quarto that `engine` (auto, embedded, quarto) asks for; None is the embedded one.

    `auto` is what ANEW_ENGINE says, else Quarto where there is one. Raises AnewError for any other
    name, and when Quarto is asked for and is not there or too old.
    """
    engine = _meant(engine)
    if engine == "embedded":
        return None
    found = find_quarto()
    if found and found.recent:
        return found
    if engine == "auto":
        return None
    needed = ".".join(map(str, OLDEST))
    if found:
        raise AnewError(
            "{program} is {version}; the report needs {needed} or newer.",
            "Install a newer one from https://quarto.org, or use --engine embedded.",
            code="no-quarto",
            program=found.program,
            version=found.name,
            needed=needed,
        )
    raise AnewError(
        "Quarto was not found.",
        "Install {needed} or newer from https://quarto.org so that `quarto` is on "
        "PATH (or name it in QUARTO_PATH), or use --engine embedded.",
        code="no-quarto",
        needed=needed,
    )


def _meant(engine: str) -> str:
    if engine == "auto":
        engine = os.environ.get("ANEW_ENGINE") or "auto"
    if engine not in ENGINES:
        raise unknown("typesetter", engine, ENGINES)
    return engine


def described(engine: str) -> str:
    """Return what a summary says of the typesetter that `engine` leads to."""
    found = chosen(engine)
    if found:
        return found.name
    old = find_quarto() if _meant(engine) == "auto" else None
    needed = ".".join(map(str, OLDEST))
    return f"embedded ({old.name} is older than {needed})" if old else "embedded"
