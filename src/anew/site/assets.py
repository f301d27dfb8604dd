"""The files that every page uses: style, script, icon, and the web font with its subset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from anew.figures.fonts import BOLD, REGULAR, characters_of, font_folder, subset_woff2
from anew.project.paths import Project
from anew.project.provided import provided

#: What the web font is for: Chinese and its punctuation. Latin is every machine's own.
_HAN = re.compile("[\u2014\u201c\u201d\u2026\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_RANGE = "U+3000-303F, U+3400-9FFF, U+F900-FAFF, U+FF00-FFEF"

#: Marks that Latin and Chinese fonts both have and set differently: “ ” — …
_MARKS = "U+2014, U+201C-201D, U+2026"

#: The machine's own Chinese fonts, which give those marks their Chinese form where there are any.
_LOCAL = {
    400: ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC",
          "Noto Sans SC", "Source Han Sans SC"),
    700: ("PingFang SC Semibold", "Hiragino Sans GB W6", "Microsoft YaHei Bold",
          "Noto Sans CJK SC Bold", "Noto Sans SC Bold", "Source Han Sans SC Bold"),
}  # fmt: skip

_BOLD_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6", "th", "strong", "b", "caption", "figcaption",
              "dt", "summary"}  # fmt: skip
_BOLD_CLASSES = {"kicker", "home", "callout-title", "callout-header", "verdict", "claim-warning",
                 "sentence", "finding"}  # fmt: skip
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
         "track", "wbr"}  # fmt: skip

_LEAD = "/* The site's own subset of Noto Sans SC (OFL), of the characters on its pages. */\n"


def theme_files(project: Project) -> dict[str, bytes]:
    """Return the theme's files as they lie on the site: the engine's, or the project's own."""
    found = provided(project, "theme")
    return {f"theme/{name}": path.read_bytes() for name, path in sorted(found.items())}


def page_assets(project: Project, pages: Iterable[str]) -> dict[str, bytes]:
    """Return all that `pages` load: the theme's files, and fonts for the characters on them."""
    return theme_files(project) | web_fonts(characters_on(pages), font_folder(project))


@dataclass(frozen=True)
class Characters:
    """The Chinese characters on pages, and those of them that are bold, each in their order."""

    regular: str
    bold: str


def characters_on(pages: Iterable[str], bold_texts: Mapping[str, str] | None = None) -> Characters:
    """Return the characters on `pages`; `bold_texts` are the bold texts of pages read before."""
    regular: set[str] = set()
    bold: set[str] = set()
    for page in pages:
        regular.update(_HAN.findall(page))
        known = (bold_texts or {}).get(page)
        bold.update(_HAN.findall(_bold_text(page) if known is None else known))
    return Characters("".join(sorted(regular)), "".join(sorted(bold)))


def web_fonts(characters: Characters, folder: Path) -> dict[str, bytes]:
    """Return the web fonts for the characters on pages, and the style sheet that names them.

    `folder` is that of `anew.figures.fonts`. The family `Anew Han` is the last but one of every
    font stack (see theme/anew.css), so only a machine without Chinese fonts loads it. A character
    that the fonts lack is left to the machine. Without Chinese on any page the sheet is empty.
    """
    files: dict[str, bytes] = {}
    files |= _font(400, folder / REGULAR, characters.regular)
    files |= _font(700, folder / BOLD, characters.bold)
    style = _LEAD
    if files:
        style += _face("Anew Han", 400, ['url("han-400.woff2") format("woff2")'], _RANGE)
        # A character that is bold only where a script puts it comes from the regular weight.
        style += _face("Anew Han", 700, ['url("han-400.woff2") format("woff2")'], _RANGE)
        if characters.bold:
            own = ", ".join(f"U+{ord(char):X}" for char in characters.bold)
            style += _face("Anew Han", 700, ['url("han-700.woff2") format("woff2")'], own)
        for weight, names in _LOCAL.items():
            last = weight if f"theme/han-{weight}.woff2" in files else 400
            sources = [f'local("{name}")' for name in names]
            sources.append(f'url("han-{last}.woff2") format("woff2")')
            style += _face("Anew Marks", weight, sources, _MARKS)
    files["theme/fonts.css"] = style.encode("utf-8")
    return files


def _font(weight: int, font: Path, characters: str) -> dict[str, bytes]:
    known = characters_of(font)
    wanted = [char for char in characters if ord(char) in known]
    return {f"theme/han-{weight}.woff2": subset_woff2(font, wanted)} if wanted else {}


def _face(family: str, weight: int, sources: Sequence[str], characters: str) -> str:
    joined = ",\n    ".join(sources)
    return (
        "@font-face {\n"
        f'  font-family: "{family}";\n'
        f"  font-weight: {weight};\n"
        "  font-style: normal;\n"
        "  font-display: swap;\n"
        f"  src: {joined};\n"
        f"  unicode-range: {characters};\n"
        "}\n"
    )


def _bold_text(page: str) -> str:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return "".join(reader.found)


class Reader(HTMLParser):
    """Collects the text that the style sheet sets in bold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        bold = tag in _BOLD_TAGS or bool(classes & _BOLD_CLASSES) or "aria-current" in given
        self._open.append((tag, bold or (bool(self._open) and self._open[-1][1])))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][1]:
            self.found.append(data)
