"""One build: check, run, gather, typeset, publish."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from anew.build import steps as make
from anew.build.cache import cache_of_environment
from anew.build.documents import closing_steps, document_steps
from anew.build.engine import ENGINE, identity
from anew.build.graph import Elsewhere, Explanation, Memory, Outcome, PlanChanged, Step, name_of
from anew.build.lock import only_one
from anew.build.plan import Plan, Request, make_plan, make_plans
from anew.build.progress import Quiet
from anew.build.publish import publish, refuse_foreign, staging_folder
from anew.build.result import BuildResult, failing_claims, failures, not_holding, remarks_of
from anew.build.running import explain_steps, run_steps
from anew.build.sources import refuse_sources
from anew.build.stage import stage_folder, text_steps, weave_step, woven_file
from anew.build.standing import digests_file, last_decided, planned_folders
from anew.build.turned import unturned_places
from anew.build.working import ATTEMPTS
from anew.notebook.child import fix_environment, prepare_children
from anew.notebook.findings import Woven, read_woven
from anew.project.digests import Digests
from anew.project.errors import BuildError
from anew.project.manifest import matches, read_manifest
from anew.project.paths import Project
from anew.project.writing import copy_if_changed, make_room, write_text
from anew.text.facts import load_units
from anew.typeset.quarto import described

if TYPE_CHECKING:
    from anew.diff.change import Comparison


#: Where the build folder keeps what the last published build changed, for reading.
CHANGED = "changed.md"


def output_folder(plan: Plan, request: Request) -> Path:
    """Return where the build's site goes: `_site`; a part or another focus to the build folder."""
    if request.output:
        return request.output.resolve()
    apart = not plan.whole or request.focus
    return plan.project.work / "part" / plan.key if apart else plan.project.site


def all_steps(plan: Plan, request: Request) -> list[Step]:
    """Return the steps of a build in an order in which they can run."""
    stage = stage_folder(plan)
    documents = document_steps(plan, request, stage)
    typesetter = described(request.typesetter)
    return [
        *found_steps(plan, stage),
        *documents,
        *closing_steps(plan, stage, documents, typesetter),
    ]


def preview_steps(plan: Plan, request: Request) -> list[Step]:
    """Return the steps that make pages fresh: no PDF, and no site put together."""
    stage = stage_folder(plan)
    return [*found_steps(plan, stage), *document_steps(plan, request, stage, ["html"])]


def found_steps(plan: Plan, stage: Path) -> list[Step]:
    """Return the steps up to what the notebooks found: all but typesetting."""
    return [
        make.tables_step(plan),
        *make.fonts_steps(plan),
        *(make.notebook_step(plan, address) for address in plan.runs),
        *text_steps(plan, stage),
        weave_step(plan, stage),
    ]


def build(project: Project, request: Request, watch: Quiet | None = None) -> BuildResult:
    """Build what `request` asks for and publish the site, or keep the last good site on error.

    Raises Failures with every error when a table, a notebook or a text is at fault, and AnewError
    for a strict build whose text makes a claim that does not hold.
    """
    began = time.monotonic()
    plans: list[Plan] = []
    steps: list[Step] = []
    planned_from: dict[Path, str] = {}

    def planned() -> list[Step]:
        hashed = Digests(digests_file(project))
        planned_from.update({path: hashed.of(path) for path in planned_folders(project)})
        plans[:] = make_plans(project, request)
        refuse_foreign(output_folder(plans[0], request))
        steps[:] = [step for plan in plans for step in all_steps(plan, request)]
        return steps

    with only_one(project):
        if request.verify:
            digests_file(project).unlink(missing_ok=True)
        outcome = bring_up_to_date(project, planned, request.jobs, watch)
        plan = plans[0]
        site = output_folder(plan, request)
        finished = stage_folder(plan) / "site"
        manifest = read_manifest(finished)
        failing = tuple(one for each in plans for one in failing_claims(each))
        if request.strict and failing:
            raise not_holding(failing)
        if plan.tracked:
            write_tracked(plan, stage_folder(plan))
        renewals: tuple[Comparison, ...] = ()
        hashed = Digests(digests_file(project))
        changed = not _is_published(plans, site, hashed)
        if changed:
            with staging_folder(site) as new:
                for one in plans:
                    put(one, new)
                renewals = renew(plans, site, new)
                publish(new, site)
        made = [site, *([project.figures] if plan.tracked else [])]
        decided = _decided(project, steps, planned_from, {path: hashed.of(path) for path in made})
        if not _is_published(plans, site, hashed):
            decided = {}  # changed outside the build since it was published
        hashed.save()
    unturned = tuple(unturned_places(plan, request)) if request.whole else ()
    pages = sum(name.endswith((".html", ".pdf", ".docx")) for name in manifest.files)
    remarks = tuple(said for each in plans for said in remarks_of(each))
    return BuildResult(
        plan, outcome, site, len(manifest.facts), failing, pages,
        time.monotonic() - began, changed, manifest.versions["typesetter"], renewals,
        unturned, remarks, decided,
    )  # fmt: skip


def _is_published(plans: Sequence[Plan], site: Path, hashed: Digests) -> bool:
    """Whether `site` holds what the plans' stages hold, and nothing else."""
    whole = all(
        matches(site / one.root, read_manifest(stage_folder(one) / "site"), "editions", hashed.raw)
        for one in plans
    )
    return whole and has_editions(site) == (len(plans) > 1)


