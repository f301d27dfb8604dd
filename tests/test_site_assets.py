"""Theme and web fonts."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from site_sample import ROOT, THEME

from anew.figures.fonts import font_folder
from anew.project.paths import Project
from anew.site.assets import characters_on, theme_files, web_fonts

PAGE = (
    "<main><h1>标题</h1><p>正文“一”，<strong>重<em>点</em></strong>后<br>文</p>"
    '<table><tr><th>表头</th><td>格</td></tr></table><p class="kicker">年</p>\U0001f600</main>'
)


@pytest.fixture(scope="module")
def fonts() -> Path:
    return font_folder(Project(ROOT))


def characters(data: bytes) -> set[str]:
    return {chr(code) for code in TTFont(BytesIO(data)).getBestCmap()}


def test_a_font_has_the_characters_of_the_pages_and_no_more(fonts: Path) -> None:
    files = web_fonts(characters_on([PAGE, "<p>另页</p>"]), fonts)
    assert characters(files["theme/han-400.woff2"]) == set("标题正文一重点后表头格年另页，“”")
    assert characters(files["theme/han-700.woff2"]) == set("标题重点表头年")
    assert files["theme/han-400.woff2"][:4] == b"wOF2"


def test_style_sheet_names_files_that_are_there(fonts: Path) -> None:
    files = web_fonts(characters_on([PAGE]), fonts)
    style = files["theme/fonts.css"].decode()
    assert set(re.findall(r'url\("([^"]+)"\)', style)) == {"han-400.woff2", "han-700.woff2"}
    assert "http" not in style


def test_same_pages_same_bytes(fonts: Path) -> None:
    assert web_fonts(characters_on([PAGE, "<p>另页</p>"]), fonts) == web_fonts(
        characters_on(["<p>另页</p>", PAGE]), fonts
    )


def test_without_chinese_there_is_no_font(fonts: Path) -> None:
    files = web_fonts(characters_on(["<p>Text</p>"]), fonts)
    assert set(files) == {"theme/fonts.css"} and b"@font-face" not in files["theme/fonts.css"]


def test_theme_is_whole_and_asks_for_nothing_elsewhere() -> None:
    files = theme_files(Project(ROOT))
    assert {"theme/anew.css", "theme/anew.js", "theme/favicon.svg"} <= set(files)
    for name in ("theme/anew.css", "theme/anew.js"):
        text = files[name].decode("utf-8")
        assert not re.search(r"https?://", text)
        assert "@import" not in text


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_text_has_contrast_in_both_themes() -> None:
    style = (THEME / "anew.css").read_text("utf-8")
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style[: style.index("@media")]))
    dark_part = style[style.index(':root[data-theme="dark"]') :]
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark_part[: dark_part.index("}")]))
    assert set(dark) == set(light)
    inks = [name for name in light if name in ("ink", "soft", "accent", "seal") or "code" in name]
    assert {"ink", "soft", "accent", "seal"} < set(inks)
    for colours in (light, dark):
        for ink in inks:
            for ground in ("paper", "raised"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["seal"], colours["seal-soft"]) >= 4.5
        assert contrast(colours["ink"], colours["accent-soft"]) >= 4.5


def test_both_dark_rules_are_the_same() -> None:
    style = (THEME / "anew.css").read_text("utf-8")
    chosen = style[style.index(':root[data-theme="dark"] {') :].split("{", 1)[1].split("}", 1)[0]
    system = style[style.index(':root:not([data-theme="light"]) {') :]
    system = system.split("{", 1)[1].split("}", 1)[0]
    assert chosen.split() == system.split()
