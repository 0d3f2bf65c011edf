"""What has a value already, as a node of a graph."""

from minitf.core.constant import const
from minitf.core.dtypes import HANDLES
from minitf.core.op import NOT_DIFFERENTIABLE, OpDef
from minitf.core.schema import Attr


def _handle(xp, state, *, dtype) -> Attr("dtype"):
    """What the tensor of a queue, a table or a dataset holds."""
    return state


_HANDLE = OpDef(
    "CapturedHandle", _handle, lambda *, dtype: (), NOT_DIFFERENTIABLE, stateful=True, host=True,
    state=lambda operation: operation.held,
)  # fmt: skip


def captured(tensor):
    """A node of the default graph with the value of an EagerTensor."""
    if tensor.dtype.base_dtype not in HANDLES:
        return const(value=tensor._value, dtype=tensor.dtype, name="captured")
    node = _HANDLE(dtype=tensor.dtype, name="captured")
    node.op.held = tensor._held
    return node
