"""A changed number changes the facts, claims and verdicts that hang on it, and no others.

More than two hundred cells of the raw tables behind edition 2026 are changed one at a time, a
little or a lot, and the notebooks that read the table run again without drawing. What must change,
what may and what must not is listed by hand, for every fact and every claim in tests/dependence.py,
for every tested statement of the study in tests/dependence_study.py.
"""

from __future__ import annotations

import importlib
import random
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import dependence
import dependence_study
import pandas as pd
import pytest
from dependence_cells import SOURCES, Cell
from figure_checks import PROJECT

import analysis
import anew.editions.editions
import anew.notebook.session
import anew.tables.loading
import anew.tables.reading
import anew.text.statements
from anew.build.plan import Plan, Request, make_plan
from anew.figures.drawing import Words
from anew.notebook.runner import dry_run
from anew.project.language import LANGUAGES

EDITION = "2026"
READ = anew.tables.reading.read_table
#: Factors of a change: by the first ones, what is largest stays the largest.
NEAR = (1.01, 0.99, 1.03, 0.97)
FAR = (2.5, 0.4)
#: How many cells are changed.
CELLS = 210

Place = tuple[str, str, int, str]
#: What must change with a place, what may, and what may only with a large change.
Listed = tuple[set[str], set[str], set[str]]


def _listed(name: str) -> dict[str, set[Cell]]:
    """Return one of the lists by id: facts, claims, and statements as paper/<id>."""
    told = getattr(dependence, name)
    return told | {f"paper/{id}": cells for id, cells in getattr(dependence_study, name).items()}


MUST, MAY, MAY_FAR = (_listed(name) for name in ("MUST", "MAY", "FAR"))


class Desk:
    """Rehearses notebooks on the edition's tables, one cell of which may be another number."""

    def __init__(self) -> None:
        self.plan: Plan = make_plan(PROJECT, Request(edition=EDITION))
        self.changed: tuple[str, str, int, str, float] | None = None
        self.frame = cache(lambda name, vintage: READ(PROJECT, self.plan.catalog, name, vintage))
        self.before = {address: self.said(address) for address in self.plan.runs}

    def read(self, project: Any, catalog: Any, name: str, vintage: str) -> pd.DataFrame:
        """Return a table as the notebooks get it, with the changed cell."""
        frame = self.frame(name, vintage).copy()
        if self.changed and self.changed[:2] == (name, vintage):
            _, _, row, column, value = self.changed
            frame.loc[row, column] = value
        return frame

    def said(self, address: str) -> dict[str, Any]:
        """Return values of facts, outcome and evidence of claims and of statements, by id."""
        result = dry_run(self.plan.runs[address]).findings().model_dump(mode="json")
        facts = {id: fact["value"] for id, fact in result["facts"].items()}
        claims = {id: [c["holds"], c["evidence"]] for id, c in result["claims"].items()}
        statements = {
            f"paper/{id}": [one[key] for key in ("verdict", "agrees", "ours", "evidence")]
            for id, one in result["statements"].items()
        }
        return facts | claims | statements

    def readers(self, table: str, vintage: str) -> list[str]:
        """Return the notebooks for which the edition plans a vintage of a table."""
        figures = self.plan.edition.figures
        return [a for a in self.plan.runs if (table, vintage) in _read(figures[a])]

    def differing(self, addresses: list[str]) -> set[str]:
        """Return the ids whose value, outcome or evidence is another one now, or is gone."""
        found = set()
        for address in addresses:
            now, before = self.said(address), self.before[address]
            found |= {id for id in now | before if now.get(id) != before.get(id)}
        return found


def _read(figure: Any) -> set[tuple[str, str]]:
    return {(table, vintage) for table, _, vintage in figure.vintages()}


@pytest.fixture(scope="module")
def desk():
    """The desk. What parses a file that stays the same is done once, and no words are made."""
    PROJECT.make_importable()
    plain = Words("title", "measure", "note", "alt")
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (anew.tables.loading, "load_catalog"),
            (anew.editions.editions, "load_editions"),
            (anew.text.statements, "load_statements"),
            (anew.notebook.session, "load_units"),
        ):
            patch.setattr(module, name, lru_cache(getattr(module, name)))
        for path in Path(analysis.__file__).parent.glob("*/words.py"):
            module = importlib.import_module(f"analysis.{path.parent.name}.words")
            if hasattr(module, "words"):
                patch.setattr(module, "words", lambda *_, **__: dict.fromkeys(LANGUAGES, plain))
        made = Desk.__new__(Desk)
        patch.setattr(anew.tables.reading, "read_table", made.read)
        made.__init__()
        yield made


def located(desk: Desk, cell: Cell) -> list[Place]:
    """Return the places of a listed cell: one, none where the table has no such row; many of `*`.

    A place is table, vintage, row and column.
    """
    source, economy, year = cell
    address, table, role, column = SOURCES[source]
    vintage: Any = desk.plan.edition.figures[address].tables[table]
    vintage = vintage[role] if role else vintage
    frame = desk.frame(table, vintage)
    single = ~frame["economy"].isin(["WLD", *desk.plan.catalog.economies.aggregates])
    rows = (single if economy == "*" else frame["economy"] == economy) & frame[column].notna()
    for name in frame.columns:
        if name.startswith("year") and year:
            rows &= frame[name] == year
    if source.startswith("families/"):
        rows &= frame["wipo_field"] == int(source.partition("/")[2])
    found = frame.index[rows]
    assert economy == "*" or len(found) <= 1
    return [(table, vintage, int(row), column) for row in found]


