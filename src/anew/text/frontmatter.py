"""What stands above a text, as blocks: its title, subtitle, abstract and keywords.

A journal prints the title, the abstract and the keywords of an article in both languages, so each
document holds those of the others too (`abstract-en` beside `abstract`). They are copies, and a
copy that no longer is one is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from anew.text.parity import Difference
from anew.text.prose import Block, read_passage
from anew.typeset.embedded.source import Layer, Place, Source

#: The section that these blocks stand in: `anew translated report/en/index.qmd:front-matter`.
SECTION = "front-matter"

#: What is written for readers, in the order in which it is printed.
WRITTEN = ("title", "subtitle", "abstract", "keywords")

#: What a document also holds in the other languages, under `<key>-<language>`.
COPIED = ("title", "abstract", "keywords")


def read_front(source: Source, language: str) -> list[Block]:
    """Return the title, the subtitle, each paragraph of the abstract and each keyword as blocks.

    Only what the document's own front matter holds; facts are those printed in `language`.
    """
    own = _own(source)
    if own is None:
        return []
    return [
        read_passage(kind, text, place, SECTION, language)
        for key in WRITTEN
        for kind, text, place in _passages(source, own, key)
    ]


def differing_copies(sources: Mapping[str, Source]) -> list[Difference]:
    """Return where a document's front matter is not what another language's document says.

    `sources` are the versions of one document by language. A copy that is left out is no
    difference, for not every document prints them.
    """
    found = []
    for pair in combinations(sources, 2):
        for holder, language in (pair, pair[::-1]):
            for key in COPIED:
                copy, original = _own(sources[holder]), _own(sources[language])
                name = f"{key}-{language}"
                if copy is None or original is None or name not in copy.values:
                    continue
                here, there = _words(copy, name), _words(original, key)
                if here != there:
                    message = f"{name} is not the {key} of the {language} text: "
                    message += _parting(here, there)
                    found.append(Difference(copy.place(name), original.place(key), message))
    return found


def _own(source: Source) -> Layer | None:
    last = source.layers[-1] if source.layers else None
    return last if last is not None and last.file == source.document else None


def _passages(source: Source, layer: Layer, key: str) -> Iterator[tuple[str, str, Place]]:
    """Give (kind, text, place) of each part of what stands under a key."""
    value = layer.values.get(key)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield key.removesuffix("s"), str(item), layer.place(key, str(number))
    elif value is not None:
        place = layer.place(key)
        line = next((line.text for line in source.front if line.place == place), "")
        number = place.line + (1 if line.rstrip().endswith(("|", "|-", ">", ">-")) else 0)
        for part in str(value).rstrip("\n").split("\n\n"):
            yield key, part.strip("\n"), Place(place.file, number)
            number += part.count("\n") + 2


def _words(layer: Layer, key: str) -> list[str]:
    value = layer.values.get(key)
    if isinstance(value, list):
        return [str(item) for item in value]
    return str(value or "").split()


def _parting(here: list[str], there: list[str]) -> str:
    """Say where two texts begin to differ, with a few words of each."""
    at = next(
        (i for i, (one, two) in enumerate(zip(here, there, strict=False)) if one != two),
        min(len(here), len(there)),
    )
    shown = [" ".join(words[at : at + 5])[:60] or "nothing more" for words in (here, there)]
    return f"“{shown[0]}” where that has “{shown[1]}”. Copy it anew."
