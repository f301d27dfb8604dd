"""The plan of a build: which edition, which notebooks, with which parameters."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path

import anew
from anew.editions.coverage import refuse_beyond
from anew.editions.editions import Edition, load_editions
from anew.editions.focus import Given, focus_on, focusable
from anew.editions.parameters import Parameter, read_schema, resolve
from anew.notebook.runner import NotebookRun
from anew.project.errors import AnewError, unknown
from anew.project.language import LANGUAGES
from anew.project.notebooks import draws
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.settings import read_settings
from anew.tables.catalog import Catalog
from anew.tables.loading import load_catalog
from anew.tables.periods import KINDS, refuse_no_period

#: What a document can be made into; html is always made.
FORMATS = ("html", "pdf", "docx")

#: Packages whose version can change what a notebook computes or draws.
_PACKAGES = (
    "numpy", "pandas", "matplotlib", "seaborn", "ipython", "papermill", "nbformat", "babel",
    "fonttools", "pylopdf-fonts-zh-cn", "manimgx-fonts-cjk",
)  # fmt: skip


#: What the catalogue says of a table and a notebook does not read.
_UNREAD = ("vintages", "intake", "note")


@dataclass(frozen=True)
class Request:
    """A build as it was asked for; `parameters` as typed, such as `fig7.last_year=2021`.

    `focus` is the economy that figures put first; without `only` these are all that can do so, and
    with `whole` the rest of the report comes along. `verify` reads every file again, whatever stat
    says of it. If `strict`, a site whose text makes a claim that does not hold is not published.
    """

    edition: str | None = None
    only: Sequence[str] = ()
    parameters: Sequence[str] = ()
    jobs: int = 2
    output: Path | None = None
    typesetter: str = "auto"
    formats: Sequence[str] = ("html", "pdf")
    all_editions: bool = False
    focus: str | None = None
    whole: bool = False
    verify: bool = False
    strict: bool = False


@dataclass(frozen=True)
class Plan:
    """A build that can be made: every name in it exists, every value has its type."""

    project: Project
    catalog: Catalog
    edition: Edition
    newest: bool
    runs: Mapping[str, NotebookRun]
    settings: Mapping[str, Mapping[str, object]]
    given: Mapping[str, Mapping[str, object]]
    whole: bool
    formats: Sequence[str] = ("html", "pdf")
    focus: str = ""
    #: The editions on the same site: name, where it is from this one's root, whether newest.
    published_with: Sequence[tuple[str, str, bool]] = ()

    @property
    def key(self) -> str:
        """The name of what is built: the edition, and a hash of what departs from it."""
        departs = {address: values for address, values in self.given.items() if values}
        names = [] if self.whole else sorted(self.runs)
        apart = [departs, names, list(self.published_with)]
        return self.edition.name + (f"-{_hash(apart)}" if any(apart) else "")

    @property
    def root(self) -> str:
        """Where this edition is on the site it is published on: "" or `editions/2025/`."""
        return "" if self.newest or not self.published_with else f"editions/{self.edition.name}/"

    @property
    def published_before(self) -> tuple[str, str] | None:
        """The edition before on the same site: its name, and where it is from this one's root."""
        names = [name for name, _, _ in self.published_with]
        place = names.index(self.edition.name) + 1 if names else 0
        if place >= len(names):
            return None
        name, root, _ = self.published_with[place]
        return name, root

    @property
    def tracked(self) -> bool:
        """Whether this build draws what `figures/` holds: all of the newest edition as it is."""
        return self.whole and self.newest and not any(self.given.values())


def make_plan(project: Project, request: Request) -> Plan:
    """Return the plan for a request; nothing is run.

    Raises AnewError for an unknown edition, figure or parameter and for a value of a wrong type;
    the message lists the valid ones.
    """
    catalog = load_catalog(project)
    editions = load_editions(project)
    edition = editions[request.edition or editions.default]
    notebooks = project.notebooks()
    for address in request.only:
        if address not in edition.figures:
            raise unknown(
                "figure",
                address,
                edition.figures,
                Phrase("edition {edition}", edition=edition.name),
            )
    wanted = request.only or edition.figures
    for address in wanted:
        if address not in notebooks:
            raise AnewError(
                "Edition {edition} plans {address}, and no notebook has that address.",
                "Add analysis/{address}_….ipynb, or take {address} out of data/editions.yml.",
                code="no-notebook",
                edition=edition.name,
                address=address,
            )
    chosen = [address for address in notebooks if address in wanted]
    schemas = {address: read_schema(notebooks[address]) for address in chosen}
    _refuse_whole(request)
    turned = chosen if request.only or not request.focus else focusable(edition, schemas)
    if request.focus and not request.whole:
        chosen = turned
        schemas = {address: schemas[address] for address in chosen}
    given = _given(request.parameters, schemas)
    if request.focus:
        leading = {address: schemas[address] for address in turned}
        given |= focus_on(project, catalog, edition, leading, given, request.focus)
    picture = read_settings(project.root).anew.picture
    if picture is not None and picture not in edition.figures:
        raise unknown("figure", picture, edition.figures, "_quarto.yml, anew.picture")
    runs: dict[str, NotebookRun] = {}
    settings: dict[str, dict[str, object]] = {}
    for address in chosen:
        plan = edition.figures[address]
        schema = {name: p for name, p in schemas[address].items() if name != "edition"}
        where = Phrase("{address}, edition {edition}", address=address, edition=edition.name)
        for kind in KINDS:
            for name in (f"first_{kind}", f"last_{kind}"):
                if (value := given[address].get(name)) is None:
                    continue
                typed = Phrase(
                    "{address}, edition {edition}",
                    address=f"-p {address}.{name}={value}",
                    edition=edition.name,
                )
                refuse_no_period(kind, value, typed)
                if name.startswith("last"):
                    refuse_beyond(project, catalog, plan, kind, str(value), typed)
        settings[address] = {
            "edition": [edition.name, edition.title, edition.date, edition.note],
            "languages": list(LANGUAGES),
            "parameters": resolve(schema, plan.parameters, given[address], where),
            "tables": _table_settings(catalog, plan.tables, where),
            "catalogue": _hash([sorted(catalog.tables), catalog.economies]),
        }
        name = f"{address}-{edition.name}"
        if given[address]:
            name += "-" + _hash(settings[address]["parameters"])
        runs[address] = NotebookRun(
            project,
            address,
            notebooks[address],
            {"edition": edition.name, **given[address]},
            project.work / "steps" / name,
            draws(notebooks[address], project.relative(notebooks[address])),
        )
    whole = not request.only and (request.whole or not request.focus)
    newest = edition.name == editions.default
    formats = checked_formats(request)
    return Plan(
        project, catalog, edition, newest, runs, settings, given, whole, formats,
        focus=request.focus or "",
    )  # fmt: skip


