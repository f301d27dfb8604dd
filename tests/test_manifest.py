"""Records from anywhere: what is read of them is checked whole, and refused with the place."""

from __future__ import annotations

import json
from typing import Any

import pytest
import recorded
from hypothesis import given
from hypothesis import strategies as st

from anew.project import foreign
from anew.project.errors import AnewError
from anew.project.foreign import parse_json
from anew.project.manifest import NAME, Manifest, digests, matches, read_manifest, write_manifest
from anew.verify.certificate import Certificate, read_certificate

MANIFEST: dict[str, Any] = {
    "edition": "2024",
    "request": {
        "formats": ["html"], "only": ["fig1"], "parameters": {"fig1": {"last_year": 2021}},
        "editions": [["2024", "", True]],
    },
    "parameters": {"fig1": {"last_year": 2021, "focus": None, "economies": ["FRA", "DEU"]}},
    "versions": {"python": "3.11.7"},
    "inputs": {"data/raw/rain/2024-01-01.csv": "0" * 64},
    "facts": {"rain": [12.5, "mm"], "year": [2021, "year"]},
    "files": {"index.html": "0" * 64},
    "data": {"fig1": ["economy,value", "FRA,12.5"]},
    "claims": {"rain-grows": {"holds": True, "evidence": {"2019": 10.0}}},
    "statements": {
        "rain": {"verdict": "not-testable", "agrees": None, "ours": [1.5], "evidence": None}
    },
    "sources": {"commit": "0" * 40, "sha256": "0" * 64, "files": {"_quarto.yml": "0" * 64}},
}  # fmt: skip


def parsed(value: object) -> Manifest:
    return parse_json(Manifest, json.dumps(value).encode(), "m.json")


def test_a_manifest_is_written_as_it_was_read(tmp_path):
    one = parsed(MANIFEST)
    assert json.loads(one.text()) == MANIFEST
    (tmp_path / "index.html").write_text("<p>1</p>")
    one = one.model_copy(update={"files": digests(tmp_path)})
    write_manifest(tmp_path, one)
    assert read_manifest(tmp_path) == one and matches(tmp_path, one)
    (tmp_path / "index.html").write_text("<p>2</p>")
    assert not matches(tmp_path, one)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("fiels",), {}, "(?s)unknown key fiels.*Did you mean 'files'"),
        (("request", "formts"), [], "(?s)unknown key request.formts.*Did you mean 'formats'"),
        (("edition",), "../up", "edition "), (("files", "../up"), "0" * 64, "files.../up is not"),
        (("files", "/etc/passwd"), "0" * 64, "not a relative"),
        (("files", NAME), "0" * 64, "not a relative"),
        (("files", "a"), "0" * 63, r"files\.a "), (("facts", "rain"), [1, "mm", 2], r"facts\.rain"),
        (("facts", "rain"), [True, "mm"], r"facts\.rain"),
        (("claims", "rain-grows", "holds"), "yes", "rain-grows.holds"),
        (("statements", "rain", "verdict"), "maybe", "statements.rain.verdict"),
        (("sources", "commit"), "--output=x", "sources.commit"),
        (("versions", "x"), "\x1b[2J", "control character U.001B"),
        (("versions", "a\u202eb"), "1", "control character U.202E"),
        (("claims", "c"), {"holds": True, "evidence": [[[[{"a": ["\x00"]}]]]]}, "U.0000"),
    ],
)  # fmt: skip
def test_what_no_manifest_holds_is_refused_with_its_place(path, value, said):
    damaged = json.loads(json.dumps(MANIFEST))
    part = damaged
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(AnewError, match=said):
        parsed(damaged)


def test_all_that_is_wrong_is_told_at_once():
    damaged = MANIFEST | {"facts": [], "edition": 7}
    with pytest.raises(AnewError, match="m.json: 2 problems") as told:
        parsed(damaged)
    assert "edition " in str(told.value) and "facts " in str(told.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "nested deeper than"), (b"\xff", "is not JSON"),
        (b'{"edition": 1', "is not JSON"), (b'{"a": 1, "a": 2}', "the key 'a' appears twice"),
        (b"[" * 40 + b"]" * 40, "nested deeper than"), (b'"\\ud800"', "control character U.D800"),
        (b"null", "m.json"), (b"[1]", "m.json"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused(data, said):
    with pytest.raises(AnewError, match=said):
        parse_json(Manifest, data, "m.json")


def test_a_file_larger_than_any_record_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(foreign, "MAX_BYTES", 100)
    (tmp_path / NAME).write_text(json.dumps(MANIFEST))
    with pytest.raises(AnewError, match="larger than 100 bytes"):
        read_manifest(tmp_path)
    with pytest.raises(AnewError, match="There is no manifest at"):
        read_manifest(tmp_path / "none.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text() | st.sampled_from([*MANIFEST]), part),
    max_leaves=20,
)


@pytest.mark.slow
@given(st.sampled_from([*MANIFEST]), JSON)
def test_any_part_of_any_shape_is_read_or_refused_plainly(key, value):
    try:
        one = parsed(MANIFEST | {key: value})
    except AnewError as error:
        assert "m.json" in str(error)
    else:
        assert parsed(json.loads(one.text())).text() == one.text()


@given(st.binary())
def test_any_bytes_are_refused_plainly(data):
    with pytest.raises(AnewError, match="m.json"):
        parse_json(Manifest, data, "m.json")


def test_a_certificate_is_read_as_it_was_written_and_checked(tmp_path):
    one = recorded.certificate()
    path = tmp_path / "certificate.json"
    path.write_text(one.text(), "utf-8")
    assert read_certificate(path) == one
    path.write_text(one.text().replace('"verdict"', '"verdikt"', 1), "utf-8")
    with pytest.raises(AnewError, match="(?s)unknown key verdikt.*Did you mean 'verdict'"):
        read_certificate(path)
    with pytest.raises(AnewError, match="does not exist"):
        read_certificate(tmp_path / "none.json")
    assert Certificate.model_validate(json.loads(one.text())) == one
