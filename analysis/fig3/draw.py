"""Fig. 3: shares of the world's digital service exports by year."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.shared.lines import lines
from analysis.shared.panel import ranked
from analysis.shared.passing import passed
from analysis.shared.wording import passing
from analysis.shared.words import Voice
from anew.figures.drawing import Words
from anew.figures.lines import Remark


def draw(frame: pd.DataFrame, words: Words, language: str, focus: str | None = None) -> Figure:
    """Return the lines of `export_shares` (economy, year, share in per cent).

    A ring shows whom `focus` (the largest in the end) passes, or who passes it.
    """

    def remark(wide: pd.DataFrame, say: Voice) -> Remark | None:
        order = ranked(wide.ffill().iloc[-1])
        event = passed(wide, focus or order[0]) if order else None
        if event is None:
            return None
        return Remark(event.leader, event.crossing.year, passing("passes", event, say))

    return lines("share", "percent", height=225, remark=remark)(frame, words, language)
