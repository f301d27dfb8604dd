"""Translations that were confirmed: `anew translated`."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from anew.build.plan import Request
from anew.project.errors import AnewError
from anew.project.language import LANGUAGES
from anew.project.paths import Project
from anew.project.phrases import Either, Phrase
from anew.text.blocks import Block, read_blocks
from anew.text.document import Text, read_text
from anew.text.frontmatter import read_front
from anew.text.parity import compare_languages, of_document, read_record


def originals(project: Project) -> list[str]:
    """Return the documents of the first language; each has its counterparts in the others."""
    folder = project.report / LANGUAGES[0]
    return sorted(path.name for path in folder.glob("*.qmd") if not path.name.startswith("_"))


def blocks_of(text: Text, language: str) -> list[Block]:
    """Return all of a text, with what stands above it."""
    return [*read_front(text, language), *read_blocks(text, language)]


def record_file(project: Project, language: str) -> Path:
    """Return where the confirmed translations of a language are recorded."""
    return project.report / language / "_translated.yml"


def confirm_translation(project: Project, target: str) -> str:
    """Record that `FILE` or `FILE:SECTION` is up to date with its original; return a message.

    Raises AnewError for a file that is no translation.
    """
    from anew.build.builder import gather
    from anew.text.parity import confirm, with_document, write_record

    name, _, section = target.partition(":")
    path = Path(name).resolve()
    first = LANGUAGES[0]
    language = next((la for la in LANGUAGES[1:] if project.report / la in path.parents), None)
    if language is None or not path.is_file():
        others = [f"report/{la}/" for la in LANGUAGES[1:]]
        raise AnewError(
            "{name} is not a translated text.",
            "Name a .qmd under {others}; report/{first}/ holds the original."
            if others
            else "This report is in one language.",
            code="not-a-translation",
            name=name,
            others=Either(others),
            first=first,
        )
    stage, _ = gather(project, Request())
    record = read_record(record_file(project, language))
    total, known = 0, set()
    for document in originals(project):
        texts = {
            la: blocks_of(read_text(stage, f"report/{la}/{document}"), la)
            for la in (first, language)
        }
        parted = compare_languages(texts[first], texts[language], (first, language))
        if parted:
            raise AnewError(
                "The languages differ: {difference}",
                "Fix this first.",
                code="languages-differ",
                difference=parted[0],
            )
        shown = project.relative(path)
        known |= {block.section for block in texts[language] if block.place.file == shown}
        own, count = confirm(
            texts[first], texts[language], of_document(record, document), shown, section or None
        )
        record = with_document(record, document, own)
        total += count
    if section and section not in known:
        near = get_close_matches(section, known, 1)
        raise AnewError(
            "{name} has no section {section}.",
            "Did you mean {near}?" if near else "It has {known}.",
            code="unknown-section",
            name=name,
            section=section,
            near=near[0] if near else "",
            known=sorted(known),
        )
    write_record(record_file(project, language), record)
    return Phrase("{count} blocks of {file} confirmed.", count=total, file=project.relative(path))
