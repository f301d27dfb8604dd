"""Lines break where the two languages allow it, and never grow too wide."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anew.figures import fonts, wrapping
from anew.project.paths import Project

FONT = fonts.font_folder(Project(Path(__file__).parents[1])) / fonts.REGULAR
CHINESE = (
    "爱尔兰 2017 年超过印度，成为“六个经济体”中最大的出口方（ICT 服务），占全球 15.3%；此后领先。"
)


def test_width_grows_with_size_and_kerns():
    assert wrapping.width("中文", FONT, 10) == pytest.approx(20)
    assert wrapping.width("", FONT, 10) == 0
    assert wrapping.width("AV", FONT, 10) < wrapping.width("A", FONT, 10) + wrapping.width(
        "V", FONT, 10
    )


def test_western_quotation_marks_are_narrow_in_english_only():
    wide = wrapping.width("China’s", FONT, 10, "zh")
    assert wrapping.width("China’s", FONT, 10, "en") < wide - 5


@given(room=st.floats(60, 400))
@settings(max_examples=60, deadline=None)
def test_chinese_lines_fit_keep_the_text_and_obey_punctuation(room):
    lines = wrapping.wrap(CHINESE, FONT, 9, room, "zh")
    assert "".join(lines).replace(" ", "") == CHINESE.replace(" ", "")
    for line in lines:
        assert wrapping.width(line, FONT, 9) <= room
        assert line[0] not in "，。；）”%" and line[-1] not in "（“"
    assert not any(line.endswith("201") or line.startswith("017") for line in lines)


@given(
    words=st.lists(st.text("abcdefghij", min_size=1, max_size=9), min_size=1, max_size=30),
    room=st.floats(80, 300),
)
@settings(max_examples=80, deadline=None)
def test_english_lines_fit_and_break_at_spaces_only(words, room):
    lines = wrapping.wrap(" ".join(words), FONT, 9, room, "en")
    assert " ".join(lines).split() == words
    assert all(wrapping.width(line, FONT, 9, "en") <= room for line in lines)


@pytest.mark.parametrize(
    ("text", "language"),
    [(CHINESE, "zh"), ("Ireland passes India in 2017 and has led the six ever since", "en")],
)
def test_even_lines_are_as_few_and_never_wider(text, language):
    plain = wrapping.wrap(text, FONT, 13, 250, language)
    even = wrapping.wrap_evenly(text, FONT, 13, 250, language)
    assert len(even) == len(plain) > 1
    widths = [wrapping.width(line, FONT, 13, language) for line in even]
    assert max(widths) <= 250
    assert min(widths) >= min(wrapping.width(line, FONT, 13, language) for line in plain)


def test_a_line_break_in_the_text_is_kept():
    assert wrapping.wrap("一\n二", FONT, 9, 300, "zh") == ["一", "二"]


@given(room=st.floats(90, 400))
@settings(max_examples=60, deadline=None)
def test_a_number_stays_with_what_it_counts(room):
    text = (
        "爱尔兰 2017 年超过印度，2013—2022 年占全球出口的 3.4%—5.1%，共 758 家、4,569 亿美元，"
        "2025-08-04 版"
    )
    lines = wrapping.wrap(text, FONT, 13, room, "zh")
    assert not any(line[0] in "年家亿%版—" or line[-1] == "—" for line in lines)


def test_two_lines_part_at_punctuation_near_the_middle():
    text = "爱尔兰 2017 年超过印度，2022 年占全球 ICT 服务出口的 21.3%"
    assert wrapping.wrap_evenly(text, FONT, 13, 340, "zh") == [
        "爱尔兰 2017 年超过印度，",
        "2022 年占全球 ICT 服务出口的 21.3%",
    ]
    # a short first half would look forgotten
    text = "印度，它在 2022 年占全球 ICT 服务出口的 14.3%，仍居第二位，与第一位相差 7.0 个百分点"
    assert wrapping.wrap_evenly(text, FONT, 13, 340, "zh")[0] != "印度，"
