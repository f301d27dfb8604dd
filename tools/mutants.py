"""Change one thing in the engine at a time, and see whether a test notices: `make mutants`.

`make coverage` must have run: it tells which tests reach a line. Of every room a sample with a
fixed seed is tried, each change with the tests that reach it, the most particular first. A change
that no test notices, and that changes nothing a person could see, stands in tools/equivalent.yml
with the reason. Prints the survivors, and for each room the share that was noticed.
"""

from __future__ import annotations

import ast
import io
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ENGINE = ROOT / "src/anew"
KNOWN = ROOT / "tools/equivalent.yml"
ROOMS = {
    "tables": ["tables/*.py"],
    "claims": ["text/statements.py", "text/sentences.py", "notebook/verdicts.py"],
    "facts": ["text/facts.py", "text/numbers.py", "notebook/findings.py"],
    "diff": ["diff/*.py"],
    "verify": ["verify/*.py"],
}
#: So many tests are run for a change, for so many seconds of CPU time and of waiting.
TESTS, CPU, SECONDS = 25, 120, 900
_TYPES = ("annotation", "returns", "decorator_list")
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.Mult, ast.Mod: ast.Mult, ast.FloorDiv: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node becomes, one change each."""
    new = deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in SWAPS:
        new.ops[0] = SWAPS[type(new.ops[0])]()
        yield new
    elif isinstance(new, (ast.BoolOp, ast.BinOp)) and type(new.op) in SWAPS:
        new.op = SWAPS[type(new.op)]()
        yield new
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, (ast.Not, ast.USub)):
        yield new.operand
    elif isinstance(new, (ast.If, ast.IfExp, ast.While)):
        new.test = ast.UnaryOp(ast.Not(), new.test)
        yield new
    elif isinstance(new, ast.Return) and new.value is not None:
        if not (isinstance(new.value, ast.Constant) and new.value.value is None):
            yield ast.Return(ast.Constant(None))
    elif isinstance(new, ast.Constant) and isinstance(new.value, bool):
        yield ast.Constant(not new.value)
    elif isinstance(new, ast.Constant) and isinstance(new.value, (int, float)):
        yield ast.Constant(new.value + 1)
    elif isinstance(new, (ast.Break, ast.Continue)):
        yield SWAPS[type(new)]()
    elif isinstance(new, (ast.Expr, ast.AugAssign)):
        if not isinstance(getattr(new, "value", None), ast.Constant):
            yield ast.Pass()
    elif isinstance(new, (ast.For, ast.comprehension)):
        new.iter = ast.List([], ast.Load())
        yield new


def mutants(path: Path) -> Iterator[tuple[str, int, str]]:
    """Yield every change of a module: what it is, its line, and the module's text with it."""
    tree = ast.parse(path.read_text("utf-8"))
    for parent in _walk(tree):
        for field, value in ast.iter_fields(parent):
            if field in _TYPES:
                continue
            for index, node in enumerate(value if isinstance(value, list) else [value]):
                for new in changed(node) if isinstance(node, ast.AST) else ():
                    place: Callable[[ast.AST], None] = (
                        (lambda n, v=value, i=index: v.__setitem__(i, n))
                        if isinstance(value, list)
                        else (lambda n, p=parent, f=field: setattr(p, f, n))
                    )
                    line = getattr(node, "lineno", None) or getattr(node.target, "lineno", 1)
                    place(new)
                    text = ast.unparse(ast.fix_missing_locations(tree))
                    place(node)
                    yield f"{_head(node)} → {_head(new)}", line, text


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, but for types, decorators and what is imported for types."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for field, value in ast.iter_fields(node):
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST) and field not in _TYPES:
                yield from _walk(one)


def _head(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0][:70] if not isinstance(node, ast.Pass) else "nothing"


def reached() -> Callable[[Path, int], list[str]]:
    """Return what tells the tests that reach a line, those first that reach the least."""
    from coverage import CoverageData

    data = CoverageData(str(ROOT / ".cache/coverage/data"))
    data.read()
    lines: dict[Path, dict[int, list[str]]] = {
        Path(name): data.contexts_by_lineno(name) for name in data.measured_files()
    }
    size = Counter(one for file in lines.values() for found in file.values() for one in found)

    known = collected()

    files = sorted((ROOT / "tests").glob("test_*.py"), key=lambda file: file.stat().st_size)
    sources = {file: file.read_text("utf-8") for file in files}

    def tests(path: Path, line: int) -> list[str]:
        found = set(lines.get(path, {}).get(line, [])) & known - {""}
        if not found:  # reached at import, or in another process: the tests that name the module
            name = ".".join(("anew", *path.relative_to(ENGINE).with_suffix("").parts))
            return [str(file) for file, text in sources.items() if name in text]
        particular = sorted(found, key=lambda one: (size[one], one))[:TESTS]
        # what a shared fixture runs is counted for the first test that uses it
        beside = {one.partition("::")[0] for one in particular[:3]}
        return [*particular, *sorted(t for t in known - found if t.partition("::")[0] in beside)]

    return tests


def collected() -> frozenset[str]:
    """Return the tests that there are; what they import from elsewhere stays loaded."""
    watcher = Watcher()
    options = ["--collect-only", "-q", "-p", "no:cacheprovider"]
    with redirect_stdout(io.StringIO()):
        pytest.main([*options, str(ROOT / "tests")], [watcher])
    for name, module in list(sys.modules.items()):
        file = Path(getattr(module, "__file__", None) or sys.prefix)
        if file.is_relative_to(ROOT) and not file.is_relative_to(sys.prefix) and name != "__main__":
            del sys.modules[name]
    return watcher.tests


