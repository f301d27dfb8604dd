"""On which cells of the raw tables each fact and each claim of edition 2026 hangs, listed by hand.

Nothing here is computed: it is what the definition of each number says, and which values the
evidence of each claim shows.
`MUST` are the cells whose change must change a fact's value or a claim's outcome or evidence.
`MAY` are further ones that may, where only the largest, the smallest or the first of several
counts and two of them lie so close that a small change turns them round; `FAR` those that may only
when they change so much that another economy or another year comes first.
"""

from __future__ import annotations

from dependence_cells import (
    COUNT,
    COUNTRIES,
    EVER,
    EXPORTERS,
    FIELDS,
    SINCE,
    SIX,
    THREE,
    TOLD,
    TWO,
    VALUE,
    Cell,
    families,
    of,
    rd,
)

MUST: dict[str, set[Cell]] = {}
MAY: dict[str, set[Cell]] = {}

# figure 1: 2018 and 2023
for c in ("USA", "CHN", "EUU"):
    MUST[f"gdp_{c.lower()}"] = of("gdp", c, 2023)
for c in ("USA", "CHN", "EUU", "JPN"):
    MUST[f"gdp_growth_{c.lower()}"] = of("gdp", c, 2018, 2023)
for c in ("USA", "CHN", "EUU", "GBR"):
    MUST[f"dde_{c.lower()}"] = of("dds", c, 2023)
for c in ("CHN", "EUU", "USA", "WLD"):
    MUST[f"dde_growth_{c.lower()}"] = of("dds", c, 2018, 2023)
for list_, tail, year in (("list18", "_first", 2018), ("list23", "", 2023)):
    MUST[f"dde_share_euu{tail}"] = of("dds", ("EUU", "WLD"), year)
    for c in ("CHN", "USA", "WLD"):
        MUST[f"radar_unicorns_{c.lower()}{tail}"] = of(f"{list_}/{COUNT}", c)
    MUST[f"radar_unicorns_chn_share{tail}"] = of(f"{list_}/{COUNT}", ("CHN", "WLD"))
    MUST[f"radar_valuation_chn{tail}"] = of(f"{list_}/{VALUE}", "CHN")
    MUST[f"radar_valuation_chn_share{tail}"] = of(f"{list_}/{VALUE}", ("CHN", "WLD"))
MUST |= {
    "de_usa_first": of("size", "USA", 2018),
    "de_chn_first": of("size", "CHN", 2018),
    "de_usa_chn_ratio": of("size", ("USA", "CHN"), 2018),
    "usa-leads-gdp-digital-unicorns": of("gdp", SIX, 2018, 2023)
    | of("size", SIX, 2018)
    | of((f"list18/{COUNT}", f"list23/{COUNT}"), SIX),
    "usa-eu-china-gdp-grew": of("gdp", THREE, 2018, 2023),
    "digital-economy-size-gaps": set(),
    "world-digital-exports-grew": of("dds", "WLD", 2018, 2023),
    "unicorns-more-in-world-and-usa": of((f"list18/{COUNT}", f"list23/{COUNT}"), ("WLD", "USA")),
    "eu-leads-digital-trade": of(("dds", "imports"), SIX, 2018, 2023),
    "eu-digital-exports-grew": of("dds", "EUU", 2018, 2023),
    "eu-digital-export-share-flat": of("dds", ("EUU", "WLD"), 2018, 2023),
    "china-digital-exports-grew-fastest": of("dds", SIX, 2018, 2023),
    "china-unicorns-more-but-smaller-share": of(
        [f"{name}/{column}" for name in ("list18", "list23") for column in (COUNT, VALUE)],
        ("CHN", "WLD"),
    ),
    "china-unicorns-doubled": of((f"list18/{COUNT}", f"list23/{COUNT}"), "CHN"),
    "radar_first_year": set(),
    "radar_last_year": set(),
    "radar_missing": set(),
}

