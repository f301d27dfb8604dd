"""A sweep on the workers of a Dask scheduler: the same bytes, whoever dies, fills up or differs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import tiny

from anew.build.on_worker import Answer, Job, _speaking, describe
from anew.build.plan import Request
from anew.build.workers import Workers
from anew.project.errors import BuildError
from anew.project.language import LANGUAGES

posix = pytest.mark.skipif(os.name == "nt", reason="workers are ended as POSIX processes are")

ONE = ("sweep", "--over", "edition=2024")
TWO = ("sweep", "--over", "fig1.economy=DEU")

#: A cell that ends the worker in which it runs, once: where a file says so.
DEADLY = """\
import multiprocessing, os, time
if os.path.exists({flag!r}):
    os.remove({flag!r})
    os.kill(multiprocessing.parent_process().pid, 9)
    time.sleep(60)
"""


class Cluster:
    """A scheduler and its workers on loopback, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.known = folder, folder / "scheduler.json"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0",
                   "--scheduler-file", str(self.known))  # fmt: skip
        self.wait(self.known.is_file)
        self.wait(lambda: self.known.read_bytes().rstrip().endswith(b"}"))
        self.address = json.loads(self.known.read_bytes())["address"]

    def start(self, *words: str, before: tuple[str, ...] = (), **environment: str):
        with open(self.folder / f"{len(self.processes)}.log", "wb") as log:
            process = subprocess.Popen(
                [*before, sys.executable, "-m", "dask", *words, "--no-dashboard"],
                stdout=log, stderr=log, env={**os.environ, **environment},
            )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, name: str, *more: str, **others):
        """Start a worker and wait until the scheduler knows it."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            there = len(client.nthreads())
            process = self.start(
                "worker", self.address, "--nthreads", "1", "--host", "127.0.0.1",
                "--local-directory", str(self.folder / name), *more, **others,
            )  # fmt: skip
            self.wait(lambda: len(client.nthreads()) > there or process.poll() is not None)
            assert process.poll() is None, (self.folder / "0.log").read_text()
        return process

    def wait(self, done) -> None:
        until = time.monotonic() + 120
        while not done():
            assert time.monotonic() < until, "the cluster does not start"
            time.sleep(0.1)

    def end(self, *processes: subprocess.Popen[bytes]) -> None:
        for process in processes or reversed(self.processes):
            process.terminate()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler with two workers, one of which a nanny keeps."""
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.worker("a")
        made.worker("b", "--no-nanny")
        yield made
    finally:
        made.end()


@pytest.fixture(scope="module")
def local(tmp_path_factory, anew):
    """A report that was swept on this machine, and the file that lets its notebook be deadly."""
    folder = tmp_path_factory.mktemp("local")
    tiny.make(folder / "p", text=True)
    deadly = DEADLY.format(flag=str(folder / "kill"))
    tiny.notebook(folder / "p/analysis/fig1_rain.ipynb", [*tiny.FIG1[:2], deadly, *tiny.FIG1[2:],
                                                          tiny.DRAW])  # fmt: skip
    done = anew(*TWO, cwd=folder / "p")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def fresh(local, tmp_path):
    """The same report, not built."""
    shutil.copytree(local / "p", tmp_path / "p", ignore=shutil.ignore_patterns(".anew", "_sweep"))
    return tmp_path / "p"


def variant(root: Path, name: str) -> dict[str, bytes]:
    folder = root / "_sweep" / name
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@posix
def test_steps_run_on_workers_and_make_the_same_bytes(cluster, local, fresh, anew):
    done = anew(*TWO, "--scheduler", cluster.address, cwd=fresh)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("2024", "2024-fig1.economy-DEU"):
        assert variant(fresh, name) == variant(local / "p", name) != {}
    ran = [line for line in done.stdout.splitlines() if " ran " in line]
    assert len(ran) == 2 and "warning" not in done.stdout
    assert "done  fig1: run fig1_rain.ipynb" in done.stderr
    said = anew("explain", "--formats", "html", cwd=fresh).stdout
    assert "Nothing to run" in said
    tiny.write(fresh / "analysis/scale.py", "FACTOR = 2\n")
    said = anew("explain", "--formats", "html", cwd=fresh).stdout
    assert "because analysis/scale.py changed" in said


