"""The data page: every table with its agency, terms and vintages to download."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from anew.project.language import LANGUAGES, TAGS, say
from anew.site.links import localised
from anew.site.metadata import dataset
from anew.site.package import vintage_path
from anew.site.page import Entry, Page, Site
from anew.site.shell import fragment, render_page
from anew.site.workbook import workbook_path
from anew.tables.catalog import Catalog, Column, Table


def data_page(
    site: Site,
    catalog: Catalog,
    language: str,
    *,
    sizes: Mapping[tuple[str, str], int],
    used: Mapping[tuple[str, str], Sequence[str]],
    numbers: Mapping[str, str],
) -> str:
    """Return the page about the data.

    `sizes` are the bytes of each file and `used` the addresses that read it in this edition, both
    by (table, vintage); `numbers` are those of the figures by address.
    """
    path = localised("data/index.html", language)
    tables = list(catalog.tables.values())
    body = fragment(
        "data.html.j2",
        language,
        path,
        tables=tables,
        aggregates=catalog.economies.aggregates,
        sizes=sizes,
        used=used,
        vintage_path=vintage_path,
        workbook_path=workbook_path,
        unit=lambda column: _unit(column, language),
        kilobytes=_kilobytes,
        label=lambda address: _figure(address, numbers, language),
        package="data/datapackage.json",
        example=_citation(tables[0]) if tables else "",
    )
    page = Page(
        path=path,
        language=language,
        title=say(language, "data-title"),
        description=say(language, "data-lead"),
        body=body,
        section="data",
        alternates={other: localised("data/index.html", other) for other in LANGUAGES},
        toc=[
            Entry("overview", say(language, "data-overview")),
            *(Entry(table.name, table.title[language]) for table in tables),
            Entry("cite", say(language, "data-cite")),
        ],
        structured=[_structured(site, table, language, path) for table in tables],
        kind="data",
    )
    return render_page(site, page)


def column_words(catalog: Catalog, language: str) -> dict[str, str]:
    """Return words for what data files hold: tables, columns with one meaning, codes, countries."""
    meanings: dict[str, set[str]] = {}
    words: dict[str, str] = dict(_countries(catalog, language))
    for table in catalog.tables.values():
        for column in table.columns:
            meanings.setdefault(column.name, set()).add(column.title[language])
        words |= {code: text[language] for code, text in table.own_codes.items()}
    words |= {code: g.title[language] for code, g in catalog.economies.aggregates.items()}
    for own in catalog.lists.values():
        words |= {code: text[language] for code, text in own.members.items()}
    words |= {name: table.title[language] for name, table in catalog.tables.items()}
    words |= {name: min(found) for name, found in meanings.items() if len(found) == 1}
    return dict(sorted(words.items()))


def _countries(catalog: Catalog, language: str) -> Iterator[tuple[str, str]]:
    """Yield the codes that the project keeps with their names in the Unicode locale data."""
    import pycountry
    from babel import Locale

    territories = Locale.parse(TAGS[language].replace("-", "_")).territories
    for code in catalog.economies.kept:
        country = pycountry.countries.get(alpha_3=code)
        if country and country.alpha_2 in territories:
            yield code, territories[country.alpha_2]


def _unit(column: Column, language: str) -> str:
    return column.unit[language] if column.unit else "–"


def _kilobytes(size: int | None) -> str:
    return "–" if size is None else f"{max(size / 1000, 0.1):,.1f} kB"


def _figure(address: str, numbers: Mapping[str, str], language: str) -> str:
    return say(language, "figure", number=numbers[address]) if address in numbers else address


def _citation(table: Table) -> str:
    newest = table.newest()
    return f"{table.citation} {newest}." if newest else table.citation


def _structured(site: Site, table: Table, language: str, path: str) -> dict[str, object]:
    newest = table.newest() or ""
    return dataset(
        site,
        language,
        name=table.name,
        title=table.title[language],
        description=table.note[language],
        agency=table.agency[language],
        url=table.url,
        licence=table.licence_url or table.licence[language],
        version=newest,
        published=table.vintages[newest].published if newest else "",
        path=vintage_path(table.name, newest),
        columns=[
            {
                "name": column.name,
                "meaning": column.title[language],
                "unit": column.unit[language] if column.unit else "",
            }
            for column in table.columns
        ],
        page=path,
    )
