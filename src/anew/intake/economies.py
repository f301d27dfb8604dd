"""Whose a row is: an economy, a group that is none, or something that has to be asked about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from anew.intake.layout import Layout, groups
from anew.intake.reading import Task, suggest_code
from anew.project.phrases import Either, Phrase, joined
from anew.tables.catalog import Table
from anew.tables.lists import EntityList

_CODE = re.compile(r"[A-Z0-9_]{2,}")
#: So close to a country's name is a slip; "South America" is a group of the agency's.
_TYPO = 0.9
#: A letter less or more in a short name is further off, and no group is called like one.
_SHORT, _SHORT_TYPO = 7, 0.85
#: No agency has so many groups.
_MANY = 500
_AGAIN = Phrase(
    "Download it again. Groups that are new are known from the list of countries beside the data."
)


@dataclass(frozen=True)
class Found:
    """Whose a row is: the code, or the name of a group; `problem` is a message and what to do.

    kept: the table keeps its rows. counts: the table adds it up into a sum, and keeps it not.
    """

    code: str | None = None
    group: str = ""
    kept: bool = False
    counts: bool = False
    said: str = ""
    problem: tuple[str, str] | None = None


#: Of a table whose rows are nobody's.
_NOBODY = Found(kept=True)


class Finder:
    """Finds whose rows are, by code and name as a layout has them; remembers what it found."""

    def __init__(self, layout: Layout, beside: frozenset[str], task: Task) -> None:
        self.layout, self.task, self.beside = layout, task, beside
        self.codes: set[str] = set()
        self._groups = groups() | beside | set(task.catalog.economies.aggregates)
        self._strange = 0
        self._found: dict[tuple[str, str, str], Found] = {}

    def find(self, table: Table, said: tuple[str, str], fixed: str | None = None) -> Found:
        """Return whose the rows with this code and name are; `fixed`: of whom all rows are."""
        if table.entity is None:
            return _NOBODY
        key = (table.name, *said)
        if key not in self._found:
            self.codes.add(said[0])
            self._found[key] = self._find(table, *((fixed, "") if fixed else said))
        return self._found[key]

    def _find(self, table: Table, code: str, name: str) -> Found:
        names, layout = self.task.names, self.layout
        shown = code or name
        if table.entity is not None and (of := table.entity.list) is not None:
            return find_member(self.task.catalog.lists[of], of, shown)
        for own, titles in table.own_codes.items():
            if shown == own or _tight(shown) in map(_tight, titles.values()):
                return self._of(table, own, shown)
        code = layout.codes.get(code, code)
        meant, coded = names.resolve(name), names.resolve(code)
        if coded is not None:
            if meant and meant != coded:
                message = Phrase(
                    "the code is {code} and the name, {name!r}, is that of {meant}.",
                    code=code,
                    name=name,
                    meant=meant,
                )
                return Found(said=code, problem=(message, names.suggest(name) or _AGAIN))
            return self._of(table, coded, code)
        if code and layout.groups:
            return self._listed(code, name, meant)
        if meant is not None:
            return self._of(table, meant, shown)
        if doubtful := [c for c in names.ambiguous(name or code) if self._matters(table, c)]:
            message = Phrase("{said!r} may be {names}.", said=shown, names=Either(doubtful))
            return Found(
                said=shown, problem=(message, Phrase("Write the code in the file instead."))
            )
        self._strange += 1
        if self._strange > _MANY:
            message = Phrase(
                "more than {many} different names are those of no economy, here {said!r}.",
                many=_MANY,
                said=shown,
            )
            return Found(
                said="", problem=(message, Phrase("Is it the right column, and the right file?"))
            )
        if names.suggest(name or code, _TYPO if len(name or code) > _SHORT else _SHORT_TYPO):
            message = Phrase("unknown economy {said!r}.", said=shown)
            return Found(said=shown, problem=(message, suggest_code(self.task, name or code)))
        return Found(group=name or code or Phrase("without a name"), said=shown)

    def _listed(self, code: str, name: str, meant: str | None) -> Found:
        """Judge a code that is no economy's in a layout in which every group is known."""
        names = self.task.names
        if not _CODE.fullmatch(code):
            message = Phrase("{code!r} is no country code; are the columns swapped?", code=code)
        elif meant and names.is_country(meant):
            message = Phrase(
                "unknown economy {code!r}: the name, {name!r}, has the code {meant}.",
                code=code,
                name=name,
                meant=meant,
            )
        elif code in self._groups:
            return Found(group=name or code, said=code)
        else:
            message = Phrase("unknown economy {code!r}, {name!r}.", code=code, name=name)
        return Found(said=code, problem=(message, names.suggest(name) or _AGAIN))

    def _of(self, table: Table, code: str, said: str) -> Found:
        kept = self.task.keeps(table, code)
        if not kept and not self.task.names.is_country(code) and code not in table.intake.sums:
            return Found(group=said, said=said)
        return Found(code, "", kept, not kept and self._summed(table, code), said)

    def _summed(self, table: Table, code: str) -> bool:
        members = self.task.catalog.economies.aggregates
        return any(code == name or code in members[name].members for name in table.intake.sums)

    def _matters(self, table: Table, code: str) -> bool:
        return self.task.keeps(table, code) or self._summed(table, code)


def find_member(known: EntityList, name: str, said: str) -> Found:
    """Return the member of the project's list `name` that a file calls `said`."""
    calls = {code: [code, *titles.values()] for code, titles in known.members.items()}
    for code, more in known.names.items():
        calls[code] += more
    for code, names in calls.items():
        if _tight(said) in map(_tight, names):
            return Found(code, "", True, False, said)
    spelt = {call: code for code, names in calls.items() for call in names}
    close = get_close_matches(said, spelt, n=1)
    advice = Phrase("Correct it, or add it to lists.{name} in data/catalog.yml.", name=name)
    if close:
        near = f"{close[0]} ({spelt[close[0]]})"
        advice = joined(" ", (Phrase("Did you mean {names}?", names=near), advice))
    message = Phrase("{said!r} is not in the list {name}.", said=said, name=name)
    return Found(said=said, problem=(message, advice))


def _tight(text: str) -> str:
    return "".join(text.casefold().split())
