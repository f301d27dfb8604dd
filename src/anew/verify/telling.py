"""A certificate in words of either language: for the terminal, the page and the print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anew.verify.words import tell

#: The verdicts of a promise that is kept.
_KEPT = ("equal", "equal-in-numbers")

#: So many differences are told where room is short.
SHOWN = 12


def kept(certificate: Mapping[str, Any]) -> bool:
    """Return whether the promise of equality is kept."""
    return certificate["verdict"] in _KEPT


def meaning(certificate: Mapping[str, Any], language: str) -> str:
    """Return what the verdict says, in a sentence."""
    verdict = certificate["verdict"]
    return tell(language, f"{verdict}-means", count=len(certificate["differences"]))


def rows(certificate: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """Return what was compared and how it came out, as pairs of a label and a text."""
    found = [
        ("subject", _subject(certificate, language)),
        ("sources", _sources(certificate, language)),
    ]
    if not certificate["errors"] or certificate["bytes"]["of"]:
        found.append(("bytes", _bytes(certificate, language)))
        for kind in ("facts", "data", "claims", "statements"):
            text = _counted(certificate, kind, language)
            if text:
                found.append((kind, text))
        equal, of = certificate["pixels"]["figures"]
        if of:
            found.append(("figures", tell(language, "equal-of", equal=equal, of=of)))
    found.append(("tolerance", _tolerance(certificate, language)))
    found.append(("environment", _environment(certificate, language)))
    found.append(("lock", _lock(certificate, language)))
    return [(tell(language, key), text) for key, text in found]


def _joined(language: str, parts: list[str]) -> str:
    return tell(language, "join").join(part for part in parts if part)


def _subject(certificate: Mapping[str, Any], language: str) -> str:
    subject = certificate["subject"]
    name = tell(language, f"subject-{subject['kind']}", name=subject["name"])
    return f"{name} (sha256 {subject['sha256'][:16]}…)"


def _sources(certificate: Mapping[str, Any], language: str) -> str:
    sources = certificate["sources"]
    parts = []
    if sources["changed"]:
        parts.append(tell(language, "sources-changed", count=len(sources["changed"])))
    else:
        parts.append(tell(language, "sources-same" if sources["same"] else "sources-unknown"))
    if sources["uncommitted"]:
        parts.append(tell(language, "sources-uncommitted", count=len(sources["uncommitted"])))
    if sources["bytes_at"] != "today":
        parts.append(tell(language, "sources-then", commit=sources["bytes_at"][:12]))
    elif sources["commit"]:
        parts.append(tell(language, "sources-commit", commit=sources["commit"][:12]))
    return _joined(language, parts)


def _bytes(certificate: Mapping[str, Any], language: str) -> str:
    counted = certificate["bytes"]
    parts = [tell(language, "bytes-of", equal=counted["equal"], of=counted["of"])]
    parts += [
        tell(language, f"level-{level}", count=count)
        for level, count in counted["levels"].items()
        if level != "bytes"
    ]
    return _joined(language, parts)


def _counted(certificate: Mapping[str, Any], kind: str, language: str) -> str:
    """Return how many of a kind are equal, and of claims and statements how they came out."""
    equal, of = certificate["numbers"][kind]
    parts = [tell(language, "equal-of", equal=equal, of=of)] if of else []
    if kind == "claims" and (certificate["claims"]["holds"] or certificate["claims"]["fails"]):
        fails = certificate["claims"]["fails"]
        parts.append(tell(language, "claims-hold", holds=len(certificate["claims"]["holds"])))
        said = certificate["claims"]["said"]
        if said:
            ids = ", ".join(said[:5]) + (" …" if len(said) > 5 else "")
            told = {"count": len(fails), "said": len(said), "ids": ids}
            parts.append(tell(language, "claims-fail", **told))
        elif fails:
            parts.append(tell(language, "claims-fail-unsaid", count=len(fails)))
    if kind == "statements":
        for verdict, ids in certificate["statements"].items():
            parts.append(tell(language, f"verdict-{verdict}", count=len(ids)))
    return _joined(language, parts)


def _tolerance(certificate: Mapping[str, Any], language: str) -> str:
    relative, pixels = certificate["numbers"]["relative"], certificate["pixels"]["tolerance"]
    shown = f"{relative:g}".replace("e-0", "e-")
    parts = [tell(language, "tolerance-is", relative=shown, pixels=pixels)]
    if certificate["pixels"]["worst"] is not None:
        parts.append(tell(language, "worst", worst=certificate["pixels"]["worst"]))
    return _joined(language, parts)


def _environment(certificate: Mapping[str, Any], language: str) -> str:
    environment = certificate["environment"]
    here, absent = environment["here"], tell(language, "absent")
    parts = [
        tell(
            language, "environment-differs", name=one["name"],
            recorded=one["recorded"] or absent, here=one["here"] or absent,
        )
        for one in environment["differs"]
    ] or [
        tell(
            language, "environment-same", count=len(here), platform=here["platform"],
            python=here["python"],
        )
    ]  # fmt: skip
    parts.append(tell(language, f"promise-{certificate['promise']['level']}"))
    return _joined(language, parts)


def _lock(certificate: Mapping[str, Any], language: str) -> str:
    lock = certificate["environment"]["lock"]
    if lock is None:
        return tell(language, "lock-none")
    absent = tell(language, "absent")
    departures = [
        tell(language, "lock-departs", **{**one, "installed": one["installed"] or absent})
        for one in lock["departures"]
    ]
    told = departures or [tell(language, "lock-kept", count=lock["packages"])]
    return f"{_joined(language, told)} (sha256 {lock['sha256'][:16]}…)"


def verdicts(certificate: Mapping[str, Any], language: str) -> list[str]:
    """Return a line for each verdict with the statements that have it."""
    colon = "：" if language == "zh" else ": "
    return [
        tell(language, f"verdict-{verdict}", count=len(ids)) + colon + ", ".join(ids)
        for verdict, ids in certificate["statements"].items()
    ]


def versions(certificate: Mapping[str, Any], language: str) -> list[str]:
    """Return the versions of each side in a line, one line where they are the same."""
    environment = certificate["environment"]
    sides = ["both"] if not environment["differs"] else ["recorded", "here"]
    colon = "：" if language == "zh" else ": "
    return [
        tell(language, f"versions-{side}") + colon + ", ".join(
            f"{name} {version}"
            for name, version in environment["here" if side == "both" else side].items()
        )
        for side in sides
    ]  # fmt: skip


def difference(one: Mapping[str, Any], language: str) -> str:
    """Return a difference as a line: what, where, and what either side says."""
    kind = tell(language, f"kind-{one['kind']}")
    place = [_place(key, value, language) for key, value in one["where"].items()]
    gap = "，" if language == "zh" else ", "
    head = gap.join([f"{kind} {one['name']}", *place])
    absent = tell(language, "absent")
    if one["was"] is None and one["now"] is None:
        return head
    if one["was"] is None and one["kind"] not in ("fact", "claim", "statement", "data", "source"):
        return f"{head}{'：' if language == 'zh' else ': '}{one['now']}"
    was, now = (absent if one[side] is None else one[side] for side in ("was", "now"))
    return f"{head}{'：' if language == 'zh' else ': '}{was} → {now}"


def _place(key: str, value: Any, language: str) -> str:
    shown = tell(language, f"only-{value}") if key == "only" else value
    return tell(language, f"place-{key}", **{key: shown})


def parted(certificate: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the differences that spoil the verdict, and the changes that are only told.

    Where every outcome is equal, what changed in the sources since is no difference of it.
    """
    everything = certificate["differences"]
    if kept(certificate):
        return [], everything
    return everything, []


def lines(certificate: Mapping[str, Any], language: str = "en") -> list[str]:
    """Return a certificate as lines for a terminal."""
    found = [f"{certificate['edition']}: {tell(language, certificate['verdict'])}"]
    width = max(len(label) for label, _ in rows(certificate, language))
    found += [f"  {label:{width}}  {text}" for label, text in rows(certificate, language)]
    for error in certificate["errors"]:
        found += [f"  {line}" for line in error.splitlines()]
    for title, listed in zip(("differences", "changes"), parted(certificate), strict=True):
        if listed:
            found.append(f"  {tell(language, title)}")
            found += [f"    {difference(one, language)}" for one in listed[:SHOWN]]
            if len(listed) > SHOWN:
                found.append(f"    {tell(language, 'more', count=len(listed) - SHOWN)}")
    return found
