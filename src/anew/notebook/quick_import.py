"""Import jsonschema without the grammar of IRIs, which a cold build would wait for.

nbformat checks notebooks by jsonschema, whose checks of formats build that grammar when they are
imported if `rfc3987-syntax` is installed, as Jupyter has it: 1.5 s of CPU, more than pandas and
matplotlib together. No schema of a notebook names an IRI. A notebook that imports the package
itself gets it.
"""

from __future__ import annotations

import sys

_NAME = "rfc3987_syntax"

if _NAME not in sys.modules and "jsonschema" not in sys.modules:
    sys.modules[_NAME] = None  # type: ignore[assignment]  # so Python says: it is not there
    try:
        import jsonschema  # type: ignore[import-untyped]  # noqa: F401
    finally:
        del sys.modules[_NAME]
