"""Years that a figure compares."""

from __future__ import annotations

from anew.project.errors import AnewError


def two_years(first: int, last: int) -> list[int]:
    """Return both years; raise AnewError when the first is not before the last."""
    if first >= last:
        raise AnewError(
            f"The figure compares two years, and first_year {first} is not before last_year "
            f"{last}.",
            "Choose a first_year that is earlier than last_year.",
        )
    return [first, last]