# figure 2: one list
for c in ("USA", "CHN", "GBR", "EUU", "IND"):
    MUST[f"unicorns_{c.lower()}"] = of(f"list/{COUNT}", c)
    MUST[f"unicorns_{c.lower()}_share"] = of(f"list/{COUNT}", (c, "WLD"))
for c in ("DEU", "FRA"):
    MUST[f"unicorns_{c.lower()}"] = of(f"list/{COUNT}", c)
for c in ("USA", "CHN"):
    MUST[f"unicorns_valuation_{c.lower()}_share"] = of(f"list/{VALUE}", (c, "WLD"))
MUST |= {
    "unicorns_list_year": set(),
    "unicorns_total": of(f"list/{COUNT}", "WLD"),
    "unicorns_next_share": of(f"list/{COUNT}", ("EUU", "CHN", "IND", "GBR", "WLD")),
    "usa-most-unicorns": of(f"list/{COUNT}", ("USA", "EUU", "CHN")),
    "china-second-in-unicorns": of(f"list/{COUNT}", ("USA", "EUU", "CHN", "IND")),
    "usa-outnumbers-next-four": of(f"list/{COUNT}", ("USA", "EUU", "CHN", "IND", "GBR")),
    "usa-more-than-half-of-unicorns": of(f"list/{COUNT}", ("USA", "WLD")),
    "usa-about-half-of-unicorns": of(f"list/{COUNT}", ("USA", "WLD")),
    "unicorn-counts-near-paper": of(f"list/{COUNT}", ("USA", "CHN", "GBR", "EUU")),
    "eu-unicorns-led-by-germany-and-france": of(f"list/{COUNT}", ("DEU", "FRA", "EUU")),
    "china-valuation-share-above-count-share": of(
        (f"list/{COUNT}", f"list/{VALUE}"), ("CHN", "WLD")
    ),
}

# figure 3: 2013 to 2024; digitally deliverable services to 2023
for c in (*EXPORTERS, "GBR"):
    MUST[f"exports_share_{c.lower()}"] = of("ict", (c, "WLD"), 2024)
    MUST[f"exports_share_{c.lower()}_first"] = of("ict", (c, "WLD"), 2013)
    MUST[f"dds_share_{c.lower()}"] = of("dds", (c, "WLD"), 2023)
