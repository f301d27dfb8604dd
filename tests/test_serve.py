"""A preview that rebuilds on save: the real command, a tiny project, a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import tiny
from browser import chromium

from anew.project.manifest import matches, read_manifest
from anew.project.paths import Project
from anew.project.provided import eject
from anew.serve.service import concerns, next_saved, watching

#: What no text of the tiny project can print.
SNOW = "\n{{< var en.snow >}}\n"

PATIENCE = 60  # seconds; a bound for a machine that is busy, no measurement


class Serving:
    """`anew serve` at work: what it said, and where."""

    def __init__(self, root: Path, *arguments: str) -> None:
        kept = {k: v for k, v in os.environ.items() if k != "ANEW_PROJECT"}
        self.root = root
        self.lines: list[str] = []
        self.first: list[str] = []  # what it said before anything was saved
        self.missing = (0, b"")  # and what it answered for a page that could not be made
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", "from anew.cli.main import main; main()", "serve",
             "--port", "0", *arguments],
            cwd=root, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            encoding="utf-8", start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._read, daemon=True).start()
        self.address = self.said(r"http://127\.0\.0\.1:\d+/")
        self.port = int(self.address.rstrip("/").rpartition(":")[2])

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip("\n"))

    def said(self, pattern: str, since: int = 0) -> str:
        """Return what matched once a line after the first `since` does."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            for line in self.lines[since:]:
                if match := re.search(pattern, line):
                    return match[0]
            assert self.process.poll() is None, "\n".join(self.lines)
            time.sleep(0.02)
        raise AssertionError(f"never said {pattern}:\n" + "\n".join(self.lines))

    def save(self, name: str, text: str) -> str:
        """Save a file; return the line that tells what followed."""
        since = len(self.lines)
        (self.root / name).write_text(text, "utf-8", newline="\n")
        return self.said(rf"^(.*, )?{re.escape(name)}(, .*)?: .*", since)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
            return answer.read().decode("utf-8")

    def interrupt(self) -> int:
        """Press Ctrl+C, which reaches every process of the terminal."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)


pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="signals and process groups are POSIX"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    root = tmp_path_factory.mktemp("serve") / "p"
    eject(tiny.make(root, text=True), "theme")
    with (root / "report/en/index.qmd").open("a", encoding="utf-8") as broken:
        broken.write(SNOW)
    found = Serving(root)
    found.first = found.lines.copy()
    with pytest.raises(urllib.error.HTTPError) as missing:
        found.get("report/en/")
    found.missing = (missing.value.code, missing.value.read())
    text(found, "report/en/index.qmd", SNOW, "")
    yield found
    if found.process.poll() is None:
        found.interrupt()


@pytest.fixture(scope="module")
def tab(serving):
    """The English page in a browser, which is never told to load again."""
    with chromium() as browser:
        page = browser.new_context().new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(serving.address + "report/en/")
        yield page


def text(serving, name: str, old: str, new: str) -> str:
    before = (serving.root / name).read_text("utf-8")
    assert old in before
    return serving.save(name, before.replace(old, new))


def shows(tab, words: str) -> None:
    tab.wait_for_function("words => document.body.innerText.includes(words)", arg=words)


def test_what_fails_from_the_start_is_served_once_it_is_mended(serving):
    assert any("undefined variable 'en.snow'" in line for line in serving.first)
    code, page = serving.missing
    assert code == 404 and b"It will load as soon as it is" in page
    assert "the rain is" in serving.get("report/en/")


def test_a_saved_text_is_typeset_alone_and_its_page_reloads_itself(serving, tab):
    other = tab.context.new_page()
    other.goto(serving.address + "report/zh/")
    other.evaluate("window.kept = true")
    line = text(serving, "report/en/index.qmd", "All the rain", "All of the rain")
    assert "report/en/index.qmd: take in the text (en), typeset en HTML (" in line
    shows(tab, "All of the rain")
    assert other.evaluate("window.kept")  # the Chinese page is as it was, and stays
    other.close()


def test_a_saved_module_runs_what_uses_it_and_changes_both_languages(serving, tab):
    line = serving.save("analysis/scale.py", "FACTOR = 2\n")
    assert "fig1: run fig1_rain.ipynb" in line and "other: run" not in line
    assert "typeset zh HTML" in line and "typeset en HTML" in line and "PDF" not in line
    shows(tab, "Rain grew to 25.0 mm")
    assert "25.0 毫米" in serving.get("report/zh/index.html")


def test_a_saved_notebook_runs_alone(serving, tab):
    name = "analysis/other_total.ipynb"
    line = text(serving, name, '[\\"value\\"].sum()', '[\\"value\\"].sum() + 1')
    assert "other: run other_total.ipynb" in line and "fig1: run" not in line
    shows(tab, "the rain is 94.5 mm")
    text(serving, name, ".sum() + 1", ".sum()")


def test_a_saved_style_typesets_nothing_and_is_seen(serving, tab):
    style = serving.root / "report/theme/anew.css"
    line = serving.save(
        "report/theme/anew.css", style.read_text("utf-8") + "\nbody { outline: 3px solid red }\n"
    )
    assert "take in the text (shared)" in line and "typeset" not in line and "run" not in line
    tab.wait_for_function("getComputedStyle(document.body).outlineWidth === '3px'")


def test_edited_data_stop_it_until_they_are_accepted(serving, tab, anew):
    name = "data/raw/rain/2024-01-01.csv"
    line = text(serving, name, "DEU,2021,19", "DEU,2021,20")
    assert f"{name}: The tables are not what the catalogue says" in line
    alert = tab.wait_for_selector("#anew-error[role=alert]")
    assert "anew accept" in alert.inner_text()
    shows(tab, "the rain is 93.5 mm")  # the last good page
    since = len(serving.lines)
    assert anew("accept", name, cwd=serving.root).returncode == 0
    assert "run fig1_rain.ipynb" in serving.said(r"^data/catalog.yml: .*", since)
    shows(tab, "the rain is 94.5 mm")
    assert tab.query_selector("#anew-error") is None


def test_a_text_that_fails_is_shown_on_its_last_good_page_and_recovers(serving, tab):
    name = "report/en/index.qmd"
    good = (serving.root / name).read_text("utf-8")
    line = serving.save(name, good + SNOW)
    assert "The text cannot be typeset" in line
    alert = tab.wait_for_selector("#anew-error[role=alert]")
    assert "undefined variable 'en.snow'" in alert.inner_text()
    shows(tab, "the rain is")
    late = tab.context.new_page()  # who comes now is told as well
    late.goto(serving.address + "report/zh/")
    late.wait_for_selector("#anew-error")
    late.close()
    serving.save(name, good)
    tab.wait_for_selector("#anew-error", state="detached")
    shows(tab, "the rain is")


def test_a_notebook_that_fails_names_its_cell(serving):
    good = (serving.root / "analysis/scale.py").read_text()
    serving.save("analysis/scale.py", "FACTOR = 1 / 0\n")
    heard = urllib.request.urlopen(serving.address + "__anew/events?page=/", timeout=PATIENCE)
    state = next(json.loads(line[6:]) for line in heard if line.startswith(b"data: "))
    heard.close()
    assert "fig1: cell 3 of analysis/fig1_rain.ipynb failed on edition 2024" in state["error"]
    assert "ZeroDivisionError" in state["error"]
    serving.save("analysis/scale.py", good)


def test_a_configuration_saved_by_renaming_is_seen_every_time(serving):
    config = serving.root / "_quarto.yml"
    for title in ("Rain on Monday", "Rain on Tuesday"):
        since = len(serving.lines)
        new = config.with_name(".quarto.new")
        new.write_text(config.read_text("utf-8").replace("Rain report", title), "utf-8")
        new.replace(config)
        assert "typeset en HTML" in serving.said(r"^_quarto.yml: .*", since)
        assert title in serving.get("report/en/index.html")
        config.write_text(config.read_text("utf-8").replace(title, "Rain report"), "utf-8")
        serving.said(r"^_quarto.yml: .*", since + 1)


def test_the_rest_of_the_site_follows_in_a_pause(serving):
    serving.said(r"put the site together", len(serving.lines) - 1)
    for path in (
        "data/index.html",
        "facts.json",
        "pagefind/pagefind-entry.json",
        "theme/fonts.css",
    ):
        assert serving.get(path)
    with urllib.request.urlopen(serving.address + "report/en/index.pdf") as pdf:
        assert pdf.headers["Content-Type"] == "application/pdf" and pdf.read(5) == b"%PDF-"


def test_only_this_machine_is_served(serving):
    with socket.create_connection(("127.0.0.1", serving.port), timeout=5):
        pass
    if sys.platform == "linux":  # where all of 127.0.0.0/8 is this machine
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", serving.port), timeout=5)


def test_a_port_that_is_taken_is_refused_before_anything_is_built(serving, anew, tmp_path):
    tiny.make(tmp_path / "p", text=True)
    done = anew("serve", "--port", str(serving.port), cwd=tmp_path / "p")
    assert done.returncode == 2 and f"--port {serving.port + 1}" in done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "p/.anew").exists()


def test_a_build_beside_it_publishes_and_it_goes_on(serving, anew):
    done = anew("build", "--formats", "html", cwd=serving.root)
    assert done.returncode == 0, done.stderr
    site = serving.root / "_site"
    assert matches(site, read_manifest(site))
    text(serving, "report/en/index.qmd", "the rain is", "the rain fallen is")
    assert "the rain fallen is" in serving.get("report/en/")
    assert "the rain fallen is" not in (site / "report/en/index.html").read_text("utf-8")
    text(serving, "report/en/index.qmd", "the rain fallen is", "the rain is")
    shutil.rmtree(site)  # as if it had been served alone
    for path in (serving.root / "figures").iterdir():
        path.unlink()


def test_five_hundred_slow_connections_keep_nobody_waiting_and_sigterm_ends_it_cleanly(serving):
    """Half of them never end their request, the others never read what they hear."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 2048)), hard))
    slow = []
    try:
        for number in range(500):
            slow.append(socket.create_connection(("127.0.0.1", serving.port), timeout=30))
            path = "/" if number % 2 else "/__anew/events?page=/"
            request = f"GET {path} HTTP/1.1\r\nHost: localhost:{serving.port}\r\n"
            slow[-1].sendall(request.encode() + (b"X: " if number % 2 else b"\r\n"))
        for connection in slow[::2]:  # each of these is held, and answered
            assert connection.recv(15) == b"HTTP/1.1 200 OK"
        assert "</html>" in serving.get("report/en/")
        os.kill(serving.process.pid, signal.SIGTERM)
        assert serving.process.wait(PATIENCE) == 0
    finally:
        for connection in slow:
            connection.close()
    assert serving.lines[-1] == "Stopped. _site/ was not changed; run anew build to publish."
    assert not [line for line in serving.lines if line.startswith("Traceback")]
    assert not (serving.root / "_site").exists()
    assert not list((serving.root / "figures").glob("*"))


