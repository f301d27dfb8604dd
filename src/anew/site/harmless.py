"""HTML that a cell gives out, or holds: what it shows stays, what it could do is taken out."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

import nh3

if TYPE_CHECKING:  # heavy
    from nbformat import NotebookNode

#: Forms of output that show nothing or run something.
_LIVE = ("application/javascript", "text/javascript", "application/vnd.jupyter.widget-view+json")

_TAGS = nh3.ALLOWED_TAGS | {"section", "figure", "figcaption"}
_ATTRIBUTES = deepcopy(nh3.ALLOWED_ATTRIBUTES)
_ATTRIBUTES["*"] = {"class", "lang", "title", "role", "tabindex", "aria-label", "open"}
_ATTRIBUTES["img"] = {"src", "alt", "width", "height"}
_ATTRIBUTES["a"] = {"href", "title"}

#: A picture that is part of the page; nothing is fetched from elsewhere.
_OWN_PICTURE = re.compile(r"data:image/(png|jpeg|gif|svg\+xml)[;,]|(?![a-z]+:|//)", re.IGNORECASE)


def harmless(html: str) -> str:
    """Return HTML with what it shows, and without scripts, styles, forms, frames and redirects.

    A link goes to a page or to mail, a picture is one that the page brings along.
    """
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )


def disarm(output: NotebookNode) -> None:
    """Make what a cell gave out harmless, in place. A picture as SVG is shown as a picture."""
    data = output.get("data", {})
    for kind in _LIVE:
        data.pop(kind, None)
    if "text/html" in data:
        html = data["text/html"]
        data["text/html"] = harmless(html if isinstance(html, str) else "".join(html))


def _kept(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if _OWN_PICTURE.match(value) else None
    if name in ("href", "cite"):
        return None if value.strip().casefold().startswith("data:") else value
    return value
