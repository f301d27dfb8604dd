"""The words of Fig. 2: where the unicorns are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.indicators.unicorns_by_economy import OTHER, OTHER_MEMBERS
from analysis.labels import enumeration, in_text, short
from analysis.phrases import companies, fraction, month, percent, sentence
from anew.figures.drawing import Words


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
