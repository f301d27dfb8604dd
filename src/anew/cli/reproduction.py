"""`anew release`, `anew reproduce` and `anew export`: what a reviewer is handed, and can check."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

_CORES = min(os.cpu_count() or 2, 8)
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Steps at once.")]
OneEdition = Annotated[str | None, typer.Option("--edition", "-e", help="Only this edition.")]


def release(
    editions: Annotated[
        list[str] | None, typer.Argument(help="Yearly reports; every one if left out.")
    ] = None,
    jobs: Jobs = _CORES,
) -> None:
    """Record editions: build each in a clean copy, keep its manifest in report/manifests/."""
    from anew.project.paths import find_project
    from anew.verify.release import release as record

    project = find_project()
    for one in record(project, editions or (), jobs):
        done = "recorded" if one.changed else "unchanged"
        of = f" of commit {one.commit[:12]}" if one.commit else ""
        typer.echo(f"{one.edition}: {done} in {project.relative(one.file)}{of}")
        if one.uncommitted and not one.commit:
            shown = ", ".join(one.uncommitted[:3]) + (" …" if len(one.uncommitted) > 3 else "")
            typer.echo(
                f"  It names no commit, for none holds these sources: {shown}\n"
                "  Commit them and release again, so that a reviewer can find them."
            )
        for name in one.stale_figures:
            typer.echo(f"  figures/{name} is not what this edition draws: run anew build.")


def reproduce(
    target: Annotated[
        str | None,
        typer.Argument(help="A manifest, a site's folder or its address; else what is released."),
    ] = None,
    edition: OneEdition = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where certificates go; else .anew/certificates."),
    ] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put the certificate of _site into _site.")
    ] = False,
    jobs: Jobs = _CORES,
) -> None:
    """Make it again from raw tables in a clean copy, compare, and write a certificate."""
    import time

    from anew.project.paths import find_project
    from anew.verify.certificate import certificates_folder
    from anew.verify.publishing import publish_certificates, write_certificate
    from anew.verify.rerun import reproduce as rerun
    from anew.verify.telling import kept, lines

    project = find_project()
    began = time.monotonic()
    found = rerun(project, target, edition, jobs, lambda text: typer.echo(text, err=True))
    folder = output or certificates_folder(project)
    for one in found:
        for line in lines(one):
            typer.echo(line)
        where = write_certificate(project, one, folder / one["edition"])
        typer.echo(f"  The certificate is at {project.relative(where)}")
    if publish:
        for path in publish_certificates(project, found):
            typer.echo(f"Published: {project.relative(path)}")
    typer.echo(f"{len(found)} compared in {time.monotonic() - began:.1f} s")
    if not all(kept(one) for one in found):
        raise typer.Exit(1)


def export(
    crate: Annotated[
        bool, typer.Option("--crate", help="An RO-Crate with all that a reviewer needs, zipped.")
    ] = False,
    codecheck: Annotated[
        bool, typer.Option("--codecheck", help="codecheck.yml, the outputs to be checked.")
    ] = False,
    edition: OneEdition = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where it goes: a .zip, or a new folder.")
    ] = None,
    jobs: Jobs = _CORES,
) -> None:
    """Hand an edition on: as a research object (--crate), or to a codechecker (--codecheck)."""
    from anew.build.progress import observer
    from anew.project.errors import AnewError
    from anew.project.paths import find_project
    from anew.project.writing import write_text
    from anew.verify.contents import gather_contents
    from anew.verify.packing import CODECHECK, write_crate
    from anew.verify.packing import codecheck as checked

    if crate == codecheck:
        raise AnewError(
            "Nothing says what to export.", "Choose one: anew export --crate, --codecheck."
        )
    project = find_project()
    contents = gather_contents(project, edition, jobs, observer())
    name = contents.plan.edition.name
    if codecheck:
        target = output or project.root / CODECHECK
        write_text(target, checked(contents))
        typer.echo(f"{project.relative(target)}: the outputs of edition {name}")
        return
    target = output or project.work / "export" / f"report-{name}.zip"
    write_crate(contents, target)
    typer.echo(f"{project.relative(target)}: edition {name}, {len(contents.files)} files")
    if not contents.certified:
        typer.echo("It holds no certificate: anew release and anew reproduce make one.")
