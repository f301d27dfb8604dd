"""Take the screenshots of the site for the READMEs: make pictures

Opens the site in _site/ (`anew build --all-editions`) in Chromium and writes docs/pictures/, in
both languages. Figures need no screenshot: the READMEs show the files in figures/.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_site"
PICTURES = ROOT / "docs" / "pictures"
LANGUAGES = ("zh", "en")

#: The most that all screenshots may take together, in bytes: they are part of every clone.
MOST = 600_000


@dataclass(frozen=True)
class Picture:
    """A screenshot: the page, the element at its top, the size of the window."""

    name: str
    page: str
    begins: str
    width: int
    height: int
    scheme: str = "light"

    def file(self, language: str) -> Path:
        """Return where the picture is, in a language."""
        return PICTURES / f"{self.name}.{language}.webp"

    def path(self, language: str) -> str:
        """Return the page's path on the site, in a language."""
        if "{}" in self.page:
            return self.page.format(language)
        return self.page if language == "en" else self.page.replace(".html", f".{language}.html")


DESK, PHONE = (1280, 800), (390, 640)
ALL = (
    Picture("report", "report/{}/index.html", "#fig-3", *DESK),
    Picture("phone", "report/{}/index.html", "#fig-7", *PHONE, scheme="dark"),
    Picture("changes", "changes/index.html", "main h2", *DESK),
    Picture("reproduction", "reproduction/index.html", "main h1", *DESK),
)


def take(browser: object, picture: Picture, language: str) -> bytes:
    """Return a picture of a page as WebP."""
    from PIL import Image

    context = browser.new_context(  # type: ignore[attr-defined]
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        device_scale_factor=2 if picture.width < 600 else 1,
    )
    page = context.new_page()
    page.goto((SITE / picture.path(language)).as_uri())
    page.evaluate("document.fonts.ready")
    # scroll to the end and back, so that lazy images load
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    place = "e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 80)"
    for _ in range(3):
        page.locator(picture.begins).first.evaluate(place)
        page.wait_for_timeout(300)
    shot = Image.open(io.BytesIO(page.screenshot()))
    context.close()
    data = io.BytesIO()
    shot.convert("RGB").save(data, "WEBP", quality=80, method=6)
    return data.getvalue()


def main() -> None:
    """Take every screenshot; print its size."""
    from playwright.sync_api import sync_playwright

    if not (SITE / "changes" / "index.html").is_file():
        sys.exit("There is no site with all editions in _site/. Run: anew build --all-editions")
    chromium = os.environ.get("ANEW_CHROMIUM") or shutil.which("chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for picture in ALL:
            for language in LANGUAGES:
                data = take(browser, picture, language)
                picture.file(language).write_bytes(data)
                print(f"{picture.file(language).relative_to(ROOT)}  {len(data) // 1024} KB")
        browser.close()
    kept = {picture.file(language) for picture in ALL for language in LANGUAGES}
    for path in PICTURES.glob("*"):
        if path not in kept:
            path.unlink()
    total = sum(path.stat().st_size for path in kept)
    if total > MOST:
        sys.exit(f"{total} bytes are more than {MOST}: take fewer, or smaller ones.")


if __name__ == "__main__":
    main()
