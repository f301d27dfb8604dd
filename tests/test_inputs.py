"""Every file that a step reads is an input of it: nothing stale can be called up to date."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import tiny

from anew.build import assembly, builder, changes, documents, finish, steps
from anew.build.plan import Request, make_plans
from anew.build.progress import Quiet
from anew.build.running import run_steps

#: What a step may read without being made from it: the schemas that a plan was made from, which may
#: not change while it runs, and what it writes itself.
GUARDED = {"data/catalog.yml", "data/editions.yml", "_quarto.yml"}

HERE: list[tuple[Path, set[str]]] = []


def _note(event: str, args: tuple) -> None:
    if event == "open" and HERE and isinstance(args[0], (str, bytes, os.PathLike)):
        root, opened = HERE[-1]
        name = os.path.realpath(os.fsdecode(args[0]))
        mode = args[1] if isinstance(args[1], str) else ("w" if args[2] & 3 else "r")
        if name.startswith(f"{root}/") and os.path.isfile(name) and not set(mode) & set("wax+"):
            opened.add(name)


sys.addaudithook(_note)


@pytest.mark.parametrize("request_", [
    Request(formats=("html", "pdf", "docx"), all_editions=True), Request(only=("fig1",)),
], ids=["all editions", "a part"])  # fmt: skip
def test_what_a_step_reads_is_an_input_of_it(tmp_path, monkeypatch, request_):
    project = tiny.make(tmp_path / "p", text=True)
    text = project.editions_file.read_text("utf-8")
    older = text.partition("editions:\n")[2].replace('"2024"', '"2023"').replace("2021", "2020")
    project.editions_file.write_text(text + older, "utf-8")
    for module in (assembly, builder, changes, documents, finish, steps):
        if hasattr(module, "in_child"):
            monkeypatch.setattr(module, "in_child", lambda work, *args: work(*args))
    root = project.root.resolve()
    strays: dict[str, list[str]] = {}

    plans = make_plans(project, request_)
    every = {step.name: step for plan in plans for step in builder.all_steps(plan, request_)}

    def watched(step):
        def run():
            declared = {str(path.resolve()) for path in [*step.inputs, *step.late()]}
            opened: set[str] = set()
            HERE.append((root, opened))
            try:
                found = step.run() or {}
            finally:
                HERE.pop()
            declared |= {str(Path(path).resolve()) for path in [*found, *step.made]}
            for name in sorted(opened):
                inside = Path(name).relative_to(root)
                ways = {name, *(str(above) for above in Path(name).parents)}
                if not ways & declared and inside.as_posix() not in GUARDED:
                    if "__pycache__" not in name and not name.endswith(".part"):
                        strays.setdefault(step.name, []).append(inside.as_posix())
            return found

        from dataclasses import replace

        return step if step.name.startswith("notebook") else replace(step, run=run)

    memory = builder.memory_of(project)
    outcome = run_steps([watched(step) for step in every.values()], memory, 1, Quiet())
    assert not outcome.failed
    assert strays == {}
