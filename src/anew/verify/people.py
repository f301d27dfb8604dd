"""Who is to be cited, and what the work refers to: CITATION.cff as exports need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from anew.project.errors import AnewError


@dataclass(frozen=True)
class Author:
    """A person or an organisation; `id` is its ORCID or web address where one is given."""

    name: str
    id: str | None = None
    person: bool = True
    affiliation: str | None = None


@dataclass(frozen=True)
class Work:
    """A work that this one refers to."""

    title: str
    authors: tuple[Author, ...]
    kind: str
    year: int | None = None
    id: str | None = None
    journal: str | None = None


@dataclass(frozen=True)
class Citation:
    """What CITATION.cff says: title, authors, licence of the code, works referred to."""

    title: str
    authors: tuple[Author, ...]
    licence: str | None = None
    references: tuple[Work, ...] = ()


def read_citation(root: Path) -> Citation:
    """Return what CITATION.cff says. Raises AnewError when it is missing or cannot be used."""
    file = root / "CITATION.cff"
    try:
        given = yaml.safe_load(file.read_text("utf-8"))
        authors = tuple(_author(one) for one in given["authors"])
        return Citation(
            str(given["title"]),
            authors,
            given.get("license"),
            tuple(_work(one) for one in given.get("references") or ()),
        )
    except FileNotFoundError:
        raise AnewError(
            "There is no CITATION.cff.", "An export names its authors: write one."
        ) from None
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise AnewError(f"CITATION.cff cannot be used: {error}", "See its format, 1.2.0.") from None


def _author(given: Mapping[str, Any]) -> Author:
    orcid = given.get("orcid") or given.get("website")
    if "name" in given:
        return Author(str(given["name"]), orcid, person=False)
    parts = (given.get("given-names"), given.get("name-particle"), given.get("family-names"))
    name = " ".join(str(part) for part in parts if part)
    return Author(name, orcid, True, given.get("affiliation"))


def _work(given: Mapping[str, Any]) -> Work:
    doi = given.get("doi")
    return Work(
        str(given["title"]),
        tuple(_author(one) for one in given.get("authors") or ()),
        str(given.get("type", "generic")),
        given.get("year"),
        f"https://doi.org/{doi}" if doi else given.get("url"),
        given.get("journal"),
    )
