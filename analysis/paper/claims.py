"""What can be said of the study's sums and shares that belong to no figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.fig2.claims import Counts
from analysis.fig2.compute import UNION, WORLD
from analysis.paper.compute import (
    entries_between,
    share_of_gdp,
    totals_that_fit,
    value_of,
    whole_of,
)
from analysis.shared.words import Book
from anew.notebook.findings import Claim, Evidence, Quantity, Tested
from anew.text.statements import Statement as Study

WORDS = Book.beside(__file__)

#: The total over 51 countries in CAICT's white paper, a code of that table alone.
FIFTY_ONE = "CAICT51"
#: The fact that is not there when no total, or more than one, fits the printed shares.
EVENTS = ("paper_total_implied",)
_POLICIES_TOLD = ("DEU", "USA", "GBR", "CHN")
#: China's digital economy of 2023 in yuan, as its white paper gives it (caict2024); no open table
#: has it, and the text cites it in the sentence that compares.
_DIGITAL_ECONOMY_2023 = 53.9e12


class Sums:
    """The study's printed numbers of section 1 beside the tables that can test them.

    `study` holds the statements by id. Amounts are in US$ or yuan, shares in per cent.
    """

    def __init__(
        self,
        study: Mapping[str, Study],
        *,
        digital_economy: pd.DataFrame,
        gdp: pd.DataFrame,
        exchange_rate: pd.DataFrame,
        policies: pd.DataFrame,
    ) -> None:
        self.study, self.gdp, self.exchange_rate = study, gdp, exchange_rate
        self.world_year, self.china_year = 2022, 2023  # the years the study's section 1 speaks of
        self.digital_world = 1e12 * value_of(
            digital_economy, FIFTY_ONE, self.world_year, "value_usd_tn"
        )
        self.china_part = self.printed("china-digital-industrialisation-2023")
        first, last = (int(value.base) for value in study["policies-us-uk-most"].values)
        self.policy_years = (first, last)
        self.policies = entries_between(policies, first, last)

    def printed(self, id: str, position: int = 0) -> float:
        """Return a number of a statement as the study prints it, in base units."""
        return self.study[id].values[position].base

    @property
    def implied_gdp(self) -> float:
        """The GDP of which the printed 41.4 trillion would be the printed 46.1 %."""
        return whole_of(
            self.printed("global-digital-economy-2022"), self.printed("global-digital-share-2022")
        )

    @property
    def world_gdp(self) -> float:
        return value_of(self.gdp, "WLD", self.world_year)

    @property
    def share_of_chinas_gdp(self) -> float:
        """What per cent of China's GDP the printed 10.09 trillion yuan are."""
        return share_of_gdp(self.china_part, self.gdp, self.exchange_rate, "CHN", self.china_year)

    @property
    def implied_total(self) -> float:
        """The amount in yuan of which the printed 10.09 trillion would be the printed 18.7 %."""
        return whole_of(self.china_part, self.printed("china-digital-industrialisation-share"))

    @property
    def off_digital_economy(self) -> float:
        """How far in per cent that amount is from the size of the digital economy."""
        return 100 * (self.implied_total / _DIGITAL_ECONOMY_2023 - 1)

    @property
    def patent_growth(self) -> float:
        """The growth in per cent between the study's two numbers of patents."""
        start, end = self.printed("patents-china-2018"), self.printed("patents-china-2022")
        return 100 * (end / start - 1)


def facts(sums: Sums, totals: Sequence[int]) -> dict[str, Quantity]:
    """Return the facts of the notebook: id → (value, unit); `totals` fit the printed shares."""
    found: dict[str, Quantity] = {
        "paper_di_gdp_share": (sums.share_of_chinas_gdp, "percent"),
        "paper_world_gdp_covered": (100 * sums.implied_gdp / sums.world_gdp, "percent"),
        "paper_di_base": (sums.implied_total, "cny_tn"),
        "paper_patent_growth": (sums.patent_growth, "percent"),
    }
    if len(totals) == 1:
        found["paper_total_implied"] = (totals[0], "companies")
    for code in _POLICIES_TOLD:
        found[f"ai_policies_{code.lower()}"] = (int(sums.policies[code]), "entries")
    return found


def claims(holds: Mapping[str, bool], sums: Sums, totals: Sequence[int]) -> list[Claim]:
    """Return the claims that the text makes of the study's sums; `totals` fit its shares.

    `holds` is the outcome of each test.
    """
    evidence: dict[str, Evidence] = {
        "study-digital-share-possible": {
            "implied GDP of the 51 countries": sums.implied_gdp,
            f"gdp {sums.world_year}": {WORLD: sums.world_gdp},
        },
        "printed-share-fits-digital-economy": {
            "printed sum / printed share, CNY": sums.implied_total,
            "size by the white paper, 2023, CNY": _DIGITAL_ECONOMY_2023,
            "difference, %": sums.off_digital_economy,
        },
        "only-one-total-fits": {"totals that fit all printed shares": list(totals)},
        "digital-industry-share-cannot-be-of-gdp": _gdp_evidence(sums)
        | {"share of GDP, %": sums.share_of_chinas_gdp},
        "ai-policies-usa-uk-among-first-three": _policy_evidence(sums),
        "ai-policies-germany-first": _policy_evidence(sums),
    }
    return WORDS.claims(holds, evidence)


