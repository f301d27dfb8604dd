"""What is measured: each case a line of one table."""

from __future__ import annotations

import re
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Sample, measured, running
from benchmarks.place import BIN, PEERS, Place, peers_bin

Command = Sequence[str | Path]

#: One run of a case in its place; the number is that of the round, so that every edit is new.
Run = Callable[[Place, int], Sample | None]

BUILD: Command = [BIN / "anew", "build", "--jobs", "2"]


def cold(command: Callable[[Place], Command]) -> Run:
    """Run a command with nothing built."""

    def run(place: Place, number: int) -> Sample:
        place.empty()
        return measured(command(place), place.project, _told(place))

    return run


def warm(command: Callable[[Place], Command], edit: Callable[[Place, int], object]) -> Run:
    """Run a command on what the round before it built, after an edit."""

    def run(place: Place, number: int) -> Sample:
        edit(place, number)
        return measured(command(place), place.project, _told(place))

    return run


def cached(place: Place, number: int) -> Sample:
    """Build with nothing built, but for what another clone of the same put into a shared cache."""
    command = [*BUILD, "--cache", place.project.parent / "cache"]
    place.empty()
    measured(command, place.project)
    place.empty()
    return measured(command, place.project)


def nothing(place: Place, number: int) -> None:
    """Edit nothing."""


def _told(place: Place) -> dict[str, str]:
    told = {"STAGE": place.stage, "OUT": place.out, "BIN": BIN, "TYPESET": PEERS / "typeset.py"}
    told["INPUTS"] = place.project.parent.parent / "inputs.json"
    return {f"BENCH_{name}": str(value) for name, value in told.items()}


def anew(place: Place) -> Command:
    return BUILD


def plain(place: Place) -> Command:
    return [sys.executable, PEERS / "plain.py", place.stage, place.out]


def papermills(processes: int) -> Callable[[Place], Command]:
    command = [sys.executable, PEERS / "papermills.py"]
    return lambda place: [*command, place.stage, place.out, str(processes)]


def snakemake(place: Place) -> Command:
    return [peers_bin() / "snakemake", "-c2", "-q", "all", "-s", PEERS / "Snakefile"]


def doit(place: Place) -> Command:
    # the file of its memory is named, for doit puts it where it likes
    memory = place.project / ".doit.db"
    return [peers_bin() / "doit", "-n2", "-f", PEERS / "dodo.py", "-d", place.project,
            "--db-file", memory, "--backend", "json"]  # fmt: skip


def quarto(place: Place, number: int) -> Sample | None:
    """Let Quarto execute and show every notebook; None where it is not on PATH."""
    program = shutil.which("quarto")
    if program is None:
        return None
    place.empty()
    return measured([*papermills(1)(place), program], place.project)


def served(edit: Callable[[Place, int], object], page: str) -> Run:
    """Start a preview, edit, and wait as an open page does until it is another one.

    Only the wait counts. An open page is told of each rebuild and then asks for itself again.
    """

    def run(place: Place, number: int) -> Sample:
        with running(
            [BIN / "anew", "serve", "--port", "0", "--jobs", "2"], place.project
        ) as server:
            assert server.stdout is not None
            lines: list[str] = []
            while not (found := re.search(r"http://\S+", "".join(lines))):
                lines.append(server.stdout.readline())
                if not lines[-1]:
                    sys.exit(f"anew serve ended:\n{''.join(lines)}")
            address = found[0].rstrip("/")
            with urllib.request.urlopen(f"{address}/__anew/events?page=/{page}") as events:
                before, state = _fetched(f"{address}/{page}"), _told_next(events)
                time.sleep(1)  # an author reads before editing
                began = time.perf_counter()
                said = edit(place, number)
                while not _fresh(_fetched(f"{address}/{page}"), before, said):
                    while (told := _told_next(events)) == state:
                        if time.perf_counter() - began > 120:
                            sys.exit(f"anew serve did not renew {page} within two minutes.")
                    state = told
                return Sample(time.perf_counter() - began)

    return run


def _told_next(events: Iterable[bytes]) -> bytes:
    """Wait for what an open page is told next: its state, or that it is still open."""
    for line in events:
        if line.startswith((b"data:", b":")):
            return line
    sys.exit("anew serve ended while a page was open.")


def _fresh(page: bytes, before: bytes, said: object) -> bool:
    return said.encode() in page if isinstance(said, str) else page != before


def _fetched(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:
        data: bytes = answer.read()
        return data


#: Who builds, each in a copy of the project.
WAYS = {
    "limit": {"en": "plain Python, pandoc and Typst", "zh": "纯 Python 加 pandoc、Typst"},
    "anew": {"en": "anew", "zh": "anew"},
    "usual": {"en": "papermill and nbconvert, one by one", "zh": "papermill 加 nbconvert，逐个"},
    "two": {"en": "papermill and nbconvert, two at once", "zh": "papermill 加 nbconvert，两个并行"},
    "snakemake": {"en": "Snakemake", "zh": "Snakemake"},
    "doit": {"en": "doit", "zh": "doit"},
    "quarto": {"en": "Quarto executing the notebooks", "zh": "Quarto 执行笔记本"},
}

#: What was done before, or what is waited for.
WHATS = {
    "cold": {"en": "nothing built yet", "zh": "首次构建"},
    "cached": {"en": "nothing built yet, a shared cache", "zh": "首次构建，有共享缓存"},
    "nothing": {"en": "nothing changed", "zh": "没有改动"},
    "text": {"en": "a sentence edited", "zh": "改了一句话"},
    "table": {"en": "a table of one figure edited", "zh": "改了一张图的数据表"},
    "serve-text": {"en": "saved sentence to fresh page", "zh": "保存一句话到页面更新"},
    "serve-table": {"en": "saved table to fresh figure", "zh": "保存数据表到图更新"},
}


@dataclass(frozen=True)
class Case:
    """One case: who does what, and how; `short` is measured by bench-check, too."""

    way: str
    what: str
    run: Run
    short: bool = False

    @property
    def id(self) -> str:
        """The name on the command line: `anew-cold`."""
        return f"{self.way}-{self.what}"

    def told(self, language: str) -> str:
        """Return the name in a table."""
        return ("：" if language == "zh" else ": ").join(
            (WAYS[self.way][language], WHATS[self.what][language])
        )


def _warm(way: str, command: Callable[[Place], Command], short: bool = False) -> list[Case]:
    """Return the cases of a way that remembers what it has built."""
    runs = {
        "cold": cold(command),
        "nothing": warm(command, nothing),
        "text": warm(command, Place.edit_text),
        "table": warm(command, Place.edit_table),
    }
    return [Case(way, what, run, short) for what, run in runs.items()]


#: What all others are compared with, and the least that a build can take.
USUAL, LIMIT = "usual-cold", "limit-cold"

#: In this order within each round: a warm case builds on what the case before it left.
CASES = [
    Case("limit", "cold", cold(plain), True),
    *_warm("anew", anew, True),
    Case("anew", "serve-text", served(Place.edit_text, "report/en/index.html"), True),
    Case("anew", "serve-table", served(Place.edit_table, "figures/fig4.en.svg"), True),
    Case("anew", "cached", cached),
    Case("usual", "cold", cold(papermills(1))),
    Case("two", "cold", cold(papermills(2))),
    *_warm("snakemake", snakemake),
    *_warm("doit", doit),
    Case("quarto", "cold", quarto),
]
