"""A notebook's parameters: the annotated cell is their schema, an edition fills the gaps.

Types are written as papermill's own reader understands them, for it warns of a parameter that it
cannot read: `Optional[int]`, not `int | None`; and a choice as a string whose comment lists the
values, `# one of: joined, founded`, not a Literal of strings. The other forms work as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Optional

from anew.project.errors import AnewError, unknown
from anew.project.notebooks import read_cells
from anew.project.phrases import Phrase

_NAMES: dict[str, object] = {
    "int": int, "float": float, "str": str, "bool": bool, "list": list,
    "Literal": Literal, "Optional": Optional,
}  # fmt: skip
_CHOICE = re.compile(r"^one of:\s*(?P<values>[^;.]+)")


@dataclass(frozen=True)
class Parameter:
    """One line of a parameters cell: `last_year: int | None = None  # the last year drawn`."""

    name: str
    annotation: str
    default: object
    help: str = ""

    @cached_property
    def _type(self) -> Any:
        from pydantic import ConfigDict, TypeAdapter

        hint = eval(  # the syntax tree was checked by _checked_annotation: names above only
            self.annotation, {"__builtins__": {}}, {**_NAMES, "None": None}
        )
        return TypeAdapter(hint, config=ConfigDict(strict=True))

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that a comment `one of: …` allows; none where it does not say so."""
        match = _CHOICE.match(self.help)
        return tuple(part.strip() for part in match["values"].split(",")) if match else ()

    def accept(self, value: object, where: str) -> object:
        """Return `value` if it is of the parameter's type; raise AnewError if it is not."""
        from pydantic import ValidationError

        if isinstance(value, tuple):
            value = list(value)
        try:
            accepted = self._type.validate_python(value)
            if self.choices and accepted is not None and accepted not in self.choices:
                inside = Phrase("{name}, {where}", name=self.name, where=where)
                raise unknown("value", str(value), self.choices, inside)
            return accepted
        except ValidationError:
            raise AnewError(
                "{where}: parameter {name} is {value!r}, which is not {type}.",
                "Give {name} a value of type {type} ({help})."
                if self.help
                else "Give {name} a value of type {type}.",
                code="wrong-parameter",
                where=where,
                name=self.name,
                value=value,
                type=self.annotation,
                help=self.help,
            ) from None

    def parse(self, text: str, where: str) -> object:
        """Return the value that `text` (from a command line) stands for.

        Tried in this order: the text itself, the value it is in YAML, a list separated by
        commas; the first that has the parameter's type is taken. Raises AnewError if none has.
        """
        import yaml

        candidates: list[object] = [text]
        try:
            # YAML takes 02021 for an octal number
            octal = re.fullmatch(r"[-+]?0\d+", text)
            candidates.append(text if octal else yaml.safe_load(text))
        except yaml.YAMLError:
            pass
        candidates.append([part.strip() for part in text.split(",") if part.strip()])
        for candidate in candidates:
            try:
                return self.accept(candidate, where)
            except AnewError:
                continue
        return self.accept(candidates[1] if len(candidates) > 2 else text, where)


def _checked_annotation(node: ast.expr, where: str) -> str:
    """Return the source of an annotation that uses only the types a parameter may have."""
    for part in ast.walk(node):
        fine = isinstance(
            part,
            (ast.Subscript, ast.BinOp, ast.BitOr, ast.Tuple, ast.Constant, ast.Load),
        ) or (isinstance(part, ast.Name) and part.id in _NAMES)
        if not fine:
            raise AnewError(
                "{where}: the type {type!r} is not one that a parameter can have.",
                "Use int, float, str, bool, list[…], Optional[…] and Literal[…].",
                code="wrong-parameters-cell",
                where=where,
                type=ast.unparse(node),
            )
    return ast.unparse(node)


def parse_schema(source: str, where: str) -> dict[str, Parameter]:
    """Return the parameters that the parameters cell `source` declares, in its order.

    Raises AnewError for a cell that is not Python, a parameter without a type, a default that is
    not a literal or not of its type.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise AnewError(
            "{where}: the parameters cell is not valid Python: {error}.",
            "Fix the cell.",
            code="wrong-parameters-cell",
            where=where,
            error=error,
        ) from None
    lines = source.splitlines()
    schema: dict[str, Parameter] = {}
    for statement in tree.body:
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue  # a docstring
        if not (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and statement.value is not None
        ):
            raise AnewError(
                "{where}: {statement!r} in the parameters cell has no type.",
                "Write each parameter as `name: type = default  # help`.",
                code="wrong-parameters-cell",
                where=where,
                statement=ast.unparse(statement),
            )
        name = statement.target.id
        try:
            default = ast.literal_eval(statement.value)
        except ValueError:
            raise AnewError(
                "{where}: the default of parameter {name} is not a literal value.",
                "Write a number, a string, a list of these, or None.",
                code="wrong-parameters-cell",
                where=where,
                name=name,
            ) from None
        tail = lines[(statement.end_lineno or 1) - 1][statement.end_col_offset or 0 :]
        comment = tail.partition("#")[2].strip()
        parameter = Parameter(
            name, _checked_annotation(statement.annotation, where), default, comment
        )
        parameter.accept(default, where)
        schema[name] = parameter
    return schema


def read_schema(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook file.

    Raises AnewError when the notebook has no cell tagged `parameters`, or more than one.
    """
    cells = [cell for cell in read_cells(notebook, notebook.name) if "parameters" in cell.tags]
    if len(cells) != 1:
        raise AnewError(
            "{notebook}: {count} cells are tagged `parameters`.",
            "Tag exactly one code cell with `parameters`.",
            code="wrong-parameters-cell",
            notebook=notebook.name,
            count=len(cells),
        )
    return parse_schema(cells[0].source, notebook.name)


def resolve(
    schema: Mapping[str, Parameter],
    planned: Mapping[str, object],
    given: Mapping[str, object],
    where: str,
) -> dict[str, object]:
    """Return every parameter's value: what was given, else the default, else the edition's.

    An edition decides the parameters whose default is None, and None given means just that.
    Raises AnewError for a name that the notebook does not have, for a value of a wrong type, and
    for an edition that sets a parameter with a default of its own.
    """
    for source in (planned, given):
        for name in source:
            if name not in schema:
                raise unknown("parameter", name, schema, where)
    values: dict[str, object] = {}
    for name, parameter in schema.items():
        if name in planned and parameter.default is not None:
            raise AnewError(
                "{where}: the edition sets {name}, whose default is {default!r}.",
                "Write `{name}: {annotation} | None = None` in the notebook, so that None "
                "can mean what the edition says.",
                code="parameter-without-none",
                where=where,
                name=name,
                default=parameter.default,
                annotation=parameter.annotation,
            )
        value = given.get(name, parameter.default)
        if value is None:
            value = planned.get(name)
        values[name] = parameter.accept(value, where)
    return values
