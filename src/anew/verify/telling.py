"""The text of a certificate in one language: the same rows and parts for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from anew.diff.difference import Difference
from anew.diff.numbers import KINDS
from anew.site.certificate import Part, Told, tell
from anew.verify.certificate import Certificate
from anew.verify.files import Level

#: Kinds of which a side that has nothing is told as such.
_LISTED = ("fact", "claim", "statement", "data", "source")


def told(certificate: Certificate, language: str, most: int, cut: int | None = None) -> Told:
    """Return a certificate in words, at most `most` lines of a part, each of at most `cut` letters.

    The verdicts and the versions are told whole.
    """

    def part(key: str, lines: Sequence[str], quoted: bool = False) -> Part:
        shown = [_cut(line, cut) for line in lines[:most]]
        if len(lines) > most:
            shown.append(tell(language, "more", count=len(lines) - most))
        return Part(tell(language, key), shown, quoted)

    errors = certificate.errors
    if cut is not None:
        errors = [line for error in errors for line in error.splitlines()]
    every = [difference(one, language) for one in certificate.differences]
    parts = [
        part("errors", errors, quoted=True),
        # where every outcome is equal, what changed in the sources since is no difference of it
        part("changes" if certificate.kept else "differences", every),
        *(
            Part(tell(language, key), [_cut(line, cut and 4 * cut) for line in lines])
            for key, lines in (
                ("verdicts", _verdicts(certificate, language)),
                ("versions", _versions(certificate, language)),
            )
        ),
    ]
    return Told(
        title=tell(language, "title"),
        report=f"{certificate.report[language]} · {certificate.title[language]}",
        lead=tell(language, "lead"),
        verdict=tell(language, certificate.verdict),
        kept=certificate.kept,
        meaning=tell(language, f"{certificate.verdict}-means", count=len(every)),
        rows=[
            (tell(language, key), _cut(text, cut and 3 * cut))
            for key, text in _rows(certificate, language)
            if text
        ],
        parts=[one for one in parts if one.lines],
        limits=tell(language, "limits", engine=certificate.engine),
    )


def _cut(text: str, most: int | None) -> str:
    return text if most is None or len(text) <= most else text[: most - 1] + "…"


def _rows(certificate: Certificate, language: str) -> Iterator[tuple[str, str]]:
    """Yield what was compared and how it came out, each with the key of its label."""
    subject = certificate.subject
    name = tell(language, f"subject-{subject.kind}", name=subject.name)
    yield "subject", f"{name} (sha256 {subject.sha256[:16]}…)"
    yield "signature", _signature(certificate, language)
    yield "sources", _sources(certificate, language)
    if not certificate.errors or certificate.files.of:
        yield "bytes", _files(certificate, language)
        for kind in KINDS:
            yield kind, _counted(certificate, kind, language)
        equal, of = certificate.pixels.figures
        yield "figures", tell(language, "equal-of", equal=equal, of=of) if of else ""
    yield "tolerance", _tolerance(certificate, language)
    yield "environment", _environment(certificate, language)
    yield "lock", _lock(certificate, language)


def _joined(language: str, parts: Sequence[str]) -> str:
    return tell(language, "join").join(parts)


def _signature(certificate: Certificate, language: str) -> str:
    one = certificate.signature
    return tell(language, f"signature-{one.state}", signer=one.signer, key=one.key)


def _sources(certificate: Certificate, language: str) -> str:
    sources = certificate.sources
    if sources.changed:
        parts = [tell(language, "sources-changed", count=len(sources.changed))]
    else:
        parts = [tell(language, "sources-same" if sources.same else "sources-unknown")]
    if sources.uncommitted:
        parts.append(tell(language, "sources-uncommitted", count=len(sources.uncommitted)))
    if sources.bytes_at != "today":
        parts.append(tell(language, "sources-then", commit=sources.bytes_at[:12]))
    elif sources.commit:
        parts.append(tell(language, "sources-commit", commit=sources.commit[:12]))
    return _joined(language, parts)


def _files(certificate: Certificate, language: str) -> str:
    counted = certificate.files
    parts = [tell(language, "bytes-of", equal=counted.equal, of=counted.of)]
    parts += [
        tell(language, f"level-{level}", count=count)
        for level, count in counted.levels.items()
        if level is not Level.BYTES
    ]
    return _joined(language, parts)


def _counted(certificate: Certificate, kind: str, language: str) -> str:
    """Return how many of a kind are equal, and of claims and statements how they came out."""
    equal, of = getattr(certificate.numbers, kind)
    parts = [tell(language, "equal-of", equal=equal, of=of)] if of else []
    claims = certificate.claims
    if kind == "claims" and (claims.holds or claims.fails):
        parts.append(tell(language, "claims-hold", holds=len(claims.holds)))
        if claims.said:
            ids = ", ".join(claims.said[:5]) + (" …" if len(claims.said) > 5 else "")
            counts = {"count": len(claims.fails), "said": len(claims.said)}
            parts.append(tell(language, "claims-fail", ids=ids, **counts))
        elif claims.fails:
            parts.append(tell(language, "claims-fail-unsaid", count=len(claims.fails)))
    if kind == "statements":
        for verdict, found in certificate.statements.items():
            parts.append(tell(language, f"verdict-{verdict}", count=len(found)))
    return _joined(language, parts)


def _tolerance(certificate: Certificate, language: str) -> str:
    pixels = certificate.pixels
    shown = f"{certificate.numbers.relative:g}".replace("e-0", "e-")
    parts = [tell(language, "tolerance-is", relative=shown, pixels=pixels.tolerance)]
    if pixels.worst is not None:
        parts.append(tell(language, "worst", worst=pixels.worst))
    return _joined(language, parts)


def _environment(certificate: Certificate, language: str) -> str:
    environment, absent = certificate.environment, tell(language, "absent")
    here = environment.here
    parts = [
        tell(
            language, "environment-differs", name=one.name,
            recorded=one.recorded or absent, here=one.here or absent,
        )
        for one in environment.differs
    ] or [
        tell(
            language, "environment-same", count=len(here), platform=here.get("platform", absent),
            python=here.get("python", absent),
        )
    ]  # fmt: skip
    return _joined(language, [*parts, tell(language, f"promise-{certificate.promise.level}")])


def _lock(certificate: Certificate, language: str) -> str:
    lock = certificate.environment.lock
    if lock is None:
        return tell(language, "lock-none")
    parts = [
        tell(
            language, "lock-departs", package=one.package, locked=one.locked,
            installed=one.installed or tell(language, "absent"),
        )
        for one in lock.departures
    ] or [tell(language, "lock-kept", count=lock.packages)]  # fmt: skip
    return f"{_joined(language, parts)} (sha256 {lock.sha256[:16]}…)"


def _verdicts(certificate: Certificate, language: str) -> list[str]:
    """Return a line for each verdict with the statements that have it."""
    return [
        tell(language, f"verdict-{verdict}", count=len(ids))
        + tell(language, "colon")
        + ", ".join(ids)
        for verdict, ids in certificate.statements.items()
    ]


def _versions(certificate: Certificate, language: str) -> list[str]:
    """Return the versions of each side in a line, one line where they are the same."""
    environment = certificate.environment
    sides = {"recorded": environment.recorded, "here": environment.here}
    return [
        tell(language, f"versions-{side}")
        + tell(language, "colon")
        + ", ".join(f"{name} {version}" for name, version in found.items())
        for side, found in (sides if environment.differs else {"both": environment.here}).items()
    ]


def difference(one: Difference, language: str) -> str:
    """Return a difference as a line: what, where, and what either side says."""
    kind = tell(language, f"kind-{one.kind}")
    place = [_place(key, value, language) for key, value in one.where.items()]
    head = tell(language, "comma").join([f"{kind} {one.name}", *place])
    if one.was is None and one.now is None:
        return head
    head += tell(language, "colon")
    if one.was is None and one.kind not in _LISTED:
        return f"{head}{one.now}"
    was, now = (tell(language, "absent") if side is None else side for side in (one.was, one.now))
    return f"{head}{was} → {now}"


def _place(key: str, value: object, language: str) -> str:
    shown = tell(language, f"only-{value}") if key == "only" else value
    return tell(language, f"place-{key}", **{key: shown})
