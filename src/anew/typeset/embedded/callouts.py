"""The five callouts of Quarto: their names in each language and their colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Kinds, each with its colours (accent, background) and its title where the author gives none.
#: Titles and colours are those that Quarto prints.
CALLOUTS: dict[str, dict[str, str]] = {
    "note": {"colour": "0758E5", "background": "dae6fb", "zh": "注记", "en": "Note",
             "de": "Hinweis"},
    "tip": {"colour": "00A047", "background": "ccf1e3", "zh": "提示", "en": "Tip",
             "de": "Tipp"},
    "important": {"colour": "CC1914", "background": "f7dddc", "zh": "重要", "en": "Important",
             "de": "Wichtig"},
    "warning": {"colour": "EB9113", "background": "fcefdc", "zh": "警告", "en": "Warning",
             "de": "Warnung"},
    "caution": {"colour": "FC5300", "background": "ffe5d0", "zh": "注意", "en": "Caution",
             "de": "Achtung"},
}  # fmt: skip

#: Attributes of a callout, and the values of each; None is any text.
ATTRIBUTES: dict[str, tuple[str, ...] | None] = {
    "title": None,
    "icon": ("true", "false"),
    "appearance": ("default", "simple", "minimal"),
    "collapse": ("true", "false"),
}


def callout_settings(metadata: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what the filter needs to render callouts in `language` (zh or en)."""
    return {
        "callouts": {
            kind: {
                "title": words[language],
                "colour": words["colour"],
                "background": words["background"],
            }
            for kind, words in CALLOUTS.items()
        },
        "callout_appearance": metadata.get("callout-appearance", "default"),
        "callout_icon": metadata.get("callout-icon", True),
    }
