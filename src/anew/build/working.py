"""How one step is brought up to date: what decides it, its run, its record."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from anew.build.graph import Found, Memory, Observer, PlanChanged, Step, Timing, name_of
from anew.build.records import Record
from anew.notebook.child import cpu_seconds
from anew.project.digests import ABSENT, dumped
from anew.project.errors import BuildError
from anew.project.phrases import Phrase
from anew.project.writing import make_room

#: How often a step runs while its inputs change under it.
ATTEMPTS = 3


class Work:
    """Brings one step up to date; used from several threads."""

    def __init__(
        self, memory: Memory, before: Mapping[str, set[str]], timings: list[Timing]
    ) -> None:
        self.memory, self.records, self.digests = memory, memory.records, memory.digests
        self.before, self.timings = before, timings

    def bring_up_to_date(self, step: Step, observer: Observer) -> bool:
        """Run a step if anything that decides it changed; return whether it ran."""
        if not self.reasons(step):
            return False
        if self._fetched(step):
            return False
        observer.started(step)
        changed: Path | None = None
        for _ in range(ATTEMPTS):
            began, cpu = time.monotonic(), cpu_seconds()
            changed = self._attempt(step)
            if changed is None:
                self.timings.append(
                    Timing(
                        step.name, step.label, began, time.monotonic() - began,
                        cpu_seconds() - cpu, threading.current_thread().name,
                        tuple(sorted(self.before[step.name])),
                    )
                )  # fmt: skip
                return True
        assert changed is not None
        raise BuildError(
            "{step}: {file} keeps changing while it is read.",
            "Wait until no other program writes to it, then build again.",
            code="changed-meanwhile",
            step=step.label,
            file=name_of(changed, self.memory.root),
        )

    def _fetched(self, step: Step) -> bool:
        """Take a step's result from the shared cache; return whether it has it."""
        if self.memory.cache is None or not self._within(step):
            return False
        inputs = {path: self.digests.of(path) for path in (*step.inputs, *step.late())}
        self._refuse_change()
        record = self.memory.cache.fetch(
            step.name,
            self._settings(step),
            {self._name(path): digest for path, digest in inputs.items()},
            lambda name: self.digests.of(self.memory.root / name),
            [self._name(path) for path in step.made],
            self.memory.root,
        )
        if record is None:
            return False
        made = {self._name(path): self.digests.of(path) for path in step.made}
        if made != dict(record.outputs):  # the cache does not say what it holds
            return False
        self.records.write(record)
        return True

    def _within(self, step: Step) -> bool:
        """Return whether all that a step makes lies in the project: else it is not shared."""
        return all(self.memory.root in path.parents for path in step.made)

    def reasons(self, step: Step, rebuilt: Sequence[Step] = ()) -> list[str]:
        """Return why a step is not up to date; outputs of `rebuilt` steps are not looked at."""
        record = self.records.read(step.name)
        if record is None:
            return [Phrase("it has not been built")]
        now = self._settings(step)
        reasons: list[str] = [
            Phrase(
                "{key} changed from {old} to {new}",
                key=key,
                old=_short(record.settings.get(key)),
                new=_short(now.get(key)),
            )
            for key in sorted({*record.settings, *now})
            if record.settings.get(key) != now.get(key)
        ]
        made = [path for one in rebuilt for path in one.made]
        inputs = [*step.inputs, *([] if rebuilt else step.late())]
        declared = {self._name(path): path for path in inputs}
        for name, path in declared.items():
            if any(_overlap(path, one) for one in made):
                continue
            if name not in record.inputs:
                reasons.append(Phrase("{name} is new", name=name))
            elif self.digests.of(path) != record.inputs[name]:
                reasons.append(Phrase("{name} changed", name=name))
        if not rebuilt:
            gone = record.inputs.keys() - declared
            reasons += [Phrase("{name} is no longer read", name=name) for name in gone]
        for name, digest in record.found.items():
            if name not in declared and self.digests.of(self.memory.root / name) != digest:
                reasons.append(Phrase("{name} changed", name=name))
        if {*record.outputs} != {self._name(path) for path in step.made}:
            reasons.append(Phrase("its list of outputs changed"))
        for name, digest in record.outputs.items():
            found = self.digests.of(self.memory.root / name)
            if found == ABSENT:
                reasons.append(Phrase("its output {name} is missing", name=name))
            elif found != digest:
                reasons.append(Phrase("its output {name} was changed outside the build", name=name))
        return reasons

    def _attempt(self, step: Step) -> Path | None:
        """Run a step and record it; return an input that changed meanwhile, or None."""
        inputs = [*step.inputs, *step.late()]
        stamps = {path: self.digests.stamp(path) for path in inputs}
        seen = {path: self.digests.of(path) for path in inputs}
        self._refuse_change()
        self._make_room(step)
        error: BaseException | None = None
        found: Found = {}
        try:
            found = self._run(step, seen) or {}
        except BaseException as raised:
            error = raised
        self._refuse_change()
        for path, digest in {**found, **seen}.items():
            if self.digests.of(path) != digest or found.get(path, digest) != digest:
                return path
        for path, stamp in stamps.items():  # saved with the same content: a reader may see half
            if self.digests.stamp(path) != stamp:
                return path
        if error is not None:
            raise error
        made = {path: self.digests.of(path) for path in step.made}
        missing = [self._name(path) for path, digest in made.items() if digest == ABSENT]
        if missing:
            raise BuildError(
                "{step}: it did not make {missing}.",
                code="defect",
                step=step.label,
                missing=sorted(missing),
            )
        record = Record(
            step.name,
            self._settings(step),
            {self._name(path): digest for path, digest in seen.items()},
            {self._name(path): d for path, d in found.items() if path not in seen},
            {self._name(path): digest for path, digest in made.items()},
        )
        self.records.write(record)
        if self.memory.cache is not None and self._within(step):
            self.memory.cache.store(record, self.memory.root)
        return None

    def _run(self, step: Step, seen: Mapping[Path, str]) -> Found | None:
        """Run a step, here or elsewhere."""
        if self.memory.elsewhere is None or not self._within(step):
            return step.run()
        inputs = {self._name(path): digest for path, digest in seen.items()}
        return self.memory.elsewhere.run(step, self._settings(step), inputs)

    def _make_room(self, step: Step) -> None:
        """Remove what a step could trip over in the build folder: damage and leftovers."""
        record = self.records.read(step.name)
        known = record.outputs if record else {}
        for path in step.made:
            if self.memory.folder not in path.parents:
                continue
            make_room(path if path in step.outputs else path / "inside")
            if path in step.folders and self.digests.of(path) != known.get(self._name(path)):
                shutil.rmtree(path, ignore_errors=True)

    def _refuse_change(self) -> None:
        for path, digest in self.memory.guard.items():
            if self.digests.of(path) != digest:
                raise PlanChanged(path)

    def _settings(self, step: Step) -> dict[str, object]:
        plain = dumped({**step.settings, **self.memory.engine})
        assert isinstance(plain, dict)
        return plain

    def _name(self, path: Path) -> str:
        return name_of(path, self.memory.root)


def _overlap(one: Path, other: Path) -> bool:
    return one == other or one in other.parents or other in one.parents


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 60 else text[:57] + "…"
