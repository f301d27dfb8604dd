"""The part of `_quarto.yml` that the engine reads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from anew.project.configuration import Entry, Text, checked, read_yaml
from anew.project.language import LANGUAGES
from anew.project.phrases import Phrase

NAME = "_quarto.yml"


def _web_address(address: str) -> str:
    if not address.startswith(("https://", "http://")) or " " in address:
        raise ValueError(
            Phrase(
                "is {address!r}, which is not a web address: start it with https://",
                address=address,
            )
        )
    return address


Address = Annotated[str, AfterValidator(_web_address)]


def _each_once(languages: list[str]) -> list[str]:
    if not languages or len(set(languages)) < len(languages):
        raise ValueError(
            Phrase("names each language of the report once, the original first: [zh, en]")
        )
    return languages


class Limits(Entry):
    """Bounds of one notebook: seconds, memory in GiB, characters of text that one cell prints."""

    seconds: float = Field(default=900, gt=0)
    memory: float = Field(default=8, gt=0)
    output: int = Field(default=100_000, ge=1000)


class Licence(Entry):
    """A licence: its name and the page that states it."""

    name: str
    url: Address


class Licences(Entry):
    """Under what a report may be used: its text and figures, and its code."""

    text: Licence
    code: Licence


class Link(Entry):
    """A link in the footer of every page."""

    title: Text
    url: Address


#: What stands under a figure: its files, its data as a table, how to cite and embed it.
Under = Literal["files", "data", "cite"]


class Own(Entry):
    """The key `anew`: what the site says of itself. Quarto passes it over."""

    languages: Annotated[list[Literal["zh", "en", "de"]], AfterValidator(_each_once)] = ["zh", "en"]
    title: Text | None = None
    description: Text | None = None
    authors: list[dict[str, str]] = []
    keywords: dict[str, list[str]] = {}
    licences: Licences | None = None
    repository: Address | None = None
    footer: Text | None = None
    links: list[Link] = []
    picture: str | None = None
    under: list[Under] = ["files", "data", "cite"]
    limits: Limits = Limits()


class Rendered(BaseModel):
    """The key `project`: the documents that are typeset, in order."""

    model_config = ConfigDict(frozen=True)

    render: list[str] = []


class Website(BaseModel):
    """The key `website`: its title, and where it is published."""

    model_config = ConfigDict(frozen=True)

    title: str = "Report"
    site_url: Address | None = Field(default=None, alias="site-url")
    repo_url: Address | None = Field(default=None, alias="repo-url")


class Settings(BaseModel):
    """The file. Of Quarto's own keys those are left out that only a typesetter reads."""

    model_config = ConfigDict(frozen=True)

    project: Rendered = Rendered()
    website: Website = Website()
    anew: Own = Own()

    @property
    def limits(self) -> Limits:
        """The bounds of one notebook."""
        return self.anew.limits

    @property
    def title(self) -> Mapping[str, str]:
        """The report's title by language."""
        return self.anew.title or dict.fromkeys(LANGUAGES, self.website.title)

    @property
    def description(self) -> Mapping[str, str]:
        """What the report is, in a sentence by language; its title where nothing is said."""
        return self.anew.description or self.title


def read_settings(folder: Path) -> Settings:
    """Return what `_quarto.yml` in a folder says; the defaults where there is no such file.

    Raises AnewError for a file that is not YAML, and DataError naming line and key for an unknown
    key under `anew` and for a value of a wrong type.
    """
    path = folder / NAME
    if not path.is_file():
        return Settings()
    data, lines = read_yaml(path, NAME)
    return checked(Settings, data, lines, NAME)
