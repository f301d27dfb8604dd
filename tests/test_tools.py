"""The programs in tools/ that the workflows run."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from agency_files import api_pages
from hypothesis import given
from hypothesis import strategies as st
from test_fetching import TODAY, agency, gdp, project, serve  # noqa: F401 (fixtures)
from tiny_data import MONEY_NEW, TinyProject

from anew.intake.fetching import fetch
from anew.project.errors import AnewError
from anew.tables.loading import load_catalog

ROOT = Path(__file__).parents[1]

#: With a year more than the tiny project has.
MONEY_NEWER = MONEY_NEW + "WLD,2021,1200,\n"

posix = pytest.mark.skipif(os.name == "nt", reason="the scripts are for a POSIX shell")


def tool(name: str) -> ModuleType:
    """Import a file of tools/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


vintages = tool("vintages")


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


class TestVintages:
    """tools/vintages.py, with a stand-in for the command `anew` that writes what was asked."""

    @pytest.fixture
    def tiny(self, tmp_path: Path) -> TinyProject:
        tiny = TinyProject(tmp_path)
        tiny.catalog["tables"]["money"]["intake"] = {"layout": "worldbank-api"}
        tiny.save()
        (tmp_path / "figures").mkdir()
        (tmp_path / "figures" / "fig1.zh.svg").write_text("old")
        for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
            who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
            subprocess.run(["git", *who, *command], cwd=tmp_path, check=True)
        return tiny

    def test_the_catalogue_says_what_can_be_fetched(self, tmp_path: Path) -> None:
        tiny = TinyProject(tmp_path)
        asked = tiny.catalog["tables"]
        assert vintages.fetchable(load_catalog(tiny.save())) == []
        asked["money"]["intake"] = {"layout": "worldbank-api"}
        assert vintages.fetchable(load_catalog(tiny.save())) == ["money"]
        asked["money"]["code"] = ""
        asked["lists"]["intake"]["fetch"] = {"url": "https://example.org/lists.csv"}
        assert vintages.fetchable(load_catalog(tiny.save())) == ["lists"]
        asked["lists"]["intake"]["fetch"]["sha256"] = "0" * 64
        assert vintages.fetchable(load_catalog(tiny.save())) == []

    def test_an_edition_is_at_most_a_year_ahead(self) -> None:
        assert vintages.next_edition("2026", 2026) == "2027"
        assert vintages.next_edition("2024", 2026) == "2025"
        assert vintages.next_edition("2027", 2026) is None
        with pytest.raises(SystemExit, match="--edition"):
            vintages.next_edition("spring", 2026)

    names = st.tuples(st.sampled_from(["gdp", "rd"]), st.dates().map(str))

    @given(st.sets(names, min_size=1), st.sets(names, min_size=1))
    def test_a_branch_is_named_by_what_is_new(
        self, one: set[tuple[str, str]], other: set[tuple[str, str]]
    ) -> None:
        name = vintages.branch_name("2027", one)
        assert name == vintages.branch_name("2027", sorted(one, reverse=True))
        assert (name == vintages.branch_name("2027", other)) == (one == other)
        assert name.startswith("vintages/2027-")

    def test_nothing_new_is_no_proposal(self, tiny: TinyProject) -> None:
        asked: list[Sequence[str]] = []

        def run(arguments: Sequence[str]) -> object:
            asked.append(arguments)
            return vintages.Ran(0, "")

        folder = tiny.root / "proposal"
        assert vintages.propose(tiny.project, folder, None, "auto", run) is False
        assert asked == [["fetch", "money"]]
        assert not folder.exists()

    def test_a_new_vintage_becomes_a_proposal(self, tiny: TinyProject, tmp_path: Path) -> None:
        tiny.catalog["tables"]["lists"]["intake"]["fetch"] = {"url": "https://example.org/x"}
        tiny.save()
        asked: list[Sequence[str]] = []

        def run(arguments: Sequence[str]) -> object:
            asked.append(arguments)
            if arguments == ["fetch", "money"]:
                tiny.add("money", "2023-04", MONEY_NEWER)
                tiny.save()
            if arguments == ["fetch", "lists"]:
                return vintages.Ran(
                    1, "Asked.\nError: example.org does not answer.\n  Try again.\n"
                )
            if arguments[0] == "build":
                (tiny.root / "figures" / "fig1.zh.svg").write_text("new")
                (tiny.root / "figures" / "fig2.zh.svg").write_text("more")
            if arguments[0] == "check":
                return vintages.Ran(2, "report/zh/index.qmd:3: a claim fails\n")
            return vintages.Ran(0, "| fact | old | new |\n" if arguments[0] == "diff" else "")

        folder = tiny.root / "proposal"
        assert vintages.propose(tiny.project, folder, "2023", "embedded", run) is True
        assert asked[2:] == [
            ["edition", "new", "2023"],
            ["build", "--engine", "embedded"],
            ["check", "--edition", "2023"],
            ["diff", "2022", "2023", "--markdown"],
        ]
        text = (folder / "body.md").read_text("utf-8")
        assert "- `money` 2023-04" in text
        assert "- `lists`: example.org does not answer." in text
        assert "| fact | old | new |" in text
        assert "report/zh/index.qmd:3: a claim fails" in text
        assert (folder / "title").read_text() == "Edition 2023: new vintages of money"

        other = tmp_path / "other"
        subprocess.run(["git", "clone", "-q", tiny.root, other], check=True)
        patch = folder / "changes.patch"
        subprocess.run(["git", "apply", "--index", patch], cwd=other, check=True)
        assert (other / "data/raw/money/2023-04.csv").read_text() == MONEY_NEWER
        drawn = {path.name: path.read_text() for path in (other / "figures").iterdir()}
        assert drawn == {"fig1.zh.svg": "new", "fig2.zh.svg": "more"}
        assert not (other / "proposal").exists()

    def test_values_that_we_have_are_not_new(self, tiny: TinyProject) -> None:
        def run(arguments: Sequence[str]) -> object:
            tiny.add("money", "2023-04", MONEY_NEW)
            tiny.save()
            return vintages.Ran(0, "")

        folder = tiny.root / "proposal"
        assert vintages.propose(tiny.project, folder, "2023", "auto", run) is False
        assert not folder.exists()

    def test_a_vintage_that_we_have_is_no_failure(self, project, agency, gdp) -> None:  # noqa: F811
        serve(agency, api_pages("NY.GDP.MKTP.CD", gdp, per_page=1000))
        fetch(project, "gdp", base=agency.base, today=TODAY)
        with pytest.raises(AnewError) as again:
            fetch(project, "gdp", base=agency.base, today=TODAY)
        said = f"Error: {again.value}\n"
        assert vintages.fetch_all(["gdp"], lambda _: vintages.Ran(2, said)) == {}
        agency.answer = lambda path: (404, b"")
        with pytest.raises(AnewError) as refused:
            fetch(project, "gdp", base=agency.base, today=TODAY)
        said = f"Error: {refused.value}\n"
        (reason,) = vintages.fetch_all(["gdp"], lambda _: vintages.Ran(1, said)).values()
        assert "answered 404" in reason and "Error" not in reason

    def test_no_answer_at_all_is_a_failure(self, tiny: TinyProject) -> None:
        with pytest.raises(SystemExit, match="No table could be fetched"):
            vintages.propose(
                tiny.project, tiny.root / "p", None, "auto", lambda _: vintages.Ran(1, "")
            )

    def test_a_failing_build_says_why(self, tiny: TinyProject) -> None:
        def run(arguments: Sequence[str]) -> object:
            if arguments[0] == "fetch":
                tiny.add("money", "2023-04", MONEY_NEWER)
                tiny.save()
            return vintages.Ran(1 if arguments[0] == "build" else 0, "fig1 fails")

        with pytest.raises(SystemExit, match="anew build --engine auto failed:\nfig1 fails"):
            vintages.propose(tiny.project, tiny.root / "p", "2023", "auto", run)

    def test_a_long_text_is_cut(self) -> None:
        new = frozenset({("money", "2023-04")})
        text = vintages.body("2023", "2022", new, {}, None, "x" * 100_000)
        assert len(text) < 65_536
        assert "artifact `proposal`" in text


