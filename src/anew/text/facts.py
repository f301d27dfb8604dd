"""Facts: computed values with a unit, formatted for each language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, RootModel, create_model

from anew.project.configuration import Entry, checked, read_yaml
from anew.project.errors import AnewError, unknown
from anew.project.language import KNOWN, LANGUAGES, TAGS
from anew.project.phrases import Phrase
from anew.tables.periods import (
    EXAMPLES,
    KINDS,
    NOUNS,
    Kind,
    as_number,
    from_number,
    is_written,
    said,
)

#: Units that every report has.
_COMMON = Path(__file__).with_name("units.yml")


@dataclass(frozen=True)
class Form:
    """How one language prints a unit: `pattern` holds {n}, the value divided by `scale`."""

    pattern: str
    scale: float = 1.0
    decimals: int = 0
    grouping: bool = True


@dataclass(frozen=True)
class Unit:
    """A unit of facts, with its form in every language.

    `difference` is the unit of the difference between two values, where it is another: that of two
    percentages is percentage points. `period` is the kind of period that a value is, such as
    202403 for March 2024.
    """

    name: str
    forms: Mapping[str, Form]
    difference: str = ""
    period: Kind | None = None

    def with_decimals(self, decimals: int) -> Unit:
        """Return the unit printed with another number of decimals."""
        forms = {la: replace(form, decimals=decimals) for la, form in self.forms.items()}
        return replace(self, forms=forms)

    def print(self, value: float, language: str) -> str:
        """Return `value` (in base units) as `language` prints it, rounded half up."""
        from babel.numbers import format_decimal

        if self.period and (written := from_number(self.period, value)):
            return said(written, language)
        form = self.forms[language]
        quantum = Decimal(1).scaleb(-form.decimals)
        scaled = (Decimal(repr(value)) / Decimal(repr(form.scale))).quantize(
            quantum, rounding=ROUND_HALF_UP
        )
        if scaled == 0:
            scaled = abs(scaled)  # no "-0.0"
        digits = "0" * form.decimals
        pattern = ("#,##0" if form.grouping else "0") + (f".{digits}" if digits else "")
        number = format_decimal(scaled, format=pattern, locale=TAGS[language].replace("-", "_"))
        return form.pattern.format(n=number.replace("-", "\u2212"))


def print_difference(value: float, unit: str, units: Mapping[str, Unit], language: str) -> str:
    """Return the difference between two values of `unit` with its sign: +6.9 percentage points."""
    chosen = units[units[unit].difference or unit]
    return ("\u2212" if value < 0 else "+") + chosen.print(abs(value), language)


def _printable(pattern: str) -> str:
    try:
        said = pattern.format(n="0")
    except (KeyError, IndexError, ValueError):
        raise ValueError(Phrase("has a brace that is not part of {n}; print one with {{")) from None
    if "{n}" not in pattern:
        raise ValueError(Phrase("is {said!r}, without {{n}} where the number goes", said=said))
    return pattern


class _Form(Entry):
    pattern: Annotated[str, AfterValidator(_printable)]
    scale: float = Field(1.0, gt=0, allow_inf_nan=False)
    decimals: int = Field(0, ge=0, le=15)
    grouping: bool = True


@cache
def units_model(languages: tuple[str, ...]) -> type[RootModel[dict[str, Any]]]:
    """Return the model of a file of units: a unit has a form in each language of the report."""
    forms: dict[str, Any] = {
        la: (_Form, ...) if la in languages else (_Form | None, None) for la in KNOWN
    }
    unit = create_model("Unit", __base__=Entry, **forms, difference=(str, ""))
    return RootModel[dict[str, unit]]  # type: ignore[valid-type]


def load_units(path: Path) -> dict[str, Unit]:
    """Return the common units and those of a project (`analysis/units.yml`, if any) by name.

    Raises AnewError, with the line, for an unknown key, a value of a wrong type, a pattern without
    {n}, a missing language and a unit that appears twice.
    """
    plain = {la: Form("{n}", grouping=False) for la in LANGUAGES}
    units: dict[str, Unit] = {
        kind: Unit(kind, plain, period=kind) for kind in KINDS if kind != "year"
    }
    for file, shown in ((_COMMON, _COMMON.name), (path, f"{path.parent.name}/{path.name}")):
        if not file.is_file():
            continue
        data, lines = read_yaml(file, shown)
        written = checked(units_model(tuple(LANGUAGES)), data, lines, shown).root
        for name, entry in written.items():
            if entry.difference and entry.difference not in {*units, *written}:
                line = lines[(name, "difference")]
                where = Phrase(
                    "{file}, line {line}, {key}", file=shown, line=line, key=f"{name}.difference"
                )
                raise unknown("unit", entry.difference, {*units, *written}, where)
            forms = {la: Form(**vars(getattr(entry, la))) for la in LANGUAGES}
            units[name] = Unit(name, forms, entry.difference)
    return units


def checked_value(id: str, value: object, unit: str, units: Mapping[str, Unit]) -> float | int:
    """Return a fact's value as a plain number; a month `2024-03` as 202403.

    Raises AnewError for an unknown unit and for a value that is not a finite number, or not a
    period of the unit: a gap in the data must be handled where it arises, never printed.
    """
    if unit not in units:
        raise unknown("unit", unit, units, f"fact {id}")
    if kind := units[unit].period:
        written = value if isinstance(value, str) else from_number(kind, value)
        if written is None or not is_written(kind, written):
            raise AnewError(
                "Fact {id} has the value {value!r}, which is not a {kind}.",
                "Write a {kind} as {example}, as the tables do.",
                code="wrong-fact",
                id=id,
                value=value,
                kind=NOUNS[kind],
                example=EXAMPLES[kind],
            )
        return as_number(written)
    if hasattr(value, "item"):
        value = value.item()  # a numpy scalar
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise AnewError(
            "Fact {id} has the value {value!r}, which is not a finite number.",
            "Check the rows it is computed from: a value is probably missing in this "
            "vintage. State the fact only when it exists, or choose another year.",
            code="wrong-fact",
            id=id,
            value=value,
        )
    return value
