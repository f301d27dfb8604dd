"""JSON Schemas of a project's YAML files, with which editors complete and check them.

They are made from the models that the engine itself checks the files with, less what it fills in:
names that are keys, and what a vintage takes from its table.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from anew.editions.editions import Editions
from anew.project.configuration import TEXT, read_yaml
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.settings import Settings
from anew.project.writing import dump, write_text
from anew.tables.catalog import Catalog
from anew.text.facts import units_model
from anew.text.statements import Study

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

_MEANINGS = Path(__file__).with_name("keys.yml")
#: What the engine fills in, by model: an author need not, or must not, write it.
_FILLED = {
    "Table": ("name", "title", "agency", "url", "licence", "citation", "note", "key"),
    "Column": ("title",),
    "Edition": ("name",),
    "Vintage": ("name", "as_of", "agency", "url", "note"),
}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of each file by its name: catalog, editions, units, quarto, claims."""
    models: dict[str, type[BaseModel]] = {
        "catalog": Catalog,
        "editions": Editions,
        "units": units_model(tuple(LANGUAGES)),
        "quarto": Settings,
        "claims": Study,
    }
    return {name: _schema(model) for name, model in models.items()}


def write_schemas(project: Project) -> list[Path]:
    """Write the schemas below `.anew/schemas/`, where the first line of each file names its own."""
    folder = project.work / "schemas"
    return [write_text(folder / f"{name}.json", dump(one)) for name, one in schemas().items()]


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    meanings = key_meanings()
    for name, part in {model.__name__: schema, **schema.get("$defs", {})}.items():
        for key, value in part.get("properties", {}).items():
            if meaning := meanings.get(name, {}).get(key):
                value["description"] = meaning
    for name, filled in _FILLED.items():
        part = schema.get("$defs", {}).get(name)
        if part:
            part["required"] = [key for key in part.get("required", ()) if key not in filled]
            if "name" in filled:
                part["properties"].pop("name")
    intake = schema.get("$defs", {}).get("Intake", {}).get("properties", {})
    if "layout" in intake:  # one layout may be written without brackets
        said = intake["layout"].pop("description")
        intake["layout"] = {"anyOf": [{"type": "string"}, intake["layout"]], "description": said}
    return {"$schema": _DRAFT, **_in_languages(schema)}


@cache
def key_meanings() -> dict[str, dict[str, str]]:
    """Return what each key means, by model and key."""
    found: dict[str, dict[str, str]] = read_yaml(_MEANINGS, _MEANINGS.name)[0]
    return found


def _in_languages(part: Any) -> Any:
    """Return a schema in which a text has the languages of the report."""
    if isinstance(part, list):
        return [_in_languages(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") in TEXT:
        spoken = {
            "type": "object",
            "properties": {language: {"type": "string"} for language in LANGUAGES},
            "required": list(LANGUAGES),
            "additionalProperties": False,
        }
        said = {key: part[key] for key in ("title", "description") if key in part}
        either = spoken if part["format"] == TEXT[0] else {"anyOf": [{"type": "string"}, spoken]}
        return said | either
    return {key: _in_languages(value) for key, value in part.items()}
