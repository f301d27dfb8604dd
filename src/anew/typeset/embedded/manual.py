"""Writes SUBSET.md: the subset as an author reads it, from the tables that the checks use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from anew.typeset.embedded.callouts import ATTRIBUTES as CALLOUT_ATTRIBUTES
from anew.typeset.embedded.conditional import FORMATS, RAW
from anew.typeset.embedded.crossref import KINDS, OPTIONS, OTHER_KINDS
from anew.typeset.embedded.document import ENTRY_POINTS
from anew.typeset.embedded.keys import DOCUMENT, PROJECT, TOP, Key
from anew.typeset.embedded.shortcodes import SHORTCODES
from anew.typeset.embedded.vocabulary import (
    ATTRIBUTES,
    CLASSES,
    DIV_CLASSES,
    REFUSED,
    SPAN_CLASSES,
)

MANUAL = Path(__file__).with_name("SUBSET.md")

_HEAD = """\
# What the embedded typesetter sets

It sets this subset of Quarto, the same way as Quarto, and refuses everything else by file and
line. This page is written by `python -m anew.typeset.embedded.manual` from the tables that the
checks use.

## Text

Pandoc's Markdown: paragraphs, headings, emphasis, lists, definition lists, quotations, listings,
links, footnotes, pipe and grid tables, citations (`[@key]`), line blocks, rules.

- A figure is `![caption](file){#fig-name}` in a paragraph of its own, or a div `#fig-name` with one
  picture and a caption; a table has `: caption {#tbl-name}`, or a div `#tbl-name`.
- References: `@fig-name`, `[-@fig-name]` (number only), `[words @fig-name]`, `[@fig-a; @fig-b]`;
  `@Fig-name` begins a sentence.
- A listing names a language (```` ```python ````); a cell to be run is refused.
- Lines of Chinese join without a blank (the filter anew.lua), in both typesetters.
- A formula is `$…$` or `$$…$$`; one with a number is `$$…$$ {#eq-name}`, on one line with the
  closing dollars. In print it is read aloud as `alt="words"` says, or as it is written.
- A picture of your own lies beside the text, under `report/`, and has words in its brackets or in
  `fig-alt`. Files that a text links to are published with it.

Refused by file and line as well: an id that stands twice, a reference, link, footnote, citation
key, claim or picture that does not exist, a formula that cannot be read, a heading level that is
left out, a citation and a cross-reference in one bracket, a second front matter.
"""


def manual() -> str:
    """Return the text of SUBSET.md."""
    parts = [
        _HEAD,
        _refused(),
        _table("Shortcodes", "Shortcode", SHORTCODES),
        _table("Cross-references", "Prefix", {f"{k}-": what for k, what in KINDS.items()}),
        f"Refused kinds: {', '.join(OTHER_KINDS)}.\n",
        _table("Options of `crossref:`", "Option", OPTIONS),
        _table("Classes of a div", "Class", DIV_CLASSES),
        _table("Classes of a span", "Class", SPAN_CLASSES),
        _list("Classes of other elements", CLASSES),
        _list("Attributes", ATTRIBUTES),
        _list("Attributes of a callout", {k: v or ("any",) for k, v in CALLOUT_ATTRIBUTES.items()}),
        f"## Formats\n\n`when-format` and `unless-format` name {_quoted(FORMATS)}. Raw content:\n",
        _list("", RAW),
        _table("Filters: where each `at:` runs", "at", {
            "pre-ast": "before everything else",
            "post-finalize": "after everything else, in place of citeproc",
        }),
        _keys("Keys of a document", DOCUMENT),
        "In `_quarto.yml`, `_metadata.yml`, the front matter, or under a format there.\n",
        _keys("Keys of `_quarto.yml` alone", TOP),
        _keys("Keys of `project:`", PROJECT),
    ]  # fmt: skip
    assert set(ENTRY_POINTS) == {"pre-ast", "post-finalize"}
    return "\n".join(parts)


def _refused() -> str:
    rows = [(name, _code(one.example.split("\n")[one.line]), one.instead)
            for name, one in REFUSED.items()]  # fmt: skip
    return "## Refused\n\n" + _rows(("What", "Such as", "Write instead"), rows)


def _code(text: str) -> str:
    """Return a line as code, its own backticks kept."""
    return f"````` {text} `````" if "`" in text else f"`{text}`"


def _quoted(names: Sequence[object]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _table(title: str, head: str, entries: Mapping[str, str]) -> str:
    rows = [(f"`{name}`", what) for name, what in entries.items()]
    return f"## {title}\n\n" + _rows((head, "What it is"), rows)


def _list(title: str, entries: Mapping[str, Sequence[str]]) -> str:
    rows = [(f"`{name}`", _quoted(values) or "none") for name, values in entries.items()]
    return (f"## {title}\n\n" if title else "") + _rows(("For", "Known"), rows)


def _keys(title: str, keys: Mapping[str, Key]) -> str:
    rows = []
    for name, key in keys.items():
        values = "any" if key.values is None else _quoted([_yaml(v) for v in key.values])
        rows.append((f"`{name}`", key.does, values))
    return f"## {title}\n\n" + _rows(("Key", "What it does here", "Values"), rows)


def _yaml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    MANUAL.write_text(manual(), "utf-8")
