"""A difference between two sides: which thing, where in it, and what each side says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: So much of a text is shown of either side.
_SHOWN = 160


@dataclass(frozen=True)
class Difference:
    """One thing that is another on the two sides.

    `kind` is what it is (fact, data, claim, statement, file, figure, source), `name` its id or
    path, `where` the place in it, in order, by kind of place (row, column, line, cell, page, key;
    apart, size and only say how it differs). `was` is what was recorded, `now` what was found; None
    where a side has nothing to show.
    """

    kind: str
    name: str
    where: Mapping[str, Any] = field(default_factory=dict)
    was: str | None = None
    now: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as the certificate holds it."""
        return {
            "kind": self.kind, "name": self.name, "where": dict(self.where),
            "was": self.was, "now": self.now,
        }  # fmt: skip


def shown(value: Any) -> str:
    """Return a value as a difference shows it: one line, not too long."""
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def around(was: str, now: str) -> tuple[str, str]:
    """Return two texts cut to the words around the first place where they part."""
    if max(len(was), len(now)) <= _SHOWN:
        return shown(was), shown(now)
    same = next(
        (at for at, (one, two) in enumerate(zip(was, now, strict=False)) if one != two),
        min(len(was), len(now)),
    )
    begin = max(same - _SHOWN // 3, 0)
    cut = [text[begin : begin + _SHOWN - 2] for text in (was, now)]
    lead = "…" if begin else ""
    one, two = (
        shown(lead + part + ("…" if begin + len(part) < len(text) else ""))
        for part, text in zip(cut, (was, now), strict=True)
    )
    return one, two
