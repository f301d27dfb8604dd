"""Handing an edition on: a research object that describes itself, and a list for a codechecker."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import recorded
import tiny
import yaml
from fontTools.ttLib import TTFont
from missing import missing

from anew.project.errors import AnewError
from anew.project.manifest import sha256
from anew.project.paths import Project
from anew.verify.citation import read_citation
from anew.verify.codecheck import codecheck_text
from anew.verify.export import gather_contents
from anew.verify.packing import write_archive, write_crate

ROOT = Path(__file__).parent.parent
VALIDATOR = Path(sys.prefix) / "lib/crate-validator/bin/python"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A project in git whose site is built, and a certificate of that very site."""
    root = tmp_path_factory.mktemp("export") / "p"
    project = recorded.start(root)
    contents = gather_contents(project, None, 2)
    assert not contents.certified
    subject = {"kind": "site", "name": "_site", "sha256": sha256(contents.site / "manifest.json")}
    text = recorded.certificate(subject=subject).text()
    tiny.write(root / ".anew/certificates/2024/certificate.json", text)
    return root


@pytest.fixture
def project(base, tmp_path):
    root = tmp_path / "p"
    shutil.copytree(base, root)
    return Project(root)


@pytest.fixture(scope="module")
def crate(base, tmp_path_factory):
    """The crate of that project, zipped."""
    target = tmp_path_factory.mktemp("crate") / "report.zip"
    write_crate(gather_contents(Project(base), None, 2), target)
    return target


def graph(crate: Path) -> dict[str, dict]:
    with zipfile.ZipFile(crate) as archive:
        metadata = json.loads(archive.read("ro-crate-metadata.json"))
    return {entity["@id"]: entity for entity in metadata["@graph"]}


def listed(value) -> list[str]:
    return [one["@id"] for one in (value if isinstance(value, list) else [value])]


def test_a_crate_holds_all_that_a_reviewer_needs(crate, base):
    with zipfile.ZipFile(crate) as archive:
        names = set(archive.namelist())
    assert {
        "_quarto.yml", "analysis/fig1_rain.ipynb", "data/raw/rain/2024-01-01.csv",
        "report/zh/index.qmd", "requirements.lock", "_site/report/en/index.pdf",
        "_site/manifest.json", "certificate/certificate.json", "ro-crate-metadata.json",
        "codecheck.yml",
        "bom.cdx.json",
    } <= names  # fmt: skip
    assert not [name for name in names if name.startswith((".git/", ".anew", "/")) or ".." in name]


def test_every_file_is_described_by_its_bytes(crate):
    entities = graph(crate)
    parts = listed(entities["./"]["hasPart"])
    with zipfile.ZipFile(crate) as archive:
        about = {"ro-crate-metadata.json", "codecheck.yml", "bom.cdx.json"}
        names = set(archive.namelist()) - about
        manifest = yaml.safe_load(archive.read("codecheck.yml"))["manifest"]
        assert {one["file"] for one in manifest} <= names  # each is there to be made again
        assert set(parts) == names
        for name in parts:
            data = archive.read(name)
            assert entities[name]["sha256"] == hashlib.sha256(data).hexdigest()
            assert entities[name]["contentSize"] == str(len(data))
            assert "File" in entities[name]["@type"]


def test_each_notebook_is_the_instrument_of_an_action(crate):
    entities = graph(crate)
    assert listed(entities["./"]["mentions"]) == ["#run-fig1", "#run-other", "#typesetting"]
    run = entities["#run-fig1"]
    assert listed(run["instrument"]) == ["analysis/fig1_rain.ipynb"]
    assert "SoftwareSourceCode" in entities["analysis/fig1_rain.ipynb"]["@type"]
    assert listed(run["object"]) == [
        "data/raw/rain/2024-01-01.csv", "#parameter-fig1-last_year", "#parameter-fig1-economy",
    ]  # fmt: skip
    assert entities["#parameter-fig1-last_year"]["value"] == 2021
    assert "_site/figures/fig1.csv" in listed(run["result"])
    assert "_site/report/zh/index.pdf" in listed(entities["#typesetting"]["result"])
    assert entities["#software-pandas"]["softwareVersion"]
    table = entities["data/raw/rain/2024-01-01.csv"]
    assert entities[table["publisher"]["@id"]]["name"] == "Met Office"
    assert entities[table["license"]["@id"]]["name"] == "CC0"
    # everything that is referred to is there
    for entity in entities.values():
        for key in ("instrument", "object", "result", "author", "license", "publisher"):
            if isinstance(entity.get(key), (list, dict)):
                assert set(listed(entity[key])) <= set(entities), (entity["@id"], key)


def test_the_bill_of_materials_keeps_its_schema_and_names_what_built_it(crate):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    with zipfile.ZipFile(crate) as archive:
        text = archive.read("bom.cdx.json").decode("utf-8")
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(text) is None
    assert validator.validate_str(text.replace('"library"', '"book"')) is not None
    bill = json.loads(text)
    assert bill["metadata"]["component"]["version"] == "2024"
    # the tiny project locks one package; the engine is the other
    listed = {one["name"]: one for one in bill["components"]}
    assert set(listed) == {"anew", "packaging"}
    assert listed["packaging"]["licenses"] == [{"expression": "Apache-2.0 OR BSD-2-Clause"}]
    assert listed["packaging"]["purl"] == f"pkg:pypi/packaging@{metadata.version('packaging')}"


