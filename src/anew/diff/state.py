"""The state of a report, for comparison: facts, claims, statements, figures with their data.

A state comes from what a build or a dry run gathered, from the folder of a built site, or from a
released manifest. Sentences are compared page by page, see `anew.diff.sites`.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from anew.figures.points import Row
from anew.notebook.findings import Woven, WovenFigure
from anew.project.errors import AnewError
from anew.project.manifest import Judgement, Manifest
from anew.project.manifest import Outcome as Recorded

#: The values that decide a claim or a statement, by what they are.
Evidence: TypeAlias = Mapping[str, object]


@dataclass(frozen=True)
class Fact:
    """The value of a fact in base units; `figure` is the address of the notebook that states it."""

    value: float | None
    unit: str
    figure: str = ""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a claim (whether it holds) or of a statement (its verdict), with evidence.

    `ours` and `agrees` are a statement's: our values for its numbers, the test of its words.
    """

    result: bool | str | None
    evidence: Evidence = field(default_factory=dict)
    figure: str = ""
    ours: object = None
    agrees: object = None

    @property
    def word(self) -> str:
        """The outcome as a text: `true`, `false` or a verdict."""
        return str(self.result).lower()

    def recorded(self) -> dict[str, object]:
        """Return the part that a released manifest keeps."""
        if isinstance(self.result, str):
            return {
                "verdict": self.result, "agrees": self.agrees, "ours": self.ours,
                "evidence": self.evidence,
            }  # fmt: skip
        return {"holds": self.result, "evidence": self.evidence}


@dataclass(frozen=True)
class Figure:
    """A figure's titles by language, and by table the names of its agencies in each language."""

    titles: Mapping[str, str]
    agencies: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class State:
    """A report at one time, by id; `data` are the lines of each figure's CSV by address.

    `name` is the edition. `built` tells a site's folder from what the edition would state now; a
    site also has `pictures`, the sha256 of each by its file's name.
    """

    name: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    claims: Mapping[str, Outcome] = field(default_factory=dict)
    statements: Mapping[str, Outcome] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    data: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)
    built: bool = False

    def rows(self, address: str) -> list[Row]:
        """Return the data of a figure as rows of texts by column; none for an unknown figure."""
        return list(csv.DictReader(self.data.get(address, ())))

    def recorded(self) -> dict[str, object]:
        """Return what a released manifest holds besides facts: data, claims, statements."""
        return {
            "data": self.data,
            "claims": {id: one.recorded() for id, one in sorted(self.claims.items())},
            "statements": {id: one.recorded() for id, one in sorted(self.statements.items())},
        }


def state_from(
    woven: Woven,
    data: Mapping[str, Sequence[str]],
    pictures: Mapping[str, str] | None = None,
) -> State:
    """Return the state of what was gathered of an edition.

    `data` are the lines of each figure's CSV by address, `pictures` those of a built site.
    """
    return State(
        woven.edition,
        {id: Fact(one.value, one.unit, one.figure) for id, one in woven.facts.items()},
        {id: Outcome(one.holds, one.evidence, one.figure) for id, one in woven.claims.items()},
        {
            id: Outcome(str(one.verdict), one.evidence, one.figure, one.ours, one.agrees)
            for id, one in woven.statements.items()
        },
        {address: _figure(one) for address, one in woven.figures.items()},
        data,
        pictures or {},
        built=pictures is not None,
    )


def _outcomes(found: Any, key: str) -> dict[str, Outcome]:
    """Return claims or statements by id; whatever else stands in a damaged file is passed over."""
    if not isinstance(found, Mapping):
        return {}
    return {
        id: Outcome(
            one.get(key), one.get("evidence") or {}, one.get("figure", ""), one.get("ours"),
            one.get("agrees"),
        )
        for id, one in found.items()
        if isinstance(one, Mapping)
    }  # fmt: skip


