"""The pages are valid HTML, by the checker of the W3C."""

from __future__ import annotations

from pathlib import Path

from site_sample import build, write
from validity import errors


def test_every_kind_of_page_is_valid(tmp_path: Path) -> None:
    pages = {p: c for p, c in build("https://example.org/sub").pages().items() if c}
    write(tmp_path, pages)
    found = errors(tmp_path / page for page in pages if not page.startswith("editions/"))
    assert found == ""


def test_the_checker_is_not_blind(tmp_path: Path) -> None:
    page = build().files["index.html"].replace("<h1", '<img src="x"><h1', 1)
    write(tmp_path, {"index.html": page})
    assert "error" in errors([tmp_path / "index.html"])
