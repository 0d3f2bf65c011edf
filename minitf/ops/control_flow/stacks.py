"""Stacks: where loops of TensorFlow keep what the loops of their gradients take back."""

from minitf.core.dtypes import int32, resource
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, T
from minitf.core.shape_rules import unknown


class Stack:
    """Of one run: arrays, the last one on top."""

    def __init__(self, limit):
        self.values, self.limit = [], limit

    def push(self, value):
        """ValueError when the stack is full."""
        if 0 <= self.limit <= len(self.values):
            raise ValueError(f"Stack overflow: it holds {self.limit} values")
        self.values.append(value)

    def pop(self):
        """ValueError when the stack is empty."""
        if not self.values:
            raise ValueError("Stack is empty: more was popped than pushed")
        return self.values.pop()


@op("StackV2", shape=lambda *_, **__: (), grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def stack_op(xp, max_size: int32, *, elem_type, stack_name="") -> resource:
    """A new stack, of at most `max_size` values unless that is negative."""
    return Stack(int(max_size))


@op("StackPushV2", shape=lambda handle, elem, *, swap_memory: elem, grad=NOT_DIFFERENTIABLE,
    stateful=True, host=True)  # fmt: skip
def push_op(xp, handle: resource, elem: T, *, swap_memory=False) -> T:
    """elem, which is on top of the stack then."""
    handle.push(xp.array(elem))
    return xp.array(elem)


@op("StackPopV2", shape=unknown, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def pop_op(xp, handle: resource, *, elem_type) -> Attr("elem_type"):
    """What was on top of the stack."""
    return handle.pop()


@op("StackCloseV2", shape=unknown, grad=NOT_DIFFERENTIABLE, stateful=True, host=True)
def close_op(xp, handle: resource) -> None:
    """Forget the values."""
    handle.values.clear()
