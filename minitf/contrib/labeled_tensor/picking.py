"""Some of the elements of labeled tensors."""
from collections.abc import Hashable

from minitf.contrib.labeled_tensor.axes import Axis
from minitf.contrib.labeled_tensor.checks import mapping, optional
from minitf.contrib.labeled_tensor.moving import slice_function, transpose
from minitf.contrib.labeled_tensor.tensor import LABELED, NAME, LabeledTensor, labeled_op
from minitf.core.constant import constant
from minitf.core.dtypes import int64
from minitf.ops.array import indexing, masks
from minitf.ops.random import draws


@labeled_op("select")
def select(labeled_tensor: LABELED, selection: mapping(str, (slice, Hashable, list)),
           name: NAME = None):  # fmt: skip
    """Of each axis in `selection` the places of some labels: of one, and then not the axis, of a
    slice, both ends included, or of a list. Lists go with nothing else, as in TensorFlow
    (NotImplementedError)."""
    for each in selection:
        _check_labels(labeled_tensor.axes, each)
    lists = {each: value for each, value in selection.items() if isinstance(value, list)}
    found = {each: _places(labeled_tensor.axes[each], value) for each, value in selection.items()}
    if len(lists) > 1:
        raise NotImplementedError("select does not yet support more than one list selection at the "
                                  "same time")  # fmt: skip
    if lists and len(found) > 1:
        raise NotImplementedError("select does not yet support combined scalar and list selection")
    if not lists:
        return slice_function(labeled_tensor, found, name=name)
    ((axis_name, labels),) = lists.items()
    return _gathered(labeled_tensor, found[axis_name], Axis(axis_name, labels), name)


def _check_labels(axes, axis_name):
    if axis_name not in axes:
        raise ValueError(f"The tensor does not have an axis named {axis_name}. Its axes are: "
                         f"{list(axes)!r}")  # fmt: skip
    if axes[axis_name].labels is None:
        raise ValueError(f"The axis named {axis_name} does not have labels. The axis is: "
                         f"{axes[axis_name]!r}")  # fmt: skip


def _places(axis, value):
    if isinstance(value, list):
        return [axis.index(label) for label in value]
    if not isinstance(value, slice):
        return axis.index(value)
    if value.step is not None:
        raise NotImplementedError("slicing with a step is not yet supported")
    start = None if value.start is None else axis.index(value.start)
    return slice(start, None if value.stop is None else axis.index(value.stop) + 1)


def _gathered(labeled_tensor, places, axis, name):
    """These places of an axis, by way of its being the first."""
    old = list(labeled_tensor.axes)
    rest = labeled_tensor.axes.remove(axis.name)
    first = transpose(labeled_tensor, [axis.name, *rest])
    found = indexing.gather(first.tensor, constant(places, int64))
    return transpose(LabeledTensor(found, [axis, *rest.values()]), old, name=name)


@labeled_op("random_crop")
def random_crop(labeled_tensor: LABELED, shape_map: mapping(str, int), seed: optional(int) = None,
                name: NAME = None):  # fmt: skip
    """A part of the tensor, at random: `shape_map` has the sizes of the axes to be cut, which lose
    their labels."""
    axes = labeled_tensor.axes
    for each in shape_map:
        if each not in axes:
            raise ValueError(f"Selection axis {each} not in axes {axes}")
    new = [Axis(each, shape_map[each]) if each in shape_map else axis
           for each, axis in axes.items()]  # fmt: skip
    return LabeledTensor(draws.random_crop(labeled_tensor.tensor, list(map(len, new)), seed=seed,
                                           name=name), new)  # fmt: skip


@labeled_op("boolean_mask")
def boolean_mask(labeled_tensor: LABELED, mask: LABELED, name: NAME = None):
    """The places of the first axis where `mask`, of one axis, is True. The axis loses its labels,
    for which they are is known only in a run."""
    if len(mask.axes) > 1:
        raise NotImplementedError("LabeledTensor's boolean_mask currently only supports 1D masks")
    (wanted,), (first, *rest) = mask.axes.values(), labeled_tensor.axes.values()
    if wanted != first:
        raise ValueError("the first axis of the labeled tensor and the mask are not equal:\n"
                         f"{first!r}\n{wanted!r}")  # fmt: skip
    found = masks.boolean_mask(labeled_tensor.tensor, mask.tensor, name=name)
    return LabeledTensor(found, [first.name, *rest])


@labeled_op("where")
def where(condition: LABELED, x: LABELED, y: LABELED, name: NAME = None):
    """Of `x` where the condition is True, else of `y`. ValueError unless all have the same axes."""
    if not condition.axes == x.axes == y.axes:
        raise ValueError("all inputs to `where` must have equal axes")
    return LabeledTensor(masks.where(condition.tensor, x.tensor, y.tensor, name=name), x.axes)
