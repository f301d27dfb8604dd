"""The page "What changed": an edition beside the one before it, for readers of either language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anew.diff.change import (
    BREAK,
    Cause,
    Change,
    Comparison,
    FigureChange,
    Kind,
    Size,
    Turn,
    ranked,
)
from anew.diff.telling import Sides
from anew.diff.words import POINTS, percent
from anew.notebook.findings import Claim
from anew.project.language import LANGUAGES, say
from anew.site.figures import Figure
from anew.site.links import localised
from anew.site.page import Entry, Page, Site
from anew.site.shell import fragment, render_page
from anew.text.facts import Unit
from anew.text.glossary import told
from anew.text.sentences import Sentence

#: The lists of a figure's values of which every value is shown.
_LISTED = ("revised", "shifted")
_CAUSES = (Cause.REVISION, Cause.BOTH, Cause.YEARS, Cause.UNKNOWN, Cause.BREAK)
#: So many letters of a sentence stand before and after the fact in it.
_REACH = 44
_LABEL = re.compile(r"[:：]")

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Side:
    """One edition on the page: its name, its figures in the page's language, its claims' words.

    `root` leads from the root of the page's edition to that of this one.
    """

    name: str
    root: str
    figures: Mapping[str, Figure]
    claims: Mapping[str, Claim]


@dataclass(frozen=True)
class Vocabulary:
    """What the page needs words for, in its language.

    `units` print facts, `names` are words for codes and columns, `says` the study's statements and
    `sentences` those of the newer edition's text that print a fact, each by id; `places` is where
    sections are, where the report has several documents.
    """

    units: Mapping[str, Unit]
    names: Texts
    says: Texts
    sentences: Mapping[str, Sentence]
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """A ring on a picture, from its left and its top as fractions."""

    x: float
    y: float
    alone: bool


def changes_path(language: str) -> str:
    """Return where the page is."""
    return localised("changes/index.html", language)


def changes_page(
    site: Site,
    comparison: Comparison,
    language: str,
    sides: tuple[Side, Side],
    vocabulary: Vocabulary,
    *,
    linked: bool = True,
    alone: bool = False,
) -> str:
    """Return the page on what changed between two editions, the older first in `sides`.

    `linked` tells that the report and the notebooks of the newer edition lie on the same site;
    `alone` makes a page without a site around it.
    """
    path = changes_path(language)
    old, new = sides
    figures = [_figure(change, sides, language, vocabulary) for change in comparison.figures]
    unchanged = [f for a, f in new.figures.items() if a not in {c["address"] for c in figures}]
    groups = [
        (cause, [_fact(fact, language, vocabulary) for fact in found])
        for cause in _CAUSES
        if (found := [fact for fact in comparison.facts if fact.cause is cause])
    ]
    turns = {
        "claims": [_claim(turn, sides, language, vocabulary) for turn in comparison.claims],
        "statements": [_verdict(turn, language, vocabulary) for turn in comparison.statements],
    }
    names = {"old": old.name, "new": new.name}
    title = say(language, "changes-title", **names)
    body = fragment(
        "changes.html.j2",
        language,
        path,
        title=title,
        sides=sides,
        board=comparison.scoreboard(),
        equal=comparison.equal,
        columns=[*map(str, Size), BREAK],
        empty=comparison.empty,
        figures=figures,
        unchanged=say(language, "join").join(_name(one, language) for one in unchanged),
        groups=groups,
        turns={kind: found for kind, found in turns.items() if found},
        linked=linked,
        notebook=lambda address: localised(f"notebooks/{address}.html", language),
        counted=_counted,
        section=lambda id: f"report/{language}/{vocabulary.places.get(id, f'index.html#{id}')}",
    )
    page = Page(
        path=path,
        language=language,
        title=title,
        description=say(language, "changes-lead"),
        body=body,
        section="changes",
        alternates={other: changes_path(other) for other in LANGUAGES},
        toc=list(_contents(figures, groups, turns, language)),
        kind="alone" if alone else "changes",
        indexed=not alone,
    )
    elsewhere = [link if link.root == "" else replace(link, pages=frozenset())
                 for link in site.editions]  # fmt: skip
    return render_page(replace(site, editions=elsewhere), page)


def _contents(
    figures: Sequence[Mapping[str, Any]],
    groups: Sequence[tuple[Cause, Any]],
    turns: Mapping[str, Sequence[Any]],
    language: str,
) -> Iterable[Entry]:
    if figures:
        under = [Entry(f"change-{one['address']}", one["name"]) for one in figures]
        yield Entry("changed-figures", say(language, "changed-figures"), children=under)
    if groups:
        under = [
            Entry(f"facts-{cause}", f"{say(language, f'cause-{cause}')} ({len(facts)})")
            for cause, facts in groups
        ]
        yield Entry("changed-facts", say(language, "changed-facts"), children=under)
    for kind, found in turns.items():
        if found:
            name = f"{say(language, f'turned-{kind}')} ({len(found)})"
            yield Entry(f"changed-{kind}", name)


def _name(figure: Figure | None, language: str) -> str:
    assert figure is not None
    return say(language, "figure", number=figure.number)


def _figure(
    change: FigureChange, sides: tuple[Side, Side], language: str, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Return a figure that changed: its two pictures with marks, its counts, its tables."""
    old, new = (side.figures.get(change.address) for side in sides)
    before, after = change.titles.get(language, ("", ""))
    pictures = [
        {
            "side": side,
            "figure": figure,
            "width": 416,
            "height": round(416 * figure.shown[1][1] / figure.shown[1][0]),
            "marks": marks(figure, other) if other and not change.breaks else [],
            "points": [(point.x, point.y, point.text) for point in figure.points],
        }
        for side, figure, other in zip(sides, (old, new), (new, old), strict=True)
        if figure
    ]
    return {
        "address": change.address,
        "name": _name(new or old, language),
        "size": change.size or BREAK,
        "kind": change.kind if change.kind is not Kind.REVISED else "",
        "title": after or before,
        "redrawn": change.redrawn,
        "breaks": [
            {
                "table": vocabulary.names.get(one.table, one.table),
                "old": sides[0].name, "before": one.old[language],
                "new": sides[1].name, "after": one.new[language],
            }
            for one in change.breaks
        ],
        "pictures": pictures,
        "counts": [(name, len(found)) for name in POINTS if (found := change.points.get(name))],
        "years": say(language, "join").join(change.years),
        "tables": [
            (name, [_value(one, language, vocabulary.names) for one in ranked(found)])
            for name in _LISTED
            if (found := change.points.get(name))
        ],
    }  # fmt: skip


