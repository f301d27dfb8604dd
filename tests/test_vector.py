"""Lean SVG: the same picture to the last coordinate, short names of the figure's own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anew.figures.vector import lean_path, lean_svg

WHOLE = st.integers(-9999, 9999)


def outlines(numbers):
    """Subpaths as matplotlib writes them: a move, then lines and curves, closed or not."""
    sizes = {"L": 2, "Q": 4, "C": 6}
    segment = st.sampled_from("LQC").flatmap(
        lambda letter: st.tuples(
            st.just(letter), st.lists(numbers, min_size=sizes[letter], max_size=sizes[letter])
        )
    )
    move = st.tuples(st.just("M"), st.lists(numbers, min_size=2, max_size=2))
    end = st.sampled_from([[], [("z", [])]])
    subpath = st.tuples(move, st.lists(segment, max_size=6), end).map(
        lambda parts: [parts[0], *parts[1], *parts[2]]
    )
    return st.lists(subpath, max_size=4).map(lambda paths: [s for path in paths for s in path])


def written(segments) -> str:
    """What matplotlib writes: a segment a line."""
    return "".join(" ".join([letter, *map(str, numbers)]) + " \n" for letter, numbers in segments)


def walked(data: str) -> list[tuple[str, list[float]]]:
    """Follow path data of any style, by the rules of SVG, to segments with places."""
    sizes = {"m": 2, "l": 2, "h": 1, "v": 1, "q": 4, "c": 6, "z": 0}
    tokens = re.findall(r"[A-Za-z]|-?\d+(?:\.\d+)?", data)
    found, at, start, letter, index = [], (0.0, 0.0), (0.0, 0.0), "", 0
    while index < len(tokens):
        if tokens[index].isalpha():
            letter, index = tokens[index], index + 1
        size = sizes[letter.lower()]
        numbers = [float(token) for token in tokens[index : index + size]]
        index += size
        base = at if letter.islower() else (0.0, 0.0)
        kind = letter.upper()
        if kind == "Z":
            at = start
        elif kind == "H":
            kind, numbers = "L", [numbers[0] + base[0], at[1]]
        elif kind == "V":
            kind, numbers = "L", [at[0], numbers[0] + base[1]]
        else:
            numbers = [value + base[i % 2] for i, value in enumerate(numbers)]
        if numbers:
            at = (numbers[-2], numbers[-1])
        if kind == "M":
            start, letter = at, "l" if letter == "m" else "L"
        found.append((kind, numbers))
    return found


def places(segments):
    return [(letter.upper(), [float(number) for number in numbers]) for letter, numbers in segments]


@given(outlines(WHOLE))
def test_whole_numbers_become_steps_to_the_same_places(segments):
    lean = lean_path(written(segments))
    assert walked(lean) == places(segments)
    assert "M" not in lean or not segments


@given(outlines(st.decimals(-400, 400, places=6, allow_nan=False)))
def test_every_other_number_is_kept_as_it_is_written(segments):
    lean = lean_path(written(segments))
    assert walked(lean) == places(segments)


def test_an_outline_of_a_letter_shrinks():
    one = "M 563 0 \nL 3136 0 \nL 3136 486 \nC 3000 486 2900 586 2900 700 \nL 563 0 \nz\n"
    assert lean_path(one) == "m563 0h2573v486c-136 0-236 100-236 214l-2337-700z"
    assert lean_path("M 0.5 1 \nL 2 1 \n") == "M0.5 1 L2 1"


def test_what_matplotlib_does_not_write_is_refused():
    with pytest.raises(ValueError, match="Unknown path data: 'A 1"):
        lean_path("M 0 0 A 1 1 0 0 0 3 3")
    with pytest.raises(ValueError, match="not an SVG"):
        lean_svg("<svg", "fig1.zh")


SOURCE = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" xmlns="http://www.w3.org/2000/svg" version="1.1">
 <title>升 &amp; 降</title>
 <metadata><x/></metadata>
 <g id="figure_1">
  <!-- 2014 -->
  <g id="title"><g clip-path="url(#p858)" style="fill: #fff; filter: url(#p858)"/></g>
  <g id="title"/>
  <defs>
   <path id="Sans-Regular-1a" d="M 1 0 L 4 0 "/>
   <path id="Sans-Bold-1a" d="M 1 0 L 5 0 "/>
  </defs>
  <use xlink:href="#Sans-Regular-1a"/>
  <use xlink:href="#Sans-Regular-1a" transform="translate(55.5 0)"/>
  <use xlink:href="#Sans-Bold-1a" transform="translate(-7.25 3)"/>
  <use xlink:href="#m7f" x="4" y="5" transform="translate(1 2)"/>
 </g>
 <defs><clipPath id="p858"><rect width="3"/></clipPath><path id="m7f" d=""/></defs>
</svg>"""


def test_names_are_short_and_the_figures_own_and_the_rest_goes():
    lean = lean_svg(SOURCE, "fig3.zh")
    root = ElementTree.fromstring(lean)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert ids == ["fig3-zh-title", "fig3-zh-g1a", "fig3-zh-h1a", "fig3-zh-p858", "fig3-zh-m7f"]
    assert 'clip-path="url(#fig3-zh-p858)"' in lean and "filter: url(#fig3-zh-p858)" in lean
    assert "<!-- 2014 -->" in lean and "<title>升 &amp; 降</title>" in lean
    assert "metadata" not in lean and "DOCTYPE" not in lean and "figure_1" not in lean
    shown = re.findall(r"<use [^>]*>", lean)
    assert shown == [
        '<use xlink:href="#fig3-zh-g1a"/>',
        '<use xlink:href="#fig3-zh-g1a" x="55.5"/>',
        '<use xlink:href="#fig3-zh-h1a" x="-7.25" y="3"/>',
        '<use xlink:href="#fig3-zh-m7f" x="4" y="5" transform="translate(1 2)"/>',
    ]
    assert lean == lean_svg(SOURCE, "fig3.zh")


def test_no_name_is_used_twice_and_what_is_referred_to_is_there():
    for salt in ("fig1.zh", "fig1.en"):
        lean = lean_svg(SOURCE, salt)
        ids = re.findall(r'\bid="([^"]+)"', lean)
        assert len(ids) == len(set(ids))
        used = re.findall(r'href="#([^"]+)"', lean) + re.findall(r"url\(#([^)]+)", lean)
        assert used and set(used) <= set(ids)
