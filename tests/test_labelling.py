"""Labels are spread just as far as they must be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anew.figures.labelling import spread

positions = st.lists(st.floats(-1000, 1000), max_size=9)


@given(positions, st.floats(0.1, 30))
def test_labels_keep_their_distance_and_their_order(wanted, gap):
    placed = spread(wanted, gap)
    ordered = sorted(placed)
    assert all(b - a >= gap - 1e-6 for a, b in zip(ordered, ordered[1:], strict=False))
    by_wish = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    assert [placed[i] for i in by_wish] == pytest.approx(ordered)


@given(positions, st.floats(0.1, 30))
def test_no_label_moves_without_need(wanted, gap):
    ordered = sorted(wanted)
    if all(b - a >= gap + 1e-6 for a, b in zip(ordered, ordered[1:], strict=False)):
        assert spread(wanted, gap) == pytest.approx(wanted)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(1, 30))
def test_labels_stay_inside_even_when_there_is_too_little_room(wanted, gap):
    placed = spread(wanted, gap, 0, 100)
    assert min(placed) >= -1e-6 and max(placed) <= 100 + 1e-6


def test_a_crowd_is_centred_on_where_it_wants_to_be():
    assert spread([50, 50, 50], 10) == pytest.approx([40, 50, 60])
    assert spread([10, 12, 40], 6) == pytest.approx([8, 14, 40])
    assert spread([], 5) == []
