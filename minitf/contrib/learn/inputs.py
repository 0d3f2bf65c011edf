"""`tf.contrib.learn.InputFnOps`, and functions that give them for serving."""
from collections import namedtuple

from minitf.core.dtypes import string
from minitf.ops.io.examples import parse_example
from minitf.ops.state.placeholder import placeholder


class InputFnOps(namedtuple("InputFnOps", ["features", "labels", "default_inputs"])):
    """Features, labels, and the placeholders that a served model is fed, by name."""

    __slots__ = ()


def build_parsing_serving_input_fn(feature_spec, default_batch_size=None):
    """A function that gives the features of serialized Examples, which are fed."""

    def input_fn():
        serialized = placeholder(string, [default_batch_size], name="input_example_tensor")
        features = parse_example(serialized, feature_spec)
        return InputFnOps(features, None, {"examples": serialized})

    return input_fn


def build_default_serving_input_fn(features, default_batch_size=None):
    """A function that gives features like these, which are fed."""

    def input_fn():
        fed = {
            name: placeholder(each.dtype, [default_batch_size, *each.shape.as_list()[1:]],
                              name=each.op.name)
            for name, each in features.items()
        }  # fmt: skip
        return InputFnOps(fed, None, fed)

    return input_fn