def _figure(woven: WovenFigure) -> Figure:
    agencies: dict[str, list[Mapping[str, str]]] = {}
    for source in woven.sources:
        known = agencies.setdefault(source.table, [])
        if source.agency not in known:
            known.append(source.agency)
    return Figure(
        {language: words.title for language, words in woven.words.items()},
        {table: _joined(names) for table, names in agencies.items()},
    )


def _joined(agencies: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return the agencies of one table as one name by language, whatever their order."""
    return {
        language: "; ".join(sorted(agency[language] for agency in agencies))
        for language in agencies[0]
    }


def is_site(target: str) -> bool:
    """Whether `target` is the folder of a built site; it takes precedence over an edition."""
    return (Path(target) / "facts.json").is_file()


def site_state(folder: Path) -> State:
    """Return the state of a built site. Raises AnewError when one of its records is damaged."""
    woven = site_records(folder)
    data = {address: _lines(folder / "figures" / f"{address}.csv") for address in woven.figures}
    drawn = (folder / "figures").glob("*.svg")
    pictures = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in drawn}
    return state_from(woven, data, pictures)


def site_records(folder: Path) -> Woven:
    """Return what a built site records of itself.

    Raises AnewError when a record is missing or is not as a build writes it.
    """
    read = {}
    for name in ("facts", "claims", "figures"):
        path = folder / f"{name}.json"
        read[name] = _json(path)
        if not read[name]:
            raise AnewError(
                "{path} is missing or is not JSON.",
                "Build the site: anew build.",
                code="not-built",
                path=path,
            )
    try:
        return Woven.model_validate(
            {
                "edition": read["facts"]["edition"],
                "facts": read["facts"]["facts"],
                "claims": read["claims"]["claims"],
                # no notebook tests a statement whose tables are not there
                "statements": {
                    id: one
                    for id, one in read["claims"]["statements"].items()
                    if one.get("figure") is not None
                },
                "figures": read["figures"],
            }
        )
    except (KeyError, AttributeError, AnewError):
        raise AnewError(
            "{file}, claims.json or figures.json is damaged.",
            "Build the site again: anew build.",
            code="not-built",
            file=folder / "facts.json",
        ) from None


def verified_state(folder: Path, facts: Mapping[str, Sequence[Any]]) -> State:
    """Return what can be verified of a site: the facts of its manifest, the rest from its files.

    A file that is missing or damaged counts as empty: its hash tells that.
    """
    tested = _json(folder / "claims.json")
    files = sorted((folder / "figures").glob("*.csv"))
    return State(
        facts=_facts(facts),
        claims=_outcomes(tested.get("claims"), "holds"),
        statements=_outcomes(tested.get("statements"), "verdict"),
        data={path.stem: _lines(path) for path in files},
    )


def made_at(folder: Path) -> dict[str, list[str]]:
    """Return where the text of a site makes each of its claims, as file:line."""
    claims = _json(folder / "claims.json").get("claims")
    known = claims.items() if isinstance(claims, Mapping) else ()
    return {id: list(one.get("places") or ()) for id, one in known if isinstance(one, Mapping)}


def manifest_state(manifest: Manifest) -> State:
    """Return the state that a manifest records; one that was not released has facts only."""
    return State(
        manifest.edition,
        _facts(manifest.facts),
        {id: Outcome(one.holds, _evidence(one)) for id, one in manifest.claims.items()},
        {
            id: Outcome(one.verdict, _evidence(one), ours=one.ours, agrees=one.agrees)
            for id, one in manifest.statements.items()
        },
        data=manifest.data,
    )


def _evidence(one: Recorded | Judgement) -> Evidence:
    return one.evidence if isinstance(one.evidence, dict) else {}


def _facts(values: Mapping[str, Sequence[Any]]) -> dict[str, Fact]:
    return {id: Fact(*pair) for id, pair in values.items() if len(pair) == 2}


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", "replace").splitlines()


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, Mapping) else {}
