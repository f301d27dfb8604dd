"""What Fig. 2 says: where the unicorns are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.indicators.unicorns_by_economy import UNION, shares_of_world, totals_that_fit
from analysis.labels import in_text
from analysis.phrases import number

#: Economies whose counts and shares the text prints.
_TOLD = ("USA", "CHN", "GBR", "EUU", "IND")
#: Those that the claim "more than the next four together" adds up.
_NEXT = ("EUU", "CHN", "IND", "GBR")
_NOBODY = {"count": 0, "share": 0.0, "valuation": 0.0, "valuation_share": 0.0}


def facts(counts: pd.DataFrame, as_of: str) -> dict[str, tuple[float, str]]:
    """Return the facts of a list of `counts` by economy, dated `as_of`: id → (value, unit)."""
    cell = _cells(counts)
    found: dict[str, tuple[float, str]] = {
        "unicorns_list_year": (int(as_of[:4]), "year"),
        "unicorns_total": (cell("WLD", "count"), "companies"),
    }
    for code in _TOLD:
        found[f"unicorns_{code.lower()}"] = (cell(code, "count"), "companies")
        found[f"unicorns_{code.lower()}_share"] = (cell(code, "share"), "percent")
    for code in ("DEU", "FRA"):
        found[f"unicorns_{code.lower()}"] = (cell(code, "count"), "companies")
    found["unicorns_next_share"] = (sum(cell(code, "share") for code in _NEXT), "percent")
    for code in ("USA", "CHN"):
        share = cell(code, "valuation_share")
        found[f"unicorns_valuation_{code.lower()}_share"] = (share, "percent")
    return found


def claims(
    counts: pd.DataFrame, printed: Mapping[str, float], *, within: float = 0.1
) -> list[dict[str, Any]]:
    """Return the claims that the text makes of a list.

    `printed` holds the study's counts by economy; a list is near it when each of them is no
    further than `within` (a fraction) from the list's own.
    """
    cell = _cells(counts)
    count = {code: cell(code, "count") for code in (*_TOLD, "DEU", "FRA", "WLD")}
    single = counts[~counts["economy"].isin(["WLD", UNION])].set_index("economy")["count"]
    others = single.drop(["USA", "CHN"], errors="ignore").max()
    next_four = {code: count[code] for code in _NEXT}
    off = {code: count[code] / value - 1 for code, value in printed.items()}
    return [
        {
            "id": "usa-most-unicorns",
            "holds": count["USA"] > single.drop("USA", errors="ignore").max()
            and count["USA"] > count["EUU"],
            "evidence": {"count": {k: count[k] for k in ("USA", "EUU", "CHN")}},
            "fails_when": {
                "zh": "有别的经济体或整个欧盟的数量不少于美国",
                "en": "another economy, or the EU as a whole, has at least as many as the USA",
            },
        },
        {
            "id": "china-second-in-unicorns",
            "holds": single.get("USA", 0) > count["CHN"] > max(others, count["EUU"]),
            "evidence": {
                "count": {k: count[k] for k in ("USA", "CHN", "EUU")} | {"next largest": others}
            },
            "fails_when": {
                "zh": "除美国外还有经济体不少于中国，或者欧盟整体不少于中国，或者中国升到第一",
                "en": "an economy besides the USA, or the EU as a whole, has as many as China, "
                "or China becomes the first",
            },
        },
        {
            "id": "usa-outnumbers-next-four",
            "holds": count["USA"] > sum(next_four.values()),
            "evidence": {"count": {"USA": count["USA"], **next_four}},
            "fails_when": {
                "zh": "中国、欧盟、印度和英国之和不少于美国",
                "en": "China, the EU, India and the UK together have at least as many",
            },
        },
        {
            "id": "usa-more-than-half-of-unicorns",
            "holds": cell("USA", "share") > 50,
            "evidence": {"count": {"USA": count["USA"], "WLD": count["WLD"]},
                         "share USA, %": cell("USA", "share")},
            "fails_when": {
                "zh": "美国的份额不超过 50%",
                "en": "the share of the USA is 50 % or less",
            },
        },
        {
            "id": "usa-about-half-of-unicorns",
            "holds": 45 <= cell("USA", "share") <= 55,
            "evidence": {"count": {"USA": count["USA"], "WLD": count["WLD"]},
                         "share USA, %": cell("USA", "share")},
            "fails_when": {
                "zh": "美国的份额不在 45%～55% 之间",
                "en": "the share of the USA is outside 45–55 %",
            },
        },
        {
            "id": "unicorn-counts-near-paper",
            "holds": bool(off) and all(abs(value) <= within for value in off.values()),
            "evidence": {
                "count": {code: count[code] for code in printed},
                "printed in the study": dict(printed),
                "largest difference, %": 100 * max(off.values(), key=abs, default=0.0),
            },
            "fails_when": {
                "zh": f"至少有一个经济体的数量与论文相差超过 {number(100 * within, 'zh')}%",
                "en": f"one of the counts is more than {number(100 * within, 'en')} % off",
            },
        },
        {
            "id": "eu-unicorns-led-by-germany-and-france",
            "holds": count["DEU"] + count["FRA"] > count["EUU"] / 2,
            "evidence": {"count": {k: count[k] for k in ("DEU", "FRA", "EUU")}},
            "fails_when": {
                "zh": "德国与法国之和不到欧盟的一半",
                "en": "Germany and France together have half of the EU’s or less",
            },
        },
        {
            "id": "china-valuation-share-above-count-share",
            "holds": cell("CHN", "valuation_share") > cell("CHN", "share"),
            "evidence": {
                "CHN, % of the count": cell("CHN", "share"),
                "CHN, % of the valuation": cell("CHN", "valuation_share"),
            },
            "fails_when": {
                "zh": "中国占估值的份额不高于占数量的份额",
                "en": "China’s share of the valuation is not above its share of the count",
            },
        },
    ]  # fmt: skip


def statements(counts: pd.DataFrame, study: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return findings on the study's five numbers of unicorns, on the list of its own month.

    `counts` is that list by economy; `study` the statements by id, whose printed counts and
    shares imply the total.
    """
    cell = _cells(counts)
    numbers = {
        "unicorns-us": "USA", "unicorns-china": "CHN", "unicorns-uk": "GBR", "unicorns-eu": "EUU",
    }  # fmt: skip
    findings = []
    for id, code in numbers.items():
        findings.append(
            {
                "id": id,
                "ours": [cell(code, "count"), cell(code, "share")],
                "evidence": {
                    "unicorns_by_economy": {code: cell(code, "count"), "WLD": cell("WLD", "count")}
                },
                "test": {
                    "zh": f"在论文所用来源、同一月份的榜单中，{in_text(code, 'zh')}的企业数，"
                    "及其占榜单总数的份额，按论文的位数取整",
                    "en": f"Companies of {in_text(code, 'en')} in a list of the study’s own source "
                    "and month, and their share of the whole list, rounded as printed",
                },
                "depends": _on_the_list(code),
            }
        )
    parts = [(int(study[id].values[0].value), study[id].values[1]) for id in numbers]
    fitting = totals_that_fit(parts)
    single = len(fitting) == 1
    findings.append(
        {
            "id": "unicorns-total",
            "ours": fitting[0] if single else cell("WLD", "count"),
            "evidence": {
                "totals that fit all printed shares": fitting,
                "printed counts": {code: int(study[id].values[0].value)
                                   for id, code in numbers.items()},
                "printed shares, %": {code: study[id].values[1].value
                                      for id, code in numbers.items()},
                "unicorns_by_economy WLD": cell("WLD", "count"),
            },
            "test": {
                "zh": "逐一检验每个整数总数：四个数量除以它、取一位小数后，"
                "是否都等于论文印出的份额",
                "en": "Every whole total is tried: do the four counts, divided by it and rounded "
                "to one decimal, all give the printed shares",
            },
            "depends": {
                "zh": "不取决于任何数据表；"
                f"同月榜单的总数是 {number(cell('WLD', 'count'), 'zh')} 家",
                "en": "On no table at all; "
                f"the list of that month has {number(cell('WLD', 'count'), 'en')}",
            },
        }
    )  # fmt: skip
    return findings


def _on_the_list(code: str) -> dict[str, str]:
    if code == UNION:
        return {
            "zh": "取决于欧盟的成员名单：这里是 2020 年以后的 27 国；论文的名单未知，而且不含英国",
            "en": "On which countries count as the EU: here the 27 since 2020; the study’s own "
            "list is unknown, and it counts the UK apart",
        }
    if code == "CHN":
        return {
            "zh": "取决于榜单的日期，相差几天就可能差一两家；香港和台湾单独计数，不含在内",
            "en": "On the day of the list, since a few days can change it by one or two; Hong Kong "
            "and Taiwan are counted apart and not included",
        }
    return {
        "zh": "取决于榜单的日期：月份相同，日期未必相同，相差几天就可能差一两家",
        "en": "On the day of the list: the month is the same, the day may not be, and a few days "
        "can change it by one or two",
    }


def _cells(counts: pd.DataFrame) -> Any:
    """Return a reader of cells; an economy that a list does not name has no company on it."""
    table = shares_of_world(counts)

    def cell(code: str, column: str) -> float:
        value = table.loc[code, column] if code in table.index else _NOBODY[column]
        return int(value) if column == "count" else float(value)

    return cell
