"""Certificates as files: in a folder of their own, and in the site that they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from anew.build.identity import site_of
from anew.build.manifest import CERTIFICATE, NAME, read_manifest, sha256
from anew.build.plan import Request, make_plan
from anew.figures.fonts import font_folder
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.writing import dump, write_text
from anew.site.assets import theme_files, web_fonts
from anew.site.links import localised
from anew.site.shell import EditionLink, Site
from anew.verify.page import certificate_page, certificate_path
from anew.verify.print import certificate_prints


def write_certificate(project: Project, certificate: Mapping[str, Any], folder: Path) -> Path:
    """Write a certificate into `folder`: as JSON, pages and paper; return the English page."""
    write_text(folder / "certificate.json", dump(certificate))
    for name, data in certificate_prints(project, certificate).items():
        (folder / name).write_bytes(data)
    for name, data in certificate_pages(project, certificate).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / "certificate.html"


def certificate_pages(project: Project, certificate: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the pages of a certificate by itself, with the style that they need, by file name."""
    site = replace(_site(project, certificate["edition"]), navigation=(), search=False, editions=())
    texts = {
        localised("certificate.html", language): certificate_page(
            site, certificate, language, alone=True
        )
        for language in LANGUAGES
    }
    theme = project.report / "theme"
    given = {p.name: p.read_bytes() for p in sorted(theme.glob("*")) if p.is_file()}
    pages = {name: text.encode("utf-8") for name, text in texts.items()}
    return pages | theme_files(given) | web_fonts(texts.values(), font_folder(project))


def _site(project: Project, edition: str) -> Site:
    """Return what pages say of their site; of an edition that cannot be planned, its name."""
    try:
        plan = make_plan(project, Request(edition=edition))
        return site_of(plan, project.root)
    except AnewError:
        title = dict.fromkeys(LANGUAGES, edition)
        return Site(title=title, description=title, edition=edition, date="")


def publish_certificates(
    project: Project, certificates: Iterable[Mapping[str, Any]]
) -> Sequence[Path]:
    """Put each certificate into the site under `_site` that it speaks of; return its pages.

    Raises AnewError for a certificate that speaks of other files than `_site` holds.
    """
    done = []
    for certificate in certificates:
        edition = certificate["edition"]
        older = project.site / "editions" / edition
        root = older if older.is_dir() else project.site
        manifest = read_manifest(root)
        if manifest["edition"] != edition or not _speaks_of(certificate, root):
            raise AnewError(
                f"The certificate of edition {edition} is not one of the site in {root}.",
                "Certify the site itself: anew reproduce _site --publish.",
            )
        folder = root / CERTIFICATE
        folder.mkdir(exist_ok=True)
        (folder / "certificate.json").write_text(dump(certificate), "utf-8", newline="\n")
        for name, data in certificate_prints(project, certificate).items():
            (folder / name).write_bytes(data)
        site = _published_site(project, edition, manifest)
        for language in LANGUAGES:
            text = certificate_page(site, certificate, language)
            (root / certificate_path(language)).write_text(text, "utf-8", newline="\n")
        done.append(root / certificate_path("en"))
    return done


def _speaks_of(certificate: Mapping[str, Any], root: Path) -> bool:
    return certificate["subject"]["sha256"] == sha256(root / NAME)


def _published_site(project: Project, edition: str, manifest: Mapping[str, Any]) -> Site:
    """Return the site as the other pages of it have it, with its neighbours."""
    site = _site(project, edition)
    beside = (manifest.get("request") or {}).get("editions") or ()
    links = [EditionLink(name, place, newest=newest) for name, place, newest in beside]
    return replace(site, editions=links) if links else site
