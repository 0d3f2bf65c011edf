"""Phase 7: the order of the steps.

Reads before writes: a step that reads a variable sees the value from before this run's writes,
unless a data or control edge puts it after one. Where TF1 raced, this is what it always means. A
variable that is fetched itself is copied after the writes, which is where TF1 did not race.
Writes come as late as they can, so that a run that fails has changed nothing, if possible; where no
step can fail, they come in their turn, and what they read is kept no longer.
"""
from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

from minitf.core.resource import resource_key
from minitf.runtime.program import COPY, MEETINGS, Guard, Program, Step, Value, predicates


def order(
    program: Program,
    sure: Callable[[Step], bool] = lambda step: False,
    test: int | None = None,
) -> Program:
    """The same steps, in an order that keeps every edge and reads before writes.

    `sure` says of a step that it cannot fail where it will run. Of the block of a loop, `test` is
    the value that says whether it goes on: what does not depend on it comes first.
    """
    _keep_predicates(program, test)
    position = {step: i for i, step in enumerate(program.steps)}
    early = all(map(sure, program.steps))
    before = _edges(program)
    if any(step.definition.written for step in program.steps):
        plain = _schedule(program.steps, before, position, early=early)
        _read_before_write(program, plain, before)
    if test is not None or any(step.guard for step in program.steps):
        _test_first(program.steps, before, test)
        steps = _by_guard(before, position, program, early, sure)
    else:
        steps = _schedule(program.steps, before, position, program, early)
    _tell_of_takers(steps, program)
    return Program(program.values, steps, program.feeds, program.fetches)


def _keep_predicates(program: Program, test: int | None) -> None:
    """Copy the predicates that are the value of a variable which is written: which branch runs
    is decided once, whatever the branch then does to the variable."""
    roots, producers = program.roots(), program.producers()
    written = {root for step in program.steps for root in _changed(step, roots)}
    copies: dict[int, Step] = {}
    for step in program.steps if written else ():
        for pred in predicates(step):
            if roots[pred] in written and pred != test and pred not in copies:
                old, guard = program.values[pred], Guard()
                if pred in producers:
                    guard = producers[pred].guard
                program.values.append(Value(old.name, old.shape, old.dtype))
                copies[pred] = Step(COPY, step.operation, [pred], [len(program.values) - 1], {},
                                    guard=guard)  # fmt: skip
    for step in program.steps if copies else ():
        kept = {i: copies[i].outputs[0] for i in predicates(step) if i in copies}
        step.guard = tuple((kept.get(pred, pred), side) for pred, side in step.guard)
        if step.definition in MEETINGS:
            step.inputs = [*step.inputs[:-1], kept.get(step.inputs[-1], step.inputs[-1])]
    program.steps = [*copies.values(), *program.steps]


def _edges(program: Program) -> dict[Step, set[Step]]:
    producers = program.producers()
    before = {
        step: {producers[i] for i in step.reads if i in producers} | step.after
        for step in program.steps
    }
    together = [step for step in program.steps if step.definition.collective]
    for first, second in pairwise(sorted(together, key=_as_built)):
        before[second].add(first)
    _lock_in_turn(program.steps, before, producers)
    return before


def _as_built(step: Step) -> int:
    return step.operation._id


def _lock_in_turn(
    steps: list[Step], before: dict[Step, set[Step]], producers: dict[int, Step]
) -> None:
    """Who locks what somebody has locked waits for the release: steps run one after the other."""
    chains: dict[Any, list[Step]] = {}
    for step in sorted((step for step in steps if step.definition.locks), key=_as_built):
        # In a branch the lock came by way of a Switch.
        lock = producers.get(step.inputs[0])
        maker = step.operation.inputs[0].op if lock is None else lock.operation
        chains.setdefault(resource_key(maker), []).append(step)
    for chain in chains.values():
        for first, second in pairwise(chain):
            before[second].update(step for step in steps if first.outputs[0] in step.reads)


