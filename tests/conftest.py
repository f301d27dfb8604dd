"""What tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow now and then; timings belong in `make bench`.
settings.register_profile("anew")
settings.load_profile("anew")

# Bytecode halves the time of every child process; some environments switch it off.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


# Quarto, where there is one, is asked for by the tests that are about it.
os.environ["ANEW_ENGINE"] = "embedded"

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture(scope="session")
def anew():
    """Run the real command in a folder; return exit code, output and errors as one object."""

    def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ANEW_")}
        kept["ANEW_ENGINE"] = os.environ["ANEW_ENGINE"]
        return subprocess.run(
            [sys.executable, "-c", "from anew.cli.main import main; main()", *arguments],
            cwd=cwd,
            env={**kept, **environment},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run
