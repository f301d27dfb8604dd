"""The parameters cell is the schema: names, types and values are refused by it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anew.editions.parameters import parse_schema, read_schema, resolve
from anew.project.errors import AnewError

CELL = """from typing import Literal

edition: str | None = None  # the yearly report
last_year: int | None = None  # the last year drawn
kind: Literal["joined", "founded"] = "joined"  # which year is counted
economies: Optional[list[str]] = None
scale: float = 1.0
measure: str = "ict"  # one of: ict, dds; which services are counted
"""


def schema():
    return parse_schema(CELL, "fig9_x.ipynb")


def test_schema_has_names_types_defaults_and_help_in_order():
    found = schema()
    assert list(found) == ["edition", "last_year", "kind", "economies", "scale", "measure"]
    assert found["last_year"].annotation == "int | None"
    assert found["last_year"].help == "the last year drawn"
    assert found["kind"].default == "joined"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("last_year", "2021", 2021),
        ("last_year", "null", None),
        ("kind", "founded", "founded"),
        ("economies", "CHN,USA", ["CHN", "USA"]),
        ("economies", "[CHN, USA]", ["CHN", "USA"]),
        ("economies", "IND", ["IND"]),
        ("scale", "0.5", 0.5),
        ("edition", "2025", "2025"),
        ("measure", "dds", "dds"),
    ],
)
def test_text_from_a_command_line_takes_the_parameters_type(name, text, value):
    assert schema()[name].parse(text, "-p") == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("last_year", "2021.5"), ("last_year", "soon"), ("kind", "left")],
)
def test_a_value_of_a_wrong_type_names_parameter_value_and_type(name, text):
    with pytest.raises(AnewError) as caught:
        schema()[name].parse(text, f"-p fig9.{name}={text}")
    assert name in str(caught.value) and text in str(caught.value)
    assert schema()[name].annotation in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_choice_lists_what_is_allowed():
    assert schema()["measure"].choices == ("ict", "dds")
    with pytest.raises(AnewError, match="Valid: dds, ict"):
        schema()["measure"].parse("goods", "-p fig3.measure=goods")


def test_papermill_reads_the_forms_that_the_house_uses():
    from papermill.translators import PythonTranslator

    lines = ["last_year: Optional[int] = None  # x", 'measure: str = "ict"  # one of: ict, dds']
    for line in lines:
        assert PythonTranslator.PARAMETER_PATTERN.match(line)


@given(st.integers())
def test_every_integer_survives_a_command_line(value):
    assert schema()["last_year"].parse(str(value), "-p") == value


@given(st.lists(st.from_regex(r"[A-Z]{3}[0-9]{0,2}", fullmatch=True), min_size=1, max_size=8))
def test_every_list_of_codes_survives_a_command_line(codes):
    assert schema()["economies"].parse(",".join(codes), "-p") == codes


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("last_year = 2021", "has no type"),
        ("x: dict = {}", "not one that a parameter can have"),
        ("x: int = 1 + 1", "not a literal"),
        ("x: int = 'two'", "not int"),
        ("x: __import__('os').system('true') = 1", "not one that a parameter can have"),
        ("x: int = ", "not valid Python"),
    ],
)
def test_a_cell_that_is_no_schema_is_refused(cell, said):
    with pytest.raises(AnewError, match=said):
        parse_schema(cell, "fig9_x.ipynb")


def test_a_notebook_needs_exactly_one_tagged_cell(tmp_path):
    path = tmp_path / "fig9_x.ipynb"
    cell = {"cell_type": "code", "metadata": {}, "source": ["x: int = 1"]}
    path.write_text(json.dumps({"cells": [cell]}))
    with pytest.raises(AnewError, match="0 cells are tagged"):
        read_schema(path)


def test_what_is_given_beats_the_edition_which_fills_none():
    values = resolve(schema(), {"last_year": 2022}, {"economies": ["IND"]}, "fig9")
    assert values["last_year"] == 2022 and values["economies"] == ["IND"]
    assert resolve(schema(), {"last_year": 2022}, {"last_year": 2019}, "fig9")["last_year"] == 2019
    assert resolve(schema(), {"last_year": 2022}, {"last_year": None}, "fig9")["last_year"] == 2022


def test_an_unknown_name_lists_the_valid_ones():
    with pytest.raises(AnewError) as caught:
        resolve(schema(), {}, {"last_yaer": 2020}, "fig9")
    assert "'last_yaer'" in str(caught.value) and "Did you mean 'last_year'" in str(caught.value)
    with pytest.raises(AnewError, match="the edition sets kind"):
        resolve(schema(), {"kind": "founded"}, {}, "fig9")
