"""The shell: the frame of every page of the site."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from anew.project.language import GAPS, LANGUAGES, NAMES, TAGS, say
from anew.project.settings import Licences, Link, Under
from anew.site.citing import cite
from anew.site.links import localised, relative

#: Open Graph names a locale, not a language.
_LOCALES = {"zh": "zh_CN", "en": "en_GB", "de": "de_DE"}

#: Set before the first paint: the remembered theme, and that scripts run.
_EARLY = (
    "(function(r){r.classList.add('js');try{var t=localStorage.getItem('anew-theme');"
    "if(t==='dark'||t==='light')r.dataset.theme=t}catch(e){}})(document.documentElement)"
)


@dataclass(frozen=True)
class EditionLink:
    """An edition of the site: `root` leads from this edition's root to its root.

    `root` is "" for this edition itself, "editions/2025/" or "../../" for others; `pages` are the
    paths it holds, None when they are not known (each page is then taken to exist), `lacks` those
    of this edition that it is known not to hold.
    """

    name: str
    root: str
    newest: bool = False
    pages: frozenset[str] | None = None
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Site:
    """What all pages of one edition share. Texts are by language."""

    title: Mapping[str, str]
    description: Mapping[str, str]
    edition: str
    date: str
    authors: Sequence[Mapping[str, str]] = ()
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    editions: Sequence[EditionLink] = ()
    site_url: str | None = None
    licences: Licences | None = None
    repository: str | None = None
    footer: Mapping[str, str] | None = None
    links: Sequence[Link] = ()
    picture: str | None = None
    under: Sequence[Under] = ("files", "data", "cite")
    navigation: Sequence[str] = ("report", "data", "notebooks", "pdf")
    formats: Sequence[str] = ("html", "pdf")
    search: bool = True
    focus: str = ""

    def address(self, path: str) -> str | None:
        """Return the whole address of `path`, None where the site's own is not known."""
        if not self.site_url:
            return None
        path = path.removesuffix("index.html") if path.endswith("/index.html") else path
        return self.site_url.rstrip("/") + "/" + ("" if path == "index.html" else path)


@dataclass(frozen=True)
class Entry:
    """A heading in a table of contents."""

    id: str
    text: str
    number: str = ""
    children: Sequence[Entry] = ()


@dataclass(frozen=True)
class Needs:
    """What a page must load beside the theme, as links from the page.

    `below` are styles that the theme overrides, `styles` those that override it, `scripts` files
    with their type ("" or "module"), `inline` scripts that stand at the end of the page.
    """

    below: Sequence[str] = ()
    styles: Sequence[str] = ()
    scripts: Sequence[tuple[str, str]] = ()
    inline: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """One page: `path` is from the root of the site, `body` the HTML inside <main>.

    `section` is the key of the navigation that it belongs to, `alternates` the same page by
    language (this one included), `pages` title and path of the pages that it is one of,
    `structured` its JSON-LD, `scripts` what must run before the first paint.
    """

    path: str
    language: str
    title: str
    description: str
    body: str
    section: str = ""
    alternates: Mapping[str, str] = field(default_factory=dict)
    toc: Sequence[Entry] = ()
    pages: Sequence[tuple[str, str]] = ()
    structured: Sequence[Mapping[str, object]] = ()
    scripts: Sequence[str] = ()
    image: str | None = None
    indexed: bool = True
    kind: str = "page"
    needs: Needs = Needs()


def place(key: str, language: str) -> str:
    """Return the path of what the navigation calls `key`, in `language`."""
    if key == "report":
        return f"report/{language}/index.html"
    if key == "feed":
        return localised("feed.xml", language)
    if key in ("pdf", "docx"):
        return f"report/{language}/index.{key}"
    return localised(f"{key}/index.html", language)


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
