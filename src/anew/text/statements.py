"""Statements of the reproduced study, and the verdict of the data on each.

A statement is written down once (`data/published/claims.yml`): what is printed, how finely it was
rounded, which tables could decide it. A notebook finds the project's own values or the outcome of a
test, with evidence. The verdict follows from the two and is typed nowhere.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from anew.project.configuration import Entry, Text, checked, read_yaml
from anew.project.errors import AnewError, unknown
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.text.facts import Unit


class StatementError(AnewError):
    """A statement, or what a notebook found on it, that cannot be judged as it stands."""


class Printed(Entry):
    """A number as the study prints it: `value` × `scale` base units, rounded at `decimals`."""

    value: int | float
    unit: str
    decimals: int
    scale: float = 1.0
    relation: Literal["is", "above", "below"] = "is"

    @property
    def base(self) -> float:
        """The printed value in the base unit: 41.4 trillion is 4.14e13."""
        return float(self._exact)

    @property
    def _exact(self) -> Decimal:
        return Decimal(repr(self.value)) * Decimal(repr(self.scale))

    @property
    def _half_step(self) -> Decimal:
        return Decimal(repr(self.scale)).scaleb(-self.decimals) / 2

    def fits(self, ours: float) -> bool:
        """Return whether `ours` (base unit) prints as this number, or keeps its relation.

        A tie fits both its neighbours, since no study says how it rounds ties. For `above` and
        `below` the bound itself does not fit. A value that is not finite never fits.
        """
        ours = float(ours)
        if not math.isfinite(ours):
            return False
        if self.relation == "above":
            return Decimal(ours) > self._exact
        if self.relation == "below":
            return Decimal(ours) < self._exact
        # Both readings of a float: its exact binary value and the digits it is written with.
        readings = (Decimal(ours), Decimal(repr(ours)))
        return any(abs(reading - self._exact) <= self._half_step for reading in readings)

    def show(self, unit: Unit, language: str, ours: float | None = None) -> str:
        """Return the number, or `ours` beside it, in `language` and with the study's own digits.

        41.4 trillion reads 41.4 万亿美元 and US$41.4 trillion, whatever decimals the unit has.
        """
        form = unit.forms[language]
        step = Decimal(repr(self.scale)).scaleb(-self.decimals) / Decimal(repr(form.scale))
        digits = max(-step.normalize().as_tuple().exponent, 0)  # type: ignore[operator]
        exact = Unit(unit.name, {language: replace(form, decimals=digits)})
        return exact.print(self.base if ours is None else float(ours), language)

    def rounded(self, ours: float) -> float:
        """Return `ours` (base unit) rounded as the study rounds, in the unit times the scale."""
        scaled = Decimal(repr(float(ours))) / Decimal(repr(self.scale))
        step = Decimal(1).scaleb(-self.decimals)
        return float((scaled / step).to_integral_value(rounding="ROUND_HALF_UP") * step)


class Statement(Entry):
    """One thing the study states; `section` and `figure` are the study's own."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    section: Annotated[int, Field(ge=1)]
    kind: Literal["number", "statement"]
    says: Text
    needs: list[str]
    measure: Literal["same", "substitute", "arithmetic"]
    figure: str | None = None
    values: list[Printed] = []

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Statement:
        if self.kind == "number" and not self.values:
            raise ValueError(Phrase("is a number without values: say what is printed"))
        return self

    def missing(self, tables: Collection[str]) -> tuple[str, ...]:
        """Return the tables it needs that are not among `tables`."""
        return tuple(name for name in self.needs if name not in tables)


class Study(Entry):
    """The file: the statements, and the tables that they need and that are not available."""

    statements: list[Statement]
    wanted: dict[str, Text] = {}

    @model_validator(mode="after")
    def _uses_an_id_once(self) -> Study:
        ids = [statement.id for statement in self.statements]
        twice = sorted({id for id in ids if ids.count(id) > 1})
        if twice:
            raise ValueError(Phrase("uses an id twice: {ids}", ids=twice))
        return self


class Verdict(StrEnum):
    """What the data say to a statement."""

    REPRODUCED = "reproduced"
    DIFFERS = "differs"
    INDICATIVE = "indicative"
    NOT_TESTABLE = "not-testable"


@dataclass(frozen=True)
class Statements(Mapping[str, Statement]):
    """The statements of a study by id, in file order, and the tables that are not available."""

    by_id: Mapping[str, Statement]
    wanted: Mapping[str, Mapping[str, str]]
    file: str

    def __getitem__(self, id: str) -> Statement:
        return self.by_id[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_id)

    def __len__(self) -> int:
        return len(self.by_id)


