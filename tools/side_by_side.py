"""Show the figures that differ between two sites: python tools/side_by_side.py BASE HEAD FOLDER.

Writes FOLDER/figures.html, with each changed figure before and after, and the pictures beside it.
Needs only Python itself, so that it runs where the base cannot be built any more.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 72rem; padding: 1rem }
section { display: grid; gap: 1rem; grid-template-columns: repeat(2, minmax(0, 1fr)) }
h2 { grid-column: 1 / -1; margin: 1.5rem 0 0 }
figure { margin: 0 } img { width: 100%; height: auto; border: 1px solid #ccc; background: #fff }
*, ::before, ::after { box-sizing: border-box }
@media (max-width: 40rem) { section { grid-template-columns: minmax(0, 1fr) } }
"""


@dataclass(frozen=True)
class Pair:
    """A figure before and after; None where it did not exist, or does not any more.

    `name` is its path in the site: an older edition's figures are in its own folder.
    """

    name: str
    before: Path | None
    after: Path | None


def changed(base: Path, head: Path) -> list[Pair]:
    """Return the figures that differ in their bytes between two sites, of every edition."""
    old, new = (
        {path.relative_to(site).as_posix(): path for path in site.glob("**/figures/*.svg")}
        for site in (base, head)
    )
    return [
        Pair(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if not (name in old and name in new and old[name].read_bytes() == new[name].read_bytes())
    ]


def page(pairs: list[Pair]) -> str:
    """Return the page that shows `pairs`, with pictures where `write` puts them."""
    sections = "".join(
        f"<section>\n<h2>{escape(pair.name)}</h2>\n"
        f"{_side(pair.name, 'before', '之前', pair.before)}"
        f"{_side(pair.name, 'after', '之后', pair.after)}</section>\n"
        for pair in pairs
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Changed figures</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>Changed figures <span lang="zh-Hans">· 变化的图</span>: {len(pairs)}</h1>\n'
        f"{sections}</main>\n</body>\n</html>\n"
    )


def _side(name: str, side: str, chinese: str, picture: Path | None) -> str:
    caption = f'<figcaption>{side} <span lang="zh-Hans">{chinese}</span></figcaption>'
    if picture is None:
        return f"<figure><p>There is none.</p>{caption}</figure>\n"
    source = escape(f"{side}/{name}")
    return f'<figure><img src="{source}" alt="{escape(name)}, {side}">{caption}</figure>\n'


def write(base: Path, head: Path, folder: Path) -> list[Pair]:
    """Write the page and its pictures into `folder`; return what it shows.

    Exits with 1 when one of the two is no site: that is not the same as nothing changed.
    """
    for site in (base, head):
        if not (site / "figures").is_dir():
            sys.exit(f"{site} has no folder figures: it is no built site.")
    pairs = changed(base, head)
    for side in ("before", "after"):
        (folder / side).mkdir(parents=True, exist_ok=True)
        for pair in pairs:
            picture = getattr(pair, side)
            if picture is not None:
                copy = folder / side / pair.name
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(picture, copy)
    (folder / "figures.html").write_text(page(pairs), "utf-8", newline="\n")
    return pairs


if __name__ == "__main__":
    shown = write(*(Path(argument) for argument in sys.argv[1:4]))
    print(f"{len(shown)} figures differ" + "".join(f"\n- {pair.name}" for pair in shown))
