"""A reproducible research report generator: what a notebook calls lives in this namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anew.notebook.session import Session

__version__ = "0.1.0"
__all__ = ["__version__", "open", "period"]


def open(  # noqa: A001
    address: str, *, edition: str | int | None = None, **parameters: Any
) -> Session:
    """Open the session in which the notebook at `address` reads, states, claims and draws.

    `edition` is its name, the newest if None. `parameters` are the values of the notebook's
    parameters cell; None takes what the edition says. Raises AnewError for an unknown edition or
    parameter and for a value of a wrong type.
    """
    from anew.notebook.opening import open_session

    return open_session(address, edition=edition, parameters=parameters)


def period(written: str, language: str) -> str:
    """Return a period of a table as a language says it: `2024-03` is March 2024, 2024 年 3 月.

    Raises AnewError for text that is no year, quarter, month, week or date in its written form.
    """
    from anew.tables.periods import said

    return said(written, language)


def _welcome() -> None:
    """Make the project's own modules importable wherever a notebook was started."""
    from anew.project.errors import AnewError
    from anew.project.paths import find_project

    try:
        find_project().make_importable()
    except AnewError:
        pass  # imported outside a project: the engine alone is of use there too


_welcome()
