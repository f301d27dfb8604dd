"""Called by Quarto before and after it renders (`project:` in _quarto.yml): hands over to anew.

Quarto runs this with the Python that it finds, which need not be the one that anew is installed
in. So it looks for that one: this Python, the active environment's, that of the project's .venv.
"""

import glob
import importlib.metadata
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MISSING = """\
anew, which computes what the report shows, is not installed in the Python that Quarto found,
{python},
nor in {others}.
  Run `make setup` once, or activate the environment in which anew is installed (Quarto also takes
  a Python that QUARTO_PYTHON names).
"""


def environments():
    """Return the folders of environments that may have anew, the likelier first."""
    active = os.environ.get("VIRTUAL_ENV")
    return [*([active] if active else []), os.path.join(ROOT, ".venv")]


def find_python():
    """Return a Python that has anew, or None."""
    try:
        importlib.metadata.distribution("anew")
        return sys.executable
    except importlib.metadata.PackageNotFoundError:
        pass
    for folder in environments():
        # on Windows Lib\site-packages and Scripts\python.exe
        for packages in ("lib/python3*/site-packages", "Lib/site-packages"):
            installed = glob.glob(os.path.join(glob.escape(folder), packages, "anew-*.dist-info"))
            for inside in ("bin/python", "Scripts/python.exe"):
                python = os.path.join(folder, *inside.split("/"))
                if installed and os.path.isfile(python):
                    return python
    return None


def main(hook):
    """Run a hook of anew; return its exit code."""
    python = find_python()
    if python is None:
        others = " or ".join(environments())
        sys.stderr.write(MISSING.format(python=sys.executable, others=others))
        return 1
    if python == sys.executable:
        from anew.build.quarto.__main__ import main as run

        os.chdir(ROOT)
        return run([hook])
    return subprocess.call([python, "-m", "anew.build.quarto", hook], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