def _counted(said: str, count: int) -> str:
    """Return `1 values revised` as `1 value revised`."""
    return said.replace("1 values", "1 value", 1) if count == 1 else said


def marks(figure: Figure, other: Figure) -> list[Mark]:
    """Return where a picture shows another value than the other edition's picture of the figure.

    A point is known by what its text says before the colon, such as an economy and a year, and
    changed when the text differs; `alone` is a point that the other picture does not have.
    """
    texts = dict(_labelled(other))
    return [
        Mark(point.x, point.y, label not in texts)
        for (label, text), point in zip(_labelled(figure), figure.points, strict=True)
        if texts.get(label) != text
    ]


def _labelled(figure: Figure) -> list[tuple[tuple[str, int], str]]:
    seen: Counter[str] = Counter()
    found = []
    for point in figure.points:
        label = _LABEL.split(point.text)[0]
        seen[label] += 1
        found.append(((label, seen[label]), point.text))
    return found


def _value(change: Change, language: str, names: Texts) -> dict[str, str]:
    """Return a figure's value before and after as a row of a table."""
    sides = Sides(change, {}, language)
    return {
        "of": " · ".join(names.get(part, part) for part in change.of if part),
        "old": sides.old,
        "new": sides.new,
        "absolute": sides.absolute,
        "relative": percent(change.relative),
        "size": change.size,
    }


def _fact(change: Change, language: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a fact before and after, with the words around it in the text."""
    (id,) = change.of
    sentence = vocabulary.sentences.get(id)
    sides = Sides(change, vocabulary.units, language)
    same = sides.old == sides.new
    return {
        "id": id,
        "figure": change.figure,
        "sentence": sentence,
        "around": sentence.cut(_REACH) if sentence else ("", ""),
        "old": sides.old,
        "between": sides.between,
        "new": sides.new,
        "absolute": say(language, "changes-prints-same") if same else sides.absolute,
        "relative": "" if same else percent(change.relative),
        "size": str(change.size),
        "kind": "" if change.kind is Kind.REVISED else str(change.kind),
    }


def _claim(
    turn: Turn, sides: tuple[Side, Side], language: str, vocabulary: Vocabulary
) -> dict[str, Any]:
    """Return a claim that turned: its outcome and evidence on both sides."""
    keys = {"true": "claim-holds", "false": "claim-fails", None: "turn-none"}
    words = {"true": "holds", "false": "fails", None: ""}
    said = next(side.claims[turn.id] for side in reversed(sides) if turn.id in side.claims)
    return _turn(
        turn, language, vocabulary.names,
        name=say(language, "turn-fails-when", when=said.fails_when[language]),
        outcomes=[(say(language, keys[one]), words[one]) for one in (turn.old, turn.new)],
    )  # fmt: skip


def _verdict(turn: Turn, language: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a statement of the study with another verdict."""
    return _turn(
        turn, language, vocabulary.names,
        name=vocabulary.says.get(turn.id, ""),
        outcomes=[
            (say(language, f"verdict-{one}" if one else "turn-none"), one or "")
            for one in (turn.old, turn.new)
        ],
    )  # fmt: skip


def _turn(
    turn: Turn, language: str, names: Texts, *, name: str, outcomes: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    evidence = [told(given, language, names) for given in turn.evidence]
    return {
        "id": turn.id,
        "figure": turn.figure,
        "name": name,
        "sides": list(zip(outcomes, evidence, strict=True)),
        "broken": turn.broken,
    }
