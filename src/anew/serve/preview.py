"""The state of a preview: pages rebuilt when a file is saved, or the error that stopped them.

The pages of the report come first, for someone waits for them; the PDFs, the pages around the
report, search and fonts follow when nothing else is to be done. `_site/` and `figures/` stay as
they are: publishing is what `anew build` is for.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from anew.build.builder import all_steps, bring_up_to_date, preview_steps
from anew.build.graph import Step
from anew.build.lock import only_one
from anew.build.plan import Plan, Request, make_plan
from anew.build.progress import Quiet
from anew.build.stage import pages_folder, stage_folder
from anew.project.errors import AnewError, unexpected
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import at
from anew.serve.server import Shelf


@dataclass(frozen=True)
class Made:
    """The result of one save: the steps that ran, or the error that stopped them."""

    steps: tuple[str, ...]
    seconds: float
    error: str = ""

    def line(self, paths: Sequence[str] = ()) -> str:
        """Return the result as a line, after the names of the saved files."""
        shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
        told = self.error or Phrase(
            "{steps} ({seconds:.1f} s)",
            steps=list(self.steps) or Phrase("nothing to do"),
            seconds=self.seconds,
        )
        return at(shown, told) if shown else told


class Preview:
    """The pages of one edition, or of some figures, as the project's files have them now.

    Raises AnewError for a request that cannot be met, before anything runs.
    """

    def __init__(self, project: Project, request: Request) -> None:
        self.project, self.request = project, request
        self.plan: Plan = make_plan(project, request)
        self.complete = False

    @property
    def stage(self) -> Path:
        """The folder that the pages are made in."""
        return stage_folder(self.plan)

    def shelves(self) -> list[Shelf]:
        """Return where a server finds the files, the freshest first."""
        stage, site = self.stage, self.stage / "site"
        found = [
            Shelf(self.project.report / "theme", "theme/"),
            Shelf(stage / "figures", "figures/"),
            Shelf(pages_folder(stage)),
            *(Shelf(stage / name) for name in ("front", "theme", "search")),
            Shelf(site),
        ]
        # before anything could be made, the last good site is better than nothing
        return found if site.is_dir() or not self.plan.whole else [*found, Shelf(self.project.site)]

    def stamp(self, page: bytes) -> str:
        """Return what changes when a page looks different: its own bytes, pictures or style."""
        digest = hashlib.sha256(page)
        for folder in (self.project.report / "theme", self.stage / "figures"):
            for path in sorted(folder.glob("*")):
                try:
                    digest.update(path.name.encode() + b"\0" + path.read_bytes())
                except OSError:
                    pass  # just being replaced: the next stamp differs
        return digest.hexdigest()[:16]

    def refresh(self, watch: Quiet | None = None) -> Made:
        """Rebuild the report's pages; a page that fails keeps its last good version."""
        self.complete = False

        def planned() -> list[Step]:
            self.plan = make_plan(self.project, self.request)
            return self._first()

        return _timed(lambda: self._run(planned, watch))

    def finish(self, waiting: Callable[[], bool], watch: Quiet | None = None) -> Made:
        """Run the remaining steps one by one, until all are done or a request is `waiting`."""

        def work() -> list[str]:
            first = {step.name for step in self._first()}
            rest = [s for s in all_steps(self.plan, self.request) if s.name not in first]
            # the pages around the report before its PDFs, and the site of them all at the end
            rest.sort(key=lambda s: (s.name.startswith("site "), s.name.startswith("pdf ")))
            done: list[str] = []
            for step in rest:
                if waiting():
                    return done
                done += self._run(partial(_alone, step), watch)
            self.complete = True
            return done

        made = _timed(work)
        self.complete = self.complete or bool(made.error)  # until something is saved
        return made

    def _first(self) -> list[Step]:
        """Return the steps that a reader waits for; a part's single page needs all of them."""
        make = preview_steps if self.plan.whole else all_steps
        return make(self.plan, self.request)

    def _run(self, planned: Callable[[], list[Step]], watch: Quiet | None) -> list[str]:
        labels: dict[str, str] = {}

        def named() -> list[Step]:
            steps = planned()
            labels.update({step.name: step.label for step in steps})
            return steps

        with only_one(self.project):
            outcome = bring_up_to_date(self.project, named, self.request.jobs, watch)
        return [labels[name] for name in outcome.ran]


def _timed(work: Callable[[], list[str]]) -> Made:
    """Return the result of `work`, or its error, and how long it took."""
    began = time.monotonic()
    steps: Sequence[str] = ()
    error = ""
    try:
        steps = work()
    except AnewError as failure:
        error = failure.told()
    except Exception as failure:  # a file that an editor is replacing, or a defect: said, not fatal
        error = unexpected("preview", failure).told()
    return Made(tuple(steps), time.monotonic() - began, error)


def _alone(step: Step) -> list[Step]:
    return [step]
