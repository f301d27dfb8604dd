"""Make an environment from a lock: python3 tools/setup.py VENV LOCK [--project]

Every package must have the hash that the lock states. uv, itself a package of the lock, installs
them; where it is missing or fails, pip does. With --project the project is installed in place.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile

if sys.version_info < (3, 11):  # noqa: UP036 (whoever starts this may have an older one)
    sys.exit(
        f"anew needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n"
        "Install one and name it: make report PYTHON=python3.12"
    )

#: pip's settings that decide where packages come from, and what uv calls them.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def create(venv: str) -> None:
    """Create the virtual environment unless it is there."""
    if os.path.exists(program(venv, "python")):
        return
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        sys.exit(
            "This Python cannot create virtual environments.\n"
            "On Debian or Ubuntu: apt-get install python3-venv"
        )
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)


def program(venv: str, name: str) -> str:
    """Return the path of a program of the environment."""
    return os.path.join(venv, *(("Scripts", name + ".exe") if os.name == "nt" else ("bin", name)))


def find_uv(venv: str, lock: str) -> str | None:
    """Return uv: one that is installed, or the lock's, installed first. None if there is none."""
    own = program(venv, "uv")
    folders = [os.path.dirname(own), os.path.dirname(sys.executable), os.environ.get("PATH", "")]
    found = shutil.which("uv", path=os.pathsep.join(folders))
    with open(lock, encoding="utf-8") as file:
        pinned = re.search(r"^uv==(?:.*\\\n)*.*\n", file.read(), re.MULTILINE)
    if found or not pinned:
        return found
    with tempfile.TemporaryDirectory() as folder:
        alone = os.path.join(folder, "uv.txt")
        with open(alone, "w", encoding="utf-8") as file:
            file.write(pinned[0])
        done = subprocess.run([*pip(venv), "--require-hashes", "--no-deps", "-r", alone])
    return own if done.returncode == 0 else None


def pip(venv: str) -> list[str]:
    """Return the beginning of a command that installs with pip."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    return [program(venv, "python"), "-m", "pip", "install", *quiet]


def settings_of_pip(venv: str) -> dict[str, str]:
    """Return the machine's pip settings as uv reads them; uv's own, where set, take precedence."""
    command = [program(venv, "python"), "-m", "pip", "config", "list"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8").stdout
    found = {}
    for section in ("global", "install", ":env:"):  # the later take precedence
        for key, value in re.findall(rf"(?m)^{section}\.([\w-]+)=(.*)$", listed):
            if key in SETTINGS:
                words = ast.literal_eval(value).split()
                found[SETTINGS[key]] = ("," if key == "find-links" else " ").join(words)
    # pip compares all indexes, and uv must not stop at the first: the hashes decide what is taken
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **found}


def install(venv: str, lock: str, project: bool) -> bool:
    """Install what the lock lists, and the project if asked; return whether that worked."""
    steps = [["--require-hashes", "-r", lock]]
    if project:
        steps.append(["--no-deps", "--no-build-isolation", "-e", "."])
    uv = find_uv(venv, lock)
    if uv is not None:
        command = [uv, "pip", "install", "--quiet", "--python", program(venv, "python")]
        command.append("--compile-bytecode")
        if run_all(command, steps, {**settings_of_pip(venv), **os.environ}):
            return True
        print("uv could not install the packages; trying pip …", flush=True)
    return run_all(pip(venv), steps, None)


def run_all(command: list[str], steps: list[list[str]], environment: dict[str, str] | None) -> bool:
    """Run the command once for each step, until one fails; return whether all worked."""
    return all(subprocess.run(command + step, env=environment).returncode == 0 for step in steps)


if __name__ == "__main__":
    folder, locked, *more = sys.argv[1:]
    create(folder)
    print(f"Installing the packages of {locked} into {folder} …", flush=True)
    if not install(folder, locked, "--project" in more):
        sys.exit(1)
    if more:  # these are not in the environment, and some machines switch off writing byte-code
        own = [path for path in ("src", "analysis") if os.path.isdir(path)]
        compiling = [program(folder, "python"), "-m", "compileall", "-q", "-j", "0"]
        subprocess.run(compiling + own, stdout=subprocess.DEVNULL)
        # the fonts of every project that is built with this environment
        subprocess.run([program(folder, "python"), "-m", "anew.figures.fonts"])
