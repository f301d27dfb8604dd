"""What is wrong with a project's own files as files: told, all of it, before anything runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from anew.build.stage import text_files
from anew.editions.editions import check_editions, load_editions
from anew.editions.parameters import read_schema, resolve
from anew.project.configuration import read_yaml
from anew.project.errors import AnewError, unknown
from anew.project.notebooks import read_cells
from anew.project.paths import Project
from anew.project.phrases import Phrase, joined
from anew.project.problems import at
from anew.project.settings import read_settings
from anew.project.texts import read_text
from anew.tables.loading import load_catalog
from anew.text.facts import load_units
from anew.text.glossary import read_phrases
from anew.text.parity import read_record

#: What people write under `report/` and `analysis/`.
_WRITTEN = {".qmd", ".md", ".bib", ".csl", ".css", ".js", ".lua", ".typ", ".py", ".html", ".svg"}
_YAML = {".yml", ".yaml"}


def refuse_sources(project: Project) -> None:
    """Raise AnewError telling all that is wrong with a project's own files."""
    found = source_problems(project)
    if len(found) == 1:
        raise found[0]
    if found:
        raise AnewError(
            joined("\n", (error.told() for error in found)), code=""
        )  # each has its own


def source_problems(project: Project) -> list[AnewError]:
    """Return what is wrong with a project's own files: no notebook need run to see it."""
    found = [*_links(project)]
    readers: list[Callable[[], object]] = [
        lambda: read_settings(project.root),
        lambda: load_units(project.units_file),
    ]
    for path in _files(project):
        readers.append(_reader(project, path))
    for read in readers:
        try:
            read()
        except AnewError as error:
            found.append(error)
    if not found:  # they are read from files that can be read
        found += _misfits(project)
    return list({str(error): error for error in found}.values())


def _files(project: Project) -> list[Path]:
    """Return the files that are read as text: under `report/` and `analysis/`."""
    code = [path for path in sorted(project.analysis.rglob("*")) if path.is_file()]
    texts = [path for path in text_files(project) if path != project.root / "_quarto.yml"]
    kinds = {*_WRITTEN, *_YAML, ".ipynb"}
    return [
        path
        for path in (*texts, *code)
        if path.suffix in kinds
        and path != project.units_file
        and not any(part.startswith(".") for part in path.relative_to(project.root).parts)
    ]


def _reader(project: Project, path: Path) -> Callable[[], object]:
    """Return how a file is read, as what it is."""
    shown = project.relative(path) if not path.is_symlink() else path.name
    if path.name == "_evidence.yml":
        return lambda: read_phrases(path)
    if path.name == "_translated.yml":
        return lambda: read_record(path)
    if path.suffix == ".ipynb":
        return lambda: read_cells(path, shown)
    if path.suffix in _YAML:
        return lambda: read_yaml(path, shown)
    return lambda: read_text(path, shown)


def _links(project: Project) -> Iterator[AnewError]:
    """Yield an error for each symbolic link that leads out of the project."""
    root = project.root.resolve()
    for folder in (project.data, project.analysis, project.report):
        for path in (folder, *sorted(folder.rglob("*"))):
            if path.is_symlink() and root not in path.resolve().parents:
                shown = path.relative_to(project.root).as_posix()
                yield AnewError(
                    "{file} is a symbolic link out of the project, to {path}.",
                    "Put the file itself there: what lies elsewhere is not published.",
                    code="link-outside",
                    file=shown,
                    path=path.resolve(),
                )


def _misfits(project: Project) -> Iterator[AnewError]:
    """Yield where the editions do not fit the catalogue and the notebooks."""
    try:
        catalog = load_catalog(project)
        problems = check_editions(project, catalog, project.notebooks())
        for problem in problems:
            message = at(problem.place(), problem.message)
            yield AnewError(message, problem.hint, code=problem.code)
        if not problems:
            yield from _parameters(project)
    except AnewError as error:
        yield error


def _parameters(project: Project) -> Iterator[AnewError]:
    """Yield which parameters of the editions their notebooks do not take."""
    shown = project.relative(project.editions_file)
    _, lines = read_yaml(project.editions_file, shown)
    editions = load_editions(project)
    schemas = {address: read_schema(path) for address, path in project.notebooks().items()}
    for name in editions:
        for address, figure in editions[name].figures.items():
            schema = {key: one for key, one in schemas[address].items() if key != "edition"}
            path = ("editions", name, "figures", address, "parameters")
            for key, value in figure.parameters.items():
                line = lines.get((*path, key), lines.get(path[:4], 1))
                where = Phrase(
                    "{file}, line {line}: {address}, edition {edition}",
                    file=shown,
                    line=line,
                    address=address,
                    edition=name,
                )
                try:
                    if key not in schema:
                        raise unknown("parameter", key, schema, where)
                    resolve({key: schema[key]}, {key: value}, {}, where)
                except AnewError as error:
                    yield error
