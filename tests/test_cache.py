"""A cache that machines share: another clone's build takes the steps that it has."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import tiny
from missing import missing

#: The Python of an environment with a server that speaks S3 (see the Makefile).
SERVER = Path(sys.prefix) / "lib/s3-server/bin/python"

KEPT_OUT = shutil.ignore_patterns(".anew", "_site", "_variables.yml", "_built", "figures")


@pytest.fixture(scope="module")
def filled(tmp_path_factory, anew):
    """A report that was built with a cache, and its site."""
    folder = tmp_path_factory.mktemp("cache")
    tiny.make(folder / "first", text=True)
    done = anew("build", "--cache", "../shared", cwd=folder / "first")
    assert done.returncode == 0, done.stderr
    assert "from the cache" not in done.stdout
    return folder


@pytest.fixture
def clone(filled, tmp_path):
    """A fresh clone of the report, and a copy of the cache."""
    shutil.copytree(filled / "first", tmp_path / "clone", ignore=KEPT_OUT)
    shutil.copytree(filled / "shared", tmp_path / "shared")
    return tmp_path / "clone"


def site(root: Path) -> dict[str, bytes]:
    folder = root / "_site"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def built(anew, root, *more, cache="../shared", **environment):
    done = anew("build", "--cache", cache, *more, cwd=root, **environment)
    assert done.returncode == 0, done.stderr
    ran = re.findall(r"^  done  (.*?) \(", done.stderr, re.M)
    found = re.search(r"(\d+) steps from the cache", done.stdout)
    return ran, int(found[1]) if found else 0, done.stdout


def test_a_clone_takes_every_step_and_has_the_same_bytes(filled, clone, anew):
    ran, fetched, said = built(anew, clone)
    assert not [label for label in ran if "site" not in label] and fetched > 10
    assert "notebooks: 0 run" in said
    assert site(clone) == site(filled / "first")
    again, fetched, _ = built(anew, clone)
    assert again == [] and fetched == 0


def test_an_edited_sentence_runs_no_notebook(filled, clone, anew):
    text = clone / "report/en/index.qmd"
    text.write_text(text.read_text("utf-8").replace("All the rain", "All its rain"), "utf-8")
    ran, fetched, said = built(anew, clone)
    assert "notebooks: 0 run" in said and fetched > 5
    assert not [label for label in ran if "run " in label or label.startswith("typeset zh")]
    assert b"All its rain" in site(clone)["report/en/index.html"]


def test_an_edited_module_runs_what_it_decides(clone, anew):
    module = clone / "analysis/scale.py"
    module.write_text(module.read_text("utf-8").replace("= 1", "= 2"), "utf-8")
    ran, _, said = built(anew, clone)
    assert any("fig1" in label and "run" in label for label in ran), (ran, said)


@pytest.mark.parametrize("damage", ["cut", "swap", "entry", "outside", "code"])
def test_a_damaged_cache_costs_time_and_nothing_else(filled, clone, anew, damage):
    shared = clone.parent / "shared"
    for path in sorted((shared / "files").rglob("*")):
        if path.is_file() and damage == "cut":
            path.write_bytes(path.read_bytes()[:-1])
        if path.is_file() and damage == "swap":
            path.write_bytes(b"<script>alert(1)</script>")
    for path in (shared / "steps").glob("*.json"):
        if damage == "entry":
            path.write_bytes(path.read_bytes()[:-5])
        if damage == "outside":
            entries = json.loads(path.read_bytes())
            for entry in entries:
                entry["files"] = {f"../../escaped/{n}": d for n, d in entry["files"].items()}
            path.write_text(json.dumps(entries), "utf-8")
        if damage == "code":
            entries = json.loads(path.read_bytes())
            for entry in entries:
                other = next(iter(entry["files"].values()), "")
                entry["files"] |= {"analysis/scale.py": other}
            path.write_text(json.dumps(entries), "utf-8")
    _, fetched, said = built(anew, clone)
    assert fetched == 0 and "notebooks: 2 run" in said
    assert site(clone) == site(filled / "first")
    assert not list(clone.parent.rglob("escaped"))
    assert (clone / "analysis/scale.py").read_text("utf-8") == "FACTOR = 1\n"


def test_a_cache_that_is_only_read_is_left_as_it_is(clone, anew):
    module = clone / "analysis/scale.py"
    module.write_text(module.read_text("utf-8") + "\n# a remark\n", "utf-8")
    shared = clone.parent / "shared"
    before = {path: path.stat().st_mtime_ns for path in shared.rglob("*")}
    built(anew, clone, "--read-only-cache")
    assert {path: path.stat().st_mtime_ns for path in shared.rglob("*")} == before


def test_without_its_cache_a_build_goes_on_and_says_so(clone, anew):
    (clone.parent / "file").write_text("no folder", "utf-8")
    _, fetched, said = built(anew, clone, cache="../file/below")
    assert fetched == 0 and "warning: built without the cache" in said
    done = anew("build", "--cache", "nosuch://a/b", cwd=clone)
    assert done.returncode == 2 and "cannot be used" in done.stderr


def test_a_reproduction_uses_no_cache(monkeypatch, tmp_path):
    from anew.verify.rebuild import build_environment

    monkeypatch.setenv("ANEW_CACHE", "../shared")
    assert not [name for name in build_environment(tmp_path) if name.startswith("ANEW_CACHE")]


def test_a_cache_that_is_full_loses_what_was_used_least_recently(clone, anew):
    shared = clone.parent / "shared"
    for path in shared.rglob("*"):
        os.utime(path, (1, 1))
    foreign = tiny.write(shared / "notes.txt", "somebody else's")
    beside = tiny.write(shared / "files/00/thesis.docx", "somebody else's")
    old = tiny.write(shared / "files/00" / ("00" * 32), "x" * 20_000_000)
    for path in (foreign, beside, old):
        os.utime(path, (0, 0))
    whole = sum(path.stat().st_size for path in shared.rglob("*") if path.is_file())
    built(anew, clone, "--cache-limit", "20")
    assert old.is_file()  # nothing was put in, so nothing had to go
    module = clone / "analysis/scale.py"
    module.write_text("FACTOR = 2\n", "utf-8")
    built(anew, clone, "--cache-limit", "20")
    left = [path for path in shared.rglob("*") if path.is_file()]
    assert not old.exists() and sum(path.stat().st_size for path in left) <= 20_000_100 < whole
    assert foreign.is_file() and beside.is_file()
    shutil.rmtree(clone / ".anew")
    _, fetched, said = built(anew, clone, "--cache-limit", "20")
    assert fetched and "notebooks: 0 run" in said  # what was put in last is still there


@pytest.fixture
def bucket():
    """A server that speaks S3, with the bucket `reports`: what a build must know to use it."""
    if not SERVER.is_file():
        missing("no S3 server: make setup-test")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [SERVER, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    endpoint = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.put(f"{endpoint}/reports", trust_env=False).raise_for_status()
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield {
            "AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
        }  # fmt: skip
    finally:
        server.terminate()
        server.wait()


def test_a_bucket_is_a_cache(filled, tmp_path, anew, bucket):
    roots = [tmp_path / "one", tmp_path / "two"]
    for root in roots:
        shutil.copytree(filled / "first", root, ignore=KEPT_OUT)
    _, fetched, said = built(anew, roots[0], cache="s3://reports/anew", **bucket)
    assert fetched == 0 and "warning" not in said, said
    _, fetched, said = built(anew, roots[1], cache="s3://reports/anew", **bucket)
    assert fetched > 10 and "notebooks: 0 run" in said
    assert site(roots[0]) == site(roots[1])
    _, fetched, said = built(anew, roots[1], cache="s3://nosuch/anew", **bucket)
    assert fetched == 0
    shutil.rmtree(roots[1] / ".anew")
    _, fetched, said = built(anew, roots[1], cache="s3://nosuch/anew", **bucket)
    assert fetched == 0 and "warning: built without the cache" in said
