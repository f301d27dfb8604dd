"""Colours that stay apart: in grey, and for readers who see fewer hues."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from analysis.shared.looks import LOOKS, looks
from anew.figures.drawing import AXIS, INK, PAPER, QUIET
from anew.figures.palette import SPARE

TOGETHER = {
    "fig1": ["USA", "CHN", "EUU", "GBR", "DEU", "JPN"],
    "fig3": ["IRL", "IND", "CHN", "USA", "DEU", "FRA"],
    "fig4": ["CHN", "USA", "EUU"],
    "fig5": ["CHN", "USA", "EUU", "GBR", "IND"],
    "fig6": ["USA", "CHN", "EUU", "IND", "GBR", "other"],
}

# Machado, Oliveira, Fernandes 2009: full protanopia, deuteranopia, tritanopia, on linear RGB.
SIGHT = {
    "all hues": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ) @ np.clip(rgb, 0, 1)
    f = np.cbrt(xyz / np.array([0.9505, 1.0, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lightness(colour: str) -> float:
    return float(lab(linear(colour))[0])


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    bright, dark = sorted((weights @ linear(one), weights @ linear(other)), reverse=True)
    return float((bright + 0.05) / (dark + 0.05))


@pytest.mark.parametrize("figure", sorted(TOGETHER))
@pytest.mark.parametrize("sight", sorted(SIGHT))
def test_colours_of_a_figure_stay_apart(figure, sight):
    matrix = np.array(SIGHT[sight])
    seen = {code: lab(matrix @ linear(LOOKS[code].colour)) for code in TOGETHER[figure]}
    near = {
        (a, b): round(float(np.linalg.norm(seen[a] - seen[b])), 1) for a, b in combinations(seen, 2)
    }
    assert min(near.values()) >= 15, sorted(near.items(), key=lambda item: item[1])[:3]


@pytest.mark.parametrize("figure", sorted(TOGETHER))
def test_colours_of_a_figure_stay_apart_in_grey(figure):
    grey = sorted(lightness(LOOKS[code].colour) for code in TOGETHER[figure])
    assert min(b - a for a, b in pairwise(grey)) >= 3.5, grey


def test_neighbours_in_a_stack_differ_in_grey():
    grey = [lightness(LOOKS[code].colour) for code in TOGETHER["fig6"]]
    assert min(abs(a - b) for a, b in pairwise(grey)) >= 12, grey


@pytest.mark.parametrize("code", sorted(LOOKS))
def test_text_in_an_economys_ink_and_on_its_colour_is_readable(code):
    look = LOOKS[code]
    assert contrast(look.ink, "#ffffff") >= 4.5  # WCAG 2.2, 1.4.3
    assert contrast(look.on, look.colour) >= 4.5


def dimmed(colour: str) -> str:
    """Return a colour of a picture as a dark page shows it: through the theme's filter."""
    style = (files("anew.site") / "theme/anew.css").read_text("utf-8")
    (factor,) = set(re.findall(r"--dim: brightness\(([\d.]+)\)", style))
    levels = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(level * float(factor)):02x}" for level in levels)


@pytest.mark.parametrize("shown", [str, dimmed], ids=["light page", "dark page"])
def test_figures_are_readable_on_light_and_on_dark_pages(shown):
    card = shown(PAPER)
    every = [*LOOKS.values(), *SPARE]
    for ink in (INK, QUIET, *(look.ink for look in every)):
        assert contrast(shown(ink), card) >= 4.5, ink  # text: WCAG 2.2, 1.4.3
    for look in every:  # as a bar's own number
        assert contrast(shown(look.on), shown(look.colour)) >= 4.5, look
    assert contrast(shown(AXIS), card) >= 3  # graphics: 1.4.11


def test_no_two_economies_share_a_look():
    fixed = [look for code, look in LOOKS.items() if code not in ("WLD", "other")]
    assert len({look.colour for look in (*fixed, *SPARE)}) == len(fixed) + len(SPARE)
    assert len({look.marker for look in (*fixed, *SPARE)}) == len(fixed) + len(SPARE)


def test_an_economy_without_a_look_of_its_own_gets_a_spare_one():
    found = looks(["CHN", "BRA", "USA", "CAN"])
    assert found["CHN"] == LOOKS["CHN"] and found["USA"] == LOOKS["USA"]
    assert found["BRA"] != found["CAN"] and found["BRA"] in SPARE
