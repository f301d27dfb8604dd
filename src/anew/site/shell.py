"""The shell: the frame of every page of the site."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache, partial
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from anew.project.language import GAPS, LANGUAGES, NAMES, TAGS, say
from anew.site.citing import cite
from anew.site.links import relative
from anew.site.page import EditionLink, Page, Site, place

#: Open Graph names a locale, not a language.
_LOCALES = {"zh": "zh_CN", "en": "en_GB", "de": "de_DE"}

#: Set before the first paint: the remembered theme, and that scripts run.
_EARLY = (
    "(function(r){r.classList.add('js');try{var t=localStorage.getItem('anew-theme');"
    "if(t==='dark'||t==='light')r.dataset.theme=t}catch(e){}})(document.documentElement)"
)


def render_page(
    site: Site, page: Page, *, base: str | None = None, style: str = "", frame: str = "page.html.j2"
) -> str:
    """Return the whole page, in the template `frame`.

    `base` is for a page that is served at unknown addresses, and `style` stands on the page itself.
    """
    language = page.language

    def link(target: str) -> str:
        return base + target if base is not None else relative(page.path, target)

    newest = next((edition for edition in site.editions if edition.newest), None)
    cited = cite(site, language)
    text: str = template(frame).render(
        site=site,
        page=page,
        body=Markup(page.body),
        base=base,
        style=Markup(style),
        link=link,
        say=partial(say, language),
        gaps=GAPS,
        rich=partial(rich_word, language),
        place=place,
        language=language,
        tag=TAGS[language],
        tags=TAGS,
        names=NAMES,
        policy=_policy((_EARLY, *page.scripts, *page.needs.inline)),
        scripts=[Markup(script) for script in (_EARLY, *page.scripts)],
        inline=[Markup(script) for script in page.needs.inline],
        structured=[Markup(_json(data)) for data in page.structured],
        alternates=_alternates(site, page),
        languages=_switch(page),
        editions=_editions(site, page),
        newest=newest.name if newest else site.edition,
        feed=newest.root + place("feed", language) if newest and site.site_url else None,
        locale=_LOCALES[language],
        cited=cited,
        citation=_dated(cited.text, site.date),
    )
    return text.rstrip("\n") + "\n"


def _dated(text: str, date: str) -> Markup:
    """Return text as markup in which the date is one, so that no line breaks in it."""
    return escape(text).replace(date, Markup(f"<time>{date}</time>"))


@cache
def environment() -> Environment:
    """Return the templates' environment: everything escaped, an unknown name an error."""
    made = Environment(
        loader=PackageLoader("anew.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # the words of scripts stand on the page as they are, so that the web font has their characters
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return made


def template(name: str) -> Template:
    """Return the template `name`."""
    return environment().get_template(name)


def fragment(name: str, language: str, page: str, **values: object) -> str:
    """Return the part of a page that the template `name` makes.

    The template gets `say` (the engine's texts), `link` (relative to `page`) and `values`.
    """
    text: str = template(name).render(
        say=partial(say, language),
        word=say,
        gaps=GAPS,
        rich=partial(rich_word, language),
        link=lambda target: relative(page, target),
        language=language,
        **values,
    )
    return text


def rich_word(language: str, key: str, /, **markup: object) -> Markup:
    """Return the engine's text for `key` with markup filled in; plain values are escaped."""
    return escape(say(language, key)).format(**markup)


def _policy(scripts: Sequence[str]) -> str:
    """Return a content security policy under which no request can leave the site.

    `file:` is there because a page opened from a file is no origin of its own; WebAssembly is what
    the search runs on.
    """
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'"
        for s in scripts
    )
    return "; ".join(
        [
            "default-src 'none'",
            "img-src 'self' file: data:",
            "style-src 'self' file: 'unsafe-inline'",
            "font-src 'self' file:",
            f"script-src 'self' file: 'wasm-unsafe-eval' {hashes}",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
        ]
    )


def _alternates(site: Site, page: Page) -> list[tuple[str, str]]:
    """Return (hreflang, address) of the page in every language, x-default last."""
    if not site.site_url or len(page.alternates) < 2:
        return []
    paths = [(TAGS[la], page.alternates[la]) for la in LANGUAGES if la in page.alternates]
    return [(tag, site.address(path) or "") for tag, path in [*paths, ("x-default", "index.html")]]


def _switch(page: Page) -> list[tuple[str, str]]:
    """Return (language, path) of the page in the other languages."""
    return [
        (language, page.alternates[language])
        for language in LANGUAGES
        if language != page.language and language in page.alternates
    ]


def _editions(site: Site, page: Page) -> list[tuple[EditionLink, str]]:
    """Return each edition with the path of this page in it, or of its start where it lacks it."""
    links = []
    for edition in site.editions:
        has = edition.pages is None or page.path in edition.pages
        has = has and page.path not in edition.lacks
        links.append((edition, edition.root + (page.path if has else "index.html#start")))
    return links


def _json(data: Mapping[str, object]) -> str:
    """Return JSON that may stand inside a <script>."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def root_path(site: Site) -> str:
    """Return the path under which the site is served: "/" where its address is not known."""
    path = urlsplit(site.site_url).path if site.site_url else "/"
    return path.rstrip("/") + "/"