MUST |= {
    "exports_first_year": set(),
    "exports_last_year": set(),
    "dds_last_year": set(),
    "exports_world_first": of("ict", "WLD", 2013),
    "exports_world": of("ict", "WLD", 2024),
    "exports_irl": of("ict", "IRL", 2024),
    "exports_lead_irl_ind": of("ict", ("IRL", "IND", "WLD"), 2024),
    "exports_irl_gdp": of(("ict", "gdp"), "IRL", 2024),
    "exports_chn_gdp": of(("ict", "gdp"), "CHN", 2024),
    "exports_chn_min": set(),
    "exports_chn_max": set(),
    "dds_chn_min": set(),
    "dds_chn_max": set(),
    "india_share_start": of("ict", ("IND", "WLD"), 2016),
    "india_share_low": of("ict", ("IND", "WLD"), 2021),
    "india_low_year": set(),
    "india_exports_2016": of("ict", "IND", 2016),
    "india_exports": of("ict", "IND", 2024),
    "ireland_passes_india_year": set(),
    "ireland-passes-india": of("ict", ("IRL", "IND", "WLD"), 2016, 2017, 2024),
    "ireland-first-in-ict-services": of("ict", (*EXPORTERS, "WLD"), 2024),
    "exports-order-ict": of("ict", (*EXPORTERS, "WLD"), 2024),
    "usa-ahead-of-china-in-ict-services": of("ict", ("USA", "CHN", "WLD"), 2024),
    "china-fourth-in-ict-services": of("ict", (*EXPORTERS, "WLD"), 2024),
    "uk-above-germany-in-ict-services": of("ict", ("GBR", "DEU", "WLD"), 2024),
    "china-ict-share-below-paper": set(),
    "china-ict-share-steady": set(),
    "china-ict-share-rose": of("ict", ("CHN", "WLD"), 2013, 2024),
    "usa-france-ict-share-fell": of("ict", ("USA", "FRA", "WLD"), 2013, 2024),
    "india-share-fell-then-recovered": of("ict", ("IND", "WLD"), 2016, 2021, 2024),
    "india-exports-rose-in-value": of("ict", "IND", 2016, 2024),
    "india-rose-in-digitally-deliverable": of("dds", ("IND", "WLD"), 2016, 2023),
    "ireland-exports-large-relative-to-gdp": of(("ict", "gdp"), ("IRL", "CHN"), 2024),
    "export-measures-end-apart": set(),
    "usa-first-in-digitally-deliverable": of("dds", ("USA", "GBR", "IRL", "WLD"), 2023),
}
CHINA = of("ict", ("CHN", "WLD"), *range(2018, 2025))
CHINA_DDS = of("dds", ("CHN", "WLD"), *range(2018, 2024))
INDIA = of("ict", ("IND", "WLD"), *range(2016, 2025))
CROSSING = of("ict", ("IRL", "IND"), *range(2013, 2025))
MAY |= {
    "exports_chn_min": CHINA,
    "exports_chn_max": CHINA,
    "dds_chn_min": CHINA_DDS,
    "dds_chn_max": CHINA_DDS,
    "china-ict-share-below-paper": CHINA | CHINA_DDS,
    "china-ict-share-steady": CHINA,
    "india_share_low": INDIA,
    "india_low_year": INDIA,
    "india-share-fell-then-recovered": INDIA,
    "ireland_passes_india_year": CROSSING,
    "ireland-passes-india": CROSSING,
}

# figure 4: families of 2018 and 2020, PCT applications of 2020 and 2022
for name, fields in FIELDS.items():
    for c in ("CHN", "USA", "EUU"):
        MUST[f"patents_{name}_{c.lower()}"] = families(fields, c, 2020)
    MUST[f"patents_{name}_ratio"] = families(fields, ("CHN", "USA"), 2020)
    if name != "semi":
        MUST[f"patents_{name}_ratio_first"] = families(fields, ("CHN", "USA"), 2018)
for c in ("JPN", "KOR"):
    MUST[f"patents_semi_{c.lower()}"] = families((8,), c, 2020)
for c in ("CHN", "USA", "EUU"):
    MUST[f"pct_{c.lower()}"] = of("pct", c, 2022)
MUST |= {
    "patents_first_year": set(),
    "patents_last_year": set(),
    "pct_last_year": set(),
    "patents_digital_chn_first": families(range(2, 9), "CHN", 2018),
    "patents_digital_chn": families(range(2, 9), "CHN", 2020),
    "patents_digital_growth_chn": families(range(2, 9), "CHN", 2018, 2020),
    "pct_ratio": of("pct", TWO, 2022),
    "pct_ratio_same_year": of("pct", TWO, 2020),
    "families_ratio_same_year": families(range(1, 9), TWO, 2020),
    "ai_patents_ratio_first": of("ai", TWO, 2018),
    "ai_patents_ratio": of("ai", TWO, 2020),
    "china-leads-every-field": families(range(2, 9), THREE, 2020),
    "china-digital-families-grew": families(range(2, 9), "CHN", 2018, 2020),
    "china-lead-grew-in-computer-technology": families((6,), TWO, 2018, 2020),
    "ai-ratio-first-about-two": of("ai", TWO, 2018),
    "china-lead-grew-in-communications": families((3, 4, 5), THREE, 2018, 2020),
    "china-ahead-in-computer-technology-and-chips": families((6, 8), THREE, 2020),
    "it-methods-close-then-apart": families((7,), THREE, 2018, 2020),
    "usa-ahead-of-eu-in-software-and-chips": families((6, 8), THREE, 2018, 2020),
    "japan-korea-ahead-of-usa-in-chips": families((8,), ("JPN", "KOR", "USA"), 2020),
    "china-first-in-pct-by-less": of("pct", THREE, 2022)
    | of("pct", TWO, 2020)
    | families(range(1, 9), TWO, 2020),
    "china-ai-patents-at-least-twice-usa": of("ai", TWO, 2018, 2020),
}

