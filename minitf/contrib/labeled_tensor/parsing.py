"""Labeled tensors of Examples."""
from minitf.contrib.labeled_tensor.axes import as_axis
from minitf.contrib.labeled_tensor.checks import checked, mapping
from minitf.contrib.labeled_tensor.tensor import (
    LABELED,
    NAME,
    LabeledTensor,
    convert_to_labeled_tensor,
)
from minitf.ops.io import examples


class FixedLenFeature:
    """A feature: its axes, whose sizes have to be known, its type, and what an Example without it
    is taken to have."""

    def __init__(self, axes, dtype, default_value=None):
        self._axes = [as_axis(axis) for axis in axes]
        self._dtype, self._default_value = dtype, default_value

    axes = property(lambda self: self._axes)
    dtype = property(lambda self: self._dtype)
    default_value = property(lambda self: self._default_value)


FEATURES = mapping(str, FixedLenFeature)


def _without_labels(features):
    if any(axis.size is None for feature in features.values() for axis in feature.axes):
        raise ValueError("axes with unknown size are not supported")
    return {name: examples.FixedLenFeature([axis.size for axis in feature.axes], feature.dtype,
                                           feature.default_value)
            for name, feature in features.items()}  # fmt: skip


@checked
def parse_example(serialized: LABELED, features: FEATURES, name: NAME = None, example_names=None):
    """The features of a batch of Examples by name; each has the axis of `serialized` in front."""
    serialized = convert_to_labeled_tensor(serialized)
    found = examples.parse_example(serialized.tensor, _without_labels(features), name,
                                   example_names)  # fmt: skip
    return {each: LabeledTensor(tensor, [*serialized.axes.values(), *features[each].axes])
            for each, tensor in found.items()}  # fmt: skip


@checked
def parse_single_example(serialized: LABELED, features: FEATURES, name: NAME = None,
                         example_names=None):  # fmt: skip
    """The features of one Example by name."""
    serialized = convert_to_labeled_tensor(serialized)
    found = examples.parse_single_example(serialized.tensor, _without_labels(features), name,
                                          example_names)  # fmt: skip
    return {each: LabeledTensor(tensor, features[each].axes) for each, tensor in found.items()}
