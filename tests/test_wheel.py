"""The built wheel, installed outside any clone, is enough for every verb."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

OWN = Path(__file__).parents[1]

#: Where the packages of this environment put their data: nbconvert's templates.
SHARED = os.path.join(sys.prefix, "share", "jupyter")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="programs are elsewhere on Windows"),
]

NEWER = "economy,year,value\n" + "".join(
    f"{code},{year},{value}\n"
    for code, values in {
        "FRA": (712, 748, 735, 781, 690, 823, 791), "DEU": (586, 735, 705, 801, 669, 958, 902)
    }.items()
    for year, value in zip(range(2018, 2025), values, strict=True)
)  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The wheel in a fresh environment; the packages that it stands on are this environment's."""
    folder = tmp_path_factory.mktemp("wheel")
    made = folder / "dist"
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    subprocess.run(command, cwd=OWN, check=True, capture_output=True)
    (wheel,) = made.glob("anew-*.whl")
    venv.create(folder / "env", with_pip=False)
    (packages,) = (folder / "env").glob("lib/python3*/site-packages")
    program = [sys.executable, "-m", "pip", "--python", str(folder / "env/bin/python")]
    subprocess.run(
        [*program, "install", "--quiet", "--no-deps", "--no-index", str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    # packages alone: the .pth of an editable install there is not followed
    (packages / "beneath.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    return folder / "env/bin/anew"


@pytest.fixture(scope="module")
def anew_installed(installed):
    def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        left = {k: v for k, v in os.environ.items() if k != "PYTHONPATH" and k[:5] != "ANEW_"}
        done = subprocess.run(
            [installed, *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8",
            env={**left, "ANEW_ENGINE": "embedded", "JUPYTER_PATH": SHARED},
        )  # fmt: skip
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        return done

    return run


def test_the_wheel_holds_the_files_that_the_page_of_licences_speaks_of(installed):
    sys.path.insert(0, str(OWN / "tools"))
    import licences

    (wheel,) = (installed.parents[2] / "dist").glob("anew-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {f"src/{name}" for name in archive.namelist() if ".dist-info/" not in name}
    assert held == set(licences.packaged())


def test_the_wheel_alone_starts_builds_checks_compares_and_reproduces(
    installed, anew_installed, tmp_path
):
    python = installed.with_name("python")
    where = [python, "-c", "import anew; print(anew.__file__)"]
    left = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    found = subprocess.run(where, cwd=tmp_path, env=left, capture_output=True, text=True)
    assert Path(found.stdout.strip()).is_relative_to(installed.parents[1])

    run = anew_installed
    run("init", "p", "--title", "Rainfall", cwd=tmp_path)
    root = tmp_path / "p"
    assert "The report is at _site/index.html" in run("build", cwd=root).stdout
    assert "All is well." in run("check", "--strict", cwd=root).stdout
    newer = tmp_path / "rainfall.csv"
    newer.write_text(NEWER)
    ingested = ["--table", "rainfall", "--vintage", "2025-01-15"]
    assert "2025-01-15" in run("ingest", str(newer), *ingested, cwd=root).stdout
    run("edition", "new", "2025", cwd=root)
    assert "2025" in run("build", cwd=root).stdout
    told = run("diff", "2024", "2025", cwd=root).stdout
    assert "958 mm" in told and "902 mm" in told
    run("release", cwd=root)
    assert "certificate" in run("reproduce", cwd=root).stdout
