"""On which cells of edition 2026 each tested statement of the study hangs, listed by hand.

As in tests/dependence.py: what each statement's test says, in the years that the study speaks of,
not what the code does. `MUST` changes the verdict, our value or the evidence; `MAY` and `FAR` are
as there.
"""

from __future__ import annotations

from dependence_cells import (
    COUNT,
    COUNTRIES,
    EVER,
    SINCE,
    SIX,
    THREE,
    TWO,
    VALUE,
    Cell,
    families,
    of,
    rd,
)

MUST: dict[str, set[Cell]] = {
    # the study's sums
    "global-digital-economy-2022": of("size", "CAICT51", 2022),
    "global-digital-share-2022": of("gdp", "WLD", 2022),
    "china-digital-industrialisation-share": of(("gdp", "rate"), "CHN", 2023),
    "patents-china-growth": set(),
    "policies-us-uk-most": of("policies", COUNTRIES, *range(2018, 2024)),
    # its figure 1: 2018 and 2023; the evidence names the largest and the first three
    "us-leads-radar": of("gdp", THREE, 2018, 2023)
    | of("size", TWO, 2018)
    | of((f"list18/{COUNT}", f"list23/{COUNT}"), THREE),
    "eu-digital-exports-grew": of("dds", ("EUU", "WLD"), 2018, 2023),
    "china-unicorns-shrank": of(
        [f"{name}/{column}" for name in ("list18", "list23") for column in (COUNT, VALUE)], "CHN"
    ),
    # its figure 2: the list of its own source and month
    "unicorns-us": of(f"study/{COUNT}", ("USA", "WLD")),
    "unicorns-china": of(f"study/{COUNT}", ("CHN", "WLD")),
    "unicorns-uk": of(f"study/{COUNT}", ("GBR", "WLD")),
    "unicorns-eu": of(f"study/{COUNT}", ("EUU", "WLD")),
    "unicorns-total": of(f"study/{COUNT}", "WLD"),
    # its figure 3: to 2022; the UK is among the table's first six, France is not
    "exports-top6-2022": of("ict", ("IRL", "IND", "USA", "CHN", "GBR", "DEU", "WLD"), 2022),
    "exports-ireland-passes-india": of("ict", ("IRL", "IND", "WLD"), 2016, 2017, 2018, 2022),
    "exports-china-8-9": of("ict", ("CHN", "WLD"), *range(2018, 2023)),
    "exports-india-falls": of("ict", ("IND", "WLD"), 2016, 2021, 2022),
    "exports-stable": of("ict", ("CHN", "USA", "FRA", "WLD"), 2013, 2022),
    # its figure 4: 2018, and the last year that every field has
    "patents-5g-ai-lead": families((3, 4, 5), THREE, 2018, 2020) | of("ai", TWO, 2018, 2020),
    "patents-software-behind": families((6,), THREE, 2018, 2020),
    "patents-chips-between": families((8,), THREE, 2018, 2020),
    "patents-ecommerce-close": families((7,), THREE, 2018, 2020),
    # its figure 5: since 2014, and every year of both lists
    "unicorns-china-before-2019": of(("joined", "joined24"), "CHN", *EVER)
    | of("joined", "USA", *SINCE)
    | of("founded", "CHN", *SINCE),
    # its figure 6: 2007 to 2024
    "unicorns-peak-2021": of("joined", "WLD", 2021),
    "unicorns-china-years": of("joined", "CHN", *range(2007, 2025)),
    "unicorns-eu-even": of("joined", "EUU", *range(2007, 2025)),
    "unicorns-us-2018-2024": of("joined", "USA", *range(2018, 2025)),
    # its figure 7: 2014 to 2022
    "rd-china-near-eu": rd(("CHN", "EUU"), 2014, 2022),
    "rd-us-far-ahead": rd(TWO, 2014, 2022),
}

MAY: dict[str, set[Cell]] = {
    "exports-ireland-passes-india": of("ict", ("IRL", "IND"), *range(2013, 2023)),
    "exports-india-falls": of("ict", ("IND", "WLD"), *range(2016, 2023)),
    "unicorns-peak-2021": of("founded", "WLD", *EVER),
}

FAR: dict[str, set[Cell]] = {
    "us-leads-radar": of("gdp", SIX, 2018, 2023)
    | of("size", SIX, 2018)
    | of((f"list18/{COUNT}", f"list23/{COUNT}"), SIX),
    "exports-top6-2022": of("ict", "*", 2022),
    "exports-ireland-passes-india": of("ict", "*", *range(2018, 2023)),
    "unicorns-peak-2021": of("joined", "WLD", *range(2007, 2025)),
    "rd-china-near-eu": rd("USA", 2014, 2022),
}
