"""JSON Schemas: they take what the engine takes, and refuse what it refuses."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
import tiny
from jsonschema import Draft202012Validator

from anew.project.configuration import read_yaml
from anew.project.paths import Project, opened
from anew.start.creation import create_project
from anew.start.schemas import key_meanings, schemas, write_schemas

ROOT = Path(__file__).parents[1]
FILES = {
    "catalog": "data/catalog.yml",
    "editions": "data/editions.yml",
    "units": "analysis/units.yml",
    "quarto": "_quarto.yml",
    "claims": "data/published/claims.yml",
}


def faults(root: Path, name: str, content: object = None) -> list[str]:
    validator = Draft202012Validator(schemas()[name])
    data = content if content is not None else read_yaml(root / FILES[name], name)[0]
    return [error.message for error in validator.iter_errors(data)]


@pytest.fixture
def started(tmp_path):
    titles = {"en": "Rain", "de": "Regen"}
    create_project(tmp_path / "r", titles, "Jo", ["en", "de"])
    yield tmp_path / "r"
    opened(ROOT)


def test_they_take_every_file_of_a_project(tmp_path, started):
    tiny.make(tmp_path / "t", text=True)
    for root in (ROOT, tmp_path / "t", started):
        opened(root)
        for name, file in FILES.items():
            if (root / file).is_file():
                assert faults(root, name) == [], file


def test_they_refuse_an_unknown_key_and_a_text_without_a_language(started):
    opened(started)
    good = read_yaml(started / "data/catalog.yml", "")[0]
    for change, message in (
        (lambda table: table.update(agncy="x"), "agncy"),
        (lambda table: table["title"].pop("de"), "'de' is a required property"),
        (lambda table: table["title"].update(zh="降水"), "zh"),
        (lambda table: table.pop("columns"), "'columns' is a required property"),
        (lambda table: table["columns"][0].update(type="country"), "country"),
    ):
        content = copy.deepcopy(good)
        change(content["tables"]["rainfall"])
        assert any(message in fault for fault in faults(started, "catalog", content))


def test_each_file_names_its_schema_and_a_build_writes_it(started):
    for root in (ROOT, started):
        for name, file in FILES.items():
            if not (root / file).is_file():
                continue
            first = (root / file).read_text("utf-8").splitlines()[0]
            path = (root / file).parent / first.partition("$schema=")[2]
            assert path.resolve() == root.resolve() / f".anew/schemas/{name}.json"
    written = write_schemas(Project(started))
    assert {path.name for path in written} == {f"{name}.json" for name in FILES}
    for path in written:
        Draft202012Validator.check_schema(json.loads(path.read_text("utf-8")))


def test_every_key_says_what_it_means_and_no_other_does():
    used = set()
    for name, schema in schemas().items():
        for model, part in {schema["title"]: schema, **schema.get("$defs", {})}.items():
            for key, value in part.get("properties", {}).items():
                assert value.get("description", "").endswith("."), (name, model, key)
                used.add((model, key))
    told = {(model, key) for model, keys in key_meanings().items() for key in keys}
    assert told - used <= {("Unit", language) for language in ("zh", "en", "de")}
