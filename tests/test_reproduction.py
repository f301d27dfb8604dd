"""What was recorded is made again and compared; whatever was tampered with is found and named."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import threading
from pathlib import Path

import pypdfium2
import pytest
import recorded
import tiny
from test_signing import listed, new_key

from anew.diff.difference import Difference
from anew.project.errors import AnewError, BuildError
from anew.project.manifest import sha256
from anew.project.paths import Project
from anew.tables.acceptance import accept_file
from anew.verify import download, reproduction
from anew.verify import release as releasing
from anew.verify.certificate import Claims, Result, read_certificate
from anew.verify.publishing import publish_certificates, write_certificate
from anew.verify.release import release
from anew.verify.rendering import as_lines
from anew.verify.reproduction import reproduce
from anew.verify.telling import difference


@pytest.fixture(scope="module")
def warm(tmp_path_factory):
    """Builds of this module, each made once."""
    return recorded.Warm(tmp_path_factory.mktemp("warm") / "fonts")


@pytest.fixture(scope="module")
def base(tmp_path_factory, warm):
    """A project with a released edition, committed, and the site of that edition beside it."""
    root = tmp_path_factory.mktemp("base") / "p"
    project = recorded.start(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(releasing, "rebuild", warm)
        release(project, [], 2)
        (site,) = (site for site, _ in warm.known.values())
        shutil.copytree(site / "figures", project.figures)
        for path in project.figures.iterdir():
            if path.suffix != ".svg":
                path.unlink()
        first = recorded.commit(root, "Draw and release")
        (again,) = release(project, ["2024"], 2)
    assert again.changed is False and again.commit != first  # the same sources, released before
    shutil.copytree(site, root / "_site")
    return root


@pytest.fixture
def project(base, tmp_path, warm, monkeypatch):
    """A copy of that project, to be tampered with."""
    monkeypatch.setattr(reproduction, "rebuild", warm)
    root = tmp_path / "p"
    shutil.copytree(base, root)
    return Project(root)


def certificate(project, target=None, **options):
    (one,) = reproduce(project, target, options.get("edition"), 2, lambda text: None)
    return one


def told(one) -> str:
    """What a person reads of where it differs."""
    return "\n".join(difference(each, "en") for each in one.differences)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8", newline="\n")


def test_an_untouched_tree_is_equal_byte_for_byte(project, warm):
    builds = len(warm.built)
    one = certificate(project)
    assert one.verdict == "equal" and one.kept and one.differences == []
    assert one.files.equal == one.files.of > 40
    assert one.numbers.facts == (3, 3) and one.numbers.data == (1, 1)
    assert one.numbers.claims == (1, 1) and one.claims.holds == ["rain-grows"]
    same, of = one.pixels.figures
    assert same == of > 0
    assert one.sources.same and one.sources.bytes_at == "today"
    assert one.promise.level == "bytes" and one.environment.differs == []
    assert len(warm.built) == builds  # the release's own build had the same sources


def test_the_copy_holds_what_is_new_and_nothing_that_is_ignored(project):
    from anew.verify.sources import project_files

    tiny.write(project.root / "analysis/new.py", "NEW = 1\n")
    tiny.write(project.root / ".anew/old.json", "{}")
    names = project_files(project)
    assert "analysis/new.py" in names and "figures/fig1.en.svg" in names
    assert not [name for name in names if name.startswith((".anew", "_site", ".git/"))]
    shutil.rmtree(project.root / ".git")
    without = project_files(project)
    assert set(names) == set(without)


# ten and more tamperings: in the sources -------------------------------------------------------


def test_a_raw_value_is_named_by_row_and_column(project):
    raw = project.root / "data/raw/rain/2024-01-01.csv"
    change(raw, "FRA,2021,12.5", "FRA,2021,13.5")
    one = certificate(project)
    assert one.verdict == "failed"  # the catalogue's hash stops the build
    named = "source data/raw/rain/2024-01-01.csv, row 4, column value: 12.5 → 13.5"
    assert named in told(one)
    assert "data/raw/rain/2024-01-01.csv" in one.errors[0]
    assert one.sources.uncommitted == ["data/raw/rain/2024-01-01.csv"]


def test_a_raw_value_is_named_by_the_published_site_where_git_knows_nothing(project):
    raw = project.root / "data/raw/rain/2024-01-01.csv"
    tiny.write(project.site / "data/rain/2024-01-01.csv", raw.read_text("utf-8"))
    change(raw, "FRA,2021,12.5", "FRA,2021,13.5")
    shutil.rmtree(project.root / ".git")
    named = "source data/raw/rain/2024-01-01.csv, row 4, column value: 12.5 → 13.5"
    assert named in told(certificate(project))


def test_a_raw_value_that_was_accepted_is_named_with_all_that_follows(project):
    raw = project.root / "data/raw/rain/2024-01-01.csv"
    change(raw, "FRA,2021,12.5", "FRA,2021,13.5")
    accept_file(project, raw)
    recorded.commit(project.root, "Nothing to see here")
    one = certificate(project)
    text = told(one)
    assert one.verdict == "differs" and one.sources.uncommitted == []
    assert "source data/raw/rain/2024-01-01.csv, row 4, column value: 12.5 → 13.5" in text
    assert "fact rain_last: 12.5 mm → 13.5 mm" in text
    assert "fact rain_total: 93.5 mm → 94.5 mm" in text
    assert "data of fig1, row 4, column value: 12.5 → 13.5" in text
    assert "claim rain-grows, evidence › 2021: 12.5 → 13.5" in text
    assert one.numbers.facts == (1, 3)  # the year is what it was
    # the commit that was recorded still makes what was recorded
    assert one.files.equal == one.files.of and one.sources.bytes_at != "today"


def test_a_notebook_is_named_by_cell(project):
    cells = [*tiny.FIG1, tiny.DRAW]
    cells[3] = cells[3].replace('"rain_last", frame["value"].iloc[-1]', '"rain_last", 99.0')
    tiny.notebook(project.root / "analysis/fig1_rain.ipynb", cells)
    one = certificate(project)
    assert one.verdict == "differs"
    assert "source analysis/fig1_rain.ipynb, cell 4, line 1" in told(one)
    assert "fact rain_last: 12.5 mm → 99.0 mm" in told(one)
    assert one.numbers.data == (1, 1)


def test_a_claim_that_turns_is_told_apart_by_whether_the_text_makes_it(project):
    change(project.root / "analysis/scale.py", "FACTOR = 1", "FACTOR = -1")
    one = certificate(project)
    assert one.claims == Claims(fails=["rain-grows"], said=["rain-grows"])
    assert "claim rain-grows, holds: True → False" in told(one)
    assert "1 fail, of which the text states 1: rain-grows" in "\n".join(as_lines(one))
    unsaid = one.model_copy(update={"claims": Claims(fails=["rain-grows"])})
    assert "1 fail, none stated in the text" in "\n".join(as_lines(unsaid))


def test_a_module_and_a_parameter_of_the_edition_are_named_by_line(project):
    change(project.root / "analysis/scale.py", "FACTOR = 1", "FACTOR = 1.5")
    change(project.editions_file, "last_year: 2021", "last_year: 2020")
    one = certificate(project)
    assert one.verdict == "differs"
    assert "source analysis/scale.py, line 1: FACTOR = 1 → FACTOR = 1.5" in told(one)
    assert "source data/editions.yml, line 9: parameters: {last_year: 2021} → " in told(one)
    assert "data of fig1, row 4: FRA,2021,12.5 → none" in told(one)
    assert "fact rain_last: 12.5 mm → 16.5 mm" in told(one)
    assert "picture in git figures/fig1.en.svg, mean difference" in told(one)


def test_a_sentence_is_named_by_line(project):
    change(project.root / "report/en/index.qmd", "All the rain is", "Hardly any rain is")
    one = certificate(project)
    assert one.verdict == "differs" and one.sources.uncommitted
    named = "source report/en/index.qmd, line 11: All the rain is {{< var en.rain_total >}}. →"
    assert f"{named} Hardly any" in told(one)


def test_a_sentence_changed_and_committed_since_is_told_and_spoils_nothing(project):
    change(project.root / "report/en/index.qmd", "All the rain is", "All of the rain is")
    recorded.commit(project.root, "Write better")
    one = certificate(project)
    assert one.verdict == "equal"
    assert one.sources.changed == ["report/en/index.qmd"]
    assert "line 11" in told(one) and "Changes since the record" in "\n".join(as_lines(one))


def test_a_sentence_is_found_where_git_knows_nothing(project):
    change(project.root / "report/en/index.qmd", "All the rain is", "Hardly any rain is")
    shutil.rmtree(project.root / ".git")
    one = certificate(project)
    assert one.verdict == "differs"
    assert "source report/en/index.qmd: sha256" in told(one)
    named = "report/en/index.html: All the rain is 93.5 mm. → Hardly any rain is 93.5 mm."
    assert f"site file {named}" in told(one)
    assert "site file report/en/index.pdf, page 1" in told(one)


def test_a_tracked_picture_is_named(project):
    path = project.figures / "fig1.en.svg"
    change(path, "</svg>", '<rect x="9" y="9" width="99" height="99"/></svg>')
    one = certificate(project)
    same, of = one.pixels.figures
    assert one.verdict == "differs" and same == of - 1
    assert "picture in git figures/fig1.en.svg, mean difference 0." in told(one)


def test_a_tracked_picture_of_equal_pixels_is_named_by_its_bytes(project):
    path = project.figures / "fig1.en.svg"
    change(path, "<title>", "<title>Other ")
    (one,) = [one for one in certificate(project).differences if one.kind == "figure"]
    assert one.name == "figures/fig1.en.svg" and "apart" in one.where


def test_a_recorded_number_is_named(project):
    path = project.report / "manifests/2024.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["facts"]["rain_last"][0] = 12.500001
    path.write_text(json.dumps(manifest), "utf-8")
    one = certificate(project)
    assert one.verdict == "differs"
    assert "fact rain_last: 12.500001 mm → 12.5 mm" in told(one)


# … and in a site -------------------------------------------------------------------------------


def edit(site: Path, name: str, old: str, new: str) -> None:
    change(site / name, old, new)


def drop(site: Path, name: str) -> None:
    (site / name).unlink()


def add(site: Path, name: str) -> None:
    (site / name).write_text("<p>mine</p>", "utf-8")


def scrawl(site: Path, name: str) -> None:
    """Draw a black bar over a picture."""
    from PIL import Image, ImageDraw

    with Image.open(site / name) as picture:
        image = picture.convert("RGB")
    ImageDraw.Draw(image).rectangle((50, 50, 400, 200), fill="black")
    image.save(site / name)


SITE = {
    "a sentence": (
        edit, "report/zh/index.html", ("全部降水为", "几乎没有降水，仅"),
        ["report/zh/index.html: 几乎没有降水，仅 93.5 毫米。 → 全部降水为 93.5 毫米。"],
    ),
    "a number": (
        edit, "facts.json", ('"value": 12.5', '"value": 12.6'),
        ["facts.json, facts › rain_last › value: 12.6 → 12.5"],
    ),
    "a claim": (
        edit, "claims.json", ('"holds": true', '"holds": false'),
        ["claim rain-grows, holds: False → True", "claims.json, claims › rain-grows › holds"],
    ),
    "a value of a figure": (
        edit, "figures/fig1.csv", ("12.5", "12.6"),
        ["data of fig1, row 4, column value: 12.6 → 12.5", "figures/fig1.csv, row 4, column value"],
    ),
    "a figure": (
        edit, "figures/fig1.zh.svg", ("</svg>", '<rect width="99" height="99"/></svg>'),
        ["figures/fig1.zh.svg, mean difference"],
    ),
    "a picture": (scrawl, "figures/fig1.en.png", (), ["figures/fig1.en.png, mean difference"]),
    "a raw value": (
        edit, "data/rain/2024-01-01.csv", ("DEU,2019,20", "DEU,2019,21"),
        ["data/rain/2024-01-01.csv, row 5, column value"],
    ),
    "a notebook": (
        edit, "notebooks/fig1.ipynb", ("scale.FACTOR", "scale.FACTOR * 1"),
        ["notebooks/fig1.ipynb"],
    ),
    "a file gone": (drop, "notebooks/other.html", (), ["notebooks/other.html"]),
    "a file too many": (add, "report/extra.html", (), ["report/extra.html"]),
}  # fmt: skip


@pytest.mark.parametrize("what", SITE)
def test_a_site_that_was_tampered_with_is_found_out(project, what):
    tamper, name, arguments, named = SITE[what]
    site = project.root / "elsewhere"
    shutil.move(project.site, site)
    tamper(site, name, *arguments)
    one = certificate(project, str(site))
    assert one.verdict == "differs" and not one.kept
    assert f"site file {name}" in told(one)  # it is not what its own manifest says
    for phrase in named:
        assert phrase in told(one), told(one)


def test_a_site_whose_manifest_was_tampered_with_as_well_is_found_out(project):
    site = project.site
    edit(site, "report/en/index.html", "All the rain is", "Hardly any rain is")
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    manifest["files"]["report/en/index.html"] = sha256(site / "report/en/index.html")
    (site / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    one = certificate(project, str(site))
    assert one.verdict == "differs"
    assert "report/en/index.html: Hardly any rain is 93.5 mm. → All the rain is" in told(one)


def test_an_untouched_site_is_equal(project):
    one = certificate(project, str(project.site))
    assert one.verdict == "equal" and one.subject.kind == "site"


def test_other_versions_promise_numbers_and_pixels_only(project):
    """As on another platform: the record names other versions, and bytes differ a little."""
    site = project.root / "elsewhere"
    shutil.move(project.site, site)
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    manifest["versions"]["numpy"] = "1.0"
    manifest["facts"]["rain_last"][0] = 12.5 * (1 + 1e-12)
    svg = (site / "figures/fig1.en.svg").read_bytes()
    (site / "figures/fig1.en.svg").write_bytes(svg.replace(b"</svg>", b"<!-- other --></svg>"))
    page = (site / "report/en/index.html").read_bytes()
    (site / "report/en/index.html").write_bytes(page.replace(b"<p>", b'<p class="x">', 1))
    (site / "theme/han-400.woff2").write_bytes(b"another subset")
    manifest["files"] = {name: sha256(site / name) for name in manifest["files"]}
    (site / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    one = certificate(project, str(site))
    assert one.verdict == "equal-in-numbers" and one.kept, told(one)
    assert one.promise.level == "numbers"
    levels = one.files.levels
    assert levels["pixels"] == levels["words"] == levels["derived"] == 1
    assert one.pixels.worst == 0.0  # the picture with a comment; no other file has pixels
    assert "differs" not in levels
    assert any("numpy: recorded 1.0" in line for line in as_lines(one))
    # a number beyond the tolerance is a difference there too
    manifest["facts"]["rain_last"][0] = 12.5 * (1 + 1e-8)
    (site / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert certificate(project, str(site)).verdict == "differs"


def test_bytes_that_differ_on_the_same_platform_are_a_difference_even_if_pixels_do_not(project):
    site = project.root / "elsewhere"
    shutil.move(project.site, site)
    edit(site, "figures/fig1.en.svg", "</svg>", "<!-- other --></svg>")
    one = certificate(project, str(site))
    assert one.verdict == "differs"
    assert "figures/fig1.en.svg, different bytes, equal pixels" in told(one)


def test_the_command_says_so_and_ends_with_one(project, monkeypatch):
    from typer.testing import CliRunner

    from anew.cli.main import app

    monkeypatch.setenv("ANEW_PROJECT", str(project.root))
    monkeypatch.chdir(project.root)
    done = CliRunner().invoke(app, ["reproduce", "_site", "--publish"])
    assert done.exit_code == 0 and "2024: Equal" in done.output, done.output
    assert "Published: _site/certificate/index.html" in done.output
    edit(project.site, "report/zh/index.html", "全部降水为", "几乎没有降水，仅")
    done = CliRunner().invoke(app, ["reproduce", "_site", "-e", "2024", "-o", "out"])
    assert done.exit_code == 1 and "2024: Differs" in done.output
    assert "几乎没有降水" in (project.root / "out/2024/certificate.zh.html").read_text("utf-8")


# by address ------------------------------------------------------------------------------------


class Quiet(http.server.SimpleHTTPRequestHandler):
    asked: list[str] = []

    def log_message(self, *arguments):
        self.asked.append(self.path)


@pytest.fixture
def served(project, monkeypatch):
    """The site at an address of this machine."""
    monkeypatch.setenv("ANEW_LOOPBACK", "1")
    Quiet.asked = []
    handler = functools.partial(Quiet, directory=str(project.root / "served"))
    shutil.copytree(project.site, project.root / "served")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_site_at_an_address_is_compared(project, served):
    said: list[str] = []
    (one,) = reproduce(project, served + "/", None, 2, said.append)
    assert one.verdict == "equal" and one.subject.kind == "url"
    assert f"is read, not run: the code is this project's, in {project.root}" in said[0]
    edit(project.root / "served", "report/en/index.html", "All the rain is", "Hardly any rain is")
    (project.root / "served/notebooks/other.html").unlink()
    one = certificate(project, served + "/index.html")
    assert one.verdict == "differs"
    assert "report/en/index.html" in told(one) and "notebooks/other.html" in told(one)


def test_only_what_the_manifest_names_is_asked_for(project, served):
    (project.root / "served/secret.txt").write_text("no")
    certificate(project, served)
    manifest = json.loads((project.site / "manifest.json").read_text("utf-8"))
    assert {path.lstrip("/") for path in Quiet.asked} == {"manifest.json", *manifest["files"]}


def test_a_site_whose_download_broke_off_is_not_asked_for_twice(project, served, monkeypatch):
    kept = project.work / "downloads"
    names = json.loads((project.site / "manifest.json").read_text("utf-8"))["files"]
    whole = sum((project.site / name).stat().st_size for name in names)
    monkeypatch.setattr(download, "SITE_BYTES", whole // 2)
    with pytest.raises(BuildError, match="is larger than"):
        download.download_site(served, project.root / "down", kept=kept)
    first, Quiet.asked = set(Quiet.asked), []
    (waiting,) = kept.iterdir()
    arrived = [path for path in waiting.rglob("*") if path.is_file()]
    next(path for path in arrived if path.name != "manifest.json").write_text("damaged")
    monkeypatch.setattr(download, "SITE_BYTES", whole)
    download.download_site(served, project.root / "down", kept=kept)
    assert len(set(Quiet.asked) & first) < len(first)
    assert all(sha256(project.root / "down" / name) == digest for name, digest in names.items())
    assert not list(kept.iterdir())


@pytest.mark.parametrize("name", ["../escape.txt", "/etc/passwd", "a//b", "manifest.json", "a\\b"])
def test_a_manifest_that_names_what_is_no_file_of_a_site_is_refused(project, served, name):
    path = project.root / "served/manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"][name] = "0" * 64
    path.write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(AnewError, match="files.* is not a relative file name"):
        certificate(project, served)
    assert not (project.root / "escape.txt").exists()


def test_a_file_larger_than_it_may_be_is_refused(project, served, monkeypatch):
    monkeypatch.setattr(download, "FILE_BYTES", 1000)
    with pytest.raises(BuildError, match="larger than 1,000 bytes"):
        certificate(project, served)
    monkeypatch.setattr(download, "FILE_BYTES", 1 << 20)
    monkeypatch.setattr(download, "SITE_BYTES", 50_000)
    with pytest.raises(BuildError, match="larger than 50,000 bytes"):
        download.download_site(served, project.root / "down")


# who recorded it -------------------------------------------------------------------------------


@pytest.fixture
def signer(project, tmp_path):
    """A key that the project lists."""
    key = new_key(tmp_path, "signer")
    tiny.write(project.report / "manifests/signers", listed(key))
    return key


def test_a_signed_release_is_certified_with_its_signer(project, signer, warm, monkeypatch, anew):
    monkeypatch.setattr(releasing, "rebuild", warm)
    (made,) = release(project, [], 2, key=signer)
    assert made.signature and not made.changed  # who signs is no part of what is recorded
    for target in (None, str(project.site)):  # the site has the files that the manifest lists
        one = certificate(project, target)
        assert one.verdict == "equal" and one.signature == made.signature
    shutil.copytree(project.site, project.root / "mine")
    (project.root / "mine/notebooks/other.html").write_text("mine")
    done = anew("diff", "_site", "mine", cwd=project.root)
    assert "_site: by maria@example.org with key ED25519 key SHA256:" in done.stderr
    assert "mine: not signed: " in done.stderr
    (project.report / "manifests/2024.json").write_text("{}")
    with pytest.raises(AnewError, match="sig does not match its manifest|edition"):
        certificate(project)
    # released anew without a key, it is no longer signed
    change(project.root / "analysis/scale.py", "FACTOR", "OTHER = 1\nFACTOR")
    (again,) = release(project, [], 2)
    assert again.unsigned and again.changed and again.signature is None
    assert certificate(project).signature.state == "unsigned"


def test_a_release_by_a_key_that_is_not_listed_records_nothing(project, signer, tmp_path, warm):
    builds = len(warm.built)
    with pytest.raises(AnewError, match="by a key that is not accepted"):
        release(project, [], 2, key=new_key(tmp_path, "foreign"))
    assert len(warm.built) == builds
    assert not list(project.report.glob("manifests/*.sig"))


# requests that cannot be met -------------------------------------------------------------------


def test_what_cannot_be_compared_is_said(project, tmp_path):
    for target, edition, said in (
        ("nowhere.json", None, "There is no manifest at nowhere.json"),
        (str(tmp_path), None, "There is no manifest"),
        (None, "2042", "no edition 2042"),
    ):
        with pytest.raises(AnewError, match=said):
            reproduce(project, target, edition, 2, lambda text: None)
    shutil.rmtree(project.report / "manifests")
    with pytest.raises(AnewError, match="No edition has been released"):
        reproduce(project, None, None, 2, lambda text: None)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ({"edition": "../../up"}, "edition "), ({"edition": 7}, "edition "),
        ({"files": []}, "files "), ({"files": {"a": 1}}, r"files\.a "),
        ({"sources": {"commit": "--output=x"}}, r"sources\.commit "), ({"data": []}, "data "),
        ({"request": {"only": [7]}}, r"request\.only\[0\] "),
        ({"request": {"only": ["--jobs=9"]}}, r"request\.only\[0\] "),
        ({"request": {"parameters": {"fig1": 3}}}, r"request\.parameters\.fig1 "),
        ({"request": {"editions": [["x"]]}}, r"request\.editions\[0\]"),
        ({"fact": {}}, "unknown key fact.*(?s:.)*Did you mean 'facts'"),
    ],
)  # fmt: skip
def test_a_damaged_manifest_is_refused_with_the_place(project, damage, named):
    path = project.report / "manifests/2024.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | damage), "utf-8")
    with pytest.raises(AnewError, match=named):
        certificate(project)


def test_a_lost_commit_is_found_by_what_recorded_the_manifest(project):
    """A history that was written anew no longer has the commit that the manifest names."""
    path = project.report / "manifests/2024.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["sources"]["commit"] = "0" * 40
    path.write_text(json.dumps(manifest), "utf-8")
    recorded.commit(project.root, "Rewrite")
    change(project.root / "report/en/index.qmd", "All the rain is", "All of the rain is")
    recorded.commit(project.root, "Write better")
    one = certificate(project)
    assert one.verdict == "equal"
    assert one.sources.bytes_at == recorded.git(project.root, "rev-parse", "HEAD~1")


# the certificate -------------------------------------------------------------------------------


def test_a_certificate_is_written_for_reading_in_both_languages(project, tmp_path):
    from anew.site.links import check_links

    one = certificate(project)
    write_certificate(project, one, tmp_path / "out")
    files = {
        p.relative_to(tmp_path / "out").as_posix(): p.read_bytes()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    assert read_certificate(tmp_path / "out/certificate.json") == one
    assert check_links(files) == []
    words_of = {
        "en": ("Equal", "it has no signature", "not signed: who published it is not known"),
        "zh": ("相同", "没有签名", "未签名：无法得知发布者是谁"),
    }
    for language, words in words_of.items():
        page = files["certificate.html" if language == "en" else "certificate.zh.html"].decode()
        document = pypdfium2.PdfDocument(files[f"certificate.{language}.pdf"])
        assert len(document) == 1
        printed = document[0].get_textpage().get_text_bounded()
        for word in words:
            assert word in page and word in printed.replace("\r\n", "")
    again = tmp_path / "again"
    write_certificate(project, certificate(project), again)
    assert all((again / name).read_bytes() == data for name, data in files.items())


def test_a_certificate_of_many_differences_still_has_one_page(project, tmp_path):
    one = certificate(project)
    long = Difference("source", "a" * 90, {"line": 3}, "文 😀 " * 60, "x")
    many = one.model_copy(
        update={"verdict": Result.DIFFERS, "differences": [long] * 500, "errors": ["Oh.\n" * 40]}
    )
    write_certificate(project, many, tmp_path / "out")
    for language in ("en", "zh"):
        assert len(pypdfium2.PdfDocument(tmp_path / f"out/certificate.{language}.pdf")) == 1


def test_a_certificate_is_published_in_the_site_that_it_speaks_of(project):
    one = certificate(project, str(project.site))
    before = json.loads((project.site / "manifest.json").read_text("utf-8"))["files"]
    publish_certificates(project, [one])
    page = (project.site / "certificate/index.zh.html").read_text("utf-8")
    assert "相同" in page and '../report/zh/index.html"' in page
    assert (project.site / "certificate/certificate.en.pdf").is_file()
    # what is said of a build is no part of it: the site is still the one that was certified
    again = certificate(project, str(project.site))
    assert again == one and again.files.of == len(before)
    edit(project.site, "manifest.json", '"edition"', ' "edition"')
    with pytest.raises(AnewError, match="not one of the site"):
        publish_certificates(project, [one])
