"""Linked files: pictures, tables and papers of the author that a text shows or links to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from anew.text.document import FORMATS, Text

_ADDRESS = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#|$)", re.I)


def local_file(target: str, folder: str) -> str | None:
    """Return the file that a link of a document in `folder` names, as a path from the stage.

    A target that begins with a slash is one from the stage, as in Quarto. None for an address, an
    anchor and what leads out of the stage.
    """
    if _ADDRESS.match(target):
        return None
    path = unquote(re.split(r"[?#]", target, maxsplit=1)[0])
    found = posixpath.normpath(path[1:] if path.startswith("/") else posixpath.join(folder, path))
    return None if found.startswith("..") else found


def linked_files(text: Text) -> list[str]:
    """Return the files that a text and its front matter name, as paths from the stage, once each.

    Whether they exist is not asked.
    """
    folder = posixpath.dirname(text.source.document)
    nodes = [text.blocks, *(list(text.meta[target].values()) for target in FORMATS)]
    found = (local_file(target, folder) for target in _targets(nodes))
    return list(dict.fromkeys(path for path in found if path))


def _targets(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _targets(item)
    elif isinstance(node, dict):
        content = node.get("c")
        if node.get("t") in ("Link", "Image") and content:
            yield str(content[2][0])
        yield from _targets(list(content.values()) if isinstance(content, dict) else content)
