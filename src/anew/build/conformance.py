"""Conformance: whether Quarto and the embedded typesetter give a reader the same content.

Every document is set by both from one stage; `anew.diff` compares what a reader gets of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from anew.build.builder import bring_up_to_date, found_steps
from anew.build.documents import article_step
from anew.build.graph import Step
from anew.build.lock import only_one
from anew.build.plan import Request, make_plan
from anew.build.progress import Quiet
from anew.build.quarto_steps import quarto_steps
from anew.build.stage import stage_folder
from anew.diff.difference import Difference
from anew.diff.reading import read_pdf
from anew.diff.renderings import compare_renderings
from anew.project.paths import Project
from anew.typeset.quarto import chosen


@dataclass
class Conformance:
    """How a comparison came out: how many things of each kind were compared, what differed."""

    quarto: str
    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)


def conform(project: Project, request: Request, watch: Quiet | None = None) -> Conformance:
    """Set every document of an edition with both typesetters and compare what a reader gets.

    What Quarto set for a build is taken as it is where nothing changed since. Raises AnewError
    without Quarto, and Failures as a build does.
    """
    quarto = chosen("quarto")
    assert quarto is not None
    plan = make_plan(project, request)
    stage = stage_folder(plan)
    if "pdf" in plan.formats:
        _can_read_pdf()
    set_by_quarto = quarto_steps(plan, stage, quarto, plan.formats)
    pairs: dict[tuple[str, str], tuple[Step, Step]] = {}
    for (document, kind), (rendered, _) in set_by_quarto.items():
        target = stage / "conformance"
        pairs[document, kind] = (
            article_step(plan, stage, document, kind, pages=target / "embedded"),
            article_step(plan, stage, document, kind, rendered, pages=target / "quarto"),
        )
    steps = [
        *found_steps(plan, stage),
        *(step for _, step in set_by_quarto.values()),
        *(step for pair in pairs.values() for step in pair),
    ]
    with only_one(project):
        bring_up_to_date(project, lambda: steps, request.jobs, watch)
    found = Conformance(quarto.name)
    for (document, kind), (ours, theirs) in pairs.items():
        paths = (Path(step.outputs[0]) for step in (ours, theirs))
        compared, differences = compare_renderings(stage, document, kind, *paths)
        found.compared += compared
        found.differences += differences
    return found


def _can_read_pdf() -> None:
    """Raise AnewError at once, and not after minutes, where PDFs cannot be read."""
    try:
        import pypdfium2  # noqa: F401
    except ImportError:
        read_pdf(Path())
