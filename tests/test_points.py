"""The points of a figure are named alike in two editions."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from anew.figures.points import points_of


def rows(head: str, *lines: str) -> list[dict[str, str]]:
    names = head.split(",")
    return [dict(zip(names, line.split(","), strict=True)) for line in lines]


def test_year_and_texts_name_a_point_and_numbers_are_values():
    (points,) = points_of(rows("economy,year,value,share", "FRA,2019,10,1.5", "DEU,2019,20,"))
    assert points.values == {
        ("FRA", "2019", "value"): 10.0,
        ("FRA", "2019", "share"): 1.5,
        ("DEU", "2019", "value"): 20.0,
    }
    assert points.periods == {"2019"}
    assert points.period_of(("FRA", "2019", "value")) == "2019"


def test_what_describes_a_point_does_not_name_it():
    before = rows("economy,year,count,complete,unit", "FRA,2019,1,False,usd", "DEU,2019,2,True,usd")
    after = rows("economy,year,count,complete,unit", "FRA,2019,1,True,eur", "DEU,2019,2,True,usd")
    one, two = points_of(before, after)
    assert one.values == two.values


def test_a_number_names_a_point_only_where_texts_do_not_suffice():
    """The fields of a group of patents are told apart by their number alone."""
    head = "group,field,economy,year,count"
    (points,) = points_of(
        rows(head, "comm,3,CHN,2018,6734", "comm,4,CHN,2018,5", "it,7,CHN,2018,5")
    )
    assert points.values == {
        ("comm", "3", "CHN", "2018", "count"): 6734.0,
        ("comm", "4", "CHN", "2018", "count"): 5.0,
        ("it", "7", "CHN", "2018", "count"): 5.0,
    }


def test_the_year_names_a_point_even_where_there_is_one_year():
    one, two = points_of(rows("economy,year,n", "FRA,2019,1"), rows("economy,year,n", "FRA,2020,1"))
    assert set(one.values).isdisjoint(two.values)


def test_a_number_that_is_all_there_is_is_a_value():
    (points,) = points_of(rows("count", "3", "4"))
    assert points.values == {("count",): 3.0, ("count (2)",): 4.0}


def test_rows_that_nothing_tells_apart_are_numbered():
    (points,) = points_of(rows("economy,value", "FRA,1.5", "FRA,2.5"))
    assert points.values == {("FRA", "value"): 1.5, ("FRA", "value (2)"): 2.5}


def test_a_figure_without_data_has_no_points():
    one, two = points_of([], rows("economy,value", "FRA,1"))
    assert (one.values, two.values) == ({}, {("FRA", "value"): 1.0})


NUMBERS = {"INF", "NAN"}
cells = st.one_of(
    st.just(""),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    # some words are numbers to Python, and no file of figures has them
    st.text(string.ascii_uppercase, min_size=1, max_size=3).filter(lambda s: s not in NUMBERS),
)
frames = st.lists(st.sampled_from(["year", "economy", "a", "b"]), unique=True, min_size=1).flatmap(
    lambda names: st.lists(
        st.tuples(*([cells] * len(names))).map(lambda row: dict(zip(names, row, strict=True))),
        max_size=6,
    )
)


@given(frames)
def test_no_value_is_lost(frame):
    """Every fraction in a column of numbers is a value, whatever the data are."""
    (points,) = points_of(frame)
    wanted = []
    for name in frame[0] if frame else ():
        column = [row[name] for row in frame if row[name]]
        try:
            wanted += [] if name == "year" else [float(text) for text in column]
        except ValueError:
            continue
    assert sorted(points.values.values()) == sorted(wanted)
