"""Signatures of manifests, made and verified offline by OpenSSH's `ssh-keygen`.

A signature stands beside its manifest: report/manifests/2026.json.sig. Whose signatures count is
listed in report/manifests/signers, a file in the format that `man ssh-keygen` calls ALLOWED
SIGNERS: one line for each key, `maria@example.org namespaces="anew" ssh-ed25519 AAAA…`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.project.phrases import Phrase
from anew.verify.certificate import Signature

#: What a signature is for: one made for git or for a file of another program does not count here.
NAMESPACE = "anew"

#: What a signature's file is called, after its manifest.
SUFFIX = ".sig"

#: Larger than any signature.
_MAX_BYTES = 64 << 10

#: Seconds for a verification, which asks nobody.
_SECONDS = 30

_KEY = re.compile(r"with (\S+ key SHA256:\S+)")


def signers_file(project: Project) -> Path:
    """Return where a project lists whose signatures count."""
    return project.report / "manifests" / "signers"


def signature_file(manifest: Path) -> Path:
    """Return where the signature of a manifest stands."""
    return manifest.with_name(manifest.name + SUFFIX)


def sign(key: Path, data: bytes) -> bytes:
    """Return the signature of `data` by the SSH key in a file, which may ask for its passphrase.

    A public key means the private one that the agent holds. Raises AnewError without ssh-keygen,
    and for a key that cannot sign.
    """
    if not key.is_file():
        raise AnewError(
            "The key {key} does not exist.",
            "Name the file of an SSH key, such as ~/.ssh/id_ed25519; ssh-keygen makes one.",
            code="no-key",
            key=key,
        )
    program = _program()
    if program is None:
        raise AnewError(
            "ssh-keygen, a program of OpenSSH, is not installed. Nothing can be signed.",
            "Install OpenSSH: apt-get install openssh-client, or dnf install openssh.",
            code="no-ssh-keygen",
        )
    command = [program, "-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise AnewError(
            "The key {key} cannot sign: {reason}.",
            "Check the file and its passphrase.",
            code="no-key",
            key=key,
            reason=_said(done.stderr),
        )
    return done.stdout


def verify_signature(project: Project, manifest: Path) -> Signature:
    """Return who signed a manifest, by the signature beside it and the project's list.

    A manifest without signature is told as such, and so is one whose signature cannot be checked
    for want of ssh-keygen. Raises AnewError for a signature that is not of this manifest, or by a
    key that is not listed.
    """
    file = signature_file(manifest)
    if not file.is_file():
        return Signature(state="unsigned")
    return verify(project, manifest.read_bytes(), file, project.relative(file))


def verify(project: Project, data: bytes, file: Path, shown: str) -> Signature:
    """Return who made the signature in `file` over `data`; see `verify_signature`."""
    program = _program()
    if program is None:
        return Signature(state="unchecked")
    if file.stat().st_size > _MAX_BYTES:
        raise _mismatched(shown, Phrase("it is larger than {size:,} bytes", size=_MAX_BYTES))
    good = _asked(program, ["check-novalidate", "-n", NAMESPACE, "-s", str(file)], data)
    key = _KEY.search(good.stdout.decode("utf-8", "replace"))
    if good.returncode or key is None:
        raise _mismatched(shown, _said(good.stderr or good.stdout))
    listed = signers_file(project)
    where = project.relative(listed)
    if not listed.is_file():
        raise _unlisted(shown, key[1], Phrase("there is no {file}", file=where))
    found = _asked(program, ["find-principals", "-s", str(file), "-f", str(listed)], data)
    names = found.stdout.decode("utf-8", "replace").split("\n")[0].split(",")
    if found.returncode or not names[0]:
        raise _unlisted(shown, key[1], Phrase("{file} does not list it", file=where))
    arguments = ["-n", NAMESPACE, "-s", str(file), "-f", str(listed), "-I", names[0]]
    valid = _asked(program, ["verify", *arguments], data)
    if valid.returncode:
        raise _unlisted(shown, key[1], f"{where}: {_said(valid.stderr or valid.stdout)}")
    return Signature(state="signed", signer=names[0], key=key[1])


def sign_listed(project: Project, key: Path, data: bytes) -> tuple[bytes, Signature]:
    """Return the signature of `data`, and whose it is.

    What is signed here is then accepted wherever the project is checked out: raises AnewError for a
    key that the project does not list.
    """
    made = sign(key, data)
    with tempfile.TemporaryDirectory(prefix="anew-sign-") as folder:
        file = Path(folder) / "signature"
        file.write_bytes(made)
        return made, verify(project, data, file, Phrase("The signature by {key}", key=key))


def _program() -> str | None:
    return shutil.which("ssh-keygen")


def _asked(
    program: str, arguments: Sequence[str], data: bytes
) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [program, "-Y", *arguments], input=data, capture_output=True, check=False,
            timeout=_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise AnewError(
            "ssh-keygen did not answer within {seconds} s.",
            "Try again, or check OpenSSH.",
            code="no-ssh-keygen",
            seconds=_SECONDS,
        ) from None


def _said(told: bytes) -> str:
    """Return the last line of what ssh-keygen says."""
    lines = told.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].strip().rstrip(".") if lines else "ssh-keygen gives no reason"


def _mismatched(shown: str, why: str) -> AnewError:
    return AnewError(
        "{file} does not match its manifest: {reason}.",
        "The manifest was changed after it was signed, or the signature is damaged. Do not trust "
        "this record: get both files again from whoever published them.",
        code="wrong-signature",
        file=shown,
        reason=why,
    )


def _unlisted(shown: str, key: str, why: str) -> AnewError:
    return AnewError(
        "{file} is by a key that is not accepted: {key}; {reason}.",
        "Ask the owner for the fingerprint of the key. If it is this one, add a line to "
        'report/manifests/signers: NAME namespaces="anew" and the public key.',
        code="unlisted-key",
        file=shown,
        key=key,
        reason=why,
    )
