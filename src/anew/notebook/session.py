"""The session of one notebook: what it reads, states, claims and draws.

A notebook calls `anew.open(address, …)` once and everything else through what it gets back, so
that the same cells work in a build, under plain papermill and in Jupyter.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from anew.project.errors import AnewError, unknown
from anew.project.language import LANGUAGES, both, say
from anew.project.paths import Project
from anew.text.facts import Fact, checked_value, load_units

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from anew.editions.editions import Edition
    from anew.figures.drawing import Words
    from anew.tables.catalog import Catalog


@dataclass(frozen=True)
class Source:
    """A table that a notebook read, as its source line names it."""

    table: str
    title: Mapping[str, str]
    agency: Mapping[str, str]
    code: str
    vintage: str
    published: str


@dataclass
class Session:
    """One notebook at work. Made by `anew.open`."""

    project: Project
    address: str
    edition: Edition
    parameters: SimpleNamespace
    catalog: Catalog
    folder: Path | None
    building: bool
    sources: list[Source] = field(default_factory=list)
    _facts: dict[str, Fact] = field(default_factory=dict)
    _claims: dict[str, dict[str, Any]] = field(default_factory=dict)
    _statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    _tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    _absent: list[str] = field(default_factory=list)
    _words: dict[str, dict[str, str]] = field(default_factory=dict)
    _points: dict[str, Any] = field(default_factory=dict)
    data: str = ""

    def __post_init__(self) -> None:
        self._units = load_units(self.project.units_file)

    @property
    def plan(self) -> Any:
        """What the edition says for this address: tables with vintages, parameters."""
        return self.edition.figures[self.address]

    def table(self, name: str, role: str | None = None) -> DataFrame:
        """Return table `name` in the vintage that the edition plans for this notebook.

        Where the edition names several vintages, `role` says which. Raises AnewError for a table
        or role that the edition does not plan, and for a file that is not what the catalogue says.
        """
        from anew.tables.reading import read_table

        where = f"{self.address}, edition {self.edition.name}"
        if name not in self.plan.tables:
            raise unknown("table", name, self.plan.tables, where)
        vintage: Any = self.plan.tables[name]
        if isinstance(vintage, Mapping):
            if role is None or str(role) not in vintage:
                raise unknown("vintage role", str(role), vintage, f"{where}, table {name}")
            vintage = vintage[str(role)]
        elif role is not None:
            raise AnewError(
                f"{where}: table {name} has one vintage, not one for the role {role!r}.",
                "Leave the role out, or give the edition a vintage for each role.",
            )
        frame = read_table(self.project, self.catalog, name, vintage)
        entry = self.catalog.tables[name]
        source = Source(
            name,
            dict(entry.title),
            dict(entry.vintages[vintage].agency),
            entry.code,
            vintage,
            entry.vintages[vintage].published,
        )
        if source not in self.sources:
            self.sources.append(source)
            self._write()
        return frame

    def fact(self, id: str, value: float | int, unit: str) -> None:
        """State a fact that the text may print: `value` in base units, `unit` by its name.

        Raises AnewError for an unknown unit, a value that is not finite, and in a build for an id
        stated twice.
        """
        if self.building and id in self._facts:
            raise AnewError(f"{self.address} states the fact {id} twice.", "Keep one of them.")
        value = checked_value(id, value, unit, self._units)
        self._facts[id] = Fact(id, value, unit, self.address)
        self._write()

    def facts(self, values: Mapping[str, float | int], unit: str) -> None:
        """State several facts of one unit."""
        for id, value in values.items():
            self.fact(id, value, unit)

    def absent(self, *ids: str) -> None:
        """Say which facts these data do not have, as the year in which A passes B where A does not.

        The text may print one all the same, as a dash, in a sentence of a claim that then fails.
        Those that are stated are passed over.
        """
        self._absent = [id for id in ids if id not in self._facts]
        self._write()

    def claim(
        self,
        id: str,
        holds: bool,
        *,
        evidence: Mapping[str, Any],
        fails_when: Mapping[str, str],
    ) -> None:
        """Claim that something holds on this edition's data, so that the text may say it.

        `evidence` are the values that decide it, `fails_when` says in each language what the data
        would show if it did not hold. Raises AnewError for a claim without evidence.
        """
        if self.building and id in self._claims:
            raise AnewError(f"{self.address} makes the claim {id} twice.", "Keep one of them.")
        if not evidence:
            raise AnewError(f"Claim {id} has no evidence.", "Give the values that decide it.")
        self._claims[id] = {
            "holds": bool(holds),
            "figure": self.address,
            "evidence": _plain(evidence),
            "fails_when": both(fails_when, f"fails_when of claim {id}"),
        }
        self._write()

    def statement(
        self,
        id: str,
        *,
        ours: Any = None,
        agrees: bool | None = None,
        evidence: Mapping[str, Any],
        test: Mapping[str, str],
        depends: Mapping[str, str] | None = None,
    ) -> None:
        """Hold a statement of the published study against the data.

        `ours` is the value computed here for a number, `agrees` the outcome of the test for a
        statement in words; `test` says in each language what was tested, `depends` how far the
        outcome hangs on a threshold or a list. The verdict is computed, never given. Raises
        AnewError for a statement that the study does not make.
        """
        from anew.text.statements import judge, load_statements

        published = load_statements(self.project)
        if id not in published:
            raise unknown("statement", id, published, self.address)
        verdict = judge(published[id], self.catalog.tables, ours=_plain(ours), agrees=agrees)
        self._statements[id] = {
            "verdict": verdict,
            "figure": self.address,
            "ours": _plain(ours),
            "agrees": None if agrees is None else bool(agrees),
            "evidence": _plain(evidence),
            "test": both(test, f"test of statement {id}"),
            "depends": both(depends, f"depends of statement {id}") if depends else None,
        }
        self._write()

    def report_table(
        self,
        id: str,
        columns: Mapping[str, Mapping[str, str]],
        rows: Sequence[Sequence[Any]],
        *,
        caption: Mapping[str, str],
    ) -> None:
        """Give the text a computed table, which it shows with `::: {#<id> .computed}` and `:::`.

        `columns` maps a column to its heading per language; a cell is a text, a mapping by
        language, a pair (value, unit) printed as a fact is, or None, printed as a dash.
        Raises AnewError for a row of another length than the heading.
        """
        if not id.startswith("tbl-"):
            raise AnewError(f"Table {id!r} has no table id.", "Begin the id with tbl-.")
        body: dict[str, list[list[str]]] = {language: [] for language in LANGUAGES}
        for number, row in enumerate(rows, 1):
            if len(row) != len(columns):
                raise AnewError(
                    f"Table {id}, row {number} has {len(row)} cells, the heading {len(columns)}.",
                    "Give every row a cell for every column; None for a missing value.",
                )
            for language in LANGUAGES:
                body[language].append([self._cell(cell, language, id) for cell in row])
        numeric = [
            all(isinstance(row[index], tuple) or row[index] is None for row in rows)
            for index in range(len(columns))
        ]
        self._tables[id] = {
            "figure": self.address,
            "columns": {name: both(text, f"table {id}") for name, text in columns.items()},
            "numeric": numeric,
            "rows": body,
            "caption": both(caption, f"caption of table {id}"),
        }
        self._write()

    def figure(
        self,
        draw: Callable[[DataFrame, Words, str], Figure],
        data: DataFrame,
        words: Mapping[str, Words],
    ) -> None:
        """Draw the figure of this address in every language and show it.

        Writes `figure.{language}.svg` and `.png`, the tidy frame as `data.csv`, and keeps the
        words (title, measure, note, alternative text). Raises AnewError for words missing in a
        language and for a glyph that no font has.
        """
        from anew.figures.drawing import save_figure, style

        both({language: words[language].alt for language in words}, f"alt of {self.address}")
        self.data = data.to_csv(index=False, lineterminator="\n")
        for language in LANGUAGES:
            spoken = replace(words[language], source=self.source_line(language))
            self._words[language] = asdict(spoken)
            if self.folder is None:
                continue  # a dry run
            with style(language, self.project):
                figure = draw(data, spoken, language)
                saved = save_figure(
                    figure,
                    self.folder / f"figure.{language}",
                    salt=f"{self.address}.{language}",
                )
            self._points[language] = saved.points
            _show(self.folder / f"figure.{language}.svg", spoken.alt)
        if self.folder is not None:
            (self.folder / "data.csv").write_text(self.data, "utf-8", newline="\n")
        self._write()

    def source_line(self, language: str) -> str:
        """Return the line that names the tables read so far, with agency, code and vintage."""
        seen: dict[tuple[str, str, str], list[str]] = {}
        for source in self.sources:
            key = (source.agency[language], source.code, source.table)
            # 2025-10_cbinsights: the agency is named already
            seen.setdefault(key, []).append(source.vintage.partition("_")[0])
        items = []
        for (agency, code, _), vintages in seen.items():
            joined = say(language, "source.vintages").join(vintages)
            kind = "source.item.code" if code else "source.item"
            items.append(say(language, kind, agency=agency, code=code, vintage=joined))
        items = list(dict.fromkeys(items))
        return say(language, "source", sources=say(language, "sources.join").join(items))

    def _cell(self, cell: Any, language: str, id: str) -> str:
        if cell is None:
            return "—"
        if isinstance(cell, Mapping):
            return both(cell, f"a cell of table {id}")[language]
        if isinstance(cell, tuple):
            value, unit = cell
            if value is None or value != value:
                return "—"
            value = checked_value(f"of table {id}", value, unit, self._units)
            return self._units[unit].print(value, language)
        return str(cell)

    def result(self) -> dict[str, Any]:
        """Return all that the notebook has said so far, as result.json holds it."""
        return {
            "address": self.address,
            "edition": self.edition.name,
            "parameters": vars(self.parameters),
            "sources": [asdict(source) for source in self.sources],
            "facts": {id: fact.as_dict(self._units) for id, fact in self._facts.items()},
            "absent": {id: {"figure": self.address} for id in self._absent},
            "claims": self._claims,
            "statements": self._statements,
            "tables": self._tables,
            "words": self._words,
            "points": self._points,
        }

    def _write(self) -> None:
        """Keep result.json up to date at a desk; a build writes it once, at the end."""
        if not self.building:
            self.write()

    def write(self) -> None:
        """Write result.json: all that the notebook has said so far."""
        assert self.folder is not None
        text = json.dumps(self.result(), ensure_ascii=False, indent=1)
        (self.folder / "result.json").write_text(text + "\n", "utf-8", newline="\n")


def _show(svg: Path, alt: str) -> None:
    """Show a picture with its alternative text where a notebook is running."""
    ipython = sys.modules.get("IPython")
    if ipython and ipython.get_ipython():
        from IPython.display import display

        display({"image/svg+xml": svg.read_text("utf-8"), "text/plain": alt}, raw=True)


def _plain(value: Any) -> Any:
    """Return `value` with numpy scalars and tuples made plain, as JSON holds them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and value != value:
        return None
    return value
