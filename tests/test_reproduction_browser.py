"""The pages of a certificate in a real browser: on a phone and a desk, light and dark."""

from __future__ import annotations

from importlib.resources import files

import pytest
import tiny
from browser import chromium, served

from anew.verify.publishing import certificate_pages

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

VERSIONS = {"platform": "Linux x86_64", "python": "3.11.7", "numpy": "2.4.6"}

CERTIFICATE = {
    "verdict": "different",
    "edition": "2024",
    "report": {"zh": "降水报告", "en": "Rain report"},
    "title": {"zh": "2024 年度版", "en": "Edition 2024"},
    "date": "2024-03-01",
    "engine": "0.1.0",
    "subject": {"kind": "url", "name": "https://example.org/" + "a" * 80, "sha256": "0" * 64},
    "promise": {"level": "numbers", "accepts": []},
    "environment": {
        "recorded": {**VERSIONS, "numpy": "1.0"},
        "here": VERSIONS,
        "differs": [{"name": "numpy", "recorded": "1.0", "here": "2.4.6"}],
        "lock": {
            "sha256": "0" * 64, "recorded": None, "packages": 2,
            "departures": [{"package": "numpy", "locked": "1.0", "installed": None}],
        },
    },
    "sources": {
        "recorded": "0" * 64, "today": "1" * 64, "same": False, "commit": "0" * 40,
        "bytes_at": "0" * 40, "changed": ["a"], "uncommitted": ["a"],
    },
    "bytes": {
        "of": 9, "equal": 1, "unequal": [],
        "levels": {
            "bytes": 1, "derived": 1, "different": 1, "extra": 1, "missing": 1, "numbers": 1,
            "pixels": 1, "unseen": 1, "words": 1,
        },
    },
    "numbers": {
        "relative": 1e-9, "negligible": 1e-12, "facts": [2, 3], "data": [1, 1],
        "claims": [1, 2], "statements": [1, 1],
    },
    "pixels": {"tolerance": 0.001, "figures": [1, 2], "worst": 0.2},
    "claims": {"holds": ["rain-grows"], "fails": ["rain-" + "x" * 60], "said": ["rain-x"]},
    "statements": {"reproduced": ["a"], "differs": ["b"], "indicative": [], "not-testable": []},
    "errors": ["fig1: cell 3 failed:\n    │ " + "raise ValueError() " * 20],
    "differences": [
        {"kind": kind, "name": "n" * 70, "where": where, "was": "12.5", "now": now}
        for kind in ("fact", "data", "claim", "statement", "file", "figure", "source")
        for where in (
            {"row": 4, "column": "value"}, {"cell": 2, "line": 3}, {"page": 1, "apart": 0.2},
            {"size": "other"}, {"only": "pixels"}, {"key": "a › b"},
        )
        for now in ("w" * 150, None)
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    root = tmp_path_factory.mktemp("certificate")
    project = tiny.make(root / "p", text=True)
    for name, data in certificate_pages(project, CERTIFICATE).items():
        path = root / "out" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    with served(root / "out") as found:
        yield found


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["certificate.html", "certificate.zh.html"])
def test_axe_finds_nothing_and_nothing_is_too_wide(browser, address, name, scheme, width):
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    try:
        missing: list[str] = []
        page.on("requestfailed", lambda request: missing.append(request.url))
        page.goto(address + name)
        page.add_script_tag(content=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert found["passes"] and not found["violations"], found["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert missing == []
    finally:
        page.close()
