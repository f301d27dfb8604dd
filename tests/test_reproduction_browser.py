"""The pages of a certificate in a real browser: on a phone and a desk, light and dark."""

from __future__ import annotations

from importlib.resources import files

import pytest
import recorded
import tiny
from browser import chromium, served

from anew.verify.publishing import certificate_pages

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    root = tmp_path_factory.mktemp("certificate")
    project = tiny.make(root / "p", text=True)
    for name, data in certificate_pages(project, recorded.certificate()).items():
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
