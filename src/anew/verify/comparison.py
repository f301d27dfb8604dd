"""Comparing a record with its rebuild at every level, and the verdict that follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import anew
from anew.build.manifest import versions
from anew.diff.difference import NEGLIGIBLE, RELATIVE, Difference
from anew.diff.numbers import KINDS, compare_numbers
from anew.diff.state import made_at
from anew.editions.editions import load_editions
from anew.project.language import LANGUAGES
from anew.project.manifest import Verdict
from anew.project.paths import Project
from anew.project.settings import read_settings
from anew.project.writing import sha256
from anew.verify import certificate as model
from anew.verify.certificate import Certificate, Result, Texts
from anew.verify.environment import compare_environment
from anew.verify.files import ELSEWHERE, FileResult, Level, compare_file, compare_files
from anew.verify.pixels import TOLERANCE
from anew.verify.rebuild import BuiltSite, Rebuilt
from anew.verify.record import Record
from anew.verify.release import stale_figures


@dataclass(frozen=True)
class Sides:
    """The builds compared with a record: today's and, if the sources changed, the recorded one's.

    `changed` are the places in which the sources differ, `uncommitted` the sources that no commit
    holds, `digest` is that of today's sources.
    """

    today: Rebuilt
    then: Rebuilt | None
    commit: str | None
    digest: str
    changed: Sequence[Difference] = ()
    uncommitted: Sequence[str] = ()

    @property
    def exact(self) -> Rebuilt:
        """The build whose bytes are compared."""
        return self.then or self.today


def certify(project: Project, record: Record, sides: Sides) -> Certificate:
    """Return the certificate of one record."""
    today = sides.today.site
    files = _files(project, record, sides.exact.site)
    counts, numbers = dict.fromkeys(KINDS, (0, 0)), list[Difference]()
    if today:
        counts, numbers = compare_numbers(record.numbers, today.numbers)
    figures, drawn = _figures(project, today)
    promise = _promise(record, sides.exact.site)
    unkept = [one for one in files if one.level not in promise.accepts]
    unkept.sort(key=lambda one: one.level in (Level.DERIVED, Level.UNSEEN))  # what says least, last
    likely, other = _ranked(sides)
    errors = [error for one in (sides.today, sides.then) if one for error in one.errors]
    # what was changed and committed since is told, and is no fault if the outcome is the same
    wrong = [*record.altered, *numbers, *unkept, *drawn, *sides.uncommitted]
    alike = all(one.level is Level.BYTES for one in files)
    good = Result.EQUAL if alike else Result.EQUAL_IN_NUMBERS
    worst = max((one.pixels for one in files if one.pixels is not None), default=None)
    report, title, date = _named(project, record.edition)
    return Certificate(
        verdict=Result.FAILED if errors else Result.DIFFERS if wrong else good,
        edition=record.edition,
        report=report,
        title=title,
        date=date,
        engine=anew.__version__,
        subject=model.Subject(kind=record.kind, name=record.name, sha256=record.sha256),
        signature=record.signature,
        promise=promise,
        environment=_environment(project, record),
        sources=_sources(record, sides),
        files=_counted(files),
        numbers=model.Numbers(relative=RELATIVE, negligible=NEGLIGIBLE, **counts),
        pixels=model.Pixels(tolerance=TOLERANCE, figures=figures, worst=worst),
        claims=_claims(today),
        statements=_statements(today),
        errors=list(dict.fromkeys(errors)),
        differences=[
            *record.altered,
            *likely,
            *numbers,
            *(told for one in unkept for told in one.differences or [_in_bytes_only(one)]),
            *drawn,
            *other,
        ],
    )


def _files(project: Project, record: Record, made: BuiltSite | None) -> list[FileResult]:
    if made is None:
        return []
    files = compare_files(
        record.files, made.manifest.files, made.folder, lambda name: record.content(project, name)
    )
    one, two = (
        side.versions.get("typesetter", "").partition(" ")[0]
        for side in (record.manifest, made.manifest)
    )
    return files if one == two else [_typeset_apart(result) for result in files]


def _typeset_apart(result: FileResult) -> FileResult:
    """Return the result of a file whose two sides were set by different programs.

    What a typesetter makes is then no difference; what the notebooks made still is.
    """
    made = result.name.startswith(("report/", "site_libs/", "pagefind/", "theme/"))
    if not made and not result.name.endswith(".html") or result.level is Level.BYTES:
        return result
    return replace(result, level=Level.DERIVED, pixels=None, differences=())


def _counted(files: Sequence[FileResult]) -> model.Files:
    return model.Files(
        of=len(files),
        equal=sum(one.level is Level.BYTES for one in files),
        levels=dict(sorted(Counter(one.level for one in files).items())),
        unequal=[
            model.UnequalFile(name=one.name, level=one.level, pixels=one.pixels)
            for one in files
            if one.level is not Level.BYTES
        ],
    )


def _figures(project: Project, today: BuiltSite | None) -> tuple[tuple[int, int], list[Difference]]:
    """Return how many of the pictures that git tracks are what today's sources draw, and the rest.

    They are those of the newest edition; for another there is nothing to compare.
    """
    if today is None or load_editions(project).default != today.manifest.edition:
        return (0, 0), []
    if today.manifest.request.only or today.manifest.request.parameters:
        return (0, 0), []
    drawn = sorted(path.name for path in (today.folder / "figures").glob("*.svg"))
    found: list[Difference] = []
    for name in stale_figures(project, today.folder):
        kept, made = project.figures / name, today.folder / "figures" / name
        if kept.is_file() and made.is_file():
            result = compare_file(f"figures/{name}", kept.read_bytes(), made.read_bytes(), "figure")
            apart = Difference("figure", result.name, {"apart": result.pixels or 0.0})
            found += result.differences or [apart]
        elif kept.is_file() or project.figures.is_dir():
            found.append(Difference("figure", f"figures/{name}"))
    stale = {one.name for one in found}
    return (len(drawn) - sum(f"figures/{n}" in stale for n in drawn), len(drawn)), found


def _ranked(sides: Sides) -> tuple[list[Difference], list[Difference]]:
    """Return the changed sources in the order in which a reviewer should look at them.

    First what no commit holds, then data, computation and text; apart from these the engine.
    """
    folders = ("data", "analysis", "report")
    open_changes = set(sides.uncommitted)

    def rank(one: Difference) -> tuple[bool, int]:
        folder = one.name.partition("/")[0]
        place = folders.index(folder) if folder in folders else len(folders)
        return one.name not in open_changes, place

    ranked = sorted(sides.changed, key=rank)
    engine = [one for one in ranked if rank(one) == (True, len(folders))]
    return [one for one in ranked if one not in engine], engine


def _in_bytes_only(result: FileResult) -> Difference:
    return Difference("file", result.name, {"only": str(result.level)})


def _promise(record: Record, made: BuiltSite | None) -> model.Promise:
    if made is None or record.manifest.versions == made.manifest.versions:
        return model.Promise(level="bytes", accepts=[Level.BYTES])
    return model.Promise(level="numbers", accepts=sorted(ELSEWHERE))


def _environment(project: Project, record: Record) -> model.Environment:
    """Return the versions on both sides, and what of this side departs from the lock."""
    recorded = record.manifest.versions
    here = versions(recorded.get("typesetter", "embedded"))
    lock = project.lock_file
    held = None
    if lock.is_file():
        compared = compare_environment(lock)
        held = model.Lock(
            sha256=sha256(lock),
            recorded=record.manifest.inputs.get(lock.name),
            packages=compared.locked,
            departures=list(compared.departures),
        )
    return model.Environment(
        recorded=recorded,
        here=here,
        differs=[
            model.OtherVersion(name=name, recorded=recorded.get(name), here=here.get(name))
            for name in sorted({*recorded, *here})
            if recorded.get(name) != here.get(name)
        ],
        lock=held,
    )


def _sources(record: Record, sides: Sides) -> model.SourceState:
    recorded = record.sources
    same = recorded.sha256 == sides.digest if recorded else False if sides.changed else None
    return model.SourceState(
        recorded=recorded.sha256 if recorded else None,
        today=sides.digest,
        same=same,
        commit=recorded.commit if recorded else None,
        bytes_at=sides.commit or "today",
        changed=sorted({one.name for one in sides.changed}),
        uncommitted=list(sides.uncommitted),
    )


def _claims(today: BuiltSite | None) -> model.Claims:
    if today is None:
        return model.Claims()
    claims = today.numbers.claims
    fails = sorted(id for id, one in claims.items() if not one.result)
    places = made_at(today.folder)
    return model.Claims(
        holds=sorted(set(claims) - set(fails)), fails=fails, said=[id for id in fails if places[id]]
    )


def _statements(today: BuiltSite | None) -> dict[Verdict, list[str]]:
    """Return the statements of the study by the verdict of today's build."""
    found: dict[Verdict, list[str]] = {}
    if today is not None:
        for id, one in sorted(today.numbers.statements.items()):
            found.setdefault(cast(Verdict, one.result), []).append(id)
    return dict(sorted(found.items()))


def _named(project: Project, edition: str) -> tuple[Texts, Texts, str | None]:
    """Return the titles of the report and the edition, and its date, the certificate's only one."""
    editions = load_editions(project)
    title = read_settings(project.root).title
    report = dict(title)
    if edition not in list(editions):
        return report, dict.fromkeys(LANGUAGES, edition), None
    named = editions[edition]
    return report, named.title, str(named.date)
