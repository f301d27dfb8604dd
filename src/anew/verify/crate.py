"""The research object: ro-crate-metadata.json, a Process Run Crate of one edition.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) with the profile Process Run Crate 0.5
(https://w3id.org/ro/wfrun/process/0.5). Each notebook is the instrument of one action, whose
objects are the tables that it read and the parameters that it had, and whose results are its
figure and data; one more action is the typesetting. An action has no end time and no agent: a build
asks no clock and no name.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from importlib import metadata
from typing import Any
from urllib.parse import quote

from rocrate.model.contextentity import ContextEntity
from rocrate.model.entity import Entity
from rocrate.rocrate import ROCrate

from anew.build.identity import site_of
from anew.project.language import LANGUAGES, TAGS, principal
from anew.project.manifest import Manifest, read_manifest
from anew.project.writing import dump, sha256
from anew.tables.catalog import Table, Vintage
from anew.verify.citation import Author, Work, read_citation
from anew.verify.export import SITE, Contents

METADATA = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
#: The one term of the profile's own that is used, so that one context need be fetched only.
_TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
_DONE = "http://schema.org/CompletedActionStatus"

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


def crate_metadata(contents: Contents) -> str:
    """Return ro-crate-metadata.json for the files of `contents`, each described with its sha256."""
    return _Writer(contents).text()


class _Writer:
    """One crate as it is put together."""

    def __init__(self, contents: Contents) -> None:
        self.contents, self.plan = contents, contents.plan
        self.manifest: Manifest = read_manifest(contents.site)
        self.crate = ROCrate(version="1.1")
        self.crate.metadata.extra_terms.update(_TERMS)
        self.software = list(self._software(self.manifest.versions))

    def text(self) -> str:
        citation = read_citation(self.plan.project.root)
        site = site_of(self.plan, self.plan.project.root)
        spoken = sorted(LANGUAGES, key=lambda language: language != principal())
        granted = site.licences
        if granted:
            self._add(granted.code.url, "CreativeWork", name=granted.code.name)
            text = self._add(granted.text.url, "CreativeWork", name=granted.text.name)
        else:
            text = self._add("#licence", "CreativeWork", name="The authors state no licence.")
        for name in self.contents.files:
            self._file(name)
        runs = [self._run(address) for address in self.plan.runs]
        profile = self._add(_PROFILE, "CreativeWork", name="Process Run Crate", version="0.5")
        self._set(
            self.crate.root_dataset,
            name=" · ".join(site.title[la] for la in spoken),
            description=" · ".join(site.description[la] for la in spoken),
            keywords=", ".join(word for la in spoken for word in site.keywords.get(la, ())),
            version=self.plan.edition.name,
            datePublished=str(self.plan.edition.date),
            inLanguage=[TAGS[language] for language in LANGUAGES],
            license=text,
            author=[self._author(one) for one in citation.authors],
            isBasedOn=[self._work(one) for one in citation.references],
            conformsTo=profile,
            mentions=[*runs, self._typesetting()],
        )
        return dump(self.crate.metadata.generate())

    def _add(self, id: str, kind: str, **properties: Any) -> Entity:
        """Add an entity, or return the one of that id."""
        if (known := self.crate.get(id)) is not None:
            return known
        entity = ContextEntity(self.crate, id, {"@type": kind})
        self._set(entity, **properties)
        return self.crate.add(entity)

    def _set(self, entity: Entity, **properties: Any) -> None:
        """Set the properties that are not empty."""
        for name, value in properties.items():
            if value not in (None, "", []):
                entity[name] = value

    def _file(self, name: str) -> None:
        """Add a file, described where it is a table or a notebook."""
        path = self.contents.files[name]
        suffix = path.suffix
        kind = _FORMATS.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
        digest = sha256(path)
        notebook = name in {self._notebook(address) for address in self.plan.runs}
        types: str | list[str] = ["File", "SoftwareSourceCode"] if notebook else "File"
        entity = self.crate.add_file(path, name, properties={"@type": types})
        self._set(
            entity, name=name, encodingFormat=kind, contentSize=str(path.stat().st_size),
            sha256=digest,
        )  # fmt: skip
        if notebook:
            self._set(
                entity,
                programmingLanguage=self.crate.get("#software-python"),
                runtimePlatform=f"Python {self.manifest.versions['python']}",
                softwareRequirements=list(self.software),
                version=digest[:12],
            )
        for table in self.plan.catalog.tables.values():
            for vintage in table.vintages.values():
                if vintage.file == name:
                    self._table(entity, table, vintage)

    def _notebook(self, address: str) -> str:
        return self.plan.project.relative(self.plan.runs[address].notebook)

    def _table(self, entity: Entity, table: Table, vintage: Vintage) -> None:
        """Describe a table's file by its vintage in the catalogue."""
        main = principal()
        licence = table.licence_url or f"#licence-{_slug(table.licence[main])}"
        self._set(
            entity,
            name=f"{table.title[main]}, vintage {vintage.name}",
            alternateName=[text for la, text in table.title.items() if la != main],
            identifier=f"{table.name}/{vintage.name}",
            publisher=self._add(
                f"#agency-{_slug(vintage.agency[main])}", "Organization", name=vintage.agency[main],
                alternateName=[text for la, text in vintage.agency.items() if la != main],
            ),
            license=self._add(licence, "CreativeWork", name=table.licence[main]),
            datePublished=vintage.published,
            citation=table.citation,
            sdDatePublished=vintage.read,
            url=vintage.url or None,
        )  # fmt: skip

    def _run(self, address: str) -> Entity:
        """Add the action that ran one notebook, with its tables, parameters and results."""
        notebook, edition = self._notebook(address), self.plan.edition
        read = [
            self.plan.catalog.vintage(table, vintage).file
            for table, _, vintage in edition.figures[address].vintages()
        ]
        parameters = [
            self._add(
                f"#parameter-{address}-{name}", "PropertyValue", name=name,
                value=", ".join(map(str, value)) if isinstance(value, list) else value,
            )
            for name, value in self.manifest.parameters.get(address, {}).items()
            if value is not None
        ]  # fmt: skip
        figures, executed = f"{SITE}/figures/{address}.", f"{SITE}/notebooks/{address}.ipynb"
        made = [name for name in self.contents.files if name.startswith((figures, executed))]
        return self._add(
            f"#run-{address}",
            "CreateAction",
            name=f"Run of {notebook} for edition {edition.name}",
            description="The notebook read the tables of the edition, computed facts and claims, "
            "and drew its figure in both languages.",
            instrument=self._part(notebook),
            object=[*map(self._part, dict.fromkeys(read)), *parameters],
            result=list(map(self._part, made)),
            actionStatus=_DONE,
        )

    def _typesetting(self) -> Entity:
        """Add the action that set text and figures into the report."""
        files = self.contents.files
        text = [n for n in self.manifest.inputs if n.startswith("report/") or n == "_quarto.yml"]
        figures = [name for name in files if name.startswith(f"{SITE}/figures/")]
        pages = [
            name
            for name in files
            if name.startswith(f"{SITE}/") and name.endswith((".html", ".pdf", ".docx", ".json"))
        ]
        return self._add(
            "#typesetting",
            "CreateAction",
            name=f"Typesetting of edition {self.plan.edition.name}",
            description="Text, figures and facts were set as pages and PDF, in both languages.",
            instrument=self.crate.get("#software-anew"),
            object=[self._part(name) for name in [*text, *figures] if name in files],
            result=list(map(self._part, pages)),
            actionStatus=_DONE,
        )

    def _part(self, name: str) -> Entity:
        return self.crate.get(quote(name))

    def _software(self, versions: Mapping[str, str]) -> Iterable[Entity]:
        """Add what the results depend on, with its version."""
        for name, version in versions.items():
            if name in ("platform", "typesetter") or version == "not installed":
                continue
            package = name not in ("python", "anew")
            yield self._add(
                f"#software-{name}",
                "SoftwareApplication",
                name="Python" if name == "python" else name,
                softwareVersion=version,
                identifier=f"pkg:pypi/{name}@{version}" if package else None,
                url=_homepage(name) if package else _PYTHON if name == "python" else None,
            )

    def _author(self, author: Author) -> Entity:
        return self._add(
            author.address or f"#{_slug(author.name)}",
            "Person" if author.person else "Organization",
            name=author.name,
            affiliation=author.affiliation,
        )

    def _work(self, work: Work) -> Entity:
        return self._add(
            work.address or f"#work-{_slug(work.title[:60])}",
            "ScholarlyArticle" if work.type == "article" else "CreativeWork",
            name=work.title,
            author=[self._author(one) for one in work.authors],
            datePublished=str(work.year) if work.year else None,
            isPartOf=work.journal,
        )


_PYTHON = "https://www.python.org/"


def _slug(text: str) -> str:
    return quote(text.replace(" ", "-"))


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