def judge(
    statement: Statement,
    tables: Collection[str],
    *,
    ours: float | Sequence[float] | None = None,
    agrees: bool | None = None,
) -> Verdict:
    """Return the verdict on `statement`, given the catalogue's `tables` and what a notebook found.

    not-testable: a needed table is not in the catalogue. indicative: a substitute measure was
    tested, which confirms and refutes nothing; or arithmetic gave only a bound, and the statement
    keeps it. reproduced or differs: the printed numbers against `ours` at their stated rounding
    (kind `number`), or the outcome `agrees` of the test (kind `statement`). Raises StatementError
    when what was found cannot lead to a verdict of that kind and measure.
    """
    if statement.missing(tables):
        return Verdict.NOT_TESTABLE
    by_test = statement.kind == "statement" or statement.measure == "substitute"
    if by_test and agrees is None:
        raise StatementError(
            "The statement {statement} needs the outcome of a test.",
            "Give `agrees`: what the sentence says, tested on the data.",
            code="wrong-statement",
            statement=statement.id,
        )
    if statement.measure == "substitute":
        return Verdict.INDICATIVE
    if by_test:
        return Verdict.REPRODUCED if agrees else Verdict.DIFFERS
    if agrees is None:
        return Verdict.REPRODUCED if _all_fit(statement, ours) else Verdict.DIFFERS
    if statement.measure != "arithmetic":
        raise StatementError(
            "The statement {statement} is of numbers, and these are compared.",
            "Leave `agrees` out and give the values as `ours`.",
            code="wrong-statement",
            statement=statement.id,
        )
    return Verdict.INDICATIVE if agrees else Verdict.DIFFERS


def as_values(ours: object) -> list[float | int]:
    """Return `ours` as a list of plain numbers: none, one, or several."""
    if ours is None:
        return []
    values: list[float | int] = []
    for given in ours if isinstance(ours, (list, tuple)) else [ours]:
        value = given.item() if hasattr(given, "item") else given
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise StatementError(
                "Our value {value!r} is not a number.",
                "Give numbers as `ours`.",
                code="wrong-statement",
                value=value,
            )
        values.append(value)
    return values


def load_statements(project: Project) -> Statements:
    """Return the statements of the study that `project` reproduces; none without a file.

    Raises DataError naming line and key for all that the file should not have: unknown keys,
    wrong types, ids used twice, a number without values.
    """
    name = project.relative(project.published)
    if not project.published.exists():
        return Statements({}, {}, name)
    data, lines = read_yaml(project.published, name)
    study = checked(Study, data, lines, name)
    return Statements({entry.id: entry for entry in study.statements}, study.wanted, name)


def check_statements(
    statements: Statements, tables: Collection[str], units: Collection[str]
) -> None:
    """Check the statements against the catalogue's `tables` and the project's `units`.

    Raises StatementError for a needed table that is neither catalogued nor described as wanted
    (a slip of the pen would otherwise read as not testable), for a wanted table that no statement
    needs or that the catalogue has meanwhile, and for an unknown unit.
    """
    needed = {table for statement in statements.values() for table in statement.needs}
    for statement in statements.values():
        for table in statement.needs:
            if table not in tables and table not in statements.wanted:
                raise StatementError(
                    "{file}: {statement} needs the table {table!r}, which is neither in the "
                    "catalogue nor under `wanted`.",
                    "Correct the name, or describe the missing table under `wanted`.",
                    code="wrong-statement",
                    file=statements.file,
                    statement=statement.id,
                    table=table,
                )
        for printed in statement.values:
            if printed.unit not in units:
                raise unknown("unit", printed.unit, units, f"{statements.file}: {statement.id}")
    for table in statements.wanted:
        if table in tables or table not in needed:
            raise StatementError(
                "{file}: the table {table!r} is under `wanted`, but the catalogue has it."
                if table in tables
                else "{file}: the table {table!r} is under `wanted`, but no statement needs it.",
                "Take it out of `wanted`.",
                code="wrong-statement",
                file=statements.file,
                table=table,
            )


def _all_fit(statement: Statement, ours: object) -> bool:
    values = as_values(ours)
    if len(values) != len(statement.values):
        raise StatementError(
            "The statement {statement} has {printed} printed numbers, and {given} of "
            "ours are given.",
            "Give `ours` as one value for each printed number, in the same order.",
            code="wrong-statement",
            statement=statement.id,
            printed=len(statement.values),
            given=len(values),
        )
    pairs = zip(statement.values, values, strict=True)
    return all(printed.fits(value) for printed, value in pairs)
