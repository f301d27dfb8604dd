"""What fuzzing found (tests/fuzz.py): each is an input that a reader did not refuse in words."""

from __future__ import annotations

import pytest
import tiny


@pytest.mark.parametrize("file", ["data/catalog.yml", "data/editions.yml", "_quarto.yml"])
@pytest.mark.parametrize("character", ["\f", "\x08", "\x7f"])
def test_a_control_character_in_yaml_is_told_with_its_line(tmp_path, anew, file, character):
    root = tmp_path / "p"
    tiny.make(root, text=True)
    path = root / file
    first, rest = path.read_text("utf-8").split("\n", 1)
    path.write_text(f"{first}\n# a{character}b\n{rest}", "utf-8")
    done = anew("check", cwd=root)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert f"{file}, line 2: " in done.stdout, done.stdout