def _refuse_whole(request: Request) -> None:
    """Raise AnewError where `whole` says nothing, or the opposite of `only`."""
    if request.whole and (request.only or not request.focus):
        raise AnewError(
            "--whole builds the whole report with another focus.",
            "Drop --only, or name the focus: --focus IND --whole.",
            code="options-conflict",
        )


def checked_formats(request: Request) -> tuple[str, ...]:
    """Return the formats asked for; html is always made. Raises AnewError for an unknown one."""
    for name in request.formats:
        if name not in FORMATS:
            raise unknown("format", name, FORMATS)
    return tuple(name for name in FORMATS if name == "html" or name in request.formats)


def make_plans(project: Project, request: Request) -> list[Plan]:
    """Return the plan of a request; with `all_editions` one for every edition, the newest first.

    Raises AnewError as make_plan does, and for all editions of a part or with parameters.
    """
    if not request.all_editions:
        return [make_plan(project, request)]
    if request.edition or request.only or request.parameters or request.focus:
        raise AnewError(
            "--all-editions builds every edition in full.",
            "Drop --edition, --only, -p and --focus, or drop --all-editions.",
            code="options-conflict",
        )
    names = sorted(load_editions(project), reverse=True)
    return [plan_beside(project, request, name) for name in names]


def plan_beside(project: Project, request: Request, name: str) -> Plan:
    """Return the plan of one edition that is published beside all others."""
    editions = load_editions(project)
    up = "" if name == editions.default else "../../"
    others = tuple(
        (other, "" if other == name else up + _place(other, editions.default),
         other == editions.default)
        for other in sorted(editions, reverse=True)
    )  # fmt: skip
    return replace(make_plan(project, replace(request, edition=name)), published_with=others)


def _place(edition: str, newest: str) -> str:
    return "" if edition == newest else f"editions/{edition}/"


def _given(typed: Sequence[str], schemas: Mapping[str, Mapping[str, Parameter]]) -> Given:
    """Return the typed parameters by address; one without an address goes to all that have it."""
    given: dict[str, dict[str, object]] = {address: {} for address in schemas}
    for text in typed:
        target, equals, value = text.partition("=")
        if not equals:
            raise AnewError(
                "-p {text}: the value is missing.",
                "Write -p fig7.last_year=2021, or -p last_year=2021 for every figure that has it.",
                code="no-value",
                text=text,
            )
        address, dot, name = target.strip().rpartition(".")
        if dot and address not in schemas:
            raise unknown("figure", address, schemas, f"-p {text}")
        holders = [address] if dot else [a for a in schemas if name in schemas[a]]
        known = schemas[address] if dot else {n for schema in schemas.values() for n in schema}
        if not holders or name not in known or name == "edition":
            raise unknown("parameter", name, set(known) - {"edition"}, f"-p {text}")
        for holder in holders:
            given[holder][name] = schemas[holder][name].parse(value.strip(), f"-p {text}")
    return given


def _table_settings(
    catalog: Catalog, tables: Mapping[str, str | dict[str, str]], where: str
) -> dict[str, object]:
    """Return what the catalogue says of the tables and vintages of one notebook, without notes."""
    found: dict[str, object] = {}
    for name, vintages in sorted(tables.items()):
        if name not in catalog.tables:
            raise unknown("table", name, catalog.tables, where)
        table = catalog.tables[name]
        for vintage in vintages.values() if isinstance(vintages, Mapping) else [vintages]:
            if vintage not in table.vintages:
                raise unknown(
                    "vintage",
                    str(vintage),
                    table.vintages,
                    Phrase("{where}, table {table}", where=where, table=name),
                )
            entry = table.vintages[vintage]
            said = {k: v for k, v in vars(table).items() if k not in _UNREAD}
            of_vintage = {k: v for k, v in vars(entry).items() if k not in _UNREAD}
            found[f"{name}/{vintage}"] = [entry.sha256[:16], _hash([said, of_vintage])]
        if isinstance(vintages, Mapping):
            found[f"{name} roles"] = {str(role): str(v) for role, v in vintages.items()}
    return found


@cache
def environment() -> dict[str, str]:
    """Return the versions that results depend on: Python, the engine, the packages."""
    versions = {"python": platform.python_version(), "anew": anew.__version__}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def _hash(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:10]
