"""Called by Quarto before and after it renders (`project:` in _quarto.yml): hands over to anew.

Quarto runs this with the Python that it finds, which need not be the one that anew is installed
in. So it looks for that one: this Python, the active environment's, that of the project's .venv.
"""

import importlib.metadata
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MISSING = """\
anew, which computes what the report shows, is not installed in {python}
and there is no {venv}.
  Run `make setup` once, or activate the environment in which anew is installed.
"""


def find_python():
    """Return a Python that has anew, or None."""
    try:
        importlib.metadata.distribution("anew")
        return sys.executable
    except importlib.metadata.PackageNotFoundError:
        pass
    for folder in (os.environ.get("VIRTUAL_ENV"), os.path.join(ROOT, ".venv")):
        for inside in ("bin/python", "Scripts/python.exe"):
            path = os.path.join(folder or "", *inside.split("/"))
            if folder and os.path.isfile(path):
                return path
    return None


def main(hook):
    """Run a hook of anew; return its exit code."""
    python = find_python()
    if python is None:
        venv = os.path.join(ROOT, ".venv")
        sys.stderr.write(MISSING.format(python=sys.executable, venv=venv))
        return 1
    if python == sys.executable:
        from anew.quarto.__main__ import main as run

        os.chdir(ROOT)
        return run([hook])
    return subprocess.call([python, "-m", "anew.quarto", hook], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
