"""The research object: ro-crate-metadata.json, a Process Run Crate of one edition.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) with the profile Process Run Crate 0.5
(https://w3id.org/ro/wfrun/process/0.5). Each notebook is the instrument of one action, whose
objects are the tables that it read and the parameters that it had, and whose results are its
figure and data; one more action is the typesetting. An action has no end time and no agent: a build
asks no clock and no name.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from typing import Any
from urllib.parse import quote

from anew.build.manifest import sha256
from anew.project.language import TAGS
from anew.project.writing import dump
from anew.tables.catalog import Catalog
from anew.verify.contents import SITE, Contents
from anew.verify.people import Author, Citation, Work

Entity = dict[str, Any]

METADATA = "ro-crate-metadata.json"
_SPECIFICATION = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [
    "https://w3id.org/ro/crate/1.1/context",
    # the one term of the profile's own that is used, so that one context need be fetched only
    {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
]

#: What the standard library does not know, or knows differently from system to system.
_FORMATS = {
    ".bib": "application/x-bibtex", ".cff": "application/yaml", ".css": "text/css",
    ".csl": "application/vnd.citationstyles.style+xml", ".csv": "text/csv",
    ".html": "text/html", ".ipynb": "application/x-ipynb+json", ".js": "text/javascript",
    ".json": "application/json", ".lock": "text/plain", ".lua": "text/x-lua",
    ".md": "text/markdown", ".pdf": "application/pdf", ".png": "image/png",
    ".py": "text/x-python", ".qmd": "text/markdown", ".svg": "image/svg+xml",
    ".toml": "application/toml", ".typ": "text/x-typst", ".woff2": "font/woff2",
    ".xml": "application/xml", ".yml": "application/yaml",
}  # fmt: skip

_PYTHON = "https://www.python.org/"


def crate_metadata(
    contents: Contents,
    citation: Citation,
    manifest: Mapping[str, Any],
    *,
    title: str,
    description: str,
    keywords: Sequence[str],
    text_licence: tuple[str, str],
    code_licence: tuple[str, str],
    sizes: Mapping[str, int],
) -> str:
    """Return ro-crate-metadata.json for the files of `contents`, all of them named with sha256.

    `manifest` is the build's; a licence is its name and the page that states it; `sizes` are the
    bytes of each file.
    """
    plan = contents.plan
    notebooks = {address: plan.project.relative(run.notebook) for address, run in plan.runs.items()}
    software = list(_software(manifest["versions"]))
    tables = _tables(plan.catalog)
    runs = [_run(contents, manifest, address, name) for address, name in notebooks.items()]
    typesetting = _typesetting(contents, manifest)
    actions = [*(run for run, _ in runs), typesetting]
    values = [value for _, found in runs for value in found]
    files = [
        _file(name, contents, sizes[name], tables, set(notebooks.values()), software, manifest)
        for name in contents.files
    ]
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": description,
        "version": plan.edition.name,
        "datePublished": str(plan.edition.date),
        "inLanguage": list(TAGS.values()),
        "license": {"@id": text_licence[1]},
        "author": _ids(_author(one) for one in citation.authors),
        "conformsTo": {"@id": _PROFILE},
        "hasPart": _ids(files),
        "mentions": _ids(actions),
    }
    if keywords:
        root["keywords"] = ", ".join(keywords)
    works = [_work(one) for one in citation.references]
    if works:
        root["isBasedOn"] = _ids(works)
    others = [
        *(_author(one) for one in citation.authors),
        *(_author(one) for work in citation.references for one in work.authors),
        *works,
        _licence(*text_licence),
        _licence(*code_licence),
        *(entity for _, related in tables.values() for entity in related),
    ]
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": _SPECIFICATION},
        },
        root,
        {
            "@id": _PROFILE,
            "@type": "CreativeWork",
            "name": "Process Run Crate",
            "version": "0.5",
        },
        *actions,
        *files,
        *values,
        *software,
        *others,
    ]
    unique = {entity["@id"]: _compact(entity) for entity in reversed(graph)}
    return dump({"@context": _CONTEXT, "@graph": list(reversed(unique.values()))})


def _compact(entity: Entity) -> Entity:
    """Return an entity in which a list of one is that one, and an empty list is not there."""
    found = {}
    for key, value in entity.items():
        if isinstance(value, list) and len(value) < 2:
            if not value:
                continue
            value = value[0]
        found[key] = value
    return found


def _ids(entities: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{"@id": entity["@id"]} for entity in entities]


def _id(name: str) -> str:
    return quote(name)


def _file(
    name: str,
    contents: Contents,
    size: int,
    tables: Mapping[str, tuple[Entity, list[Entity]]],
    notebooks: set[str],
    software: Sequence[Entity],
    manifest: Mapping[str, Any],
) -> Entity:
    """Return the entity of one file; a table's and a notebook's say what they are."""
    entity: Entity = {
        "@id": _id(name),
        "@type": "File",
        "name": name,
        "encodingFormat": _format(name),
        "contentSize": str(size),
        "sha256": sha256(contents.files[name]),
    }
    if name in tables:
        entity |= tables[name][0]
    if name in notebooks:
        entity |= {
            "@type": ["File", "SoftwareSourceCode"],
            "programmingLanguage": {"@id": "#software-python"},
            "runtimePlatform": f"Python {manifest['versions']['python']}",
            "softwareRequirements": _ids(software),
            "version": entity["sha256"][:12],
        }
    return entity


def _format(name: str) -> str:
    suffix = "." + name.rpartition(".")[2]
    return _FORMATS.get(suffix) or mimetypes.types_map.get(suffix) or "application/octet-stream"


def _tables(catalog: Catalog) -> dict[str, tuple[Entity, list[Entity]]]:
    """Return what the catalogue says of each vintage's file, and the entities that it refers to."""
    found: dict[str, tuple[Entity, list[Entity]]] = {}
    for name, table in catalog.tables.items():
        for vintage, entry in table.vintages.items():
            agency = {
                "@id": f"#agency-{quote(entry.agency['en'].replace(' ', '-'))}",
                "@type": "Organization",
                "name": entry.agency["en"],
                "alternateName": entry.agency["zh"],
            }
            address = table.licence_url or f"#licence-{quote(table.licence.replace(' ', '-'))}"
            described = {
                "name": f"{table.title['en']}, vintage {vintage}",
                "alternateName": f"{table.title['zh']}，{vintage} 版",
                "identifier": f"{name}/{vintage}",
                "publisher": {"@id": agency["@id"]},
                "license": {"@id": address},
                "datePublished": entry.published,
                "citation": table.citation,
                "sdDatePublished": entry.read,
                "url": entry.url,
            }
            found[entry.file] = (described, [agency, _licence(table.licence, address)])
    return found


