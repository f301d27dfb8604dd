"""One document rendered by Quarto in a folder of its own, so that nobody's files are touched.

Each document and format has its folder below the stage: two Quartos can then work at once, and a
change of one language renders that language alone. The folder looks like the project, but its
`_quarto.yml` names no hooks: what they bring is already there.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anew.project.errors import BuildError
from anew.text.source import read_source
from anew.typeset.embedded.pdf import STANDARDS
from anew.typeset.quarto import Quarto
from anew.typeset.quarto.messages import complaints, located

#: Quarto's name for each format.
TARGETS = {"html": "html", "pdf": "typst", "docx": "docx"}

#: Where Quarto writes, in every folder of ours.
OUTPUT = "_site"

#: The file that names what a page may load from beside it.
LISTING = "listing.json"

#: What Quarto adds to a site and this one has of its own.
_QUARTOS_OWN = {"index.html", "search.json", "sitemap.xml", "robots.txt", ".nojekyll"}


@dataclass(frozen=True)
class Rendered:
    """A document as Quarto left it: `folder` holds it at its own path, `listing` what came along.

    The listing names every other file that the page may load, with its sha256.
    """

    folder: Path
    document: str
    kind: str

    @property
    def file(self) -> Path:
        """The document itself."""
        return self.folder / Path(self.document).with_suffix(f".{self.kind}")

    @property
    def listing(self) -> Path:
        return self.folder.parent / LISTING


def rendered(stage: Path, document: str, kind: str) -> Rendered:
    """Return where a document's rendering is in a stage."""
    name = re.sub(r"\W+", "-", document.removesuffix(".qmd"))
    return Rendered(stage / "quarto" / f"{name}-{kind}" / OUTPUT, document, kind)


def render(
    quarto: Quarto, stage: Path, files: Iterable[Path], wanted: Rendered, fonts: Path, date: str
) -> None:
    """Render one document of the stage, of which Quarto sees `files`; `date` is the edition's.

    Raises BuildError with what Quarto said, and where in the text it is, when Quarto fails or
    warns: a reference that leads nowhere is a fault, not a warning.
    """
    folder = wanted.folder.parent
    _fill(folder, stage, files)
    environment = {
        **os.environ,
        "NO_COLOR": "1",
        "QUARTO_PDF_STANDARD": ",".join(STANDARDS),
        "TYPST_FONT_PATHS": str(fonts),
        "TYPST_IGNORE_SYSTEM_FONTS": "true",
        "SOURCE_DATE_EPOCH": str(seconds_of(date)),
    }
    if wanted.kind == "pdf":
        put_fonts(folder, stage, wanted.document, fonts)
    command = [quarto.program, "render", wanted.document, "--to", TARGETS[wanted.kind]]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL
    )
    said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
    found = complaints(said, failed=done.returncode != 0)
    if found:
        source = _source_lines(stage, wanted.document)
        listed = "\n  ".join(located(complaint, source) for complaint in found)
        raise BuildError(
            "Quarto could not set {document} as {kind}:\n  {listed}",
            "Fix the text there; the last good site is untouched.",
            code="quarto-refused",
            document=wanted.document,
            kind=wanted.kind.upper(),
            listed=listed,
        )
    if not wanted.file.is_file():
        raise BuildError(
            "Quarto reported success but wrote no {file} for {document}.",
            "Is output-file: or output-dir: set in _quarto.yml? They are kept as they are here.",
            code="quarto-refused",
            file=wanted.file.name,
            document=wanted.document,
        )
    write_listing(wanted)


