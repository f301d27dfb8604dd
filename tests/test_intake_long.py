"""Long files: Data360 and UNCTADstat; sums of members are made and say what they cover."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from agency_files import as_csv, copy_of_the_project, data360, values

from anew.catalog import load_catalog, read_table
from anew.errors import AnewError
from anew.intake import ingest
from anew.problems import DataError

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
    estimate = list(rows[4])
    estimate[head.index("TIME_PERIOD")], estimate[head.index("OBS_STATUS")] = "2008", "E"
    path = write(tmp_path / "x.csv", [*rows, part, empty, group, estimate])
    (planned,) = ingest(project, [path], vintage="2027-01-10", dry_run=True).vintages
    assert planned.left_out["observations that are not annual totals"] == 1
    assert planned.left_out["observations without a value"] == 1
    assert planned.left_out["group TNC"] == 1
    assert "1 observations that are estimated" in planned.remarks


def test_a_label_that_contradicts_its_code_is_refused(project, tmp_path, exports):
    path = write(tmp_path / "x.csv", data360(CODE, exports, {"JPN": "China"}))
    with pytest.raises(DataError, match="the code is JPN, the label that of CHN"):
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
    report = ingest(project, [path], vintage="2027-01-10", dry_run=True)
    by_table = {v.table: v for v in report.vintages}
    assert set(by_table) == {"digital_services_exports", "digital_services_imports"}
    out, into = (
        pd.read_csv(_buffer(by_table[f"digital_services_{way}"].data))
        for way in ("exports", "imports")
    )
    assert out["value"].tolist() == pytest.approx((into["value"] * 2).tolist())
    assert by_table["digital_services_exports"].left_out["group South America"] == 1


def test_a_slip_in_a_countrys_name_is_refused(project, tmp_path, exports):
    head = ["Year", "Economy", "Economy Label", "Flow", "Flow Label",
            "US$ at current prices in millions"]  # fmt: skip
    rows = [head, ["2020", "1", "Germny", "02", "Exports", "5"]]
    path = write(tmp_path / "x.csv", rows)
    with pytest.raises(DataError, match="(?s)'Germny'.*Did you mean Germany"):
        ingest(project, [path], vintage="2027-01-10")
