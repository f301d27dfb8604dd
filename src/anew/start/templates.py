"""Templates of a project's files: real files in the package, filled in for its languages.

`<< … >>` and `<% … %>` mark what is filled in, since braces are YAML's, Quarto's and pandoc's own.
Modules and notebooks have `.j2` after their names. A notebook is written as a script, in which
`# %% parameters`, `# %%` and `# %% [markdown]` begin a cell.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent
_CELL = re.compile(r"^# %%[ ]?(.*)\n", re.MULTILINE)


def render(folder: str, languages: Sequence[str], values: Mapping[str, object]) -> dict[str, str]:
    """Return the files of a template folder by path, filled in with `values`."""
    root = _FOLDER / folder
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return {
        _named(name, values): _written(name, fill(root / name, languages, values))
        for name in names
        if "__pycache__" not in name and _spoken(name, languages)
    }


def fill(path: Path, languages: Sequence[str], values: Mapping[str, object]) -> str:
    """Return the text of one template, filled in."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        block_start_string="<%", block_end_string="%>", variable_start_string="<<",
        variable_end_string=">>", comment_start_string="<#", comment_end_string="#>",
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
        undefined=StrictUndefined, autoescape=False,
    )  # fmt: skip

    def text(**said: str) -> str:
        """Return words by language as YAML and Python both read them."""
        pairs = (f'"{la}": {json.dumps(said[la], ensure_ascii=False)}' for la in languages)
        return "{" + ", ".join(pairs) + "}"

    environment.globals.update(
        languages=list(languages),
        text=text,
        either_of=lambda language, **said: said[language],
        either=lambda **said: " · ".join(said[language] for language in languages),
        quoted=lambda said: json.dumps(said, ensure_ascii=False),
        sha256=lambda name: hashlib.sha256((_FOLDER / "project" / name).read_bytes()).hexdigest(),
    )
    return environment.from_string(path.read_text("utf-8")).render(**values)


def _spoken(name: str, languages: Sequence[str]) -> bool:
    """Return whether a file belongs to a report in these languages."""
    match = re.match(r"report/(\w\w)/", name)
    return match is None or match[1] in languages


def _named(name: str, values: Mapping[str, object]) -> str:
    """Return a file's name in the project: a dot file has no dot in the package."""
    for key, value in values.items():
        name = name.replace(f"__{key}__", str(value))
    return re.sub(r"(^|/)dot\.", r"\1.", name).removesuffix(".j2")


def _written(name: str, text: str) -> str:
    return notebook(text) if name.endswith(".ipynb.j2") else text


def notebook(script: str) -> str:
    """Return a script with cells as a notebook without outputs."""
    parts = _CELL.split(script)[1:]
    cells: list[dict[str, object]] = []
    for number, (kind, body) in enumerate(zip(parts[::2], parts[1::2], strict=True), 1):
        cell: dict[str, object] = {"id": f"cell-{number}", "metadata": {}}
        lines = body.strip("\n")
        if kind == "[markdown]":
            lines = re.sub(r"^# ?", "", lines, flags=re.MULTILINE)
            cell |= {"cell_type": "markdown", "source": lines}
        else:
            tags = {"tags": ["parameters"]} if kind == "parameters" else {}
            cell |= {"cell_type": "code", "source": lines, "metadata": tags}
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell)
    document = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
