"""Write into both READMEs what each figure reads and claims: python tools/readme.py

The questions are theirs; notebooks, tables and claims are what the newest edition says.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.build.plan import Request, make_plan
from anew.build.weave import number_of
from anew.notebook.runner import dry_run
from anew.project.paths import Project

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh.md"}

#: How a language lists, and begins the line of a figure's claims, or of a notebook without one.
COMMA = {"en": ", ", "zh": "、"}
LEAD = {"en": ("Figure {}: ", "The study: "), "zh": ("图 {}：", "论文：")}

_ROW = re.compile(r"(?m)^\| [^|\n]+ \| ([^|\n]+) \| \[(\w+)\]\(analysis/[^\n]+\n")
_CLAIMS = re.compile(r"(?m)(?:^- [^`\n]+(?:`[\w-]+`[, 、]*)+\n)+")


@dataclass(frozen=True)
class Entry:
    """A notebook: its address, its file's name, the tables that it reads, what it claims."""

    address: str
    stem: str
    tables: Sequence[str]
    claims: Sequence[str]


def entries(project: Project) -> list[Entry]:
    """Return the notebooks of the newest edition, in the figures' order."""
    plan = make_plan(project, Request())
    return [
        Entry(
            address,
            run.notebook.stem,
            list(plan.edition.figures[address].tables),
            list(dry_run(plan.runs[address]).findings().claims),
        )
        for address, run in plan.runs.items()
    ]


def row(entry: Entry, question: str, language: str) -> str:
    """Return an entry as a row of the table."""
    link = f"[{entry.stem}](analysis/{entry.stem}.ipynb)"
    tables = COMMA[language].join(entry.tables)
    number = number_of(entry.address) or "–"
    return f"| {number} | {question} | {link} | {tables} | {len(entry.claims)} |\n"


def claims(entry: Entry, language: str) -> str:
    """Return the claims of an entry as an item of the list; nothing if it has none."""
    number = number_of(entry.address)
    lead = LEAD[language][0].format(number) if number else LEAD[language][1]
    listed = COMMA[language].join(f"`{id}`" for id in entry.claims)
    return f"- {lead}{listed}\n" if listed else ""


def updated(text: str, found: Sequence[Entry], language: str) -> str:
    """Return a README with rows and claims as `found`; a new row asks for its question."""
    rows = list(_ROW.finditer(text))
    questions: Mapping[str, str] = {match[2]: match[1] for match in rows}
    table = "".join(row(e, questions.get(e.stem, "…?"), language) for e in found)
    text = text[: rows[0].start()] + table + text[rows[-1].end() :]
    return _CLAIMS.sub("".join(claims(e, language) for e in found), text, count=1)


def main() -> None:
    """Bring both READMEs up to date; say which changed."""
    found = entries(Project(ROOT))
    for language, path in READMES.items():
        text = path.read_text("utf-8")
        new = updated(text, found, language)
        if new != text:
            path.write_text(new, "utf-8", newline="\n")
            print(f"{path.name} is up to date now.")
        if "…?" in new:
            sys.exit(f"{path.name}: write the question of the new figure.")


if __name__ == "__main__":
    main()
