"""The text as blocks: what each prints, claims, cites and refers to, and where it stands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from anew.typeset.embedded.source import Line, Place, Source

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*(?:\{([^{}]*)\})?\s*$")
_IDENTIFIER = re.compile(r"#([\w-]+)")
_VARIABLE = re.compile(r"\{\{<\s*var\s+([\w.-]+)\s*>\}\}")
_INCLUDE = re.compile(r"\{\{<\s*include\s+(\S+)\s*>\}\}")
_CLAIM = re.compile(r"\{[^{}]*\.claim\b[^{}]*\bref=\"([^\"]+)\"[^{}]*\}")
_WHEN = re.compile(r"\{[^{}]*\.(when|unless)\b[^{}]*\bclaim=\"([^\"]+)\"[^{}]*\}")
_SPAN = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\](\{[^{}]*\})")
_CITATION = re.compile(r"(?<![\w@])-?@((?!fig-|sec-|tbl-|eq-)[A-Za-z](?:[\w:.+-]*\w)?)")
_REFERENCE = re.compile(r"(?<![\w@])@((?:fig|sec|tbl)-[\w-]*\w)")
_FIGURE = re.compile(r"^!\[.*\]\(([^)]*)\)\{([^{}]*#fig-[\w-]+[^{}]*)\}\s*$", re.S)
_TABLE_ID = re.compile(r"\{#(tbl-[\w-]+)[^{}]*\}")
_DIV = re.compile(r"^:{3,}")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, figure, list or table of the text; `section` is the id it stands under.

    `facts`, `claims`, `citations` and `references` are ids in the order of the text; `conditions`
    are the claims that decide whether the block is shown, as ("when", id).
    """

    kind: str
    text: str
    place: Place
    section: str
    level: int = 0
    id: str = ""
    facts: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    citations: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()

    @property
    def digest(self) -> str:
        """A short hash of the text, spaces and line breaks aside."""
        return hashlib.sha256(" ".join(self.text.split()).encode()).hexdigest()[:12]

    def printed_outside(self, id: str, claims: Collection[str]) -> bool:
        """Whether the block prints a fact anywhere but in sentences bound to one of `claims`."""
        inside = 0
        for span in _SPAN.finditer(self.text):
            if set(_CLAIM.findall(span[2])) & set(claims):
                inside += _names(span[1]).count(id)
        return _names(self.text).count(id) > inside

    def where(self, pattern: str) -> Place:
        """Return the line of the block that `pattern` first stands on."""
        for number, line in enumerate(self.text.split("\n")):
            if pattern in line:
                return Place(self.place.file, self.place.line + number)
        return self.place


def _names(text: str) -> list[str]:
    """Return the facts that a text prints, without their language."""
    return [name.rpartition(".")[2] for name in _VARIABLE.findall(text)]


@dataclass
class _Reader:
    section: str = ""
    conditions: list[tuple[str, str]] = field(default_factory=list)
    divs: list[bool] = field(default_factory=list)


