"""Every statement of the study has a verdict, which follows from what a notebook found."""

from __future__ import annotations

import pytest
from test_statements import gather, make

from anew.notebook.findings import Tested
from anew.notebook.verdicts import settle
from anew.project.errors import AnewError
from anew.text.statements import StatementError, Verdict

HOW = {"zh": "怎样检验", "en": "how it is tested"}


def outcome(id: str, ours: int) -> Tested:
    return Tested(id=id, ours=ours, figure="fig2", evidence={"B": ours}, test=HOW)


def test_settle_gives_every_statement_its_verdict_in_file_order():
    statements = gather(make(id="b"), make(id="a", needs=["nowhere"]), wanted=["nowhere"])
    found = {"b": outcome("b", 757)}
    settled = settle(statements, found, {"counts"})
    assert list(settled) == ["b", "a"]
    assert (settled["b"].verdict, settled["b"].agrees) == (Verdict.DIFFERS, False)
    assert settled["b"].published[0].value == 758 and settled["b"].ours == [757]
    assert settled["a"].verdict is Verdict.NOT_TESTABLE and settled["a"].missing == ["nowhere"]
    assert settled["a"].agrees is None
    assert list(settle(statements, found, {"counts"}, whole=False)) == ["b"]


def test_settle_refuses_what_nobody_tests_and_what_nobody_can_test():
    with pytest.raises(StatementError, match="tested by no notebook"):
        settle(gather(make()), {}, {"counts"})
    with pytest.raises(StatementError, match="is tested in fig2, although the catalogue lacks"):
        settle(gather(make()), {"some-count": outcome("some-count", 758)}, set())
    with pytest.raises(AnewError, match="Unknown statement 'some-cuont'"):
        settle(gather(make()), {"some-cuont": outcome("some-cuont", 758)}, {"counts"})
