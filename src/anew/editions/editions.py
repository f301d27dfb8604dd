"""Editions: the configuration of each yearly report, with vintages and parameters by figure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pydantic import Field, field_validator, model_validator

from anew.project.configuration import Entry, Path_, Text, checked, read_yaml
from anew.project.errors import AnewError, unknown
from anew.project.paths import Project, natural
from anew.project.phrases import Phrase
from anew.project.problems import Problem, refuse
from anew.tables.catalog import Catalog, first_day, last_day
from anew.tables.periods import EXAMPLES, KINDS, NOUNS, Kind, is_written

#: The role of the vintage that a figure shows, where it reads others of the same table beside it.
DRAWN = "drawn"


class LastPeriod(Entry):
    """How a new edition finds the parameter of its name, in the tables that decide it.

    It is the last period in which each of `tables` has a row for every entity that is drawn (the
    parameter `economies` or `entities`) and for every one of `with_`.
    """

    tables: list[str] = Field(min_length=1)
    with_: list[str] = Field([], alias="with")


class FigurePlan(Entry):
    """What an edition says of one notebook: tables with their vintages, and parameters."""

    tables: dict[str, str | dict[str, str]] = {}
    parameters: dict[str, object] = {}
    last_year: LastPeriod | None = None
    last_quarter: LastPeriod | None = None
    last_month: LastPeriod | None = None
    last_week: LastPeriod | None = None
    last_date: LastPeriod | None = None

    @model_validator(mode="after")
    def _has_one_rule(self) -> FigurePlan:
        if len(rules := [f"last_{kind}" for kind in KINDS if self._rule(kind)]) > 1:
            raise ValueError(
                Phrase("has the rules {rules}; a figure ends in one period", rules=rules)
            )
        return self

    def _rule(self, kind: Kind) -> LastPeriod | None:
        rule: LastPeriod | None = getattr(self, f"last_{kind}")
        return rule

    @property
    def kind(self) -> Kind | None:
        """The kind of period that the figure ends in, by its rule; None without a rule."""
        return next((kind for kind in KINDS if self._rule(kind)), None)

    @property
    def rule(self) -> LastPeriod | None:
        """The rule by which a new edition finds the last period; None without one."""
        return self._rule(self.kind) if self.kind else None

    def period(self, name: str) -> str | None:
        """Return the parameter `name`, a period as it is written; None where it is not set."""
        value = self.parameters.get(name)
        return None if value is None else str(value)

    def drawn(self) -> list[str]:
        """Return the parameter `economies` or `entities`; empty where it is not set."""
        value = self.parameters.get("economies", self.parameters.get("entities"))
        return [str(code) for code in value] if isinstance(value, list) else []

    def vintages(self) -> list[tuple[str, str | None, str]]:
        """Return every table, role (None where there is one vintage) and vintage that is read."""
        found: list[tuple[str, str | None, str]] = []
        for table, vintage in self.tables.items():
            if isinstance(vintage, str):
                found.append((table, None, vintage))
            else:
                found += [(table, role, name) for role, name in vintage.items()]
        return found


class Edition(Entry):
    """One yearly report."""

    name: str
    title: Text
    date: str
    note: Text | None = None
    figures: dict[str, FigurePlan] = Field(min_length=1)

    @field_validator("date")
    @classmethod
    def _is_day(cls, value: str) -> str:
        if last_day(value).isoformat() != value:
            raise ValueError(Phrase("must be a date such as 2026-07-01"))
        return value

    def vintages(self) -> list[tuple[str, str]]:
        """Return every table and vintage that some figure reads, each once, sorted."""
        plans = self.figures.values()
        return sorted({(table, name) for plan in plans for table, _, name in plan.vintages()})


class Editions(Entry):
    """All editions by name. The greatest name is the newest, and the default."""

    editions: dict[str, Edition] = Field(min_length=1)

    @property
    def default(self) -> str:
        """The newest edition's name."""
        return max(self.editions, key=natural)

    @property
    def names(self) -> list[str]:
        """The editions' names, the oldest first."""
        return sorted(self.editions, key=natural)

    def __getitem__(self, name: str) -> Edition:
        """Return an edition; raise AnewError listing those that exist."""
        if name not in self.editions:
            raise unknown("edition", name, self.editions, "data/editions.yml")
        return self.editions[name]

    def __contains__(self, name: object) -> bool:
        return name in self.editions

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.names)


def load_editions(project: Project) -> Editions:
    """Return the project's editions; raise DataError with every problem in the file.

    Whether they fit the catalogue and the notebooks is `check_editions`.
    """
    shown = project.relative(project.editions_file)
    data, lines = read_yaml(project.editions_file, shown)
    return checked(Editions, _named(data), lines, shown)


