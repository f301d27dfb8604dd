"""A research object of someone else: unpacked, and told before any of its code runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from anew import __version__
from anew.intake.archives import unpack
from anew.project.errors import AnewError
from anew.project.paths import Project, opened
from anew.project.phrases import Phrase
from anew.project.texts import visible
from anew.project.writing import write_bytes
from anew.verify.crate import METADATA

#: More files than any report and its site have.
MEMBERS = 20_000

#: So many files of code are named.
_NAMED = 4


def is_crate(target: str | None) -> bool:
    """Return whether `target` is a research object: a zip, or a folder that describes itself."""
    path = Path(target or "")
    zipped = path.suffix == ".zip" and path.is_file()
    return zipped or (target is not None and (path / METADATA).is_file())


def receive(target: Path, folder: Path) -> Project:
    """Copy a research object into `folder` and return its project; nothing of it runs.

    Raises AnewError for an archive that is damaged, leads out of its folder, is a bomb or brings a
    repository with settings of its own, and for one that holds no project.
    """
    if target.is_dir():
        paths = [path for path in sorted(target.rglob("*")) if path.is_file()]
        if links := [path for path in paths if path.is_symlink()]:
            raise AnewError(
                "{file}: it is a link, not a file.", _AGAIN, code="unsafe-crate", file=links[0]
            )
        files = {path.relative_to(target).as_posix(): path for path in paths}
    else:
        contents, problems = unpack(target.read_bytes(), target.name, MEMBERS)
        if problems:
            raise AnewError(
                "{file}: {problem}",
                _AGAIN,
                code="unsafe-crate",
                file=problems[0].place,
                problem=problems[0].message,
            )
        files = dict.fromkeys(contents, target)
    for name in files:
        # git runs programs that the settings of a repository name
        if any(part.casefold().startswith((".git", "git~")) for part in name.split("/")[:-1]):
            raise AnewError(
                "{file}: it brings a repository.",
                _AGAIN,
                code="unsafe-crate",
                file=f"{target.name}!{visible(name)}",
            )
    if not {"_quarto.yml", "data/catalog.yml"} <= set(files):
        raise AnewError(
            "{file} holds no report: it has no _quarto.yml and data/catalog.yml.",
            "Name a research object that `anew export --crate` wrote.",
            code="not-a-crate",
            file=target,
        )
    for name, path in files.items():
        if target.is_dir():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
        else:
            write_bytes(folder / name, contents[name])
    return opened(folder)


_AGAIN = Phrase("Get it again from whoever published it, and do not run what is in it.")


def told_before(project: Project, shown: str, why_not: str | None) -> list[Phrase]:
    """Return what is said before the code of others runs: whose, from where, and what it may do.

    `why_not` says why it runs with all rights; None where it runs isolated.
    """
    shown = visible(shown)
    code = [
        path.relative_to(project.root).as_posix()
        for kind in ("*.ipynb", "*.py")
        for path in sorted(project.root.rglob(kind))
        if path.relative_to(project.root).parts[0] != "_site"
    ]
    own = (project.root / "src" / "anew" / "__init__.py").is_file()
    engine = (
        Phrase("that it brings in src/anew")
        if own
        else Phrase("that is installed here, {version}", version=__version__)
    )
    lines = [
        Phrase("{crate} is not a project of yours. To reproduce it, its code is run:", crate=shown),
        Phrase(
            "  {count} notebooks and modules of {crate}: {files}{more}",
            count=len(code),
            crate=shown,
            files=[visible(name) for name in code[:_NAMED]],
            more=" …" if len(code) > _NAMED else "",
        ),
        Phrase("  by the engine {engine}", engine=engine),
    ]
    if why_not is None:
        told = Phrase("  isolated: no network, none of your files, only the copy that is built")
        return [*lines, told]
    return [
        *lines,
        Phrase("  with your rights: it can read and change your files and use the network;"),
        Phrase("  it is not isolated: {reason}", reason=why_not),
    ]
