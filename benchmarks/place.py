"""Where a comparison runs: copies of the project, each way of working in its own, and edits."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import clean, measured

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PEERS = Path(__file__).parent / "peers"
_KEPT_OUT = {".git", ".venv", ".anew", "_site", "_docs", "__pycache__", "_built", ".mypy_cache"}

#: A sentence of the text, and a number of a table that one figure reads.
_TEXT = ("report/en/_problems.qmd", r"The word counts are \w+")
_ROW = ("data/raw/patent_families/2022-03.csv", r"CHN,2020,6,\d+")


@dataclass(frozen=True)
class Place:
    """A copy of the project, with the stage of a finished build beside it for other typesetters."""

    project: Path
    stage: Path

    @property
    def out(self) -> Path:
        """Where peers put what they make."""
        return self.project / ".anew" / "out"

    def empty(self) -> None:
        """Forget everything that was built."""
        for name in (".anew", "_site", ".snakemake", ".doit.db"):
            path = self.project / name
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(True)
        self.out.mkdir(parents=True)

    def edit_text(self, number: int) -> str:
        """Change a sentence of the English text; return what it says now."""
        said = f"The word counts are w{number}"
        for folder in (self.project, self.stage):
            _change(folder / _TEXT[0], _TEXT[1], said)
        return said

    def edit_table(self, number: int) -> None:
        """Change a number of a table that Figure 4 alone reads, as its agency might."""
        table = self.project / _ROW[0]
        before = hashlib.sha256(table.read_bytes()).hexdigest()
        _change(table, _ROW[1], f"CHN,2020,6,{51000 + number}")
        after = hashlib.sha256(table.read_bytes()).hexdigest()
        _change(self.project / "data/catalog.yml", before, after)


def _change(path: Path, pattern: str, said: str) -> None:
    text, count = re.subn(pattern, said, path.read_text("utf-8"), count=1)
    if not count:
        sys.exit(f"{path} no longer has {pattern}: benchmarks/place.py edits it.")
    part = path.with_name(f".{path.name}")
    part.write_text(text, "utf-8", newline="\n")
    os.replace(part, path)  # as editors do


def make_places(folder: Path, names: list[str]) -> dict[str, Place]:
    """Build the project once in a copy; return a copy for each name, with a stage of its own."""
    first = folder / "first"
    shutil.copytree(ROOT, first, ignore=lambda _, names: _KEPT_OUT & set(names))
    measured([BIN / "anew", "build", "--jobs", "2"], first)
    stages = list((first / ".anew" / "stage").iterdir())
    found = {}
    for name in names:
        found[name] = Place(folder / name / "project", folder / name / "stage")
        shutil.copytree(first, found[name].project, ignore=lambda _, names: _KEPT_OUT & set(names))
        shutil.copytree(stages[0], found[name].stage)
        found[name].empty()
    inputs = {}
    for result in (first / ".anew" / "steps").glob("*/inputs.json"):
        address = result.parent.name.partition("-")[0]
        (notebook,) = (first / "analysis").glob(f"{address}_*.ipynb")
        read = json.loads(result.read_text("utf-8"))
        inputs[notebook.stem] = [f"analysis/{notebook.name}", *read]
    (folder / "inputs.json").write_text(json.dumps(inputs))
    shutil.rmtree(first)
    return found


def peers_bin() -> Path:
    """Return the folder of the peers' programs; their environment is made when it is missing."""
    environment = Path(sys.prefix) / "lib" / "peers"
    wanted = (Path(__file__).parent / "requirements.txt").read_text("utf-8")
    made = environment / "made"
    if not made.is_file() or made.read_text("utf-8") != wanted:
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        python = environment / "bin" / "python"
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = Path(__file__).parent / "requirements.txt"
        subprocess.run([*pip, "-r", lock], check=True, env=clean(ROOT))
        made.write_text(wanted, "utf-8")
    return environment / "bin"
