"""Running a graph of steps, those that do not wait for each other side by side."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from heapq import heappop, heappush

from anew.build.durations import Durations
from anew.build.graph import (
    Explanation,
    Memory,
    Observer,
    Outcome,
    PlanChanged,
    Step,
    predecessors,
    sorter_of,
)
from anew.build.working import Work
from anew.notebook.child import end_children, kept_children
from anew.project.errors import AnewError, BuildError, refused_by_system, told_by_system, unexpected
from anew.project.phrases import Phrase


def run_steps(steps: Sequence[Step], memory: Memory, jobs: int, observer: Observer) -> Outcome:
    """Run the steps that are not up to date, `jobs` in parallel, and record inputs and outputs.

    The step with the longest way to the end is begun first, by what steps took before. A failure,
    of whatever kind, stops the steps that depend on it and no others. Raises BuildError when the
    graph itself is wrong (a cycle, two steps with one output), and PlanChanged.
    """
    before = predecessors(steps)
    sorter = sorter_of(before)
    durations = Durations(memory.folder / "durations.json")
    remaining = durations.remaining([*sorter_of(before).static_order()], before)
    sorter.prepare()
    ready: list[tuple[float, str]] = []
    named = {step.name: step for step in steps}
    outcome = Outcome()
    work = Work(memory, before, outcome.timings)
    observer.begin(steps)
    running: dict[Future[bool], str] = {}
    ended = ExitStack()
    keep = ended.enter_context(kept_children())
    pool = ThreadPoolExecutor(max(jobs, 1), thread_name_prefix="anew", initializer=keep)
    try:
        while sorter.is_active():
            for name in sorter.get_ready():
                if {*outcome.failed, *outcome.blocked}.intersection(before[name]):
                    outcome.blocked.append(name)
                    observer.skipped(named[name])
                    sorter.done(name)
                else:
                    heappush(ready, (-remaining[name], name))
            while ready and len(running) < max(jobs, 1):
                name = heappop(ready)[1]
                running[pool.submit(work.bring_up_to_date, named[name], observer)] = name
            done, _ = wait(running, return_when=FIRST_COMPLETED) if running else (set(), set())
            for future in done:
                name = running.pop(future)
                _settle(named[name], future, outcome, observer)
                sorter.done(name)
    except PlanChanged:
        raise
    except BaseException:  # interrupted
        pool.shutdown(wait=False, cancel_futures=True)
        while any(future.running() for future in running):
            if memory.elsewhere is not None:
                memory.elsewhere.stop()
            end_children()
            time.sleep(0.02)
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        ended.close()
        if memory.cache is not None:
            memory.cache.tidy()
            outcome.fetched, outcome.cache_fault = memory.cache.fetched, memory.cache.fault
        durations.remember(outcome.timings)
        memory.digests.save()
        observer.end()
    return outcome


def explain_steps(steps: Sequence[Step], memory: Memory) -> list[Explanation]:
    """Return why each step would run, in a valid order; nothing is run."""
    before = predecessors(steps)
    named = {step.name: step for step in steps}
    work = Work(memory, before, [])
    explained: dict[str, Explanation] = {}
    for name in sorter_of(before).static_order():
        step = named[name]
        rebuilt = [named[one] for one in before[name] if explained[one].reasons]
        waiting = sorted(Phrase("{step} would run", step=one.label) for one in rebuilt)
        explained[name] = Explanation(step, (*work.reasons(step, rebuilt), *waiting))
    return [explained[step.name] for step in steps]


def _settle(step: Step, future: Future[bool], outcome: Outcome, observer: Observer) -> None:
    """Note how a step ended. Raises PlanChanged, which ends the run."""
    error = future.exception()
    if error is None:
        (outcome.ran if future.result() else outcome.skipped).append(step.name)
        (observer.finished if future.result() else observer.skipped)(step)
        return
    if isinstance(error, PlanChanged):
        raise error
    told = error if isinstance(error, AnewError) else _told(step, error)
    outcome.failed[step.name] = told
    observer.failed(step, told)


def _told(step: Step, error: BaseException) -> BuildError:
    """Return an exception as an error that names the step."""
    system = refused_by_system(error) or error
    if isinstance(system, OSError) and system.errno:
        refused = told_by_system(system)
        return BuildError(
            "{step}: {message}",
            refused.hint,
            code=refused.code,
            step=step.label,
            message=refused.message,
        )
    return unexpected(step.label, error)