# figure 5: shares of each economy's own total since 2014
for c in TOLD:
    for fact in ("joined_before_2019", "joined_since_2022", "joined_share_2021"):
        MUST[f"{fact}_{c.lower()}"] = of("joined", c, *SINCE)
    MUST[f"founded_before_2019_{c.lower()}"] = of("founded", c, *SINCE)
MUST |= {
    "years_list_year": set(),
    "joined_first_year": set(),
    "gap_joined": of("joined", TWO, *SINCE),
    "gap_founded": of("founded", TWO, *SINCE),
    "china-unicorns-joined-early": of("joined", TWO, *SINCE),
    "usa-unicorns-joined-late": of("joined", TWO, *SINCE),
    "china-before-2019-at-least-half": of("joined", "CHN", *SINCE),
    "half-before-2019-hangs-on-list": of(("joined", "joined24"), "CHN", *EVER),
    "unicorns-founded-early-everywhere": of("founded", TOLD, *SINCE),
    "founding-year-blurs-contrast": of(("joined", "founded"), TWO, *SINCE),
    "year-2021-largest-everywhere": set(),
}

# figure 6: companies on the list by year
for c in TOLD:
    MUST[f"years_list_{c.lower()}"] = of("joined", c, *EVER)
MUST |= {
    "unicorn_peak_year": set(),
    "unicorn_peak_count": of("joined", "WLD", 2021),
    "unicorn_peak_usa": of("joined", "USA", 2021),
    "unicorn_peak_chn": of("joined", "CHN", 2021),
    "unicorn_peak_share": of("joined", "WLD", *EVER),
    "unicorn_peak_usa_share": of("joined", ("USA", "WLD"), 2021),
    "founded_peak_year": set(),
    "founded_peak_count": of("founded", "WLD", 2015),
    "unicorn_last_full_year": set(),
    "unicorn_last_full_count": of("joined", "WLD", 2024),
    "usa_min_since_2018": of("joined", "USA", 2018),
    "years_list_total": of("joined", "WLD", *EVER),
    "years_list_chn_2023": of(f"list23/{COUNT}", "CHN"),
    "eu_top_two_share": of("joined", "EUU", *EVER),
    "unicorns-peak-2021": of("joined", "WLD", 2021),
    "usa-majority-of-peak": of("joined", ("USA", "WLD"), 2021),
    "entries-below-quarter-of-peak": of("joined", "WLD", 2021, 2023, 2024, 2025),
    "founding-peak-earlier": set(),
    "china-cluster-years": of("joined", "CHN", 2015, 2018, 2019, 2021),
    "eu-not-even": of("joined", "EUU", *EVER),
    "usa-many-every-year-since-2018": of("joined", "USA", *range(2018, 2025)),
    "china-unicorns-below-2023": of("joined", "CHN", *EVER) | of(f"list23/{COUNT}", "CHN"),
}
MAY |= {
    "year-2021-largest-everywhere": of("joined", TOLD, *SINCE),
    "founded_peak_year": of("founded", "WLD", *EVER),
    "founded_peak_count": of("founded", "WLD", *EVER),
    "founding-peak-earlier": of("founded", "WLD", *EVER),
    "usa_min_since_2018": of("joined", "USA", *range(2018, 2025)),
    "china-cluster-years": of("joined", "CHN", *EVER),
}