def write_listing(wanted: Rendered) -> None:
    """List what lies beside the documents: pictures, Quarto's libraries, resources."""
    found = {
        path.relative_to(wanted.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(wanted.folder.rglob("*"))
        if path.is_file()
    }
    kept = {name: digest for name, digest in found.items() if is_extra(name)}
    text = json.dumps(kept, indent=1, sort_keys=True) + "\n"
    wanted.listing.write_text(text, "utf-8", newline="\n")


def read_extras(listing: Path, *, libraries: bool) -> dict[str, bytes]:
    """Return the files of a listing by path; Quarto's libraries only where a page uses them."""
    names = json.loads(listing.read_text("utf-8"))
    wanted = [name for name in names if libraries or not name.startswith("site_libs/")]
    found = {name: (listing.parent / OUTPUT / name).read_bytes() for name in wanted}
    for name, data in found.items():
        if hashlib.sha256(data).hexdigest() != names[name]:
            raise BuildError(
                "{file} was changed since Quarto wrote it.",
                "Render again: quarto render.",
                code="changed-meanwhile",
                file=listing.parent / OUTPUT / name,
            )
    return found


def is_extra(name: str) -> bool:
    """Return whether a file of Quarto's output is neither a document nor what the site makes."""
    made = name.startswith("report/") and name.endswith((".html", ".pdf", ".docx"))
    return not made and name not in _QUARTOS_OWN and not name.startswith("figures/")


def _fill(folder: Path, stage: Path, files: Iterable[Path]) -> None:
    """Make `folder` hold just `files` of the stage."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in files:
        target = folder / path.relative_to(stage)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.name == "_quarto.yml" and target.parent == folder:
            text = without_hooks(path.read_text("utf-8"), stage)
            target.write_text(text, "utf-8", newline="\n")
            continue
        link(path, target)
    # Quarto adds what it lacks to the .gitignore of a project, and warns where it cannot
    (folder / ".gitignore").write_text("*\n", "utf-8")


def put_fonts(folder: Path, stage: Path, document: str, fonts: Path) -> None:
    """Put the fonts where `font-paths:` says that they are, in `folder`."""
    given = read_source(stage, document).metadata("typst").get("font-paths") or []
    for path in given if isinstance(given, list) else [given]:
        target = folder / str(path).lstrip("/") / fonts.name
        if target.exists() or folder not in target.resolve().parents:
            continue
        target.mkdir(parents=True)
        for font in sorted(fonts.iterdir()):
            shutil.copyfile(font, target / font.name)  # a link would share damage


def link(source: Path, target: Path) -> None:
    """Make `target` the same file as `source`, or a copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def without_hooks(text: str, stage: Path) -> str:
    """Return a `_quarto.yml` whose hooks are blank lines, so that line numbers stay as they are."""
    import yaml

    config = yaml.safe_load(text) or {}
    project = config.get("project") or {}
    names = [name for name in ("pre-render", "post-render") if name in project]
    if not names:
        return text
    lines = text.split("\n")
    for name in names:
        _blank(lines, name)
    left = yaml.safe_load("\n".join(lines)) or {}
    if any(name in (left.get("project") or {}) for name in names):  # written on one line
        config["project"] = {k: v for k, v in project.items() if k not in names}
        return yaml.safe_dump(config, allow_unicode=True, sort_keys=False)
    return "\n".join(lines)


def _blank(lines: list[str], key: str) -> None:
    """Blank a key and what belongs to it, in block style."""
    depth = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if depth is None:
            if re.match(rf"\s+{key}\s*:", line):
                depth = indent
                lines[number] = ""
        elif not line.strip() or indent > depth or line.lstrip().startswith("- "):
            lines[number] = ""
        else:
            return


def _source_lines(stage: Path, document: str) -> Sequence[tuple[str, str]]:
    """Return (place, line) of the whole text, front matter and includes; nothing if unreadable."""
    from anew.project.errors import AnewError

    try:
        source = read_source(stage, document)
    except AnewError:
        return []
    return [(str(line.place), line.text) for line in [*source.front, *source.lines]]


def seconds_of(date: str) -> int:
    """Return a day's first second, as `SOURCE_DATE_EPOCH` counts."""
    day = datetime.date.fromisoformat(date)
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp())
