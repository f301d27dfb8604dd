"""Signatures of manifests, by real SSH keys: accepted, refused, or told as missing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import tiny
from missing import missing

from anew.project.errors import AnewError
from anew.project.paths import Project
from anew.verify.certificate import Signature
from anew.verify.signing import sign, sign_listed, verify_signature


@pytest.fixture(scope="module", autouse=True)
def program() -> None:
    """Every test here makes keys."""
    if shutil.which("ssh-keygen") is None:
        missing("ssh-keygen is not installed: apt-get install openssh-client")


MANIFEST = "report/manifests/2024.json"


def new_key(folder: Path, name: str = "key") -> Path:
    """Make an SSH key without passphrase; `name`.pub is beside it."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder / name]
    subprocess.run(command, check=True, capture_output=True)
    return folder / name


def listed(key: Path, name: str = "maria@example.org", options: str = 'namespaces="anew"') -> str:
    """Return the line of a list of signers for a key."""
    kind, data, _ = key.with_name(f"{key.name}.pub").read_text().split()
    return f"{name} {options} {kind} {data}\n"


@pytest.fixture
def key(tmp_path):
    return new_key(tmp_path)


@pytest.fixture
def project(tmp_path, key):
    """A project whose only manifest is signed by the only key that is listed."""
    root = tmp_path / "p"
    manifest = tiny.write(root / MANIFEST, '{"edition": "2024"}\n')
    tiny.write(root / "report/manifests/signers", f"# who releases\n{listed(key)}")
    Path(f"{manifest}.sig").write_bytes(sign(key, manifest.read_bytes()))
    return Project(root)


def test_a_signature_by_a_listed_key_says_whose_it_is(project):
    found = verify_signature(project, project.root / MANIFEST)
    assert (found.state, found.signer) == ("signed", "maria@example.org")
    assert found.key and found.key.startswith("ED25519 key SHA256:")


def test_the_same_key_signs_the_same_bytes_in_the_same_way(project, key):
    data = (project.root / MANIFEST).read_bytes()
    made, found = sign_listed(project, key, data)
    assert made == (project.root / f"{MANIFEST}.sig").read_bytes()
    assert found == verify_signature(project, project.root / MANIFEST)


def test_a_manifest_without_signature_is_told_as_such(project):
    (project.root / f"{MANIFEST}.sig").unlink()
    unsigned = Signature(state="unsigned")
    assert verify_signature(project, project.root / MANIFEST) == unsigned


def flip(data: bytes) -> bytes:
    return data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (MANIFEST, lambda data: data.replace(b"2024", b"2025")),
        (MANIFEST, lambda data: data + b"\n"),
        (f"{MANIFEST}.sig", flip),
        (f"{MANIFEST}.sig", lambda data: data[: len(data) // 2]),
        (f"{MANIFEST}.sig", lambda data: b""),
        (f"{MANIFEST}.sig", lambda data: data * 1000),
        (f"{MANIFEST}.sig", lambda data: b"\x00\xff" * 99),
    ],
)
def test_what_was_changed_after_signing_is_refused(project, name, change):
    path = project.root / name
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(AnewError, match="2024.json.sig does not match its manifest: .*\n.*Do not"):
        verify_signature(project, project.root / MANIFEST)


def test_a_signature_for_another_purpose_is_refused(project, key):
    command = ["ssh-keygen", "-Y", "sign", "-q", "-n", "git", "-f", key]
    data = (project.root / MANIFEST).read_bytes()
    made = subprocess.run(command, input=data, capture_output=True, check=True).stdout
    (project.root / f"{MANIFEST}.sig").write_bytes(made)
    with pytest.raises(AnewError, match="namespace does not match"):
        verify_signature(project, project.root / MANIFEST)


def test_a_key_that_is_not_listed_is_refused_with_its_fingerprint(project, tmp_path):
    foreign = new_key(tmp_path, "foreign")
    (project.root / f"{MANIFEST}.sig").write_bytes(
        sign(foreign, (project.root / MANIFEST).read_bytes())
    )
    told = subprocess.run(["ssh-keygen", "-lf", foreign], capture_output=True, text=True).stdout
    fingerprint = told.split()[1]
    for signers in ("does not list it", "there is no report/manifests/signers"):
        with pytest.raises(AnewError, match="by a key that is not accepted") as caught:
            verify_signature(project, project.root / MANIFEST)
        assert fingerprint in str(caught.value) and signers in str(caught.value)
        (project.root / "report/manifests/signers").unlink(missing_ok=True)


@pytest.mark.parametrize("options", ['namespaces="git"', 'valid-before="20200101"'])
def test_a_key_that_is_listed_for_something_else_is_refused(project, key, options):
    tiny.write(project.root / "report/manifests/signers", listed(key, options=options))
    with pytest.raises(AnewError, match="by a key that is not accepted: ED25519 key SHA256:"):
        verify_signature(project, project.root / MANIFEST)


def test_without_openssh_it_is_said(project, key, monkeypatch):
    monkeypatch.setenv("PATH", str(project.root))
    found = verify_signature(project, project.root / MANIFEST)
    assert found == Signature(state="unchecked")
    with pytest.raises(AnewError, match="ssh-keygen.* is not installed(?s:.*)openssh-client"):
        sign(key, b"")


def test_a_key_that_cannot_sign_is_told(project, key):
    with pytest.raises(AnewError, match="nowhere does not exist"):
        sign(project.root / "nowhere", b"")
    with pytest.raises(AnewError, match="cannot sign: "):
        sign(project.root / MANIFEST, b"")
