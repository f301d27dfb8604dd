"""Problems: each is told once with all its rows, and none is left without a place."""

from __future__ import annotations

import pytest

from anew.project.problems import SHOWN, DataError, Problem, listing, refuse


def test_a_place_is_told_as_far_as_it_is_known():
    assert str(Problem("a.csv", "it is empty.")) == "a.csv: it is empty."
    whole = Problem("a.csv", "no number.", row=3, column="value")
    assert str(whole) == "a.csv, row 3, column value: no number."


def test_one_fault_in_many_rows_is_one_line_with_all_of_them():
    rows = [41, 7, 8, 9, 7, 100]
    problems = [Problem("a.csv", "no date.", "Write it.", row=n, column="Joined") for n in rows]
    assert listing(problems) == ("a.csv, rows 7–9, 41, 100, column Joined: no date.\n  Write it.")


def test_a_hint_is_told_once_for_problems_that_follow_each_other():
    problems = [Problem("a.csv", f"{n}.", hint, row=n) for n, hint in enumerate("xxy", 2)]
    assert listing(problems).splitlines() == [
        "a.csv, row 2: 2.", "  x", "a.csv, row 3: 3.", "a.csv, row 4: 4.", "  y",
    ]  # fmt: skip


def test_of_many_problems_the_rest_keep_their_places():
    rows = range(2, 2 + SHOWN + 5)
    problems = [Problem("a.csv", f"{n} is none.", row=n, column="b") for n in rows]
    problems += [Problem("a.csv", "another.", row=3, column="c")]
    told = listing(problems).splitlines()
    assert told[SHOWN:] == [
        "… and 6 more:",
        f"  a.csv, rows {2 + SHOWN}–{6 + SHOWN}, column b",
        "  a.csv, row 3, column c",
    ]


def test_nothing_wrong_refuses_nothing():
    refuse([], "a.csv")
    with pytest.raises(DataError, match="a.csv: 2 problems") as caught:
        refuse([Problem("a.csv", "x", row=1), Problem("a.csv", "x", row=2)], "a.csv")
    assert len(caught.value.problems) == 2
