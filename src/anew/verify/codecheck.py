"""The manifest for CODECHECK: the outputs that a codechecker should reproduce.

https://codecheck.org.uk/spec/config/1.0/
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import yaml

from anew.build.identity import site_of
from anew.project.language import principal
from anew.verify.citation import Author, read_citation
from anew.verify.export import SITE, Contents

FILE = "codecheck.yml"
_VERSION = "https://codecheck.org.uk/spec/config/1.0/"

_LEAD = """\
# What a codechecker checks, by https://codecheck.org.uk/spec/config/1.0/
# Written by `anew export --codecheck` from the build of edition {edition}.
# The codechecker adds: codechecker, summary, check_time, certificate, report.
"""

#: Results beside figures and report.
_RESULTS = {
    "facts.json": "Every number that the text prints",
    "claims.json": "Every claim of the text and statement of the study, with its verdict",
}


def codecheck_text(contents: Contents) -> str:
    """Return codecheck.yml for an edition.

    Every figure in every language is listed with the title that it should bear, and its data.
    """
    project = contents.plan.project
    site = site_of(contents.plan, project.root)
    edition = contents.plan.edition.name
    reference = site.address("index.html")
    paper = {
        "title": f"{site.title[principal()]}, edition {edition}",
        "authors": [_author(one) for one in read_citation(project.root).authors],
        **({"reference": reference} if reference else {}),
    }
    document = {
        "version": _VERSION,
        "paper": paper,
        "manifest": [
            {"file": f"{SITE}/{name}", "comment": comment} for name, comment in _outputs(contents)
        ],
        **({"repository": site.repository} if site.repository else {}),
    }
    dumped: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return _LEAD.format(edition=edition) + "%YAML 1.1\n---\n" + dumped


def _author(author: Author) -> dict[str, str]:
    _, found, orcid = (author.address or "").rpartition("orcid.org/")
    return {"name": author.name} | ({"ORCID": orcid} if found else {})


def _outputs(contents: Contents) -> Iterator[tuple[str, str]]:
    """Yield the site's files that a codechecker looks at, each with a comment."""
    figures = json.loads((contents.site / "figures.json").read_text("utf-8"))
    names = sorted(
        name.removeprefix(f"{SITE}/") for name in contents.files if name.startswith(f"{SITE}/")
    )
    for address, figure in figures.items():
        for name in names:
            if name.startswith(f"figures/{address}.") and not name.endswith(".png"):
                words = figure.get(name.split(".")[1])
                title = words["title"] if words else f"{figure[principal()]['title']} (data)"
                yield name, f"{address}, {figure['notebook']}: {title}"
    for name in names:
        if name.startswith("report/") and name.endswith((".pdf", "index.html")):
            yield name, "The report"
    yield from ((name, comment) for name, comment in _RESULTS.items() if name in names)
