"""The page of licences: what the wheel and a site hold, and what is installed beside the wheel."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]

#: What a site holds of packages: which files, and of which package.
SHIPPED = {
    "pagefind-bin": "`pagefind/`: the program of the search, as JavaScript and WebAssembly",
    "pylopdf-fonts-zh-cn": "subsets of Noto Sans SC and Noto Serif SC: `theme/*.woff2`, PDFs",
    "manimgx-fonts-cjk": "a subset of Noto Sans CJK in bold: `theme/*.woff2`, PDFs",
}

#: Words by which a file says that it is somebody else's.
_CLAIMED = re.compile(r"copyright|©|SPDX-License-Identifier|@licen[sc]e|<rights>|all rights", re.I)
#: The engine's own files that speak of licences, for it is their subject.
_OWN = re.compile(r"src/anew/.*\.(py|po|yml|j2|cff)|src/anew/start/project/README\.md")


def packaged() -> list[str]:
    """Return the files of the wheel."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "src/anew"], cwd=ROOT, check=True, capture_output=True
    )
    return sorted(name for name in listed.stdout.decode().split("\0") if name)


def claimed() -> dict[str, str]:
    """Return the lines by which files of the wheel state whose they are, by file."""
    found = {}
    for name in packaged():
        text = (ROOT / name).read_text("utf-8")  # each of them is text
        lines = [line.strip() for line in text.splitlines() if _CLAIMED.search(line)]
        if lines and not _OWN.fullmatch(name):
            found[name] = "; ".join(lines)
    return found


def requirements() -> list[str]:
    """Return the packages that the wheel requires."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    return sorted(re.split(r"[\s\[<>=!;]", one)[0] for one in listed)


def licences() -> Iterator[str]:
    """Yield the lines of the page."""
    from anew.verify.bill import licence_of

    yield "# Licences\n"
    yield "## In the wheel and the source archive\n"
    yield "Every file is text and this project's own, MIT. Files that state a licence themselves:\n"
    yield "| File | States |\n|---|---|"
    yield from (f"| `{name}` | `{said}` |" for name, said in claimed().items())
    yield "\n## In a published site\n"
    yield "Pages, style and scripts of the engine (MIT); the report and its data under the licences"
    yield "that its data page names; and of packages:\n"
    yield "| Package | Licence | Files |\n|---|---|---|"
    yield from (f"| {name} | {licence_of(name)} | {what} |" for name, what in SHIPPED.items())
    yield "\nA site that Quarto typeset has Quarto's own files as well, in `site_libs/` (MIT)."
    yield "\n## Installed beside the wheel\n"
    yield "What it requires; `anew export --crate` lists all packages in `bom.cdx.json`.\n"
    yield "| Package | Licence |\n|---|---|"
    yield from (f"| {name} | {licence_of(name)} |" for name in requirements())
    yield ""
