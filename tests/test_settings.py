"""What `_quarto.yml` says of the report is read, and a slip in it is refused with its line."""

from __future__ import annotations

import pytest
import tiny

from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.settings import Settings, read_settings


def test_what_is_not_said_has_its_default(tmp_path):
    assert read_settings(tmp_path) == Settings()
    tiny.write(tmp_path / "_quarto.yml", "website: {title: Rain}\nformat: {html: {toc: true}}\n")
    settings = read_settings(tmp_path)
    assert settings.title == settings.description == dict.fromkeys(LANGUAGES, "Rain")
    assert settings.project.render == [] and settings.website.site_url is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("anew: {titel: x}", "_quarto.yml, line 1: unknown key anew.titel."),
        ("project: {}\nanew: {title: {zh: 雨}}", "line 2: anew.title has no text in en"),
        ("website: [", "not YAML"),
        ("project: {render: index.qmd}", "line 1: project.render should be a valid list"),
    ],
)
def test_a_slip_is_refused_with_its_line(tmp_path, text, said):
    tiny.write(tmp_path / "_quarto.yml", text)
    with pytest.raises(AnewError) as caught:
        read_settings(tmp_path)
    assert said in str(caught.value)
