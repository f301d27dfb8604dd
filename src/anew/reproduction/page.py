"""A certificate as pages of the site, in both languages; beside a site, or by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anew.errors import AnewError
from anew.language import LANGUAGES
from anew.manifest import CERTIFICATE, read_manifest
from anew.project import Project
from anew.reproduction.certificate import kept
from anew.reproduction.telling import difference, meaning, parted, rows, tell

if TYPE_CHECKING:
    from anew.site.shell import Site

#: So many differences are on the page; the JSON holds all.
_SHOWN = 200


def certificate_path(language: str) -> str:
    """Return where a site has its certificate."""
    from anew.site.links import localised

    return localised(f"{CERTIFICATE}/index.html", language)


def certificate_page(
    site: Site, certificate: Mapping[str, Any] | None, language: str, *, alone: bool = False
) -> str:
    """Return the page of a certificate; without one the page that says how to get it.

    `alone` makes a page that stands by itself, without the site around it.
    """
    from anew.site.links import localised
    from anew.site.shell import Page, fragment, render_page

    def place(other: str) -> str:
        return localised("certificate.html", other) if alone else certificate_path(other)

    wrong, changes = parted(certificate) if certificate else ([], [])
    body = fragment(
        "certificate.html.j2",
        language,
        place(language),
        tell=lambda key, **values: tell(language, key, **values),
        certificate=certificate,
        kept=certificate is not None and kept(certificate),
        meaning=meaning(certificate, language) if certificate else "",
        rows=rows(certificate, language) if certificate else (),
        parts=[
            (title, [difference(one, language) for one in listed[:_SHOWN]], len(listed) - _SHOWN)
            for title, listed in (("differences", wrong), ("changes", changes))
            if listed
        ],
    )
    page = Page(
        path=place(language),
        language=language,
        title=tell(language, "title"),
        description=tell(language, "lead"),
        body=body,
        section="reproduction",
        alternates={other: place(other) for other in LANGUAGES},
        indexed=False,
        kind="alone" if alone else "certificate",
    )
    return render_page(site, page)


def certificate_pages(project: Project, certificate: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the pages of a certificate by itself, with the style that they need, by file name."""
    from anew.fonts import font_folder
    from anew.site.assets import theme_files, web_fonts
    from anew.site.links import localised

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
    from anew.identity import site_of
    from anew.plan import Request, make_plan
    from anew.site.shell import Site

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
    from anew.reproduction.print import certificate_prints
    from anew.weave import dump

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
    from anew.manifest import NAME, sha256

    return certificate["subject"]["sha256"] == sha256(root / NAME)


def _published_site(project: Project, edition: str, manifest: Mapping[str, Any]) -> Site:
    """Return the site as the other pages of it have it, with its neighbours."""
    from anew.site.shell import EditionLink

    site = _site(project, edition)
    beside = (manifest.get("request") or {}).get("editions") or ()
    links = [EditionLink(name, place, newest=newest) for name, place, newest in beside]
    return replace(site, editions=links) if links else site