def _tell_of_takers(steps: list[Step], program: Program) -> None:
    """Tell what brings elements to a full queue how many this run itself takes of it afterwards:
    these steps would run at the same time in TensorFlow, here one would wait for the other."""
    takes: dict[tuple[int, Guard], int] = {}
    for step in reversed(steps):
        if step.definition.waits and step.inputs:
            count = [program.values[i].number for i in step.inputs[1:]]
            key = step.inputs[0], step.guard
            takes[key] = takes.get(key, 0) + (1 if not count or count[0] is None else int(count[0]))
        elif step.definition.brings:
            coming = {(step.inputs[0], step.guard), (step.inputs[0], ())}
            if spare := sum(takes.get(key, 0) for key in coming):
                step.attrs = {**step.attrs, "_spare": spare}


def _schedule(
    steps: list[Step],
    before: dict[Step, set[Step]],
    position: dict[Step, int],
    program: Program | None = None,
    early: bool = False,
) -> list[Step]:
    """Kahn's algorithm: of the steps that may run, writes last (unless `early`), else the first
    built."""
    waiting = {step: len(before[step]) for step in steps}
    followers: dict[Step, list[Step]] = {step: [] for step in steps}
    for step in steps:
        for other in before[step]:
            followers[other].append(step)
    ready = [_key(step, position, early) for step in steps if not waiting[step]]
    heapq.heapify(ready)
    done: list[Step] = []
    while ready:
        step = steps[heapq.heappop(ready)[-1]]
        done.append(step)
        for follower in followers[step]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, _key(follower, position, early))
    if len(done) < len(steps):
        return _snapshot_and_retry(steps, done, before, program)
    return done


def _test_first(steps: list[Step], before: dict[Step, set[Step]], test: int | None) -> None:
    """Let what runs only where a loop goes on wait for all that runs anyway."""
    early = {step for step in steps if not _depends(step, test)}
    for step in steps if test is not None else ():
        if step not in early:
            before[step] |= early


def _depends(step: Step, test: int | None) -> bool:
    return (test, True) in step.guard


def _by_guard(
    before: dict[Step, set[Step]],
    position: dict[Step, int],
    program: Program,
    early: bool,
    sure: Callable[[Step], bool],
) -> list[Step]:
    """An order in which steps of one branch stand together, and those in C too, as far as they
    can: each call of C takes as long as some small steps in NumPy."""
    plain = _schedule(program.steps, before, position, program, early)
    steps = program.steps  # with copies, perhaps
    waiting = {step: len(before[step]) for step in steps}
    followers: dict[Step, list[Step]] = {step: [] for step in steps}
    for step in steps:
        for other in before[step]:
            followers[other].append(step)
    place = {
        step: (sure(step) and not step.definition.view, i)
        for i, step in enumerate(plain)
    }
    ready: dict[Guard, list[tuple[bool, int]]] = {}
    for step in plain:
        if not waiting[step]:
            heapq.heappush(ready.setdefault(step.guard, []), place[step])
    done: list[Step] = []
    guard: Guard = ()
    while ready:
        if guard not in ready:  # what runs anyway first: more may then stand in a branch
            guard = min(ready, key=lambda each: (len(each), ready[each][0]))
        step = plain[heapq.heappop(ready[guard])[1]]
        if not ready[guard]:
            del ready[guard]
        done.append(step)
        for follower in followers[step]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready.setdefault(follower.guard, []), place[follower])
    return done


def _key(step: Step, position: dict[Step, int], early: bool) -> tuple[bool, bool, int]:
    definition = step.definition
    return (bool(definition.written) and not early, definition.waits, position[step])


def _read_before_write(
    program: Program, plain: list[Step], before: dict[Step, set[Step]]
) -> None:
    """Add the edges from each reader of a variable to the next write of it."""
    roots = program.roots()
    writers = [step for step in plain if step.definition.written]
    bits = {step: 1 << i for i, step in enumerate(writers)}
    behind: dict[Step, int] = {}  # the writes that a step comes after, as a set of bits
    by_variable: dict[int, list[Step]] = {}
    for writer in writers:
        for root in _changed(writer, roots):
            by_variable.setdefault(root, []).append(writer)
    for step in plain:
        seen = 0
        for other in before[step]:
            seen |= behind[other] | bits.get(other, 0)
        behind[step] = seen
    for chain in by_variable.values():
        for i, later in enumerate(chain):
            before[later].update(_nearest(later, map(chain.__getitem__, range(i - 1, -1, -1))))
    for step in plain:
        for root in {roots[i] for i in step.reads} & by_variable.keys():
            if step.definition.view or root in _changed(step, roots):
                continue
            _before_next(step, by_variable[root], behind[step], bits, before)


