"""The notebooks as files: valid, thin, readable in both languages, stored without outputs."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from anew.editions.parameters import read_schema
from anew.project.paths import Project

PROJECT = Project(Path(__file__).parents[1])
NOTEBOOKS = PROJECT.notebooks()


@pytest.fixture(params=sorted(NOTEBOOKS), ids=lambda address: address)
def path(request) -> Path:
    return NOTEBOOKS[request.param]


def test_is_valid_and_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
    text = path.read_text("utf-8")
    assert text.endswith("}\n") and "\r" not in text
    assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python3"


def test_cells_have_names_that_stay(path):
    ids = [cell["id"] for cell in nbformat.read(path, as_version=4).cells]
    assert len(ids) == len(set(ids))
    assert all(id.replace("-", "").isalnum() and not id[:8].isdigit() for id in ids)


def test_is_thin(path):
    code = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    lines = [line for source in code for line in source.splitlines() if line.strip()]
    assert 5 <= len(lines) <= 80
    assert max(map(len, lines)) <= 110


def test_is_readable_in_both_languages(path):
    cells = nbformat.read(path, as_version=4).cells
    words = [cell.source for cell in cells if cell.cell_type == "markdown"]
    assert cells[0].cell_type == "markdown" and cells[0].source.startswith("# ")
    assert len(words) >= 2
    for text in words:
        assert any("\u4e00" <= c <= "\u9fff" for c in text), text
        assert sum(c.isascii() and c.isalpha() for c in text) > 8, text


def test_every_parameter_has_its_help(path):
    schema = read_schema(path)
    assert "edition" in schema and schema["edition"].default is None
    for name, parameter in schema.items():
        assert parameter.help, f"{path.name}: {name} has no help"


def test_types_no_number_of_the_study_and_no_verdict(path):
    code = "\n".join(
        c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"
    )
    for number in ("758", "1551", "48.9", "41.4", "10.09", "923.2"):
        assert number not in code
    for verdict in ("reproduced", "differs", "indicative", "not-testable"):
        assert verdict not in code
