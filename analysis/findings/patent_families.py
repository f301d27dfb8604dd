"""What Fig. 4 says: in which technologies China leads, trails or matches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from analysis.indicators.patent_families import (
    DIGITAL,
    ELECTRICAL,
    GROUPS,
    count_of,
    families,
)

#: Topics of the text: a short name for ids, and the fields it sums.
TOPICS = {
    "comm": GROUPS["communications"],
    "comp": (6,),
    "semi": (8,),
    "itm": GROUPS["it_methods"],
}

THREE = ("CHN", "USA", "EUU")

#: The study names them as those who caught up in chips (section 2.2).
_MEMORY_CHIPS = ("JPN", "KOR")


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

    def evidence(self, fields: Sequence[int], years: Iterable[int]) -> dict[str, Any]:
        """Return the three economies' families in some fields, by table, fields and year."""
        told = "–".join(map(str, sorted({fields[0], fields[-1]})))
        return {
            f"patent_families {told}, {year}": {c: self.of(fields, c, year) for c in THREE}
            for year in years
        }

    def ai_ratio(self, year: int) -> float:
        return _over(count_of(self.ai, "CHN", year), count_of(self.ai, "USA", year))

    def pct_ratio(self, year: int) -> float:
        return _over(count_of(self.pct, "CHN", year), count_of(self.pct, "USA", year))


