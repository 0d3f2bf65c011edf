"""Reductions over axes that are given by name, and the product of matrices."""
from collections.abc import Hashable

from minitf.contrib.labeled_tensor.checks import each, optional, pair
from minitf.contrib.labeled_tensor.moving import squeeze
from minitf.contrib.labeled_tensor.order import get_axis_order
from minitf.contrib.labeled_tensor.tensor import LABELED, NAME, LabeledTensor, labeled_op
from minitf.ops.array import basics
from minitf.ops.linalg import products
from minitf.ops.reduction import axes as array_axes
from minitf.ops.reduction import reduce

REDUCED = (str, pair(str, Hashable))


def define_reduce_op(op_name, reduce_fn):
    """A reduction of labeled tensors, of a function (tensor, axes, keepdims=)."""

    def op(labeled_tensor: LABELED, axes: optional((*REDUCED, each(REDUCED))) = None,
           name: NAME = None):  # fmt: skip
        old = labeled_tensor.axes
        asked = [axes] if isinstance(axes, (str, tuple)) else old if axes is None else axes
        gone = [axis for axis in asked if isinstance(axis, str)]
        new = {axis: axis for axis in gone} | {
            axis[0]: (axis[0], None if axis[1] is None else [axis[1]])
            for axis in asked if not isinstance(axis, str)
        }  # fmt: skip
        for axis in new:
            if axis not in old:
                raise ValueError(f"Axis {axis} not in axes {old}")
        places = [i for i, axis in enumerate(old) if axis in new]
        found = reduce_fn(labeled_tensor.tensor, places, keepdims=True)
        kept = LabeledTensor(found, [new.get(name, axis) for name, axis in old.items()])
        return squeeze(kept, gone, name=name)

    op.__name__ = op_name
    op.__doc__ = (f"tf.{op_name} over the axes with these names, without any over all. The axis of "
                  "a pair (name, label) stays, with size 1 and this label, if it is not None.")
    return labeled_op(op_name)(op)


reduce_all = define_reduce_op("reduce_all", reduce.reduce_all)
reduce_any = define_reduce_op("reduce_any", reduce.reduce_any)
reduce_logsumexp = define_reduce_op("reduce_logsumexp", reduce.reduce_logsumexp)
reduce_max = define_reduce_op("reduce_max", reduce.reduce_max)
reduce_mean = define_reduce_op("reduce_mean", reduce.reduce_mean)
reduce_min = define_reduce_op("reduce_min", reduce.reduce_min)
reduce_prod = define_reduce_op("reduce_prod", reduce.reduce_prod)
reduce_sum = define_reduce_op("reduce_sum", reduce.reduce_sum)


@labeled_op("matmul")
def matmul(a: LABELED, b: LABELED, name: NAME = None):
    """The product of vectors or matrices, summed over the one axis that both have. The other axes
    are in the order of the scope, or of `a` and then of `b`."""
    shared = _shared_axis(a, b)
    if a.axes[shared] != b.axes[shared]:
        raise ValueError(f"axis {shared!r} does not match on input arguments: "
                         f"{a.axes[shared].value!r} vs {b.axes[shared].value!r}")  # fmt: skip
    order = get_axis_order()
    rest = [axis for axis in (*a.axes, *b.axes) if axis != shared]
    if order is not None and [axis for axis in order if axis in rest] != rest:
        a, b = b, a
    vectors = [i for i, one in enumerate((a, b)) if len(one.axes) == 1]
    left = basics.reshape(a.tensor, (1, -1)) if 0 in vectors else a.tensor
    right = basics.reshape(b.tensor, (-1, 1)) if 1 in vectors else b.tensor
    found = products.matmul(
        left, right, transpose_a=0 not in vectors and next(iter(a.axes)) == shared,
        transpose_b=1 not in vectors and next(iter(b.axes)) != shared,
    )  # fmt: skip
    found = array_axes.squeeze(found, vectors) if vectors else found
    axes = [axis for one in (a, b) for axis in one.axes.remove(shared).values()]
    return LabeledTensor(basics.identity(found, name=name), axes)


def _shared_axis(a, b):
    ranks = len(a.axes), len(b.axes)
    if max(ranks) > 2:
        raise NotImplementedError("matmul currently requires inputs with rank 2 or less, but "
                                  "inputs have ranks {} and {}".format(*ranks))  # fmt: skip
    if not min(ranks):
        raise ValueError("matmul currently requires inputs with at least rank 1, but inputs have "
                         "ranks {} and {}".format(*ranks))  # fmt: skip
    shared = set(a.axes) & set(b.axes)
    if len(shared) > 1:
        raise NotImplementedError(
            f"matmul does not yet support summing over multiple shared axes: {shared!r}. Use "
            "transpose and reshape to create a single shared axis to sum over."
        )
    if not shared:
        raise ValueError("there must have exactly one axis in common between input to matmul: "
                         f"{list(a.axes)!r}, {list(b.axes)!r}")  # fmt: skip
    return shared.pop()
