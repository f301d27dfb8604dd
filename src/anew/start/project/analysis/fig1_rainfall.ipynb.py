# %% [markdown]
# # << either(zh="图 1：年降水量", en="Figure 1: annual rainfall") >>
# %% parameters
from typing import Optional

edition: Optional[str] = None
last_year: Optional[int] = None  # the last year drawn
# %%
import anew
from analysis import rainfall
from anew.figures.drawing import Words

session = anew.open("fig1", edition=edition, last_year=last_year)
p = session.parameters
# %%
table = rainfall.by_country(session.table("rainfall"), p.last_year)
first, last = table.index[0], table.index[-1]
# %%
session.facts({"rain_germany": table.loc[last, "DEU"], "rain_france": table.loc[last, "FRA"]}, "mm")
session.facts({"rain_first_year": int(first), "rain_last_year": int(last)}, "year")
session.claim(
    "germany-wetter",
    bool(table.loc[last, "DEU"] > table.loc[last, "FRA"]),
    evidence=table.loc[last].to_dict(),
    fails_when=<< text(zh="最后一年德国的降水不比法国多", en="in the last year Germany has no more rain than France") >>,
)
# %%
session.report_table(
    "tbl-rainfall",
    {
        "country": << text(zh="国家", en="Country") >>,
        "last": << text(zh="最后一年的降水量", en="Rainfall in the last year") >>,
        "mean": << text(zh="各年平均", en="Mean of all years") >>,
    },
    [
        [rainfall.NAMES[code], (table.loc[last, code], "mm"), (table[code].mean(), "mm")]
        for code in table.columns
    ],
    caption=<< text(zh="最后一年的降水量与平均值", en="Rainfall in the last year, and the mean") >>,
)
# %%
germany, france = table.loc[last, "DEU"], table.loc[last, "FRA"]
wetter = germany > france
words = {
<% if "zh" in languages %>
    "zh": Words(
        title=f"{last} 年{'德国' if wetter else '法国'}降水较多",
        measure="年降水量，毫米",
        note="虚构的数据。",
        alt=f"折线图：{last} 年降水量德国 {germany:.0f} 毫米，法国 {france:.0f} 毫米。",
    ),
<% endif %>
<% if "en" in languages %>
    "en": Words(
        title=f"{'Germany' if wetter else 'France'} had more rain in {last}",
        measure="Annual rainfall, mm",
        note="Invented data.",
        alt=f"Lines: rainfall in {last} was {germany:.0f} mm in Germany and {france:.0f} mm in France.",
    ),
<% endif %>
}
session.figure(draw=rainfall.draw, data=table.reset_index(), words=words)
