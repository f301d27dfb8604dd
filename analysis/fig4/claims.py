"""What Fig. 4 says: in which technologies China leads, trails or matches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.fig4.compute import DIGITAL, ELECTRICAL, GROUPS, count_of, families
from analysis.shared.words import Book
from anew.notebook.findings import Claim, Evidence, Quantity, Tested

WORDS = Book.beside(__file__)

#: Topics of the text: a short name for ids, and the fields it sums.
TOPICS = {
    "comm": GROUPS["communications"],
    "comp": (6,),
    "semi": (8,),
    "itm": GROUPS["it_methods"],
}

THREE = ("CHN", "USA", "EUU")

#: The study names them as those who caught up in chips (section 2.2).
MEMORY_CHIPS = ("JPN", "KOR")


class Patents:
    """Patent counts of three tables, read by topic, economy and year."""

    def __init__(
        self,
        families: pd.DataFrame,
        ai_applications: pd.DataFrame,
        pct_applications: pd.DataFrame,
        first: int,
        last: int,
    ) -> None:
        self.table, self.ai, self.pct = families, ai_applications, pct_applications
        self.first, self.last = first, last

    @property
    def study_years(self) -> tuple[int, int]:
        """The years in which the study's statements are tested, whatever a figure shows.

        The study's own series begins in 2018; the table's last year in which all three have every
        field is the nearest to its end, 2022.
        """
        rows = self.table[self.table["economy"].isin(THREE)]
        cells = rows.groupby("year")["wipo_field"].count()
        return 2018, int(cells[cells == len(THREE) * len(ELECTRICAL)].index.max())

    @property
    def pct_year(self) -> int:
        """The last year in which all three economies have PCT applications."""
        rows = self.pct[self.pct["economy"].isin(THREE)]
        return int(rows.groupby("year")["economy"].nunique().loc[lambda n: n == 3].index.max())

    def of(self, fields: Iterable[int], economy: str, year: int) -> float:
        return families(self.table, economy, year, fields)

    def ratio(self, fields: Iterable[int], year: int, over: str = "USA") -> float:
        """Return China's families over those of another economy."""
        return _over(self.of(fields, "CHN", year), self.of(fields, over, year))

    def evidence(self, fields: Sequence[int], years: Iterable[int]) -> dict[str, object]:
        """Return the three economies' families in some fields, by table, fields and year."""
        told = "–".join(map(str, sorted({fields[0], fields[-1]})))
        return {
            f"patent_families {told}, {year}": {c: self.of(fields, c, year) for c in THREE}
            for year in years
        }

    def trailing(self, year: int) -> list[int]:
        """Return the digital fields in which China is not ahead of both others."""
        return [
            field
            for field in DIGITAL
            if not (self.ratio([field], year) > 1 and self.ratio([field], year, "EUU") > 1)
        ]

    def ai_counts(self, years: Iterable[int]) -> dict[str, object]:
        """Return China's and the USA's AI applications as evidence, by year."""
        return {
            f"ai_patent_applications {year}": {
                code: count_of(self.ai, code, year) for code in ("CHN", "USA")
            }
            for year in years
        }

    def ai_ratio(self, year: int) -> float:
        return _over(count_of(self.ai, "CHN", year), count_of(self.ai, "USA", year))

    def pct_ratio(self, year: int) -> float:
        return _over(count_of(self.pct, "CHN", year), count_of(self.pct, "USA", year))


def facts(patents: Patents) -> dict[str, Quantity]:
    """Return the facts of the figure: id → (value, unit). What has no value is left out."""
    p, first, last = patents, patents.first, patents.last
    pct_year = p.pct_year
    found: dict[str, Quantity] = {
        "patents_first_year": (first, "year"),
        "patents_last_year": (last, "year"),
        "patents_digital_chn_first": (p.of(DIGITAL, "CHN", first), "families"),
        "patents_digital_chn": (p.of(DIGITAL, "CHN", last), "families"),
        "patents_digital_growth_chn": (
            100 * (_over(p.of(DIGITAL, "CHN", last), p.of(DIGITAL, "CHN", first)) - 1),
            "percent",
        ),
        "pct_last_year": (pct_year, "year"),
        "pct_ratio": (p.pct_ratio(pct_year), "ratio"),
        "pct_ratio_same_year": (p.pct_ratio(last), "ratio"),
        "families_ratio_same_year": (p.ratio(ELECTRICAL, last), "ratio"),
        "ai_patents_ratio_first": (p.ai_ratio(first), "ratio"),
        "ai_patents_ratio": (p.ai_ratio(last), "ratio"),
    }
    for topic, fields in TOPICS.items():
        for code in THREE:
            found[f"patents_{topic}_{code.lower()}"] = (p.of(fields, code, last), "families")
        found[f"patents_{topic}_ratio"] = (p.ratio(fields, last), "ratio")
        if topic != "semi":
            found[f"patents_{topic}_ratio_first"] = (p.ratio(fields, first), "ratio")
    for code in MEMORY_CHIPS:
        found[f"patents_semi_{code.lower()}"] = (p.of((8,), code, last), "families")
    for code in THREE:
        found[f"pct_{code.lower()}"] = (count_of(p.pct, code, pct_year), "applications")
    return {
        id: (int(value) if unit in ("families", "applications") else value, unit)
        for id, (value, unit) in found.items()
        if not math.isnan(value)
    }


