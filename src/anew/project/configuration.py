"""Configuration files: YAML read with line numbers and checked against a model.

Keys are kept as they are written (2025 is "2025") and dates stay text, so that a file means the
same with and without quotation marks.
"""

from __future__ import annotations

import re
import types
from copy import deepcopy
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    RootModel,
    ValidationError,
    WithJsonSchema,
)

from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.phrases import Phrase, joined
from anew.project.problems import Problem, refuse
from anew.project.texts import read_text

#: Bounds of a configuration file: levels, and keys and items in all.
DEEPEST = 50
MOST = 200_000

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]

#: YAML makes a space of a line break; between Chinese characters it is none.
_BETWEEN_HAN = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


class Entry(BaseModel):
    """A part of a configuration file: immutable, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _every_language(text: dict[str, str]) -> dict[str, str]:
    missing = [language for language in LANGUAGES if not text.get(language, "").strip()]
    if missing:
        raise ValueError(Phrase("has no text in {languages}", languages=missing))
    other = [language for language in text if language not in LANGUAGES]
    if other:
        raise ValueError(
            Phrase("has text in {languages}, which the report is not written in", languages=other)
        )
    return {language: _BETWEEN_HAN.sub("", said) for language, said in text.items()}


def _same_in_every_language(text: object) -> object:
    return dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else text


#: How a schema marks a text in every language, and one that may be written once for all.
TEXT = ("text", "name")

Text = Annotated[
    dict[str, str], AfterValidator(_every_language), WithJsonSchema({"format": TEXT[0]})
]
#: A name that may be the same in every language, and is then written once: `CC BY 4.0`.
Name = Annotated[
    dict[str, str],
    AfterValidator(_every_language),
    BeforeValidator(_same_in_every_language),
    WithJsonSchema({"format": TEXT[1]}),
]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a date is text."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(path: Path, shown: str) -> tuple[Any, dict[Path_, int]]:
    """Return a YAML file's content, and the line of every key and item by its path.

    `shown` is the file's name in messages. Raises AnewError for a file that `read_text` refuses,
    that is not YAML, is nested too deeply or grows too large, and for a key that appears twice.
    """
    data, lines = _parsed(read_text(path, shown), shown)
    return deepcopy(data), dict(lines)


@lru_cache(maxsize=64)  # a build reads its few files again for each step that it plans
def _parsed(text: str, shown: str) -> tuple[Any, dict[Path_, int]]:
    lines: dict[Path_, int] = {}
    try:
        loader = _Loader(text)
    except yaml.reader.ReaderError as error:
        raise _unreadable(error, text, shown) from None
    try:
        refuse_excess(text, shown)
        node = loader.get_single_node()
        return (None if node is None else _construct(loader, node, (), lines, shown)), lines
    except yaml.reader.ReaderError as error:
        raise _unreadable(error, text, shown) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Phrase("{file}, line {line}", file=shown, line=mark.line + 1) if mark else shown
        raise AnewError(
            "{place}: not YAML: {problem}.",
            "Look at the indentation and at colons in text: text with a colon needs quotes.",
            code="not-yaml",
            place=place,
            problem=error.problem or error,
        ) from None
    finally:
        loader.dispose()


def refuse_excess(text: str, shown: str, before: int = 0) -> None:
    """Raise AnewError for YAML that is nested too deeply, makes a circle, or much of little.

    `before` is the number of lines above it in its file. What is not YAML is told by who reads it.
    """
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise _too_much(shown, line + before)
        waiting = [(yaml.compose(text, Loader=_Loader), 0)]
    except yaml.YAMLError:
        return
    seen = 0
    while waiting:
        node, depth = waiting.pop()
        if node is None:  # an empty file
            continue
        seen += 1
        if depth > DEEPEST or seen > MOST:
            raise _too_much(shown, node.start_mark.line + 1 + before)
        if isinstance(node, yaml.MappingNode):
            waiting += [(one, depth + 1) for pair in node.value for one in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(one, depth + 1) for one in node.value]


def _unreadable(error: yaml.reader.ReaderError, text: str, shown: str) -> AnewError:
    line = text[: error.position or 0].count("\n") + 1
    return AnewError(
        "{file}, line {line}: not YAML: {reason}.",
        "Delete that character.",
        code="not-yaml",
        file=shown,
        line=line,
        reason=error.reason,
    )


def _too_much(shown: str, line: int) -> AnewError:
    return AnewError(
        "{file}, line {line}: nested too deeply, or repeated too often by anchors (&, *).",
        "Write it out: {levels} levels and {most:,} entries are the most.",
        code="too-nested",
        file=shown,
        line=line,
        levels=DEEPEST,
        most=MOST,
    )


def _construct(
    loader: Any, node: Any, path: Path_, lines: dict[Path_, int], shown: str
) -> dict[str, Any] | list[Any] | Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                raise AnewError(
                    "{file}, line {line}: {key} appears twice, first in line {first}.",
                    "Keep one of them.",
                    code="duplicate-key",
                    file=shown,
                    line=line,
                    key=_written((*path, key)),
                    first=lines[*path, key],
                )
            lines[(*path, key)] = line
            found[key] = _construct(loader, value_node, (*path, key), lines, shown)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [
            _construct(loader, item, (*path, index), lines, shown)
            for index, item in enumerate(node.value)
        ]
    return loader.construct_object(node)


def checked(model: type[Model], data: Any, lines: dict[Path_, int], shown: str) -> Model:
    """Return `data` as a `model`; raise DataError with line and key for all that does not fit."""
    try:
        return model.model_validate(data if data is not None else {})
    except ValidationError as error:
        found: dict[Path_, Problem] = {}
        for detail in error.errors():
            path = _path(detail, lines)
            # a value that may be of either of two types is refused once for each: say it once
            found.setdefault(path, _problem(model, detail, path, lines, shown))
        refuse(found.values(), shown)
        raise  # refuse has raised: a validation error has at least one detail


def _path(detail: Any, lines: dict[Path_, int]) -> Path_:
    """Return where in the file an error is, without the names of types that pydantic adds."""
    path: Path_ = ()
    for part in detail["loc"]:
        if (*path, part) in lines:
            path = (*path, part)
    return (*path, detail["loc"][-1]) if detail["type"] == "missing" else path


def _problem(model: type, detail: Any, path: Path_, lines: dict[Path_, int], shown: str) -> Problem:
    kind = detail["type"]
    line = next((lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in lines), None)
    file = Phrase("{file}, line {line}", file=shown, line=line) if line else shown
    where = _written(path)
    if kind == "extra_forbidden":
        known = sorted(_keys(_at(model, path[:-1])))
        close = get_close_matches(str(path[-1]), known, n=1)
        guess = [Phrase("Did you mean {close!r}?", close=close[0])] if close else []
        hint = joined(" ", (*guess, Phrase("Valid: {names}.", names=known)))
        return Problem(file, Phrase("unknown key {key}.", key=where), hint, "unknown-key")
    if kind == "missing":
        return Problem(
            file, Phrase("{key} is missing.", key=where), Phrase("Add it."), "missing-key"
        )
    value = _short(detail["input"])
    if kind in ("model_type", "dict_type"):
        hint = Phrase("Write it as lines of `key: value`, one level deeper.")
        message = Phrase("{key} must have keys of its own, and is {value}.", key=where, value=value)
        return Problem(file, message, hint, "wrong-type")
    told = fault_of(detail)
    if kind == "value_error":
        return Problem(file, Phrase("{key} {what}.", key=where, what=told), code="wrong-value")
    near: list[str] = []
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        near = get_close_matches(str(detail["input"]), known, n=1)
    hint = Phrase("Did you mean {close!r}?", close=near[0]) if near else Phrase("")
    message = Phrase("{key} {what}, not {value}.", key=where, what=told, value=value)
    return Problem(file, message, hint, "wrong-type" if kind.endswith("_type") else "wrong-value")


#: What pydantic asks of a value, with the bounds that it names.
_ASKED = {
    "string_type": Phrase("should be a valid string"),
    "int_type": Phrase("should be a valid integer"),
    "int_parsing": Phrase("should be a valid integer, unable to parse string as an integer"),
    "int_from_float": Phrase("should be a valid integer, got a number with a fractional part"),
    "float_type": Phrase("should be a valid number"),
    "float_parsing": Phrase("should be a valid number, unable to parse string as a number"),
    "finite_number": Phrase("should be a finite number"),
    "bool_type": Phrase("should be a valid boolean"),
    "bool_parsing": Phrase("should be a valid boolean, unable to interpret input"),
    "list_type": Phrase("should be a valid list"),
    "tuple_type": Phrase("should be a valid tuple"),
    "missing": Phrase("Field required"),
    "literal_error": Phrase("should be {expected}"),
    "greater_than": Phrase("should be greater than {gt:g}"),
    "greater_than_equal": Phrase("should be greater than or equal to {ge:g}"),
    "less_than": Phrase("should be less than {lt:g}"),
    "less_than_equal": Phrase("should be less than or equal to {le:g}"),
    "string_pattern_mismatch": Phrase("should match pattern '{pattern}'"),
}


def fault_of(detail: Any) -> str:
    """Return what pydantic says of a value, as a phrase where the engine knows it."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind in _ASKED:
        return Phrase(_ASKED[kind], **context)
    return str(detail["msg"]).removeprefix("Input ")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"


def _written(path: Path_) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or Phrase("the file")


def _at(annotation: Any, path: Path_) -> Any:
    """Return the type that lies at `path` inside a model, as far as types tell."""
    for part in path:
        annotation = _plain(annotation)
        if isinstance(annotation, type) and issubclass(annotation, RootModel):
            annotation = _plain(annotation.model_fields["root"].annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = {f.alias or name: f for name, f in annotation.model_fields.items()}
            annotation = fields[str(part)].annotation if str(part) in fields else None
        elif get_origin(annotation) in (dict, list):
            annotation = get_args(annotation)[-1]
    return _plain(annotation)


def _plain(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        models = [arg for arg in get_args(annotation) if arg is not type(None)]
        return _plain(models[0])
    return annotation


def _keys(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [field.alias or name for name, field in annotation.model_fields.items()]
    return []
