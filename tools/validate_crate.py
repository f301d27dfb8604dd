"""Validate a research object as a Process Run Crate, offline: python validate_crate.py CRATE CACHE

Runs in the environment of requirements-crate.lock (see the Makefile). The validator would download
the JSON-LD context, so this puts it into the validator's cache from the `rocrate` package, which
ships it. Prints every requirement that is not met and exits with 1 if there is one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import rocrate
from requests_cache import CachedRequest, CachedResponse, CachedSession
from rocrate_validator import models, services

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "process-run-crate"


def seed(cache: Path) -> None:
    """Put the context into the validator's cache."""
    context = (Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld").read_bytes()
    answer = CachedResponse(
        status_code=200, url=CONTEXT, headers={"Content-Type": "application/ld+json"}
    )
    answer._content = context
    answer.request = CachedRequest(method="GET", url=CONTEXT)
    session = CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1)
    session.cache.save_response(answer)


def main() -> int:
    crate, cache = sys.argv[1], Path(sys.argv[2])
    seed(cache)
    settings = services.ValidationSettings(
        rocrate_uri=crate,
        profile_identifier=PROFILE,
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
        cache_path=cache,
    )
    issues = services.validate(settings).get_issues()
    for issue in issues:
        print(f"{issue.check.identifier}: {issue.violatingEntity}: {issue.message}")
    print(f"{len(issues)} requirements of {PROFILE} are not met.")
    return 1 if issues else 0


if __name__ == "__main__":
    sys.exit(main())
