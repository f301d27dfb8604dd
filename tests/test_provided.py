"""The engine brings theme, filters and templates; a project's own file replaces one."""

from __future__ import annotations

import pytest
import tiny

from anew.project.provided import KINDS, PLACE, eject, own, provided, put_for_typesetters, shipped


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_the_project_takes_the_place_of_the_engines(tmp_path, kind):
    project = tiny.make(tmp_path)
    assert provided(project, kind) == shipped(kind) != {}
    name = min(shipped(kind))
    mine = tiny.write(project.report / kind / name, "mine")
    more = tiny.write(project.report / kind / "more.txt", "mine too")
    assert provided(project, kind) == {**shipped(kind), name: mine, "more.txt": more}
    tiny.write(project.report / kind / "half.part", "being written")
    assert own(project, kind) == {name: mine, "more.txt": more}


def test_what_typesetters_read_follows_the_project(tmp_path):
    project = tiny.make(tmp_path)
    place = project.root / PLACE / "filters" / "anew.lua"
    assert place in put_for_typesetters(project)
    assert place.read_bytes() == shipped("filters")["anew.lua"].read_bytes()
    mine = tiny.write(project.report / "filters/anew.lua", "-- mine\n")
    more = tiny.write(project.report / "filters/more.lua", "-- more\n")
    put_for_typesetters(project)
    assert place.read_text() == "-- mine\n" and place.with_name("more.lua").is_file()
    mine.unlink()
    more.unlink()
    put_for_typesetters(project)
    assert place.read_bytes() == shipped("filters")["anew.lua"].read_bytes()
    assert not place.with_name("more.lua").exists()


def test_ejecting_copies_what_the_project_lacks_and_changes_nothing_else(tmp_path):
    project = tiny.make(tmp_path)
    mine = tiny.write(project.report / "theme/anew.css", "mine")
    copies = eject(project, "theme")
    assert mine.read_text() == "mine" and mine not in copies
    assert {path.name for path in copies} == set(shipped("theme")) - {"anew.css"}
    assert eject(project, "theme") == []
