"""The plans of one pair of fetches and fed tensors, by the shapes of the feeds."""
from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.cache import LRU
from minitf.runtime.feeds import Feed
from minitf.runtime.plan import Plan
from minitf.runtime.prune import prune
from minitf.runtime.sizing import Sized
from minitf.runtime.specialise import Fed
from minitf.runtime.varying import Open, Varying

PLANS = 256  # of feed shapes
WARM = 16  # of those, with buffers


class Plans:
    """What has been compiled of `elements`, which are distinct, for feeds of several shapes.

    `compiled(operations, elements, feeds, in_c)` makes a Plan of what they need; `in_c` says
    whether in C, None leaves it to how much a plan computes and how often it is run. What has been
    `done` is not needed.
    """

    def __init__(
        self,
        elements: list[Any],
        feeds: list[Feed],
        compiled: Callable[..., Plan],
        in_c: bool | None,
        lock: Any,
        done: Collection[Operation] = (),
    ) -> None:
        self.elements, self.feeds, self.done = elements, feeds, done
        self.arrays_alone = not any(feed.handle for feed in feeds)
        self.compiled, self.in_c, self.lock = compiled, in_c, lock
        self.plans: LRU[Plan] = LRU(PLANS, WARM)
        self.latest: tuple[Any, Plan | None] = (None, None)
        self.sized, self.varying, self.may_share = Sized(), Varying(), True
        self.unshared: set[tuple[Open, ...]] = set()
        self.is_long = False  # whether plans are compiled at once

    @functools.cached_property
    def operations(self) -> list[Operation]:
        """What has to be run: the same for feeds of all shapes."""
        return prune(self.elements, {feed.tensor for feed in self.feeds}, self.done)

    def values(self, arrays: list[Any]) -> tuple[Any, ...]:
        """The values of the elements that have one, for arrays of the right types."""
        shapes = [array.shape for array in arrays] if self.arrays_alone else self._shapes(arrays)
        known, plan = self.latest
        if plan is None or known != shapes or plan.sizing:
            plan = self.plan(shapes, arrays)
        return plan(arrays)

    def _shapes(self, values: list[Any]) -> list[tuple[int, ...]]:
        return [() if feed.handle else value.shape for feed, value in zip(self.feeds, values)]

    def plan(self, shapes: list[tuple[int, ...]], arrays: list[np.ndarray]) -> Plan:
        """The plan for feeds of these shapes, compiled when they come for the first time; for
        feeds of these values where some say sizes, and have said the same before."""
        with self.lock:
            plan = self.plans.get(tuple(shapes))
            if plan is None:
                for feed, shape in zip(self.feeds, shapes):
                    feed.check_shape(shape)
                if self.may_share and self.varying.shares(tuple(shapes)):
                    shared = self._shared(self.varying.sizes)
                    if shared is not None:
                        return shared
                plan = self._put(shapes, tuple(shapes), self._known(shapes), self.in_c)
                self.is_long |= plan.arranged.lowered.quick
                self.may_share = not plan.backend.is_gpu  # where programs are for given sizes
            if plan.sizing:
                plan = self._of_sizes(plan, shapes, arrays)
            self.latest = (shapes, plan)
            return plan

    def _shared(self, sizes: tuple[Open, ...]) -> Plan | None:
        """The plan for all feeds that have these sizes, and any where None stands. None where an
        op has to know more of them."""
        plan = self.plans.get(sizes)
        if plan is None and sizes not in self.unshared:
            try:
                in_c = True if self.is_long else self.in_c  # what it computes it cannot know
                plan = self._put(sizes, sizes, self._known(sizes), in_c)
            except (errors.OpError, TypeError, ValueError):
                self.unshared.add(sizes)
        return plan

    def _of_sizes(
        self, plan: Plan, shapes: list[tuple[int, ...]], arrays: list[np.ndarray]
    ) -> Plan:
        """The plan for the values that some feeds have, or else that for any, `plan`."""
        key = (tuple(shapes), tuple(arrays[i].tobytes() for i in plan.sizing))
        found = self.plans.get(key)
        if found is not None or not self.sized.repeats(key):
            return found or plan
        values = {i: arrays[i].copy() for i in plan.sizing}
        try:
            found = self._put(shapes, key, self._known(shapes, values), self.in_c)
        except errors.OpError:  # what does not fit lies in a branch, perhaps, that no run takes
            return plan
        found.sizing = plan.sizing  # the next run may bring other values
        return found

    def _known(
        self, shapes: Sequence[Open], values: dict[int, np.ndarray] | None = None
    ) -> dict[Tensor, Fed]:
        values = values or {}
        return {
            feed.tensor: Fed(shape, feed.dtype, values.get(i))
            for i, (feed, shape) in enumerate(zip(self.feeds, shapes))
        }

    def _put(self, shapes: Any, key: Any, feeds: dict[Tensor, Fed], in_c: bool | None) -> Plan:
        plan = self.compiled(self.operations, self.elements, feeds, in_c)
        plan.promote = functools.partial(self._promote, shapes, key, feeds)
        return self.plans.put(key, plan)

    def _promote(self, shapes: Any, key: Any, feeds: dict[Tensor, Fed]) -> None:
        """Compile what has proved to be run often."""
        with self.lock:
            before = self.plans.get(key)
            plan = self._put(shapes, key, feeds, True)
            plan.sizing = plan.sizing if before is None else before.sizing
            self.latest = (shapes, plan)
