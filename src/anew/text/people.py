"""Authors as Quarto hands them to templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def normal_authors(given: Any) -> list[dict[str, Any]]:
    """Return authors with their names and affiliations in full.

    An author is a name, or a map with `name` (text, or a map of given and family, or of literal)
    and affiliations.
    """
    authors = []
    for author in given if isinstance(given, list) else [given] if given else []:
        entry = author if isinstance(author, Mapping) and "name" in author else {"name": author}
        name = _name(entry["name"])
        places = entry.get("affiliations") or entry.get("affiliation") or []
        places = places if isinstance(places, list) else [places]
        authors.append(
            {
                "name": {"literal": name},
                "affiliations": [
                    {"name": str(place.get("name", "") if isinstance(place, Mapping) else place)}
                    for place in places
                ],
            }
        )
    return authors


def _name(name: Any) -> str:
    """Return a name as printed."""
    if not isinstance(name, Mapping):
        return str(name or "")
    if name.get("literal"):
        return str(name["literal"])
    parts = [name.get(key) for key in ("given", "dropping-particle", "non-dropping-particle")]
    return " ".join(str(part) for part in [*parts, name.get("family")] if part)