class Watcher:
    """Notes the first test that fails."""

    failed = ""
    tests: frozenset[str] = frozenset()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.tests = frozenset(item.nodeid for item in session.items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.workerinput = {}  # type: ignore[attr-defined]  # the fonts are there already

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or (report.nodeid if report.failed else "")


def noticed(source: Path, tests: list[str]) -> str | None:
    """Return the test that fails with the engine in `source`, in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="mutant-"))
    child = os.fork()
    if child == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
        os.environ["PYTHONPATH"] = str(source)
        sys.path.insert(0, str(source))
        silent = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(silent, number)
        watcher = Watcher()
        options = [
            "-x",
            "-q",
            "--no-header",
            "-p",
            "no:cacheprovider",
            f"--basetemp={folder / 't'}",
        ]
        code = pytest.main([*options, *tests], [watcher])
        (folder / "failed").write_text(watcher.failed or (f"pytest {code}" if code else ""))
        os._exit(0)
    ends, ended = time.monotonic() + SECONDS, False
    while not (ended := os.waitpid(child, os.WNOHANG)[0] == child) and time.monotonic() < ends:
        time.sleep(0.02)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
    try:
        return (folder / "failed").read_text() or None if ended else "too long"
    except OSError:
        return "the process died"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tried(mutant: dict[str, Any], source: Path, plain: Path, good: dict[str, bool]) -> str | None:
    """Return the test that notices a change; one that fails without it does not count."""
    file = source / "anew" / mutant["file"]
    before, tests = file.read_bytes(), list(mutant["tests"])
    file.write_text(mutant["text"], "utf-8")
    os.utime(file, (time.time(), random.randrange(1 << 30)))  # byte-code is by time and size
    try:
        while tests and (failed := noticed(source, tests)):
            if "::" not in failed:  # the process died or took too long: not so without the change?
                return None if noticed(plain, tests) else failed
            if good.setdefault(failed, noticed(plain, [failed]) is None):
                return failed
            if failed not in tests:  # of a test that the sample does not name
                return None
            tests.remove(failed)
        return None
    finally:
        file.write_bytes(before)
        os.utime(file, (time.time(), random.randrange(1 << 30)))


def worker(share: list[dict[str, Any]], results: Path) -> None:
    """Try a share of the mutants, and write a line for each."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        source, plain = Path(folder, "src"), ROOT / "src"
        shutil.copytree(plain, source, ignore=shutil.ignore_patterns("__pycache__"))
        good: dict[str, bool] = {}
        for one in share:
            one["noticed"] = tried(one, source, plain, good) if one["tests"] else None
            told = {key: value for key, value in one.items() if key not in ("text", "tests")}
            with results.open("a") as file:
                file.write(json.dumps({**told, "tests": len(one["tests"])}) + "\n")


def share(hits: int, of: int) -> str:
    """Return a share with Wilson's 95 % interval."""
    z, part = 1.96, hits / of
    middle = part + z * z / (2 * of)
    half = z * (part * (1 - part) / of + (z / of / 2) ** 2) ** 0.5
    low, high = ((middle + way * half) / (1 + z * z / of) for way in (-1, 1))
    return f"{hits} of {of} noticed, {part:.0%} ({low:.0%} to {high:.0%})"


def main() -> None:
    sample, workers = int(sys.argv[1]), int(sys.argv[2])
    rooms = sys.argv[3:] or list(ROOMS)
    tests, chosen, whole = reached(), [], {}
    for room in rooms:
        every = []
        for path in sorted(path for glob in ROOMS[room] for path in ENGINE.glob(glob)):
            name = path.relative_to(ENGINE).as_posix()
            for what, line, text in mutants(path):
                every.append({"room": room, "file": name, "line": line, "what": what, "text": text})
        whole[room] = len(every)
        chosen += random.Random(room).sample(every, min(sample, len(every)))
    for one in chosen:
        one["tests"] = tests(ENGINE / one["file"], one["line"])
    results = ROOT / ".cache/mutants.jsonl"
    results.touch()  # a run that was stopped goes on
    done = [json.loads(line) for line in results.read_text().splitlines()]
    tried_before = {(one["file"], one["line"], one["what"]) for one in done}
    chosen = [c for c in chosen if (c["file"], c["line"], c["what"]) not in tried_before]
    random.Random(0).shuffle(chosen)
    children = []
    for number in range(workers):
        if (child := os.fork()) == 0:
            worker(chosen[number::workers], results)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    known = yaml.safe_load(KNOWN.read_text("utf-8")) if KNOWN.exists() else {}
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    for room in rooms:
        mine = [one for one in lines if one["room"] == room]
        counted = [one for one in mine if f"{one['file']}: {one['what']}" not in known]
        for one in counted:
            if not one["noticed"]:
                print(f"src/anew/{one['file']}:{one['line']}: {one['what']} ({one['tests']} tests)")
        told = share(sum(bool(one["noticed"]) for one in counted), len(counted))
        same = len(mine) - len(counted)
        print(f"{room}: {told}, {same} of the sample equivalent; {whole[room]} changes in all")


if __name__ == "__main__":
    main()
