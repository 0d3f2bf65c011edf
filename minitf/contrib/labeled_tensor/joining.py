"""Several labeled tensors in one, one in several, and one made larger."""
from minitf.contrib.labeled_tensor.axes import AXIS, AXIS_VALUE, Axis, concat_axes
from minitf.contrib.labeled_tensor.checks import mapping, pair
from minitf.contrib.labeled_tensor.tensor import (
    ALL_LABELED,
    LABELED,
    NAME,
    LabeledTensor,
    labeled_op,
)
from minitf.core.tensor import Tensor
from minitf.ops.array import joining, padding


def _some(labeled_tensors, what):
    if not labeled_tensors:
        raise ValueError(f"{what} expects at least 1 tensor, but received {labeled_tensors}")


def _place(labeled_tensor, axis_name):
    names = list(labeled_tensor.axes)
    if axis_name not in names:
        raise ValueError(f"{axis_name} not in {names}")
    return names.index(axis_name)


@labeled_op("concat")
def concat(labeled_tensors: ALL_LABELED, axis_name: str, name: NAME = None):
    """Tensors one after another along an axis, and its labels, if all have some. ValueError unless
    the other axes are the same."""
    _some(labeled_tensors, "concat")
    place = _place(labeled_tensors[0], axis_name)
    shared = labeled_tensors[0].axes.remove(axis_name)
    for each in labeled_tensors[1:]:
        if each.axes.remove(axis_name) != shared:
            raise ValueError(f"Mismatched shared axes: the first tensor had axes {shared!r} but "
                             f"this tensor has axes {each.axes.remove(axis_name)!r}.")  # fmt: skip
    joined = joining.concat([each.tensor for each in labeled_tensors], place, name=name)
    axes = list(labeled_tensors[0].axes.values())
    axes[place] = concat_axes([each.axes[axis_name] for each in labeled_tensors])
    return LabeledTensor(joined, axes)


@labeled_op("pack")
def pack(labeled_tensors: ALL_LABELED, new_axis: (str, AXIS), axis_position: int = 0,
         name: NAME = None):  # fmt: skip
    """Tensors of the same axes along a new one, `new_axis`, which is put at `axis_position`."""
    _some(labeled_tensors, "pack")
    first = labeled_tensors[0].axes
    for each in labeled_tensors:
        if each.axes != first:
            raise ValueError(f"Non-identical axes. Expected {first} but got {each.axes}")
    tensors = [each.tensor for each in labeled_tensors]
    axes = list(first.values())
    axes.insert(axis_position, new_axis)
    return LabeledTensor(joining.stack(tensors, axis=axis_position, name=name), axes)


@labeled_op("unpack")
def unpack(labeled_tensor: LABELED, axis_name: NAME = None, name: NAME = None):
    """A list of the tensors along an axis, without another along the first."""
    place = 0 if axis_name is None else _place(labeled_tensor, axis_name)
    parts = joining.unstack(labeled_tensor.tensor, axis=place, name=name)
    axes = list(labeled_tensor.axes.values())
    return [LabeledTensor(part, axes[:place] + axes[place + 1 :]) for part in parts]


def _all_there(asked, axes, what):
    if not set(asked) <= set(axes):
        raise ValueError(f"{what} axes {list(asked)!r} are not contained in the set of axis names "
                         f"{axes!r} on the input labeled tensor")  # fmt: skip


@labeled_op("tile")
def tile(labeled_tensor: LABELED, multiples: mapping(str, (int, Tensor)), name: NAME = None):
    """The tensor as many times along each axis as `multiples` says, 1 where it says nothing.
    ValueError for an axis with labels: they would not be unique."""
    axes = labeled_tensor.axes
    _all_there(multiples, axes, "tile")
    labels = [each for each in multiples if axes[each].labels is not None]
    if labels:
        raise ValueError(f"cannot tile axes with tick labels: {labels!r}")
    times = [multiples.get(each, 1) for each in axes]
    tiled = padding.tile(labeled_tensor.tensor, times, name=name)
    return LabeledTensor(tiled, [each if each.labels else each.name for each in axes.values()])


@labeled_op("pad")
def pad(labeled_tensor: LABELED, paddings: mapping(str, pair(AXIS_VALUE, AXIS_VALUE)),
        mode: str = "CONSTANT", name: NAME = None):  # fmt: skip
    """Each axis in `paddings` with more at its start and end: how much, or with which labels."""
    axes = labeled_tensor.axes
    _all_there(paddings, axes, "pad")
    ends = {each: [Axis(each, value) for value in paddings.get(each, (0, 0))] for each in axes}
    padded = padding.pad(labeled_tensor.tensor, [list(map(len, ends[each])) for each in axes], mode,
                         name=name)  # fmt: skip
    return LabeledTensor(padded, [
        concat_axes([ends[each][0], axis, ends[each][1]]) if each in paddings else axis
        for each, axis in axes.items()
    ])  # fmt: skip
