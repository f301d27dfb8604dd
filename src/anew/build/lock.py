"""One build at a time in a project, and what killed ones left behind."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.writing import make_room, remove_left

#: Seconds that a build waits for another one in the same project.
PATIENCE = 600


@contextmanager
def only_one(project: Project) -> Iterator[None]:
    """Hold the project's build folder: one build works in it at a time.

    Raises AnewError when another build holds it for more than ten minutes.
    """
    file = project.work / "lock"
    make_room(file)
    project.work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(file, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        raise AnewError(
            "Another build of this project has been running for ten minutes.",
            "Wait for it to finish, or stop it.",
            code="other-build",
        ) from None
    try:
        remove_unfinished(project)
        yield
    finally:
        lock.release()


def remove_unfinished(project: Project) -> None:
    """Remove files left behind by killed builds; the caller holds `only_one`."""
    new = f".{project.site.name}.new-*"
    for pattern in (new, ".anew/steps/*.part", ".anew/fonts/.making-*"):
        for path in project.root.glob(pattern):
            shutil.rmtree(path, ignore_errors=True)
    for path in project.work.glob("stage/**/*.part"):
        path.unlink(missing_ok=True)
    if any(project.work.glob("intake-*.json")):
        from anew.intake.ingestion import take_back  # keeps intake off an up-to-date build

        take_back(project)
    for folder in (project.work, project.data, project.report, project.figures):
        remove_left(folder)
