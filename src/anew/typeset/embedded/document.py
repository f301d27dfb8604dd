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
from importlib import resources
from pathlib import Path
from typing import Any

from anew.notebook.findings import Claim, Woven, read_woven
from anew.project.language import KNOWN
from anew.text.document import Text
from anew.text.pandoc import run_pandoc
from anew.text.source import Source
from anew.typeset.embedded.callouts import callout_settings
from anew.typeset.embedded.crossref import crossref_settings
from anew.typeset.embedded.shortcodes import Values, fill, load_variables

#: Our own filters, in Quarto's order; the report's own run after the first or after all of them.
STEPS = ("shortcodes", "conditional", "callouts", "crossref", "finish")

#: Where a filter of `filters:` may stand, and where Quarto runs it.
ENTRY_POINTS = {"pre-ast": "before", "post-finalize": "after"}

#: What the build gathered for the text, from the stage's root.
WEAVE = "report/_built/weave.json"

_ISO_DATE = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")


@dataclass(frozen=True)
class Document:
    """A text with the values of its shortcodes in the format `target` (html, typst or docx)."""

    text: Text
    target: str
    metadata: Mapping[str, Any]
    values: Values

    @property
    def source(self) -> Source:
        return self.text.source

    @property
    def tag(self) -> str:
        """The language tag of the document."""
        return str(self.metadata.get("lang", "en"))

    @property
    def language(self) -> str:
        """The language whose words are printed; English for one that the engine does not have."""
        language = self.tag.lower().partition("-")[0]
        return language if language in KNOWN else "en"

    @property
    def reader(self) -> str:
        return str(self.metadata.get("from", "markdown"))

    @cached_property
    def weave(self) -> Woven | None:
        """What the build gathered for the text; None when it has not."""
        path = self.source.stage / WEAVE
        return read_woven(path) if path.is_file() else None

    @property
    def claims(self) -> Mapping[str, Claim] | None:
        """The edition's claims by id; None when the build has not gathered them."""
        return None if self.weave is None else self.weave.claims

    @property
    def elsewhere(self) -> set[str]:
        """The ids that other documents of the language have; the text may refer to them."""
        return set(self.weave.elsewhere.get(self.language, {})) if self.weave else set()

    @property
    def tables(self) -> set[str]:
        """The ids of the tables that the build wrote in the document's language."""
        folder = (self.source.stage / WEAVE).parent / self.language
        return {path.stem for path in folder.glob("tbl-*.md")}

    @property
    def date(self) -> tuple[int, int, int]:
        """The document's own day, else its edition's, else one that no clock gave."""
        typed = str(self.metadata.get("date", ""))
        for token, value in self.values.by_token.items():
            typed = typed.replace(token, value.get("markdown", ""))
        edition = self.weave.date if self.weave else ""
        return iso_date(typed) or iso_date(edition) or (1980, 1, 1)

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
            "tokens": self.values.by_token,
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
        first, *others = map(filter_path, STEPS)
        filters = [first, *before, *others, *after, *map(filter_path, extra)]
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
            passes = [part for path in filters for part in ("--lua-filter", path)]
            output = run_pandoc(
                ["--from", "json", "--to", writer, "--wrap", "none", *arguments, *passes],
                json.dumps(self.text.tree(self.target), ensure_ascii=False),
                self.source.folder,
                environment,
            )
            if suffix:
                output = target.read_bytes()
            return output, outline.read_text("utf-8") if outline.is_file() else ""


def load_document(text: Text, target: str) -> Document:
    """Fill in the shortcodes of `text` for the format `target`."""
    metadata = text.metadata(target)
    variables = load_variables(text.source.stage)
    return Document(text, target, metadata, fill(text.source, text.tokens, metadata, variables))


def filter_path(name: str) -> str:
    """Return the path of the embedded typesetter's own filter `name`."""
    return str(resources.files("anew.typeset.embedded") / "filters" / f"{name}.lua")


def iso_date(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of `2026-07-01`, None for anything else."""
    match = _ISO_DATE.match(text.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
