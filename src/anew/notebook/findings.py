"""Models of what one notebook finds, and of what all notebooks of an edition find.

They are written as JSON and read back (`result.json` of a notebook, `weave.json` of an edition).
What is stated has an id, by which it is listed; a module of the analysis may make it, and a session
then adds the notebook's address and how each language prints it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NoReturn, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    StrictBool,
    StrictFloat,
    StrictInt,
    ValidationError,
    model_serializer,
    model_validator,
)

from anew.figures.words import Point, Words
from anew.notebook.places import Place, caller
from anew.project.configuration import fault_of
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.phrases import Phrase, as_record, from_record
from anew.project.problems import at
from anew.project.writing import dump
from anew.text.elsewhere import Elsewhere
from anew.text.statements import Verdict

#: What notebooks state by id, and what one of each is called.
Kind = Literal["facts", "absent", "claims", "statements", "tables"]
KINDS: Mapping[Kind, str] = {
    "facts": Phrase("fact"),
    "absent": Phrase("absent fact"),
    "claims": Phrase("claim"),
    "statements": Phrase("statement"),
    "tables": Phrase("table"),
}


def plain(value: object) -> object:
    """Return `value` as plain JSON data: numpy scalars and tuples converted, NaN as None.

    Raises ValueError for anything that JSON has no form for, such as a date.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    value = _item(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else _refuse(value)
    return value if value is None or isinstance(value, (str, int, float)) else _refuse(value)


def _refuse(value: object) -> NoReturn:
    raise ValueError(
        Phrase(
            "holds {value!r}; only texts, finite numbers, true and false can be recorded",
            value=value,
        )
    )


def _item(value: object) -> object:
    return value.item() if hasattr(value, "item") else value


def _in_every_language(text: object) -> object:
    if isinstance(text, Mapping):
        lacking = [la for la in LANGUAGES if not str(text.get(la, "")).strip()]
        if lacking:
            raise ValueError(Phrase("has no text in {languages}", languages=lacking))
        return {language: str(text[language]) for language in LANGUAGES}
    return text


#: A text in every language.
Spoken = Annotated[Mapping[str, str], BeforeValidator(_in_every_language)]
#: Values by name, as JSON holds them.
Values = Annotated[Mapping[str, object], BeforeValidator(plain)]
#: The values that decide a claim or a statement, by what they are.
Evidence = Values
#: A value in base units, and the name of its unit.
Quantity = tuple[float, str]
Number = StrictInt | StrictFloat


class Record(BaseModel):
    """A part of what was found. Keys that another version of the engine wrote are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    #: What one is called in a message, where that is not the name of the class.
    _noun: ClassVar[str] = ""
    #: The field whose entries, one a language, are written beside the other fields.
    _by_language: ClassVar[str] = ""

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        name = cls._by_language
        if name and isinstance(data, dict) and name not in data:
            spoken = {la: data[la] for la in LANGUAGES if la in data}
            data = {**data, name: spoken} if spoken else data
        try:
            return handler(data)
        except ValidationError as error:
            message = _told(cls._noun or cls.__name__, data, error)
            raise AnewError(message, "Correct it in the notebook.", code="wrong-findings") from None

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        return written | written.pop(self._by_language, {}) if self._by_language else written


class Stated(Record):
    """Something that a notebook states under an id; `made` is file:line of what made it."""

    id: str = Field(exclude=True)
    made: str = Field(default_factory=caller, exclude=True)


class Fact(Stated):
    """A computed value in base units, and how each language prints it."""

    _by_language = "printed"

    value: Annotated[Number, BeforeValidator(_item)]
    unit: str
    figure: str = ""
    printed: Spoken = {}


class Absent(Stated):
    """A fact that the data do not have; the text prints a dash."""

    figure: str = ""


class Claim(Stated):
    """A claim of the text: whether it `holds`, the `evidence`, and when it would fail.

    `told` is the evidence as one line in each language, for paper.
    """

    holds: Annotated[StrictBool, BeforeValidator(plain)]
    figure: str = ""
    evidence: Annotated[Evidence, Field(min_length=1)]
    fails_when: Spoken
    told: dict[str, str] = Field(default={}, exclude_if=lambda told: not told)


class Tested(Stated):
    """What a notebook found on a statement of the published study.

    `ours` are our values for its numbers, `agrees` is the outcome of the test of its words, `test`
    says what was tested and `depends` what the outcome hangs on. The session adds the verdict.
    """

    __test__ = False  # pytest takes the name for that of a test
    _noun = "Statement"

    verdict: Verdict | None = None
    figure: str = ""
    ours: Annotated[Number | Sequence[Number] | None, BeforeValidator(plain)] = None
    agrees: Annotated[StrictBool | None, BeforeValidator(plain)] = None
    evidence: Evidence
    test: Spoken
    depends: Spoken | None = None


class ReportTable(Stated):
    """A computed table: headings by column, which are numbers, and rows of texts by language."""

    figure: str = ""
    columns: dict[str, Spoken]
    numeric: list[bool]
    rows: dict[str, list[list[str]]]
    caption: Spoken


def _named(entries: object) -> object:
    if not isinstance(entries, Mapping):
        return entries
    return {
        id: {"made": "", **entry, "id": id} if isinstance(entry, Mapping) else entry
        for id, entry in entries.items()
    }


Each = TypeVar("Each", Fact, Absent, Claim, Tested, ReportTable)
#: Entries by id, which is written once, as the key.
ById = Annotated[dict[str, Each], BeforeValidator(_named)]


class TableRead(Record):
    """A table that a notebook read, as its source line names it."""

    table: str
    title: Spoken
    agency: Spoken
    code: str
    vintage: str
    published: str


#: What a notebook says to the person who builds, in that person's language.
Remark = Annotated[str, PlainValidator(from_record), PlainSerializer(as_record)]


class Findings(Record):
    """All that one notebook found on the data of one edition.

    `words` and `points` are those of its figure by language; both are empty without one. `places`
    say where each thing is stated, by kind and id; `remarks` are what is hard to read in a figure.
    """

    address: str
    edition: str
    parameters: Values = {}
    sources: list[TableRead] = []
    facts: ById[Fact] = {}
    absent: ById[Absent] = {}
    claims: ById[Claim] = {}
    statements: ById[Tested] = {}
    tables: ById[ReportTable] = {}
    words: dict[str, Words] = {}
    points: dict[str, list[Point]] = {}
    places: dict[Kind, dict[str, Place]] = {}
    remarks: list[Remark] = []

    def write(self, path: Path) -> None:
        """Write the findings as JSON, the same bytes for the same findings."""
        path.write_text(dump(self.model_dump(mode="json")), "utf-8", newline="\n")


def read_findings(path: Path) -> Findings:
    """Return the findings of a file as `Findings.write` wrote it; raise AnewError for any other."""
    return _from_json(Findings, path)


class WovenFigure(Record):
    """A figure of an edition: its number in its document, its notebook's path, words, points."""

    _by_language = "words"

    address: str
    document: str = "index"
    number: int
    notebook: str
    sources: list[TableRead] = []
    points: dict[str, list[Point]] = {}
    words: dict[str, Words]

    @property
    def told(self) -> str:
        """Its number, and of a document beside the first the document's name: 1 (method)."""
        return str(self.number) + ("" if self.document == "index" else f" ({self.document})")


class Woven(Record):
    """All that a text of one edition may print, by id; figures and parameters by address.

    A built site records no title, date, tables or parameters.
    """

    edition: str
    title: Spoken = {}
    date: str = ""
    figures: dict[str, WovenFigure]
    facts: ById[Fact] = {}
    claims: ById[Claim] = {}
    statements: ById[Tested] = {}
    tables: ById[ReportTable] = {}
    absent: ById[Absent] = {}
    parameters: dict[str, Values] = {}
    elsewhere: dict[str, dict[str, Elsewhere]] = {}


def read_woven(path: Path) -> Woven:
    """Return the content of `weave.json`; raise AnewError if it is missing or invalid."""
    return _from_json(Woven, path)


def read_woven_figure(path: Path) -> WovenFigure:
    """Return one figure of `weave.json` from its own file; raise AnewError as `read_woven` does."""
    return _from_json(WovenFigure, path)


Model = TypeVar("Model", bound=Record)


def _from_json(model: type[Model], path: Path) -> Model:
    try:
        found: Model = _parsed(model, path.read_text("utf-8"))
        return found
    except (FileNotFoundError, ValueError):
        raise AnewError(
            "{path} is missing or is not JSON.",
            "Build it: anew build.",
            code="not-built",
            path=path,
        ) from None


@lru_cache(maxsize=8)  # every page of a report asks what was found
def _parsed(model: type[Model], text: str) -> Model:
    return model.model_validate(json.loads(text))


def _told(kind: str, data: Any, error: ValidationError) -> str:
    """Return what does not fit: `Claim china-passes-eu: fails_when has no text in en.`"""
    name = f"{kind} {data['id']}" if isinstance(data, Mapping) and "id" in data else kind
    first = error.errors(include_url=False)[0]
    where = ".".join(map(str, first["loc"]))
    told = "{key}: {what}."
    if first["type"] == "value_error":
        told = "{key} {what}."
    elif first["msg"].startswith("Input "):
        told = "{key}: Input {what}."
    return at(name, Phrase(told, key=where, what=fault_of(first)))
