"""Fuzz every reader of files, guided by coverage: `make fuzz`, or `python tests/fuzz.py csv 20000`.

A reader may take an input or refuse it with an AnewError; any other exception is a finding, kept
with its traceback in `.anew/fuzz/`. Needs atheris (the extra `fuzz`). What was found becomes a test
in tests/test_fuzzed.py.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOUND = ROOT / ".anew/fuzz"
sys.path.insert(0, str(ROOT / "tests"))

Reader = Callable[[Path], object]

#: The readers with the inputs that `make fuzz` tries on each.
RUNS = {
    "csv": 40_000, "json": 20_000, "xml": 8_000, "xlsx": 6_000, "zip": 8_000, "ods": 4_000,
    "catalog": 20_000, "editions": 20_000, "quarto": 20_000, "units": 15_000, "claims": 10_000,
    "qmd": 20_000, "ipynb": 20_000, "manifest": 10_000, "certificate": 10_000,
}  # fmt: skip


def readers() -> dict[str, Reader]:
    """Return what reads each kind of file, as the commands do."""
    from anew.editions.editions import Editions
    from anew.intake import recognition
    from anew.intake.names import Names
    from anew.intake.plan import plan
    from anew.intake.reading import Task
    from anew.project.configuration import checked, read_yaml
    from anew.project.manifest import read_manifest
    from anew.project.notebooks import read_cells
    from anew.project.paths import opened
    from anew.project.settings import Settings
    from anew.tables.catalog import Catalog
    from anew.tables.loading import _named, load_catalog
    from anew.text.facts import units_model
    from anew.text.shortcodes import tokenise
    from anew.text.source import read_source
    from anew.text.statements import Study
    from anew.verify.certificate import read_certificate

    project = opened(ROOT)
    catalog = load_catalog(project)
    task = Task(catalog, Names(catalog), None, "2026-10-01")

    def intake(path: Path) -> None:
        found, _ = recognition.readings_of(project, [path], task)
        for reading in found:
            plan(project, reading, task)

    def yaml(model: type, named: Callable[[object], object] = lambda data: data) -> Reader:
        def read(path: Path) -> object:
            data, lines = read_yaml(path, path.name)
            return checked(model, named(data), lines, path.name)

        return read

    def text(path: Path) -> None:
        tokenise(read_source(path.parent, path.name))

    return {
        **dict.fromkeys(("csv", "json", "xml", "xlsx", "zip", "ods"), intake),
        "catalog": yaml(Catalog, _named),
        "editions": yaml(Editions),
        "quarto": yaml(Settings),
        "units": yaml(units_model(("zh", "en"))),
        "claims": yaml(Study),
        "qmd": text,
        "ipynb": lambda path: read_cells(path, path.name),
        "manifest": read_manifest,
        "certificate": read_certificate,
    }


def seeds(kind: str) -> list[bytes]:
    """Return sound files of a kind, from which the inputs are made."""
    import layout_files

    from anew.project.manifest import NAME

    data = {("CHN", 2020): 1.5, ("USA", 2020): 2.5, ("CHN", 2021): 3.0}
    written = ("worldbank_wide", "databank", "datahub_long", "sdmx_csv", "eurostat_tsv", "owid",
               "unctadstat", "imf_weo", "nbs_cn", "nsf", "wide", "tidy", "data360")  # fmt: skip
    tables = [getattr(layout_files, name)(data).encode() for name in written]
    own = {
        "catalog": ["data/catalog.yml"], "editions": ["data/editions.yml"],
        "quarto": ["_quarto.yml"], "units": ["analysis/units.yml"],
        "claims": ["data/published/claims.yml"],
        "qmd": ["report/en/index.qmd", "report/zh/_china.qmd"],
        "ipynb": ["analysis/fig7_rd_expenditure.ipynb"],
        "manifest": ["report/manifests/2026.json", f"_site/{NAME}"],
        "certificate": [".anew/certificates/2026/certificate.json"],
    }  # fmt: skip
    if kind in own:
        found = [ROOT / name for name in own[kind] if (ROOT / name).is_file()]
        return [path.read_bytes()[:200_000] for path in found] or [b"{}"]
    if kind == "csv":
        return tables
    if kind == "json":
        return [
            layout_files.worldbank_api(data).encode(),
            b'[{"a": 1, "year": 2020}]',
            b'{"data": []}',
        ]
    if kind == "xml":
        return [_bytes(layout_files.sdmx_ml(data))]
    if kind == "ods":
        return [layout_files.ods([["economy", "year", "value"], ["CHN", "2020", "1"]])]
    if kind == "zip":
        return [_zipped({"a.csv": tables[0]}), _zipped({"a.csv": tables[1], "Metadata.csv": b"x"})]
    return [_xlsx()]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["economy", "year", "value"], ["CHN", 2020, 1.5], ["USA", 2020, 0.25]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    # without compression a changed byte is a changed cell
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as archive:
        return _zipped({name: archive.read(name) for name in archive.namelist()})


def fuzz(kind: str, runs: int) -> None:
    """Try `runs` inputs on one reader; does not return."""
    import atheris

    with atheris.instrument_imports(include=["anew"]):
        read = readers()[kind]
    from anew.project.errors import AnewError

    folder = Path(tempfile.mkdtemp(prefix=f"anew-fuzz-{kind}-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(seeds(kind)):
        (corpus / str(number)).write_bytes(seed)
    path = folder / f"input.{kind if kind in ('csv', 'json', 'xml', 'xlsx', 'zip') else kind}"
    known: set[tuple[str, int]] = set()

    def try_one(data: bytes) -> None:
        path.write_bytes(data)
        try:
            read(path)
        except AnewError:
            return
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = (frame.filename, frame.lineno or 0)
            if place in known:
                return
            known.add(place)
            name = f"{kind}-{hashlib.sha256(data).hexdigest()[:12]}"
            FOUND.mkdir(parents=True, exist_ok=True)
            (FOUND / name).write_bytes(data)
            (FOUND / f"{name}.txt").write_text(traceback.format_exc(), "utf-8")

    atheris.Setup(
        [sys.argv[0], str(corpus), f"-runs={runs}", "-max_len=65536", "-timeout=60",
         "-rss_limit_mb=4096", "-verbosity=0", f"-artifact_prefix={folder}/"],
        try_one,
    )  # fmt: skip
    atheris.Fuzz()


def main() -> None:
    """Fuzz one kind, or all of them; exit with 1 if there is a finding."""
    if len(sys.argv) > 2:
        fuzz(sys.argv[1], int(sys.argv[2]))
    before = set(FOUND.glob("*.txt")) if FOUND.is_dir() else set()
    tried = {}
    for kind, runs in RUNS.items():
        done = subprocess.run([sys.executable, __file__, kind, str(runs)])
        tried[kind] = {"inputs": runs, "exit": done.returncode}
    found = sorted(set(FOUND.glob("*.txt")) - before) if FOUND.is_dir() else []
    print(json.dumps({"inputs": sum(RUNS.values()), "readers": tried}, indent=1))
    for path in found:
        print(f"{path.stem}: {path.read_text('utf-8').strip().splitlines()[-1]}")
    sys.exit(1 if found or any(one["exit"] for one in tried.values()) else 0)


if __name__ == "__main__":
    main()
