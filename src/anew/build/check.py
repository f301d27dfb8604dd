"""`anew check`: checks of tables, notebooks, text, facts, claims and both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anew.build.assembly import places_of_claims
from anew.build.identity import evidence_file, glossary_of
from anew.build.plan import Plan, Request, make_plan
from anew.build.refusals import text_refusals
from anew.build.sources import source_problems
from anew.build.todo import todo_marks
from anew.build.translations import blocks_of, originals, record_file
from anew.editions.editions import load_editions
from anew.notebook.findings import Claim, Fact, Woven, read_findings
from anew.notebook.places import Place
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.notebooks import read_cells
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.project.problems import at
from anew.text.blocks import Block, facts_of
from anew.text.document import read_text
from anew.text.frontmatter import differing_copies
from anew.text.glossary import western
from anew.text.parity import compare_languages, of_document, read_record, stale_blocks
from anew.text.prose import gap, gaps_in, han_runs, typed_numbers

#: A notebook is thin: what is longer belongs in an indicator or a chart.
LONGEST = 80

_IN_TEXT = {"facts": Phrase("facts in the text"), "claims": Phrase("claims in the text")}


@dataclass
class Report:
    """What a check found. Errors stop a release; warnings ask for a look.

    `failing` are the sentences whose claims do not hold on the data of the default edition.
    """

    errors: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Return the report as lines: what was looked at, warnings, errors, the verdict."""
        looked = [
            Phrase("{count} {what}", count=count, what=what) for what, count in self.counts.items()
        ]
        said: list[str] = [Phrase("Checked: {looked}.", looked=looked)] if looked else []
        said += [Phrase("warning: {warning}", warning=warning) for warning in self.warnings]
        said += [Phrase("error: {error}", error=error) for error in (*self.failing, *self.errors)]
        errors = len(self.failing) + len(self.errors)
        if errors:
            said.append(Phrase("{count} errors.", count=errors))
        elif self.warnings:
            said.append(Phrase("No errors."))
        else:
            said.append(Phrase("All is well."))
        return said

    def exit_code(self, *, strict: bool) -> int:
        """Return 2 where something is wrong, 1 where only a claim of the text does not hold."""
        if self.errors or (strict and self.warnings):
            return 2
        return 1 if self.failing else 0


def problem(place: object, message: str, code: str, /, **fields: object) -> str:
    """Return what is wrong at a place, with the fields of the message filled in and its code."""
    return at(str(place), Phrase(message, **fields), code)


def check_project(project: Project, edition: str | None = None) -> Report:
    """Return all that is wrong with a project, each with its place.

    Runs the notebooks that are not up to date, for the text is checked against what they state.
    Raises AnewError where nothing can be checked: a configuration that cannot be read, a notebook
    that fails.
    """
    from anew.build.builder import gather
    from anew.build.result import remarks_of
    from anew.tables.loading import load_catalog
    from anew.tables.validation import check_tables

    report = Report()
    report.errors += [str(error) for error in source_problems(project)]
    if report.errors:
        return report
    catalog = load_catalog(project)
    report.counts[Phrase("tables")] = len(catalog.tables)
    report.counts[Phrase("vintages")] = sum(
        len(table.vintages) for table in catalog.tables.values()
    )
    report.errors += [str(problem) for problem in check_tables(project, catalog)]
    report.errors += notebook_problems(project)
    report.counts[Phrase("notebooks")] = len(project.notebooks())
    editions = load_editions(project)
    for name in editions:
        make_plan(project, Request(edition=name))
    refused = text_refusals(project, None)
    if report.errors:
        report.errors += refused
        return report
    request = Request(edition=edition)
    report.warnings += todo_marks(project)
    try:
        stage, woven = gather(project, request)
    except AnewError as error:
        if not refused:
            raise
        report.errors += [*refused, str(error)]
        return report
    plan = make_plan(project, request)
    report.errors += label_problems(plan, woven)
    report.warnings += remarks_of(plan)
    text_problems(stage, project, woven, report, places_of(plan))
    told = report.failing if plan.newest else report.warnings
    told += failing_claims(plan, stage, woven)
    report.errors += text_refusals(project, stage)
    return report


def places_of(plan: Plan) -> dict[tuple[str, str], Place]:
    """Return where the notebooks state each fact and claim, by kind and id."""
    found = [read_findings(run.folder / "result.json") for run in plan.runs.values()]
    return {
        (kind, id): place
        for one in found
        for kind, places in one.places.items()
        for id, place in places.items()
    }


def label_problems(plan: Plan, woven: Woven) -> Iterator[str]:
    """Yield what in the evidence of claims and statements a reader of Chinese could not read."""
    if "zh" not in LANGUAGES:
        return
    glossary = glossary_of(plan, "zh")
    file = plan.project.relative(evidence_file(plan.project, "zh"))
    for kind, found in (("claim", woven.claims), ("statement", woven.statements)):
        for id, one in found.items():
            for label in western(one.evidence, glossary):
                yield problem(
                    file,
                    "the evidence of the {kind} {id}, made by {figure}, says {label!r}, which has "
                    "no words in zh. Add a line for it.",
                    "no-evidence-words",
                    kind=Phrase(kind),
                    id=id,
                    figure=one.figure,
                    label=label,
                )


