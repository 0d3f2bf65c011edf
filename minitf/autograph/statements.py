"""`if`, `while` and `for`: of tensors, whose values are not known yet, tf.cond and tf.while_loop;
of anything else, and where operations run at once, Python's own."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from minitf.autograph.builtins import len_
from minitf.autograph.checks import of_branch, of_branches, of_iteration, of_loop
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import executing_eagerly
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.static import constant_value
from minitf.core.tensor import is_tensor
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.function import FuncGraph
from minitf.ops.math.elementwise import logical_and, logical_or


def is_staged(value: Any) -> bool:
    """Whether it is known only in the run what a value is."""
    return is_tensor(value) and not executing_eagerly() and not isinstance(value, SparseTensor)


# -- if -------------------------------------------------------------------------------------------


def if_stmt(test, body, orelse, get_state, set_state, names, count):
    """`body()` or `orelse()`. Of the state its first `count` parts are read afterwards."""
    if not is_staged(test):
        (body if test else orelse)()
        return
    before, ends = get_state(), []

    def branch(function, called):
        def built():
            function()
            end = get_state()[:count]
            set_state(before)
            of_branch(end, names, called)
            ends.append(end)
            if len(ends) == 2:
                of_branches(*ends, names)
            return end or (constant(1),)

        return built

    results = cond(test, branch(body, "if"), branch(orelse, "else"), strict=True)
    set_state((*results[:count], *before[count:]))


def if_exp(test, body, orelse):
    """`body() if test else orelse()`."""
    if not is_staged(test):
        return body() if test else orelse()
    return cond(test, body, orelse)


# -- loops ----------------------------------------------------------------------------------------


class Loop(NamedTuple):
    """What a loop does: `body` changes the state; `extra_test` says that no `break` was met."""

    extra_test: Callable[[], Any] | None
    body: Callable[..., None]
    get_state: Callable[[], tuple]
    set_state: Callable[[tuple], None]
    names: tuple[str, ...]

    def enter(self) -> tuple:
        """The state before the loop."""
        state = self.get_state()
        of_loop(state, self.names)
        return state

    def step(self, state: tuple, *item: Any, shapes: bool = True) -> tuple:
        """The state after an iteration."""
        self.set_state(state)
        self.body(*item)
        following = self.get_state() or state
        of_iteration(state, following, self.names, shapes)
        return following

    @contextmanager
    def at_once(self, decides: Any) -> Iterator[None]:
        """Around a loop in Python: what a tensor, or a dataset, has decided leaves tensors."""
        decided = is_tensor(decides) or hasattr(decides, "_for_each")
        if decided and executing_eagerly():
            self.enter()
        yield
        if decided and executing_eagerly():
            self.set_state(nest.map_structure(_as_tensor, self.get_state()))

    def goes_on(self, state: tuple, has_next: Any) -> Any:
        """Whether there is a next item, and no `break` was met."""
        if self.extra_test is None:
            return has_next
        self.set_state(state)
        return cond(has_next, self.extra_test, lambda: False)


def _as_tensor(value: Any) -> Any:
    return convert_to_tensor(value) if isinstance(value, (bool, int, float)) else value


def while_stmt(test, body, get_state, set_state, names):
    """`while test(): body()`."""
    loop = Loop(None, body, get_state, set_state, names)
    going_on = test() if executing_eagerly() else _apart(test)
    with loop.at_once(going_on):
        while not is_staged(going_on):
            if not going_on:
                return
            body()
            going_on = test()

    def tested(*state):
        set_state(state)
        return test()

    start = loop.enter() or (constant(0),)
    set_state(while_loop(tested, lambda *state: loop.step(state), start,
                         return_same_structure=True))  # fmt: skip


def _apart(test):
    """What a test gives, without leaving nodes in the graph."""
    with FuncGraph("test").as_default():
        return test()


def for_stmt(items, extra_test, body, get_state, set_state, names):
    """`for item in items: body(item)`, as long as `extra_test()`."""
    loop = Loop(extra_test, body, get_state, set_state, names)
    if executing_eagerly() or not (is_tensor(items) or hasattr(items, "_for_each")):
        with loop.at_once(items):
            _in_python(items, loop)
    elif not is_tensor(items):
        set_state(items._for_each(loop))
    elif items.op.type == "Range":
        _over_range(*items.op.inputs, loop)
    else:
        _over_rows(items, loop)


def _in_python(items, loop):
    for item in items:
        loop.body(item)
        if loop.extra_test is not None and not loop.extra_test():
            break


def _over_range(start, limit, delta, loop):
    def is_before(i):
        step = constant_value(delta)
        if step is not None:
            return i < limit if step >= 0 else i > limit
        return logical_or(logical_and(delta >= 0, i < limit), logical_and(delta < 0, i > limit))

    _counted(loop, start, is_before, lambda i: i, lambda i: i + delta)


def _over_rows(items, loop):
    count = len_(items)
    rows = TensorArray(items.dtype, size=count).unstack(items)
    _counted(loop, 0, lambda i: i < count, rows.read, lambda i: i + 1)


def _counted(loop, first, is_before, item, following):
    """The loop with a counter in front of its state."""
    results = while_loop(
        lambda i, *state: loop.goes_on(state, is_before(i)),
        lambda i, *state: (following(i), *loop.step(state, item(i))),
        (first, *loop.enter()), return_same_structure=True,
    )  # fmt: skip
    loop.set_state(results[1:])
