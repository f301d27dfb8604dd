"""What a build did, and what it found wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from anew.build.graph import Outcome
from anew.build.plan import Plan
from anew.build.stage import stage_folder
from anew.notebook.findings import read_findings
from anew.project.errors import AnewError
from anew.project.phrases import Phrase, indented, joined
from anew.project.problems import at

if TYPE_CHECKING:
    from anew.diff.change import Comparison


@dataclass(frozen=True)
class BuildResult:
    """What a build did and where its site is."""

    plan: Plan
    outcome: Outcome
    site: Path
    facts: int
    claims_failing: tuple[FailingClaim, ...]
    pages: int
    seconds: float
    published: bool
    typesetter: str
    renewals: tuple[Comparison, ...] = ()
    #: Where the text says of figures with another focus what it says without it.
    unturned: tuple[str, ...] = ()
    #: What is hard to read in figures that the house's style did not draw.
    remarks: tuple[str, ...] = ()
    #: The digests of all that decided the build, by name; none if anything changed meanwhile.
    decided: Mapping[str, str] = field(default_factory=dict)

    @property
    def notebooks(self) -> tuple[int, int]:
        """How many notebooks ran, and how many were up to date."""
        ran = sum(name.startswith("notebook ") for name in self.outcome.ran)
        skipped = sum(name.startswith("notebook ") for name in self.outcome.skipped)
        return ran, skipped


@dataclass(frozen=True)
class FailingClaim:
    """A claim that does not hold on an edition; `places` are where its text makes it."""

    id: str
    edition: str
    figure: str
    places: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return a line for each place, `report/en/index.qmd:7: rain-grows (fig1, edition 2026)`"""
        made = Phrase(
            "{id} ({figure}, edition {edition})",
            id=self.id,
            figure=self.figure,
            edition=self.edition,
        )
        return [at(place, made) for place in self.places] or [made]


class Failures(AnewError):
    """All errors of one build."""

    def __init__(self, errors: Sequence[AnewError]) -> None:
        self.errors = tuple(errors)
        self.exit_code = 2 if any(error.exit_code == 2 for error in errors) else 1
        super().__init__(joined("\n", map(str, errors)))


def not_holding(failing: Sequence[FailingClaim]) -> AnewError:
    """Return the error for claims that do not hold, each with the lines that make it."""
    lines = [indented(line, "  ") for one in failing for line in one.lines()]
    return AnewError(
        "{count} claim of the text does not hold: {ids}.\n{lines}"
        if len(failing) == 1
        else "{count} claims of the text do not hold: {ids}.\n{lines}",
        "The site is as it was. Change these sentences, or build without --strict.",
        code="claim-fails",
        count=len(failing),
        ids=list(dict.fromkeys(one.id for one in failing)),
        lines=joined("\n", lines),
    )


def remarks_of(plan: Plan) -> Iterator[str]:
    """Yield what is hard to read in the figures of an edition."""
    for run in plan.runs.values():
        yield from read_findings(run.folder / "result.json").remarks


def failing_claims(plan: Plan) -> Iterator[FailingClaim]:
    """Yield the claims of a finished edition that do not hold and that its text makes.

    Of a part, which has no text, every claim counts.
    """
    found = json.loads((stage_folder(plan) / "site" / "claims.json").read_text("utf-8"))
    for id, claim in found["claims"].items():
        if not claim["holds"] and (claim["places"] or not plan.whole):
            yield FailingClaim(id, plan.edition.name, claim["figure"], tuple(claim["places"]))


def failures(outcome: Outcome) -> Failures:
    """Return the error that tells what failed: the tables alone if they are at fault."""
    if "tables" in outcome.failed:
        return Failures([outcome.failed["tables"]])
    different = {str(error): error for error in outcome.failed.values()}
    return Failures(list(different.values()))
