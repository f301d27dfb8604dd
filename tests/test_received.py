"""A research object of someone else: told before it runs, asked for, and kept apart."""

from __future__ import annotations

import json
import shutil
import socket
import sys
import zipfile
from pathlib import Path

import pytest
import recorded
import tiny
from missing import missing

from anew.project.errors import AnewError
from anew.verify.export import gather_contents
from anew.verify.isolation import isolated, told_little, why_not_isolated
from anew.verify.packing import write_crate
from anew.verify.received import is_crate, receive

#: Looks for what code of others has no business with, and ends the build with what it finds.
SPY = """\
import os, pathlib, socket
FACTOR = 1
found = [name for name in ("PASSWORD",) if name in os.environ]
try:
    socket.create_connection(("127.0.0.1", {port}), 3)
    found.append("network")
except OSError:
    pass
if pathlib.Path({secret!r}).exists():
    found.append("file")
if found:
    raise RuntimeError("reached: " + ", ".join(found))
"""


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    """The research object of a tiny project, zipped."""
    folder = tmp_path_factory.mktemp("crate")
    project = recorded.start(folder / "p")
    write_crate(gather_contents(project, None, 2), folder / "report.zip")
    return folder / "report.zip"


def altered(crate: Path, target: Path, changed: dict[str, str | None]) -> Path:
    """Copy a crate with other contents of files; None leaves a file out."""
    with zipfile.ZipFile(crate) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, text in changed.items():
            if text is not None:
                new.writestr(name, text)
    return target


def test_a_crate_is_told_and_not_run_unless_someone_says_so(crate, tmp_path, anew):
    assert is_crate(str(crate)) and not is_crate(str(tmp_path)) and not is_crate(None)
    done = anew("reproduce", str(crate), cwd=tmp_path)
    assert done.returncode == 2 and "Nothing was run" in done.stderr and "--yes" in done.stderr
    assert "report.zip is not a project of yours" in done.stderr
    assert "analysis/fig1_rain.ipynb" in done.stderr
    assert "by the engine that is installed here" in done.stderr
    why_not = why_not_isolated()
    said = f"it is not isolated: {why_not}" if why_not else "isolated: no network, none of your"
    assert said in done.stderr
    told = anew("reproduce", str(crate), "--no-isolated", cwd=tmp_path).stderr
    assert "with your rights" in told and "you chose --no-isolated" in told
    own = altered(crate, tmp_path / "own.zip", {"src/anew/__init__.py": ""})
    told = anew("reproduce", str(own), cwd=tmp_path).stderr
    assert "by the engine that it brings in src/anew" in told
    assert not list(tmp_path.glob("*-certificates"))


def test_names_of_files_cannot_deceive_a_terminal(crate, tmp_path, anew):
    target = altered(crate, tmp_path / "x.zip", {"analysis/a\x1b[2Jclean.py": ""})
    told = anew("reproduce", str(target), cwd=tmp_path).stderr
    assert "\x1b" not in told and "U+001B" in told


def test_a_crate_that_is_none_or_brings_a_repository_is_refused(crate, tmp_path, anew):
    """git would run what the settings of a repository name, before anybody is asked."""
    config = "[core]\n\tfsmonitor = touch " + str(tmp_path / "ran") + "\n"
    evil = altered(crate, tmp_path / "evil.zip", {".git/config": config})
    done = anew("reproduce", str(evil), "--yes", cwd=tmp_path)
    assert done.returncode == 2 and "evil.zip!.git/config: it brings a repository" in done.stderr
    assert not (tmp_path / "ran").exists()
    empty = altered(crate, tmp_path / "empty.zip", {"_quarto.yml": None})
    with pytest.raises(AnewError, match="holds no report"):
        receive(empty, tmp_path / "into")
    out = altered(crate, tmp_path / "out.zip", {"../escape": ""})
    with pytest.raises(AnewError, match="leads out"):
        receive(out, tmp_path / "into")
    (tmp_path / "cut.zip").write_bytes(crate.read_bytes()[:-99])
    with pytest.raises(AnewError, match="damaged"):
        receive(tmp_path / "cut.zip", tmp_path / "into")
    assert not (tmp_path / "into").exists() and not (tmp_path / "escape").exists()


