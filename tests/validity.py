"""The W3C's checker of HTML (vnu), for the tests that hold pages to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from missing import missing


def checker() -> list[str]:
    """Return the command that runs vnu: VNU_JAR, the one that tools/linters.sh brought, or PATH's.

    Without any the test is skipped, but fails on a Linux CI machine: there it may not be left out.
    """
    installed = Path(sys.prefix) / "lib" / "vnu" / "vnu.jar"
    jar = os.environ.get("VNU_JAR") or (str(installed) if installed.is_file() else None)
    if jar and shutil.which("java"):
        return ["java", "-jar", jar]
    if found := shutil.which("vnu"):
        return [found]
    reason = f"vnu or Java is not installed: sh tools/linters.sh {Path(sys.prefix).name}"
    missing(reason)


def errors(pages: Iterable[Path]) -> str:
    """Return what vnu finds wrong with files, a line each; "" where it finds nothing."""
    command = [*checker(), "--errors-only", "--also-check-svg", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or done.stderr, "vnu failed without a word"
    return done.stderr
