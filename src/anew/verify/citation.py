"""Citation: the authors and references in CITATION.cff, as exports need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from anew.project.configuration import checked, read_yaml
from anew.project.errors import AnewError

FILE = "CITATION.cff"


class _Part(BaseModel):
    """A part of the file; keys that no export needs are passed over."""

    model_config = ConfigDict(frozen=True)


class Author(_Part):
    """A person, with a family name, or an organisation, with a name only."""

    name: str = Field(min_length=1)
    person: bool = False
    orcid: str | None = None
    website: str | None = None
    affiliation: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value:
            keys = ("given-names", "name-particle", "family-names")
            name = " ".join(str(value[key]) for key in keys if value.get(key))
            value = {**value, "name": name, "person": True}
        return value

    @property
    def address(self) -> str | None:
        """The ORCID or web address, where one is given."""
        return self.orcid or self.website


class Work(_Part):
    """A work that this one refers to."""

    title: str
    authors: tuple[Author, ...] = ()
    type: str = "generic"
    year: int | None = None
    doi: str | None = None
    url: str | None = None
    journal: str | None = None

    @property
    def address(self) -> str | None:
        """The DOI as an address, else the web address."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


class Citation(_Part):
    """What CITATION.cff says: title, authors, works referred to."""

    title: str
    authors: tuple[Author, ...] = Field(min_length=1)
    references: tuple[Work, ...] = ()


def read_citation(root: Path) -> Citation:
    """Return what CITATION.cff says. Raises AnewError when it is missing or cannot be used."""
    if not (root / FILE).is_file():
        raise AnewError(
            "There is no {file}.",
            "Add one: an export names its authors.",
            code="no-file",
            file=FILE,
        )
    return checked(Citation, *read_yaml(root / FILE, FILE), FILE)
