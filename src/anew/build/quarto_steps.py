"""The steps in which Quarto renders: one for each document and format, cached by content."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from anew.build.graph import Step
from anew.build.identity import articles
from anew.build.plan import Plan
from anew.build.stage import staged_files, woven_file
from anew.figures.fonts import font_place
from anew.project.phrases import Phrase
from anew.project.provided import own
from anew.typeset.quarto import Quarto
from anew.typeset.quarto.rendering import Rendered, render, rendered


def quarto_steps(
    plan: Plan, stage: Path, quarto: Quarto, kinds: Sequence[str]
) -> dict[tuple[str, str], tuple[Rendered, Step]]:
    """Return the rendering and its step by document and format."""
    found = {}
    for document in articles(plan.project):
        for kind in kinds:
            wanted = rendered(stage, document, kind)
            found[document, kind] = (wanted, _step(plan, stage, quarto, wanted))
    return found


def _step(plan: Plan, stage: Path, quarto: Quarto, wanted: Rendered) -> Step:
    language = Path(wanted.document).parts[1]
    # an author may name the site's style to Quarto as well
    root = plan.project.root
    style = [stage / path.relative_to(root) for path in own(plan.project, "theme").values()]

    def run() -> None:
        built = [p for p in woven_file(stage).parent.rglob("*") if p.is_file()]
        files = sorted({*staged_files(plan, stage), *style, *built})
        date = str(plan.edition.date)
        render(quarto, stage, files, wanted, font_place(plan.project), date)

    return Step(
        f"quarto {plan.key} {wanted.document} {wanted.kind}",
        Phrase(
            "{program}: set {language} {format}",
            program=quarto.name,
            language=language,
            format=wanted.kind.upper(),
        ),
        run,
        sorted({*staged_files(plan, stage, language), *style, font_place(plan.project)}),
        [wanted.file, wanted.listing],
        {"quarto": quarto.version, "date": str(plan.edition.date)},
        folders=[wanted.folder],
    )
