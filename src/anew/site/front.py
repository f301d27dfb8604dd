"""The pages around the report: start page, 404 page, sitemap and robots.txt."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import escape

from anew.project.language import LANGUAGES, NAMES, TAGS, principal, say
from anew.site.figures import Figure, social_picture
from anew.site.page import Needs, Page, Site, place
from anew.site.shell import fragment, render_page, root_path
from anew.site.workbook import workbook_path

#: Sends a reader on to the report in the language that the reader chose before, or else in that of
#: the browser. An address with a fragment stays: the site's own links to this page have one.
_CHOOSE = (
    "(function(){if(location.hash)return;var k=%s,l;try{l=localStorage.getItem('anew-language')}"
    "catch(e){}if(k.indexOf(l)<0){l='%s';var n=navigator.languages||[navigator.language||''];"
    "for(var i=0;i<n.length;i++){var c=n[i].slice(0,2).toLowerCase();"
    "if(k.indexOf(c)>=0){l=c;break}}}location.replace('report/'+l+'/index.html')})()"
)


#: Looks from the address upwards for the site, and sets the links of the 404 page right.
_FIND_ROOT = (
    "(async function(){var p=location.pathname;while(p.includes('/')){"
    "p=p.slice(0,p.lastIndexOf('/'));"
    "try{if(!(await fetch(p+'/theme/favicon.svg')).ok)continue}catch(e){continue}"
    "document.querySelectorAll('a[href^=\"/\"]').forEach(function(a){"
    "a.href=p+a.getAttribute('href')});break}})()"
)


@dataclass(frozen=True)
class Half:
    """What the start page says in one language."""

    language: str
    title: str
    description: str
    figures: Sequence[Figure]


def start_page(site: Site, figures: Mapping[str, Sequence[Figure]]) -> str:
    """Return index.html: both languages side by side, and the editions.

    `figures` are the report's figures by language. With scripts a reader who comes without a
    fragment is sent on to the report; without them both ways are there to follow.
    """
    main = principal()
    halves = [
        Half(language, site.title[language], site.description[language], figures[language])
        for language in LANGUAGES
    ]
    editions = [
        (edition, {language: edition.root + place("report", language) for language in LANGUAGES})
        for edition in site.editions
    ]
    body = fragment(
        "start.html.j2",
        main,
        "index.html",
        site=site,
        halves=halves,
        editions=editions,
        place=place,
        workbook_path=workbook_path,
        tags=TAGS,
        names=NAMES,
        both=_both,
    )
    page = Page(
        path="index.html",
        language=main,
        title=" · ".join(site.title[language] for language in LANGUAGES),
        description=" ".join(site.description[language] for language in LANGUAGES),
        body=body,
        scripts=(_CHOOSE % (json.dumps(list(LANGUAGES), separators=(",", ":")), main),),
        image=social_picture(figures[main], site.picture),
        kind="front",
    )
    return render_page(site, page)


def missing_page(site: Site, style: str) -> str:
    """Return 404.html. A server shows it at any address, so its links begin at the site's root.

    Where the site's address is not known, the page brings its `style` along and looks for the root.
    """
    known = site.site_url is not None
    page = Page(
        path="404.html",
        language=principal(),
        title="404",
        description=" / ".join(_both("not-found")),
        body=fragment(
            "missing.html.j2",
            principal(),
            "404.html",
            languages=LANGUAGES,
            tags=TAGS,
            root=root_path(site),
        ),
        indexed=False,
        kind="front",
        needs=Needs(inline=() if known else (_FIND_ROOT,)),
    )
    return render_page(site, page, base=root_path(site), style="" if known else style)


def site_map(site: Site, pages: Iterable[str]) -> str | None:
    """Return sitemap.xml for the pages, None where the site's address is not known."""
    if not site.site_url:
        return None
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for path in sorted(pages):
        if path.endswith(".html") and not path.endswith("404.html"):
            address = escape(site.address(path) or "")
            lines.append(f"<url><loc>{address}</loc><lastmod>{site.date}</lastmod></url>")
    return "\n".join([*lines, "</urlset>", ""])


def robots(site: Site) -> str:
    """Return robots.txt, which allows everything and lists each edition's sitemap."""
    lines = ["User-agent: *", "Allow: /"]
    if site.site_url:
        roots = [edition.root for edition in site.editions] or [""]
        lines += [f"Sitemap: {site.address(root + 'sitemap.xml')}" for root in roots]
    return "\n".join(lines) + "\n"


def _both(key: str, /, **values: object) -> list[str]:
    return [say(language, key, **values) for language in LANGUAGES]
