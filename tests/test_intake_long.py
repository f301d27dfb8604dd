"""Long files: Data360 and UNCTADstat; sums of members are made and say what they cover."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from agency_files import as_csv, copy_of_the_project, data360, values

from anew.intake import Answers, ingest
from anew.project.errors import AnewError
from anew.project.problems import DataError
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table

CODE = "UNCTAD_DE_DIG_SERVTRADE_ANN_EXP"
TODAY = datetime.date(2027, 1, 15)


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


@pytest.fixture
def members(project):
    return load_catalog(project).economies.aggregates["EUU"].members


@pytest.fixture
def exports(members):
    """The kept economies as they are, and small series for the other members of the Union."""
    data = values("digital_services_exports", "2025-08-04")
    data = {key: value for key, value in data.items() if key[0] != "EUU"}
    for n, member in enumerate(members):
        for year in range(2010, 2025):
            data.setdefault((member, year), 1000.0 + n)
    data |= {(e, 2024): v * 1.1 for (e, y), v in list(data.items()) if y == 2023}
    return data


def write(path, rows):
    path.write_text(as_csv(rows), "utf-8")
    return path


def test_a_data360_export_becomes_a_vintage_with_sums_of_members(
    project, tmp_path, exports, members
):
    del exports["LVA", 2012]
    path = write(tmp_path / "x.csv", data360(CODE, exports, {}))
    ingest(project, [path], vintage="2027-01-10", today=TODAY)
    frame = read_table(project, load_catalog(project), "digital_services_exports", "2027-01-10")
    found = frame.set_index(["economy", "year"])
    assert found.loc[("CHN", 2015), "value"] == exports["CHN", 2015]
    for year, count in ((2011, 27), (2012, 26)):
        total = sum(exports.get((m, year), 0) for m in members)
        assert found.loc[("EUU", year), "value"] == pytest.approx(total)
        assert found.loc[("EUU", year), "note"] == f"sum of {count}/27 members"
    assert set(frame["economy"]) == {
        "CHN", "DEU", "EUU", "FRA", "GBR", "IND", "IRL", "JPN", "KOR", "USA", "WLD",
    }  # fmt: skip


def test_a_sum_over_too_few_members_is_not_made(project, tmp_path, exports, members):
    for member in members[:4]:
        exports.pop((member, 2024), None)
    path = write(tmp_path / "x.csv", data360(CODE, exports, {}))
    (planned,) = ingest(project, [path], vintage="2027-01-10", dry_run=True).vintages
    assert b"EUU,2023," in planned.data and b"EUU,2024," not in planned.data
    assert planned.left_out["EUU: years in which too few members report"] == 1


def test_a_files_multiplier_is_converted_to_the_catalogues(project, tmp_path, exports):
    plain = {key: value * 1e6 for key, value in exports.items()}
    a = write(tmp_path / "a.csv", data360(CODE, plain, {}, power=0))
    b = write(tmp_path / "b.csv", data360(CODE, exports, {}, power=6))
    made = [ingest(project, [f], vintage="2027-01-10", dry_run=True).vintages[0] for f in (a, b)]
    assert pd.read_csv(_buffer(made[0].data))["value"].tolist() == pytest.approx(
        pd.read_csv(_buffer(made[1].data))["value"].tolist()
    )


def _buffer(data):
    import io

    return io.BytesIO(data)


def test_breakdowns_groups_and_empty_values_are_left_out_and_counted(project, tmp_path, exports):
    rows = data360(CODE, exports, {})
    head = rows[0]
    part = list(rows[1])
    part[head.index("SEX")] = "F"
    empty = list(rows[2])
    empty[head.index("OBS_VALUE")], empty[head.index("TIME_PERIOD")] = "", "2009"
    group = list(rows[3])
    group[head.index("REF_AREA")] = group[head.index("REF_AREA_LABEL")] = "TNC"
    estimate = list(next(row for row in rows if row[head.index("REF_AREA")] == "CHN"))
    estimate[head.index("TIME_PERIOD")], estimate[head.index("OBS_STATUS")] = "2008", "E"
    path = write(tmp_path / "x.csv", [*rows, part, empty, group, estimate])
    (planned,) = ingest(project, [path], vintage="2027-01-10", dry_run=True).vintages
    assert planned.left_out["observations that are not annual totals"] == 1
    assert planned.left_out["observations without a value"] == 1
    assert planned.groups == {"TNC": 1}
    assert "1 values that are estimated" in planned.remarks


def test_a_label_that_contradicts_its_code_is_refused(project, tmp_path, exports):
    path = write(tmp_path / "x.csv", data360(CODE, exports, {"JPN": "China"}))
    with pytest.raises(DataError, match="the code is JPN and the name, 'China', is that of CHN"):
        ingest(project, [path], vintage="2027-01-10")


def test_an_unknown_indicator_names_those_with_a_table(project, tmp_path, exports):
    path = write(tmp_path / "x.csv", data360("UNCTAD_DE_OTHER", exports, {}))
    with pytest.raises(AnewError, match=f"(?s)UNCTAD_DE_OTHER.*{CODE}"):
        ingest(project, [path], vintage="2027-01-10")


def test_an_unctadstat_export_is_split_by_flow(project, tmp_path, exports):
    measure = "US$ at current prices in millions"
    labels = {"CHN": "China", "USA": "United States of America", "WLD": "World",
              "KOR": "Korea, Republic of"}  # fmt: skip
    head = ["Year", "Economy", "Economy Label", "Flow", "Flow Label", measure,
            f"{measure} Footnote", f"{measure} Missing value"]  # fmt: skip
    rows = [head]
    for (economy, year), value in sorted(exports.items()):
        label = labels.get(economy, economy)
        rows.append([str(year), "0001", label, "02", "Exports", repr(value), "", ""])
        rows.append([str(year), "0001", label, "01", "Imports", repr(value / 2), "E", ""])
    rows.append(["2020", "5100", "South America", "02", "Exports", "77", "", ""])
    rows.append(["2009", "0156", "China", "02", "Exports", "", "", "Not available"])
    path = write(tmp_path / "US.DigitallyDeliverableServices.csv", rows)
    revised = Answers(revisions=True)  # imports are half of what they were
    report = ingest(project, [path], vintage="2027-01-10", dry_run=True, answers=revised)
    by_table = {v.table: v for v in report.vintages}
    assert set(by_table) == {"digital_services_exports", "digital_services_imports"}
    out, into = (
        pd.read_csv(_buffer(by_table[f"digital_services_{way}"].data))
        for way in ("exports", "imports")
    )
    assert out["value"].tolist() == pytest.approx((into["value"] * 2).tolist())
    assert by_table["digital_services_exports"].groups == {"South America": 1}


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Germny", "Germany"), ("Chnia", "China"), ("Chna", "China"), ("Inda", "India")],
)
def test_a_slip_in_a_countrys_name_is_refused(project, tmp_path, written, meant):
    head = ["Year", "Economy", "Economy Label", "Flow", "Flow Label",
            "US$ at current prices in millions"]  # fmt: skip
    rows = [head, ["2020", "1", written, "02", "Exports", "5"]]
    path = write(tmp_path / "x.csv", rows)
    with pytest.raises(DataError, match=f"(?s){written!r}.*Did you mean {meant}"):
        ingest(project, [path], vintage="2027-01-10")


@pytest.mark.parametrize("group", ["Southern Africa", "Asia", "Oceania", "Western Asia", "Total"])
def test_a_group_that_is_called_nearly_like_a_country_is_left_out(project, tmp_path, group):
    rows = [["economy", "year", "value"], [group, "2020", "5"], ["FRA", "2020", "5"]]
    path = write(tmp_path / "x.csv", rows)
    report = ingest(
        project, [path], table="gdp", vintage="2027-01-10", dry_run=True,
        answers=Answers(revisions=True),
    )  # fmt: skip
    assert report.vintages[0].groups == {group: 1}


def test_a_wide_data360_file_gives_the_same_vintage_as_the_long_one(project, tmp_path, exports):
    long = data360(CODE, exports, {})
    head = long[0]
    observed = {"TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "OBS_STATUS_LABEL", "OBS_CONF"}
    kept = [n for n, name in enumerate(head) if name not in observed]
    years = sorted({row[head.index("TIME_PERIOD")] for row in long[1:]})
    series = {}
    for row in long[1:]:
        of_year = series.setdefault(tuple(row[n] for n in kept), {})
        of_year[row[head.index("TIME_PERIOD")]] = row[head.index("OBS_VALUE")]
    wide = [[*(head[n] for n in kept), *years]]
    wide += [[*ids, *(found.get(year, "") for year in years)] for ids, found in series.items()]
    paths = write(tmp_path / "UNCTAD_DE.csv", long), write(tmp_path / "UNCTAD_DE_WIDEF.csv", wide)
    made = [ingest(project, [p], vintage="2027-01-10", dry_run=True).vintages[0] for p in paths]
    assert made[0].data == made[1].data
    wide[3][-2] = "x"
    with pytest.raises(DataError) as caught:
        ingest(project, [write(paths[1], wide)], vintage="2027-01-10")
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (4, years[-2], "x")


def test_observations_in_another_unit_are_left_out_and_never_taken_for_dollars(
    project, tmp_path, exports
):
    rows = data360(CODE, exports, {})
    unit, value = rows[0].index("UNIT_MEASURE"), rows[0].index("OBS_VALUE")
    shares = [list(row) for row in rows[1:]]
    for row in shares:
        row[unit], row[value] = "PT", "12.5"
    plain = ingest(project, [write(tmp_path / "x.csv", rows)], vintage="2027-01-10", dry_run=True)
    path = write(tmp_path / "x.csv", [*rows, *shares])
    (planned,) = ingest(project, [path], vintage="2027-01-10", dry_run=True).vintages
    assert planned.data == plain.vintages[0].data
    assert planned.left_out["observations in PT, not USD"] == len(shares)
    with pytest.raises(DataError, match=r"not one row .* left out: [\d,]+ observations in PT"):
        ingest(project, [write(tmp_path / "x.csv", [rows[0], *shares])], vintage="2027-01-10")


def test_the_agencys_own_row_of_a_sum_is_another_quantity(project, tmp_path, exports):
    rows = data360(CODE, {**exports, ("EUU", 2020): 1.0}, {})
    (planned,) = ingest(
        project, [write(tmp_path / "x.csv", rows)], vintage="2027-01-10", dry_run=True
    ).vintages
    assert planned.left_out["observations of EUU, which the table adds up from members"] == 1
    assert b"sum of 27/27 members" in planned.data and b"EUU,2020,1," not in planned.data


def test_footnotes_of_values_that_are_taken_are_counted(project, tmp_path, exports):
    measure = "US$ at current prices in millions"
    head = ["Year", "Economy", "Economy Label", "Flow", "Flow Label", measure,
            f"{measure} Footnote", f"{measure} Missing value"]  # fmt: skip
    rows = [head]
    for (economy, year), value in sorted(exports.items()):
        note = "Estimate" if (economy, year) == ("CHN", 2023) or economy == "AUT" else ""
        rows.append([str(year), "0001", economy, "02", "Exports", repr(value), note, ""])
    (planned,) = ingest(
        project, [write(tmp_path / "x.csv", rows)], vintage="2027-01-10", dry_run=True
    ).vintages
    assert "1 values with the footnote 'Estimate'" in planned.remarks  # Austria's only count in EUU
    rows[1][5] = "5 (e)"
    with pytest.raises(DataError) as caught:
        ingest(project, [write(tmp_path / "x.csv", rows)], vintage="2027-01-10")
    assert [(p.row, p.column) for p in caught.value.problems] == [(2, measure)]


@pytest.mark.parametrize("period", ["FY2020", "2020/21", "2020Q1", "2020-21"])
def test_a_period_that_is_no_calendar_year_is_not_taken_for_one(project, tmp_path, period):
    path = write(tmp_path / "x.csv", [["economy", "year", "value"], ["FRA", period, "5"]])
    with pytest.raises(DataError, match=f"column year: '{period}' is not a year"):
        ingest(project, [path], table="gdp", vintage="2027-01-10")
