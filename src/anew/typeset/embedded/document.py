"""One document on its way to one format: read, filled in and parsed, ready for a writer."""

from __future__ import annotations

import datetime
import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from anew.project.errors import AnewError
from anew.typeset.embedded.callouts import callout_settings
from anew.typeset.embedded.crossref import crossref_settings
from anew.typeset.embedded.pandoc import filter_path, read_ast, write_ast
from anew.typeset.embedded.shortcodes import Tokens, load_variables, replace_shortcodes
from anew.typeset.embedded.source import Source

#: Our own filters, in Quarto's order; the report's own run before or after all of them.
STEPS = ("shortcodes", "conditional", "callouts", "crossref", "finish")

#: Where a filter of `filters:` may stand, and where Quarto runs it.
ENTRY_POINTS = {"pre-ast": "before", "post-finalize": "after"}

#: What the build gathered for the text, from the stage's root.
WEAVE = "report/_built/weave.json"

_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


@dataclass(frozen=True)
class Document:
    """A source parsed for the format `target` (html, typst or docx)."""

    source: Source
    target: str
    metadata: Mapping[str, Any]
    tokens: Tokens
    text: str

    @property
    def tag(self) -> str:
        """The language tag of the document."""
        return str(self.metadata.get("lang", "en"))

    @property
    def language(self) -> str:
        """The language whose words are printed: zh or en."""
        return "zh" if self.tag.lower().startswith("zh") else "en"

    @property
    def reader(self) -> str:
        return str(self.metadata.get("from", "markdown"))

    @cached_property
    def ast(self) -> dict[str, Any]:
        """Pandoc's tree of the text, with tokens where shortcodes stood."""
        return read_ast(self.text, self._front(), self.reader, self.source.folder)

    @cached_property
    def weave(self) -> Mapping[str, Any] | None:
        """What the build gathered for the text; None when it has not."""
        path = self.source.stage / WEAVE
        return json.loads(path.read_text("utf-8")) if path.is_file() else None

    @property
    def claims(self) -> Mapping[str, Any] | None:
        """The edition's claims by id; None when the build has not gathered them."""
        return None if self.weave is None else self.weave.get("claims", {})

    @property
    def tables(self) -> set[str]:
        """The ids of the tables that the build wrote in the document's language."""
        folder = (self.source.stage / WEAVE).parent / self.language
        return {path.stem for path in folder.glob("tbl-*.md")}

    @property
    def date(self) -> tuple[int, int, int]:
        """The document's own day, else its edition's, else one that no clock gave."""
        typed = str(self.metadata.get("date", ""))
        for token, value in self.tokens.values.items():
            typed = typed.replace(token, value.get("markdown", ""))
        return iso_date(typed) or iso_date(str((self.weave or {}).get("date", ""))) or (1980, 1, 1)

    @property
    def timestamp(self) -> int:
        """The document's day in seconds: the only time that its files carry."""
        return int(datetime.datetime(*self.date, tzinfo=datetime.UTC).timestamp())

    def filters(self) -> tuple[list[str], list[str]]:
        """Return the report's filters that run before ours, and those that run after."""
        before: list[str] = []
        after: list[str] = []
        for entry in self.metadata.get("filters") or []:
            path, at = (entry, "") if isinstance(entry, str) else (entry["path"], entry.get("at"))
            (after if ENTRY_POINTS.get(at) == "after" else before).append(path)
        return before, after

    def settings(self, **more: Any) -> dict[str, Any]:
        """Return what our filters read."""
        return {
            "format": self.target,
            "reader": self.reader,
            "tokens": self.tokens.values,
            "folder": os.path.relpath(self.source.folder, self.source.stage).replace(os.sep, "/"),
            "root": os.path.relpath(self.source.stage, self.source.folder).replace(os.sep, "/"),
            "toc_depth": int(self.metadata.get("toc-depth", 3)),
            **callout_settings(self.metadata, self.language),
            **crossref_settings(self.metadata, self.language),
            **more,
        }

    def write(self, writer: str, *options: str, **more: Any) -> str:
        """Return the document as `writer` prints it, after all filters; `more` are settings."""
        return self._run(writer, options, more)[0].decode("utf-8")

    def write_with_outline(self, writer: str, *options: str, **more: Any) -> tuple[str, Any]:
        """Return the document, and its `{"headings": …, "metadata": …}` after all filters."""
        output, outline = self._run(writer, options, more, extra=["outline"])
        return output.decode("utf-8"), json.loads(outline)

    def write_file(self, writer: str, suffix: str, *options: str, **more: Any) -> bytes:
        """Return the bytes of the file that `writer` makes, where it makes no text."""
        return self._run(writer, options, more, suffix=suffix)[0]

    def _run(
        self,
        writer: str,
        options: Sequence[str],
        more: Mapping[str, Any],
        *,
        suffix: str = "",
        extra: Sequence[str] = (),
    ) -> tuple[bytes, str]:
        before, after = self.filters()
        filters = [*before, *map(filter_path, STEPS), *after, *map(filter_path, extra)]
        with tempfile.TemporaryDirectory(prefix="anew-") as name:
            work = Path(name)
            outline, target = work / "outline.json", work / f"out{suffix}"
            settings = work / "settings.json"
            written = self.settings(outline=str(outline), **more)
            settings.write_text(json.dumps(written, ensure_ascii=False), "utf-8")
            environment = {
                "ANEW_SETTINGS": str(settings),
                "ANEW_STAGE": str(self.source.stage),
                "SOURCE_DATE_EPOCH": str(self.timestamp),
            }
            arguments = [*options, *([f"--output={target}"] if suffix else [])]
            output = write_ast(
                self.ast, writer, filters, self.source.folder, environment, *arguments
            )
            if suffix:
                output = target.read_bytes()
            return output, outline.read_text("utf-8") if outline.is_file() else ""

    def _front(self) -> dict[str, Any]:
        """Return the metadata that pandoc and the templates see."""
        front = {k: v for k, v in self.metadata.items() if k not in ("filters", "from", "author")}
        authors = normal_authors(self.metadata.get("author"))
        if authors:
            front["by-author"] = authors
            front["author"] = [author["name"]["literal"] for author in authors]
        if "date" in front:
            front["date"] = str(front["date"])
        return front


def load_document(source: Source, target: str) -> Document:
    """Fill in the shortcodes of `source` for the format `target`."""
    metadata = source.metadata(target)
    text, metadata, tokens = replace_shortcodes(source, metadata, load_variables(source.stage))
    return Document(source, target, metadata, tokens, text)


def normal_authors(given: Any) -> list[dict[str, Any]]:
    """Return authors as Quarto hands them to templates: names and affiliations in full."""
    authors = []
    for author in given if isinstance(given, list) else [given] if given else []:
        entry = {"name": author} if isinstance(author, str) else author
        if not isinstance(entry, Mapping) or "name" not in entry:
            raise AnewError(f"author {author!r} has no name.", "Write author: or author: name:.")
        places = entry.get("affiliations") or entry.get("affiliation") or []
        places = places if isinstance(places, list) else [places]
        authors.append(
            {
                "name": {"literal": str(entry["name"])},
                "affiliations": [
                    {"name": str(place["name"] if isinstance(place, Mapping) else place)}
                    for place in places
                ],
            }
        )
    return authors


def iso_date(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of `2026-07-01`, None for anything else."""
    match = _ISO_DATE.match(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
