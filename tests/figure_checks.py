"""What every figure is held to: legible words, one drawing in both languages, sound sentences."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from anew.figures.drawing import Words, style
from anew.figures.legibility import illegible
from anew.figures.words import LAYOUTS
from anew.notebook.findings import Claim
from anew.project.language import LANGUAGES
from anew.project.paths import Project

PROJECT = Project(Path(__file__).parents[1])
RAW = PROJECT.raw
SOURCE = {"zh": "来源：某机构，2024-09 版。", "en": "Source: an agency, vintage 2024-09."}


def drawn(draw: Callable[..., Figure], frame, words: Mapping[str, Words], language: str) -> Figure:
    """Return the figure in one language, laid out; call `marks` or `illegible` on it."""
    with style(language, PROJECT):
        return draw(frame, replace(words[language], source=SOURCE[language]), language)


def unreadable(draw: Callable[..., Figure], frame, words: Mapping[str, Words]) -> list[str]:
    """Return what is illegible in either language, in any layout."""
    problems = []
    for language in ("zh", "en"):
        for layout in LAYOUTS:
            said = replace(words[language], source=SOURCE[language], layout=layout)
            with style(language, PROJECT):
                found = illegible(draw(frame, said, language))
            problems += [f"{language}, {layout.name}: {problem}" for problem in found]
    return problems


def marks(figure: Figure) -> list[tuple]:
    """Return everything that is drawn from data, in data coordinates, words left out."""
    found: list[tuple] = []
    for ax in figure.axes:
        for line in ax.lines:
            # printed, because a gap is no number and would not equal itself
            points = [(f"{x:.9f}", f"{y:.9f}") for x, y in line.get_xydata()]
            look = (line.get_color(), line.get_marker(), line.get_markerfacecolor())
            found.append(("line", tuple(points), str(look)))
        for patch in ax.patches:
            vertices = patch.get_patch_transform().transform(patch.get_path().vertices)
            corners = tuple((round(float(x), 9), round(float(y), 9)) for x, y in vertices)
            found.append(("patch", corners, str(patch.get_facecolor())))
    return found


def same_drawing(draw: Callable[..., Figure], frame, words: Mapping[str, Words]) -> bool:
    """Return whether both languages draw the same marks at the same values."""
    return marks(drawn(draw, frame, words, "zh")) == marks(drawn(draw, frame, words, "en"))


def faults_in(words: Mapping[str, Words]) -> list[str]:
    """Return what no sentence of a figure may have, in either language."""
    faults = []
    for language, said in words.items():
        for part in ("title", "measure", "note", "alt"):
            text = getattr(said, part)
            if not text.strip():
                faults.append(f"{language} {part} is empty")
            if re.search(r"\bnan\b|\bNone\b|\binf\b|[{}]|\(\)|（）|  |\b(WLD|EUU|USD)\b", text):
                faults.append(f"{language} {part}: {text}")
            if re.search(r"[，。；、：,.;:]{2,}|[，；、：,;:]$|^[，。；,.;]| [,.;)]", text):
                faults.append(f"{language} {part} has stray punctuation: {text}")
            if language == "en" and re.search(r"[\u3000-\u9fff\uff00-\uffef]", text):
                faults.append(f"Chinese in the English {part}: {text}")
            if language == "en" and not re.match(r"(\* )?[A-Z0-9“]", text):
                faults.append(f"the English {part} begins small: {text}")
            slips = r"\bthe the\b|\ba [aeiou]\w|\b(the|of|and)[,;.)]"
            if language == "en" and re.search(slips, text):
                faults.append(f"the English {part} is ungrammatical: {text}")
        if said.title.endswith((".", "。")):
            faults.append(f"{language} title ends in a full stop")
        for part in ("note", "alt"):
            if not getattr(said, part).endswith((".", "。")):
                faults.append(f"{language} {part} has no full stop")
    return faults


def sound_claims(claims: Sequence[Claim]) -> bool:
    """Return whether claims have what a session needs: ids once, evidence, every language."""
    ids = [claim.id for claim in claims]
    assert len(ids) == len(set(ids))
    for claim in claims:
        assert claim.evidence and set(claim.fails_when) == set(LANGUAGES)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.id)
    return True


def outcomes(address: str, **given: Any) -> dict[str, bool]:
    """Return what the tests of a notebook's claims come to, with some of its names `given`.

    These are the statements of its cell `state` as far as `holds`; those that would make a given
    name are left out, so that a test can give other data than the edition's.
    """
    cells = json.loads(PROJECT.notebooks()[address].read_text("utf-8"))["cells"]
    trees = {c["id"]: ast.parse("".join(c["source"])) for c in cells if c["cell_type"] == "code"}
    names = dict(given)
    imports = [n for n in trees["read"].body if isinstance(n, ast.Import | ast.ImportFrom)]
    run = [node for node in trees["state"].body if not _made_by(node) & set(given)]
    last = next(number for number, node in enumerate(run) if "holds" in _made_by(node))
    exec(compile(ast.Module([*imports, *run[: last + 1]], []), address, "exec"), names)
    return {id: bool(holds) for id, holds in names["holds"].items()}


def _made_by(node: ast.stmt) -> set[str]:
    """Return the names that a statement assigns or defines."""
    if isinstance(node, ast.FunctionDef):
        return {node.name}
    targets = node.targets if isinstance(node, ast.Assign) else []
    return {name.id for t in targets for name in ast.walk(t) if isinstance(name, ast.Name)}
