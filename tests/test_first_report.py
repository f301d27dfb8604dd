"""The page "Your first report", typed as it stands: each command, each file, in each language."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from anew.start.templates import notebook

DOCS = Path(__file__).parents[1] / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`([\w./-]+\.(?:csv|yml|ipynb|qmd))`")


def steps(page: str) -> list[tuple[str, str, str]]:
    """Return the blocks of a page in order: their kind, the last file named before, their text."""
    return [
        (match[1], (FILE.findall(page[: match.start()]) or [""])[-1], match[2])
        for match in BLOCK.finditer(page)
    ]


@pytest.mark.parametrize("name", ["first-report.md", "first-report.zh.md"])
def test_the_page_leads_from_nothing_to_a_report_of_ones_own(name, tmp_path, anew):
    page = (DOCS / name).read_text("utf-8")
    folder, ran, typed = tmp_path, [], 0
    for kind, file, text in steps(page):
        if kind == "console":
            for line in text.splitlines():
                verb, *words = shlex.split(line)
                if verb == "cd":
                    folder = folder / words[0]
                    continue
                assert verb == "anew"
                done = anew(*words, cwd=folder)
                assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
                ran.append((words, done.stdout))
            continue
        typed += len(text.splitlines())
        path = folder / file
        if kind == "yaml":  # an entry, in the place of the one that is there
            head = text.splitlines()[0]
            before = path.read_text("utf-8")
            text = before[: before.index(f"{head}\n")] + text
        elif kind == "python":
            path = next((folder / "analysis").glob("fig2_*.ipynb"))
            text = notebook(text)
        path.write_text(text, "utf-8")
    assert typed <= 120 and len(ran) <= 15
    html = (folder / "_site/report/en/index.html").read_text("utf-8")
    assert "52.0%" in html and 'id="evidence-half-in-germany"' in html
    assert (folder / "_site/report/zh/index.pdf").read_bytes().startswith(b"%PDF")
    assert (folder / "_site/editions/2024/report/zh/index.html").is_file()
    checks = [out for words, out in ran if words[0] == "check"]
    assert checks[-1].splitlines()[-1] == "All is well."
