"""What Fig. 2 says: where the unicorns are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.indicators.unicorns_by_economy import (
    OTHER,
    OTHER_MEMBERS,
    UNION,
    shares_of_world,
    totals_that_fit,
)
from analysis.labels import enumeration, in_text, short
from analysis.phrases import companies, fraction, month, number, percent, sentence
from anew.drawing import Words

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


def words(
    frame: pd.DataFrame,
    ranking: pd.DataFrame,
    *,
    source: Mapping[str, str],
    as_of: str,
    unplaced: int,
    focus: str | None = None,
) -> dict[str, Words]:
    """Return title, measure, note and alternative text of the figure in both languages.

    `frame` is that of `unicorn_table`, `ranking` that of the same name, so that the title tells who
    is first of all and not of those drawn; `source` names who keeps the list; `as_of` is its date;
    `unplaced` is how many companies the list gives no economy; `focus` is an economy of `frame`
    that the title begins with, where it is not the first of all.
    """
    return {
        language: Words(
            title=_title(ranking, language)
            if focus in (None, ranking.iloc[0]["economy"])
            else _focused(frame, ranking, str(focus), language),
            measure=_measure(source[language], as_of, language),
            note=_note(frame, unplaced, language),
            alt=_alt(frame, source[language], as_of, language),
        )
        for language in ("zh", "en")
    }


def _title(ranking: pd.DataFrame, language: str) -> str:
    first = ranking.iloc[0]
    leader, exact = in_text(first["economy"], language), percent(first["share"], language)
    plain = fraction(first["share"], language)
    if language == "zh":
        part = f"全球{plain}的独角兽企业在{leader}（{exact}）"
        if not plain:
            part = f"全球 {exact} 的独角兽企业在{leader}"
    else:
        part = f"{sentence(plain)} of the world’s unicorns are in {leader} ({exact})"
        if not plain:
            part = f"{exact} of the world’s unicorns are in {leader}"
    if len(ranking) == 1:
        return part
    second = ranking.iloc[1]
    runner, share = in_text(second["economy"], language), percent(second["share"], language)
    return f"{part}，{runner}占 {share}" if language == "zh" else f"{part}, {share} in {runner}"


def _focused(frame: pd.DataFrame, ranking: pd.DataFrame, focus: str, language: str) -> str:
    """Return a title that begins with another economy than the first."""
    first, row = ranking.iloc[0], frame[frame["economy"] == focus].iloc[0]
    share, most = (percent(one["share"], language) for one in (row, first))
    if language == "zh":
        leader = in_text(first["economy"], "zh")
        return f"全球 {share} 的独角兽企业在{in_text(focus, 'zh')}，{leader}占 {most}"
    leader = in_text(first["economy"], "en")
    return f"{share} of the world’s unicorns are in {in_text(focus, 'en')}, {most} in {leader}"


def _measure(source: str, as_of: str, language: str) -> str:
    date = month(as_of, language)
    if language == "zh":
        return f"企业数量（家）与占全球的份额；{source}，截至 {date}"
    return f"Companies, share of the world; {source}, {date}"


def _note(frame: pd.DataFrame, unplaced: int, language: str) -> str:
    kinds = set(frame["kind"])
    apart = list(frame.loc[frame["kind"] == "apart", "economy"])
    parts = []
    if "union" in kinds:
        parts.append(
            "欧盟是 27 个成员国的合计，缩进的各行是其中的成员，不可再与欧盟相加"
            if language == "zh"
            else "The EU is the sum of its 27 members; the indented rows are among them, not to be "
            "added to it"
        )
    if apart:
        names = enumeration([_plain_name(code, language) for code in apart], language)
        parts.append(
            f"榜单对{names}单独计数，不含在“中国”一行中"
            if language == "zh"
            else f"the list counts {names} apart from the row China"
        )
    if unplaced > 0:
        parts.append(
            f"“其他”中有 {unplaced} 家企业在榜单里没有所属经济体"
            if language == "zh"
            else f"“Other” includes {unplaced} companies to which the list gives no economy"
        )
    parts.append(
        "榜单只含当时仍未上市、估值不低于 10 亿美元的企业"
        if language == "zh"
        else "the list holds companies that were still private and worth US$1 billion or more"
    )
    if language == "zh":
        return "；".join(parts) + "。"
    text = "; ".join(parts) + "."
    return text[:1].upper() + text[1:]


def _alt(frame: pd.DataFrame, source: str, as_of: str, language: str) -> str:
    date = month(as_of, language)
    top = frame[frame["kind"].isin(["economy", "union"])]
    inside = frame[frame["kind"] == "member"]
    apart = frame[frame["kind"] == "apart"]
    rest = frame[frame["economy"] == OTHER].iloc[0]

    def told(row: pd.Series, label: str) -> str:
        amount, share = companies(row["count"], language), percent(row["share"], language)
        return f"{label} {amount}（{share}）" if language == "zh" else f"{label} {amount} ({share})"

    rows = [told(row, short(row["economy"], language)) for _, row in top.iterrows()]
    members = [told(row, short(row["economy"], language)) for _, row in inside.iterrows()]
    rows += [told(row, _plain_name(row["economy"], language)) for _, row in apart.iterrows()]
    other = told(rest, "其他" if language == "zh" else "all others")
    if language == "zh":
        text = f"横条图，按数量排列各经济体的独角兽企业（{source}，{date}）：" + "，".join(rows)
        text += f"，{other}。"
        return text + (f"欧盟之中：{'，'.join(members)}。" if members else "")
    text = f"Bar chart of unicorns by economy, largest first ({source}, {date}): "
    text += ", ".join(rows) + f"; {other}."
    return text + (f" Within the EU: {', '.join(members)}." if members else "")


def row_name(code: str, kind: str, language: str) -> str:
    """Return what a row of the figure is called."""
    if code == OTHER_MEMBERS:
        return "其他成员" if language == "zh" else "other members"
    return short(code, language)


def _plain_name(code: str, language: str) -> str:
    """Return a short name without what follows a comma: Hong Kong."""
    return short(code, language).split(",")[0]


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
