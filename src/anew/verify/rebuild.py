"""A build in a clean copy of a project, with the copy's own engine and nothing cached.

The copy is built by a process of its own, `python -m anew.verify.rebuild`, which finds the
engine's modules in the copy first. Several editions are built at once, as they share what starts a
notebook.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from anew import __version__
from anew.build.manifest import read_manifest
from anew.project.errors import AnewError, BuildError


@dataclass(frozen=True)
class Rebuilt:
    """What came of building one edition: its site, or why there is none."""

    edition: str
    site: Path | None
    errors: tuple[str, ...] = ()

    @property
    def manifest(self) -> dict[str, Any]:
        """The manifest of the site. Raises AnewError when there is none."""
        if self.site is None:
            raise AnewError(f"Edition {self.edition} could not be built.", "\n".join(self.errors))
        return read_manifest(self.site)


def request_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request that a manifest's build was made for, as `rebuild` takes it.

    Raises AnewError when the manifest, which may come from anywhere, has another shape there.
    """
    request = manifest.get("request") or {}
    asked = {
        "edition": manifest["edition"],
        "formats": request.get("formats") or ["html", "pdf"],
        "only": request.get("only") or [],
        "parameters": request.get("parameters") or {},
        "editions": request.get("editions") or [],
        "typesetter": _typesetter(manifest.get("versions") or {}),
    }
    sound = (
        all(isinstance(asked[key], list) for key in ("formats", "only", "editions"))
        and all(isinstance(one, str) for one in [*asked["formats"], *asked["only"]])
        and all(isinstance(one, list) and len(one) == 3 for one in asked["editions"])
        and isinstance(asked["parameters"], dict)
        and all(isinstance(one, dict) for one in asked["parameters"].values())
    )
    if not sound:
        raise AnewError("The manifest's request is not what it must be.", "Name another manifest.")
    return asked


def _typesetter(versions: Mapping[str, Any]) -> str:
    """Return the recorded typesetter if it is here, else the one that always is."""
    quarto = str(versions.get("typesetter", "")).casefold().startswith("quarto")
    return "quarto" if quarto and shutil.which("quarto") else "embedded"


def rebuild(
    root: Path, requests: Sequence[Mapping[str, Any]], out: Path, jobs: int
) -> list[Rebuilt]:
    """Build what is asked for in the project copied to `root`; the sites land below `out`.

    Returns an answer for each request, in order. Raises BuildError when the process itself dies.
    """
    out.mkdir(parents=True, exist_ok=True)
    order, answer = out / "requests.json", out / "answers.json"
    order.write_text(json.dumps({"jobs": jobs, "requests": list(requests)}), "utf-8")
    command = [sys.executable, "-m", "anew.verify.rebuild", str(order), str(answer)]
    env = _environment(root, announce(root, out / "announced"))
    done = subprocess.run(command, cwd=root, env=env, stdout=subprocess.DEVNULL)
    if done.returncode or not answer.is_file():
        raise BuildError(
            f"The process that built the copy ended with {done.returncode}.",
            "Its own messages stand above; an engine of before `anew release` cannot be asked.",
        )
    answers = json.loads(answer.read_text("utf-8"))
    return [
        Rebuilt(one["edition"], Path(one["site"]) if one["site"] else None, tuple(one["errors"]))
        for one in answers
    ]


def announce(root: Path, folder: Path) -> Path | None:
    """Write what the copy's own engine announces to other packages; return where, if it does.

    Papermill finds the engine by the entry points of what is installed, and these are today's: an
    engine of another commit may have its modules elsewhere.
    """
    file = root / "pyproject.toml"
    if not file.is_file() or not (root / "src" / "anew" / "__init__.py").is_file():
        return None
    groups = tomllib.loads(file.read_text("utf-8")).get("project", {}).get("entry-points", {})
    lines = []
    for group, points in groups.items():
        lines += [f"[{group}]", *(f"{name} = {where}" for name, where in points.items()), ""]
    told = folder / f"anew-{__version__}.dist-info"
    told.mkdir(parents=True)
    (told / "entry_points.txt").write_text("\n".join(lines), "utf-8")
    metadata = f"Metadata-Version: 2.1\nName: anew\nVersion: {__version__}\n"
    (told / "METADATA").write_text(metadata, "utf-8")
    return folder


def _environment(root: Path, announced: Path | None = None) -> dict[str, str]:
    """Return an environment in which nothing of this project's place or session is left.

    `announced` is where the copy's engine says what it has, before what is installed.
    """
    apart = ("ANEW_", "PYTHON", "GIT_", "MPL", "SOURCE_DATE_EPOCH", "LC_", "LANG")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(apart)}
    kept |= {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1"}
    own = root / "src"
    if (own / "anew" / "__init__.py").is_file():
        kept["PYTHONPATH"] = os.pathsep.join(map(str, filter(None, (own, announced))))
    elif os.environ.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return kept


def answer(order: Mapping[str, Any], out: Path) -> list[dict[str, Any]]:
    """Build in the working directory what `order` asks for; return what came of each request."""
    from anew.build.builder import all_steps, bring_up_to_date, only_one
    from anew.build.plan import Request, make_plan
    from anew.build.progress import observer
    from anew.build.stage import stage_folder
    from anew.project.paths import Project

    project = Project(Path.cwd())
    planned: list[tuple[Any, list[str]] | AnewError] = []
    steps = {}
    for one in order["requests"]:
        request = Request(
            one["edition"], tuple(one["only"]), _typed(one["parameters"]), order["jobs"], None,
            one["typesetter"], tuple(one["formats"]),
        )  # fmt: skip
        try:
            beside = tuple((name, place, newest) for name, place, newest in one["editions"])
            plan = replace(make_plan(project, request), published_with=beside)
            made = {step.name: step for step in all_steps(plan, request)}
        except AnewError as error:
            planned.append(error)
            continue
        steps |= made
        planned.append((plan, list(made)))
    with only_one(project):
        outcome = bring_up_to_date(
            project, lambda: list(steps.values()), order["jobs"], observer(), failing=False
        )
    answers = []
    for number, (one, found) in enumerate(zip(order["requests"], planned, strict=True)):
        site, errors = None, []
        if isinstance(found, AnewError):
            errors = [str(found)]
        else:
            plan, names = found
            errors = list(
                dict.fromkeys(str(outcome.failed[n]) for n in names if n in outcome.failed)
            )
            if not errors:
                site = out / f"{number}-{plan.edition.name}"
                shutil.copytree(stage_folder(plan) / "site", site)
        answers.append({"edition": one["edition"], "site": site and str(site), "errors": errors})
    return answers


def _typed(parameters: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Return parameters as a person would have typed them."""
    return tuple(
        f"{address}.{name}={value if isinstance(value, str) else json.dumps(value)}"
        for address, values in sorted(parameters.items())
        for name, value in values.items()
    )


def main() -> None:
    """Answer the order in the first file with the second."""
    order, target = Path(sys.argv[1]), Path(sys.argv[2])
    answers = answer(json.loads(order.read_text("utf-8")), target.parent)
    target.write_text(json.dumps(answers), "utf-8")


if __name__ == "__main__":
    main()
