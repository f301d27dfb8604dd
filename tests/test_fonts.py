"""The fonts: made whole, the same bytes every time, and honest about what they lack."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from anew.figures import fonts
from anew.project.errors import AnewError
from anew.project.paths import Project


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("fonts") / "made"
    fonts.make_fonts(made)
    return made


def test_bold_is_heavier_than_regular_with_the_same_characters(folder):
    regular, bold = folder / fonts.REGULAR, folder / fonts.BOLD
    assert fonts.characters_of(bold) == fonts.characters_of(regular)
    font = TTFont(bold)
    assert font["OS/2"].usWeightClass == 700 and "fvar" not in font
    assert font["name"].getDebugName(1) == fonts.SANS
    assert font["name"].getDebugName(2) == "Bold"
    stems = {}
    for name, path in (("regular", regular), ("bold", bold)):
        opened = TTFont(path)
        cmap, metrics = opened.getBestCmap(), opened["hmtx"]
        stems[name] = [metrics[cmap[ord(char)]][0] for char in "0nH"]
    assert all(b > r for b, r in zip(stems["bold"], stems["regular"], strict=True))


def test_covers_the_characters_of_gbk(folder):
    gbk = {chr(c) for c in range(0x4E00, 0x9FA6)}
    encodable = {c for c in gbk if c.encode("gbk", "ignore")}
    assert len(encodable) == 20902
    for name in (fonts.REGULAR, fonts.BOLD, fonts.SERIF_REGULAR):
        assert not fonts.missing_characters("".join(encodable), folder / name)


def test_two_runs_give_the_same_bytes(folder, tmp_path):
    fonts.make_fonts(tmp_path / "again")
    for name in fonts.FILES:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_an_unfinished_folder_is_replaced_and_nothing_is_left_behind(tmp_path):
    broken = tmp_path / "fonts"
    broken.mkdir()
    (broken / fonts.REGULAR).write_bytes(b"half")
    fonts.make_fonts(broken)
    assert sorted(p.name for p in broken.iterdir()) == sorted(fonts.FILES)
    assert (broken / fonts.REGULAR).stat().st_size > 1_000_000
    assert [p.name for p in tmp_path.iterdir()] == ["fonts"]


def test_the_folder_is_made_once_and_kept_in_the_project(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "environment_folder", lambda: tmp_path / "nowhere")
    project = Project(tmp_path)
    first = fonts.font_folder(project)
    assert first.parent == tmp_path / ".anew" / "fonts"
    monkeypatch.setattr(fonts, "make_fonts", lambda _: pytest.fail("made twice"))
    assert fonts.font_folder(project) == first


def test_the_environments_fonts_are_preferred(tmp_path, monkeypatch, folder):
    home = tmp_path / "environment"
    home.mkdir()
    (home / fonts._key()).symlink_to(folder)
    monkeypatch.setattr(fonts, "environment_folder", lambda: home)
    assert fonts.font_folder(Project(tmp_path)).parent == home


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(fonts, "_STATIC", "no-such-fonts")
    with pytest.raises(AnewError, match=r"no-such-fonts is not installed[\s\S]*make setup"):
        fonts._package_file("no-such-fonts", "x")


def test_woff2_holds_the_characters_asked_for_and_depends_on_nothing_else(folder):
    font = folder / fonts.REGULAR
    data = fonts.subset_woff2(font, "数字产业化 AVATAR ’")
    assert data[:4] == b"wOF2"
    assert data == fonts.subset_woff2(font, "’ AVATAR化业产字数" * 3)
    opened = TTFont(BytesIO(data))
    assert set(map(chr, opened.getBestCmap())) == set("数字产业化 AVTR’")
    kept = {record.FeatureTag for record in opened["GPOS"].table.FeatureList.FeatureRecord}
    assert "kern" in kept
    assert len(data) < 8_000


def test_missing_characters_are_named_in_order_without_repeats(folder):
    font = folder / fonts.REGULAR
    assert fonts.missing_characters("m⁻² 和 CO₂⁻\n", font) == ["⁻", "₂"]
    with pytest.raises(AnewError, match=r"'⁻' \(U\+207B\).*'m⁻²'"):
        fonts.subset_woff2(font, "m⁻²")
