"""Showing results: a table in each language's page of the documentation, and a plot."""

from __future__ import annotations

import re
from collections.abc import Sequence

from benchmarks.cases import CASES
from benchmarks.growth import GROWTHS
from benchmarks.place import ROOT
from benchmarks.results import Ratio, Result, Results

PAGES = {"en": ROOT / "docs/speed.md", "zh": ROOT / "docs/speed.zh.md"}

_WORDS = {
    "en": {
        "heads": ["", "seconds", "times the usual", "from … to", "times the limit", "peak MB"],
        "grown": ["what grows", "size", "seconds", "peak MB"],
        "machine": "Rounds: {rounds}, on {cores} cores, {processor}, Python {python}, {measured},"
        " commit {commit}. Seconds are medians.",
        "absent": "not run",
        "none": "Not measured yet on a quiet machine: `make bench` does it and renews this page.",
        "plot": "Ratios to the usual, and growth",
        "axis": "Seconds for each second of what people do (logarithmic)",
        "sizes": "Times the smallest size",
        "times": "Times the time of the smallest size",
    },
    "zh": {
        "heads": ["", "秒", "与通常做法之比", "范围", "与下限之比", "内存峰值（MB）"],
        "grown": ["增长的是", "规模", "秒", "内存峰值（MB）"],
        "machine": "{cores} 核，{processor}，Python {python}，{rounds} 轮，{measured}，"
        "提交 {commit}。秒数为中位数。",
        "absent": "未运行",
        "none": "尚未在空闲的机器上测量：运行 `make bench` 会测量并更新本页。",
        "plot": "与通常做法之比，以及规模增长",
        "axis": "用时与通常做法之比（对数坐标）",
        "sizes": "规模是最小规模的多少倍",
        "times": "用时是最小规模的多少倍",
    },
}


def show(results: Results) -> None:
    """Write the tables into the pages of the documentation, and draw the plots beside them."""
    for language, page in PAGES.items():
        text = page.read_text("utf-8")
        plot = f"![{_WORDS[language]['plot']}](pictures/speed.{language}.svg)"
        none = [_WORDS[language]["none"]]
        parts = {
            "cases": [*case_lines(results, language), "", plot] if results.cases else none,
            "growth": growth_lines(results, language) if results.growth else none,
        }
        for name, lines in parts.items():
            head, tail = re.split(
                rf"(?s)(?<=<!-- {name}: made by make bench -->\n).*?(?=<!-- end -->)",
                text,
                maxsplit=1,
            )
            text = "\n".join([head, *lines, "", tail])
        page.write_text(text, "utf-8", newline="\n")
        if results.cases:
            _plot(results, language)


def case_lines(results: Results, language: str) -> list[str]:
    """Return the cases as a Markdown table, and the machine below it."""
    words = _WORDS[language]
    lines = _head(words["heads"])
    for case in CASES:
        one = results.cases.get(case.id)
        if one is not None:
            lines.append(_row([case.told(language), *_cells(one, words["absent"])]))
    told = {"processor": "", **results.machine, "rounds": results.rounds}
    told |= {"measured": results.measured, "commit": results.commit}
    return [*lines, "", words["machine"].format(**told)]


def _cells(one: Result, absent: str) -> list[str]:
    if not one.seconds:
        return [absent, "", "", "", ""]
    return [
        f"{one.seconds:.2f}", _of(one.usual),
        f"{one.usual.low:.3f}–{one.usual.high:.3f}" if one.usual else "",
        _of(one.limit), f"{one.memory:.0f}" if one.memory else "",
    ]  # fmt: skip


def growth_lines(results: Results, language: str) -> list[str]:
    """Return how a build grows as a Markdown table."""
    words = _WORDS[language]
    lines = _head(words["grown"])
    for growth in GROWTHS:
        for size, one in results.growth.get(growth.id, {}).items():
            cells = [f"{size:,}", f"{one.seconds:.2f}", f"{one.memory:.0f}" if one.memory else ""]
            lines.append(_row([getattr(growth, language), *cells]))
    return lines


def _of(ratio: Ratio | None) -> str:
    return f"{ratio.middle:.3f}" if ratio else ""


def _head(cells: Sequence[str]) -> list[str]:
    return [_row(cells), _row(["---", *["---:"] * (len(cells) - 1)])]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plot(results: Results, language: str) -> None:
    """Draw the ratios with their spread, and growth beside them."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    from anew.figures.drawing import style
    from anew.project.paths import Project

    words = _WORDS[language]
    shown = [c for c in CASES[::-1] if c.id in results.cases and results.cases[c.id].usual]
    with style(language, Project(ROOT)):
        figure = Figure(figsize=(9, 7.5), layout="constrained")
        above, below = figure.subplots(2, 1, height_ratios=[3, 2])
        for at, case in enumerate(shown):
            ratio = results.cases[case.id].usual
            assert ratio is not None
            own = case.way == "anew"
            above.plot([ratio.low, ratio.high], [at, at], color="0.6", lw=2)
            above.plot(ratio.middle, at, "o", color="#b5452c" if own else "#33658a")
        above.set_yticks(range(len(shown)), [case.told(language) for case in shown])
        above.set_xscale("log")
        above.set_xlabel(words["axis"])
        above.grid(axis="x", color="0.9")
        above.margins(x=0.03, y=0.03)
        for growth in GROWTHS:
            found = results.growth.get(growth.id, {})
            if found:
                first, *_ = sizes = list(found)
                times = [found[size].seconds / found[first].seconds for size in sizes]
                label = getattr(growth, language)
                below.plot([size / first for size in sizes], times, "o-", label=label, ms=4)
        below.set_xscale("log")
        below.set_yscale("log")
        below.axline((1, 1), (10, 10), color="0.7", ls=":")
        below.set_xlabel(words["sizes"])
        below.set_ylabel(words["times"])
        for axis in (above.xaxis, below.xaxis, below.yaxis):
            axis.set_major_formatter(StrMethodFormatter("{x:g}"))  # no powers: text is no TeX here
            axis.set_minor_formatter(NullFormatter())
        if below.get_legend_handles_labels()[0]:
            below.legend(fontsize="small")
        file = ROOT / f"docs/pictures/speed.{language}.svg"
        figure.savefig(file, metadata={"Date": None, "Creator": None})
