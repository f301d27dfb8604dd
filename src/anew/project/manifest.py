"""The manifest: what went into a build, what came out, by sha256, and with which versions.

The model is in the lowest room because `build` writes manifests and `verify` compares them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, StrictBool, StrictFloat, StrictInt

from anew.project.configuration import Entry
from anew.project.errors import AnewError
from anew.project.foreign import read_json
from anew.project.phrases import Phrase
from anew.project.writing import dump, sha256, write_text

NAME = "manifest.json"

#: The folder of a site for its certificate, which is written after the build and not part of it.
CERTIFICATE = "certificate"


def _inside(name: str) -> str:
    if "\\" in name or name == NAME or {"", ".", ".."} & set(name.split("/")):
        raise ValueError(Phrase("is not a relative file name"))
    return name


EditionName = Annotated[str, Field(pattern=r"^\w[\w.-]*$", max_length=80)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40,64}$")]
FileName = Annotated[str, Field(max_length=400), AfterValidator(_inside)]
Digests = Annotated[dict[FileName, Sha256], Field(max_length=20_000)]
Number = StrictInt | StrictFloat
#: A value and its unit.
Fact = tuple[Number, str]
Verdict = Literal["reproduced", "differs", "indicative", "not-testable"]
Parameter = StrictBool | Number | str | list[StrictBool | Number | str] | None
Parameters = dict[str, dict[str, Parameter]]


class Asked(Entry):
    """The request of a build, so that the build can be repeated.

    `only` are the figures of a part, `parameters` those that were set; `editions` are the
    editions on the same site: name, place from this one's root, whether the newest.
    """

    formats: list[Literal["html", "pdf", "docx"]] = ["html", "pdf"]
    only: list[Annotated[str, Field(pattern=r"^\w+$")]] = []
    parameters: Parameters = {}
    editions: list[tuple[EditionName, str, StrictBool]] = []


class Outcome(Entry):
    """Whether a claim holds, and the values that decide it."""

    holds: StrictBool
    evidence: JsonValue = None


class Judgement(Entry):
    """The verdict on a statement of the study, and the values found."""

    verdict: Verdict
    agrees: StrictBool | None = None
    ours: list[Number] | None = None
    evidence: JsonValue = None


class Sources(Entry):
    """The sources of a released build: their common sha256, each one's, the commit with them."""

    commit: Commit | None
    sha256: Sha256
    files: Digests


class Manifest(Entry):
    """The manifest of a build; a released one holds its figure data, outcomes and sources too.

    Holds no clock, no path of a machine and no name of a person: two builds of one state are equal
    in it.
    """

    edition: EditionName
    request: Asked = Asked()
    parameters: Parameters = {}
    versions: dict[str, str]
    inputs: Digests
    facts: dict[str, Fact]
    files: Digests
    data: dict[str, list[str]] = {}
    claims: dict[str, Outcome] = {}
    statements: dict[str, Judgement] = {}
    sources: Sources | None = None

    def text(self) -> str:
        """Return the manifest as the file that holds it."""
        return dump(self.model_dump(exclude_unset=True))


def digests(
    folder: Path, apart: str = "", digest: Callable[[Path], str] = sha256
) -> dict[str, str]:
    """Return the sha256 of every file below `folder` but its manifest, by relative path, sorted.

    The folder `apart`, other editions with manifests of their own, is left out, and so is the
    certificate. `digest` may remember what it hashed.
    """
    others = tuple(f"{name}/" for name in (apart, CERTIFICATE) if name)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in files}
    return {
        name: digest(path)
        for name, path in named.items()
        if name != NAME and not name.startswith(others)
    }


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest into the site that it describes."""
    write_text(folder / NAME, manifest.text())


def read_manifest(path: Path) -> Manifest:
    """Return the manifest at `path`, a file or a site's folder, checked whole.

    Raises AnewError when there is none or any part of it is not what it must be.
    """
    file = path / NAME if path.is_dir() else path
    if not file.is_file():
        raise AnewError(
            "There is no manifest at {file}.",
            "Build first: anew build.",
            code="not-built",
            file=file,
        )
    return read_json(Manifest, file, file.as_posix())


def matches(
    folder: Path,
    manifest: Manifest,
    apart: str = "",
    digest: Callable[[Path], str] = sha256,
) -> bool:
    """Return whether `folder` holds `manifest` and exactly the files it lists, byte for byte."""
    file = folder / NAME
    if not file.is_file() or file.read_text("utf-8") != manifest.text():
        return False
    return digests(folder, apart, digest) == manifest.files
