"""Claims on a page: each bound sentence carries a mark that opens its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from anew.notebook.findings import Claim
from anew.project.language import say
from anew.site.links import localised
from anew.site.markup import Ready, add_class
from anew.site.shell import fragment
from anew.text.glossary import Told, told

#: The mark behind a sentence whose claim was tested.
MARK = "✓"
FAILED = "✗"


@dataclass(frozen=True)
class Evidence:
    """A claim in one language, with what decides it and where it is made.

    `items` are the values that decide it: what they are, and each with its own name ("" where there
    is one). `sentence` is the first one bound to the claim, `places` the anchors of all of them.
    """

    id: str
    sentence: str
    holds: bool
    address: str
    number: str | None
    items: Told
    fails_when: str
    places: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return f"evidence-{self.id}"


def mark_claims(
    tree: BeautifulSoup,
    claims: Mapping[str, Claim],
    language: str,
    page: str,
    *,
    figures: Mapping[str, str | None] | None = None,
    names: Mapping[str, str] | None = None,
) -> str:
    """Mark the bound sentences of a page and return the section that holds their evidence.

    A bound sentence is a <span class="claim"> whose `data-claim`, `data-ref` or `ref` is the id.
    `claims` are those of the edition by id, `figures` the figures' numbers by address, `names`
    words for the codes in evidence. A sentence whose claim fails is coloured and says so in words.
    Without bound sentences the section is "".
    """
    places: dict[str, list[str]] = {}
    sentences: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    for span in tree.find_all("span", class_="claim"):
        id = str(span.get("data-claim") or span.get("data-ref") or span.get("ref") or "")
        if id not in claims:
            continue
        for plain in span.find_all(class_=["claim-mark", "claim-note"]):
            plain.decompose()  # the typesetter's own mark, for a page outside the site
        if id not in sentences:
            sentences[id] = _sentence(span)
            sections.setdefault(_section(span), []).append(id)
        anchors = places.setdefault(id, [])
        anchor = f"claim-{id}" + (f"-{len(anchors) + 1}" if anchors else "")
        anchors.append(anchor)
        for name in ("ref", "data-ref"):
            del span[name]
        span["data-claim"] = id
        span["id"] = anchor
        _mark(tree, span, id, claims[id].holds, language)
    if not places:
        return ""
    found = {
        section: [
            evidence_of(
                claims[id], language, figures or {}, names or {}, sentences[id], tuple(places[id])
            )
            for id in ids
        ]
        for section, ids in sections.items()
    }
    return fragment(
        "evidence.html.j2",
        language,
        page,
        mark=MARK,
        found=found,
        notebook=lambda address: localised(f"notebooks/{address}.html", language),
    )


def evidence_of(
    claim: Claim,
    language: str,
    figures: Mapping[str, str | None],
    names: Mapping[str, str],
    sentence: str,
    places: tuple[str, ...] = (),
) -> Evidence:
    """Return a claim as one language shows it."""
    return Evidence(
        id=claim.id,
        sentence=sentence,
        holds=claim.holds,
        address=claim.figure,
        number=figures.get(claim.figure),
        items=told(claim.evidence, language, names),
        fails_when=claim.fails_when[language],
        places=places,
    )


def _section(span: Tag) -> str:
    """Return the heading of the section in which a sentence stands."""
    heading = span.find_previous("h2")
    return " ".join(heading.get_text().split()) if isinstance(heading, Tag) else ""


def _sentence(span: Tag) -> str:
    """Return the words of a bound sentence, without its citations."""
    parts = [
        str(text)
        for text in span.find_all(string=True)
        if not text.find_parent(class_=["citation", "claim-mark"])
    ]
    return " ".join("".join(parts).split())


def _mark(tree: BeautifulSoup, span: Tag, id: str, holds: bool, language: str) -> None:
    """Put the mark behind the sentence, so that it does not part from its last word."""
    add_class(span, "holds" if holds else "fails")
    link = tree.new_tag("a", href=f"#evidence-{id}")
    add_class(link, "claim-mark")
    link["aria-label"] = say(language, "evidence-mark", id=id)
    link["data-pagefind-ignore"] = ""
    link.string = MARK if holds else FAILED
    if holds:
        span.append("\u2060")
    else:
        warning = say(language, "claim-fails-mark")
        around = say(language, "brackets", text="|").split("|")
        html = f'<strong class="claim-warning">{around[0]}{warning}{around[1]}</strong>'
        span.append(Ready(html))
    span.append(link)
