"""Insertion: an entry is added, every other byte stays."""

from __future__ import annotations

import pytest

from anew.project.errors import AnewError
from anew.tables.insertion import insert

SOURCE = """\
# a head
tables:   # all of them
  a:
    note: >-
      folded text,
      on two lines
    vintages:
      2020-01:        # the first
        rows: 3
        list: [x,
               y]
      '2021-01': {rows: 4}   # on one line

  # about b
  b:
    vintages: {}   # none yet
  c: {vintages: {x: {rows: 1}}}
last: 1
"""


def added(tmp_path, path, key="2022-01", entry=None):
    file = tmp_path / "f.yml"
    file.write_text(SOURCE, "utf-8")
    entry = entry if entry is not None else {"rows": 5, "note": {"zh": "一: 二", "en": "it's"}}
    return insert(file, "f.yml", path, key, entry)


def test_the_entry_comes_last_and_every_other_line_stays(tmp_path):
    text = added(tmp_path, ("tables", "a", "vintages"))
    lines = text.splitlines()
    at = lines.index("      2022-01:")
    assert lines[at - 1].startswith("      '2021-01'") and lines[at + 1] == "        rows: 5"
    new = [line for line in lines if line not in SOURCE.splitlines()]
    kept = [line for line in lines if line not in new]
    assert kept == SOURCE.splitlines()


def test_an_empty_mapping_becomes_a_block(tmp_path):
    text = added(tmp_path, ("tables", "b", "vintages"))
    assert "    vintages:   # none yet\n      2022-01:\n        rows: 5\n" in text


def test_a_top_level_mapping_takes_an_entry(tmp_path):
    text = added(tmp_path, ("tables",), key="d", entry={"vintages": {}})
    assert text.index("  d:") < text.index("last: 1")


def test_what_is_written_on_one_line_is_refused(tmp_path):
    with pytest.raises(AnewError):
        added(tmp_path, ("tables", "c", "vintages"))


def test_a_key_that_is_there_is_refused(tmp_path):
    with pytest.raises(AnewError, match="has tables.a.vintages.2020-01 already"):
        added(tmp_path, ("tables", "a", "vintages"), key="2020-01")


def test_line_breaks_of_windows_stay_and_the_entry_has_them_too(tmp_path):
    file = tmp_path / "f.yml"
    file.write_bytes(SOURCE.replace("\n", "\r\n").encode())
    text = insert(file, "f.yml", ("tables", "a", "vintages"), "2022-01", {"rows": 5})
    assert text.count("\n") == text.count("\r\n") == SOURCE.count("\n") + 2
    assert text.replace("\r\n", "\n").startswith(SOURCE.split("\n  # about b")[0])
