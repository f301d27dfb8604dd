"""The glossary: words for codes of economies and tables and for labels of evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from anew.project.configuration import read_yaml
from anew.project.errors import AnewError
from anew.project.language import say
from anew.text.numbers import brief

_CODE = re.compile(r"\b[A-Za-z]\w+\b")
#: A word of a Western language, other than a name or a part of one.
_WESTERN = re.compile(r"(?<!\w)[a-z]{2,}(?!\w)")

#: Evidence for reading: each label with its values, each of these with its own name, or "".
Told = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class Glossary(dict[str, str]):
    """Words for codes and names, and phrases for labels that are made of several words.

    The phrases are pairs: a pattern in which `{}` stands for anything, and what it is called, with
    as many `{}`.
    """

    def __init__(self, names: Mapping[str, str], phrases: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(names)
        self._phrases = [(_pattern(said), meant) for said, meant in phrases]

    def label(self, text: object) -> str:
        """Return a label in words: its parts by their phrases, the codes in them by their names.

        A phrase is of the label's own words, whatever a table may call one of them.
        """
        if not self._phrases:
            return worded(text, self)
        parts = [self._phrase(part) for part in str(text).split(", ")]
        said = parts[0]
        for part in parts[1:]:
            said += part if part.startswith("（") else f"，{part}"
        return said

    def _phrase(self, part: str) -> str:
        for pattern, meant in self._phrases:
            if found := pattern.fullmatch(part):
                return meant.format(*(worded(piece, self) for piece in found.groups()))
        return worded(part, self)


def worded(label: object, names: Mapping[str, str]) -> str:
    """Return a label with its codes and names of tables put into words."""
    return _CODE.sub(lambda found: names.get(found[0], found[0]), str(label))


def labelled(label: object, names: Mapping[str, str]) -> str:
    """Return a label of evidence in words: its codes and, with a glossary, its phrases too."""
    return names.label(label) if isinstance(names, Glossary) else worded(label, names)


def told(evidence: Mapping[str, object], language: str, names: Mapping[str, str]) -> Told:
    """Return evidence for reading, labels and codes in words, numbers as a page shows them."""

    def read(value: object) -> str:
        return labelled(value, names) if isinstance(value, str) else brief(value, language)

    found = []
    for label, value in evidence.items():
        pairs = value.items() if isinstance(value, Mapping) else [("", value)]
        named = tuple((labelled(k, names) if k != "" else "", read(v)) for k, v in pairs)
        found.append((labelled(label, names), named))
    return tuple(found)


def as_line(evidence: Mapping[str, object], language: str, names: Mapping[str, str]) -> str:
    """Return evidence as one line: `China 2018 = 84; count: USA 724, EU 117`."""
    colon, comma, semicolon = (say(language, key) for key in ("colon", "comma", "semicolon"))
    equals = "：" if language == "zh" else " = "
    parts = []
    for label, values in told(evidence, language, names):
        if len(values) == 1 and not values[0][0]:
            parts.append(f"{label}{equals}{values[0][1]}")
        else:
            parts.append(label + colon + comma.join(f"{name} {value}" for name, value in values))
    return semicolon.join(parts)


def western(evidence: Mapping[str, object], names: Glossary) -> list[str]:
    """Return the labels of evidence that a reader of Chinese would find in another language."""
    return [
        label for label in dict.fromkeys(_labels(evidence)) if _WESTERN.search(names.label(label))
    ]


def _labels(evidence: object) -> Iterator[str]:
    """Yield every label of some evidence, and every value that is itself a word."""
    if isinstance(evidence, Mapping):
        for label, value in evidence.items():
            yield str(label)
            yield from _labels(value)
    elif isinstance(evidence, str):
        yield evidence


def read_phrases(path: Path) -> list[tuple[str, str]]:
    """Return the phrases of a file in their order; none when it is not there.

    Raises AnewError for a file that is no map of texts, and for a phrase whose places differ.
    """
    if not path.is_file():
        return []
    data: object = read_yaml(path, f"{path.parent.name}/{path.name}")[0] or {}
    if not isinstance(data, dict) or not all(isinstance(v, str) for v in data.values()):
        raise AnewError(
            "{file} is not a mapping of phrases.",
            "Write: words of a label: its phrase",
            code="wrong-glossary",
            file=path.name,
        )
    for said, meant in data.items():
        if str(said).count("{}") != meant.count("{}"):
            raise AnewError(
                "{file}: {said!r} and {meant!r} differ in the number of {{}}.",
                "Correct one of them.",
                code="wrong-glossary",
                file=path.name,
                said=said,
                meant=meant,
            )
    return [(str(said), meant) for said, meant in data.items()]


def _pattern(said: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(piece) for piece in said.split("{}")))
