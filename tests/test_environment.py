"""The environment beside its lock."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest
import tiny

from anew.project.errors import AnewError
from anew.verify.environment import compare_environment, locked_requirements

PANDAS, TYPER = metadata.version("pandas"), metadata.version("typer")

LOCK = f"""\
# a comment
pandas=={PANDAS} ; python_full_version >= '3.11' \\
    --hash=sha256:{"0" * 64} \\
    --hash=sha256:{"1" * 64}
    # via anew
Typer==0.0.1 \\
    --hash=sha256:{"0" * 64}
no-such-package==1.0 \\
    --hash=sha256:{"0" * 64}
only-elsewhere==1.0 ; sys_platform == 'plan9' \\
    --hash=sha256:{"0" * 64}
"""


@pytest.fixture
def lock(tmp_path):
    return tiny.write(tmp_path / "requirements.lock", LOCK)


def test_what_departs_from_the_lock_is_listed(lock):
    compared = compare_environment(lock)
    assert compared.locked == 3
    assert [str(one) for one in compared.departures] == [
        f"typer: locked 0.0.1, installed {TYPER}",
        "no-such-package: locked 1.0, installed not at all",
    ]
    assert "pytest" in compared.beside and "anew" not in compared.beside
    assert "1 of 3 packages match the lock" in "\n".join(compared.lines())


def test_markers_are_those_of_this_platform(lock):
    names = [one.name for one in locked_requirements(lock)]
    assert names == ["pandas", "Typer", "no-such-package"]


def test_a_lock_that_is_missing_or_none_is_refused(tmp_path):
    with pytest.raises(AnewError, match="There is no requirements.lock"):
        compare_environment(tmp_path / "requirements.lock")
    lock = tiny.write(tmp_path / "requirements.lock", "pandas==3\nnot a requirement!\n")
    with pytest.raises(AnewError, match="line 2"):
        compare_environment(lock)


def test_the_command_ends_with_two_when_something_departs(tmp_path, anew):
    root = tiny.make(tmp_path / "p").root
    tiny.write(root / "requirements.lock", LOCK)
    done = anew("check", "--environment", cwd=root)
    assert done.returncode == 2 and "typer: locked 0.0.1" in done.stdout
    tiny.write(root / "requirements.lock", f"pandas=={PANDAS}\n")
    done = anew("check", "--environment", cwd=root)
    assert done.returncode == 0 and "1 of 1 packages match the lock" in done.stdout


@pytest.mark.parametrize("lock", sorted(Path(__file__).parents[1].glob("requirements*.lock")))
def test_the_lock_has_a_hash_for_every_package(lock):
    blocks = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())
    assert blocks and all("--hash=sha256:" in block for block in blocks if block[0] != "#")
