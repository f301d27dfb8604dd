"""Comparing the environment with its lock: packages that are missing or differ in version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from anew.project.errors import AnewError
from anew.project.phrases import Phrase

#: The project itself is installed from its folder, and no lock can hold it.
_OWN = "anew"


@dataclass(frozen=True)
class Departure:
    """A package that is not as the lock has it; `installed` is None where it is missing."""

    package: str
    locked: str
    installed: str | None

    def __str__(self) -> str:
        return Phrase(
            "{package}: locked {locked}, installed {installed}",
            package=self.package,
            locked=self.locked,
            installed=self.installed or Phrase("not at all"),
        )


@dataclass(frozen=True)
class Environment:
    """The packages that a lock requires on this platform, and those that differ.

    `beside` are installed packages that the lock does not name: no build uses them.
    """

    locked: int
    departures: tuple[Departure, ...]
    beside: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the comparison as lines of text."""
        found = [str(one) for one in self.departures]
        kept = self.locked - len(self.departures)
        found.append(
            Phrase("{kept} of {locked} packages match the lock.", kept=kept, locked=self.locked)
        )
        if self.departures:
            found.append(Phrase("Install the locked environment: make setup (after make clean)."))
        if self.beside:
            found.append(
                Phrase(
                    "{count} packages are not in the lock; no build uses them.",
                    count=len(self.beside),
                )
            )
        return found


def compare_environment(lock: Path) -> Environment:
    """Return how the packages of this environment differ from those that `lock` names for it.

    Raises AnewError when there is no lock or a line of it is no requirement.
    """
    installed = {
        canonicalize_name(name): one.version
        for one in metadata.distributions()
        if (name := one.metadata["Name"])
    }
    departures = []
    named = set()
    for requirement in locked_requirements(lock):
        name = canonicalize_name(requirement.name)
        named.add(name)
        found = installed.get(name)
        if found is None or not _fits(requirement, found):
            wanted = str(requirement.specifier).removeprefix("==")
            departures.append(Departure(name, wanted, found))
    beside = sorted(set(installed) - named - {_OWN})
    return Environment(len(named), tuple(departures), tuple(beside))


def _fits(requirement: Requirement, version: str) -> bool:
    try:
        return requirement.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return False


def locked_requirements(lock: Path) -> Iterator[Requirement]:
    """Yield the requirements of a lock whose markers hold here."""
    try:
        text = lock.read_text("utf-8")
    except FileNotFoundError:
        raise AnewError(
            "There is no {lock}.", "Make it: make lock.", code="no-lock", lock=lock.name
        ) from None
    joined = re.sub(r"\\\n", " ", text)
    for number, line in enumerate(joined.splitlines(), 1):
        plain = line.partition(" #")[0].partition(" --hash")[0].strip()
        if not plain or plain.startswith(("#", "--")):
            continue
        try:
            requirement = Requirement(plain)
        except InvalidRequirement as error:
            raise AnewError(
                "{lock}, line {number}: {error}",
                "Make it: make lock.",
                code="no-lock",
                lock=lock.name,
                number=number,
                error=error,
            ) from None
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement
