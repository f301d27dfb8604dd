"""The documentation: `make docs` builds it into `_docs/`; a published site has it at /docs/."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))

import reference  # noqa: E402

project = "anew"
html_title = "anew"
copyright = "the authors of anew, MIT licence"
extensions = ["myst_parser"]
myst_heading_anchors = 3
html_theme = "furo"
html_show_sphinx = False
exclude_patterns = ["pictures"]
# a type of code that no highlighter knows is shown as it is
suppress_warnings = ["misc.highlighting_failure"]


def setup(app):
    """Renew the pages that are made from the code; they are tracked, to be read unbuilt."""
    for name, text in reference.pages().items():
        path = HERE / name
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
