"""The reference of the documentation, generated from the code as Sphinx builds it (docs/conf.py).

A page is made of what the engine says of itself: help texts of commands, the meaning of each key,
docstrings of what a notebook calls, the theme's variables.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import messages
import typer
from licences import licences

ROOT = Path(__file__).parents[1]
CSS = ROOT / "src/anew/site/theme/anew.css"

#: How each command is used, a line each; a test holds this against the commands that there are.
EXAMPLES = {
    "build": "anew build --edition 2026 --only fig3,fig7",
    "explain": "anew explain --edition 2026",
    "check": "anew check --strict",
    "accept": "anew accept data/raw/gdp/2026-07-01.csv",
    "serve": "anew serve",
    "translated": "anew translated report/zh/index.qmd:sec-rain",
    "init": 'anew init rain --languages zh,en --title "Rain" --title zh=降水',
    "ingest": "anew ingest API_NY.GDP.zip --dry-run",
    "fetch": "anew fetch gdp",
    "diff": "anew diff 2025 2026",
    "conformance": "anew conformance",
    "sweep": "anew sweep --over focus=IND,DEU --over edition=all",
    "release": "anew release 2026",
    "reproduce": "anew reproduce https://example.org/report/",
    "export": "anew export --edition 2026 --crate",
    "add figure": "anew add figure rain-share --table rainfall",
    "add table": "anew add table snow",
    "add section": "anew add section method",
    "edition new": "anew edition new 2027 --last 2026",
    "edition list": "anew edition list",
    "edition show": "anew edition show 2026",
}
FILES = {
    "catalog": ("data/catalog.yml", "The catalogue of raw tables."),
    "editions": (
        "data/editions.yml",
        "The editions: what each notebook reads, and its parameters.",
    ),
    "units": ("analysis/units.yml", "How facts are printed. A key is the name of a unit."),
    "quarto": ("_quarto.yml", "What the engine reads of Quarto's own file."),
    "claims": ("data/published/claims.yml", "The statements of a study that is reproduced."),
}
#: What notebooks and modules of `analysis` call, by the module that has it.
CALLED = {
    "anew": ["open", "period"],
    "anew.notebook.session": ["Session"],
    "anew.figures.words": ["Words"],
    "anew.figures.drawing": ["new_figure", "mark_points"],
    "anew.figures.lines": ["line_chart", "Remark", "year_ticks"],
    "anew.figures.bars": ["bar_chart", "Bar"],
    "anew.figures.labelling": ["spread", "free_box"],
    "anew.figures.palette": ["Look", "looks_of"],
    "anew.figures.plain": ["redraw", "values_of"],
    "anew.notebook.findings": ["Claim", "Tested"],
}
#: Files of a published site that are made for machines.
PUBLISHED = {
    "manifest.json": "Hashes of sources, environment and every published file; parameters, facts, "
    "claims and figure data: what `anew reproduce` compares with.",
    "facts.json": "Every fact: value in base units, unit, figure, and how each language prints it.",
    "claims.json": "Every claim: whether it holds, its evidence, when it would fail, and where it "
    "is made.",
    "figures.json": "Every figure: address, number, title, files and points.",
    "data/datapackage.json": "The raw tables as a Frictionless data package.",
    "feed.xml": "An Atom feed of the editions, where the site has an address.",
}


def pages() -> dict[str, str]:
    """Return the generated pages by path, as Markdown."""
    return {
        "reference/commands.md": "\n".join(commands()),
        "reference/files.md": "\n".join(keys()),
        "reference/notebooks.md": "\n".join(called()),
        "reference/site.md": "\n".join(published()),
        "reference/licences.md": "\n".join(licences()),
        "errors.md": "\n".join(messages.error_page("en")),
        "errors.zh.md": "\n".join(messages.error_page("zh")),
    }


def verbs() -> dict[str, Any]:
    """Return every command of the command line by its name, such as `edition new`."""
    from anew.cli.main import app

    def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
        for sub, one in getattr(command, "commands", {}).items():
            yield from walk(one, f"{name} {sub}".strip())
        if not hasattr(command, "commands"):
            yield name, command

    return dict(walk(typer.main.get_command(app), ""))


def commands() -> Iterator[str]:
    """Yield the lines of the page of commands."""
    yield "# Commands\n"
    yield "Exit codes: 0 done; 1 a step of a build failed, a claim does not hold or a reproduction"
    yield "differs; 2 what was typed or read is refused, or a check found errors, and nothing was"
    yield "written; 130 and 143 stopped by a signal.\n"
    for name, command in sorted(verbs().items()):
        yield f"## anew {name}\n"
        yield f"{inspect.cleandoc(command.help or '')}\n"
        yield f"```\n{EXAMPLES[name]}\n```\n"
        rows = [row for one in command.params if (row := _parameter(one))]
        if rows:
            yield "| | |\n|---|---|"
            yield from rows
            yield ""


def _parameter(one: Any) -> str | None:
    if getattr(one, "hidden", False) or one.name == "help":
        return None
    option = getattr(one, "param_type_name", "") == "option"
    name = ", ".join(f"`{opt}`" for opt in one.opts) if option else f"`{one.name}`"
    return f"| {name} | {_cell(getattr(one, 'help', '') or '')} |"


def keys() -> Iterator[str]:
    """Yield the lines of the page of files: every key, what it means, its type and default."""
    from anew.start.schemas import schemas

    yield "# Files\n"
    yield "An editor completes and checks these files by the schema that their first line names."
    yield "A text is written in each language of the report: `{zh: 降水, en: Rain}`.\n"
    found = schemas()
    for name, (file, about) in FILES.items():
        yield f"## {file}\n\n{about}\n"
        schema = found[name]
        for model, part in {schema["title"]: schema, **schema.get("$defs", {})}.items():
            properties = part.get("properties")
            if not properties or part.get("format"):
                continue
            if part is not schema:
                yield f"### {model.lstrip('_')}\n"
            yield "| key | meaning | default |\n|---|---|---|"
            for key, value in properties.items():
                default = "required" if key in part.get("required", ()) else _default(value)
                yield f"| `{key}` | {_cell(value['description'])} | {default} |"
            yield ""


def _default(value: dict[str, Any]) -> str:
    default = value.get("default")
    return "" if default in (None, [], {}, "") or isinstance(default, dict) else f"`{default}`"


def called() -> Iterator[str]:
    """Yield the lines of the page of what a notebook calls."""
    import importlib

    yield "# What a notebook calls\n"
    for module, names in CALLED.items():
        yield f"## {module}\n"
        for name in names:
            one = getattr(importlib.import_module(module), name)
            if inspect.isclass(one):
                yield f"### {name}\n\n{_doc(one)}\n"
                for method, function in public_methods(one):
                    yield f"#### {name}.{method}\n\n{_signature(method, function)}"
                    yield f"{_doc(function)}\n"
            else:
                yield f"### {name}\n\n{_signature(name, one)}{_doc(one)}\n"


def public_methods(one: type) -> list[tuple[str, Any]]:
    """Return the methods of a class that a notebook may call, in the order of the source."""
    found = [(n, f) for n, f in vars(one).items() if inspect.isfunction(f) and n[0] != "_"]
    return [(name, function) for name, function in found if name not in ("write", "findings")]


def _signature(name: str, function: Any) -> str:
    signature = str(inspect.signature(function)).replace("'", "")
    plain = re.sub(r"\(self(, )?", "(", signature)
    return f"```python\n{name}{plain}\n```\n\n"


def _doc(one: Any) -> str:
    return inspect.getdoc(one) or ""


def published() -> Iterator[str]:
    """Yield the lines of the page of the site: files for machines, and the theme's variables."""
    yield "# The site\n\n## Files for machines\n\n| file | what it holds |\n|---|---|"
    for name, about in PUBLISHED.items():
        yield f"| `{name}` | {about} |"
    yield "\n## Variables of the theme\n"
    yield "`anew init --eject theme` copies the theme to `report/theme/`; a file there replaces the"
    yield "engine's. Colours and type are variables of `anew.css`, for light pages here:\n"
    yield "| variable | value |\n|---|---|"
    for name, value in variables().items():
        yield f"| `{name}` | `{_cell(value)}` |"


def variables() -> dict[str, str]:
    """Return the theme's variables as light pages have them."""
    found: dict[str, str] = {}
    for name, value in re.findall(r"^  (--[\w-]+):\s*([^;]+);", CSS.read_text("utf-8"), re.M):
        found.setdefault(name, " ".join(value.split()))
    return found


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
