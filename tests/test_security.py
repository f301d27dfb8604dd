"""SECURITY.md names tests that exist, and the limits that hold."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from anew.project.settings import Limits
from anew.project.texts import LONGEST_CELL
from anew.verify.bill import licence_of

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import licences  # noqa: E402

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


PERMISSIVE = re.compile(r"\b(MIT|BSD|Apache|ISC|PSF|OFL-1\.1|Open Font License)\b")


def test_the_wheel_is_text_of_this_project_under_a_permissive_licence():
    names = licences.packaged()
    assert "src/anew/__init__.py" in names and "src/anew/site/theme/anew.css" in names
    for name in names:
        text = (ROOT / name).read_text("utf-8")  # no font, no program: all of it is text
        assert "GNU General Public License" not in text, name
        assert not re.search(r"base64,[A-Za-z0-9+/]{100}", text), name
    for name, said in licences.claimed().items():
        assert PERMISSIVE.search(said), f"{name}: {said}"


def test_a_file_that_is_somebody_elses_would_be_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(licences, "ROOT", tmp_path)
    monkeypatch.setattr(licences, "packaged", lambda: ["src/anew/site/theme/other.js"])
    (tmp_path / "src/anew/site/theme").mkdir(parents=True)
    (tmp_path / "src/anew/site/theme/other.js").write_text("/* Copyright 2020 Other, GPL-3.0 */")
    ((name, said),) = licences.claimed().items()
    assert name.endswith("other.js") and not PERMISSIVE.search(said)


@pytest.mark.parametrize("package", licences.SHIPPED)
def test_what_a_site_ships_of_a_package_may_be_shipped(package):
    assert PERMISSIVE.search(licence_of(package)) and "GPL" not in licence_of(package)
