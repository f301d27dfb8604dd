"""Where the command starts: an up-to-date build is told before anything heavy is imported."""

from __future__ import annotations

import gc
import os
import sys
import time

#: Options of `build` with which all is done as if nothing were known.
_THOROUGH = {"--verify", "--profile", "--help"}


def main() -> None:
    """Run the command as it was typed."""
    gc.set_threshold(100_000, 20, 20)  # trees of pages are large, and in use while they are there
    _take_language()
    arguments = sys.argv[1:]
    if arguments[:1] == ["build"] and not _THOROUGH.intersection(arguments):
        if _up_to_date(arguments):
            return
    from anew.cli.main import main as run  # typer alone costs as much as all that is above

    run()


def _up_to_date(arguments: list[str]) -> bool:
    """Say what the same command said before, if all that decided it is as it was."""
    from anew.build.standing import still_standing
    from anew.project.errors import AnewError
    from anew.project.paths import find_project
    from anew.project.phrases import readers_language

    began = time.monotonic()
    if sys.getfilesystemencoding().lower() != "utf-8" or os.environ.get("ANEW_DEBUG"):
        return False
    try:
        standing = still_standing(find_project(), arguments)
    except (AnewError, OSError):
        return False  # the command itself tells what is wrong
    if standing is None:
        return False
    before, after = standing.said[readers_language()]
    print(f"{before}{time.monotonic() - began:.1f} s", *after, sep="\n")
    return True


def _take_language() -> None:
    """Take the language off the command line, if it begins with one: a build is known without."""
    if sys.argv[1:2] == ["--language"] and sys.argv[2:3] in (["en"], ["zh"]):
        os.environ["ANEW_LANGUAGE"] = sys.argv[2]
        del sys.argv[1:3]
