"""Look for new vintages and prepare a proposal: python tools/vintages.py FOLDER.

Fetches every table that the catalogue marks as fetchable, creates the next edition from what is
new, builds it and compares it with the newest edition so far. FOLDER then contains what a pull
request needs: changes.patch, branch, title, body.md. It is not created when nothing is new. This
writes to the working tree only; the workflow that opens the pull request runs no project code.
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.editions.editions import load_editions
from anew.intake.fetching import can_fetch
from anew.project.paths import Project, find_project
from anew.tables.catalog import Catalog
from anew.tables.loading import load_catalog

#: A pull request's text may have 65,536 characters.
LONGEST = 60_000

Vintages = frozenset[tuple[str, str]]

#: How `anew fetch` reports a vintage that the catalogue has: nothing new, so not a failure.
TAKEN = re.compile(r"has a vintage \S+ already")


@dataclass(frozen=True)
class Ran:
    """The exit code and the output of a command."""

    code: int
    said: str


Run = Callable[[Sequence[str]], Ran]


def fetchable(catalog: Catalog) -> list[str]:
    """Return the tables that may have a new vintage: World Bank series and tables with a URL.

    A URL whose file has a known hash never changes and is left out.
    """
    found = []
    for name, table in catalog.tables.items():
        fetch = table.intake.fetch
        if can_fetch(table) and (fetch is None or fetch.sha256 is None):
            found.append(name)
    return found


def known(catalog: Catalog) -> Vintages:
    """Return every table and vintage of the catalogue."""
    return frozenset((name, v) for name, table in catalog.tables.items() for v in table.vintages)


def other_values(catalog: Catalog, before: Vintages) -> Vintages:
    """Return the vintages added since `before` whose bytes differ from those of every earlier one.

    Agencies give a whole database a new date when one series changes; the others are identical.
    """
    return frozenset(
        (name, vintage)
        for name, vintage in known(catalog) - before
        if catalog.vintage(name, vintage).sha256
        not in {catalog.vintage(table, v).sha256 for table, v in before if table == name}
    )


def next_edition(newest: str, year: int) -> str | None:
    """Return the name of the edition after `newest`; None when next year's exists already.

    Editions are named by year; a new one is proposed at most one year ahead of `year`.
    """
    if not newest.isdecimal():
        sys.exit(f"Edition {newest} is not named by a year. Name the new one with --edition.")
    following = int(newest) + 1
    return str(following) if following <= year + 1 else None


def branch_name(edition: str | None, new: Iterable[tuple[str, str]]) -> str:
    """Return a branch name that depends only on what is new, so that it is proposed once."""
    listed = "".join(f"{table} {vintage}\n" for table, vintage in sorted(new))
    return f"vintages/{edition or 'data'}-{hashlib.sha256(listed.encode()).hexdigest()[:10]}"


def title(edition: str | None, new: Vintages) -> str:
    """Return the pull request's title."""
    tables = ", ".join(sorted({table for table, _ in new}))
    return f"Edition {edition}: new vintages of {tables}" if edition else f"New vintages: {tables}"


def body(
    edition: str | None, newest: str, new: Vintages, failed: dict[str, str], check: Ran | None,
    comparison: str,
) -> str:  # fmt: skip
    """Return the pull request's text: new vintages, failures, changes, open tasks."""
    lines = ["## New vintages · 新数据版本", ""]
    lines += [f"- `{table}` {vintage}" for table, vintage in sorted(new)]
    if failed:
        lines += ["", "## Not fetched · 未能获取", ""]
        lines += [f"- `{table}`: {reason}" for table, reason in sorted(failed.items())]
    if edition:
        lines += ["", f"## Edition {edition} against {newest} · 与 {newest} 年度版比较", ""]
        lines += [comparison.strip()]
    else:
        lines += [
            "",
            f"Edition {newest} is already ahead of the calendar, so no new edition was created and "
            "no figure changes. `anew edition new` creates one at any time.",
        ]
    if check is not None and check.code:
        lines += ["", "## What `anew check` asks for · 待处理", ""]
        lines += ["```", check.said.strip(), "```"]
    text = "\n".join(lines) + "\n"
    if len(text) > LONGEST:
        text = text[:LONGEST] + "\n\n… the rest is in the artifact `proposal` of this run.\n"
    return text