def facts(patents: Patents) -> dict[str, tuple[float, str]]:
    """Return the facts of the figure: id → (value, unit). What has no value is left out."""
    p, first, last = patents, patents.first, patents.last
    pct_year = p.pct_year
    found: dict[str, tuple[float, str]] = {
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
    for code in _MEMORY_CHIPS:
        found[f"patents_semi_{code.lower()}"] = (p.of((8,), code, last), "families")
    for code in THREE:
        found[f"pct_{code.lower()}"] = (count_of(p.pct, code, pct_year), "applications")
    return {
        id: (int(value) if unit in ("families", "applications") else value, unit)
        for id, (value, unit) in found.items()
        if not math.isnan(value)
    }


def claims(patents: Patents) -> list[dict[str, Any]]:
    """Return the claims that the text makes of the figure."""
    p, first, last = patents, patents.first, patents.last
    comm, itm = TOPICS["comm"], TOPICS["itm"]
    comm_ratios = [p.ratio(comm, year) for year in (first, last)]
    itm_ratios = [p.ratio(itm, year) for year in (first, last)]
    comp_ratios = [p.ratio(TOPICS["comp"], year) for year in (first, last)]
    digital = [p.of(DIGITAL, "CHN", year) for year in (first, last)]
    ai_ratios = [p.ai_ratio(year) for year in (first, last)]
    year = p.pct_year
    pct = {code: count_of(p.pct, code, year) for code in THREE}
    chips = {code: p.of((8,), code, last) for code in (*_MEMORY_CHIPS, "USA")}
    trailing = [
        field
        for field in DIGITAL
        if not (p.ratio([field], last) > 1 and p.ratio([field], last, "EUU") > 1)
    ]
    return [
        {
            "id": "china-leads-every-field",
            "holds": not trailing,
            "evidence": {
                f"patent_families {field}, {last}": {c: p.of([field], c, last) for c in THREE}
                for field in DIGITAL
            },
            "fails_when": {
                "zh": "在第 2—8 领域中的任何一个，中国不多于美国或不多于欧盟",
                "en": "in one of the fields 2–8 China has no more families than the USA or the EU",
            },
        },
        {
            "id": "china-digital-families-grew",
            "holds": digital[1] > digital[0],
            "evidence": {
                f"patent_families 2–8 CHN, {y}": count
                for y, count in zip((first, last), digital, strict=True)
            },
            "fails_when": {
                "zh": "中国七个数字领域的专利族合计没有增加",
                "en": "China’s families in the seven digital fields did not increase in all",
            },
        },
        {
            "id": "china-lead-grew-in-computer-technology",
            "holds": comp_ratios[1] > comp_ratios[0],
            "evidence": {
                f"CHN / USA {y}": ratio
                for y, ratio in zip((first, last), comp_ratios, strict=True)
            },
            "fails_when": {
                "zh": "计算机技术领域中国与美国之比没有上升",
                "en": "China’s ratio to the USA in computer technology did not rise",
            },
        },
        {
            "id": "china-lead-grew-in-communications",
            "holds": comm_ratios[1] > comm_ratios[0] > 2,
            "evidence": p.evidence(comm, (first, last))
            | {f"CHN / USA {y}": r for y, r in zip((first, last), comm_ratios, strict=True)},
            "fails_when": {
                "zh": "中国与美国之比没有上升，或首年不到两倍",
                "en": "China’s ratio to the USA did not rise, or was two or less at first",
            },
        },
        {
            "id": "china-ahead-in-computer-technology-and-chips",
            "holds": all(
                p.of([f], "CHN", last) > p.of([f], "USA", last) > p.of([f], "EUU", last)
                for f in (6, 8)
            ),
            "evidence": p.evidence([6], [last]) | p.evidence([8], [last]),
            "fails_when": {
                "zh": "计算机技术或半导体领域的次序不是中国、美国、欧盟",
                "en": "in computer technology or in semiconductors the order is not China, the "
                "USA, the EU",
            },
        },
        {
            "id": "it-methods-close-then-apart",
            "holds": 1 / 1.25 < itm_ratios[0] < 1.25 and itm_ratios[1] > 1.5,
            "evidence": p.evidence(itm, (first, last))
            | {f"CHN / USA {y}": r for y, r in zip((first, last), itm_ratios, strict=True)},
            "fails_when": {
                "zh": "首年中美之比已相差四分之一以上，或末年之比不到 1.5",
                "en": "China and the USA differ by a quarter or more in the first year, or China "
                "has 1.5 times or less in the last",
            },
        },
        {
            "id": "usa-ahead-of-eu-in-software-and-chips",
            "holds": all(
                p.of([f], "USA", y) > p.of([f], "EUU", y) for f in (6, 8) for y in (first, last)
            ),
            "evidence": p.evidence([6], (first, last)) | p.evidence([8], (first, last)),
            "fails_when": {
                "zh": "任一年美国在计算机技术或半导体领域不多于欧盟",
                "en": "the USA has no more than the EU in one of the two fields in either year",
            },
        },
        {
            "id": "japan-korea-ahead-of-usa-in-chips",
            "holds": all(chips[code] > chips["USA"] for code in _MEMORY_CHIPS),
            "evidence": {f"patent_families 8, {last}": chips},
            "fails_when": {
                "zh": "末年日本或韩国的半导体专利族不多于美国",
                "en": "in the last year Japan or South Korea has no more families in "
                "semiconductors than the USA",
            },
        },
        {
            "id": "china-first-in-pct-by-less",
            # "by much less": China's lead over the USA is less than half of that by families
            "holds": pct["CHN"] > max(pct["USA"], pct["EUU"])
            and p.pct_ratio(last) - 1 < (p.ratio(ELECTRICAL, last) - 1) / 2,
            "evidence": {
                f"pct_applications_electrical {year}": pct,
                f"CHN / USA {last}": {
                    "PCT applications": p.pct_ratio(last),
                    "patent families, fields 1–8": p.ratio(ELECTRICAL, last),
                },
            },
            "fails_when": {
                "zh": "中国的 PCT 申请不是最多，或它对美国的领先幅度达到按专利族计算的一半",
                "en": "China does not have the most PCT applications, or its lead over the USA is "
                "half of that by families or more",
            },
        },
        {
            "id": "ai-ratio-first-about-two",
            "holds": 1.5 <= ai_ratios[0] < 2.5,
            "evidence": {f"ai_patent_applications CHN / USA {first}": ai_ratios[0]},
            "fails_when": {
                "zh": "首年中国的人工智能专利申请与美国之比取整后不是两倍",
                "en": "in the first year China’s AI applications do not round to twice those of "
                "the USA",
            },
        },
        {
            "id": "china-ai-patents-at-least-twice-usa",
            "holds": all(ratio >= 1.95 for ratio in ai_ratios),
            "evidence": {
                f"ai_patent_applications {y}": {
                    "CHN": count_of(p.ai, "CHN", y), "USA": count_of(p.ai, "USA", y),
                }
                for y in (first, last)
            },
            "fails_when": {
                "zh": "任一年中国的人工智能专利申请不到美国的 1.95 倍",
                "en": "in either year China has less than 1.95 times the AI applications of the "
                "USA",
            },
        },
    ]  # fmt: skip


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
