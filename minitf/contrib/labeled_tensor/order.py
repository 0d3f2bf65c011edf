"""The order that axes have to have."""
from contextlib import contextmanager

from minitf.contrib.labeled_tensor.checks import checked, each, optional
from minitf.contrib.labeled_tensor.tensor import LABELED, convert_to_labeled_tensor
from minitf.core.graph import get_collection_ref

_KEY = ("__axis_order",)  # in the graph, so that each thread has its own
NAMES = each(str)


class AxisOrderError(ValueError):
    """There is no order of axes that fits."""


def get_axis_order():
    """The names that the innermost `axis_order_scope` gave, or None."""
    kept = get_collection_ref(_KEY)
    return kept[0] if kept else None


def _set_axis_order(axis_order):
    get_collection_ref(_KEY)[:] = [axis_order]


@contextmanager
@checked
def axis_order_scope(axis_order: optional(each(str, list)) = None):
    """`with axis_order_scope(["x", "y"]):` the results of arithmetic have their axes so; without
    names, as if there were no scope around."""
    outer = get_axis_order()
    _set_axis_order(axis_order)
    try:
        yield axis_order
    finally:
        _set_axis_order(outer)


def in_order(labeled_tensor, axis_order):
    """The names in `axis_order`, or of the scope, that are axes of the tensor."""
    if axis_order is None:
        axis_order = get_axis_order()
    if axis_order is None:
        raise AxisOrderError("an explicit axis order must be provided with the axis_order argument "
                             "or by using an axis_order_scope")  # fmt: skip
    return [name for name in axis_order if name in labeled_tensor.axes]


@checked
def check_axis_order(labeled_tensor: LABELED, axis_order: optional(NAMES) = None):
    """AxisOrderError unless all axes of the tensor are in `axis_order`, or in the order of the
    scope, as the tensor has them."""
    labeled_tensor = convert_to_labeled_tensor(labeled_tensor)
    found = in_order(labeled_tensor, axis_order)
    if len(found) < len(labeled_tensor.axes):
        raise AxisOrderError("not all axis names appear in the required axis order "
                             f"{axis_order!r}: {labeled_tensor!r}")  # fmt: skip
    if found != list(labeled_tensor.axes):
        raise AxisOrderError("axes on a labeled tensor do not appear in the same order as the "
                             f"required axis order {axis_order!r}: {labeled_tensor!r}")  # fmt: skip
