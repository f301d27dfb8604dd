"""The manifest that CODECHECK asks for: which outputs a codechecker should see appear again.

https://codecheck.org.uk/spec/config/1.0/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from anew.verify.contents import SITE
from anew.verify.people import Citation

_LEAD = """\
# What a codechecker checks, by https://codecheck.org.uk/spec/config/1.0/
# Written by `anew export --codecheck` from the build of edition {edition}.
# The codechecker adds: codechecker, summary, check_time, certificate, report.
"""


def codecheck_text(
    citation: Citation,
    *,
    edition: str,
    title: str,
    repository: str | None,
    reference: str | None,
    figures: Mapping[str, Mapping[str, Any]],
    files: Sequence[str],
) -> str:
    """Return codecheck.yml for an edition.

    `figures` are those of the site's figures.json, `files` the names of the site's files. Every
    figure in every language is listed with the title that it should bear, and the data behind it.
    """
    paper: dict[str, Any] = {
        "title": title,
        "authors": [
            {"name": one.name, **({"ORCID": _orcid(one.id)} if _orcid(one.id) else {})}
            for one in citation.authors
        ],
    }
    if reference:
        paper["reference"] = reference
    document = {
        "version": "https://codecheck.org.uk/spec/config/1.0/",
        "paper": paper,
        "manifest": list(_manifest(figures, files)),
    }
    if repository:
        document["repository"] = repository
    dumped = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return _LEAD.format(edition=edition) + "%YAML 1.1\n---\n" + dumped


def _orcid(id: str | None) -> str | None:
    return id.rpartition("/")[2] if id and "orcid.org" in id else None


def _manifest(
    figures: Mapping[str, Mapping[str, Any]], files: Sequence[str]
) -> Sequence[dict[str, str]]:
    found = []
    for address, figure in figures.items():
        for name in sorted(files):
            if not name.startswith(f"figures/{address}.") or name.endswith(".png"):
                continue
            language = name.split(".")[1]
            words = figure.get(language)
            title = words["title"] if words else f"{figure['en']['title']} (data)"
            comment = f"{address}, {figure['notebook']}: {title}"
            found.append({"file": f"{SITE}/{name}", "comment": comment})
    for name in sorted(files):
        if name.startswith("report/") and name.endswith((".pdf", "index.html")):
            found.append({"file": f"{SITE}/{name}", "comment": "The report"})
    for name, comment in (
        ("facts.json", "Every number that the text prints"),
        ("claims.json", "Every claim of the text and statement of the study, with its verdict"),
    ):
        if name in files:
            found.append({"file": f"{SITE}/{name}", "comment": comment})
    return found
