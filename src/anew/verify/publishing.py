"""Certificates as files: in a folder of their own, and in the site that they certify."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from anew.build.identity import site_of
from anew.build.plan import Request, make_plan
from anew.figures.fonts import font_folder
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES, principal
from anew.project.manifest import CERTIFICATE, NAME, read_manifest
from anew.project.paths import Project
from anew.project.writing import sha256, write_bytes
from anew.site.assets import page_assets
from anew.site.certificate import certificate_page, certificate_path
from anew.site.links import localised
from anew.site.page import EditionLink, Site
from anew.verify.certificate import FILE, Certificate
from anew.verify.rendering import as_markdown, as_pdf
from anew.verify.telling import told

#: So many differences are on a page; the JSON holds all.
_SHOWN = 200


def write_certificate(project: Project, certificate: Certificate, folder: Path) -> Path:
    """Write a certificate into `folder`: JSON, Markdown, pages and PDF; return the English page."""
    files = _records(project, certificate) | certificate_pages(project, certificate)
    for name, data in files.items():
        write_bytes(folder / name, data)
    return folder / "certificate.html"


def _records(project: Project, certificate: Certificate) -> dict[str, bytes]:
    """Return a certificate as JSON, and as Markdown and PDF in each language, by file name."""
    fonts = font_folder(project)
    found = {FILE: certificate.text().encode("utf-8")}
    for language in LANGUAGES:
        found[f"certificate.{language}.md"] = as_markdown(certificate, language).encode("utf-8")
        found[f"certificate.{language}.pdf"] = as_pdf(certificate, language, fonts)
    return found


def certificate_pages(project: Project, certificate: Certificate) -> dict[str, bytes]:
    """Return the pages of a certificate by itself, with the style that they need, by file name."""
    site = replace(_site(project, certificate.edition), navigation=(), search=False, editions=())
    texts = {
        localised("certificate.html", language): certificate_page(
            site, told(certificate, language, _SHOWN), language, alone=True
        )
        for language in LANGUAGES
    }
    pages = {name: text.encode("utf-8") for name, text in texts.items()}
    return pages | page_assets(project, texts.values())


def _site(project: Project, edition: str) -> Site:
    """Return the site of a certificate's pages; without a valid plan, the edition's name."""
    try:
        plan = make_plan(project, Request(edition=edition))
        return site_of(plan, project.root)
    except AnewError:
        title = dict.fromkeys(LANGUAGES, edition)
        return Site(title=title, description=title, edition=edition, date="")


def publish_certificates(project: Project, certificates: Iterable[Certificate]) -> list[Path]:
    """Write each certificate into the site under `_site` that it certifies; return its pages.

    Raises AnewError for a certificate of other files than `_site` holds.
    """
    done = []
    for certificate in certificates:
        edition = certificate.edition
        older = project.site / "editions" / edition
        root = older if older.is_dir() else project.site
        manifest = read_manifest(root)
        if manifest.edition != edition or certificate.subject.sha256 != sha256(root / NAME):
            raise AnewError(
                "The certificate of edition {edition} is not one of the site in {root}.",
                "Certify the site itself: anew reproduce _site --publish.",
                code="other-site",
                edition=edition,
                root=root,
            )
        for name, data in _records(project, certificate).items():
            write_bytes(root / CERTIFICATE / name, data)
        site = _site(project, edition)
        if beside := manifest.request.editions:  # the site as its other pages have it
            links = [EditionLink(name, place, newest=newest) for name, place, newest in beside]
            site = replace(site, editions=links)
        for language in LANGUAGES:
            text = certificate_page(site, told(certificate, language, _SHOWN), language)
            write_bytes(root / certificate_path(language), text.encode("utf-8"))
        done.append(root / certificate_path(principal()))
    return done
