"""Files as the agencies publish them, in their layouts, with the project's own values inside."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from anew.project.paths import Project

ROOT = Path(__file__).parents[1]

#: Economies and groups as the World Bank names them: every kind of name that its file has.
BANK = {
    "Aruba": "ABW", "Africa Eastern and Southern": "AFE", "Arab World": "ARB",
    "Bahamas, The": "BHS", "Brazil": "BRA", "Channel Islands": "CHI", "China": "CHN",
    "Congo, Dem. Rep.": "COD", "Cote d'Ivoire": "CIV", "Curacao": "CUW", "Germany": "DEU",
    "Egypt, Arab Rep.": "EGY", "Euro area": "EMU", "European Union": "EUU", "France": "FRA",
    "United Kingdom": "GBR", "High income": "HIC", "Hong Kong SAR, China": "HKG", "India": "IND",
    "Not classified": "INX", "Ireland": "IRL", "Iran, Islamic Rep.": "IRN", "Japan": "JPN",
    "Korea, Rep.": "KOR", "Korea, Dem. People's Rep.": "PRK", "Turkiye": "TUR", "Viet Nam": "VNM",
    "West Bank and Gaza": "PSE", "Virgin Islands (U.S.)": "VIR", "World": "WLD", "Kosovo": "XKX",
    "Yemen, Rep.": "YEM", "Venezuela, RB": "VEN", "United States": "USA",
}  # fmt: skip


def values(table: str, vintage: str) -> dict[tuple[str, int], float]:
    frame = pd.read_csv(ROOT / f"data/raw/{table}/{vintage}.csv")
    return frame.set_index(["economy", "year"])["value"].to_dict()


def bank_rows(
    code: str, data: dict[tuple[str, int], float], years: Iterable[int]
) -> list[list[str]]:
    """Return the rows of a wide file; economies without data get a small invented series."""
    known = {economy for economy, _ in data}
    rows = []
    for n, (name, economy) in enumerate(BANK.items()):
        cells = []
        for year in years:
            value = data.get((economy, year)) if economy in known else (n + 1) * 1e9 + year
            cells.append("" if value is None else repr(value).removesuffix(".0"))
        rows.append([name, economy, f"Indicator {code}", code, *cells, ""])
    return rows


def bank_csv(
    code: str,
    data: dict[tuple[str, int], float],
    updated: str | None = "2027-07-01",
    years: Iterable[int] = range(1960, 2027),
    edit: Callable[[list[list[str]]], None] | None = None,
) -> str:
    """Return a World Bank CSV; `edit` spoils the rows, the header being the first."""
    years = list(years)
    head = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
    rows = [[*head, *map(str, years), ""], *bank_rows(code, data, years)]
    if edit:
        edit(rows)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if updated:
        writer.writerow(["Data Source", "World Development Indicators", ""])
        out.write("\r\n")
        writer.writerow(["Last Updated Date", updated, ""])
        out.write("\r\n")
    writer.writerows(rows)
    return out.getvalue()


def bank_zip(path: Path, code: str, text: str, metadata: bool = True) -> Path:
    """Write the zip that the data site gives: data, and lists of countries and indicators."""
    name = f"API_{code}_DS2_en_csv_v2_12345.csv"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if metadata:
            head = '"Country Code","Region","IncomeGroup","SpecialNotes","TableName",\r\n'
            lines = (f'"{c}","","","","{n}",\r\n' for n, c in BANK.items() if c != "INX")
            archive.writestr(f"Metadata_Country_{name}", "\ufeff" + head + "".join(lines))
            indicator = '"INDICATOR_CODE","INDICATOR_NAME","SOURCE_NOTE","SOURCE_ORGANIZATION",\r\n'
            archive.writestr(f"Metadata_Indicator_{name}", "\ufeff" + indicator)
        archive.writestr(name, "\ufeff" + text)
    return path


def api_pages(
    code: str, data: dict[tuple[str, int], float], per_page: int, updated: str = "2027-07-01"
) -> list[str]:
    """Return the API's pages: newest year first, a row for every economy and year."""
    names = {economy: name for name, economy in BANK.items()}
    years = sorted({year for _, year in data}, reverse=True)
    rows = [
        {
            "indicator": {"id": code, "value": f"Indicator {code}"},
            "country": {"id": economy[:2], "value": names[economy]},
            "countryiso3code": economy,
            "date": str(year),
            "value": data.get((economy, year)),
            "unit": "",
            "obs_status": "",
            "decimal": 0,
        }
        for economy in sorted({economy for economy, _ in data})
        for year in years
    ]
    parts = [rows[n : n + per_page] for n in range(0, len(rows), per_page)]
    heads = [
        {"page": n, "pages": len(parts), "per_page": per_page, "total": len(rows),
         "sourceid": "2", "lastupdated": updated}
        for n in range(1, len(parts) + 1)
    ]  # fmt: skip
    return [json.dumps(list(pair)) for pair in zip(heads, parts, strict=True)]


