"""The certificate as data: what was compared, how equal it is, and where it differs.

It holds no time, no name and no signature, so that the same comparison always gives the same
certificate.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from anew.diff.difference import Difference
from anew.project.configuration import Entry
from anew.project.foreign import read_json
from anew.project.manifest import Commit, EditionName, FileName, Sha256, Verdict
from anew.project.paths import Project
from anew.project.writing import dump
from anew.verify.environment import Departure
from anew.verify.files import Level

FILE = "certificate.json"

#: How many are equal, of how many.
Count = tuple[int, int]
Texts = dict[str, str]


class Result(StrEnum):
    """The result of a comparison, the best first."""

    EQUAL = "equal"
    EQUAL_IN_NUMBERS = "equal-in-numbers"
    DIFFERS = "differs"
    FAILED = "failed"


class Subject(Entry):
    """The subject of the comparison: its name, and the sha256 of its manifest."""

    kind: Literal["manifest", "site", "url"]
    name: str
    sha256: Sha256


class Signature(Entry):
    """Whether the record is signed: by whom, as the project lists them, and with which key.

    A signature that does not match, or by a key that is not listed, is refused before anything is
    compared; it is unchecked only where this machine has no OpenSSH.
    """

    state: Literal["signed", "unsigned", "unchecked"]
    signer: str | None = None
    key: str | None = None


class Promise(Entry):
    """The promised level: equal bytes where all versions are the same, else equal numbers."""

    level: Literal["bytes", "numbers"]
    accepts: list[Level]


class OtherVersion(Entry):
    """A version that differs; None where a side does not have it."""

    name: str
    recorded: str | None
    here: str | None


class Lock(Entry):
    """The lock file: its sha256 here and in the record, and packages that are not as locked."""

    sha256: Sha256
    recorded: Sha256 | None
    packages: int
    departures: list[Departure]


class Environment(Entry):
    """The versions on both sides, those that differ, and the lock file where there is one."""

    recorded: dict[str, str]
    here: dict[str, str]
    differs: list[OtherVersion]
    lock: Lock | None


class SourceState(Entry):
    """The sources: their digests, the recorded commit, where bytes were compared, what changed.

    `same` is None where the record does not tell; `bytes_at` is a commit or "today".
    """

    recorded: Sha256 | None
    today: Sha256
    same: bool | None
    commit: Commit | None
    bytes_at: Commit | Literal["today"]
    changed: list[str]
    uncommitted: list[str]


class UnequalFile(Entry):
    """A file that is not equal byte for byte: its level, the mean difference of its pixels."""

    name: FileName
    level: Level
    pixels: float | None


class Files(Entry):
    """How many files there are, how many are equal byte for byte, and the others."""

    of: int
    equal: int
    levels: dict[Level, int]
    unequal: list[UnequalFile]


class Numbers(Entry):
    """How many facts, figure data, claims and statements are equal, and the tolerances."""

    relative: float
    negligible: float
    facts: Count
    data: Count
    claims: Count
    statements: Count


class Pixels(Entry):
    """Pictures in git that equal what the sources draw, and the largest difference of any file."""

    tolerance: float
    figures: Count
    worst: float | None


class Claims(Entry):
    """Claims of today's build by outcome; `said` are failing ones that the text states."""

    holds: list[str] = []
    fails: list[str] = []
    said: list[str] = []


class Certificate(Entry):
    """The certificate of one edition."""

    verdict: Result
    edition: EditionName
    report: Texts
    title: Texts
    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")] | None
    engine: str
    subject: Subject
    signature: Signature
    promise: Promise
    environment: Environment
    sources: SourceState
    files: Files
    numbers: Numbers
    pixels: Pixels
    claims: Claims
    statements: dict[Verdict, list[str]]
    errors: list[str]
    differences: list[Difference]

    @property
    def kept(self) -> bool:
        """Whether the promise of equality is kept."""
        return self.verdict in (Result.EQUAL, Result.EQUAL_IN_NUMBERS)

    def text(self) -> str:
        """Return the certificate as the file that holds it."""
        return dump(self.model_dump(mode="json"))


def read_certificate(path: Path) -> Certificate:
    """Return the certificate in a file, checked whole. Raises AnewError for anything else."""
    return read_json(Certificate, path, path.as_posix())


def certificates_folder(project: Project) -> Path:
    """Return where certificates are written, a folder for each edition."""
    return project.work / "certificates"