def test_a_crate_that_is_a_folder_is_copied_and_a_link_in_it_refused(crate, tmp_path):
    with zipfile.ZipFile(crate) as archive:
        archive.extractall(tmp_path / "crate")
    assert is_crate(str(tmp_path / "crate"))
    found = receive(tmp_path / "crate", tmp_path / "into")
    assert (found.root / "_quarto.yml").is_file() and found.site.is_dir()
    (tmp_path / "crate/data/secret").symlink_to("/etc/passwd")
    with pytest.raises(AnewError, match="is a link"):
        receive(tmp_path / "crate", tmp_path / "again")


def test_what_code_of_others_is_told_has_no_secret():
    told = told_little({"PATH": "/bin", "PASSWORD": "x", "SSH_AUTH_SOCK": "y", "HOME": "/root"})
    assert told == {"PATH": "/bin", "HOME": "/tmp/home"}


def test_without_bubblewrap_it_is_said_why(monkeypatch, tmp_path, anew):
    monkeypatch.setenv("PATH", str(tmp_path))
    if sys.platform.startswith("linux"):
        assert why_not_isolated() == "bubblewrap is not installed (apt-get install bubblewrap)"
        program = tiny.write(tmp_path / "bwrap", "#!/bin/sh\necho No permissions >&2; exit 1\n")
        program.chmod(0o755)
        assert why_not_isolated().endswith("make namespaces (No permissions)")
    tiny.make(tmp_path / "p", text=True)
    done = anew("reproduce", "--isolated", cwd=tmp_path / "p", PATH=str(tmp_path))
    assert done.returncode == 2 and "The build cannot be isolated: " in done.stderr


@pytest.fixture
def bubblewrap() -> None:
    """A machine that can isolate; one whose kernel forbids namespaces cannot be given any."""
    if shutil.which("bwrap") is None:
        missing("bubblewrap is not installed")
    if why := why_not_isolated():
        pytest.skip(why)


isolating = pytest.mark.usefixtures("bubblewrap")


@isolating
def test_apart_there_is_nothing_to_read_to_change_or_to_call(tmp_path):
    import subprocess

    secret = tiny.write(tmp_path / "secret", "secret")
    own = tmp_path / "own"
    own.mkdir()
    script = (
        f"cat {secret}; touch {tmp_path}/new /usr/new {sys.prefix}/new; echo made > {own}/made; "
        "ls /root /home /work /var; cat /proc/net/route | wc -l; ls /proc | grep -c '^[0-9]'"
    )
    done = subprocess.run(
        isolated(["/bin/sh", "-c", script], [own], own), capture_output=True, text=True
    )
    assert "secret" not in done.stdout and (own / "made").read_text() == "made\n"
    assert not (tmp_path / "new").exists() and not (Path(sys.prefix) / "new").exists()
    routes, processes = done.stdout.split()[-2:]
    assert int(routes) <= 1 and int(processes) < 8  # no route out, and no process of others


@isolating
@pytest.mark.slow
def test_code_of_others_reaches_nothing_while_it_is_isolated(crate, tmp_path, anew):
    secret = tiny.write(tmp_path / "secret", "secret")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        spy = SPY.format(port=listening.getsockname()[1], secret=str(secret))
        target = altered(crate, tmp_path / "spy.zip", {"analysis/scale.py": spy})
        apart = anew("reproduce", str(target), "--yes", cwd=tmp_path, PASSWORD="x")
        assert "reached" not in apart.stdout + apart.stderr
        # it was built: what it found is the source that was altered, and nothing else
        assert "2024: Differs" in apart.stdout and "analysis/scale.py" in apart.stdout
        free = anew("reproduce", str(target), "--yes", "--no-isolated", cwd=tmp_path, PASSWORD="x")
    assert "reached: PASSWORD, network, file" in free.stdout
    certificate = json.loads((tmp_path / "spy-certificates/2024/certificate.json").read_text())
    assert certificate["verdict"] == "failed"


@isolating
@pytest.mark.slow
def test_an_untouched_crate_is_equal_in_isolation(crate, tmp_path, anew):
    done = anew("reproduce", str(crate), "--yes", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0 and "2024: Equal" in done.stdout, done.stdout + done.stderr
    assert (tmp_path / "out/2024/certificate.zh.html").is_file()
