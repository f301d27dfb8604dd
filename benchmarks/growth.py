"""How a build grows: generated projects with more figures, rows, editions and variants."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from benchmarks.measuring import Sample, measured
from benchmarks.place import BIN, ROOT

sys.path.insert(0, str(ROOT / "tests"))

import tiny  # noqa: E402  # the tests' own tiny project: two notebooks, one table, two languages


def figures(root: Path, count: int) -> None:
    """Make a report with `count` figures of one table."""
    tiny.make(root, text=True)
    (root / "analysis/other_total.ipynb").unlink()
    plan = {"tables": {"rain": "2024-01-01"}}
    _edit(root, lambda found: found["2024"].update(
        figures={f"fig{number}": plan for number in range(1, count + 1)}
    ))  # fmt: skip
    for language, text in tiny.TEXT.items():
        front, heading, claimed, drawn, _ = text.split("\n\n")
        parts = [_of(part, number) for number in range(1, count + 1) for part in (claimed, drawn)]
        tiny.write(root / f"report/{language}/index.qmd", "\n\n".join([front, heading, *parts, ""]))
    for number in range(1, count + 1):
        cells = [_of(cell, number) for cell in (*tiny.FIG1, tiny.DRAW)]
        # an edition of many figures says nothing of each
        cells[0] = cells[0].replace("last_year: Optional[int] = None", "last_year: int = 2021")
        tiny.notebook(root / f"analysis/fig{number}_rain.ipynb", cells)


def _of(text: str, number: int) -> str:
    """Return a cell or a paragraph of Figure 1 as one of another figure."""
    text = text.replace("fig1", f"fig{number}").replace("fig-1", f"fig-{number}")
    for name in ("rain-grows", "rain_last", "rain_year"):
        text = text.replace(name, f"{name}{number}")
    return text


def rows(root: Path, count: int) -> None:
    """Make a report whose one table has `count` rows, read by two notebooks."""
    tiny.make(root, text=True)
    station = "{name: station, type: integer, title: {zh: 站, en: Station}}"
    _, *old = tiny.ROWS.splitlines()
    found = ["economy,year,station,value"]
    found += [",0,".join(line.rsplit(",", 1)) for line in old]
    found += [f"DEU,{1950 + at % 60},{1 + at // 60},{at % 97}" for at in range(count - len(old))]
    table, catalog = root / "data/raw/rain/2024-01-01.csv", root / "data/catalog.yml"
    said = catalog.read_text("utf-8")
    before = _sha256(table)
    tiny.write(table, "\n".join([*found, ""]))
    for old_words, new_words in {
        "[economy, year]": "[economy, year, station]",
        "      - {name: value": f"      - {station}\n      - {{name: value",
        before: _sha256(table),
        "rows: 6": f"rows: {count}",
    }.items():
        said = said.replace(old_words, new_words)
    tiny.write(catalog, said)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def editions(root: Path, count: int) -> None:
    """Make a report with `count` yearly editions."""
    tiny.make(root, text=True)

    def repeat(found: dict[str, dict[str, object]]) -> None:
        known = found.pop("2024")
        for year in range(2024, 2024 + count):
            title = {"zh": f"{year} 年度版", "en": f"Edition {year}"}
            found[str(year)] = {**known, "title": title, "date": date(year, 3, 1)}

    _edit(root, repeat)


def variants(root: Path, count: int) -> None:
    """Make a report with a parameter, and a matrix with `count` values of it."""
    tiny.make(root, text=True)
    opened, stated = tiny.OTHER[:-1], tiny.OTHER[-1]
    opened[0] += "\nfactor: float = 1  # of all sums"
    stated = stated.replace("edition=edition)", "edition=edition, factor=factor)")
    stated = stated.replace(".sum()", ".sum() * session.parameters.factor")
    tiny.notebook(root / "analysis/other_total.ipynb", [*opened, stated])
    values = [1 + number / 4 for number in range(1, count + 1)]
    tiny.write(root / "variants.yml", json.dumps({"over": {"other.factor": values}}))


def _edit(root: Path, change: Callable[[dict[str, dict[str, object]]], None]) -> None:
    """Change what the project says of its editions."""
    path = root / "data/editions.yml"
    found = yaml.safe_load(path.read_text("utf-8"))
    change(found["editions"])
    # a name that is all digits is a text
    tiny.write(path, yaml.safe_dump(found, allow_unicode=True, sort_keys=False))


@dataclass(frozen=True)
class Growth:
    """One thing that grows: the sizes measured, how a project of a size is made, the command.

    With `again`, the command is run before, unmeasured, and has nothing to do.
    """

    id: str
    sizes: Sequence[int]
    make: Callable[[Path, int], None]
    command: Sequence[str]
    en: str
    zh: str
    again: bool = False

    def measure(self, folder: Path, size: int) -> Sample:
        """Return what the command takes in a new project of a size."""
        shutil.rmtree(folder, ignore_errors=True)
        self.make(folder, size)
        command = [BIN / "anew", *self.command]
        for _ in range(1 if self.again else 0):
            measured(command, folder)
        return measured(command, folder)


_BUILD = ["build", "--jobs", "2"]
_SWEEP = ["sweep", "--matrix", "variants.yml"]

GROWTHS = [
    Growth("figures", (7, 21, 70), figures, _BUILD, "figures, all drawn", "图的数量，全部绘制"),
    Growth("rows", (1_000, 10_000, 100_000, 1_000_000), rows, [*_BUILD, "--formats", "html"],
           "rows of a table, read by two notebooks", "数据表的行数，两个笔记本读取"),
    Growth("editions", (1, 10, 100), editions, [*_BUILD, "--all-editions", "--formats", "html"],
           "editions on one site, nothing changed", "同一网站的版本数，没有改动", again=True),
    Growth("variants-1", (1, 20, 200), variants, [*_SWEEP, "--jobs", "1"],
           "variants, one worker", "变体数，一个进程"),
    Growth("variants-2", (1, 20, 200), variants, [*_SWEEP, "--jobs", "2"],
           "variants, two workers", "变体数，两个进程"),
]  # fmt: skip