def _nearest(step: Step, others: Iterable[Step]) -> Iterator[Step]:
    """Those of some steps, of which each waits for the next or the other way round, that may run
    in one run with another step; up to one that runs wherever it does."""
    for other in others:
        if not _excluded(step, other):
            yield other
            if set(other.guard) <= set(step.guard):
                return


def _excluded(step: Step, other: Step) -> bool:
    """Whether they stand in the two branches of one predicate: no run has both."""
    return any((pred, not side) in other.guard for pred, side in step.guard)


def _changed(step: Step, roots: list[int]) -> list[int]:
    """The variables that a step writes."""
    return [roots[step.inputs[i]] for i, _ in step.definition.written]


def _before_next(
    reader: Step,
    chain: list[Step],
    behind: int,
    bits: dict[Step, int],
    before: dict[Step, set[Step]],
) -> None:
    last = max((i for i, writer in enumerate(chain) if behind & bits[writer]), default=-1)
    for writer in _nearest(reader, map(chain.__getitem__, range(last + 1, len(chain)))):
        before[writer].add(reader)


def _snapshot_and_retry(
    steps: list[Step],
    done: list[Step],
    before: dict[Step, set[Step]],
    program: Program | None,
) -> list[Step]:
    """Two variables, each to be read before its write by what waits for the other's write: copy
    the old value of one of them first, and let its readers read the copy."""
    finished = set(done)
    left = [step for step in steps if step not in finished]
    roots, producers = program.roots() if program else [], program.producers() if program else {}
    for writer in left:
        if program is None or not writer.definition.written:
            continue
        readers = _only_readers(writer, before, finished, roots, producers)
        if readers:
            copies = _read_copies(program, writer, readers, roots, producers, before)
            for copy in copies:
                before[copy] |= _writers_before(writer, readers, before, finished, roots)
            program.steps = [*copies, *steps]
            position = {step: i for i, step in enumerate(program.steps)}
            return _schedule(program.steps, before, position, program)
    raise ValueError(f"a circle of control edges: {[step.operation.name for step in left[:5]]}")


def _only_readers(
    writer: Step,
    before: dict[Step, set[Step]],
    finished: set[Step],
    roots: list[int],
    producers: dict[int, Step],
) -> list[Step]:
    """The steps that a write waits for only because they read the old value."""
    needed = {producers[i] for i in writer.inputs if i in producers} | writer.after
    own = set(_changed(writer, roots))
    return [
        step
        for step in before[writer] - needed - finished
        if not own.intersection(_changed(step, roots))
    ]


def _writers_before(
    writer: Step,
    readers: list[Step],
    before: dict[Step, set[Step]],
    finished: set[Step],
    roots: list[int],
) -> set[Step]:
    """The earlier writes of what a write changes, which its readers see."""
    stack, seen = list(readers), set(readers)
    while stack:
        more = (before[stack.pop()] & finished) - seen
        seen |= more
        stack += more
    own = set(_changed(writer, roots))
    return {step for step in seen | before[writer] if own.intersection(_changed(step, roots))}


def _read_copies(
    program: Program,
    writer: Step,
    readers: list[Step],
    roots: list[int],
    producers: dict[int, Step],
    before: dict[Step, set[Step]],
) -> list[Step]:
    copies: dict[int, Step] = {}
    changed = set(_changed(writer, roots))
    for reader in readers:
        for i in {i for i in reader.inputs if roots[i] in changed} - copies.keys():
            old = program.values[i]
            program.values.append(Value(old.name, old.shape, old.dtype))
            copies[i] = Step(COPY, writer.operation, [i], [len(program.values) - 1], {})
            before[copies[i]] = {producers[i]} if i in producers else set()
        taken = [copies[i] for i in reader.inputs if i in copies]
        reader.inputs = [copies[i].outputs[0] if i in copies else i for i in reader.inputs]
        before[writer].discard(reader)
        before[writer].update(taken)
        before[reader].update(taken)
    return list(copies.values())
