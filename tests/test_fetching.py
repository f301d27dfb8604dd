"""Fetching, against a server on this machine that answers as the World Bank's API does."""

from __future__ import annotations

import datetime
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from agency_files import (
    api_pages,
    bank_csv,
    bank_zip,
    copy_of_the_project,
    generic_data,
    state,
    values,
)

from anew.intake.fetching import download, fetch
from anew.intake.sources import compare_sources
from anew.project import http
from anew.project.errors import AnewError, BuildError
from anew.project.writing import write_text
from anew.tables.loading import load_catalog
from anew.tables.reading import read_table

TODAY = datetime.date(2027, 7, 2)


class Agency:
    """A server whose answers are functions of the request: (status, body)."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = lambda path: (404, b"")
        agency = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                agency.asked.append(self.path)
                status, body = agency.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def agency(monkeypatch):
    monkeypatch.setenv("ANEW_LOOPBACK", "1")
    agency = Agency()
    yield agency
    agency.server.shutdown()
    agency.server.server_close()


@pytest.fixture
def project(tmp_path):
    return copy_of_the_project(tmp_path)


@pytest.fixture(scope="module")
def gdp():
    data = values("gdp", "2026-07-01")
    return data | {(e, 2026): v * 1.04 for (e, y), v in list(data.items()) if y == 2025}


def serve(agency, pages):
    def answer(path):
        query = parse_qs(urlsplit(path).query)
        assert query["format"] == ["json"]
        return 200, pages[int(query["page"][0]) - 1].encode()

    agency.answer = answer


def test_all_pages_are_fetched_and_taken_in(project, agency, gdp):
    pages = api_pages("NY.GDP.MKTP.CD", gdp, per_page=100)
    serve(agency, pages)
    report = fetch(project, "gdp", base=agency.base, today=TODAY)
    assert report.written and len(agency.asked) == len(pages) == 3
    assert agency.asked[0].startswith("/country/CHN;DEU;EUU;FRA;")
    assert "/indicator/NY.GDP.MKTP.CD?" in agency.asked[0]
    frame = read_table(project, load_catalog(project), "gdp", "2027-07-01")
    assert frame.set_index(["economy", "year"])["value"].to_dict() == gdp
    origin = load_catalog(project).vintage("gdp", "2027-07-01").origin
    hashes = [hashlib.sha256(page.encode()).hexdigest() for page in pages]
    assert origin == [f"NY.GDP.MKTP.CD.page{n}.json {h}" for n, h in enumerate(hashes, 1)]


def test_a_dry_run_of_a_fetch_writes_nothing(project, agency, gdp):
    serve(agency, api_pages("NY.GDP.MKTP.CD", gdp, per_page=500))
    before = state(project)
    report = fetch(project, "gdp", base=agency.base, dry_run=True)
    assert report.vintages[0].comparison.new_periods == ["2026"]
    assert state(project) == before


def test_a_table_of_one_economy_asks_for_it_alone(project, agency):
    rate = {("CHN", year): 7.0 + year / 1e4 for year in range(2007, 2027)}
    rate |= {k: v for k, v in values("exchange_rate", "2026-07-01").items()}
    serve(agency, api_pages("PA.NUS.FCRF", rate, per_page=50))
    fetch(project, "exchange_rate", base=agency.base, dry_run=True)
    assert agency.asked[0].startswith("/country/CHN/indicator/PA.NUS.FCRF")


def test_what_passes_is_asked_for_again_and_then_given_up(agency):
    answers = iter([(503, b""), (429, b""), (200, b"here")])
    agency.answer = lambda path: next(answers)
    waited = []
    assert download(f"{agency.base}/x", waited.append) == b"here"
    assert waited == [1.0, 2.0]
    agency.answer = lambda path: (503, b"")
    with pytest.raises(BuildError, match="answered 503 .* asked 4 times"):
        download(f"{agency.base}/x", waited.append)
    assert len(agency.asked) == 7


def test_a_refusal_is_not_asked_again(agency):
    with pytest.raises(BuildError, match="answered 404"):
        download(f"{agency.base}/x", lambda seconds: None)
    assert len(agency.asked) == 1


def test_silence_and_slowness_end(agency, monkeypatch):
    monkeypatch.setattr(http, "SILENCE", 0.2)
    release = threading.Event()
    agency.answer = lambda path: (release.wait(5), (200, b""))[1]
    with pytest.raises(BuildError, match="does not answer.* asked 4 times"):
        download(f"{agency.base}/x", lambda seconds: None)
    release.set()
    with pytest.raises(BuildError, match="does not answer.* asked 4 times"):
        download("http://127.0.0.1:9/x", lambda seconds: None)


def test_an_answer_that_is_too_large_is_not_read_to_its_end(agency):
    agency.answer = lambda path: (200, b"0" * 5000)
    with pytest.raises(BuildError, match="larger than 4,999 bytes"):
        download(f"{agency.base}/x", limit=4999)
    assert len(download(f"{agency.base}/x", limit=5000)) == 5000


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "/etc/passwd", ""])
def test_only_the_web_is_fetched_from(url):
    with pytest.raises(AnewError, match="is not a web address"):
        download(url)


def test_an_error_that_the_api_tells_in_an_answer_is_told(project, agency):
    said = json.dumps([{"message": [{"id": "120", "value": "The indicator was not found."}]}])
    agency.answer = lambda path: (200, said.encode())
    before = state(project)
    with pytest.raises(BuildError, match="The indicator was not found") as caught:
        fetch(project, "gdp", base=agency.base)
    assert "Do not try again" in caught.value.hint
    agency.answer = lambda path: (200, b'[{"page":0,"pages":0,"per_page":0,"total":0},null]')
    with pytest.raises(BuildError, match="the API has no observation for this question"):
        fetch(project, "gdp", base=agency.base)
    assert len(agency.asked) == 2  # neither is asked again
    assert state(project) == before


def test_pages_that_changed_between_two_requests_are_refused(project, agency, gdp):
    pages = api_pages("NY.GDP.MKTP.CD", gdp, per_page=100)
    pages[1] = api_pages("NY.GDP.MKTP.CD", gdp, per_page=100, updated="2027-07-02")[1]
    serve(agency, pages)
    before = state(project)
    with pytest.raises(AnewError, match="updated on different days"):
        fetch(project, "gdp", base=agency.base)
    assert state(project) == before


def catalogued(project, source):
    text = project.catalog_file.read_text("utf-8")
    old = "    intake: {layout: [worldbank-wide,"
    new = f"    intake: {{fetch: {source}, layout: [worldbank-wide,"
    write_text(project.catalog_file, text.replace(old, new, 1))


def test_a_file_at_an_address_is_fetched_and_its_hash_is_checked(project, agency, gdp, tmp_path):
    path = bank_zip(tmp_path / "API.zip", "NY.GDP.MKTP.CD", bank_csv("NY.GDP.MKTP.CD", gdp))
    data = path.read_bytes()
    path.unlink()
    agency.answer = lambda path: (200, data)
    url = f"{agency.base}/files/API_gdp.zip?x=1"
    catalogued(project, f"{{url: '{url}', sha256: '{'0' * 64}'}}")
    before = state(project)
    with pytest.raises(AnewError, match="the catalogue says 000000000000"):
        fetch(project, "gdp")
    assert state(project) == before
    text = project.catalog_file.read_text("utf-8")
    write_text(project.catalog_file, text.replace("0" * 64, hashlib.sha256(data).hexdigest()))
    report = fetch(project, "gdp", today=TODAY)
    assert report.vintages[0].origin == "API_gdp.zip"
    assert "2027-07-01" in load_catalog(project).tables["gdp"].vintages


def test_a_table_without_address_says_where_to_download_it(project):
    with pytest.raises(AnewError, match="(?s)no address.*ncses.nsf.gov"):
        fetch(project, "patent_families")


SDMX = "{sdmx: {source: ECB, flow: FLOW, key: A.., start: '2020'}}"


def test_a_table_is_fetched_from_an_sdmx_service(project, agency):
    catalogued(project, SDMX)
    rows = {("CHN", 2024): 1.9e13, ("USA", 2024): 2.9e13, ("B5", 2024): 1.0}
    agency.answer = lambda path: (200, generic_data(rows, flags={("USA", 2024): "P"}).encode())
    report = fetch(project, "gdp", base=agency.base, dry_run=True)
    assert agency.asked == ["/data/FLOW/A..?startPeriod=2020"]
    (planned,) = report.vintages
    assert (planned.vintage, planned.format) == ("2027-07-01", "SDMX-CSV")
    assert planned.data == b"economy,year,value\nCHN,2024,19000000000000\nUSA,2024,29000000000000\n"
    assert "1 values that are provisional" in planned.remarks and planned.groups == {"B5": 1}


def test_an_sdmx_service_without_observations_or_that_is_not_known_is_told(project, agency):
    catalogued(project, SDMX)
    agency.answer = lambda path: (200, generic_data({}).encode())
    with pytest.raises(AnewError, match="the service has no observation for this question"):
        fetch(project, "gdp", base=agency.base)
    agency.answer = lambda path: (404, b"")
    with pytest.raises(BuildError, match="answered 404") as caught:
        fetch(project, "gdp", base=agency.base)
    assert "no observations for the key" in caught.value.hint
    text = project.catalog_file.read_text("utf-8")
    write_text(project.catalog_file, text.replace("source: ECB", "source: ECBB"))
    with pytest.raises(AnewError, match="(?s)Unknown SDMX service 'ECBB'.*Did you mean 'ECB'"):
        fetch(project, "gdp", base=agency.base)


def checked(anew, project, base: str):
    """Run `anew check --sources`; return its exit code and what it says of gdp."""
    before = state(project)
    done = anew("check", "--sources", "--insecure", "--base", base, cwd=project.root)
    assert state(project) == before and "Traceback" not in done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("gdp ")]
    return done.returncode, line, done.stdout


def test_what_agencies_serve_now_is_compared_with_what_was_downloaded(project, agency, gdp, anew):
    code, line, told = checked(anew, project, agency.base)
    assert code == 0 and "not asked: the catalogue records no hash" in line
    assert not agency.asked
    pages = api_pages("NY.GDP.MKTP.CD", gdp, per_page=100)
    serve(agency, pages)
    fetch(project, "gdp", base=agency.base, today=TODAY)
    code, line, _ = checked(anew, project, agency.base)
    assert code == 0
    assert line.startswith("gdp 2027-07-01: same: NY.GDP.MKTP.CD.page1.json, ")
    pages[1] = pages[1].replace('"value": ', '"value":  ', 1)
    code, line, _ = checked(anew, project, agency.base)
    assert code == 1 and "gdp 2027-07-01: changed: NY.GDP.MKTP.CD.page2.json sha256 " in line
    agency.answer = lambda path: (404, b"")
    code, line, _ = checked(anew, project, agency.base)
    assert code == 1 and "gdp 2027-07-01: gone: " in line and "answered 404" in line
    agency.answer = lambda path: (403, b"")
    code, line, _ = checked(anew, project, agency.base)
    assert code == 0 and "gdp 2027-07-01: not asked: " in line and "answered 403" in line
    code, line, _ = checked(anew, project, "http://example.org")
    assert code == 0 and "not asked: http://example.org/" in line
    assert line.endswith("is not an https address.")


def test_a_file_of_another_name_is_not_compared(project, agency, gdp, tmp_path):
    path = bank_zip(tmp_path / "API.zip", "NY.GDP.MKTP.CD", bank_csv("NY.GDP.MKTP.CD", gdp))
    agency.answer = lambda asked: (200, path.read_bytes())
    catalogued(project, f"{{url: '{agency.base}/files/API_gdp.zip'}}")
    fetch(project, "gdp", today=TODAY)

    def found():
        return next(one for one in compare_sources(project) if one.table == "gdp")

    assert (found().state, found().why) == ("same", "API_gdp.zip")
    text = project.catalog_file.read_text("utf-8")
    write_text(project.catalog_file, text.replace("files/API_gdp.zip", "files/other.zip"))
    assert found().state == "not asked"
    assert found().why == "it was made of API_gdp.zip, not of other.zip"


@pytest.mark.parametrize("url", ["http://[foo]/x", "http://127.0.0.1:1\n/x"])
def test_an_address_that_is_none_is_told_without_a_traceback(url):
    with pytest.raises(AnewError):
        download(url, lambda seconds: None)
