"""Two years in order, or an error that says so."""

from __future__ import annotations

import pytest

from analysis.shared.periods import two_years
from anew.project.errors import AnewError


def test_two_years():
    assert two_years(2018, 2023) == [2018, 2023]
    for first, last in ((2023, 2018), (2020, 2020)):
        with pytest.raises(AnewError, match=f"first_year {first} is not before last_year {last}"):
            two_years(first, last)
