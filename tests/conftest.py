"""What tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import warm
from hypothesis import HealthCheck, settings

# Byte-code halves the time of every child process; some environments switch it off.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Quarto, if installed, is used only by the tests that are about it.
os.environ["ANEW_ENGINE"] = "embedded"

# How long an example takes depends on how busy the machine is, not on the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Put the fonts that every project needs into the environment, before any worker starts."""
    if not hasattr(config, "workerinput"):
        subprocess.run([sys.executable, "-m", "anew.figures.fonts"], check=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what uses a fixture of ours that tests share: they share what is expensive.

    Files with slow tests come first, so that no worker begins one when the others are done.
    """
    for item in items:
        used = item._fixtureinfo.name2fixturedefs.values()
        if any(one.scope != "function" and one.baseid for each in used for one in each):
            item.add_marker("slow")
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    """Tell a measurement of coverage which test is at work: `make mutants` runs by line."""
    coverage = sys.modules.get("coverage")
    measured = coverage.Coverage.current() if coverage else None
    if measured:
        measured.switch_context(item.nodeid)
    return (yield)


@pytest.fixture(autouse=True)
def own_modules():
    """Give the next test this project's `analysis`, where one ran another project's notebooks."""
    path = list(sys.path)
    kept = {name: module for name, module in sys.modules.items() if _is_analysis(name)}
    yield
    sys.path[:] = path
    if sys.modules.get("analysis") is not kept.get("analysis"):
        for name in [name for name in sys.modules if _is_analysis(name)]:
            del sys.modules[name]
        sys.modules.update(kept)


def _is_analysis(name: str) -> bool:
    return name.partition(".")[0] == "analysis"


@pytest.fixture(scope="session")
def anew():
    """Run the real command in a folder; return exit code, output and errors as one object."""
    command = warm.Command()

    def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ANEW_")}
        kept["ANEW_ENGINE"] = os.environ["ANEW_ENGINE"]
        return command(arguments, cwd, {**kept, **environment})

    yield run
    command.close()