def statements(sums: Sums) -> list[Tested]:
    """Return findings on the study's sums and shares that belong to no figure."""
    first, last = sums.policy_years
    leaders = list(sums.policies.index[:2])
    share, implied, world = sums.share_of_chinas_gdp, sums.implied_gdp, sums.world_gdp
    covered = 100 * implied / world
    return [
        WORDS.statement(
            "global-digital-economy-2022",
            ours=sums.digital_world,
            evidence={f"digital_economy_size {sums.world_year}": {FIFTY_ONE: sums.digital_world}},
        ),
        WORDS.statement(
            "global-digital-share-2022",
            agrees=implied <= world,
            ours=covered,
            evidence={
                "printed sum / printed share": implied,
                f"gdp {sums.world_year}": {WORLD: world},
                "implied GDP, % of WLD": covered,
            },
            digital=sums.printed("global-digital-economy-2022") / 1e12,
            part=sums.printed("global-digital-share-2022"),
            covered=covered,
        ),
        WORDS.statement(
            "china-digital-industrialisation-share",
            ours=share,
            evidence=_gdp_evidence(sums),
            part=sums.china_part / 1e12,
            year=sums.china_year,
            share=sums.printed("china-digital-industrialisation-share"),
            needed=sums.implied_total / 1e12,
            gdp=100 * sums.china_part / share / 1e12,
        ),
        WORDS.statement(
            "patents-china-growth",
            ours=sums.patent_growth,
            evidence={
                "printed, 2018": sums.printed("patents-china-2018"),
                "printed, 2022": sums.printed("patents-china-2022"),
            },
        ),
        WORDS.statement(
            "policies-us-uk-most",
            agrees=set(leaders) == {"USA", "GBR"},
            evidence=_policy_evidence(sums),
            first=first,
            last=last,
            leaders=leaders,
            uk="GBR",
            entries=int(sums.policies["GBR"]),
        ),
    ]


#: The study's numbers of unicorns, and whose they are.
_NUMBERS = {
    "unicorns-us": "USA",
    "unicorns-china": "CHN",
    "unicorns-uk": "GBR",
    "unicorns-eu": UNION,
}


def fitting_totals(study: Mapping[str, Study]) -> list[int]:
    """Return every whole number of unicorns of which all printed counts have the printed share."""
    return totals_that_fit(
        [(int(study[id].values[0].value), study[id].values[1]) for id in _NUMBERS]
    )


def unicorn_statements(counts: pd.DataFrame, study: Mapping[str, Study]) -> list[Tested]:
    """Return findings on the study's five numbers of unicorns, on the list of its own month.

    `counts` is that list by economy; `study` the statements by id, whose printed counts and
    shares imply the total.
    """
    told = Counts(counts)
    world = told.of(WORLD)
    reasons = {UNION: "list.union", "CHN": "list.china"}
    found = [
        WORDS.statement(
            id,
            ours=[told.of(code), told.share(code)],
            evidence={"unicorns_by_economy": {code: told.of(code), WORLD: world}},
            test="test.unicorns",
            depends=reasons.get(code, "list.other"),
            who=code,
        )
        for id, code in _NUMBERS.items()
    ]
    fitting = fitting_totals(study)
    printed = {code: study[id].values for id, code in _NUMBERS.items()}
    total = WORDS.statement(
        "unicorns-total",
        ours=fitting[0] if len(fitting) == 1 else world,
        evidence={
            "totals that fit all printed shares": fitting,
            "printed counts": {code: int(count.value) for code, (count, _) in printed.items()},
            "printed shares, %": {code: share.value for code, (_, share) in printed.items()},
            "unicorns_by_economy WLD": world,
        },
        world=world,
    )
    return [*found, total]


def _gdp_evidence(sums: Sums) -> dict[str, object]:
    year = sums.china_year
    gdp, rate = (value_of(table, "CHN", year) for table in (sums.gdp, sums.exchange_rate))
    return {
        "printed, CNY": sums.china_part,
        f"gdp {year}": {"CHN": gdp},
        f"exchange_rate {year}": {"CHN": rate},
        f"GDP {year}, CNY": gdp * rate,
    }


def _policy_evidence(sums: Sums) -> dict[str, object]:
    first, last = sums.policy_years
    counts = {str(code): int(count) for code, count in sums.policies.items()}
    return {f"ai_policies {first}–{last}": counts}
