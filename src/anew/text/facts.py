"""Facts: computed values with a unit, formatted for each language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from anew.project.errors import AnewError, unknown
from anew.project.language import LANGUAGES, TAGS

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
    percentages is percentage points.
    """

    name: str
    forms: Mapping[str, Form]
    difference: str = ""

    def with_decimals(self, decimals: int) -> Unit:
        """Return the unit printed with another number of decimals."""
        forms = {la: replace(form, decimals=decimals) for la, form in self.forms.items()}
        return replace(self, forms=forms)

    def print(self, value: float, language: str) -> str:
        """Return `value` (in base units) as `language` prints it, rounded half up."""
        from babel.numbers import format_decimal

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


def load_units(path: Path) -> dict[str, Unit]:
    """Return the common units and those of a project (`analysis/units.yml`, if any) by name.

    Raises AnewError for an unknown key, a pattern without {n} and a missing language.
    """
    import yaml

    common = yaml.safe_load(_COMMON.read_text("utf-8"))
    own = yaml.safe_load(path.read_text("utf-8")) or {} if path.is_file() else {}
    data = common | own
    units: dict[str, Unit] = {}
    for name, entry in data.items():
        where = f"{path.name}: unit {name}"
        languages = {key: form for key, form in entry.items() if key != "difference"}
        difference = str(entry.get("difference", ""))
        if difference and difference not in data:
            raise unknown("unit", difference, data, f"{where}: difference")
        forms: dict[str, Form] = {}
        for language in languages:
            if language not in LANGUAGES:
                raise unknown("language", language, LANGUAGES, where)
        for language in LANGUAGES:
            if language not in languages:
                raise AnewError(f"{where} has no format for {language}.", "Add one.")
            given = dict(languages[language])
            for key in given:
                if key not in Form.__dataclass_fields__:
                    raise unknown("key", key, Form.__dataclass_fields__, where)
            if "{n}" not in str(given.get("pattern", "")):
                raise AnewError(f"{where}: the {language} pattern lacks {{n}}.", "Put {n} in it.")
            forms[language] = Form(**{**given, "scale": float(given.get("scale", 1))})
        units[name] = Unit(name, forms, difference)
    return units


def checked_value(id: str, value: object, unit: str, units: Mapping[str, Unit]) -> float | int:
    """Return a fact's value as a plain number.

    Raises AnewError for an unknown unit and for a value that is not a finite number: a gap in the
    data must be handled where it arises, never printed.
    """
    if unit not in units:
        raise unknown("unit", unit, units, f"fact {id}")
    if hasattr(value, "item"):
        value = value.item()  # a numpy scalar
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise AnewError(
            f"Fact {id} has the value {value!r}, which is not a finite number.",
            "Check the rows it is computed from: a value is probably missing in this vintage. "
            "State the fact only when it exists, or choose another year.",
        )
    return value
