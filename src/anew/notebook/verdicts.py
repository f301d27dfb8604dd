"""Verdicts: for every statement of the study, its verdict and what a notebook found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from anew.notebook.findings import Evidence, Number, Spoken, Stated, Tested
from anew.project.errors import unknown
from anew.project.phrases import Phrase
from anew.text.statements import (
    Printed,
    Statement,
    StatementError,
    Statements,
    Verdict,
    as_values,
    judge,
)


class Judged(Stated):
    """A statement of the study with its verdict, and what a notebook found on it.

    `missing` are the tables that it needs and that the catalogue lacks; then nothing was found.
    `figure` is the address of the notebook, `published_figure` the study's own. `agrees` is None
    only where the statement is not testable.
    """

    verdict: Verdict
    agrees: bool | None
    missing: list[str]
    published: list[Printed]
    ours: list[Number]
    says: Spoken
    section: int
    published_figure: str | None
    kind: Literal["number", "statement"]
    measure: Literal["same", "substitute", "arithmetic"]
    needs: list[str]
    figure: str | None
    evidence: Evidence | None
    test: Spoken | None
    depends: Spoken | None


def settle(
    statements: Statements,
    tested: Mapping[str, Tested],
    tables: Collection[str],
    *,
    whole: bool = True,
) -> dict[str, Judged]:
    """Return the verdict on every statement, by id in file order.

    `tested` is what notebooks found; the verdict is computed from it again. Of a part of a report
    (not `whole`) only the tested statements are returned. Raises StatementError for a statement
    that the catalogue's `tables` can test and no notebook tests, and for a finding on one that
    they cannot.
    """
    for id in tested:
        if id not in statements:
            raise unknown("statement", id, statements, statements.file)
    return {
        id: _judged(statement, tested.get(id), tables, statements.file)
        for id, statement in statements.items()
        if whole or id in tested
    }


def _judged(
    statement: Statement, found: Tested | None, tables: Collection[str], file: str
) -> Judged:
    missing = statement.missing(tables)
    if found is None and not missing:
        raise StatementError(
            "The statement {statement} is tested by no notebook, although the catalogue "
            "has every table it needs ({needs}).",
            "Call session.statement({statement!r}, …) in a notebook.",
            code="untested-statement",
            statement=statement.id,
            needs=list(statement.needs) or Phrase("none"),
        )
    if found is not None and missing:
        raise StatementError(
            "The statement {statement} is tested in {figure}, although the catalogue "
            "lacks {missing}.",
            "Correct `needs` in {file}, or add the table.",
            code="untested-statement",
            statement=statement.id,
            figure=found.figure,
            missing=list(missing),
            file=file,
        )
    ours, agrees = (found.ours, found.agrees) if found else (None, None)
    verdict = judge(statement, tables, ours=ours, agrees=agrees)
    if verdict in (Verdict.REPRODUCED, Verdict.DIFFERS):
        agrees = verdict is Verdict.REPRODUCED
    return Judged(
        id=statement.id,
        made="",
        verdict=verdict,
        agrees=agrees,
        missing=list(missing),
        published=statement.values,
        ours=as_values(ours),
        says=statement.says,
        section=statement.section,
        published_figure=statement.figure,
        kind=statement.kind,
        measure=statement.measure,
        needs=statement.needs,
        figure=found.figure if found else None,
        evidence=found.evidence if found else None,
        test=found.test if found else None,
        depends=found.depends if found else None,
    )
