"""Quarto's output folder in a plain render: what Quarto put there, and what is put back.

Quarto empties the folder when it renders everything and otherwise leaves what it does not render.
What it wrote is told by content: whatever the manifest of the site that lay there does not name
with that sha256. All of it is kept in a folder of ours, from which the site is made each time.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from anew.project.writing import make_room, write_text
from anew.typeset.quarto.rendering import LISTING, OUTPUT, Rendered, is_extra
from anew.typeset.quarto.stamp import digests

_MANIFEST = "manifest.json"
_DOCUMENT = re.compile(r"^report/.+\.(html|pdf|docx)$")
_MADE_BY_QUARTO = b'<meta name="generator" content="quarto'
_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>\n?')


@dataclass(frozen=True)
class Store:
    """Where what Quarto wrote is kept: its documents and the files beside them."""

    folder: Path

    @property
    def output(self) -> Path:
        return self.folder / OUTPUT

    @property
    def listing(self) -> Path:
        return self.folder / LISTING

    @property
    def documents(self) -> Path:
        """The file that names each document kept, with its sha256."""
        return self.folder / "documents.json"

    def find(self, document: str, kind: str) -> Rendered | None:
        """Return a document as Quarto last set it; None where it has not, or it was damaged."""
        found = Rendered(self.output, document, kind)
        name = found.file.relative_to(self.output).as_posix()
        kept = _read_names(self.documents).get(name)
        return found if kept and digests(self.output, [found.file]).get(name) == kept else None


def take(output: Path, store: Store) -> list[str]:
    """Keep what Quarto wrote into `output`; return the documents among it, by their paths."""
    before = _files_of(output)
    now = digests(output, (path for path in output.rglob("*") if path.is_file()))
    written = {
        name: digest
        for name, digest in now.items()
        if before.get(name) != digest and not name.startswith("editions/") and name != _MANIFEST
    }
    listed: dict[str, str] = {}
    if before:
        listed = dict(_read_names(store.listing))
    else:  # Quarto has emptied its folder, or never wrote there before
        shutil.rmtree(store.folder, ignore_errors=True)
    documents = []
    for name in written:
        if _DOCUMENT.match(name):
            if name.endswith(".html") and _MADE_BY_QUARTO not in (output / name).read_bytes():
                continue
            documents.append(name)
        elif is_extra(name):
            listed[name] = written[name]
        else:
            continue
        target = store.output / name
        make_room(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(output / name, target)
    kept = {**_read_names(store.documents), **{name: written[name] for name in documents}}
    for path, names in ((store.listing, listed), (store.documents, kept)):
        make_room(path)
        write_text(path, json.dumps(names, indent=1, sort_keys=True) + "\n")
    return documents


def _read_names(file: Path) -> Mapping[str, str]:
    """Return the digests that a file of the store holds by name; nothing if it was damaged."""
    try:
        return dict(json.loads(file.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _files_of(site: Path) -> Mapping[str, str]:
    """Return what the manifest in a folder names, with sha256; nothing where there is none."""
    try:
        return dict(json.loads((site / _MANIFEST).read_text("utf-8"))["files"])
    except (OSError, ValueError, KeyError):
        return {}


def put_back(
    sites: Mapping[str, Path],
    output: Path,
    *,
    over: Mapping[str, Path] | None = None,
    loose: Iterable[str] = (),
) -> None:
    """Make `output` the finished `sites`, by where they lie in it ("" or `editions/2025/`).

    `over` are files newer than those of the sites, by their paths in `output`. The pages in `loose`
    are published without the policy that forbids foreign scripts: Quarto's preview puts one of its
    own into every page that it shows. What is on no site is removed, as Quarto itself does it.
    """
    over, loose = dict(over or {}), set(loose)
    kept = set()
    for place, site in sites.items():
        manifest = json.loads((site / _MANIFEST).read_text("utf-8"))
        for name in sorted({*manifest["files"], *(over if place == "" else ())}):
            path = over.get(place + name, site / name)
            data = path.read_bytes()
            if place + name in loose:
                data = _POLICY.sub(b"", data)
            if path != site / name or place + name in loose:
                manifest["files"][name] = hashlib.sha256(data).hexdigest()
            kept.add(_write(data, output / place / name))
        manifest["files"] = dict(sorted(manifest["files"].items()))
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        kept.add(_write(text.encode("utf-8"), output / place / _MANIFEST))
    for path in sorted(output.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in kept:
            path.unlink()


def _write(data: bytes, target: Path) -> Path:
    if not target.is_file() or target.read_bytes() != data:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return target
