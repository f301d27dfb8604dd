"""Sweeps: a report in many variants, as one folder of sites with an index that compares them.

The steps of all variants are one graph, so that whatever two of them share runs once, and the
processes are busy to the end.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import Field

from anew.build.builder import all_steps, bring_up_to_date, put
from anew.build.graph import Step
from anew.build.lock import only_one
from anew.build.plan import Plan, Request, make_plan
from anew.build.progress import Quiet
from anew.build.publish import SWEPT, publish, refuse_foreign, staging_folder
from anew.build.result import failing_claims
from anew.build.stage import stage_folder
from anew.build.workers import Workers
from anew.editions.editions import load_editions
from anew.project.configuration import Entry, checked, read_yaml
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.manifest import read_manifest
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.writing import write_text

EDITION, FOCUS = "edition", "focus"

Values = Mapping[str, str]


@dataclass(frozen=True)
class Variant:
    """One report of a sweep: what departs from the edition, its plan, and why it failed, if so.

    figures, facts: how many differ from the edition as it is. failing: claims of its text that do
    not hold.
    """

    values: Values
    plan: Plan | None
    fault: str = ""
    figures: int = 0
    facts: int = 0
    failing: int = 0

    @property
    def name(self) -> str:
        """The folder of the variant: `2026`, `2026-focus-IND`."""
        parts = [v if k == EDITION else f"{k}-{v}" for k, v in self.values.items()]
        return re.sub(r"[^\w.,=-]+", "-", "-".join(parts))


class Matrix(Entry):
    """A file of variants: every combination of the values under `over`, less those excluded."""

    over: dict[str, list[str | int | float]] = Field(min_length=1)
    exclude: list[dict[str, str | int | float]] = []


def combinations(
    project: Project, over: Sequence[str] = (), matrix: Path | None = None
) -> list[dict[str, str]]:
    """Return the variants that `focus=IND,DEU`, `edition=all` or a matrix file ask for.

    Every edition that occurs comes as it is, too, before its variants. Raises AnewError for an
    option without values, for an unknown edition, and for a matrix that is not one.
    """
    editions = load_editions(project)
    given: dict[str, list[str]] = {}
    excluded: list[dict[str, str]] = []
    if matrix is not None:
        data, lines = read_yaml(matrix, matrix.name)
        asked = checked(Matrix, data, lines, matrix.name)
        given = {key: [str(one) for one in values] for key, values in asked.over.items()}
        excluded = [{key: str(one) for key, one in each.items()} for each in asked.exclude]
    for text in over:
        key, _, values = text.partition("=")
        found = [one.strip() for one in values.split(",") if one.strip()]
        if not key or not found:
            raise AnewError(
                "--over {text}: no values.",
                "Write --over focus=IND,DEU or --over edition=all.",
                code="no-value",
                text=text,
            )
        given[key] = found
    if given.get(EDITION) == ["all"]:
        given[EDITION] = editions.names
    given = {EDITION: given.pop(EDITION, [editions.default]), **given}
    made = [dict(zip(given, one, strict=True)) for one in itertools.product(*given.values())]
    for edition in given[EDITION]:
        editions[edition]
    kept = [one for one in made if not any(each.items() <= one.items() for each in excluded)]
    plain = [{EDITION: edition} for edition in given[EDITION]]
    return [*plain, *(one for one in kept if one not in plain)]


def sweep(
    project: Project,
    asked: Sequence[dict[str, str]],
    request: Request,
    out: Path,
    watch: Quiet | None = None,
    workers: Workers | None = None,
) -> list[Variant]:
    """Build every variant into a folder of its own below `out`, and an index beside them.

    A variant that cannot be built, and what waits for it, stops no other one; the index says why.
    `out` is replaced as a whole. With `workers` the steps run on them. Raises AnewError for a
    folder that holds something else, and for workers that would make other results.
    """
    refuse_foreign(out)
    jobs = max(request.jobs, workers.refuse_strangers()) if workers else request.jobs
    faults: dict[int, str] = {}
    plans: dict[int, Plan] = {}
    steps: dict[int, list[Step]] = {}

    def planned() -> list[Step]:
        for number, values in enumerate(asked):
            one = _request(request, values)
            try:
                plans[number] = make_plan(project, one)
                steps[number] = all_steps(plans[number], one)
                if workers is not None:
                    workers.requests |= {step.name: one for step in steps[number]}
            except AnewError as error:
                faults[number] = error.message
        return [step for found in steps.values() for step in found]

    with only_one(project):
        outcome = bring_up_to_date(project, planned, jobs, watch, failing=False, elsewhere=workers)
        for number, found in steps.items():
            wrong = [step.name for step in found if step.name in outcome.failed]
            if wrong:
                faults[number] = outcome.failed[wrong[0]].message
            elif any(step.name in outcome.blocked for step in found):
                faults[number] = Phrase("a step that it waits for failed")
        variants = [
            _judged(values, plans.get(number), faults.get(number, ""), plans, asked, faults)
            for number, values in enumerate(asked)
        ]
        with staging_folder(out) as new:
            known: dict[str, Path] = {}
            for one in variants:
                if one.plan is not None and not one.fault:
                    put(replace(one.plan, published_with=()), new / one.name)
                    _share(new / one.name, known)
            _write_index(project, variants, new)
            publish(new, out)
    return variants


def _share(folder: Path, known: dict[str, Path]) -> None:
    """Let files that another variant has too take no room of their own: fonts, scripts, search.

    `known` are the files so far by hash. Nothing writes into a published site, so that they may be
    one file with several names; where a file system has no such names, they stay copies.
    """
    for name, digest in read_manifest(folder).files.items():
        path = folder / name
        first = known.setdefault(digest, path)
        if first != path:
            link = path.with_name(f"{path.name}.link")
            with suppress(OSError):
                os.link(first, link)
                link.replace(path)


def _request(request: Request, values: Values) -> Request:
    """Return the build of one variant: its edition, focus and parameters."""
    focus = values.get(FOCUS)
    typed = [f"{k}={v}" for k, v in values.items() if k not in (EDITION, FOCUS)]
    return replace(
        request,
        edition=values[EDITION],
        focus=focus,
        whole=focus is not None,
        parameters=(*request.parameters, *typed),
    )


def _judged(
    values: Values,
    plan: Plan | None,
    fault: str,
    plans: Mapping[int, Plan],
    asked: Sequence[Values],
    faults: Mapping[int, str],
) -> Variant:
    """Return a variant with what it changes of its edition."""
    from anew.diff.comparison import compare
    from anew.diff.state import site_state

    if plan is None or fault:
        return Variant(values, None, fault or Phrase("it was not planned"))
    failing = sum(1 for _ in failing_claims(plan))
    base = asked.index({EDITION: values[EDITION]})
    if dict(values) == asked[base] or base not in plans or base in faults:
        return Variant(values, plan, failing=failing)
    old, new = (site_state(stage_folder(one) / "site") for one in (plans[base], plan))
    found = compare(old, new)
    return Variant(values, plan, "", len(found.figures), len(found.facts), failing)


def _write_index(project: Project, variants: Sequence[Variant], folder: Path) -> None:
    """Write the index in each language, the theme that it needs, and `sweep.json`."""
    from anew.build.identity import site_of
    from anew.site.assets import page_assets
    from anew.site.sweep import Row, sweep_page

    rows = [
        Row(
            one.name, dict(one.values), one.fault, one.figures, one.facts, one.failing,
            dict(one.values) == {EDITION: one.values[EDITION]},
        )
        for one in variants
    ]  # fmt: skip
    sound = next((one.plan for one in variants if one.plan is not None), None)
    files: dict[str, bytes] = {}
    if sound is not None:
        site = site_of(sound, stage_folder(sound))
        texts = dict(sweep_page(site, rows, language) for language in LANGUAGES)
        files = page_assets(project, texts.values())
        files |= {path: text.encode("utf-8") for path, text in texts.items()}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    told = [
        {"variant": row.name, "values": row.values, "fault": row.fault, "figures": row.figures,
         "facts": row.facts, "failing": row.failing}
        for row in rows
    ]  # fmt: skip
    write_text(folder / SWEPT, json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def swept_lines(variants: Sequence[Variant]) -> list[str]:
    """Return a line for each variant, as a terminal shows them."""
    lines: list[str] = []
    for one in variants:
        told = ", ".join(f"{key} {value}" for key, value in one.values.items())
        if one.fault:
            lines.append(Phrase("{values}: failed: {fault}", values=told, fault=one.fault))
            continue
        said = "{values}: {figures} figures and {facts} facts differ"
        if list(one.values) == [EDITION]:
            said = "{values}: as it is"
        failing = Phrase(", {count} claims do not hold", count=one.failing) if one.failing else ""
        told = Phrase(said, values=told, figures=one.figures, facts=one.facts)
        lines.append(Phrase("{told}{failing}", told=told, failing=failing))
    return lines
