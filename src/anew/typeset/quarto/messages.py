"""What Quarto says when something is wrong, without what it says anyway."""

from __future__ import annotations

import re
from collections.abc import Sequence

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_HEAD = re.compile(r"^(?:WARNING|WARN|ERROR)\b(?: \([^)]*\))?:?\s*(.*)$")
_TRACE = re.compile(r"^\s*(?:Stack trace|stack traceback):|^\s+at (?:async )?\S+ \(|^\s+\[C\]: in")
_TYPST = re.compile(r"(?:^|DONE|\.\.\.)warning: (.+)$")
_OURS = re.compile(r"\b(?:anew|references): ")
_LUA = re.compile(r"^Error running filter|\.lua:\d+: (?!anew: |references: )")

#: Said on every machine without a validator that nobody here asked for.
_HARMLESS = ("PDF standard validation requested but verapdf is not installed",)

#: What a complaint is about, as it stands in the source.
_SUBJECTS = (
    (re.compile(r"crossref @?([\w:-]+)"), r"@{}(?![\w-])"),
    (re.compile(r"Unknown var (\S+)"), r"\bvar\s+{}\b"),
    (re.compile(r"Unknown meta (?:key )?(\S+)"), r"\bmeta\s+{}\b"),
    (re.compile(r"Shortcode '([^']+)'"), r"<\s*{}\b"),
    (re.compile(r"link target: (\S+)"), r"\]\([^)]*{}"),
    (re.compile(r"makes the claim (\S+)"), r"[\"'=]{}[\"'}}\s]"),
    (re.compile(r"citation key @(\S+)"), r"@{}(?![\w-])"),
    (re.compile(r"figure (fig-\S+) has"), r"#{}\b"),
    (re.compile(r"label `?<([\w-]+)>`? does not exist"), r"#{}\b"),
    (re.compile(r"label `?<([\w-]+)>`? occurs"), r"#{}\b"),
    (re.compile(r"searched at [^)]*?([^/\\)]+)\)"), r"{}"),
    (re.compile(r"include[^\n]*?([\w./-]+\.(?:qmd|md))"), r"include\s+\S*{}"),
)


def complaints(said: str, *, failed: bool) -> list[str]:
    """Return what Quarto complained of, each once: warnings and errors with their detail.

    Where it `failed` without a complaint, the last lines that it said are the complaint.
    """
    lines = [_COLOUR.sub("", line).rstrip() for line in said.splitlines()]
    found: list[str] = []
    current: list[str] | None = None
    error = False
    for line in lines:
        head = _HEAD.match(line)
        typst = _TYPST.search(line)
        if head or typst:
            error = line.startswith("ERROR")
            current = [head[1] if head else f"Typst: {typst[1]}" if typst else ""]
            found.append("")
        elif current is None or _LUA.search(line):
            continue
        elif _TRACE.search(line) or line.startswith("Output created") or not (line or error):
            current = None  # a warning ends with a blank line, an error with its trace
            continue
        elif line.strip() and line not in current:
            current.append(line)
        found[-1] = "\n    ".join(part for part in current if part.strip())
    kept = [text for text in dict.fromkeys(found) if text and not text.startswith(_HARMLESS)]
    # a filter's own refusal says it all; what Lua and Quarto add does not
    ours = [text for text in kept if _OURS.search(text)]
    kept = ours if ours and failed else kept
    if failed and not kept:
        kept = ["\n    ".join(line for line in lines[-12:] if line.strip()) or "no message"]
    return [_shortened(text) for text in kept]


def located(complaint: str, source: Sequence[tuple[str, str]]) -> str:
    """Return a complaint with the place in the text that it is about, where it can be told.

    `source` holds (place, line) of the whole text.
    """
    for about, pattern in _SUBJECTS:
        found = about.search(complaint)
        if not found:
            continue
        wanted = re.compile(pattern.format(re.escape(found[1].strip("`'\".,"))))
        for place, line in source:
            if wanted.search(line):
                return f"{place}: {complaint}"
    return complaint


def _shortened(text: str, most: int = 12) -> str:
    lines = text.split("\n")
    return text if len(lines) <= most else "\n".join([*lines[:most], "    …"])
