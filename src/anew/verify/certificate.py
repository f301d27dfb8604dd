"""The certificate: what was compared with what, how equal it is, and where it is not, as data.

It holds no clock, no name of a person and no signature: whoever runs the comparison again on the
same two sides gets the same certificate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anew
from anew.build.identity import configuration
from anew.build.manifest import sha256, versions
from anew.diff.difference import NEGLIGIBLE, RELATIVE, Difference
from anew.diff.numbers import KINDS, compare_numbers
from anew.diff.state import made_at, verified_state
from anew.editions.editions import load_editions
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.verify.environment import compare_environment
from anew.verify.files import ELSEWHERE, FileResult, Level, compare_file, compare_files
from anew.verify.pixels import TOLERANCE
from anew.verify.rebuild import Rebuilt
from anew.verify.record import Record, finder
from anew.verify.release import stale_figures

Certificate = dict[str, Any]


@dataclass(frozen=True)
class Sides:
    """What is compared with a record: today's build, and where the sources have changed since, the

    build of the commit that it names. `changed` says what in the sources is another today,
    `uncommitted` which of it no commit holds, `digest` is that of today's sources.
    """

    today: Rebuilt
    then: Rebuilt | None
    commit: str | None
    digest: str
    changed: Sequence[Difference] = ()
    uncommitted: Sequence[str] = ()

    @property
    def bytes(self) -> Rebuilt:
        """The build whose bytes are compared."""
        return self.then or self.today


def certify(project: Project, record: Record, sides: Sides) -> Certificate:
    """Return the certificate of one record."""
    files = _files(project, record, sides.bytes)
    counts, numbers = _numbers(record, sides.today)
    figures, drawn = _figures(project, sides.today)
    promise = _promise(record, sides.bytes)
    errors = [error for one in (sides.today, sides.then) if one for error in one.errors]
    unkept = [one for one in files if one.level not in promise["accepts"]]
    unkept.sort(key=lambda one: one.level in (Level.DERIVED, Level.UNSEEN))  # what says least, last
    likely, other = _ranked(sides)
    differences = [
        *record.altered,
        *likely,
        *numbers,
        *(told for one in unkept for told in one.differences or [_in_bytes_only(one)]),
        *drawn,
        *other,
    ]
    # what was changed and committed since is told, and is no fault if the outcome is the same
    wrong = [*record.altered, *numbers, *unkept, *drawn, *sides.uncommitted]
    alike = all(one.level is Level.BYTES for one in files)
    verdict = (
        "failed" if errors else "different" if wrong else "equal" if alike else "equal-in-numbers"
    )
    return {
        "verdict": verdict,
        "edition": record.edition,
        **_named(project, record.edition),
        "engine": anew.__version__,
        "subject": {"kind": record.kind, "name": record.name, "sha256": record.digest},
        "promise": {**promise, "accepts": sorted(promise["accepts"])},
        "environment": _environment(project, record),
        "sources": {
            "recorded": (record.sources or {}).get("sha256"),
            "today": sides.digest,
            "same": _same_sources(record, sides),
            "commit": (record.sources or {}).get("commit"),
            "bytes_at": sides.commit or "today",
            "changed": sorted({one.name for one in sides.changed}),
            "uncommitted": list(sides.uncommitted),
        },
        "bytes": {
            "of": len(files),
            "equal": sum(one.level is Level.BYTES for one in files),
            "levels": dict(sorted(Counter(str(one.level) for one in files).items())),
            "unequal": [
                {"name": one.name, "level": str(one.level), "pixels": one.pixels}
                for one in files
                if one.level is not Level.BYTES
            ],
        },
        "numbers": {
            "relative": RELATIVE,
            "negligible": NEGLIGIBLE,
            **{kind: list(counts[kind]) for kind in KINDS},
        },
        "pixels": {"tolerance": TOLERANCE, "figures": figures, "worst": _worst(files)},
        **_verdicts(sides.today),
        "errors": list(dict.fromkeys(errors)),
        "differences": [one.as_dict() for one in differences],
    }


def _files(project: Project, record: Record, made: Rebuilt) -> list[FileResult]:
    if made.site is None:
        return []
    find = finder(project, record)
    files = compare_files(record.files, made.manifest["files"], made.site, find)
    sides = (record.manifest, made.manifest)
    one, two = (str(side["versions"].get("typesetter", "")).partition(" ")[0] for side in sides)
    return files if one == two else [_typeset_apart(result) for result in files]


def _typeset_apart(result: FileResult) -> FileResult:
    """Return the result of a file whose two sides were set by different programs.

    What a typesetter makes is then no difference; what the notebooks made still is.
    """
    made = result.name.startswith(("report/", "site_libs/", "pagefind/", "theme/"))
    if not made and not result.name.endswith(".html") or result.level is Level.BYTES:
        return result
    return FileResult(result.name, Level.DERIVED, None, ())


def _numbers(
    record: Record, today: Rebuilt
) -> tuple[dict[str, tuple[int, int]], list[Difference]]:
    if today.site is None:
        return dict.fromkeys(KINDS, (0, 0)), []
    found = verified_state(today.site, today.manifest.get("facts") or {})
    return compare_numbers(record.numbers, found)


def _figures(project: Project, today: Rebuilt) -> tuple[list[int], list[Difference]]:
    """Return how many of the pictures that git tracks are what today's sources draw, and the rest.

    They are those of the newest edition; for another there is nothing to compare.
    """
    newest = load_editions(project).default == today.edition
    request = {} if today.site is None else today.manifest["request"]
    if today.site is None or not newest or request["only"] or request["parameters"]:
        return [0, 0], []
    drawn = sorted(path.name for path in (today.site / "figures").glob("*.svg"))
    found = []
    for name in stale_figures(project, today.site):
        kept, made = project.figures / name, today.site / "figures" / name
        if kept.is_file() and made.is_file():
            result = compare_file(f"figures/{name}", kept.read_bytes(), made.read_bytes(), "figure")
            found += result.differences or [_drawn_otherwise(result)]
        elif kept.is_file() or project.figures.is_dir():
            found.append(Difference("figure", f"figures/{name}"))
    stale = {one.name for one in found}
    return [len(drawn) - sum(f"figures/{n}" in stale for n in drawn), len(drawn)], found


def _drawn_otherwise(result: FileResult) -> Difference:
    return Difference("figure", result.name, {"apart": result.pixels or 0.0})


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


def _promise(record: Record, made: Rebuilt) -> dict[str, Any]:
    """Return what the two sides promise: bytes where all versions are the same, else numbers."""
    recorded = record.manifest["versions"]
    here = made.manifest["versions"] if made.site is not None else recorded
    level = "bytes" if recorded == here else "numbers"
    accepts = {Level.BYTES} if level == "bytes" else ELSEWHERE
    return {"level": level, "accepts": accepts}


def _environment(project: Project, record: Record) -> dict[str, Any]:
    """Return the versions on both sides, and what of this side departs from the lock."""
    recorded = record.manifest["versions"]
    here = versions(str(recorded.get("typesetter", "embedded")))
    lock = project.lock_file
    held = compare_environment(lock) if lock.is_file() else None
    return {
        "recorded": dict(recorded),
        "here": here,
        "differs": [
            {"name": name, "recorded": recorded.get(name), "here": here.get(name)}
            for name in sorted({*recorded, *here})
            if recorded.get(name) != here.get(name)
        ],
        "lock": None if held is None else {
            "sha256": sha256(lock),
            "recorded": record.manifest["inputs"].get(lock.name),
            "packages": held.locked,
            "departures": [vars(one) for one in held.departures],
        },
    }  # fmt: skip


def _same_sources(record: Record, sides: Sides) -> bool | None:
    if record.sources:
        return record.sources.get("sha256") == sides.digest
    return False if sides.changed else None


def _worst(files: Sequence[FileResult]) -> float | None:
    return max((one.pixels for one in files if one.pixels is not None), default=None)


def _verdicts(today: Rebuilt) -> dict[str, Any]:
    """Return what today's build says of its claims and of the study's statements.

    `said` are the failing claims that the text makes all the same; the others are those of
    sentences prepared for other data.
    """
    if today.site is None:
        return {"claims": {"holds": [], "fails": [], "said": []}, "statements": {}}
    found = verified_state(today.site, {})
    fails = sorted(id for id, one in found.claims.items() if not one.result)
    places = made_at(today.site)
    verdicts: dict[str, list[str]] = {}
    for id, one in sorted(found.statements.items()):
        verdicts.setdefault(str(one.result), []).append(id)
    return {
        "claims": {
            "holds": sorted(id for id, one in found.claims.items() if one.result),
            "fails": fails,
            "said": [id for id in fails if places.get(id)],
        },
        "statements": dict(sorted(verdicts.items())),
    }


def _named(project: Project, edition: str) -> dict[str, Any]:
    """Return the titles of the report and the edition, and its date, the certificate's only one."""
    editions = load_editions(project)
    config = configuration(project.root)
    plain = str((config.get("website") or {}).get("title", "Report"))
    report = (config.get("anew") or {}).get("title") or dict.fromkeys(LANGUAGES, plain)
    if edition not in list(editions):
        return {"report": report, "title": dict.fromkeys(LANGUAGES, edition), "date": None}
    named = editions[edition]
    return {"report": report, "title": dict(named.title), "date": str(named.date)}


def certificates_folder(project: Project) -> Path:
    """Return where certificates are written, a folder for each edition."""
    return project.work / "certificates"
