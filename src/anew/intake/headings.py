"""Headings: matched by their words, whatever case, order, spelling of blanks and unit beside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_BESIDE = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SILENT = {"of", "the", "in"}


def find(header: Sequence[str], *names: str) -> int | None:
    """Return the first column with one of the headings `names`, in the order of `names`.

    A heading as it is written counts first, then one of the same words without what stands in
    brackets: `date_joined` is `Date Joined`, `申请量（件）` is `申请量`. A heading in two languages
    counts where both of its parts are among the names: `国家 Country`.
    """
    written = [_plain(cell) for cell in header]
    for name in names:
        if (wanted := _plain(name)) in written:
            return written.index(wanted)
    known = [words(cell) for cell in header]
    for name in names:
        if (said := words(name)) and said in known:
            return known.index(said)
    named = {words(name) for name in names}
    both = (
        n for n, cell in enumerate(header) if len(parts := _parts(cell)) == 2 and parts <= named
    )
    return next(both, None)


@lru_cache(4096)
def words(heading: str) -> tuple[str, ...]:
    """Return the words of a heading, sorted, without what stands in brackets."""
    plain = unicodedata.normalize("NFKC", heading)
    bare = _BESIDE.sub(" ", plain)
    split = _CAMEL.sub(" ", bare if bare.strip() else plain).casefold()
    return tuple(sorted(word for word in _WORD.findall(split) if word not in _SILENT))


@lru_cache(4096)
def _parts(heading: str) -> set[tuple[str, ...]]:
    """Return the words of a heading's Chinese part and of the rest, those that there are."""
    plain = unicodedata.normalize("NFKC", heading)
    parts = words(" ".join(_HAN.findall(plain))), words(_HAN.sub(" ", plain))
    return {part for part in parts if part}


@lru_cache(4096)
def _plain(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())