def claims(holds: Mapping[str, bool], patents: Patents) -> list[Claim]:
    """Return the claims that the text makes of the figure; `holds` is the outcome of each test."""
    p, first, last = patents, patents.first, patents.last
    both, year = (first, last), p.pct_year
    comm, itm = TOPICS["comm"], TOPICS["itm"]

    def ratios(fields: Sequence[int]) -> dict[str, object]:
        return {f"CHN / USA {year}": p.ratio(fields, year) for year in both}

    evidence: dict[str, Evidence] = {
        "china-leads-every-field": {
            f"patent_families {field}, {last}": {c: p.of([field], c, last) for c in THREE}
            for field in DIGITAL
        },
        "china-digital-families-grew": {
            f"patent_families 2–8 CHN, {y}": p.of(DIGITAL, "CHN", y) for y in both
        },
        "china-lead-grew-in-computer-technology": ratios(TOPICS["comp"]),
        "china-lead-grew-in-communications": p.evidence(comm, both) | ratios(comm),
        "china-ahead-in-computer-technology-and-chips": p.evidence([6], [last])
        | p.evidence([8], [last]),
        "it-methods-close-then-apart": p.evidence(itm, both) | ratios(itm),
        "usa-ahead-of-eu-in-software-and-chips": p.evidence([6], both) | p.evidence([8], both),
        "japan-korea-ahead-of-usa-in-chips": {
            f"patent_families 8, {last}": {
                code: p.of([8], code, last) for code in (*MEMORY_CHIPS, "USA")
            }
        },
        "china-first-in-pct-by-less": {
            f"pct_applications_electrical {year}": {c: count_of(p.pct, c, year) for c in THREE},
            f"CHN / USA {last}": {
                "PCT applications": p.pct_ratio(last),
                "patent families, fields 1–8": p.ratio(ELECTRICAL, last),
            },
        },
        "ai-ratio-first-about-two": {
            f"ai_patent_applications CHN / USA {first}": p.ai_ratio(first)
        },
        "china-ai-patents-at-least-twice-usa": p.ai_counts(both),
    }
    return WORDS.claims(holds, evidence)


def statements(patents: Patents) -> list[Tested]:
    """Return findings on the study's four comparisons; all by substitutes, direction only."""
    p = patents
    first, last = p.study_years
    both = (first, last)
    comm, itm = TOPICS["comm"], TOPICS["itm"]
    comm_ratios, ai_ratios = [[p.ratio(comm, y) for y in both], [p.ai_ratio(y) for y in both]]
    near = 2.0  # "close": neither has twice the other's
    itm_ratios = {over: [p.ratio(itm, year, over) for year in both] for over in ("USA", "EUU")}
    leads = [one > 1 and other > 1 for one, other in zip(comm_ratios, ai_ratios, strict=True)]
    turned = leads[0] != leads[1]
    years: dict[str, Any] = {"first": first, "last": last}
    return [
        WORDS.statement(
            "patents-5g-ai-lead",
            agrees=comm_ratios[1] > 1 and ai_ratios[1] > 1,
            ours=[comm_ratios[1], ai_ratios[1]],
            evidence=p.evidence(comm, both) | p.ai_counts(both),
            turned="turned.yes" if turned else "turned.no",
            comm_first=comm_ratios[0],
            comm=comm_ratios[1],
            ai_first=ai_ratios[0],
            ai=ai_ratios[1],
            **years,
        ),
        WORDS.statement(
            "patents-software-behind",
            agrees=p.ratio([6], last) < 1 and p.ratio([6], last, "EUU") < 1,
            evidence=p.evidence([6], both),
            depends="substitute",
            way=_way(p, 6),
            field=6,
            **years,
        ),
        WORDS.statement(
            "patents-chips-between",
            agrees=p.ratio([8], last) < 1 < p.ratio([8], last, "EUU"),
            evidence=p.evidence([8], both),
            depends="substitute",
            way=_way(p, 8),
            field=8,
            **years,
        ),
        WORDS.statement(
            "patents-ecommerce-close",
            agrees=all(1 / near < ratio < near for _, ratio in itm_ratios.values()),
            ours=[itm_ratios["USA"][1], itm_ratios["EUU"][1]],
            evidence=p.evidence(itm, both),
            usa_first=itm_ratios["USA"][0],
            usa=itm_ratios["USA"][1],
            eu_first=itm_ratios["EUU"][0],
            eu=itm_ratios["EUU"][1],
            **years,
        ),
    ]


def _way(patents: Patents, field: int) -> str:
    """Return whether both years point the same way, as the key of the text that says so."""
    ahead = [
        [patents.ratio([field], year, over) > 1 for over in ("USA", "EUU")]
        for year in patents.study_years
    ]
    return "way.same" if ahead[0] == ahead[1] else "way.different"


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
