"""Links: relative everywhere, and every broken one found."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anew.site.links import check_links, localised, relative

NAMES = st.text("abz0", min_size=1, max_size=3)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda parts: "/".join(parts) + ".html")


@given(PATHS, PATHS, st.sampled_from(["", "#x", "?q=1", "?q=1#x"]))
def test_relative_leads_back_to_the_target(page: str, target: str, rest: str) -> None:
    link = relative(page, target + rest)
    assert not link.startswith("/")
    path = link.split("#")[0].split("?")[0]
    arrived = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    assert arrived == posixpath.normpath(target)
    assert link.endswith(rest)


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("report/zh/index.html", "theme/anew.css", "../../theme/anew.css"),
        ("report/zh/index.html", "report/en/index.html#fig-1", "../en/index.html#fig-1"),
        ("report/zh/index.html", "report/zh/index.html#fig-1", "#fig-1"),
        ("index.html", "https://example.org/", "https://example.org/"),
        ("index.html", ".", "."),
        ("data/index.html", "../../index.html", "../../../index.html"),
        ("data/index.html", "editions/2025/", "../editions/2025/"),
    ],
)
def test_relative_examples(page: str, target: str, link: str) -> None:
    assert relative(page, target) == link


def test_localised() -> None:
    assert localised("data/index.html", "en") == "data/index.html"
    assert localised("data/index.html", "zh") == "data/index.zh.html"


def problems(files: dict[str, str]) -> list[tuple[str, str]]:
    return [(problem.link, problem.reason) for problem in check_links(files)]


def test_a_good_site_has_no_problems() -> None:
    assert (
        problems(
            {
                "index.html": '<a href="a/b.html#x">1</a><a href="a/#x">2</a><a href="?q#y">3</a>'
                '<p id="y"><img src="p.png" srcset="p.png 1x, p.png 2x"><a href="https://x.org">4</a>',
                "a/b.html": '<p id="x"><a href="../">up</a>',
                "a/index.html": '<p id="x"><a href="../index.html#y">back</a>',
                "p.png": "",
            }
        )
        == []
    )


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="gone.html">x</a>', ("gone.html", "no such file")),
        ('<a href="#gone">x</a>', ("#gone", "no such anchor")),
        ('<a href="b.html#gone">x</a>', ("b.html#gone", "no such anchor")),
        ('<a href="/b.html">x</a>', ("/b.html", "begins at the server's root")),
        ('<img src="https://x.org/p.png">', ("https://x.org/p.png", "from another site")),
        ('<script src="//x.org/p.js"></script>', ("//x.org/p.js", "from another site")),
        ('<link rel="stylesheet" href="https://x.org/a.css">', ("https://x.org/a.css", "another")),
        ('<p style="background:url(gone.png)">', ("gone.png", "no such file")),
        ("<style>p{background:url('gone.png')}</style>", ("gone.png", "no such file")),
        ('<img srcset="gone.png 2x">', ("gone.png", "no such file")),
        ('<p id="x"><p id="x">', ("#x", "id used twice")),
    ],
)
def test_each_kind_of_problem_is_found(html: str, found: tuple[str, str]) -> None:
    (problem,) = check_links({"a.html": html, "b.html": '<p id="here">'})
    assert problem.page == "a.html"
    assert problem.link == found[0]
    assert found[1] in problem.reason
    assert str(problem).startswith("a.html: ")


def test_style_sheets_are_read_too() -> None:
    (problem,) = check_links({"theme/a.css": "p { src: url('gone.woff2') }"})
    assert (problem.link, problem.reason) == ("gone.woff2", "no such file")


def test_what_is_named_but_not_loaded_may_be_elsewhere() -> None:
    html = '<link rel="canonical" href="https://x.org/"><a href="mailto:a@b">m</a>'
    assert check_links({"a.html": html}) == []
