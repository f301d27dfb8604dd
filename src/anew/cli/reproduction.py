"""`anew release`, `anew reproduce` and `anew export`: the verbs for reviewers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anew.cli.options import CORES, Insecure, Jobs, allow
from anew.cli.speaking import echo
from anew.project.phrases import Phrase, in_language, readers_language

if TYPE_CHECKING:
    from anew.project.paths import Project

OneEdition = Annotated[str | None, typer.Option("--edition", "-e", help="Only this edition.")]
Timeout = Annotated[
    int, typer.Option("--timeout", min=1, help="Minutes before a rebuild is stopped.")
]


def release(
    editions: Annotated[list[str] | None, typer.Argument(help="Editions (default: all).")] = None,
    jobs: Jobs = CORES,
    timeout: Timeout = 60,
    sign: Annotated[
        Path | None, typer.Option("--sign", metavar="KEY", help="Sign with this SSH key.")
    ] = None,
) -> None:
    """Record editions for reviewers.

    Builds each in a clean copy and stores its manifest in report/manifests/.
    """
    from anew.project.paths import find_project
    from anew.verify.release import release as record

    project = find_project()
    for one in record(project, editions or (), jobs, 60 * timeout, sign):
        of = Phrase(" of commit {commit}", commit=one.commit[:12]) if one.commit else ""
        echo(
            "{edition}: recorded in {file}{of}"
            if one.changed
            else "{edition}: unchanged in {file}{of}",
            edition=one.edition,
            file=project.relative(one.file),
            of=of,
        )
        if one.uncommitted and not one.commit:
            more = " …" if len(one.uncommitted) > 3 else ""
            echo(
                "  No commit recorded, because these sources are not committed: {files}{more}\n"
                "  Commit them and release again, so that a reviewer can find them.",
                files=one.uncommitted[:3],
                more=more,
            )
        if one.signature:
            signed = one.signature
            echo("  Signed by {signer}, {key}", signer=signed.signer, key=signed.key)
        elif one.unsigned:
            echo("  Its signature was of the earlier manifest and was removed: --sign KEY.")
        for name in one.stale_figures:
            echo(
                "  figures/{name} differs from what this edition draws: run anew build.", name=name
            )


def reproduce(
    target: Annotated[
        str | None,
        typer.Argument(help="A manifest, site folder, URL or crate (default: every release)."),
    ] = None,
    edition: OneEdition = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Certificates folder (default: .anew/certificates)."),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Add the certificate to _site.")
    ] = False,
    jobs: Jobs = CORES,
    timeout: Timeout = 60,
    isolated: Annotated[
        bool | None,
        typer.Option(help="Build without network and without your files (default: crates only)."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Run the code of a crate without asking.")
    ] = False,
    insecure: Insecure = False,
) -> None:
    """Rebuild from raw tables and compare.

    Builds in a clean copy, compares with the record and writes a certificate. The project at hand
    is rebuilt; of a research object (crate), which someone else wrote, its own.
    """
    import tempfile

    from anew.project.errors import AnewError
    from anew.project.paths import find_project
    from anew.verify.certificate import certificates_folder
    from anew.verify.isolation import why_not_isolated
    from anew.verify.received import is_crate, receive, told_before

    allow(insecure)
    why_not = None if isolated is False else why_not_isolated()
    if isolated and why_not:
        raise AnewError(
            "The build cannot be isolated: {why}.",
            "Run it without --isolated in a virtual machine.",
            code="not-isolated",
            why=why_not,
        )
    if target is None or not is_crate(target):
        project = find_project()
        folder = output or certificates_folder(project)
        _compare(project, target, edition, folder, publish, jobs, 60 * timeout, bool(isolated))
        return
    if publish:
        raise AnewError(
            "A crate has no site of yours to publish into.", "Leave out --publish.", code="not-run"
        )
    with tempfile.TemporaryDirectory(prefix="anew-crate-") as place:
        project = receive(Path(target), Path(place) / "crate")
        refused = Phrase("you chose --no-isolated") if why_not is None else why_not
        for line in told_before(project, Path(target).name, refused or None):
            echo(line, err=True)
        _confirm(yes)
        folder = output or Path(f"{Path(target).stem}-certificates")
        site = str(project.site) if (project.site / "manifest.json").is_file() else None
        _compare(project, site, edition, folder, False, jobs, 60 * timeout, why_not == "")


def _confirm(yes: bool) -> None:
    """Ask whether to run the code of others. Raises AnewError unless someone says so."""
    import sys

    from anew.project.errors import AnewError

    if yes or (sys.stdin.isatty() and typer.confirm(in_language(Phrase("Run it?")), err=True)):
        return
    raise AnewError("Nothing was run.", "To run it without being asked, add --yes.", code="not-run")


def _compare(
    project: Project, target: str | None, edition: str | None, folder: Path, publish: bool,
    jobs: int, limit: float, isolate: bool,
) -> None:  # fmt: skip
    """Rebuild, write certificates into `folder` and tell them."""
    import time
    from functools import partial

    from anew.verify.publishing import publish_certificates, write_certificate
    from anew.verify.rendering import as_lines
    from anew.verify.reproduction import reproduce as rebuild

    began = time.monotonic()
    found = rebuild(project, target, edition, jobs, partial(echo, err=True), limit, isolate)
    for one in found:
        for line in as_lines(one, readers_language()):
            typer.echo(line)
        where = write_certificate(project, one, folder / one.edition)
        echo("  The certificate is at {path}", path=project.relative(where))
    if publish:
        for path in publish_certificates(project, found):
            echo("Published: {path}", path=project.relative(path))
    echo(
        "{count} compared in {seconds:.1f} s",
        count=len(found),
        seconds=time.monotonic() - began,
    )
    if not all(one.kept for one in found):
        raise typer.Exit(1)


def export(
    crate: Annotated[
        bool, typer.Option("--crate", help="Write a zipped RO-Crate with all a reviewer needs.")
    ] = False,
    codecheck: Annotated[
        bool, typer.Option("--codecheck", help="Write codecheck.yml, the list of outputs to check.")
    ] = False,
    edition: OneEdition = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A .zip file or a new folder.")
    ] = None,
    jobs: Jobs = CORES,
) -> None:
    """Export an edition for reviewers.

    Choose a research object (--crate) or a CODECHECK manifest (--codecheck).
    """
    from anew.build.progress import observer
    from anew.project.errors import AnewError
    from anew.project.paths import find_project
    from anew.project.writing import write_text
    from anew.verify.codecheck import FILE, codecheck_text
    from anew.verify.export import gather_contents
    from anew.verify.packing import write_crate

    if crate == codecheck:
        raise AnewError(
            "Nothing to export.",
            "Choose one: anew export --crate, --codecheck.",
            code="nothing-named",
        )
    project = find_project()
    contents = gather_contents(project, edition, jobs, observer())
    name = contents.plan.edition.name
    if codecheck:
        target = output or project.root / FILE
        write_text(target, codecheck_text(contents))
        echo(
            "{file}: the outputs of edition {edition}", file=project.relative(target), edition=name
        )
        return
    target = output or project.work / "export" / f"report-{name}.zip"
    write_crate(contents, target)
    echo(
        "{file}: edition {edition}, {count} files",
        file=project.relative(target),
        edition=name,
        count=len(contents.files),
    )
    if not contents.certified:
        echo("It has no certificate. To get one: anew release, then anew reproduce.")