def failing_claims(plan: Plan, stage: Path, woven: Woven) -> Iterator[str]:
    """Yield every sentence that is shown and whose claim does not hold on the edition's data."""
    holds = {id: claim.holds for id, claim in woven.claims.items()}
    for id, places in places_of_claims(plan, stage, holds).items():
        if not holds.get(id, True):
            for place in places:
                yield problem(
                    place,
                    "the claim {id} does not hold on edition {edition}. Change the sentence, or "
                    'prepare it: ::: {{.when claim="{id}"}} and ::: {{.unless claim="{id}"}}.',
                    "claim-fails",
                    id=id,
                    edition=plan.edition.name,
                )


def notebook_problems(project: Project) -> list[str]:
    """Return what is wrong with the notebooks as files: outputs, length."""
    found: list[str] = []
    for path in project.notebooks().values():
        shown = project.relative(path)
        cells = [cell for cell in read_cells(path, shown) if cell.kind == "code"]
        for number, cell in enumerate(cells, 1):
            if cell.ran:
                found.append(
                    problem(
                        Phrase("{file}, cell {number}", file=shown, number=number),
                        "it is stored with outputs. Clear them before committing (Jupyter: Edit, "
                        "Clear All Outputs).",
                        "stored-outputs",
                    )
                )
                break
        lines = sum(
            1
            for cell in cells
            for line in cell.source.splitlines()
            if line.strip() and not line.strip().startswith("#")
        )
        if lines > LONGEST:
            found.append(
                problem(
                    shown,
                    "{lines} lines of code, {most} at most. Move work into the modules beside it.",
                    "long-notebook",
                    lines=lines,
                    most=LONGEST,
                )
            )
    return found


def text_problems(
    stage: Path,
    project: Project,
    woven: Woven,
    report: Report,
    places: Mapping[tuple[str, str], Place],
) -> None:
    """Add to `report` what is wrong with the text in `stage`, held against what was found."""
    used: dict[str, dict[str, set[str]]] = {
        kind: {language: set() for language in LANGUAGES} for kind in ("facts", "claims")
    }
    for name in originals(project):
        read = {la: read_text(stage, f"report/{la}/{name}") for la in LANGUAGES}
        texts = {la: blocks_of(text, la) for la, text in read.items()}
        for language, text in read.items():
            _within(texts[language], language, woven, used, report)
            facts = (fact.id for fact in facts_of(text) if fact.language == language)
            used["facts"][language].update(facts)
        sources = {language: text.source for language, text in read.items()}
        report.errors += [str(difference) for difference in differing_copies(sources)]
        first, *others = LANGUAGES
        for other in others:
            pair = compare_languages(texts[first], texts[other], (first, other))
            report.errors += [str(difference) for difference in pair]
            record = of_document(read_record(record_file(project, other)), name)
            if not pair:
                stale = stale_blocks(texts[first], texts[other], record)
                report.warnings += [str(one) for one in stale]
        blocks = Phrase("blocks of text")
        report.counts[blocks] = report.counts.get(blocks, 0) + len(texts[first])
    stated: dict[str, Mapping[str, Fact | Claim]] = {"facts": woven.facts, "claims": woven.claims}
    for kind, found in stated.items():
        printed = set.intersection(*used[kind].values())
        report.counts[_IN_TEXT[kind]] = len(printed & set(found))
        if found and not set.union(*used[kind].values()):
            report.errors.append(
                problem(
                    "report/",
                    "no {kind} is used in any text; is it the report?",
                    "stated-in-vain",
                    kind=Phrase(kind[:-1]),
                )
            )
        for id in sorted(set(found) - printed):
            report.errors.append(
                problem(
                    places.get((kind, id), found[id].figure),
                    "the {kind} {id} is used in no text. Use it in every language, or take it out "
                    "of the notebook.",
                    "stated-in-vain",
                    kind=Phrase(kind[:-1]),
                    id=id,
                )
            )


def _within(
    blocks: Sequence[Block],
    language: str,
    woven: Woven,
    used: Mapping[str, Mapping[str, set[str]]],
    report: Report,
) -> None:
    """Add what is wrong within one text: unknown facts and claims, typed numbers, Han."""
    known = {*woven.facts, *woven.absent, "edition", "edition_title", "edition_date"}
    holds = {id: claim.holds for id, claim in woven.claims.items()}
    for place, id in gaps_in(blocks, woven.absent, holds):
        report.errors.append(at(str(place), gap(id), "text-prints-a-gap"))
    for block in blocks:
        for piece in block.pieces:
            if piece.kind == "fact" and piece.text not in known:
                report.errors.append(
                    problem(
                        piece.place,
                        "no notebook states the fact {id}.",
                        "unknown-fact",
                        id=piece.text,
                    )
                )
        used["claims"][language].update(block.claims, (claim for _, claim in block.conditions))
        bound = [(one.id, one.place) for one in block.bound]
        for id, place in [*bound, *((claim, block.place) for _, claim in block.conditions)]:
            if id not in woven.claims:
                report.errors.append(
                    problem(place, "no notebook makes the claim {id}.", "unknown-claim", id=id)
                )
        for number in typed_numbers(block):
            report.errors.append(
                problem(
                    number.place,
                    "the number {number} is typed. Print a fact, or cite the source in the same "
                    "sentence.",
                    "typed-number",
                    number=number.text,
                )
            )
        for run in han_runs(block) if language != "zh" else ():
            report.errors.append(
                problem(
                    run.place,
                    "Chinese in the {language} text: {text}. Translate it, or mark it: "
                    "[{text}]{{lang=zh}}.",
                    "chinese-in-text",
                    language=language,
                    text=run.text,
                )
            )
