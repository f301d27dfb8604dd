"""The study's comparisons of patents, held against substitutes: direction only."""

from __future__ import annotations

from typing import Any

from analysis.findings.patent_families import TOPICS, Patents
from analysis.indicators.patent_families import count_of
from analysis.phrases import number, times


def statements(patents: Patents) -> list[dict[str, Any]]:
    """Return findings on the study's four comparisons; all by substitutes, direction only."""
    p = patents
    first, last = p.study_years
    both = (first, last)
    comm = TOPICS["comm"]
    ai = {f"ai_patent_applications {year}": {"CHN": count_of(p.ai, "CHN", year),
                                             "USA": count_of(p.ai, "USA", year)}
          for year in both}  # fmt: skip
    near = 2.0  # "close": neither has twice the other's
    itm = {over: p.ratio(TOPICS["itm"], last, over) for over in ("USA", "EUU")}
    itm_first = {over: p.ratio(TOPICS["itm"], first, over) for over in ("USA", "EUU")}
    leads = [p.ratio(comm, year) > 1 and p.ai_ratio(year) > 1 for year in both]
    turned = leads[0] != leads[1]
    return [
        {
            "id": "patents-5g-ai-lead",
            "agrees": p.ratio(comm, last) > 1 and p.ai_ratio(last) > 1,
            "ours": [p.ratio(comm, last), p.ai_ratio(last)],
            "evidence": p.evidence(comm, both) | ai,
            "test": {
                "zh": f"{last} 年，通信（第 3—5 领域）专利族和人工智能专利申请，中国是否都多于美国",
                "en": f"Does China have more patent families in communications (fields 3–5) and "
                f"more AI applications than the USA in {last}",
            },
            "depends": {
                "zh": f"方向{'' if turned else '不'}取决于年份；倍数取决于："
                f"通信为 {times(p.ratio(comm, first), 'zh')}"
                f"（{first}）和 {times(p.ratio(comm, last), 'zh')}（{last}），人工智能为 "
                f"{times(p.ai_ratio(first), 'zh')}和 {times(p.ai_ratio(last), 'zh')}",
                "en": f"The direction is {'not ' * turned}the same in both years, the size is "
                "not: communications "
                f"{times(p.ratio(comm, first), 'en')} ({first}) and "
                f"{times(p.ratio(comm, last), 'en')} ({last}), AI "
                f"{times(p.ai_ratio(first), 'en')} and {times(p.ai_ratio(last), 'en')}",
            },
        },
        {
            "id": "patents-software-behind",
            "agrees": p.ratio([6], last) < 1 and p.ratio([6], last, "EUU") < 1,
            "evidence": p.evidence([6], both),
            "test": {
                "zh": f"{last} 年，计算机技术（第 6 领域）专利族，中国是否少于美国，也少于欧盟",
                "en": "Does China have fewer patent families in computer technology (field 6) "
                f"than the USA and than the EU in {last}",
            },
            "depends": _substitute(patents, 6),
        },
        {
            "id": "patents-chips-between",
            "agrees": p.ratio([8], last) < 1 < p.ratio([8], last, "EUU"),
            "evidence": p.evidence([8], both),
            "test": {
                "zh": f"{last} 年，半导体（第 8 领域）专利族，中国是否多于欧盟而少于美国",
                "en": f"Does China have more patent families in semiconductors (field 8) than the "
                f"EU and fewer than the USA in {last}",
            },
            "depends": _substitute(patents, 8),
        },
        {
            "id": "patents-ecommerce-close",
            "agrees": all(1 / near < ratio < near for ratio in itm.values()),
            "ours": [itm["USA"], itm["EUU"]],
            "evidence": p.evidence(TOPICS["itm"], both),
            "test": {
                "zh": f"{last} 年，管理用信息技术方法（第 7 领域）专利族，中国与美国、与欧盟之比"
                "是否都在二分之一到两倍之间",
                "en": "In IT methods for management (field 7), is China’s number between half and "
                f"twice that of the USA and that of the EU in {last}",
            },
            "depends": {
                "zh": f"取决于年份和对象：与美国之比 {first} 年为 "
                f"{number(itm_first['USA'], 'zh', 1)}，{last} 年为 {number(itm['USA'], 'zh', 1)}；"
                f"与欧盟之比为 {number(itm_first['EUU'], 'zh', 1)} 和 "
                f"{number(itm['EUU'], 'zh', 1)}。电子商务和区块链只是该领域的一部分",
                "en": f"On the year and on whom: the ratio to the USA is "
                f"{number(itm_first['USA'], 'en', 1)} in {first} and "
                f"{number(itm['USA'], 'en', 1)} in {last}, to the EU "
                f"{number(itm_first['EUU'], 'en', 1)} and {number(itm['EUU'], 'en', 1)}. "
                "E-commerce and blockchain are only a part of the field",
            },
        },
    ]


def _substitute(patents: Patents, field: int) -> dict[str, str]:
    """Say whether both years point the same way, and why that refutes nothing."""
    first, last = patents.study_years
    ahead = [
        [patents.ratio([field], year, over) > 1 for over in ("USA", "EUU")]
        for year in (first, last)
    ]
    same = ahead[0] == ahead[1]
    return {
        "zh": f"{first} 年和 {last} 年方向{'相同' if same else '不同'}。专利族按 WIPO 第 {field} "
        f"领域统计，止于 {last} 年，论文的主题和年份都不同，所以不能推翻论文",
        "en": f"{first} and {last} point {'the same way' if same else 'different ways'}. WIPO "
        f"field {field} to {last} is neither the study’s topic nor its years, so this refutes "
        "nothing",
    }
