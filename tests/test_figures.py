"""What git tracks under figures/ is what the newest edition draws."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from anew.build.builder import gather
from anew.build.plan import Request
from anew.project.paths import Project

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def drawn():
    """The pictures of the newest edition, from the project's own build folder."""
    stage, _ = gather(Project(ROOT), Request())
    return {path.name: path.read_bytes() for path in (stage / "figures").glob("*.svg")}


def test_the_tracked_figures_are_what_the_newest_edition_draws(drawn):
    tracked = {path.name: path.read_bytes() for path in (ROOT / "figures").glob("*.svg")}
    assert tracked and set(tracked) == set(drawn)
    stale = sorted(name for name in tracked if tracked[name] != drawn[name])
    assert not stale, f"run `anew build` and commit figures/: {', '.join(stale)}"


def test_the_languages_of_a_figure_differ(drawn):
    chinese = [name for name in drawn if ".zh." in name]
    assert chinese
    for name in chinese:
        assert drawn[name] != drawn[name.replace(".zh.", ".en.")], name


def words_in(picture: bytes) -> list[str]:
    """Return the words of a picture: their outlines carry them as comments."""
    return [html.unescape(word) for word in re.findall(r"<!-- (.*?) -->", picture.decode("utf-8"))]


def test_every_word_of_a_figure_is_in_its_language(drawn):
    letters, han = re.compile("[A-Za-z]{2}"), re.compile("[\u3400-\u9fff]")
    for name, picture in drawn.items():
        words = words_in(picture)
        assert len(words) > 10, name
        if ".en." in name:
            assert [word for word in words if han.search(word)] == [], name
        else:  # a label all in Latin letters is one that was not translated
            assert [w for w in words if letters.search(w) and not han.search(w)] == [], name
