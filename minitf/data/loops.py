"""`for element in dataset:` where the loop becomes nodes: see minitf/autograph."""
from __future__ import annotations

from typing import Any

from minitf.core.constant import constant
from minitf.data.experimental.transformations import scan, take_while
from minitf.ops.control_flow.branches import cond


def for_each(dataset: Any, loop: Any) -> tuple:
    """The state after a loop over the elements."""
    start = loop.enter()
    if loop.extra_test is not None:
        return _until(dataset, loop, start)
    if start:
        found: tuple = dataset.reduce(start, lambda state, item: _stepped(loop, state, item))
        return found
    dataset.reduce(constant(0), lambda state, item: (_stepped(loop, (), item), state)[1])
    return ()


def _stepped(loop: Any, state: tuple, item: Any) -> tuple:
    following: tuple = loop.step(state, item, shapes=False)
    return following


def _until(dataset: Any, loop: Any, start: tuple) -> tuple:
    """The loop over what comes before its `break`."""

    def scanned(state: tuple, item: Any) -> Any:
        goes_on = loop.goes_on(state, constant(True))
        following = cond(goes_on, lambda: _stepped(loop, state, item), lambda: state, strict=True)
        return following, (following, goes_on)

    states = dataset.apply(scan(start, scanned))
    before = states.apply(take_while(lambda following, goes_on: goes_on))
    found: tuple = before.reduce(start, lambda state, part: part[0])
    return found
