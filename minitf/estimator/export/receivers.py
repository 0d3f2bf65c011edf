"""What a served model is fed: `tf.estimator.export.ServingInputReceiver` and what makes them."""
from collections import namedtuple

from minitf.core.dtypes import string
from minitf.core.graph import Graph
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.estimator.functions import parse_input_fn_result
from minitf.ops.io.examples import parse_example
from minitf.ops.state.placeholder import placeholder
from minitf.ops.state.variables import Variable

_DEFAULT_NAMES = {"feature": "feature", "label": "label", "receiver_tensor": "input",
                  "receiver_tensors_alternative": "input"}  # fmt: skip
_FIELDS = ("features", "receiver_tensors", "receiver_tensors_alternatives")


def by_name(tensors, what, allow_int_keys=False):
    """{name: tensor}. ValueError for what is none, or named otherwise."""
    if tensors is None:
        raise ValueError(f"{what}s must be defined.")
    if not isinstance(tensors, dict):
        tensors = {_DEFAULT_NAMES[what]: tensors}
    for name, tensor in tensors.items():
        if not isinstance(name, str) and not (allow_int_keys and isinstance(name, int)):
            wanted = "strings or ints" if allow_int_keys else "strings"
            raise ValueError(f"{what} keys must be {wanted}: {name}.")
        _check_tensor(tensor, name, what)
    return tensors


def _check_tensor(tensor, name, what="feature"):
    if not isinstance(tensor, (Tensor, SparseTensor, Variable)):
        named = f" {name}" if name else ""
        raise ValueError(f"{what}{named} must be a Tensor or SparseTensor.")


class ServingInputReceiver(namedtuple("ServingInputReceiver", _FIELDS)):
    """The `features` that a model is given when it is served, made of the `receiver_tensors` that
    are fed: each a tensor or a dict of them by name.

    `receiver_tensors_alternatives` are others by name that can be fed instead. ValueError for what
    is none of these.
    """

    __slots__ = ()

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        features = by_name(features, "feature", allow_int_keys=True)
        receiver_tensors = by_name(receiver_tensors, "receiver_tensor")
        others = receiver_tensors_alternatives
        if others is not None:
            if not isinstance(others, dict):
                raise ValueError(f"receiver_tensors_alternatives must be a dict: {others}.")
            others = {name: by_name(tensors, "receiver_tensors_alternative")
                      for name, tensors in others.items()}  # fmt: skip
        return super().__new__(cls, features, receiver_tensors, others)


class TensorServingInputReceiver(namedtuple("TensorServingInputReceiver", _FIELDS)):
    """As ServingInputReceiver, for a model whose features are one tensor."""

    __slots__ = ()

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        if features is None:
            raise ValueError("features must be defined.")
        _check_tensor(features, None)
        made = ServingInputReceiver(features, receiver_tensors, receiver_tensors_alternatives)
        return super().__new__(cls, made.features["feature"], made.receiver_tensors,
                               made.receiver_tensors_alternatives)  # fmt: skip


class SupervisedInputReceiver(
    namedtuple("SupervisedInputReceiver", ["features", "labels", "receiver_tensors"])
):
    """Features, labels, and what is fed, of a graph for training or evaluation."""

    __slots__ = ()

    def __new__(cls, features, labels, receiver_tensors):
        by_name(features, "feature", allow_int_keys=True)
        by_name(labels, "label", allow_int_keys=True)
        receiver_tensors = by_name(receiver_tensors, "receiver_tensor")
        return super().__new__(cls, features, labels, receiver_tensors)


def build_parsing_serving_input_receiver_fn(feature_spec, default_batch_size=None):
    """A function that makes a receiver of serialized Examples, parsed by `feature_spec`."""

    def serving_input_receiver_fn():
        serialized = placeholder(string, [default_batch_size], name="input_example_tensor")
        return ServingInputReceiver(parse_example(serialized, feature_spec),
                                    {"examples": serialized})  # fmt: skip

    return serving_input_receiver_fn


def _like(tensor, default_batch_size):
    """A placeholder for a batch of what the tensor is."""
    shape = TensorShape([default_batch_size]).concatenate(tensor.get_shape()[1:])
    name = tensor.op.name if isinstance(tensor, (Tensor, Variable)) else None
    return placeholder(tensor.dtype, shape, name=name)


def build_raw_serving_input_receiver_fn(features, default_batch_size=None):
    """A function that makes a receiver of the features themselves, which are like these."""

    def serving_input_receiver_fn():
        fed = {name: _like(each, default_batch_size) for name, each in features.items()}
        return ServingInputReceiver(fed, fed)

    return serving_input_receiver_fn


def build_raw_supervised_input_receiver_fn(features, labels, default_batch_size=None):
    """A function that makes a receiver of features and labels, which are like these.

    ValueError where both have a name.
    """
    named = [
        given if isinstance(given, dict) else {name: given}
        for given, name in ((features, "input"), (labels, "label"))
    ]
    both = named[0].keys() & named[1].keys()
    if both:
        raise ValueError("Features and labels must have distinct keys. Found overlapping keys: "
                         f"{both}")  # fmt: skip

    def supervised_input_receiver_fn():
        fed = [{name: _like(each, default_batch_size) for name, each in given.items()}
               for given in named]  # fmt: skip
        made = [found if isinstance(given, dict) else next(iter(found.values()))
                for found, given in zip(fed, (features, labels))]  # fmt: skip
        return SupervisedInputReceiver(*made, {**fed[0], **fed[1]})

    return supervised_input_receiver_fn


def build_supervised_input_receiver_fn_from_input_fn(input_fn, **input_fn_args):
    """The same for features and labels like those of an input function."""
    with Graph().as_default():
        features, labels, _ = parse_input_fn_result(input_fn(**input_fn_args))
    return build_raw_supervised_input_receiver_fn(features, labels)
