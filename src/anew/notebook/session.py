"""The session of one notebook: what it reads, states, claims and draws.

A notebook calls `anew.open(address, …)` once and everything else through what it gets back, so
that the same cells work in a build, under plain papermill and in Jupyter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from anew.figures.words import Point, Words
from anew.notebook.findings import (
    KINDS,
    Absent,
    Claim,
    Each,
    Fact,
    Findings,
    Kind,
    Quantity,
    ReportTable,
    TableRead,
    Tested,
)
from anew.notebook.pictures import draw_layouts, ready_made, refuse_unsafe, show
from anew.notebook.places import Place, place_of
from anew.project.errors import AnewError, unknown
from anew.project.language import LANGUAGES, both, say
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.text.facts import checked_value, load_units
from anew.text.statements import Verdict, judge, load_statements

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from anew.editions.editions import Edition, FigurePlan
    from anew.tables.catalog import Catalog


@dataclass
class Session:
    """The session of one running notebook, opened by `anew.open`."""

    project: Project
    address: str
    notebook: Path
    edition: Edition
    parameters: SimpleNamespace
    catalog: Catalog
    folder: Path | None
    building: bool
    sources: list[TableRead] = field(default_factory=list)
    _facts: dict[str, Fact] = field(default_factory=dict)
    _absent: dict[str, Absent] = field(default_factory=dict)
    _claims: dict[str, Claim] = field(default_factory=dict)
    _statements: dict[str, Tested] = field(default_factory=dict)
    _tables: dict[str, ReportTable] = field(default_factory=dict)
    _words: dict[str, Words] = field(default_factory=dict)
    _points: dict[str, list[Point]] = field(default_factory=dict)
    _remarks: list[str] = field(default_factory=list)
    _places: dict[Kind, dict[str, Place]] = field(default_factory=dict)
    data: str = ""

    def __post_init__(self) -> None:
        self._units = load_units(self.project.units_file)

    @property
    def plan(self) -> FigurePlan:
        """What the edition says for this address: tables with vintages, parameters."""
        return self.edition.figures[self.address]

    def table(self, name: str, role: str | None = None) -> DataFrame:
        """Return table `name` in the vintage that the edition plans for this notebook.

        Where the edition names several vintages, `role` says which. Raises AnewError for a table
        or role that the edition does not plan, and for a file that is not what the catalogue says.
        """
        from anew.tables.reading import read_table

        where = Phrase(
            "{address}, edition {edition}", address=self.address, edition=self.edition.name
        )
        if name not in self.plan.tables:
            raise unknown("table", name, self.plan.tables, where)
        vintage = self.plan.tables[name]
        if isinstance(vintage, Mapping):
            if role is None or str(role) not in vintage:
                raise unknown(
                    "vintage role",
                    str(role),
                    vintage,
                    Phrase("{where}, table {table}", where=where, table=name),
                )
            vintage = vintage[str(role)]
        elif role is not None:
            raise AnewError(
                "{where}: table {name} has one vintage, not one for the role {role!r}.",
                "Leave the role out, or give the edition a vintage for each role.",
                code="no-role",
                where=where,
                name=name,
                role=role,
            )
        frame = read_table(self.project, self.catalog, name, vintage)
        entry = self.catalog.tables[name]
        source = TableRead(
            table=name,
            title=entry.title,
            agency=entry.vintages[vintage].agency,
            code=entry.code,
            vintage=vintage,
            published=entry.vintages[vintage].published,
        )
        if source not in self.sources:
            self.sources.append(source)
            self._write()
        return frame

    def fact(self, id: str, value: float | str, unit: str) -> None:
        """State a fact that the text may print: `value` in base units, `unit` by its name.

        A period is stated as tables have it: `session.fact("last", "2024-03", "month")`.

        Raises AnewError for an unknown unit, a value that is not finite, and in a build for an id
        stated twice.
        """
        value = checked_value(id, value, unit, self._units)
        self._state(Fact(id=id, value=value, unit=unit))

    def facts(self, values: Mapping[str, float | str], unit: str) -> None:
        """State several facts of one unit."""
        for id, value in values.items():
            self.fact(id, value, unit)

    def absent(self, *ids: str) -> None:
        """Name the facts that the data do not have, such as a crossing that never happens.

        The text may print one all the same, as a dash, in a sentence of a claim that then fails.
        Those that are stated are passed over.
        """
        for id in ids:
            self._state(Absent(id=id))

    def claim(
        self,
        id: str,
        holds: bool,
        *,
        evidence: Mapping[str, object],
        fails_when: Mapping[str, str],
    ) -> None:
        """Claim that something holds on this edition's data, so that the text may say it.

        `evidence` are the values that decide it, `fails_when` says in each language what the data
        would show if it did not hold. Raises AnewError for a claim without evidence.
        """
        self._state(Claim(id=id, holds=holds, evidence=evidence, fails_when=fails_when))

    def statement(
        self,
        id: str,
        *,
        ours: float | Sequence[float] | None = None,
        agrees: bool | None = None,
        evidence: Mapping[str, object],
        test: Mapping[str, str],
        depends: Mapping[str, str] | None = None,
    ) -> None:
        """Test a statement of the published study against the data.

        `ours` is the value computed here for a number, `agrees` the outcome of the test for a
        statement in words; `test` says in each language what was tested, `depends` how far the
        outcome hangs on a threshold or a list. The verdict is computed, never given. Raises
        AnewError for a statement that the study does not make.
        """
        self._state(
            Tested(id=id, ours=ours, agrees=agrees, evidence=evidence, test=test, depends=depends)
        )

    def _state(self, one: Fact | Absent | Claim | Tested | ReportTable) -> None:
        """Record what a cell or a module states, with address, place and verdict.

        Raises AnewError for an unknown unit or statement, a value that is not finite, and in a
        build for an id that is stated twice.
        """
        one = one.model_copy(update={"figure": self.address})
        match one:
            case Fact():
                value = checked_value(one.id, one.value, one.unit, self._units)
                unit = self._units[one.unit]
                printed = {language: unit.print(value, language) for language in LANGUAGES}
                fact = one.model_copy(update={"value": value, "printed": printed})
                self._keep("facts", fact, self._facts)
            case Absent():
                self._keep("absent", one, self._absent)
            case Claim():
                self._keep("claims", one, self._claims)
            case Tested():
                judged = one.model_copy(update={"verdict": self._judge(one)})
                self._keep("statements", judged, self._statements)
            case ReportTable():
                self._keep("tables", one, self._tables)

    def _keep(self, kind: Kind, one: Each, kept: dict[str, Each]) -> None:
        if self.building and one.id in kept:
            raise AnewError(
                "{figure} states the {kind} {id} twice.",
                "Keep one of them.",
                code="stated-twice",
                figure=self.address,
                kind=KINDS[kind],
                id=one.id,
            )
        kept[one.id] = one
        place = place_of(self.project, self.notebook, one.made)
        self._places.setdefault(kind, {})[one.id] = place
        self._write()

    def _judge(self, tested: Tested) -> Verdict:
        published = load_statements(self.project)
        if tested.id not in published:
            raise unknown("statement", tested.id, published, self.address)
        statement = published[tested.id]
        return judge(statement, self.catalog.tables, ours=tested.ours, agrees=tested.agrees)

    def state(
        self,
        facts: Mapping[str, Quantity],
        claims: Sequence[Claim],
        statements: Sequence[Tested] = (),
        *,
        absent: Sequence[str] = (),
    ) -> DataFrame:
        """State all that the text may say; return what each claim and statement came to.

        `absent` are facts that there may be, as in `Session.absent`. The frame has a row for each
        claim (True or False) and statement (its verdict). Raises AnewError as `fact`, `claim` and
        `statement` do.
        """
        from pandas import DataFrame

        for id, (value, unit) in facts.items():
            self.fact(id, value, unit)
        self.absent(*absent)
        for claim in claims:
            self._state(claim)
        for tested in statements:
            self._state(tested)
        rows = [(claim.id, "claim", str(claim.holds)) for claim in claims]
        rows += [(one.id, "statement", str(self._statements[one.id].verdict)) for one in statements]
        return DataFrame(rows, columns=["id", "kind", "outcome"]).set_index("id")

    def report_table(
        self,
        id: str,
        columns: Mapping[str, Mapping[str, str]],
        rows: Sequence[Sequence[object]],
        *,
        caption: Mapping[str, str],
    ) -> None:
        """Add a computed table, which the text shows with `::: {#<id> .computed}` and `:::`.

        `columns` maps a column to its heading per language; a cell is a text, a mapping by
        language, a pair (value, unit) printed as a fact is, or None, printed as a dash.
        Raises AnewError for a row of another length than the heading.
        """
        if not id.startswith("tbl-"):
            raise AnewError(
                "Table {id!r} has no table id.",
                "Begin the id with tbl-.",
                code="wrong-report-table",
                id=id,
            )
        body: dict[str, list[list[str]]] = {language: [] for language in LANGUAGES}
        for number, row in enumerate(rows, 1):
            if len(row) != len(columns):
                raise AnewError(
                    "Table {id}, row {number} has {cells} cells, the heading {columns}.",
                    "Give every row a cell for every column; None for a missing value.",
                    code="wrong-report-table",
                    id=id,
                    number=number,
                    cells=len(row),
                    columns=len(columns),
                )
            for language in LANGUAGES:
                body[language].append([self._cell(cell, language, id) for cell in row])
        numeric = [
            all(isinstance(row[index], tuple) or row[index] is None for row in rows)
            for index in range(len(columns))
        ]
        self._state(
            ReportTable(
                id=id,
                columns={
                    name: both(text, Phrase("table {table}", table=id))
                    for name, text in columns.items()
                },
                numeric=numeric,
                rows=body,
                caption=both(caption, Phrase("caption of table {table}", table=id)),
            )
        )

    def figure(
        self,
        draw: Callable[[DataFrame, Words, str], Figure],
        data: DataFrame,
        words: Mapping[str, Words],
    ) -> None:
        """Draw the figure of this address in every language and layout and show it.

        Writes `figure.{language}.svg` and `.png` with the words inside, and beside them `.wide.svg`
        and `.narrow.svg` for pages; the tidy frame as `data.csv`; and keeps the words (title,
        measure, note, alternative text). `draw` finds the layout in the words that it is given; a
        figure of plain matplotlib is put into the house's frame. What is hard to read in a figure,
        the build tells. Raises AnewError for words missing in a language, for a glyph that no font
        has and for layouts that do not mark the same points.
        """

        def make(spoken: Words, language: str, folder: Path) -> list[Point]:
            points, hard = draw_layouts(
                draw, data, spoken, language, self.project, folder, self.address
            )
            self._remarks += hard
            return points

        self._publish(make, data, words)

    def picture(
        self,
        files: str | Path | Mapping[str, str | Path],
        data: DataFrame,
        words: Mapping[str, Words],
    ) -> None:
        """Publish a ready-made picture as the figure of this address, and show it.

        `files` is an SVG or a PNG (of plotly, altair, R or a hand), or one by language, below the
        project's folder. `data` and `words` are what `figure` takes. Raises AnewError for words
        missing in a language, and for a file that is not there or that `adopt` refuses.
        """
        from anew.figures.ready import adopt

        paths = ready_made(files, self.project, self.address)

        def make(spoken: Words, language: str, folder: Path) -> list[Point]:
            adopt(paths[language], self.project, folder, language, f"{self.address}.{language}")
            return []

        self._publish(make, data, words)

    def _publish(
        self,
        make: Callable[[Words, str, Path], list[Point]],
        data: DataFrame,
        words: Mapping[str, Words],
    ) -> None:
        """Write what a figure has: its pictures, which `make` makes, its data and its words."""
        both(
            {language: words[language].alt for language in words},
            Phrase("alt of {figure}", figure=self.address),
        )
        refuse_unsafe(data, Phrase("{figure}: the figure's data", figure=self.address))
        self.data = data.to_csv(index=False, lineterminator="\n")
        self._remarks.clear()
        for language in LANGUAGES:
            spoken = replace(words[language], source=self.source_line(language))
            self._words[language] = spoken
            if self.folder is None:
                continue  # a dry run
            self._points[language] = make(spoken, language, self.folder)
            show(self.folder / f"figure.{language}.svg", spoken.alt)
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
            told = {"agency": agency, "code": code, "vintage": joined}
            items.append(say(language, "source.item.code" if code else "source.item", **told))
        items = list(dict.fromkeys(items))
        return say(language, "source", sources=say(language, "sources.join").join(items))

    def _cell(self, cell: object, language: str, id: str) -> str:
        if cell is None:
            return "—"
        if isinstance(cell, Mapping):
            return both(cell, Phrase("a cell of table {table}", table=id))[language]
        if isinstance(cell, tuple):
            value, unit = cell
            if value is None or value != value:
                return "—"
            value = checked_value(f"of table {id}", value, unit, self._units)
            return self._units[unit].print(value, language)
        return str(cell)

    def findings(self) -> Findings:
        """Return all that the notebook has found so far."""
        absent = {id: one for id, one in self._absent.items() if id not in self._facts}
        return Findings(
            address=self.address,
            edition=self.edition.name,
            parameters=vars(self.parameters),
            sources=self.sources,
            facts=self._facts,
            absent=absent,
            claims=self._claims,
            statements=self._statements,
            tables=self._tables,
            words=self._words,
            points=self._points,
            places=self._places,
            remarks=self._remarks,
        )

    def _write(self) -> None:
        """Update result.json in an interactive session; a build writes it once, at the end."""
        if not self.building:
            self.write()

    def write(self) -> None:
        """Write result.json: all that the notebook has found so far."""
        assert self.folder is not None
        self.findings().write(self.folder / "result.json")