def read_blocks(source: Source, language: str) -> list[Block]:
    """Return the blocks of a document in their order; facts are those printed in `language`.

    What the build wrote (`report/_built/`) is not the author's text and is left out. A variable of
    another language, `{{< var en.x >}}` in a Chinese text, is kept with its
    language (`en.x`), so that it is found not to exist.
    """
    reader = _Reader()
    blocks: list[Block] = []
    for group in _groups([line for line in source.lines if "/_built/" not in line.place.file]):
        text = "\n".join(line.text for line in group)
        if _DIV.match(text):
            _div(reader, text)
            continue
        block = _block(reader, text, group[0].place, language)
        if block.kind == "heading":
            reader.section = block.id
        blocks.append(block)
    return blocks


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Group lines into blocks: blank lines and div fences part them, code is left out."""
    group: list[Line] = []
    for line in lines:
        fence = _DIV.match(line.text)
        apart = not line.text.strip() or line.code or fence
        strange = group and line.place.file != group[-1].place.file
        if (apart or strange or line.text.startswith("#")) and group:
            yield group
            group = []
        if fence and not line.code:
            yield [line]
        elif not apart:
            group.append(line)
            if line.text.startswith("#"):
                yield group
                group = []
    if group:
        yield group


def _div(reader: _Reader, text: str) -> None:
    if text.strip(": ") == "":
        if reader.divs and reader.divs.pop():
            reader.conditions.pop()
        return
    match = _WHEN.search(text)
    reader.divs.append(bool(match))
    if match:
        reader.conditions.append((match[1], match[2]))


def _block(reader: _Reader, text: str, place: Place, language: str) -> Block:
    kind, level, id = "paragraph", 0, ""
    if heading := _HEADING.match(text):
        kind, level = "heading", len(heading[1])
        named = _IDENTIFIER.search(heading[3] or "")
        id = named[1] if named else ""
    elif figure := _FIGURE.match(text):
        kind = "figure"
        named = _IDENTIFIER.search(figure[2])
        id = named[1] if named else ""
    elif include := _INCLUDE.match(text.strip()):
        kind, id = "include", include[1].rsplit("/", 1)[-1]
    elif table := _TABLE_ID.search(text):
        kind, id = "table", table[1]
    elif text.lstrip().startswith("|"):
        kind = "table"
    elif re.match(r"^\s*([-*]|\d+\.)\s", text):
        kind = "list"
    section = id if kind == "heading" else reader.section
    passage = read_passage(kind, text, place, section, language)
    return replace(passage, level=level, id=id, conditions=tuple(reader.conditions))


def read_passage(kind: str, text: str, place: Place, section: str, language: str) -> Block:
    """Return a piece of text as a block, with what it prints, claims, cites and refers to."""
    prefix = f"{language}."
    return Block(
        kind,
        text,
        place,
        section,
        facts=tuple(name.removeprefix(prefix) for name in _VARIABLE.findall(text)),
        claims=tuple(_CLAIM.findall(text)),
        citations=tuple(_CITATION.findall(_without_addresses(text))),
        references=tuple(_REFERENCE.findall(text)),
    )


def _without_addresses(text: str) -> str:
    return re.sub(r"\S+://\S+|[\w.+-]+@[\w-]+\.\w+", "", text)


def gaps_in(
    blocks: Iterable[Block], absent: Collection[str], holds: Mapping[str, bool]
) -> Iterator[tuple[Place, str]]:
    """Yield where a text prints a fact that is `absent`, other than where a failing claim says so.

    `holds` are the claims' outcomes; what is prepared for another outcome is not shown.
    """
    failing = {id for id, outcome in holds.items() if not outcome}
    for block in blocks:
        if all(holds.get(claim, False) == (how == "when") for how, claim in block.conditions):
            for id in dict.fromkeys(block.facts):
                if id in absent and block.printed_outside(id, failing):
                    yield block.where(f".{id} "), id


def gap(id: str) -> str:
    """Return what is wrong with printing a fact that the data do not have, and what to do."""
    return (
        f"these data have no fact {id}. Bind the sentence to a claim that fails without it, or "
        "prepare it with .when and .unless."
    )


#: What may hold digits without being a number of the report's own.
_EXEMPT = (
    re.compile(r"\{\{<.*?>\}\}", re.S),  # shortcodes: facts
    re.compile(r"\]\([^)]*\)"),  # link and picture targets
    re.compile(r"\{[#.][^{}]*\}"),  # ids, classes and attributes
    re.compile(r"(?<![\w@])-?@[\w:.+-]+"),  # citations and cross-references
    re.compile(r"`[^`]*`"),  # code
    re.compile(r"<?https?://\S+"),
    re.compile(r"\b(?:18|19|20)\d\d\b|(?<!\d)(?:19|20)\d\d(?=\s?年|[—–-])"),  # years
    re.compile(r"(?<=[—–-])(?:\d\d)?\d\d(?=\D|$)(?=\s?年)"),  # the end of a span of years
    re.compile(r"\b(?:18|19|20)\d0s\b"),  # decades
    re.compile(r"[A-Za-z][\w.-]*\d[\w.-]*|\b\d[A-Z]{1,2}\b(?!\s*%)"),  # names: H100, 5G, 3D
)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_SENTENCE = re.compile(r"[^。！？!?；;]*?(?:[。！？!?；;]|\.(?=\s|$)|$)", re.S)


def typed_numbers(block: Block, allowed: Iterable[str] = ()) -> list[str]:
    """Return the numbers typed in a block that are neither facts, years, names nor cited.

    A sentence, or a row of a table, with a citation may print the source's numbers. `allowed` are
    exceptions by their exact text.
    """
    if block.kind == "include":
        return []
    found: list[str] = []
    kept = set(allowed)
    split = str.splitlines if block.kind == "table" else _SENTENCE.findall
    for sentence in split(block.text):
        if _CITATION.search(_without_addresses(sentence)):
            continue
        for pattern in _EXEMPT:
            sentence = pattern.sub(" ", sentence)
        if block.kind == "list":
            sentence = re.sub(r"^\s*\d+\.", "", sentence, flags=re.M)
        found += [number for number in _NUMBER.findall(sentence) if number not in kept]
    return found


_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


def han_runs(block: Block) -> list[str]:
    """Return the runs of Han characters in a block's text, those in marked parts aside.

    `[…]{lang=zh}` marks a part of another language.
    """
    text = re.sub(r"\[[^\]]*\]\{[^{}]*\blang=\"?zh[^{}]*\}", " ", block.text)
    return _HAN.findall(text)
