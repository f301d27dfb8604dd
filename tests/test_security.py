"""SECURITY.md names tests that exist, and the limits that hold."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from anew.project.settings import Limits
from anew.project.texts import LONGEST_CELL

ROOT = Path(__file__).parent.parent
SAID = (ROOT / "SECURITY.md").read_text("utf-8")


@pytest.mark.parametrize(("file", "name"), re.findall(r"`(test_\w+\.py)::(test_\w+)`", SAID))
def test_every_threat_names_a_test_that_is_there(file, name):
    assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8")


def test_every_row_of_the_table_names_a_test():
    rows = [line for line in SAID.splitlines() if line.startswith("| ")]
    threats = rows[1 : next(n for n, row in enumerate(rows) if row.startswith("| Package"))]
    assert threats and all("::test_" in row for row in threats)


def test_the_limits_are_those_that_hold():
    limits = Limits()
    assert f"{limits.seconds:g} s, {limits.memory:g} GiB and {limits.output:,} characters" in SAID
    assert LONGEST_CELL < 40_000


def licence(package: str) -> str:
    """Return what a package says of its licence."""
    found = metadata.metadata(package)
    kinds = [one for one in found.get_all("Classifier") or [] if one.startswith("License")]
    return " ".join([found.get("License-Expression") or "", found.get("License") or "", *kinds])


def requirements() -> list[str]:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return [re.split(r"[\s\[<>=!;]", one)[0] for one in listed]


@pytest.mark.parametrize("package", requirements())
def test_a_licence_that_is_not_permissive_is_named(package):
    said = licence(package)
    free = re.search(r"\b(MIT|BSD|Apache|ISC|PSF|HPND)\b", said, re.IGNORECASE)
    assert (free and "GPL" not in said) or package in SAID, f"{package}: {said[:80]}"
