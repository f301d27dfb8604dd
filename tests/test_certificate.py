"""What a certificate says, in a terminal and as Markdown, in both languages."""

from __future__ import annotations

import pytest
import recorded

import anew.site.certificate as words
from anew.project.language import LANGUAGES
from anew.verify.certificate import Result
from anew.verify.rendering import as_lines, as_markdown


@pytest.mark.parametrize("verdict", Result)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_outcome_is_told(language, verdict):
    one = recorded.certificate(verdict=verdict)
    lines = as_lines(one, language)
    assert lines[0] == f"2024: {words.tell(language, verdict)}"
    assert words.tell(language, "changes" if one.kept else "differences") in lines[-14]
    assert lines[-1].strip() == words.tell(language, "more", count=len(one.differences) - 12)
    text = as_markdown(one, language)
    assert text.startswith(f"# {words.tell(language, 'title')}\n")
    assert f"**{words.tell(language, verdict)}**" in text
    assert "    fig1: cell 3 failed:\n        │ raise ValueError()" in text  # as code


def test_what_a_source_says_is_no_markup():
    told = {"kind": "source", "name": "a|b", "where": {}, "was": "<b>*x*</b>", "now": "_[y](z)_"}
    text = as_markdown(recorded.certificate(differences=[told]), "en")
    assert r"source a\|b: \<b\>\*x\*\</b\> → \_\[y\](z)\_" in text
