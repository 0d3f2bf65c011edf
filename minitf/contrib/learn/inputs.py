"""`tf.contrib.learn.InputFnOps`: what an input function gives, and those of served models."""
from collections import namedtuple

from minitf.core.dtypes import string
from minitf.ops.io.examples import parse_example
from minitf.ops.state.placeholder import placeholder


class InputFnOps(namedtuple("InputFnOps", ["features", "labels", "default_inputs"])):
    """Features, labels, and the placeholders that a served model is fed, by name."""

    __slots__ = ()


def build_parsing_serving_input_fn(feature_spec, default_batch_size=None):
    """An input function of a served model, which is fed serialized Examples as "examples"."""

    def input_fn():
        serialized = placeholder(string, [default_batch_size], name="input_example_tensor")
        features = parse_example(serialized, feature_spec)
        return InputFnOps(features, None, {"examples": serialized})

    return input_fn


def build_default_serving_input_fn(features, default_batch_size=None):
    """An input function of a served model, which is fed tensors like `features`, of any batch size
    or of this."""

    def input_fn():
        fed = {name: placeholder(tensor.dtype, [default_batch_size, *tensor.shape.as_list()[1:]],
                                 name=tensor.op.name)
               for name, tensor in features.items()}  # fmt: skip
        return InputFnOps(fed, None, fed)

    return input_fn
