"""Tables written out in the layouts of agencies, independent of how the engine declares them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from agency_files import as_csv, generic_data

Data = Mapping[tuple[str, int], float]
NAMES = {"CHN": "China", "USA": "United States", "DEU": "Germany", "FRA": "France", "JPN": "Japan",
         "GBR": "United Kingdom", "IND": "India", "IRL": "Ireland", "KOR": "Korea, Rep.",
         "BRA": "Brazil"}  # fmt: skip
SHORT = {"CHN": "CN", "USA": "US", "DEU": "DE", "FRA": "FR", "JPN": "JP", "GBR": "UK", "IND": "IN",
         "IRL": "IE", "KOR": "KR", "BRA": "BR"}  # fmt: skip
CODE = "RAIN.MM"


def _axes(data: Data) -> tuple[list[str], list[int]]:
    return sorted({e for e, _ in data}), sorted({y for _, y in data})


def _cell(data: Data, economy: str, year: int, missing: str = "", factor: float = 1) -> str:
    value = data.get((economy, year))
    return missing if value is None else _text(value / factor)


def _text(value: float) -> str:
    return repr(value).removesuffix(".0")


def worldbank_wide(data: Data) -> str:
    economies, years = _axes(data)
    head = [
        "Country Name",
        "Country Code",
        "Indicator Name",
        "Indicator Code",
        *map(str, years),
        "",
    ]
    rows = [[NAMES[e], e, "Rain", CODE, *(_cell(data, e, y) for y in years), ""] for e in economies]
    group = ["Arab World", "ARB", "Rain", CODE, *("1" for _ in years), ""]
    return 'Data Source,x,\n\n"Last Updated Date","2031-07-01",\n\n' + as_csv([head, *rows, group])


def databank(data: Data) -> str:
    economies, years = _axes(data)
    head = ["Series Name", "Series Code", "Country Name", "Country Code"]
    head += [f"{year} [YR{year}]" for year in years]
    rows = [
        ["Rain", CODE, NAMES[e], e, *(_cell(data, e, y, "..") for y in years)] for e in economies
    ]
    return as_csv([head, *rows]) + "\nData from database: X,\nLast Updated: 07/01/2031,\n"


def databank_time(data: Data) -> str:
    economies, years = _axes(data)
    head = ["Time", "Time Code", "Country Name", "Country Code", f"Rain [{CODE}]", "Snow [SNOW.MM]"]
    rows = [[str(y), f"YR{y}", NAMES[e], e, _cell(data, e, y, ".."), "7"]
            for y in years for e in economies]  # fmt: skip
    return as_csv([head, *rows]) + "Last Updated: 07/01/2031,,,,,\n"


def databank_economies(data: Data) -> str:
    economies, years = _axes(data)
    head = [
        "Time",
        "Time Code",
        "Series Name",
        "Series Code",
        *(f"{NAMES[e]} [{e}]" for e in economies),
    ]
    rows = [
        [str(y), f"YR{y}", "Rain", CODE, *(_cell(data, e, y, "..") for e in economies)]
        for y in years
    ]
    return as_csv([head, *rows]) + "Last Updated: 07/01/2031,,,,\n"


def datahub_long(data: Data) -> str:
    rows = [[NAMES[e], e, str(y), _text(v)] for (e, y), v in data.items()]
    return as_csv([["Country Name", "Country Code", "Year", "Value"], *rows])


def sdmx_csv(data: Data) -> str:
    head = ["DATAFLOW", "FREQ: Frequency", "REF_AREA: Reference area", "TIME_PERIOD: Time period",
            "OBS_VALUE", "OBS_STATUS: Observation status", "UNIT_MEASURE", "UNIT_MULT"]  # fmt: skip
    rows = [["X:Y(1.0)", "A: Annual", f"{e}: {NAMES[e]}", str(y), _text(v / 1000), "A: Normal",
             "MM", "3"]
            for (e, y), v in data.items()]  # fmt: skip
    quarter = ["X:Y(1.0)", "Q: Quarterly", "CHN: China", "2020-Q1", "1", "A: Normal", "MM", "3"]
    return as_csv([head, *rows, quarter])


def eurostat_csv(data: Data) -> str:
    head = [
        "DATAFLOW",
        "LAST UPDATE",
        "freq",
        "unit",
        "geo",
        "TIME_PERIOD",
        "OBS_VALUE",
        "OBS_FLAG",
    ]
    rows = [["ESTAT:X(1.0)", "01/07/31 11:00:00", "A", "NR", SHORT[e], str(y), _text(v), "p"]
            for (e, y), v in data.items()]  # fmt: skip
    return as_csv(
        [head, *rows, ["ESTAT:X(1.0)", "01/07/31 11:00:00", "A", "NR", "EA20", "2020", "1", ""]]
    )


def eurostat_tsv(data: Data) -> str:
    economies, years = _axes(data)
    lines = ["\t".join(["freq,unit,geo\\TIME_PERIOD", *(f"{year} " for year in years)])]
    for economy in economies:
        cells = (f"{_cell(data, economy, year, ':')} p" for year in years)
        lines.append("\t".join([f"A,NR,{SHORT[economy]}", *cells]))
    return "\n".join([*lines, "\t".join(["A,NR,EA20", *("1 " for _ in years)])]) + "\n"


def owid(data: Data) -> str:
    rows = [[NAMES[e], e, str(y), _text(v)] for (e, y), v in data.items()]
    return as_csv([["Entity", "Code", "Year", "Rain that fell"], *rows, ["Asia", "", "2020", "9"]])


def unctadstat(data: Data) -> str:
    head = ["Year", "Economy", "Economy Label", "Flow", "Flow Label", "Rain", "Rain Footnote",
            "Rain Missing value"]  # fmt: skip
    rows = [[str(y), "0", NAMES[e], "01", "Down", _text(v), "", ""] for (e, y), v in data.items()]
    return as_csv([head, *rows, ["2020", "5100", "South America", "01", "Down", "9", "", ""]])


def imf_weo(data: Data) -> str:
    economies, years = _axes(data)
    head = ["WEO Country Code", "ISO", "WEO Subject Code", "Country", "Subject Descriptor",
            "Subject Notes", "Units", "Scale", "Country/Series-specific Notes", *map(str, years),
            "Estimates Start After"]  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(head)
    for e in economies:
        cells = [_cell(data, e, y, "n/a", 1000) for y in years]
        writer.writerow(
            ["1", e, CODE, NAMES[e], "Rain", "", "Millimetres", "Thousands", "", *cells, "2020"]
        )
    return out.getvalue() + "International Monetary Fund, World Economic Outlook Database\n"


def nbs_cn(data: Data) -> str:
    _, years = _axes(data)
    years.reverse()
    cells = ",".join(_cell(data, "CHN", year, "", 10_000) for year in years)
    head = ",".join(["指标", *(f"{year}年" for year in years)])
    body = f"{head}\n降水量(万毫米),{cells}\n人口(万人),{cells}\n"
    return f"数据库：年度数据\n时间：最近10年\n{body}注：初步数\n数据来源：国家统计局\n"


def nsf(data: Data) -> str:
    economies, years = _axes(data)
    head = ["Region, country, or economy", *map(str, years)]
    rows = [[NAMES[e], *(_cell(data, e, y) for y in years)] for e in economies]
    above = '"Table X-1. Rain, by region, country, or economy: 2000–2020"\n(Number)\n'
    below = "EU = European Union.\nNote(s): Rain is counted.\nSource(s): NCSES.\n"
    return above + as_csv([head, ["North America", *("9" for _ in years)], *rows]) + below


def wide(data: Data) -> str:
    economies, years = _axes(data)
    rows = [[NAMES[e], *(_cell(data, e, y, "–") for y in years)] for e in economies]
    return as_csv([["国家/地区", *(f"{year}年" for year in years)], *rows])


def tidy(data: Data) -> str:
    return as_csv(
        [["economy", "year", "value"], *([e, str(y), _text(v)] for (e, y), v in data.items())]
    )


def data360(data: Data) -> str:
    head = ["FREQ", "REF_AREA", "REF_AREA_LABEL", "INDICATOR", "SEX", "UNIT_MEASURE", "TIME_PERIOD",
            "OBS_VALUE", "UNIT_MULT", "OBS_STATUS"]  # fmt: skip
    rows = [
        ["A", e, NAMES[e], CODE, "_T", "MM", str(y), _text(v), "0", "A"]
        for (e, y), v in data.items()
    ]
    return as_csv([head, *rows])


def data360_wide(data: Data) -> str:
    economies, years = _axes(data)
    head = ["FREQ", "REF_AREA", "REF_AREA_LABEL", "INDICATOR", "SEX", "UNIT_MEASURE", "UNIT_MULT"]
    rows = [
        ["A", e, NAMES[e], CODE, "_T", "MM", "0", *(_cell(data, e, y) for y in years)]
        for e in economies
    ]
    return as_csv([[*head, *map(str, years)], *rows])


def sdmx_ml(data: Data) -> str:
    return generic_data(dict(data), attributes={"UNIT_MULT": "0", "UNIT_MEASURE": "MM"})


def worldbank_api(data: Data) -> str:
    import json

    rows = [
        {"indicator": {"id": CODE, "value": "Rain"}, "country": {"id": e[:2], "value": NAMES[e]},
         "countryiso3code": e, "date": str(y), "value": v, "obs_status": "", "decimal": 0}
        for (e, y), v in data.items()
    ]  # fmt: skip
    head = {"page": 1, "pages": 1, "per_page": 9, "total": len(rows), "lastupdated": "2031-07-01"}
    return json.dumps([head, rows])


WRITERS: dict[str, Callable[[Data], str]] = {
    "worldbank-wide": worldbank_wide, "databank": databank, "databank-time": databank_time,
    "databank-economies": databank_economies, "datahub-long": datahub_long, "sdmx-csv": sdmx_csv,
    "eurostat-csv": eurostat_csv, "eurostat-tsv": eurostat_tsv, "owid": owid,
    "unctadstat": unctadstat,
    "imf-weo": imf_weo, "nbs-cn": nbs_cn, "nsf": nsf, "tidy": tidy,
    "wide": wide, "data360": data360,
    "data360-wide": data360_wide, "sdmx-ml": sdmx_ml, "worldbank-api": worldbank_api,
}  # fmt: skip


def ods(cells: list[list[str]], percent: bool = False) -> bytes:
    """Return a LibreOffice file of one sheet; numbers are numbers, or percentages."""
    base = "urn:oasis:names:tc:opendocument:xmlns"
    lines = []
    for row in cells:
        out = ""
        for cell in row:
            try:
                kind = "percentage" if percent and "." in cell else "float"
                value = f'office:value-type="{kind}" office:value="{float(cell)}"'
                out += (f"<table:table-cell {value}>"
                        f"<text:p>{cell}</text:p></table:table-cell>")  # fmt: skip
            except ValueError:
                text = f"<text:p>{escape(cell)}</text:p>"
                out += f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
        lines.append(f"<table:table-row>{out}</table:table-row>")
    blank = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{base}:office:1.0" '
        f'xmlns:table="{base}:table:1.0" xmlns:text="{base}:text:1.0"><office:body>'
        "<office:spreadsheet>"
        f'<table:table table:name="S">{"".join(lines)}{blank}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()