def _decided(
    project: Project, steps: Sequence[Step], planned_from: Mapping[Path, str],
    made: Mapping[Path, str],
) -> dict[str, str]:  # fmt: skip
    """Return the digest of all that decided a finished build; nothing if any of it has changed.

    What the steps read counts as they saw it, not as it is now.
    """
    memory = memory_of(project)
    every = {**planned_from, **memory.guard, ENGINE: memory.digests.of(ENGINE), **made}
    found = {name_of(path, project.root): digest for path, digest in every.items()}
    for step in steps:
        record = memory.records.read(step.name)
        if record is None:
            return {}
        found |= {**record.inputs, **record.found, **record.outputs}
    same = all(memory.digests.of(project.root / name) == digest for name, digest in found.items())
    return found if same else {}


def bring_up_to_date(
    project: Project,
    planned: Callable[[], Sequence[Step]],
    jobs: int,
    watch: Quiet | None = None,
    *,
    failing: bool = True,
    elsewhere: Elsewhere | None = None,
) -> Outcome:
    """Run the steps that `planned` returns, as far as they are not up to date.

    All callers hold `only_one`: builds, the preview, Quarto's hooks, reproduction. If a file that
    the steps are planned from changes meanwhile, they are planned again. Raises Failures with
    every error of a step; if not `failing`, the outcome holds the errors. `elsewhere` runs them on
    other machines.
    """
    fix_environment()
    if elsewhere is None and _notebooks_are_likely(project):
        prepare_children()
    for _ in range(ATTEMPTS):
        refuse_sources(project)
        memory = replace(memory_of(project), elsewhere=elsewhere)
        steps = {step.name: step for step in planned()}  # the tables are every edition's
        try:
            outcome = run_steps(list(steps.values()), memory, jobs, watch or Quiet())
        except PlanChanged as error:
            changed = error.path
            continue
        if outcome.failed and failing:
            raise failures(outcome)
        return outcome
    raise BuildError(
        "{file} keeps changing while the report is built.",
        "Wait until nothing writes to it, then build again.",
        code="changed-meanwhile",
        file=project.relative(changed),
    )


def _notebooks_are_likely(project: Project) -> bool:
    """Whether notebooks will run, as far as can be told before anything is planned.

    They will where nothing was built yet, and where data or analysis are other than they were at
    the last build; not where a shared cache may have what they find.
    """
    if cache_of_environment() is not None:
        return False
    last = last_decided(project)
    if not last:
        return not (project.work / "records").exists()
    digests = Digests(digests_file(project))
    read = (project.data, project.analysis)
    return any(digests.of(path) != last.get(name_of(path, project.root)) for path in read)


def memory_of(project: Project) -> Memory:
    """Return the memory of a project's graph: its records and the inputs common to all steps."""
    digests = Digests(digests_file(project))
    planned_from = [project.root / "_quarto.yml", project.catalog_file, project.editions_file]
    planned_from += [project.published, *sorted(project.analysis.glob("*.ipynb"))]
    guard = {path: digests.of(path) for path in planned_from}
    return Memory(
        project.root, project.work, identity(digests), guard, digests, cache_of_environment()
    )


def renew(plans: Sequence[Plan], site: Path, new: Path) -> tuple[Comparison, ...]:
    """Return what changed in each edition's site in `new` compared with the site it replaces.

    The full list, sentence by sentence, is written to the build folder.
    """
    from anew.diff.sites import Sentences, compare_builds  # keeps HTML parsers off other builds
    from anew.diff.telling import as_text

    memory = memory_of(plans[0].project)
    read = Sentences(memory.folder / "sentences.json", memory.engine)
    found = [
        compare_builds(site / one.root, new / one.root, stage_folder(one), read) for one in plans
    ]
    read.keep()
    renewals = tuple(one for one in found if one)
    if renewals:
        project = plans[0].project
        units = load_units(project.units_file)
        told = [as_text(one, units, markdown=True) for one in renewals]
        make_room(project.work / CHANGED)
        write_text(project.work / CHANGED, "\n".join(told))
    return renewals


def put(plan: Plan, new: Path) -> None:
    """Copy an edition to its place in `new`. Raises BuildError if it changed since it was built."""
    stage = stage_folder(plan)
    manifest = read_manifest(stage / "site")
    shutil.copytree(stage / "site", new / plan.root, dirs_exist_ok=True)
    if not matches(new / plan.root, manifest, apart="editions"):
        raise BuildError(
            "{file} was changed outside the build while it was published.",
            "Build again.",
            code="changed-meanwhile",
            file=plan.project.relative(stage),
        )


def has_editions(site: Path) -> bool:
    """Whether a site holds older editions beside the newest."""
    return (site / "editions").is_dir()


def gather(project: Project, request: Request, watch: Quiet | None = None) -> tuple[Path, Woven]:
    """Bring facts, claims and figures up to date without typesetting.

    Returns the stage that a typesetter would work in and what the notebooks found. Raises
    Failures as a build does.
    """
    stages: list[Path] = []

    def planned() -> list[Step]:
        plan = make_plan(project, request)
        stages[:] = [stage_folder(plan)]
        return found_steps(plan, stages[0])

    with only_one(project):
        bring_up_to_date(project, planned, request.jobs, watch)
        woven = read_woven(woven_file(stages[0]))
    return stages[0], woven


def explain(project: Project, request: Request) -> list[Explanation]:
    """Return which steps a build would run now, and why."""
    memory = memory_of(project)
    plans = make_plans(project, request)
    steps = {step.name: step for plan in plans for step in all_steps(plan, request)}
    return explain_steps(list(steps.values()), memory)


def write_tracked(plan: Plan, stage: Path) -> None:
    """Update `figures/`, tracked by git, with the pictures of this build."""
    drawn = sorted((stage / "figures").glob("*.svg"))
    for path in drawn:
        copy_if_changed(path, plan.project.figures / path.name)
    for path in plan.project.figures.glob("*.svg"):
        if path.name not in {kept.name for kept in drawn}:
            path.unlink()
