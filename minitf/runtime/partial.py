"""`Session.partial_run`: a run in several parts, each with feeds and fetches of its own.

What one part has computed and a later one needs is kept: every operation runs once, and a loop
with all that later parts need of it, such as what its gradient goes back through. Operations in a
branch are the exception, since they have no value of their own, and so is a loop that waits for
more feeds: a later part may compute them again.
"""
from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np

from minitf.core import errors, time_limit
from minitf.core.bfloat16 import narrowed
from minitf.core.context import loops_around, output_context
from minitf.core.dtypes import HANDLES
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.conversions import announced, expanded
from minitf.runtime.feeds import Feed, check_feed_dict, tensors_of, values_of
from minitf.runtime.fetches import FetchMap, handed
from minitf.runtime.halves import is_half
from minitf.runtime.plans import Plans
from minitf.runtime.prune import prune

# The values of tensors, given those of others, where some operations have been run already.
Compute = Callable[[list[Any], dict[Tensor, Any], frozenset[Operation]], dict[Tensor, Any]]


class PartialRuns:
    """The part of a Session that runs in parts."""

    _graph: Any
    _check_open: Callable[[], None]
    _in_c: bool | None
    _lock: Any
    _milliseconds: int
    _signatures: Any
    compiled: Callable[..., Any]

    def __init__(self) -> None:
        self._partial: dict[str, PartialRun] = {}
        self._partial_numbers = itertools.count(1)

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> str:
        """Announce a run in several parts, all its fetches and feeds; returns its name, which
        `partial_run` takes. Operations among `fetches` run as soon as what they need is fed.

        Raises as `run` does, and InvalidArgumentError for nothing to do and for what is both fed
        and fetched.
        """
        self._check_open()
        keys = feeds if isinstance(feeds, (list, tuple)) else [] if feeds is None else [feeds]
        tensors = [t for key in announced(keys) for t in tensors_of(self._graph, key)]
        elements: Any = list(FetchMap(self._graph, fetches).elements)
        made = PartialRun(elements, tensors)
        fetched, targets = made.fetches, made.targets
        name = (f"{_listed(tensors)}->{_listed(fetched)}/{_listed(targets)}/1/;"
                f"{next(self._partial_numbers)}")  # fmt: skip
        self._partial[name] = made
        return name

    def partial_run(self, handle: str, fetches: Any, feed_dict: Any = None) -> Any:
        """Go on with a run that `partial_run_setup` announced: what it fetches, given more feeds.

        InvalidArgumentError for feeds and fetches that were not announced or have been here
        before, for a fetch that needs more feeds, and when all have been fed and fetched.
        """
        self._check_open()
        if handle not in self._partial:
            raise errors.InvalidArgumentError(
                None, None, "Must run 'setup' before performing partial runs! There is no run "
                f"{handle!r}, or all of it has been fetched."
            )  # fmt: skip
        check_feed_dict(feed_dict or {})
        given = {}
        for key, value in expanded(feed_dict or {}).items():
            for tensor, part in zip(tensors_of(self._graph, key), values_of(key, value)):
                feed = Feed(tensor)
                given[tensor] = array = feed(part)
                feed.check_shape(array.shape)
        run = self._partial[handle]
        with time_limit.limited(self._milliseconds):
            found = run(FetchMap(self._graph, fetches), given, self._part)
        if run.over:
            del self._partial[handle]
        return found

    def _part(
        self, elements: list[Any], known: dict[Tensor, Any], done: frozenset[Operation]
    ) -> dict[Tensor, Any]:
        """The values of these, where the tensors `known` have theirs."""
        key = ("part", tuple(elements), tuple(known), done)
        with self._lock:
            plans: Any = self._signatures.get(key)
            if plans is None:
                feeds = [Feed(tensor) for tensor in known]
                plans = Plans(elements, feeds, self.compiled, self._in_c, self._lock, done)
                self._signatures.put(key, plans)
        values = plans.values([feed(known[feed.tensor]) for feed in plans.feeds])
        tensors = [element for element in elements if isinstance(element, Tensor)]
        return {tensor: _handed(tensor, value) for tensor, value in zip(tensors, values)}


def _handed(tensor: Tensor, value: Any) -> Any:
    if tensor.dtype.base_dtype in HANDLES:
        return value
    return handed(narrowed(value) if is_half(tensor) else value)