@posix
class TestPreview:
    """tools/preview.sh, on two checkouts whose `make setup` gives them a stand-in for anew."""

    def checkout(self, root: Path, picture: str, builds: bool = True) -> Path:
        made = f"mkdir -p _site/figures _site/editions/{picture} _site/editions/2025; "
        made += f"echo {picture} > _site/figures/fig1.svg; touch _site/facts.json; "
        made += f"touch _site/editions/{picture}/facts.json _site/editions/2025/facts.json"
        executable(
            root / "anew",
            '#!/bin/sh\necho "$PWD: $@" >&2\n'
            f'if [ "$1" = build ]; then {made if builds else "exit 1"}; else echo "$@"; fi\n',
        )
        (root / "Makefile").write_text(
            f"setup:\n\tmkdir -p .venv/bin\n\tcp anew .venv/bin/\n"
            f"\tln -sf {sys.executable} .venv/bin/python\n"
        )
        return root

    def preview(self, base: Path, head: Path, out: Path) -> subprocess.CompletedProcess[str]:
        command = ["sh", str(ROOT / "tools" / "preview.sh"), base.name, head.name, out.name]
        env = {**os.environ, "ENGINE": "quarto"}
        return subprocess.run(
            command, cwd=base.parent, env=env, capture_output=True, encoding="utf-8"
        )

    def test_compares_two_builds(self, tmp_path: Path) -> None:
        base = self.checkout(tmp_path / "base", "old")
        head = self.checkout(tmp_path / "head", "new")
        result = self.preview(base, head, tmp_path / "out")
        assert result.returncode == 0, result.stderr
        assert f"{base}: build --engine quarto --all-editions" in result.stderr
        said = (tmp_path / "out" / "comparison.md").read_text()
        older = "editions/2025/"
        assert said.split("\n\n") == [
            f"diff {base}/_site {head}/_site --markdown",
            f"diff {base}/_site/{older} {head}/_site/{older} --markdown",
            "",
        ]
        for edition in ("", f"/{older}"):
            sites = f"{base}/_site{edition} {head}/_site{edition}"
            assert f"diff {sites} --page {tmp_path}/out/figures{edition}\n" in result.stderr

    def test_a_base_that_does_not_build_is_said(self, tmp_path: Path) -> None:
        base = self.checkout(tmp_path / "base", "old", builds=False)
        head = self.checkout(tmp_path / "head", "new")
        result = self.preview(base, head, tmp_path / "out")
        assert result.returncode == 0, result.stderr
        assert "does not build" in (tmp_path / "out" / "comparison.md").read_text()

    def test_a_head_that_does_not_build_fails(self, tmp_path: Path) -> None:
        base = self.checkout(tmp_path / "base", "old")
        head = self.checkout(tmp_path / "head", "new", builds=False)
        assert self.preview(base, head, tmp_path / "out").returncode != 0


@posix
class TestLinters:
    """tools/linters.sh, with a stand-in for npm."""

    def install(self, tmp_path: Path, npm: str) -> subprocess.CompletedProcess[str]:
        programs = tmp_path / "bin"
        programs.mkdir()
        for name in ("sh", "cat", "mktemp", "rm", "tar", "mkdir", "mv", "id"):
            (programs / name).symlink_to(shutil.which(name) or name)
        executable(programs / "npm", f"#!/bin/sh\n{npm}\n")
        (tmp_path / "venv" / "bin").mkdir(parents=True)
        (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
        command = [programs / "sh", ROOT / "tools" / "linters.sh", tmp_path / "venv"]
        return subprocess.run(
            command, env={"PATH": str(programs)}, capture_output=True, encoding="utf-8"
        )

    def test_refuses_another_package_than_the_one_it_knows(self, tmp_path: Path) -> None:
        result = self.install(tmp_path, "echo other > other-1.6.0.tgz")
        assert result.returncode != 0
        assert "sha256" in result.stderr
        assert not (tmp_path / "venv" / "lib").exists()