def data360(
    code: str, data: dict[tuple[str, int], float], labels: dict[str, str], power: int = 6
) -> list[list[str]]:
    """Return the rows of a Data360 export, header first: long, with SDMX attributes."""
    head = (
        "STRUCTURE STRUCTURE_ID ACTION FREQ FREQ_LABEL REF_AREA REF_AREA_LABEL INDICATOR "
        "INDICATOR_LABEL SEX AGE URBANISATION UNIT_MEASURE UNIT_MEASURE_LABEL COMP_BREAKDOWN_1 "
        "COMP_BREAKDOWN_2 COMP_BREAKDOWN_3 TIME_PERIOD OBS_VALUE DATABASE_ID UNIT_MULT "
        "UNIT_MULT_LABEL OBS_STATUS OBS_STATUS_LABEL OBS_CONF"
    ).split()
    rows = [head]
    for (economy, year), value in sorted(data.items()):
        rows.append(
            ["datastructure", "WB.DATA360:DS_DATA360(1.2)", "I", "A", "Annual", economy,
             labels.get(economy, economy), code, "Exports", "_T", "_T", "_T", "USD", "US dollars",
             "_Z", "_Z", "_Z", str(year), repr(value), "UNCTAD_DE", str(power), "Millions",
             "A", "Normal value", "PU"]
        )  # fmt: skip
    return rows


def generic_data(
    data: dict[tuple[str, int], float],
    flags: dict[tuple[str, int], str] | None = None,
    attributes: dict[str, str] | None = None,
) -> str:
    """Return an SDMX-ML 2.1 document as a service answers: a series for each economy and year."""
    base = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    head = (
        f'<mes:GenericData xmlns:mes="{base}/message" xmlns:gen="{base}/data/generic" '
        f'xmlns:com="{base}/common"><mes:Header><mes:ID>x</mes:ID><mes:Test>false</mes:Test>'
        '<mes:Prepared>2027-07-01T10:00:00</mes:Prepared><mes:Sender id="ECB"/>'
        '<mes:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><com:Structure>'
        '<Ref agencyID="ECB" id="FLOW" version="1.0"/></com:Structure></mes:Structure>'
        '</mes:Header><mes:DataSet structureRef="S">'
    )
    told = {"UNIT_MULT": "0", "UNIT_MEASURE": "USD"} if attributes is None else attributes
    series = "".join(f'<gen:Value id="{key}" value="{value}"/>' for key, value in told.items())
    parts = [
        '<gen:Series><gen:SeriesKey><gen:Value id="FREQ" value="A"/>'
        f'<gen:Value id="REF_AREA" value="{economy}"/></gen:SeriesKey>'
        f"<gen:Attributes>{series}</gen:Attributes>"
        f'<gen:Obs><gen:ObsDimension value="{year}"/><gen:ObsValue value="{value!r}"/>'
        '<gen:Attributes><gen:Value id="OBS_STATUS" value="'
        f'{(flags or {}).get((economy, year), "A")}"/></gen:Attributes></gen:Obs></gen:Series>'
        for (economy, year), value in data.items()
    ]
    return f'<?xml version="1.0"?>{head}{"".join(parts)}</mes:DataSet></mes:GenericData>'


def as_csv(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def company_list(companies: Iterable[tuple[str, str, str, str, str]]) -> str:
    """Return a list as CB Insights exports it, of name, valuation, date joined, country, year."""
    head = ["Company", "Valuation ($B)", "Date Joined", "Country", "City", "Founded Year"]
    return as_csv([head, *([a, b, c, d, "", e] for a, b, c, d, e in companies)])


def copy_of_the_project(folder: Path) -> Project:
    """Return a project that has the data of this one, to take files in without touching it."""
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "_quarto.yml").write_text("project: {type: website}\n", "utf-8")
    return Project(folder)


def state(project: Project) -> dict[str, str]:
    """Return the content of every file of a project by name, to see that nothing was changed."""
    return {
        project.relative(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.root.rglob("*"))
        if path.is_file() and ".anew" not in path.parts
    }