class PartialRun:
    """What is left of a run: `fetches` to be asked for, `feeds` to be given."""

    def __init__(self, fetches: Iterable[Any], feeds: list[Tensor]) -> None:
        declared = list(fetches)
        self.fetches = {f: False for f in declared if isinstance(f, Tensor)}
        self.targets = [f for f in declared if isinstance(f, Operation)]
        self.feeds = dict.fromkeys(feeds, False)
        self.known: dict[Tensor, Any] = {}
        self.done: set[Operation] = set()
        if not declared:
            raise _invalid("Must specify at least one target to fetch or execute.")
        both = next((feed for feed in feeds if feed in self.fetches), None)
        if both is not None:
            raise _invalid(f"{both.name} is both fed and fetched.")

    @property
    def over(self) -> bool:
        """Whether all has been fed and fetched."""
        return all(self.feeds.values()) and all(self.fetches.values())

    def __call__(
        self, asked: FetchMap, given: dict[Tensor, np.ndarray], compute: Compute
    ) -> Any:
        """The next part: what it fetches, in the structure that was asked for.

        InvalidArgumentError for what was not announced, or came before, or needs other feeds.
        """
        elements: Any = list(asked.elements)
        if any(isinstance(element, Operation) for element in elements):
            raise RuntimeError(
                "partial_run() requires empty target_list: it fetches tensors; operations that "
                "were given to partial_run_setup() run as soon as they can."
            )
        self._check(self.feeds, given, "feed", "fed")
        self._check(self.fetches, elements, "fetch", "fetched")
        self._check_possible(elements, given)
        self.known.update(given)
        self.feeds.update(dict.fromkeys(given, True))
        found = self._computed(elements, compute)
        self.fetches.update(dict.fromkeys(elements, True))
        return asked(tuple(found[element] for element in elements))

    def _check(self, announced: dict[Tensor, bool], names: Any, what: str, past: str) -> None:
        for tensor in names:
            if tensor not in announced:
                raise _invalid(
                    f"The {what} {tensor.name} was not specified in partial_run_setup."
                )
            if announced[tensor]:
                raise _invalid(f"The {what} {tensor.name} has already been {past}.")

    def _waiting(self, elements: Iterable[Any], given: Collection[Tensor] = ()) -> list[Tensor]:
        """The feeds that these still need."""
        missing = {feed for feed, fed in self.feeds.items() if not (fed or feed in given)}
        edge = self.known.keys() | missing | set(given)
        needed = {t for op in self._left(elements, edge) for t in op.inputs}
        needed.update(element for element in elements if isinstance(element, Tensor))
        return [feed for feed in self.feeds if feed in missing and feed in needed]

    def _left(self, elements: Iterable[Any], known: Any) -> list[Operation]:
        """The operations that are still to be run for these."""
        return prune(elements, known, self.done)

    def _check_possible(self, elements: list[Tensor], given: Collection[Tensor]) -> None:
        waiting = self._waiting(elements, given)
        if waiting:
            raise _invalid(
                f"Fetch {elements[0].name} can't be computed from the feeds that have been fed so "
                f"far. It needs {', '.join(feed.name for feed in waiting)}."
            )

    def _computed(self, elements: list[Tensor], compute: Compute) -> dict[Tensor, Any]:
        """The values of these, after the targets that can be run have been."""
        targets = [op for op in self.targets if op not in self.done and not self._waiting([op])]
        targets += self._exits(self._left([*elements, *targets], self.known))
        operations = self._left([*elements, *targets], self.known)
        kept = self._needed_later(operations, [*elements, *targets])
        wanted = list(dict.fromkeys([*elements, *targets, *kept]))
        found = compute(wanted, self.known, frozenset(self.done))
        self.known.update((tensor, found[tensor]) for tensor in kept)
        self.done.update(op for op in operations if _is_over(op))
        return found

    def _exits(self, operations: list[Operation]) -> list[Operation]:
        """The exits, needed at some time, of the loops among these operations."""
        running = {loop for op in operations for loop in loops_around(op)[:1]}
        if not running:
            return []
        everything: list[Any] = [*self.fetches, *self.targets]
        return [
            op for op in self._left(everything, self.known)
            if _is_outside(op) and op.context in running and not self._waiting([op])
        ]  # fmt: skip

    def _needed_later(self, operations: list[Operation], now: list[Any]) -> list[Tensor]:
        """The outputs of these operations that the rest of the run reads."""
        rest: Any = [f for f, fetched in self.fetches.items() if not fetched and f not in now]
        rest += [op for op in self.targets if op not in self.done and op not in now]
        over = {op for op in operations if _is_over(op)}
        later = [op for op in self._left(rest, self.known) if op not in over]
        read = [tensor for op in later for tensor in op.inputs]
        read += [fetch for fetch in rest if isinstance(fetch, Tensor)]
        return [
            tensor
            for tensor in dict.fromkeys(read)
            if tensor.op in over and not tensor.dtype._is_ref_dtype
        ]  # fmt: skip


def _is_over(operation: Operation) -> bool:
    """Whether no later part runs it, once it has been run."""
    return _is_outside(operation) and not _is_variable(operation)


def _is_outside(operation: Operation) -> bool:
    """Whether it has one value in a run: it is in no branch and no loop, or is the exit of one."""
    return output_context(operation) is None


def _is_variable(operation: Operation) -> bool:
    """Whether it is only the place of something: later parts find that there themselves."""
    definition = operation.definition
    kept = definition.state is not None and definition.array != "make"  # a TensorArray is a value
    return definition.variable or kept or definition.placeholder


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(None, None, message)


def _listed(elements: Iterable[Tensor | Operation]) -> str:
    return ",".join(element.name for element in elements)
