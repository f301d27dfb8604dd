"""A site is published whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from anew.build.publish import publish, refuse_foreign, staging_folder
from anew.project.errors import AnewError


def site(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(text)
    (folder / "index.html").write_text(text)
    return folder


def test_a_new_site_takes_the_place_of_the_old_and_leaves_nothing(tmp_path):
    target = tmp_path / "_site"
    with staging_folder(target) as new:
        publish(site(new, "one"), target)
    with staging_folder(target) as new:
        publish(site(new, "two"), target)
    assert (target / "index.html").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["_site"]


def test_without_the_system_call_the_old_is_moved_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    target = site(tmp_path / "_site", "one")
    with staging_folder(target) as new:
        publish(site(new, "two"), target)
    assert (target / "index.html").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["_site"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="renameat2 is Linux's")
def test_a_reader_never_sees_half_a_site(tmp_path):
    target = site(tmp_path / "_site", "0")
    torn: list[str] = []
    stop = threading.Event()

    def read():
        while not stop.is_set():
            try:
                folder = os.open(target, os.O_RDONLY)
            except FileNotFoundError:
                torn.append("the site was gone")
                continue
            try:
                names = sorted(os.listdir(folder))
                if names and names != ["index.html", "manifest.json"]:
                    torn.append(str(names))
            finally:
                os.close(folder)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(60):
        with staging_folder(target) as new:
            publish(site(new, str(number)), target)
    stop.set()
    reader.join()
    # a folder opened before the exchange may be seen empty while it is removed, never mixed
    assert [seen for seen in torn if seen == "the site was gone"] == []


@pytest.mark.parametrize("kind", ["file", "foreign", "link"])
def test_a_folder_that_no_build_wrote_is_never_replaced(tmp_path, kind):
    target = tmp_path / "thesis"
    if kind == "file":
        target.write_text("mine")
    elif kind == "foreign":
        target.mkdir()
        (target / "chapter.txt").write_text("mine")
    else:
        site(tmp_path / "real", "x")
        target.symlink_to(tmp_path / "real")
    with pytest.raises(AnewError):
        refuse_foreign(target)


def test_an_empty_folder_may_be_filled(tmp_path):
    (tmp_path / "new").mkdir()
    refuse_foreign(tmp_path / "new")
    refuse_foreign(tmp_path / "absent")


def test_a_process_that_dies_while_assembling_leaves_the_last_good_site(tmp_path):
    target = site(tmp_path / "_site", "good")
    code = (
        "import os, pathlib, anew.build.publish as p;"
        f"c = p.staging_folder(pathlib.Path({str(target)!r})); f = c.__enter__();"
        "(f / 'index.html').write_text('half'); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 9
    assert (target / "index.html").read_text() == "good"
