"""Files are written whole or not at all, and nothing unfinished stays."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anew.project import writing
from anew.project.writing import create, remove_left, write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_and_left_alone_where_it_says_so_already(tmp_path):
    file = write_text(tmp_path / "deep/f.yml", "old")
    os.utime(file, (1, 1))
    write_text(file, "old")
    assert file.stat().st_mtime == 1
    write_text(file, "new")
    assert file.read_text() == "new" and names(file.parent) == ["f.yml"]


def test_a_file_that_cannot_be_written_is_named_itself_and_stays(tmp_path, monkeypatch):
    file = write_text(tmp_path / "f.yml", "old")

    def full(self: Path, data: bytes) -> None:
        Path(self).touch()
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError) as caught:
        write_text(file, "new")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(file))
    assert file.read_text() == "old" and names(tmp_path) == ["f.yml"]


def test_a_file_stands_in_the_way_of_one_that_is_made_new(tmp_path):
    create(tmp_path / "a/new.csv", b"1")
    with pytest.raises(FileExistsError) as caught:
        create(tmp_path / "a/new.csv", b"2")
    assert caught.value.filename == str(tmp_path / "a/new.csv")
    assert (tmp_path / "a/new.csv").read_bytes() == b"1" and names(tmp_path / "a") == ["new.csv"]


def test_a_new_file_is_made_where_the_disk_has_no_links(tmp_path, monkeypatch):
    def refuse(*args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(writing.os, "link", refuse)
    create(tmp_path / "new.csv", b"1")
    with pytest.raises(FileExistsError):
        create(tmp_path / "new.csv", b"2")
    assert (tmp_path / "new.csv").read_bytes() == b"1" and names(tmp_path) == ["new.csv"]


def test_what_a_process_that_ended_left_goes_and_what_one_writes_stays(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    kept = ["f.csv", f"f.csv.{os.getppid()}.part", "mine.part"]
    for name in (*kept, f"f.csv.{ended.pid}.part"):
        write_bytes(tmp_path / "a" / name, b"1")
    remove_left(tmp_path)
    assert names(tmp_path / "a") == sorted(kept)
