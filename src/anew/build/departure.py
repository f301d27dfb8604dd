"""Builds with other parameters than the edition's: whether the text can still be printed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from anew.build.identity import articles
from anew.build.plan import Plan
from anew.project.errors import AnewError
from anew.project.phrases import Phrase, joined
from anew.text.blocks import claims_of, facts_of
from anew.text.document import read_text


def departs(plan: Plan) -> bool:
    """Whether a whole report is built with parameters that its edition does not have."""
    return plan.whole and any(plan.given.values())


def typed(given: Mapping[str, Mapping[str, object]]) -> str:
    """Return parameters as typed on the command line: `-p fig7.last_year=2018`."""

    def value(of: object) -> str:
        return ",".join(map(str, of)) if isinstance(of, list | tuple) else str(of)

    pairs = [(f"{a}.{n}", value(v)) for a, values in given.items() for n, v in values.items()]
    return " ".join(f"-p {name}={text}" for name, text in pairs)


def refuse_unprintable(plan: Plan, facts: Collection[str], claims: Collection[str]) -> None:
    """Raise AnewError when the text uses facts or claims that the notebooks no longer state.

    A fact such as "the year in which A passes B" is not there on years in which A does not.
    `facts` and `claims` are the ids that the notebooks name with these parameters; a fact that they
    name as absent counts, for it prints a dash. The message names every missing id and its first
    place, and how to build the figures without the text.
    """
    texts = [read_text(plan.project.root, document) for document in articles(plan.project)]
    places: dict[str, list[str]] = {}
    for text in texts:
        for fact in facts_of(text):
            if fact.id not in facts and not fact.id.startswith("edition"):
                places.setdefault(Phrase("fact {id}", id=fact.id), []).append(str(fact.place))
    for text in texts:
        for claim in claims_of(text):
            if claim.id not in claims:
                places.setdefault(Phrase("claim {id}", id=claim.id), []).append(str(claim.place))
    if not places:
        return
    given = {address: values for address, values in plan.given.items() if values}
    edition = "" if plan.newest else f" --edition {plan.edition.name}"
    listed = [
        Phrase(
            "    {name}: {place} and {more} more" if found[1:] else "    {name}: {place}",
            name=name,
            place=found[0],
            more=len(found) - 1,
        )
        for name, found in places.items()
    ]
    raise AnewError(
        "The text cannot be printed with {parameters}: no notebook states {count} of the things "
        "it says.\n{listed}",
        "See the figures without the text: anew build{edition} --only {only} {options}",
        code="no-text-for-parameters",
        parameters=typed(given).replace("-p ", ""),
        count=len(places),
        listed=joined("\n", listed),
        edition=edition,
        only=",".join(given),
        options=typed(given),
    )
