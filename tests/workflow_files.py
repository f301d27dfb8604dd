"""The project's workflow files, and the commands that they run, for the tests of both."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"

_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_WORDS_BEFORE = {"if", "then", "else", "!", "{", "run"}


@dataclass(frozen=True)
class Verb:
    """A command of ours: the program (make or anew), what it is asked to do, its options."""

    program: str
    name: str
    options: frozenset[str] = frozenset()


def workflow(name: str) -> dict[str, Any]:
    """Return a workflow; its key `on`, which YAML reads as true, under its own name."""
    return read(ROOT / ".github" / "workflows" / f"{name}.yml")


def read(path: Path) -> dict[str, Any]:
    """Return a workflow file's content with `on` as a key."""
    data = yaml.safe_load(path.read_text("utf-8"))
    data["on"] = data.pop(True)
    return data


def gitlab_jobs() -> dict[str, dict[str, Any]]:
    """Return the jobs of the GitLab file by name."""
    data = yaml.safe_load(GITLAB.read_text("utf-8"))
    return {name: job for name, job in data.items() if isinstance(job, dict) and "script" in job}


def github_scripts() -> Iterator[tuple[str, str]]:
    """Yield every `run` of every workflow, with where it stands."""
    for path in WORKFLOWS:
        for name, job in read(path)["jobs"].items():
            for step in job["steps"]:
                if "run" in step:
                    yield f"{path.name}, {name}", step["run"]


def gitlab_scripts() -> Iterator[tuple[str, str]]:
    """Yield every job's script of the GitLab file, with its name."""
    for name, job in gitlab_jobs().items():
        yield f"{GITLAB.name}, {name}", "\n".join(job["script"])


def verbs(script: str) -> set[Verb]:
    """Return what a shell script asks of make and anew, itself and through tools/*.sh."""
    found: set[Verb] = set()
    joined = re.sub(r"\\\n\s*", " ", script)
    for part in re.split(r"&&|\|\||[;|()\n]", joined):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:  # a quotation that goes on over several lines holds no verb
            continue
        while words and (words[0] in _WORDS_BEFORE or re.fullmatch(r"\w+=.*", words[0])):
            words = words[1:]
        if not words:
            continue
        program = words[0].rsplit("/", 1)[-1]
        if program == "make":
            asked = re.sub(r"-C \S+", "", " ".join(words[1:])).split()
            targets = [word for word in asked if re.fullmatch(r"[a-z][a-z-]*", word)]
            found |= {Verb("make", target) for target in targets}
        elif program == "anew":
            found.add(Verb("anew", words[1], frozenset(_OPTION.findall(part))))
        elif program == "sh" and words[1].endswith(".sh"):
            tool = ROOT / "tools" / Path(words[1]).name
            found |= verbs(tool.read_text("utf-8"))
    return found