@pytest.fixture(scope="module")
def places(desk):
    """Every place with a number, with what must and may change."""
    found: dict[Place, Listed] = {}
    for table, vintage in desk.plan.edition.vintages():
        frame = desk.frame(table, vintage)
        keys = {"wipo_field", "white_paper"}
        for column in frame.select_dtypes("number").columns:
            if not column.startswith("year") and column not in keys:
                for row in frame.index[frame[column].notna()]:
                    found[table, vintage, int(row), column] = (set(), set(), set())
    for number, listed in enumerate((MUST, MAY, MAY_FAR)):
        for id, cells in listed.items():
            for cell in cells:
                for place in located(desk, cell):
                    found[place][number].add(id)
    return found


def changed(value: float, factor: float) -> float:
    """Return another number: `value` times `factor`; a count stays whole and above zero."""
    if float(value).is_integer() and abs(value) < 1e6:
        step = max(1, round(abs(value) * abs(factor - 1)))
        return value + step if factor > 1 or value <= step else value - step
    return value * factor


def try_one(desk: Desk, places: Any, place: Place, factor: float, everyone=False) -> None:
    table, vintage, row, column = place
    value = changed(desk.frame(table, vintage).loc[row, column], factor)
    desk.changed = (table, vintage, row, column, value)
    try:
        readers = list(desk.plan.runs) if everyone else desk.readers(table, vintage)
        differing = desk.differing(readers)
    finally:
        desk.changed = None
    must, may, far = places[place]
    allowed = must | may | (far if factor in FAR else set())
    where = f"{table} {vintage}, {dict(desk.frame(table, vintage).loc[row])}, {column}: {value}"
    assert must - differing == set(), f"unchanged, though it hangs on {where}"
    assert differing - allowed == set(), f"changed, though it does not hang on {where}"


def test_every_fact_claim_and_tested_statement_of_the_edition_is_listed(desk):
    said = {id for found in desk.before.values() for id in found}
    assert set(MUST) == said
    assert set(MAY) | set(MAY_FAR) <= said


def test_the_list_names_cells_that_exist(desk):
    """A misspelt economy or a year that no table has would make the list say nothing."""
    for id, cells in MUST.items():
        assert not cells or any(located(desk, cell) for cell in cells), id
    hung = {id for id, cells in MUST.items() if cells}
    assert len(hung) > 0.85 * len(MUST)


def test_a_dry_run_says_the_same_twice(desk):
    assert desk.differing(list(desk.plan.runs)) == set()


def drawn_places(desk: Desk, places: Any) -> list[tuple[Place, float]]:
    """Draw different places with a factor each: of every table as many, one half of them listed."""
    rng = random.Random(2026)
    tables = desk.plan.edition.vintages()
    drawn: list[Place] = []
    for number, table in enumerate(tables):
        of_table = sorted((place for place in places if place[:2] == table), key=str)
        hung = [place for place in of_table if places[place][0]]
        wanted = CELLS * (number + 1) // len(tables) - CELLS * number // len(tables)
        some = rng.sample(hung, min(len(hung), wanted // 2))
        others = [place for place in of_table if place not in set(some)]
        drawn += some + rng.sample(others, min(len(others), wanted - len(some)))
    factors = [*NEAR, *FAR]
    return [(place, rng.choice(factors)) for place in drawn]


def test_a_changed_cell_changes_just_what_hangs_on_it(desk, places):
    drawn = drawn_places(desk, places)
    assert len({place for place, _ in drawn}) >= 200
    assert {place[:2] for place, _ in drawn} == set(desk.plan.edition.vintages())
    assert {factor for _, factor in drawn} == {*NEAR, *FAR}
    for place, factor in drawn:
        try_one(desk, places, place, factor)


def test_notebooks_that_do_not_read_a_table_never_change(desk, places):
    """Here every notebook runs, also those that are taken not to read the table."""
    some = random.Random(7).sample(sorted(places, key=str), 8)
    for place in some:
        try_one(desk, places, place, 1.03, everyone=True)


def test_the_check_is_not_blind(desk, places):
    """A list that claimed too much or too little would be found out."""
    (place,) = located(desk, ("gdp", "USA", 2023))
    must, may, far = places[place]
    assert {"gdp_usa", "rd_usa", "rd_gap", "usa-leads-gdp-digital-unicorns"} <= must
    with pytest.raises(AssertionError, match="does not hang on"):
        try_one(desk, {place: (must - {"rd_usa"}, may, far)}, place, 1.03)
    with pytest.raises(AssertionError, match="unchanged, though"):
        try_one(desk, {place: (must | {"rd_chn"}, may, far)}, place, 1.03)
