"""The same elements under other axes."""
from collections.abc import Hashable

from minitf.contrib.labeled_tensor.axes import AXIS, Axis, as_axis
from minitf.contrib.labeled_tensor.checks import each, mapping, optional, pair
from minitf.contrib.labeled_tensor.order import NAMES, AxisOrderError, check_axis_order, in_order
from minitf.contrib.labeled_tensor.tensor import LABELED, NAME, LabeledTensor, labeled_op
from minitf.ops.array import basics
from minitf.ops.reduction import axes as array_axes

NAMES_AND_AXES = each((str, AXIS))


@labeled_op("identity")
def identity(labeled_tensor: LABELED, name: NAME = None):
    """The tensor, as another operation."""
    return LabeledTensor(basics.identity(labeled_tensor.tensor, name=name), labeled_tensor.axes)


@labeled_op("slice")
def slice_function(labeled_tensor: LABELED, selection: mapping(str, (int, slice)),
                   name: NAME = None):  # fmt: skip
    """Of each axis that `selection` names the positions of a slice, or one, and then not the axis.
    """
    parts = [selection.get(axis, slice(None)) for axis in labeled_tensor.axes]
    axes = [axis.name if axis.labels is None else (axis.name, axis.labels[part])
            for axis, part in zip(labeled_tensor.axes.values(), parts)
            if isinstance(part, slice)]  # fmt: skip
    return LabeledTensor(basics.identity(labeled_tensor.tensor[tuple(parts)], name=name), axes)


@labeled_op("transpose")
def transpose(labeled_tensor: LABELED, axis_order: optional(NAMES) = None, name: NAME = None):
    """The axes in another order, without one reversed. ValueError unless it names all of them."""
    old = list(labeled_tensor.axes)
    new = old[::-1] if axis_order is None else list(axis_order)
    if sorted(new) != sorted(old):
        raise ValueError(
            "The new axis order must have the same names as the original axes, but the new order "
            f"is {new!r} while the original order is {old!r}"
        )
    permuted = array_axes.transpose(labeled_tensor.tensor, [old.index(n) for n in new], name=name)
    return LabeledTensor(permuted, [labeled_tensor.axes[n] for n in new])


@labeled_op("impose_axis_order")
def impose_axis_order(labeled_tensor: LABELED, axis_order: optional(NAMES) = None,
                      name: NAME = None):  # fmt: skip
    """The axes in this order, or in that of the scope."""
    return transpose(labeled_tensor, in_order(labeled_tensor, axis_order), name=name)


@labeled_op("expand_dims")
def expand_dims(labeled_tensor: LABELED, axes: each((str, pair(str, Hashable))),
                name: NAME = None):  # fmt: skip
    """New axes of size 1 among the old: `axes` are the names of both, a new one may be (name,
    label). AxisOrderError unless the old are in their order."""
    check_axis_order(labeled_tensor, [axis if isinstance(axis, str) else axis[0] for axis in axes])
    found = [_expanded(labeled_tensor.axes, axis) for axis in axes]
    return LabeledTensor(basics.reshape(labeled_tensor.tensor, _sizes(found), name=name), found)


def _expanded(axes, asked):
    if asked in axes:
        return axes[asked]
    return Axis(asked, 1) if isinstance(asked, str) else Axis(asked[0], (asked[1],))


def _sizes(axes):
    """The sizes for tf.reshape; a name has any."""
    open_ended = [isinstance(axis, str) or as_axis(axis).size is None for axis in axes]
    return [-1 if is_open else as_axis(axis).size for axis, is_open in zip(axes, open_ended)]


@labeled_op("reshape")
def reshape(labeled_tensor: LABELED, existing_axes: NAMES, new_axes: NAMES_AND_AXES,
            name: NAME = None):  # fmt: skip
    """New axes in place of some that stand side by side; one of the new ones may be a name only."""
    old, existing, new_axes = list(labeled_tensor.axes), list(existing_axes), list(new_axes)
    if not set(existing) <= set(old):
        raise ValueError(f"existing_axes {existing!r} are not contained in the set of axis names "
                         f"{old!r} on the input labeled tensor")  # fmt: skip
    start, stop = old.index(existing[0]), old.index(existing[-1]) + 1
    if existing != old[start:stop]:
        raise AxisOrderError(
            f"existing_axes {existing!r} are not a slice of axis names {old!r} on the input "
            "labeled tensor. Use `transpose` or `impose_axis_order` to reorder axes on the input "
            "explicitly."
        )
    if sum(isinstance(axis, str) for axis in new_axes) > 1:
        raise ValueError("at most one axis in new_axes can have unknown size. All other axes must "
                         f"have an indicated integer size or labels: {new_axes!r}")  # fmt: skip
    axes = list(labeled_tensor.axes.values())
    axes[start:stop] = new_axes
    return LabeledTensor(basics.reshape(labeled_tensor.tensor, _sizes(axes), name=name), axes)


@labeled_op("rename_axis")
def rename_axis(labeled_tensor: LABELED, existing_name: str, new_name: str, name: NAME = None):
    """An axis under another name."""
    if existing_name not in labeled_tensor.axes:
        raise ValueError(
            f"existing_name {existing_name!r} are not contained in the set of axis names "
            f"{list(labeled_tensor.axes)!r} on the input labeled tensor"
        )
    renamed = Axis(new_name, labeled_tensor.axes[existing_name].value)
    return reshape(labeled_tensor, [existing_name], [renamed], name=name)


@labeled_op("squeeze")
def squeeze(labeled_tensor: LABELED, axis_names: optional(NAMES) = None, name: NAME = None):
    """Without these axes, or without any, of size 1. ValueError if one is larger or not there."""
    axes = labeled_tensor.axes
    if axis_names is None:
        axis_names = [axis.name for axis in axes.values() if len(axis) == 1]
    for asked in axis_names:
        if asked not in axes:
            raise ValueError(f"axis {asked} is not in tensor axes {axes}")
        if len(axes[asked]) != 1:
            raise ValueError(
                f"cannot squeeze axis with size greater than 1: ({asked}, {axes[asked]})"
            )
    places = [i for i, axis in enumerate(axes) if axis in axis_names]
    tensor = labeled_tensor.tensor
    squeezed = (array_axes.squeeze(tensor, places, name=name) if places
                else basics.identity(tensor, name=name))  # fmt: skip
    return LabeledTensor(squeezed, [each for each in axes.values() if each.name not in axis_names])
