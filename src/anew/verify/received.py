"""A research object of someone else: unpacked, and told before any of its code runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from anew import __version__
from anew.intake.archives import unpack
from anew.project.errors import AnewError
from anew.project.paths import Project, opened
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
            raise AnewError(f"{links[0]}: it is a link, not a file.", _AGAIN)
        files = {path.relative_to(target).as_posix(): path for path in paths}
    else:
        contents, problems = unpack(target.read_bytes(), target.name, MEMBERS)
        if problems:
            raise AnewError(f"{problems[0].place}: {problems[0].message}", _AGAIN)
        files = dict.fromkeys(contents, target)
    for name in files:
        # git runs programs that the settings of a repository name
        if any(part.casefold().startswith((".git", "git~")) for part in name.split("/")[:-1]):
            raise AnewError(f"{target.name}!{visible(name)}: it brings a repository.", _AGAIN)
    if not {"_quarto.yml", "data/catalog.yml"} <= set(files):
        raise AnewError(
            f"{target} holds no report: it has no _quarto.yml and data/catalog.yml.",
            "Name a research object that `anew export --crate` wrote.",
        )
    for name, path in files.items():
        if target.is_dir():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
        else:
            write_bytes(folder / name, contents[name])
    return opened(folder)


_AGAIN = "Get it again from whoever published it, and do not run what is in it."


def told_before(project: Project, shown: str, why_not: str | None) -> list[str]:
    """Return what is said before the code of others runs: whose, from where, and what it may do.

    `why_not` says why it runs with all rights; None where it runs isolated.
    """
    code = [
        path.relative_to(project.root).as_posix()
        for kind in ("*.ipynb", "*.py")
        for path in sorted(project.root.rglob(kind))
        if path.relative_to(project.root).parts[0] != "_site"
    ]
    own = (project.root / "src" / "anew" / "__init__.py").is_file()
    engine = "that it brings in src/anew" if own else f"that is installed here, {__version__}"
    first = ", ".join(code[:_NAMED]) + (" …" if len(code) > _NAMED else "")
    lines = [
        f"{shown} is not a project of yours. To reproduce it, its code is run:",
        f"  {len(code)} notebooks and modules of {shown}: {first}",
        f"  by the engine {engine}",
    ]
    if why_not is None:
        lines.append("  isolated: no network, none of your files, only the copy that is built")
    else:
        lines.append("  with your rights: it can read and change your files and use the network;")
        lines.append(f"  it is not isolated: {why_not}")
    return [visible(line) for line in lines]