def check_editions(
    project: Project, catalog: Catalog, addresses: Collection[str] | None = None
) -> list[Problem]:
    """Return what in the editions does not fit the catalogue, each with its line.

    `addresses` are the notebooks that exist, if a figure without one is to be a problem.
    """
    shown = project.relative(project.editions_file)
    data, lines = read_yaml(project.editions_file, shown)
    editions = checked(Editions, _named(data), lines, shown)
    problems: list[Problem] = []
    for name in editions.names:
        for path, error in _faults(editions[name], catalog, addresses):
            full: Path_ = ("editions", name, *path)
            line = next(lines[full[:n]] for n in range(len(full), -1, -1) if full[:n] in lines)
            place = Phrase("{file}, line {line}", file=shown, line=line)
            at = Phrase("edition {edition}, {key}", edition=name, key=".".join(map(str, path)))
            message = Phrase("{place}: {message}", place=at, message=error.message)
            problems.append(Problem(place, message, error.hint, error.code))
    return problems


def refuse_misfits(project: Project, catalog: Catalog, addresses: Collection[str] | None) -> None:
    """Raise DataError when the editions do not fit the catalogue or the notebooks."""
    shown = project.relative(project.editions_file)
    what = Phrase("{file} does not fit the catalogue", file=shown)
    refuse(check_editions(project, catalog, addresses), what)


def _named(data: object) -> object:
    if not isinstance(data, dict) or not isinstance(data.get("editions"), dict):
        return data
    named = {
        name: {"name": name, **edition} if isinstance(edition, dict) else edition
        for name, edition in data["editions"].items()
    }
    return {**data, "editions": named}


Fault = tuple[Path_, AnewError]


def _faults(
    edition: Edition, catalog: Catalog, addresses: Collection[str] | None
) -> Iterator[Fault]:
    newest, newest_of = "", ""
    for address, plan in edition.figures.items():
        at: Path_ = ("figures", address)
        if addresses is not None and address not in addresses:
            yield at, unknown("figure", address, addresses)
        for table, role, vintage in plan.vintages():
            path: Path_ = (*at, "tables", table, *([role] if role else []))
            if table not in catalog.tables:
                yield path, unknown("table", table, catalog.tables)
            elif vintage not in catalog.tables[table].vintages:
                yield path, unknown("vintage", vintage, catalog.tables[table].vintages)
            elif (published := catalog.vintage(table, vintage).published) > newest:
                newest, newest_of = published, f"{table} {vintage}"
        yield from _plan_faults(at, plan)
    if newest and first_day(newest) > last_day(edition.date):
        yield (
            ("date",),
            AnewError(
                "{date} is before {newest}, published {published}.",
                "Date the edition on or after that day, or plan an older vintage.",
                code="edition-too-early",
                date=edition.date,
                newest=newest_of,
                published=newest,
            ),
        )


def _plan_faults(at: Path_, plan: FigurePlan) -> Iterator[Fault]:
    for kind in KINDS:
        for name in (f"first_{kind}", f"last_{kind}"):
            value = plan.period(name)
            if value is not None and not is_written(kind, value):
                error = AnewError(
                    "{value!r} is not a {kind}.",
                    "Write it as {example}.",
                    code="not-a-period",
                    value=value,
                    kind=NOUNS[kind],
                    example=EXAMPLES[kind],
                )
                yield (*at, "parameters", name), error
        first, last = plan.period(f"first_{kind}"), plan.period(f"last_{kind}")
        if first is not None and last is not None and first > last:
            error = AnewError(
                "first_{kind} {first} is after last_{kind} {last}.",
                "Exchange them.",
                code="wrong-rule",
                kind=kind,
                first=first,
                last=last,
            )
            yield (*at, "parameters"), error
    if plan.rule:
        last_of = f"last_{plan.kind}"
        for table in plan.rule.tables:
            planned = plan.tables.get(table, {})
            if table not in plan.tables:
                error = unknown("table", table, plan.tables, Phrase("this figure's tables"))
                yield (*at, last_of, "tables"), error
            elif not isinstance(planned, str) and DRAWN not in planned:
                error = AnewError(
                    "{table} decides, but none of its roles is the one that is drawn.",
                    "Name it {drawn}, or let another table decide.",
                    code="wrong-rule",
                    table=table,
                    drawn=DRAWN,
                )
                yield (*at, "tables", table), error
        if last_of not in plan.parameters:
            error = AnewError(
                "a rule for a parameter {name} that is not there.",
                "Add the parameter, or take the rule out.",
                code="wrong-rule",
                name=last_of,
            )
            yield (*at, last_of), error
