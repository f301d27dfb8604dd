"""The words for what changed."""

from __future__ import annotations

from anew.diff.change import Cause
from anew.project.phrases import Phrase
from anew.text.numbers import DASH, MINUS

#: The lists of a figure's points, in the order of telling, and what each is called.
POINTS = {
    "revised": Phrase("values revised"),
    "shifted": Phrase("values changed by different periods"),
    "broken": Phrase("values from a different source, not compared"),
    "new_years": Phrase("values for new periods"),
    "new": Phrase("values added"),
    "gone": Phrase("values removed"),
}

#: The same of one value.
_POINT = {
    "revised": Phrase("value revised"),
    "shifted": Phrase("value changed by different periods"),
    "broken": Phrase("value from a different source, not compared"),
    "new_years": Phrase("value for new periods"),
    "new": Phrase("value added"),
    "gone": Phrase("value removed"),
}

#: What is told of a figure whose data and title are the same.
REDRAWN = Phrase("drawn differently, from the same data")

#: The headings of facts by cause, in the order of telling.
CAUSES = {
    Cause.BREAK: Phrase("Facts across a break in the series, not compared"),
    Cause.REVISION: Phrase("Facts changed by revised data, for the same years"),
    Cause.BOTH: Phrase("Facts changed by revised data and by different periods"),
    Cause.YEARS: Phrase("Facts changed by different periods"),
    Cause.UNKNOWN: Phrase("Facts"),
}

#: What a claim's new outcome is called in a summary, for one and for several.
TURNS = {
    "false": (Phrase("no longer holds"), Phrase("no longer hold")),
    "true": (Phrase("now holds"), Phrase("now hold")),
    None: (Phrase("is no longer made"), Phrase("are no longer made")),
}

#: What is counted, for one and for several.
_COUNTED = {
    "figure": (Phrase("{count} figure"), Phrase("{count} figures")),
    "fact": (Phrase("{count} fact"), Phrase("{count} facts")),
    "sentence": (Phrase("{count} sentence"), Phrase("{count} sentences")),
    "claim": (Phrase("{count} claim"), Phrase("{count} claims")),
    "verdict": (Phrase("{count} verdict"), Phrase("{count} verdicts")),
    "more fact": (Phrase("{count} more fact"), Phrase("{count} more facts")),
    "more place": (Phrase("{count} more place"), Phrase("{count} more places")),
}

#: Words of a change: its size, what happened to a value, what a claim turned out as.
WORDS = {
    "large": Phrase("large"),
    "moderate": Phrase("moderate"),
    "small": Phrase("small"),
    "break": Phrase("break"),
    "equal": Phrase("equal"),
    "new": Phrase("new"),
    "gone": Phrase("gone"),
    "true": Phrase("true"),
    "false": Phrase("false"),
    "not made": Phrase("not made"),
    "figures": Phrase("figures"),
    "facts": Phrase("facts"),
    "claims": Phrase("claims"),
    "statements": Phrase("statements"),
}


def many(count: int, name: str) -> Phrase:
    """Return `1 fact` or `3 facts`."""
    return Phrase(_COUNTED[name][count != 1], count=count)


def called(word: str) -> str:
    return WORDS.get(str(word), str(word))


def percent(part: float | None) -> str:
    """Return a relative change with its sign, a minus as facts print it; a dash for None."""
    return DASH if part is None else f"{part:+.1%}".replace("-", MINUS)


def counted(count: int, points: str) -> Phrase:
    """Return how many values of one of the POINTS there are."""
    what = (_POINT if count == 1 else POINTS)[points]
    return Phrase("{count} {what}", count=count, what=what)
