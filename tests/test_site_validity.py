"""The pages are valid HTML, by the checker of the W3C (vnu), where it is to be had.

VNU_JAR names the file vnu.jar (npm's vnu-jar has it); otherwise `vnu` on PATH. Without either the
test says that it was not run, unless ANEW_REQUIRE_VNU is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from site_sample import build, write


def checker() -> list[str]:
    jar = os.environ.get("VNU_JAR")
    if jar and shutil.which("java"):
        return ["java", "-jar", jar]
    if found := shutil.which("vnu"):
        return [found]
    if os.environ.get("ANEW_REQUIRE_VNU"):
        pytest.fail("vnu is required and was not found; set VNU_JAR.")
    pytest.skip("not run: no vnu (set VNU_JAR to vnu.jar of npm's vnu-jar, with Java 17)")


def errors(pages: list[Path]) -> str:
    command = [*checker(), "--errors-only", "--Werror", *map(str, pages)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_every_kind_of_page_is_valid(tmp_path: Path) -> None:
    pages = {p: c for p, c in build("https://example.org/sub").pages().items() if c}
    write(tmp_path, pages)
    found = errors([tmp_path / page for page in pages if not page.startswith("editions/")])
    assert found == ""


def test_the_checker_is_not_blind(tmp_path: Path) -> None:
    page = build().files["index.html"].replace("<h1", '<img src="x"><h1', 1)
    write(tmp_path, {"index.html": page})
    assert "error" in errors([tmp_path / "index.html"])