def fetch_all(tables: Sequence[str], run: Run) -> dict[str, str]:
    """Fetch each table; return those that failed, with the reason in one line."""
    failed = {}
    for table in tables:
        ran = run(["fetch", table])
        if ran.code and not TAKEN.search(ran.said):
            lines = ran.said.strip().splitlines() or ["no reason given"]
            errors = [line for line in lines if line.startswith("Error: ")]
            failed[table] = (errors or lines[-1:])[0].removeprefix("Error: ")
    return failed


def propose(project: Project, folder: Path, edition: str | None, engine: str, run: Run) -> bool:
    """Fetch, make the edition, build, compare and write the proposal; return whether there is one.

    `edition` names the new edition; None takes the next. Exits with 1 when nothing could be
    fetched at all, or when a command after the fetching fails.
    """
    before = known(load_catalog(project))
    newest = load_editions(project).default
    tables = fetchable(load_catalog(project))
    failed = fetch_all(tables, run)
    for table, reason in failed.items():
        print(f"{table}: not fetched: {reason}")
    if tables and len(failed) == len(tables):
        sys.exit("No table could be fetched.")
    new = other_values(load_catalog(project), before)
    if not new:
        again = len(known(load_catalog(project)) - before)
        print(f"Nothing new in {len(tables) - len(failed)} tables; {again} are unchanged.")
        return False
    edition = edition or next_edition(newest, datetime.date.today().year)
    check, comparison = None, ""
    if edition:
        must(run, ["edition", "new", edition])
        must(run, ["build", "--engine", engine])
        check = run(["check", "--edition", edition])
        comparison = must(run, ["diff", newest, edition, "--markdown"])
    folder.mkdir(parents=True, exist_ok=True)
    written = {
        "branch": branch_name(edition, new),
        "title": title(edition, new),
        "body.md": body(edition, newest, new, failed, check, comparison),
    }
    for name, text in written.items():
        (folder / name).write_text(text, "utf-8", newline="\n")
    (folder / "changes.patch").write_bytes(patch(project))
    print(written["title"])
    return True


def must(run: Run, arguments: Sequence[str]) -> str:
    """Return the output of the command; exit with that output if the command fails."""
    ran = run(arguments)
    if ran.code:
        sys.exit(f"anew {' '.join(arguments)} failed:\n{ran.said}")
    return ran.said


def patch(project: Project) -> bytes:
    """Return what changed in `data/` and `figures/`, new files included, as git applies it."""
    where = ["--", "data", "figures"]
    git = ["git", "-C", str(project.root)]
    subprocess.run([*git, "add", "--intent-to-add", *where], check=True)
    made = subprocess.run([*git, "diff", "--binary", *where], check=True, capture_output=True)
    return made.stdout


def _anew(arguments: Sequence[str]) -> Ran:
    command = [str(Path(sysconfig.get_path("scripts"), "anew")), *arguments]
    print("+ anew", *arguments, flush=True)
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    sys.stderr.write(ran.stderr)
    said = ran.stdout if ran.returncode == 0 else ran.stdout + ran.stderr
    return Ran(ran.returncode, said)


def main() -> None:
    """Read the arguments and propose."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the proposal is written")
    parser.add_argument("--edition", default="", help="the new edition; the next year if left out")
    parser.add_argument("--engine", default="auto", help="the typesetter")
    told = parser.parse_args()
    propose(find_project(), told.folder, told.edition or None, told.engine, _anew)


if __name__ == "__main__":
    main()