def _run(
    contents: Contents, manifest: Mapping[str, Any], address: str, notebook: str
) -> tuple[Entity, list[Entity]]:
    """Return the action that ran one notebook, and the values of its parameters."""
    plan = contents.plan
    read = []
    for table, vintages in plan.edition.figures[address].tables.items():
        names = vintages.values() if isinstance(vintages, Mapping) else [vintages]
        read += [plan.catalog.vintage(table, str(one)).file for one in names]
    values = [
        {
            "@id": f"#parameter-{address}-{name}",
            "@type": "PropertyValue",
            "name": name,
            "value": _value(value),
        }
        for name, value in manifest["parameters"].get(address, {}).items()
        if value is not None
    ]
    made = [
        name
        for name in contents.files
        if name.startswith(f"{SITE}/figures/{address}.")
        or name == f"{SITE}/notebooks/{address}.ipynb"
    ]
    action = {
        "@id": f"#run-{address}",
        "@type": "CreateAction",
        "name": f"Run of {notebook} for edition {plan.edition.name}",
        "description": "The notebook read the tables of the edition, computed facts and claims, "
        "and drew its figure in both languages.",
        "instrument": {"@id": _id(notebook)},
        "object": [*({"@id": _id(name)} for name in dict.fromkeys(read)), *_ids(values)],
        "result": [{"@id": _id(name)} for name in made],
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }
    return action, values


def _value(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _typesetting(contents: Contents, manifest: Mapping[str, Any]) -> Entity:
    """Return the action that set text and figures into the report."""
    text = [
        name for name in manifest["inputs"] if name.startswith("report/") or name == "_quarto.yml"
    ]
    figures = [name for name in contents.files if name.startswith(f"{SITE}/figures/")]
    pages = [
        name
        for name in contents.files
        if name.startswith(f"{SITE}/") and name.endswith((".html", ".pdf", ".docx", ".json"))
    ]
    return {
        "@id": "#typesetting",
        "@type": "CreateAction",
        "name": f"Typesetting of edition {contents.plan.edition.name}",
        "description": "Text, figures and facts were set as pages and as PDF, in both languages.",
        "instrument": {"@id": "#software-anew"},
        "object": [{"@id": _id(name)} for name in [*text, *figures] if name in contents.files],
        "result": [{"@id": _id(name)} for name in pages],
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


def _software(versions: Mapping[str, str]) -> Iterable[Entity]:
    """Yield what the results depend on, with its version."""
    for name, version in versions.items():
        if name in ("platform", "typesetter") or version == "not installed":
            continue
        entity: Entity = {
            "@id": f"#software-{name}",
            "@type": "SoftwareApplication",
            "name": name,
            "softwareVersion": version,
        }
        if name == "python":
            entity |= {"name": "Python", "url": _PYTHON}
        elif name != "anew":
            entity["identifier"] = f"pkg:pypi/{name}@{version}"
            entity |= {"url": address} if (address := _homepage(name)) else {}
        yield entity


def _homepage(package: str) -> str | None:
    """Return the address that a package gives as its own."""
    try:
        told = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return None
    labelled = dict(
        (label.strip().casefold(), address.strip())
        for label, _, address in (one.partition(",") for one in told.get_all("Project-URL") or ())
    )
    listed = (labelled.get(label) for label in ("homepage", "home", "source", "repository"))
    return next((one for one in (*listed, told["Home-page"]) if one), None)


def _author(author: Author) -> Entity:
    entity: Entity = {
        "@id": author.id or f"#{quote(author.name.replace(' ', '-'))}",
        "@type": "Person" if author.person else "Organization",
        "name": author.name,
    }
    if author.affiliation:
        entity["affiliation"] = author.affiliation
    return entity


def _work(work: Work) -> Entity:
    entity: Entity = {
        "@id": work.id or f"#work-{quote(work.title[:60].replace(' ', '-'))}",
        "@type": "ScholarlyArticle" if work.kind == "article" else "CreativeWork",
        "name": work.title,
        "author": _ids(_author(one) for one in work.authors),
    }
    if work.year:
        entity["datePublished"] = str(work.year)
    if work.journal:
        entity["isPartOf"] = work.journal
    return entity


def _licence(name: str, address: str) -> Entity:
    return {"@id": address, "@type": "CreativeWork", "name": name}

