"""Refusals: text that the embedded typesetter cannot set, reported by `anew check`."""

from __future__ import annotations

from pathlib import Path

from anew.build.identity import articles
from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase, joined
from anew.project.problems import at
from anew.project.provided import put_for_typesetters
from anew.text.place import Problem
from anew.typeset.embedded import check_subset
from anew.typeset.quarto import chosen


def text_refusals(project: Project, stage: Path | None) -> list[str]:
    """Return every place of the texts that the embedded typesetter refuses.

    Where the notebooks could not be run there is no `stage`: then the author's own files are read
    and what depends on what was found is not judged. Nothing is refused where Quarto sets the text.
    """
    if chosen("auto") is not None:
        return []
    # facts and claims are judged by the other checks, in both languages together
    if stage is None:
        put_for_typesetters(project)  # _quarto.yml names them
    apart = {"fact", "claim"} if stage else {"fact", "claim", "figure"}
    found: list[str] = []
    for document in articles(project):
        try:
            problems = check_subset(stage or project.root, document)
        except AnewError as error:
            found.append(joined(" ", filter(None, (error.message, error.hint))))
            continue
        found += [
            at(str(problem.place), _sentences(problem), problem.code)
            for problem in problems
            if problem.kind not in apart
        ]
    return list(dict.fromkeys(found))


def _sentences(problem: Problem) -> Phrase:
    """Return what is wrong and what to do, on one line."""
    told = Phrase("{what}.", what=problem.message)
    return joined(" ", filter(None, (told, problem.hint)))