def test_a_part_is_one_page_and_ctrl_c_while_a_notebook_runs_says_no_more(tmp_path):
    tiny.make(tmp_path / "p", text=True)
    serving = Serving(tmp_path / "p", "--only", "fig1", "-p", "fig1.last_year=2020")
    assert "fig1" in serving.get("") and "11" in serving.get("facts.json")
    assert "fig1: run fig1_rain.ipynb" in serving.save("analysis/scale.py", "FACTOR = 3\n")
    assert "33.0 mm" in serving.get("")
    asleep = tmp_path / "asleep"
    module = f"import time; open({str(asleep)!r}, 'w'); time.sleep(60); FACTOR = 1\n"
    (serving.root / "analysis/scale.py").write_text(module)
    while not asleep.exists() and serving.process.poll() is None:
        time.sleep(0.05)
    assert serving.interrupt() == 0
    assert serving.lines[-1].startswith("Stopped.")
    assert not [line for line in serving.lines if "Traceback" in line], serving.lines


@pytest.mark.parametrize(
    ("name", "concerned"),
    [
        ("report/zh/_world.qmd", True),
        ("report/theme/anew.css", True),
        ("analysis/indicators/panel.py", True),
        ("data/catalog.yml", True),
        ("report/_built/weave.json", False),
        ("report/manifests/2026.json", False),
        ("analysis/__pycache__/periods.cpython-311.pyc", False),
        ("analysis/.ipynb_checkpoints/fig1-checkpoint.ipynb", False),
        ("report/zh/._world.qmd.swp", False),
        ("report/zh/#_world.qmd#", False),
        ("report/zh/_world.qmd~", False),
        ("report/zh/4913", False),
    ],
)
def test_what_editors_and_builds_write_concerns_nobody(name, concerned):
    assert concerns(name) is concerned


def test_many_saves_are_one(tmp_path):
    project = tiny.make(tmp_path)
    with watching(project) as saved:
        while not next_saved(saved, 0.1):  # until the watch has begun
            (tmp_path / "analysis/first.py").write_text("x = 1\n")
        names = {f"analysis/{letter}.py" for letter in "abc"}
        for name in names:
            (tmp_path / name).write_text("x = 1\n")
        found: set[str] = set()
        while names - found:
            heard = next_saved(saved, PATIENCE)
            assert heard, found
            found |= set(heard)
    assert found - {"analysis/first.py"} == names


def test_a_folder_that_cannot_be_watched_is_said(tmp_path, monkeypatch):
    import watchfiles

    from anew.project.errors import AnewError

    def full(*_places, **_options):
        raise OSError("OS file watch limit reached")
        yield

    monkeypatch.setattr(watchfiles, "watch", full)
    tiny.make(tmp_path)
    with watching(Project(tmp_path)) as saved:
        with pytest.raises(AnewError, match=r"watch limit reached.*\n.*WATCHFILES_FORCE_POLLING"):
            next_saved(saved, 5)
