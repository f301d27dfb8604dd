"""Content for one format only, and sentences for an edition in which a claim holds or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: Formats that conditional content may name, as Quarto names them.
FORMATS = ("html", "typst", "docx")

#: The formats in which each kind of raw content comes out; anywhere else it would vanish.
RAW = {"html": ("html",), "typst": ("typst",), "openxml": ("docx",)}

VISIBLE, HIDDEN = "content-visible", "content-hidden"
CONDITIONS = ("when-format", "unless-format")


def visible_in(
    classes: Sequence[str], attributes: Mapping[str, str], formats: frozenset[str]
) -> frozenset[str]:
    """Return those of `formats` in which an element with these classes and attributes is seen."""
    if VISIBLE not in classes and HIDDEN not in classes:
        return formats
    when, unless = attributes.get("when-format"), attributes.get("unless-format")
    matching = frozenset(
        name
        for name in formats
        if (when is None or when == name) and (unless is None or unless != name)
    )
    return matching if VISIBLE in classes else formats - matching


def is_dropped(
    classes: Sequence[str], attributes: Mapping[str, str], claims: Mapping[str, Any] | None
) -> bool:
    """Return whether a .when or .unless gives way; `claims` of the edition, None if not known."""
    claim = (claims or {}).get(attributes.get("claim", ""))
    if claim is None or not {"when", "unless"} & set(classes):
        return False
    return bool(claim["holds"]) != ("when" in classes)