def test_a_site_holds_no_font_and_no_program_but_those_of_the_page_of_licences(crate):
    with zipfile.ZipFile(crate) as archive:
        site = {n.removeprefix("_site/"): n for n in archive.namelist() if n.startswith("_site/")}
        fonts = [name for name in site if name.endswith((".woff2", ".woff", ".ttf", ".otf"))]
        assert fonts and all(name.startswith("theme/") for name in fonts)
        for name in fonts:
            names = TTFont(io.BytesIO(archive.read(site[name])))["name"]
            assert "SIL Open Font License" in names.getDebugName(13)
            assert names.getDebugName(1).startswith("Noto Sans")
        scripts = {name for name in site if name.endswith((".js", ".wasm")) or "/wasm." in name}
        assert {name for name in scripts if not name.startswith("pagefind/")} == {"theme/anew.js"}


def test_people_are_those_of_the_citation_file(crate, base):
    entities = graph(crate)
    authors = listed(entities["./"]["author"])
    assert authors == ["https://orcid.org/0000-0002-1825-0097", "#The-rain-watchers"]
    assert entities[authors[0]]["@type"] == "Person"
    assert entities[authors[0]]["name"] == "Maria Rainer"
    assert entities[authors[1]]["@type"] == "Organization"
    assert listed(entities["./"]["isBasedOn"]) == ["https://doi.org/10.1000/rain"]


def test_the_archive_is_the_same_byte_for_byte(project, crate, tmp_path):
    for path in project.root.rglob("*"):
        os.utime(path, (10**9, 10**9))
    again = tmp_path / "again.zip"
    write_crate(gather_contents(project, "2024", 1), again)
    assert again.read_bytes() == crate.read_bytes()


def test_permissions_are_of_two_kinds(tmp_path):
    program = tiny.write(tmp_path / "run", "#!/bin/sh\n")
    program.chmod(0o700)
    plain = tiny.write(tmp_path / "plain", "text\n")
    plain.chmod(0o600)
    write_archive(tmp_path / "a.zip", {"run": program, "plain": plain, "made": b"bytes"})
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        modes = {one.filename: oct(one.external_attr >> 16) for one in archive.infolist()}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert modes == {"made": "0o100644", "plain": "0o100644", "run": "0o100755"}


def test_a_certificate_of_another_build_is_left_out(project):
    tiny.write(project.root / "analysis/scale.py", "FACTOR = 2\n")
    contents = gather_contents(project, None, 2)
    assert not contents.certified
    assert not [name for name in contents.files if name.startswith("certificate/")]


def test_an_unpacked_crate_is_a_project_again(crate, tmp_path, monkeypatch):
    """What a reviewer does first: unpack, and compare the site with what the sources make."""
    from anew.verify import reproduction
    from anew.verify.reproduction import reproduce

    with zipfile.ZipFile(crate) as archive:
        archive.extractall(tmp_path / "unpacked")
    monkeypatch.setattr(reproduction, "rebuild", recorded.Warm(tmp_path / "fonts"))
    project = Project(tmp_path / "unpacked")
    (one,) = reproduce(project, str(project.site), None, 2, lambda text: None)
    assert one.verdict == "equal"


def test_a_crate_as_a_folder_needs_a_new_one(project, tmp_path):
    contents = gather_contents(project, None, 2)
    write_crate(contents, tmp_path / "crate")
    assert (tmp_path / "crate/ro-crate-metadata.json").is_file()
    with pytest.raises(AnewError, match="exists already"):
        write_crate(contents, tmp_path / "crate")


def test_codecheck_lists_the_outputs(project):
    text = codecheck_text(gather_contents(project, None, 2))
    document = yaml.safe_load(text)
    assert "%YAML 1.1\n---\nversion: " in text  # an explicit document, as the format wants it
    assert document["version"] == "https://codecheck.org.uk/spec/config/1.0/"
    assert document["paper"]["title"] == "Rain report, edition 2024"
    assert document["paper"]["authors"] == [
        {"name": "Maria Rainer", "ORCID": "0000-0002-1825-0097"}, {"name": "The rain watchers"}
    ]  # fmt: skip
    outputs = {one["file"]: one["comment"] for one in document["manifest"]}
    assert outputs["_site/figures/fig1.zh.svg"] == "fig1, analysis/fig1_rain.ipynb: 降水增加"
    assert "_site/report/en/index.pdf" in outputs and "_site/facts.json" in outputs
    assert "codechecker" not in document  # who checks says so


def test_the_command_wants_to_know_what(project, anew):
    done = anew("export", cwd=project.root)
    assert done.returncode == 2 and "--crate" in done.stderr
    done = anew("export", "--codecheck", cwd=project.root)
    assert done.returncode == 0, done.stderr
    assert (project.root / "codecheck.yml").is_file()


def test_a_citation_file_that_cannot_be_used_is_refused(tmp_path):
    with pytest.raises(AnewError, match="There is no CITATION.cff"):
        read_citation(tmp_path)
    tiny.write(tmp_path / "CITATION.cff", "title: x\n")
    with pytest.raises(AnewError, match="authors is missing"):
        read_citation(tmp_path)


def test_the_validator_accepts_the_crate_and_refuses_a_damaged_one(crate, tmp_path):
    if not VALIDATOR.is_file():
        missing("no validator of research objects: make setup-test")

    def validate(target: Path) -> subprocess.CompletedProcess[str]:
        command = [VALIDATOR, ROOT / "tools/validate_crate.py", target, tmp_path / "cache"]
        return subprocess.run(command, capture_output=True, text=True)

    done = validate(crate)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "damaged"
    with zipfile.ZipFile(crate) as archive:
        archive.extractall(folder)
    path = folder / "ro-crate-metadata.json"
    path.write_text(path.read_text("utf-8").replace('"instrument"', '"tool"'), "utf-8")
    done = validate(folder)
    assert done.returncode == 1 and "MUST have an instrument" in done.stdout
