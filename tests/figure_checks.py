"""What every figure is held to: legible words, one drawing in both languages, sound sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from matplotlib.figure import Figure

from anew.figures.drawing import Words, style
from anew.figures.legibility import illegible
from anew.project.paths import Project

PROJECT = Project(Path(__file__).parents[1])
RAW = PROJECT.raw
SOURCE = {"zh": "来源：某机构，2024-09 版。", "en": "Source: an agency, vintage 2024-09."}


def drawn(draw: Callable[..., Figure], frame, words: Mapping[str, Words], language: str) -> Figure:
    """Return the figure in one language, laid out; call `marks` or `illegible` on it."""
    with style(language, PROJECT):
        return draw(frame, replace(words[language], source=SOURCE[language]), language)


def unreadable(draw: Callable[..., Figure], frame, words: Mapping[str, Words]) -> list[str]:
    """Return what is illegible in either language."""
    problems = []
    for language in ("zh", "en"):
        with style(language, PROJECT):
            figure = draw(frame, replace(words[language], source=SOURCE[language]), language)
            problems += [f"{language}: {problem}" for problem in illegible(figure)]
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


def sound_claims(claims: list[dict]) -> bool:
    """Return whether claims have what a session needs: ids once, evidence, both languages."""
    ids = [claim["id"] for claim in claims]
    assert len(ids) == len(set(ids))
    for claim in claims:
        assert set(claim) == {"id", "holds", "evidence", "fails_when"}, claim["id"]
        assert claim["evidence"] and set(claim["fails_when"]) == {"zh", "en"}
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim["id"])
        assert bool(claim["holds"]) in (True, False)
    return True
