"""Lists of the catalogue: economies, their groups, and the project's own lists of entities."""

from __future__ import annotations

import re
from functools import cache

from pydantic import Field, model_validator

from anew.project.configuration import Entry, Text
from anew.project.phrases import Phrase


class Aggregate(Entry):
    """A code for a group of economies; members where the project adds it up."""

    title: Text
    members: list[str] = []


class Economies(Entry):
    """The codes that the project knows."""

    kept: list[str]
    aggregates: dict[str, Aggregate] = {}
    names: dict[str, list[str]] = {}

    @model_validator(mode="after")
    def _are_codes(self) -> Economies:
        members = [code for group in self.aggregates.values() for code in group.members]
        for code in (*self.kept, *self.aggregates, *self.names, *members):
            if not CODE.fullmatch(code):
                raise ValueError(
                    Phrase(
                        "has {code!r}; codes are capital letters, as ISO 3166 alpha-3", code=code
                    )
                )
        return self


class EntityList(Entry):
    """A list of the project's own: provinces, companies, species.

    members: by code, what each is called. names: how else files write them, by code.
    """

    members: dict[str, Text] = Field(min_length=1)
    names: dict[str, list[str]] = {}

    @model_validator(mode="after")
    def _hangs_together(self) -> EntityList:
        for code in self.members:
            if code != code.strip() or not code:
                raise ValueError(
                    Phrase("has the code {code!r}; a code has no spaces around it", code=code)
                )
        if strange := [code for code in self.names if code not in self.members]:
            raise ValueError(
                Phrase("has names for {strange}, which is none of its members", strange=strange[0])
            )
        return self


@cache
def iso_codes() -> frozenset[str]:
    import pycountry

    return frozenset({*(country.alpha_3 for country in pycountry.countries), "XKX"})


CODE = re.compile(r"[A-Z][A-Z0-9]{2,}")
