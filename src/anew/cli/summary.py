"""What is printed at the end of a build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from anew.project.phrases import LANGUAGES, Phrase, in_language, indented, joined


def again(result: Any) -> dict[str, tuple[str, list[str]]]:
    """Return what the same build says when nothing changed, but for the seconds, by language."""
    steps = [*result.outcome.ran, *result.outcome.skipped]
    outcome = replace(result.outcome, ran=[], skipped=steps, fetched=[], cache_fault="")
    first, *rest = summary(replace(result, outcome=outcome, published=False, renewals=()))
    seconds = f"{result.seconds:.1f} s"
    return {
        language: (
            in_language(first, language).removesuffix(seconds),
            [in_language(line, language) for line in rest],
        )
        for language in LANGUAGES
    }


def summary(result: Any) -> list[str]:
    """Return the summary printed at the end of a build."""
    ran, skipped = result.notebooks
    counted: list[str] = [
        Phrase("edition {edition}", edition=result.plan.edition.name),
        Phrase("notebooks: {ran} run, {skipped} up to date", ran=ran, skipped=skipped),
        Phrase("{count} facts", count=result.facts),
        Phrase("{count} pages", count=result.pages),
        result.typesetter,
        Phrase("{seconds:.1f} s", seconds=result.seconds),
    ]
    if fetched := result.outcome.fetched:
        counted.insert(2, Phrase("{count} steps from the cache", count=len(fetched)))
    lines: list[str] = [joined(" · ", counted)]
    if fault := result.outcome.cache_fault:
        lines.append(Phrase("warning: built without the cache: {fault}", fault=fault))
    if result.claims_failing:
        lines.append(Phrase("Claims that do not hold:"))
        lines += [indented(line, "  ") for one in result.claims_failing for line in one.lines()]
    where = result.site / "index.html"
    try:
        shown: Path | str = where.relative_to(Path.cwd())
    except ValueError:
        shown = where
    if result.unturned:
        count, first = len(result.unturned), result.unturned[:5]
        lines.append(Phrase("Paragraphs that do not follow the focus: {count}.", count=count))
        lines += [f"  {place}" for place in first] + (["  …"] if count > len(first) else [])
    if result.remarks:
        lines.append(Phrase("Hard to read:"))
        lines += [Phrase("  {said}", said=said) for said in result.remarks]
    lines += news(result)
    published = "The report is at {path}" if result.published else "Nothing changed: {path}"
    lines.append(Phrase(published, path=shown))
    return lines


def news(result: Any) -> list[str]:
    """Return lines on what the build changed compared with the previous site."""
    if not result.renewals:
        return []
    from anew.build.builder import CHANGED
    from anew.diff.telling import as_news
    from anew.text.facts import load_units

    project = result.plan.project
    units = load_units(project.units_file)
    lines: list[str] = []
    for one in result.renewals:
        told = as_news(one, units)
        head = Phrase("Edition {edition}", edition=one.new)
        lines += [head, *told] if len(result.renewals) > 1 else told
    if not all(one.empty for one in result.renewals):
        lines.append(Phrase("Full list: {path}", path=project.relative(project.work / CHANGED)))
    return lines
