"""Print which share of the engine's lines the tests run, room by room: `make coverage`.

Fails when the share of all rooms is below LEAST percent.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "src/anew"
LEAST = 90


def main() -> int:
    """Print a line for each room and return the exit code."""
    measured = Coverage(config_file=str(ROOT / "pyproject.toml"))
    measured.load()
    lines: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for path in sorted(ENGINE.rglob("*.py")):
        room = path.relative_to(ENGINE).parts[0]
        if path.is_relative_to(ENGINE / "start/project") or path.parent == ENGINE:
            continue  # files of a new report; the package's own has no room
        _, statements, _, missing, _ = measured.analysis2(str(path))
        for name in (room, "all"):
            lines[name] += len(statements)
            missed[name] += len(missing)
    for name in sorted(lines, key=lambda name: (name == "all", name)):
        share = 100 * (1 - missed[name] / lines[name])
        print(f"{name:10} {lines[name]:6,} lines, {missed[name]:5,} not run, {share:5.1f} %")
    share = 100 * (1 - missed["all"] / lines["all"])
    if share < LEAST:
        print(f"The tests run {share:.1f} % of the engine's lines, not {LEAST} %.", file=sys.stderr)
    return int(share < LEAST)


if __name__ == "__main__":
    sys.exit(main())
