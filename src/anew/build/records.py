"""Records: inputs and outputs of each step's last successful run, one file a step."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from anew.project.writing import sealed, unsealed, write_bytes


@dataclass(frozen=True)
class Record:
    """The record of a step: digests of declared and observed inputs and of outputs, and settings.

    File names are relative to the project's root.
    """

    step: str
    settings: Mapping[str, object]
    inputs: Mapping[str, str]
    found: Mapping[str, str]
    outputs: Mapping[str, str]


class Records:
    """The records in a folder. One that is damaged, or another step's, counts as none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, step: str) -> Record | None:
        """Return a step's record, None if it has not run or the record cannot be trusted."""
        try:
            record = Record(**unsealed(self._file(step).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return record if record.step == step else None

    def write(self, record: Record) -> None:
        """Keep a step's record, whole or not at all."""
        write_bytes(self._file(record.step), sealed(asdict(record)), replace_folder=True)

    def _file(self, step: str) -> Path:
        plain = re.sub(r"[^A-Za-z0-9.]+", "-", step)[:80]
        return self.folder / f"{plain}-{hashlib.sha256(step.encode()).hexdigest()[:8]}.json"
