"""A figure's words: texts as data, filled in by one voice for each language.

Beside a figure's modules stands `words.yml`. `Book.beside(__file__)` reads it, and a voice of it
fills a text in: `say("title.alone", who="USA", share=48.9)` for `{who:The} has {share:percent}`.
What follows the colon is one of FORMS, or a format of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Formatter
from typing import Any, TypeVar

from analysis.shared import labels, phrases
from analysis.shared.texts import SHARED, Text, read_texts
from anew.figures.drawing import Words
from anew.notebook.findings import Claim, Evidence, Tested
from anew.project.errors import AnewError, unknown
from anew.project.language import LANGUAGES

T = TypeVar("T")


def _spaced(text: str, language: str) -> str:
    """Return a clause that begins with a figure or Latin letter with a space before it."""
    return f" {text}" if text[:1].isascii() else text


def _joined(by: str) -> Callable[[Iterable[object], str], str]:
    return lambda items, language: SHARED[by][language].join(map(str, items))


#: How a value is put into a text: `{value:form}` or `{value:form.decimals}`.
FORMS: Mapping[str, Callable[..., str]] = {
    "name": labels.name,  # European Union (27 members)
    "short": labels.short,  # EU
    "the": labels.in_text,  # the EU
    "The": lambda code, language: labels.in_text(code, language, start=True),
    "of": labels.possessive,  # the EU’s
    "Of": lambda code, language: labels.possessive(code, language, start=True),
    "names": labels.listed,  # China, the USA and the EU
    "Names": lambda codes, language: labels.listed(codes, language, start=True),
    "and": labels.enumeration,  # one, two and three
    "comma": _joined("comma"),
    "pause": _joined("pause"),
    "clause": _joined("clause"),
    "number": phrases.number,
    "percent": phrases.percent,
    "companies": phrases.companies,
    "money": phrases.money,
    "times": phrases.times,
    "word": phrases.word_for,  # three
    "month": phrases.month,  # 7 October 2025
    "fraction": phrases.fraction,  # almost half
    "Fraction": lambda share, language: phrases.sentence(phrases.fraction(share, language)),
    "spaced": _spaced,
}


@dataclass(frozen=True)
class Voice:
    """The texts of a book in one language."""

    texts: Mapping[str, Text]
    language: str

    def __call__(self, key: str, /, **values: Any) -> str:
        """Return the text of `key` with `values` filled in; `{part:say}` is the text of a key.

        Raises AnewError for a key that no text has and for a value that a text lacks.
        """
        if key not in self.texts:
            raise unknown("text", key, self.texts, "words.yml")
        try:
            return _Filler(self, values).vformat(self.texts[key][self.language], (), values)
        except KeyError as error:
            raise AnewError(
                f"words.yml: the text {key} in {self.language} needs {error}, which is not given.",
                f"It is given {', '.join(values) or 'nothing'}.",
            ) from error

    def number(self, value: float, decimals: int = 0) -> str:
        return phrases.number(value, self.language, decimals)

    def percent(self, value: float, decimals: int = 1) -> str:
        return phrases.percent(value, self.language, decimals)

    def sentence(self, parts: Iterable[str]) -> str:
        """Return clauses as one sentence, with its capital letter and full stop."""
        return phrases.sentence(self("clause").join(parts)) + self("stop")

    def sentences(self, parts: Iterable[str]) -> str:
        """Return sentences as one paragraph; empty ones are left out."""
        return self("between").join(part for part in parts if part)


class _Filler(Formatter):
    def __init__(self, voice: Voice, values: Mapping[str, Any]) -> None:
        self.voice, self.values = voice, values

    def format_field(self, value: Any, format_spec: str) -> str:
        name, _, digits = format_spec.partition(".")
        if name == "say":
            return self.voice(value, **self.values)
        if name not in FORMS:
            return str(super().format_field(value, format_spec))
        more = [int(digits)] if digits else []
        return FORMS[name](value, self.voice.language, *more)


class Book:
    """The texts of a figure, with those that all figures share, in every language."""

    def __init__(self, texts: Mapping[str, Text]) -> None:
        self.texts = {**SHARED, **texts}

    @classmethod
    def beside(cls, module: str) -> Book:
        """Return the book of the `words.yml` in the folder of a module (its `__file__`)."""
        return cls(read_texts(Path(module).with_name("words.yml")))

    def voice(self, language: str) -> Voice:
        return Voice(self.texts, language)

    def each(self, make: Callable[[Voice], T]) -> dict[str, T]:
        """Return what `make` says in every language."""
        return {language: make(self.voice(language)) for language in LANGUAGES}

    def words(self, make: Callable[[Voice], Words]) -> dict[str, Words]:
        """Return a figure's words in every language, with the texts `column.…` for its data."""
        found = self.each(make)
        return {la: replace(words, columns=self._columns(la)) for la, words in found.items()}

    def _columns(self, language: str) -> dict[str, str]:
        named = {k.partition(".")[2]: t for k, t in self.texts.items() if k.startswith("column.")}
        return {name: text[language] for name, text in named.items()}

    def text(self, key: str, /, **values: Any) -> Text:
        """Return one text in every language."""
        return self.each(lambda say: say(key, **values))

    def figure(self, **values: Any) -> dict[str, Words]:
        """Return the words of a figure: the texts title, measure, note and alt, filled in."""
        return self.words(
            lambda say: Words(
                title=say("title", **values),
                measure=say("measure", **values),
                note=say("note", **values),
                alt=say("alt", **values),
            )
        )

    def claims(
        self, holds: Mapping[str, bool], evidence: Mapping[str, Evidence], **values: Any
    ) -> list[Claim]:
        """Return claims as a session takes them: outcome, evidence, and `fails.<id>` in words.

        Raises AnewError for an id that has an outcome and no evidence, or the other way round.
        """
        for id in set(holds) ^ set(evidence):
            raise AnewError(
                f"The claim {id} has {'no evidence' if id in holds else 'no test'}.",
                "A claim has a test in the notebook, evidence in claims.py and fails.<id> in "
                "words.yml.",
            )
        return [
            Claim(
                id=id,
                holds=bool(outcome),
                evidence=evidence[id],
                fails_when=self.text(f"fails.{id}", **values),
            )
            for id, outcome in holds.items()
        ]

    def statement(
        self,
        id: str,
        *,
        evidence: Evidence,
        ours: float | Sequence[float] | None = None,
        agrees: bool | None = None,
        said: Callable[[Voice], Mapping[str, Any]] = lambda say: {},
        **values: Any,
    ) -> Tested:
        """Return a statement of the study as a session takes it, with `test.<id>` in words.

        `depends.<id>` says how far the outcome hangs on a threshold or a list; `test` and
        `depends` name other texts than these. `said` gives values that differ from language to
        language.
        """
        keys = [str(values.pop(part, f"{part}.{id}")) for part in ("test", "depends")]
        spoken = self.each(lambda say: [say(key, **values, **said(say)) for key in keys])
        test, depends = ({la: both[part] for la, both in spoken.items()} for part in (0, 1))
        return Tested(
            id=id, ours=ours, agrees=agrees, evidence=evidence, test=test, depends=depends
        )
