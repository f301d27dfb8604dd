"""This project with one of its figures, for the commands of the README: the same names, sooner."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from agency_files import ROOT, bank_csv, bank_zip, values

from anew.build.plan import Request, make_plan
from anew.notebook.runner import dry_run
from anew.project.paths import Project

#: The figure that the READMEs take for an example.
ADDRESS = "fig7"

#: What the World Bank's file is called, in the READMEs too.
GDP = ("NY.GDP.MKTP.CD", "API_NY.GDP.MKTP.CD_DS2_en_csv_v2.zip")

_LANGUAGES = {"zh": ("研究", "研发支出"), "en": ("Research", "R&D expenditure")}


def make(root: Path) -> Project:
    """Make it in git, with its environment and a file from the World Bank beside it."""
    for name in ("data", "analysis", "tools"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("filters", "theme", "typst"):
        shutil.copytree(ROOT / "report" / name, root / "report" / name)
    files = ["_quarto.yml", "Makefile", "pyproject.toml", "CITATION.cff", "LICENSE", ".gitignore"]
    files += ["report/hooks.py", "report/gb-t-7714.csl", "report/references.bib"]
    files += [path.name for path in ROOT.glob("requirements*.lock")]
    for name in files:
        shutil.copy(ROOT / name, root / name)
    project = Project(root)
    for address, path in project.notebooks().items():
        if address != ADDRESS:
            path.unlink()
    _editions(project)
    session = dry_run(make_plan(project, Request()).runs[ADDRESS])
    said = session.findings().model_dump(mode="json")
    _statements(project, said)
    _text(project, said)
    _environment(root)
    data = values("gdp", "2026-07-01")
    bank_zip(root / GDP[1], GDP[0], bank_csv(GDP[0], data, updated="2026-10-01"))
    with (root / ".gitignore").open("a") as ignored:
        ignored.write("/*.zip\n")
    for command in (["init", "-q", "-b", "main"], ["add", "--all"], ["commit", "-qm", "Begin"]):
        subprocess.run(["git", *command], cwd=root, check=True, env=author())
    return project


def author() -> dict[str, str]:
    """Return the environment in which git knows who commits, and commands find the environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "ANEW_"))}
    for who in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.org"}
    found = os.pathsep.join([str(Path(sys.prefix) / "bin"), kept["PATH"]])
    return {
        **kept, "PATH": found, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
        "ANEW_ENGINE": "embedded",
    }  # fmt: skip


def _editions(project: Project) -> None:
    """Keep the one figure in every edition, and the tables that it reads."""
    editions = yaml.safe_load(project.editions_file.read_text("utf-8"))
    for edition in editions["editions"].values():
        edition["figures"] = {ADDRESS: edition["figures"][ADDRESS]}
    _write(project.editions_file, editions)
    read = {t for e in editions["editions"].values() for t in e["figures"][ADDRESS]["tables"]}
    catalog = yaml.safe_load(project.catalog_file.read_text("utf-8"))
    catalog["tables"] = {name: t for name, t in catalog["tables"].items() if name in read}
    _write(project.catalog_file, catalog)
    for folder in project.raw.iterdir():
        if folder.name not in read:
            shutil.rmtree(folder)


def _write(path: Path, data: Any) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def _statements(project: Project, said: dict[str, Any]) -> None:
    """Keep what the study states about the one figure."""
    published = yaml.safe_load(project.published.read_text("utf-8"))
    kept = [one for one in published["statements"] if one["id"] in said["statements"]]
    _write(project.published, {"wanted": {}, "statements": kept})


def _text(project: Project, said: dict[str, Any]) -> None:
    """Write a report in two languages that prints every fact and makes every claim."""
    for language, (heading, caption) in _LANGUAGES.items():
        folder = project.report / language
        folder.mkdir()
        for name in ("_metadata.yml", "_evidence.yml"):
            if (ROOT / "report" / language / name).is_file():
                shutil.copy(ROOT / "report" / language / name, folder)
        facts = [f"- {{{{< var {language}.{id} >}}}}" for id in said["facts"]]
        claims = [f'- [{caption}]{{.claim ref="{id}"}}' for id in said["claims"]]
        tables = [line for id in said["tables"] for line in (f"::: {{#{id} .computed}}", ":::", "")]
        lines = [
            "---", f"title: {heading}", "---", "", f"# {heading} {{#sec-research}}", "",
            f"{caption}: @fig-7. {heading} [@su2025].", "",
            f"![{caption}](../../figures/{ADDRESS}.{language}.svg){{#fig-7}}", "",
            *facts, "", *claims, "", *tables,
        ]  # fmt: skip
        (folder / "index.qmd").write_text("\n".join(lines), "utf-8", newline="\n")


def _environment(root: Path) -> None:
    """Give the project the environment that the tests run in, as if it had just been set up."""
    (root / ".venv").mkdir()
    for name in ("bin", "lib", "lib64", "include", "pyvenv.cfg"):
        if (Path(sys.prefix) / name).exists():
            (root / ".venv" / name).symlink_to(Path(sys.prefix) / name)
    for stamp in (".report", ".test"):
        (root / ".venv" / stamp).touch()
