"""The page "Reproduction": what the published study states, and what the data show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from anew.figures.words import figure_id
from anew.notebook.verdicts import Judged
from anew.project.language import LANGUAGES, say
from anew.site.links import localised
from anew.site.page import Entry, Page, Site, place
from anew.site.shell import fragment, render_page
from anew.text.facts import Unit
from anew.text.glossary import Told, told
from anew.text.statements import Printed

#: The verdicts in the order of the scoreboard, each with its mark.
VERDICTS = {"reproduced": "✓", "differs": "≠", "indicative": "~", "not-testable": "?"}

#: How the study's relation to its number is written before it.
_RELATIONS = {"is": "", "above": "> ", "below": "< "}


@dataclass(frozen=True)
class Shown:
    """A statement in one language: what is printed, what was found, what it depends on."""

    id: str
    verdict: str
    agrees: bool | None
    says: str
    printed: str
    ours: str
    place: str
    address: str | None
    label: str
    anchor: str
    number: str | None
    test: str
    depends: str
    missing: tuple[str, ...]
    evidence: Told


def reproduction_path(language: str) -> str:
    """Return where the page is."""
    return localised("reproduction/index.html", language)


def reproduction_page(
    site: Site,
    statements: Mapping[str, Judged],
    language: str,
    *,
    units: Mapping[str, Unit],
    names: Mapping[str, str],
    wanted: Mapping[str, Mapping[str, str]],
    figures: Mapping[str, str] = MappingProxyType({}),
    certificate: str | None = None,
) -> str:
    """Return the page on the study's statements, as `anew.notebook.verdicts.settle` returns them.

    `names` are words for codes and tables, `wanted` describes tables that are not public.
    `figures` are the numbers of those that the report draws, by address; each is named as the
    study's is.
    `certificate` is the path of the page on this site's own reproduction, where there is one.
    """
    path = reproduction_path(language)
    tested = [_shown(one, language, units, names, wanted, figures) for one in statements.values()]
    counts = {verdict: sum(one.verdict == verdict for one in tested) for verdict in VERDICTS}
    body = fragment(
        "reproduction.html.j2",
        language,
        path,
        groups=[(v, [one for one in tested if one.verdict == v]) for v in VERDICTS if counts[v]],
        counts=counts,
        total=len(tested),
        marks=VERDICTS,
        notebook=lambda address: localised(f"notebooks/{address}.html", language),
        report=place("report", language),
        edition=site.edition,
        certificate=certificate,
    )
    page = Page(
        path=path,
        language=language,
        title=say(language, "reproduction-title"),
        description=say(language, "reproduction-lead", total=len(tested)),
        body=body,
        section="reproduction",
        alternates={other: reproduction_path(other) for other in LANGUAGES},
        toc=[
            Entry(f"verdict-{v}", f"{say(language, f'verdict-{v}')} ({count})")
            for v, count in counts.items()
            if count
        ],
        kind="reproduction",
    )
    return render_page(site, page)


def _shown(
    one: Judged,
    language: str,
    units: Mapping[str, Unit],
    names: Mapping[str, str],
    wanted: Mapping[str, Mapping[str, str]],
    figures: Mapping[str, str],
) -> Shown:
    figure = one.published_figure
    drawn = next((each for each in (one.figure, figure) if each and each in figures), "")
    where = say(language, "section", number=one.section)
    if figure:
        number = say(language, "figure", number=figure.removeprefix("fig"))
        where += say(language, "comma") + number
    return Shown(
        id=one.id,
        verdict=str(one.verdict),
        agrees=one.agrees,
        says=one.says[language],
        printed=_printed(one.published, language, units),
        ours=_ours(one.ours, one.published, language, units),
        place=where,
        address=one.figure,
        label=_label(figures.get(one.figure or ""), language),
        anchor=figure_id(drawn) if drawn else "",
        number=figures.get(drawn),
        test=one.test[language] if one.test else "",
        depends=one.depends[language] if one.depends else "",
        missing=tuple(wanted[t][language] if t in wanted else t for t in one.missing),
        evidence=told(one.evidence or {}, language, names),
    )


def _label(number: str | None, language: str) -> str:
    if number is None:
        return say(language, "notebook-plain")
    return say(language, "notebook-of", number=number)


def _printed(published: Sequence[Printed], language: str, units: Mapping[str, Unit]) -> str:
    texts = [
        _RELATIONS[one.relation] + _as_printed(one.value * one.scale, one, language, units)
        for one in published
    ]
    return say(language, "join").join(texts)


def _ours(
    ours: Sequence[float],
    published: Sequence[Printed],
    language: str,
    units: Mapping[str, Unit],
) -> str:
    if len(ours) != len(published):
        return ""
    pairs = zip(ours, published, strict=True)
    texts = [_as_printed(value, one, language, units, more=1) for value, one in pairs]
    return say(language, "join").join(texts)


def _as_printed(
    value: float,
    one: Printed,
    language: str,
    units: Mapping[str, Unit],
    *,
    more: int = 0,
) -> str:
    """Return a value in its unit; ours has a digit more than is printed, to show rounding."""
    unit = units[one.unit]
    whole = float(value).is_integer() and unit.forms[language].scale == 1
    decimals = max(one.decimals, 0) + (0 if whole else more)
    return unit.with_decimals(decimals).print(value, language)
