"""A trial: a copy of the project in which something may be tried without touching the project."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anew.project.paths import Project

#: What work on a project may write to is copied; what a trial makes itself, or does not need, is
#: left out; all else, the environment among it, is linked.
_COPIED = {"analysis", "data", "figures", "report"}
_LEFT_OUT = {".anew", "_site", ".git", ".quarto"}


@contextmanager
def trial(project: Project) -> Iterator[Project]:
    """Yield a copy of the project, gone afterwards; what is written to it stays in it."""
    with tempfile.TemporaryDirectory(prefix="anew-trial-") as folder:
        root = Path(folder) / project.root.name
        root.mkdir()
        for path in sorted(project.root.iterdir()):
            if path.name in _COPIED:
                _copy(path, root / path.name)
            elif path.name not in _LEFT_OUT:
                (root / path.name).symlink_to(path, target_is_directory=path.is_dir())
        yield Project(root)


def _copy(folder: Path, target: Path) -> None:
    """Copy a folder so that the copy may be written to, even where the folder may not."""
    target.mkdir()
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            _copy(path, target / path.name)
        else:
            shutil.copyfile(path, target / path.name)
