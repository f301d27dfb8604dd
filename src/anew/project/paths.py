"""Every path of a project."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from anew.project.errors import AnewError
from anew.project.language import LANGUAGES

_NOTEBOOK = re.compile(r"^([a-z][a-z0-9-]*)(?:_[a-z0-9_]+)?\.ipynb$")


@dataclass(frozen=True)
class Project:
    """A checkout: the folder that holds `_quarto.yml` and `data/catalog.yml`."""

    root: Path

    def __reduce__(self) -> tuple[Callable[[Path], Project], tuple[Path]]:
        return opened, (self.root,)  # in a child process as in its parent

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def catalog_file(self) -> Path:
        return self.data / "catalog.yml"

    @property
    def editions_file(self) -> Path:
        return self.data / "editions.yml"

    @property
    def published(self) -> Path:
        """The statements of the reproduced study, kept apart from the report's own claims."""
        return self.data / "published" / "claims.yml"

    @property
    def analysis(self) -> Path:
        return self.root / "analysis"

    @property
    def units_file(self) -> Path:
        return self.analysis / "units.yml"

    @property
    def figures(self) -> Path:
        return self.root / "figures"

    @property
    def report(self) -> Path:
        return self.root / "report"

    @property
    def lock_file(self) -> Path:
        return self.root / "requirements.lock"

    @property
    def work(self) -> Path:
        """The build folder: caches and stages, not tracked by git."""
        return self.root / ".anew"

    @property
    def site(self) -> Path:
        return self.root / "_site"

    def notebooks(self) -> dict[str, Path]:
        """Return the notebooks by address: `fig7` is `analysis/fig7_….ipynb`.

        Raises AnewError when two notebooks have one address.
        """
        found: dict[str, Path] = {}
        for path in sorted(self.analysis.glob("*.ipynb")):
            match = _NOTEBOOK.match(path.name)
            if not match:
                raise AnewError(
                    "{path}: the name has no address.",
                    "Name it <address>_<words>.ipynb, such as fig7_rd_expenditure.ipynb: an "
                    "address has lower case letters, digits and hyphens.",
                    code="no-figure-address",
                    path=self.relative(path),
                )
            address = match[1]
            if address in found:
                raise AnewError(
                    "{path} and {other} share the address {address!r}.",
                    "Rename one of them.",
                    code="same-address",
                    path=self.relative(path),
                    other=self.relative(found[address]),
                    address=address,
                )
            found[address] = path
        return dict(sorted(found.items(), key=lambda item: natural(item[0])))

    def relative(self, path: Path) -> str:
        """Return `path` as written from the root, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.as_posix()

    def make_importable(self) -> None:
        """Let notebooks `import analysis`, whatever folder they were started in.

        An `analysis` of another project that this process imported before is forgotten.
        """
        root = str(self.root)
        if sys.path[:1] != [root]:
            sys.path[:] = [root, *(path for path in sys.path if path != root)]
        own = sys.modules.get(self.analysis.name)
        if own and str(self.analysis) not in list(getattr(own, "__path__", ())):
            for name in [name for name in sys.modules if name.partition(".")[0] == own.__name__]:
                del sys.modules[name]


def natural(text: str) -> tuple[tuple[str, int], ...]:
    """Return a sort key that puts `fig10` after `fig9`, and `2024-10` after `2024-9`."""
    return tuple((words, int(digits or 0)) for words, digits in re.findall(r"(\D*)(\d*)", text))


def opened(root: Path) -> Project:
    """Return the project in a folder; its languages are those of the process from now on."""
    LANGUAGES.of(root)
    return Project(root)


def find_project(start: Path | None = None) -> Project:
    """Return the project that `start` (the working directory) lies in.

    The environment variable ANEW_PROJECT names one outright. Raises AnewError when there is none.
    """
    named = os.environ.get("ANEW_PROJECT")
    here = Path(named) if named else (start or Path.cwd())
    here = here.resolve()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file() and (folder / "data" / "catalog.yml").is_file():
            return opened(folder)
    raise AnewError(
        "No project in {folder} or above it.",
        "Change to a folder with _quarto.yml and data/catalog.yml, or one below it.",
        code="no-project",
        folder=here,
    )
