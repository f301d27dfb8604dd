"""The front matter of a text as blocks: title, subtitle, abstract and keywords.

A journal prints the title, the abstract and the keywords of an article in both languages, so each
document holds those of the others too (`abstract-en` beside `abstract`). They are copies, and a
copy that no longer is one is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from anew.project.phrases import Phrase
from anew.text.alignment import Node
from anew.text.blocks import Block
from anew.text.document import FORMATS, Text
from anew.text.metadata import Layer, listed
from anew.text.parity import Difference
from anew.text.pieces import Gatherer
from anew.text.source import Source

#: The section that these blocks stand in: `anew translated report/en/index.qmd:front-matter`.
SECTION = "front-matter"

#: What is written for readers, in the order in which it is printed.
WRITTEN = ("title", "subtitle", "abstract", "keywords")

#: What a document also holds in the other languages, under `<key>-<language>`.
COPIED = ("title", "abstract", "keywords")


def read_front(text: Text, language: str) -> list[Block]:
    """Return the title, the subtitle, each paragraph of the abstract and each keyword as blocks.

    Only what the document's own front matter holds; facts are those printed in `language`.
    """
    own = text.source.own
    if own is None:
        return []
    return [
        block
        for key in WRITTEN
        if own.values.get(key) is not None
        for block in _blocks(text, own, key, language)
    ]


def _blocks(text: Text, own: Layer, key: str, language: str) -> Iterator[Block]:
    """Give each part of what stands under a key as a block."""
    written = own.values[key]
    places = isinstance(written, list)
    written = listed(written) if key == "keywords" else written
    parts = list(_parts(text.meta[FORMATS[0]].get(key)))
    texts = [str(item) for item in written] if isinstance(written, list) else _paragraphs(written)
    for number, (content, at) in enumerate(parts):
        gatherer = Gatherer(text, language)
        gatherer.gather(content)
        said = "".join(piece.text for piece in gatherer.pieces)
        shown = texts[number] if len(texts) == len(parts) else said
        place = own.place(key, str(number)) if places else own.place(key)
        place = place if at is None else text.places[at]
        yield Block(
            key.removesuffix("s") if isinstance(written, list) else key, shown, place, SECTION,
            pieces=tuple(gatherer.pieces), bound=tuple(gatherer.bound),
        )  # fmt: skip


def _parts(value: Node | None) -> Iterator[tuple[list[Node], int | None]]:
    """Give the content of each part of a metadata value, and where it stands."""
    if value is None:
        return
    if value["t"] == "MetaList":
        for item in value["c"]:
            yield from _parts(item)
    elif value["t"] == "MetaBlocks":
        for block in value["c"]:
            yield [block], block.get("at")
    elif value["t"] == "MetaInlines":
        yield value["c"], value.get("at")


def _paragraphs(value: object) -> list[str]:
    return [part.strip("\n") for part in str(value).rstrip("\n").split("\n\n")]


def differing_copies(sources: Mapping[str, Source]) -> list[Difference]:
    """Return where the translated fields of a front matter differ from the other document.

    `sources` are the versions of one document by language. A copy that is left out is no
    difference, for not every document prints them.
    """
    found = []
    for pair in combinations(sources, 2):
        for holder, language in (pair, pair[::-1]):
            for key in COPIED:
                copy, original = sources[holder].own, sources[language].own
                name = f"{key}-{language}"
                if copy is None or original is None or name not in copy.values:
                    continue
                here, there = _words(copy, name), _words(original, key)
                if here != there:
                    message = Phrase(
                        "{name} differs from the {key} of the {language} text: “{here}” instead "
                        "of “{there}”. Copy it again.",
                        name=name,
                        key=key,
                        language=language,
                        **_parting(here, there),
                    )
                    found.append(Difference(copy.place(name), original.place(key), message))
    return found


def _words(layer: Layer, key: str) -> list[str]:
    value = layer.values.get(key)
    return listed(value) if key.startswith("keywords") else str(value or "").split()


def _parting(here: list[str], there: list[str]) -> dict[str, str]:
    """Return a few words of each of two texts where they begin to differ."""
    at = next(
        (i for i, (one, two) in enumerate(zip(here, there, strict=False)) if one != two),
        min(len(here), len(there)),
    )
    return {
        name: " ".join(words[at : at + 5])[:60] or Phrase("nothing more")
        for name, words in (("here", here), ("there", there))
    }
