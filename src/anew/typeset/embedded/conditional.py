"""Content for one format only, and sentences for an edition in which a claim holds or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anew.notebook.findings import Claim

#: Formats that conditional content may name, as Quarto names them.
FORMATS = ("html", "typst", "docx")

#: Other names that Quarto has for a format.
ALIASES = {"html:js": "html"}

#: What Quarto means by PDF is LaTeX's; said here, it would be seen nowhere.
NOT_OURS = ("pdf", "latex")

#: The formats in which each kind of raw content comes out; anywhere else it would vanish.
RAW = {"html": ("html",), "typst": ("typst",), "openxml": ("docx",)}

VISIBLE, HIDDEN = "content-visible", "content-hidden"
CONDITIONS = ("when-format", "unless-format")


def visible_in(
    classes: Sequence[str], attributes: Sequence[Sequence[str]], formats: frozenset[str]
) -> frozenset[str]:
    """Return those of `formats` in which an element with these classes and attributes is seen.

    A condition that is given twice holds where one of them does.
    """
    if VISIBLE not in classes and HIDDEN not in classes:
        return formats
    when, unless = (
        {ALIASES.get(value, value) for name, value in attributes if name == condition}
        for condition in CONDITIONS
    )
    matching = frozenset(
        name for name in formats if (not when or name in when) and name not in unless
    )
    return matching if VISIBLE in classes else formats - matching


def is_dropped(
    classes: Sequence[str], attributes: Mapping[str, str], claims: Mapping[str, Claim] | None
) -> bool:
    """Return whether a .when or .unless gives way; `claims` of the edition, None if not known."""
    claim = (claims or {}).get(attributes.get("claim", ""))
    if claim is None or not {"when", "unless"} & set(classes):
        return False
    return claim.holds != ("when" in classes)