@posix
def test_a_file_damaged_on_a_worker_is_sent_again(cluster, local, fresh, anew, tmp_path):
    shutil.copytree(fresh, tmp_path / "before")
    done = anew(*ONE, "--scheduler", cluster.address, cwd=tmp_path / "before")
    assert done.returncode == 0, done.stdout + done.stderr
    kept = [path for path in cluster.folder.rglob("store/files/*/*") if path.is_file()]
    assert kept
    for path in kept:
        path.write_bytes(bytes(byte ^ 1 for byte in path.read_bytes()))
    done = anew(*ONE, "--scheduler", cluster.address, cwd=fresh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert variant(fresh, "2024") == variant(local / "p", "2024")


@posix
def test_a_worker_with_another_engine_is_refused_before_any_work(cluster, fresh, anew, tmp_path):
    own = Path(__file__).parents[1] / "src/anew"
    shutil.copytree(own, tmp_path / "other/anew", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "other/anew/__init__.py").open("a") as module:
        module.write("\n# another version\n")
    strange = cluster.worker("c", "--no-nanny", PYTHONPATH=str(tmp_path / "other"))
    done = anew(*ONE, "--scheduler", cluster.address, cwd=fresh)
    cluster.end(strange)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "nothing was run" in done.stderr and "done" not in done.stderr
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("  tcp://")]
    assert re.search(r"engine \w+ there, \w+ here", said)
    assert not (fresh / ".anew/records").exists() and not (fresh / "_sweep").exists()


@posix
def test_a_worker_whose_disk_is_full_is_given_no_more_steps(cluster, local, fresh, anew):
    folder = cluster.folder / "small"
    folder.mkdir()
    space = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]
    mount = f"mount -t tmpfs -o size=128k tmpfs {folder}"
    fill = f"head -c 200k /dev/zero > {folder}/other"  # else a step may fit in, and none may not
    if not shutil.which("unshare") or subprocess.run([*space, "sh", "-c", mount]).returncode:
        pytest.skip("a small file system cannot be mounted here")
    script = f'{mount} && {{ {fill} 2> /dev/null; exec "$@"; }}'
    small = cluster.worker("small", "--no-nanny", before=(*space, "sh", "-c", script, "sh"))
    done = anew(*ONE, "--scheduler", cluster.address, cwd=fresh)
    cluster.end(small)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "is given no more steps: " in done.stdout and "No space left" in done.stdout
    assert variant(fresh, "2024") == variant(local / "p", "2024")


@posix
def test_what_a_killed_worker_was_doing_is_done_by_another(cluster, local, fresh, anew):
    flag = local / "kill"
    flag.touch()
    done = anew(*ONE, "--scheduler", cluster.address, cwd=fresh)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not flag.exists()  # a worker was killed
    assert variant(fresh, "2024") == variant(local / "p", "2024")


@posix
def test_a_scheduler_that_does_not_answer_is_told(fresh, anew):
    done = anew(*ONE, "--scheduler", "nonsense://1", cwd=fresh)
    assert done.returncode == 2 and "No scheduler answers at nonsense://1" in done.stderr
    assert "Traceback" not in done.stderr


class Told:
    """A client of a scheduler that knows what each of its workers says of itself."""

    def __init__(self, **workers: dict[str, str]) -> None:
        self.workers = workers

    def nthreads(self):
        return dict.fromkeys(self.workers, 2)

    def run(self, function, workers, on_error):
        return {name: self.workers[name] for name in workers}


JOB = Job("tables", "check the tables", Request(), {}, {}, {}, [])


def test_a_worker_that_joins_later_is_asked_too(tmp_path):
    client = Told(first=describe())
    workers = Workers(tiny.make(tmp_path), client)
    assert workers.refuse_strangers() == 2
    client.workers |= {"second": {**describe(), "python": "3.99"}, "third": describe()}
    assert workers._fitting(JOB) == ["first", "third"]
    (remark,) = workers.remarks
    assert remark.startswith("second is given no steps: python 3.99 there, ")
    workers._give_up(Answer("first", full="/scratch: No space left on device."))
    assert workers._fitting(JOB) == ["third"]
    workers._give_up(Answer("third", full="/scratch: No space left on device."))
    with pytest.raises(BuildError, match="check the tables: no worker .*No space left"):
        workers._fitting(JOB)


def test_steps_of_two_reports_on_one_worker_take_turns(tmp_path, monkeypatch):
    """Languages are the process's; those of a step stay when another's folder is removed."""
    monkeypatch.setattr(LANGUAGES, "_file", None)
    roots = {name: tmp_path / name for name in ("de", "en")}
    for name, root in roots.items():
        tiny.write(root / "_quarto.yml", f"anew: {{languages: [{name}]}}\n")
    said = []

    def speak() -> None:
        with _speaking(tmp_path / "worker", roots["en"]):
            said.append(list(LANGUAGES))

    with _speaking(tmp_path / "worker", roots["de"]):
        other = threading.Thread(target=speak)
        other.start()
        shutil.rmtree(roots["de"])
        other.join(0.2)
        said.append(list(LANGUAGES))
    other.join()
    assert said == [["de"], ["en"]]
