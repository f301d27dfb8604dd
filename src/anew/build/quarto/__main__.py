"""`python -m anew.build.quarto pre` and `post`: what report/hooks.py calls for Quarto."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.phrases import in_language


def main(arguments: list[str]) -> int:
    """Run a hook in the project of the working folder; return the exit code."""
    if arguments not in (["pre"], ["post"]):
        sys.stderr.write("usage: python -m anew.build.quarto pre|post\n")
        return 2
    from anew.build.quarto.hooks import after_rendering, before_rendering

    root = Path.cwd()
    try:
        return before_rendering(root) if arguments == ["pre"] else after_rendering(root)
    except AnewError as error:
        return _told(error)
    except Exception as error:
        from anew.project.errors import unexpected

        if os.environ.get("ANEW_DEBUG"):
            raise
        return _told(unexpected(f"{arguments[0]}-render", error))


def _told(error: AnewError) -> int:
    for one in getattr(error, "errors", (error,)):
        sys.stderr.write(f"anew: {in_language(one.told())}\n")
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
