"""Structured data of a page: JSON-LD for the article and the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from anew.project.language import LANGUAGES, TAGS
from anew.site.page import Site, place

_CONTEXT = "https://schema.org"


def article(
    site: Site, language: str, *, title: str, abstract: str = "", keywords: Sequence[str] = ()
) -> dict[str, object]:
    """Return the report as a ScholarlyArticle."""
    path = place("report", language)
    data: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "ScholarlyArticle",
        "headline": title,
        "inLanguage": TAGS[language],
        "datePublished": site.date,
        "version": site.edition,
        "isAccessibleForFree": True,
    }
    if site.licences:
        data["license"] = site.licences.text.url
    if site.authors:
        data["author"] = [_person(author, language) for author in site.authors]
    if abstract:
        data["abstract"] = abstract
    if keywords:
        data["keywords"] = list(keywords)
    if site.address(path):
        data["url"] = site.address(path)
        if "pdf" in site.formats:
            data["encoding"] = {
                "@type": "MediaObject",
                "encodingFormat": "application/pdf",
                "contentUrl": site.address(place("pdf", language)),
            }
        data["workTranslation"] = [
            {"@id": site.address(place("report", other))}
            for other in LANGUAGES
            if other != language
        ]
    return data


def dataset(
    site: Site,
    language: str,
    *,
    name: str,
    title: str,
    description: str,
    agency: str,
    url: str,
    licence: str,
    version: str,
    published: str,
    path: str,
    columns: Sequence[Mapping[str, str]],
    page: str,
) -> dict[str, object]:
    """Return a table in its newest vintage as a Dataset; `columns` have name, meaning and unit."""
    download: dict[str, object] = {"@type": "DataDownload", "encodingFormat": "text/csv"}
    download["contentUrl"] = site.address(path) or path.rpartition("data/")[2]
    data: dict[str, object] = {
        "@context": _CONTEXT,
        "@type": "Dataset",
        "name": title,
        "identifier": name,
        "description": description,
        "inLanguage": TAGS[language],
        "creator": {"@type": "Organization", "name": agency},
        **({"isBasedOn": url} if url else {}),
        "license": licence,
        "version": version,
        "datePublished": published,
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": column["name"],
                "description": column["meaning"],
                **({"unitText": column["unit"]} if column["unit"] else {}),
            }
            for column in columns
        ],
        "distribution": [download],
    }
    if site.address(page):
        data["url"] = f"{site.address(page)}#{name}"
    return data


def _person(author: Mapping[str, str], language: str) -> dict[str, str]:
    return {"@type": author.get("type", "Person"), "name": author[language]}
