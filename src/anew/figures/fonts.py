"""The fonts of figures, pages and PDFs: three static files made from wheels.

Regular weights are taken as `pylopdf-fonts-zh-cn` ships them. No wheel ships a static bold, so it
is the weight 700 of the variable font in `manimgx-fonts-cjk`, cut out by HarfBuzz. No system font
is ever used: a machine's own fonts would change the pictures.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable
from functools import lru_cache
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from anew.project.errors import AnewError
from anew.project.paths import Project

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SANS = "Noto Sans SC"
SERIF = "Noto Serif SC"

#: The files of a font folder.
REGULAR = "NotoSansSC-Regular.otf"
BOLD = "NotoSansSC-Bold.otf"
SERIF_REGULAR = "NotoSerifSC-Regular.otf"
LICENCE = "OFL.txt"
FILES = (REGULAR, BOLD, SERIF_REGULAR, LICENCE)

_STATIC = "pylopdf-fonts-zh-cn"
_VARIABLE = "manimgx-fonts-cjk"
_TOOLS = ("fonttools", "uharfbuzz")
_RECIPE = 1  # raise when the same packages would give other bytes
_WEIGHT = 700
_SIMPLIFIED = 2  # the face of simplified Chinese in the collection (JP, KR, SC, TC, HK)
#: Layout that horizontal text needs. The rest (vertical forms, alternate widths, ruby) would
#: double the glyphs of the bold. `pwid` sets the quotation marks of Western text to their width.
_FEATURES = ("kern", "mark", "mkmk", "ccmp", "liga", "pwid")


def font_folder(project: Project) -> Path:
    """Return the folder of the fonts, making it under `.anew/fonts` the first time.

    It holds NotoSansSC-Regular, NotoSansSC-Bold and NotoSerifSC-Regular (OpenType, CFF outlines)
    and their licence. Its name is a hash of the versions of the packages that they come from, so
    the same name means the same bytes. Where `python -m anew.figures.fonts` has put them into the
    environment they are taken from there. Raises AnewError when a font package is not installed.
    """
    folder = font_place(project)
    if not _complete(folder):
        make_fonts(folder)
    return folder


def font_place(project: Project) -> Path:
    """Return where the fonts of a project are or will be made."""
    ready = environment_folder() / _key()
    return ready if _complete(ready) else project.work / "fonts" / _key()


def environment_folder() -> Path:
    """Return where an installed environment keeps the fonts, for all its projects."""
    return Path(sys.prefix) / "share" / "anew" / "fonts"


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def make_fonts(folder: Path) -> None:
    """Write the fonts into `folder`, whole or not at all.

    Two processes may do this at once: the one that is later finds the other's folder and keeps it.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        static = _package_file(_STATIC, REGULAR)
        shutil.copyfile(static, unfinished / REGULAR)
        shutil.copyfile(static.parent / SERIF_REGULAR, unfinished / SERIF_REGULAR)
        shutil.copyfile(_package_file(_STATIC, "LICENSE"), unfinished / LICENCE)
        variable = _package_file(_VARIABLE, ".otf.ttc")
        (unfinished / BOLD).write_bytes(_bold(variable, characters_of(static)))
        unfinished.chmod(0o755)
        try:
            os.rename(unfinished, folder)
        except OSError:
            if not _complete(folder):
                shutil.rmtree(folder, ignore_errors=True)  # what a killed run left
                os.rename(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@lru_cache(maxsize=8)
def characters_of(font: Path) -> frozenset[int]:
    """Return the code points that a font file has a glyph for."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(font)))
    return frozenset(face.unicodes)


def missing_characters(text: str, font: Path) -> list[str]:
    """Return the characters of `text` that `font` lacks, each once, in order of appearance.

    Line breaks and tabs are no glyphs and are never missing.
    """
    has = characters_of(font)
    return [char for char in dict.fromkeys(text) if char not in "\n\r\t" and ord(char) not in has]


def subset_woff2(font: Path, characters: Iterable[str]) -> bytes:
    """Return `font` cut down to `characters` as WOFF2, the same bytes for the same set.

    Kerning and ligatures are kept. Raises AnewError naming the characters that the font lacks.
    """
    text = "".join(characters)
    if lacking := missing_characters(text, font):
        raise missing_glyph(lacking, text if len(text) < 60 else f"{text[:59]}…", font)
    data = _cut(font, 0, {ord(char) for char in text})
    from fontTools.ttLib import TTFont

    return _saved(TTFont(BytesIO(data), recalcBBoxes=False, recalcTimestamp=False), flavor="woff2")


def missing_glyph(lacking: Iterable[str], text: str, font: Path) -> AnewError:
    """Return the error for characters without a glyph: names each, the text and the font."""
    named = [f"{char!r} (U+{ord(char):04X})" for char in lacking]
    return AnewError(
        "{font} has no glyph for {named} in the text {text!r}.",
        "Write it with characters that the font has, or in words.",
        code="no-glyph",
        font=font.stem,
        named=named,
        text=text,
    )


@lru_cache(maxsize=1)
def _key() -> str:
    parts = [f"recipe {_RECIPE}", *(f"{name} {_version(name)}" for name in _packages())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _packages() -> tuple[str, ...]:
    return (_STATIC, _VARIABLE, *_TOOLS)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        raise AnewError(
            "The font package {package} is not installed.",
            "Install the environment: make setup, or pip install -r requirements.txt.",
            code="not-installed",
            package=package,
        ) from None


def _package_file(package: str, ending: str) -> Path:
    _version(package)
    for entry in sorted(metadata.files(package) or [], key=str):
        if entry.name.endswith(ending):
            return Path(str(entry.locate()))
    raise AnewError(
        "The font package {package} {version} has no file {ending}.",
        "Install the version that requirements.lock names: make setup.",
        code="not-installed",
        package=package,
        version=_version(package),
        ending=ending,
    )


def _bold(collection: Path, code_points: frozenset[int]) -> bytes:
    """Return a static bold of the sans, for the characters that its regular weight has."""
    from fontTools.ttLib import TTFont

    data = _cut(collection, _SIMPLIFIED, code_points, weight=_WEIGHT)
    font = TTFont(BytesIO(data), recalcBBoxes=False, recalcTimestamp=False)
    if "STAT" in font:
        del font["STAT"]
    names = {1: SANS, 2: "Bold", 4: f"{SANS} Bold", 6: "NotoSansSC-Bold"}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 3, 5, 7, 13, 14)]
    for name_id, value in names.items():
        table.setName(value, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = _WEIGHT
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~(1 << 6)) | (1 << 5)
    font["head"].macStyle |= 1
    cff = font["CFF "].cff
    cff.fontNames[0] = names[6]
    cff.topDictIndex[0].FullName = names[4]
    cff.topDictIndex[0].FamilyName = SANS
    cff.topDictIndex[0].Weight = "Bold"
    return _saved(font)


def _cut(font: Path, index: int, code_points: Iterable[int], weight: int | None = None) -> bytes:
    """Return the font cut down to `code_points`, and to one weight if the font varies."""
    import uharfbuzz as hb

    face = hb.Face(hb.Blob.from_file_path(str(font)), index)
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(code_points)
    wanted.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    wanted.name_id_set.update(range(0, 26))
    wanted.layout_feature_tag_set.clear()
    wanted.layout_feature_tag_set.update(hb_tag(tag) for tag in _FEATURES)
    wanted.drop_table_tag_set.update(hb_tag(tag) for tag in ("DSIG", "VORG", "vhea", "vmtx"))
    if weight is not None:
        wanted.flags |= hb.SubsetFlags.DOWNGRADE_CFF2
        wanted.pin_axis_location(face, "wght", weight)
    return bytes(hb.subset(face, wanted).blob.data)


def hb_tag(tag: str) -> int:
    """Return a four-letter OpenType tag as the number that HarfBuzz sets hold."""
    return int.from_bytes(tag.encode("ascii"), "big")


def _saved(font: TTFont, flavor: str | None = None) -> bytes:
    stream = BytesIO()
    font.flavor = flavor
    font.save(stream, reorderTables=True)
    return stream.getvalue()


if __name__ == "__main__":  # part of setting up an environment: saves each project two seconds
    if not _complete(environment_folder() / _key()):
        make_fonts(environment_folder() / _key())