# figure 7: 2014 to 2023
for c in ("CHN", "USA", "EUU"):
    MUST[f"rd_{c.lower()}"] = rd(c, 2023)
    MUST[f"rd_{c.lower()}_first"] = rd(c, 2014)
    MUST[f"rd_growth_{c.lower()}"] = rd(c, 2014, 2023)
    MUST[f"rd_intensity_{c.lower()}"] = of("rd", c, 2023)
    MUST[f"rd_intensity_{c.lower()}_first"] = of("rd", c, 2014)
MUST |= {
    "rd_first_year": set(),
    "rd_last_year": set(),
    "rd_share_last_gbr": set(),
    "rd_share_last_ind": set(),
    "india-rd-share-lags": set(),
    "rd_chn_usa_first": rd(TWO, 2014),
    "rd_chn_usa": rd(TWO, 2023),
    "rd_chn_euu": rd(("CHN", "EUU"), 2023),
    "rd_chn_times": rd("CHN", 2014, 2023),
    "rd_gap_first": rd(TWO, 2014),
    "rd_gap": rd(TWO, 2023),
    "rd_china_passes_eu_year": set(),
    "rd_intensity_passes_eu_year": set(),
    "rd_last_growth_usd": rd("CHN", 2022, 2023),
    "rd_last_growth_cny": rd("CHN", 2022, 2023) | of("rate", "CHN", 2022, 2023),
    "china-rd-passes-eu": rd(("CHN", "EUU"), 2019, 2020, 2023),
    "china-rd-about-half-of-usa": rd(TWO, 2023),
    "rd-gap-wider-though-ratio-higher": rd(TWO, 2014, 2023),
    "china-rd-grew-fastest": rd(THREE, 2014, 2023),
    "china-rd-more-than-doubled": rd("CHN", 2014, 2023),
    "china-intensity-between": of("rd", THREE, 2023),
    "rd-growth-higher-in-yuan": rd("CHN", 2022, 2023) | of("rate", "CHN", 2022, 2023),
    "ireland-rd-below-tenth-of-germany": rd(("IRL", "DEU"), 2023),
}
PASSING = rd(("CHN", "EUU"), *range(2014, 2024))
MAY |= {
    "rd_china_passes_eu_year": PASSING,
    "china-rd-passes-eu": PASSING,
    "rd_intensity_passes_eu_year": of("rd", ("CHN", "EUU"), *range(2014, 2024)),
}

# the study's sums
for c in ("DEU", "USA", "GBR", "CHN"):
    MUST[f"ai_policies_{c.lower()}"] = of("policies", c, *range(2018, 2024))
MUST |= {
    "paper_di_gdp_share": of(("gdp", "rate"), "CHN", 2023),
    "paper_world_gdp_covered": of("gdp", "WLD", 2022),
    "paper_di_base": set(),
    "paper_patent_growth": set(),
    "paper_total_implied": set(),
    "study-digital-share-possible": of("gdp", "WLD", 2022),
    "printed-share-fits-digital-economy": set(),
    "ai-policies-germany-first": of("policies", COUNTRIES, *range(2018, 2024)),
    "only-one-total-fits": set(),
    "digital-industry-share-cannot-be-of-gdp": of(("gdp", "rate"), "CHN", 2023),
    "ai-policies-usa-uk-among-first-three": of("policies", COUNTRIES, *range(2018, 2024)),
}

# What comes first, and in which year, when a change is large enough to turn it round.
PEAK = of("joined", "WLD", *EVER)
FAR: dict[str, set[Cell]] = {
    "usa-most-unicorns": of(f"list/{COUNT}", "*"),
    "china-second-in-unicorns": of(f"list/{COUNT}", "*"),
    "usa-first-in-digitally-deliverable": of("dds", "*", 2023),
    **{
        id: PEAK
        for id in (
            "unicorn_peak_year",
            "unicorn_peak_count",
            "unicorn_peak_usa",
            "unicorn_peak_chn",
            "unicorn_peak_usa_share",
            "unicorns-peak-2021",
            "usa-majority-of-peak",
            "entries-below-quarter-of-peak",
            "founding-peak-earlier",
        )
    },
}
