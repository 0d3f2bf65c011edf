"""What layers of tf.contrib share, and programs with layers of their own use: names of outputs,
collections, sizes known while building. `tf.contrib.slim.utils` in TensorFlow 1.
"""
from collections import OrderedDict, namedtuple

from minitf.core import static
from minitf.core.graph import add_to_collections, get_collection, get_default_graph
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.ops.control_flow.branches import cond
from minitf.ops.state.variables import Variable

NamedOutputs = namedtuple("NamedOutputs", ["name", "outputs"])

# -- outputs in collections, under the names of their layers --------------------------------------


def collect_named_outputs(collections, alias, outputs):
    """`outputs`, added to the collections, and known there by `alias`."""
    if collections:
        append_tensor_alias(outputs, alias)
        add_to_collections(collections, outputs)
    return outputs


def append_tensor_alias(tensor, alias):
    """Add a name, without the / at its end, to `tensor.aliases`."""
    tensor.aliases = [*getattr(tensor, "aliases", ()), alias.removesuffix("/")]
    return tensor


def gather_tensors_aliases(tensors):
    """The names that the tensors are known by, in one list."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def get_tensor_aliases(tensor):
    """The names that a tensor is known by; the one of its operation when it has been given none."""
    return getattr(tensor, "aliases", None) or [tensor.name.removesuffix(":0")]


def convert_collection_to_dict(collection, clear_collection=False):
    """The tensors of a collection by their names, in order; `clear_collection` empties it."""
    output = OrderedDict(
        (alias, tensor)
        for tensor in get_collection(collection)
        for alias in get_tensor_aliases(tensor)
    )
    if clear_collection:
        get_default_graph().clear_collection(collection)
    return output


# -- what is known while building -----------------------------------------------------------------


def constant_value(value_or_tensor_or_var, dtype=None):
    """The value of a number or of a tensor that is constant; None where only the run knows it.

    ValueError for None, and for a tensor that is not of `dtype`.
    """
    value = value_or_tensor_or_var
    if value is None:
        raise ValueError("value_or_tensor_or_var cannot be None")
    if not isinstance(value, (Tensor, Variable)):
        return value
    if dtype and value.dtype != dtype:
        raise ValueError(f"It has the wrong type {value.dtype} instead of {dtype}")
    return None if isinstance(value, Variable) else static.constant_value(value)


def static_cond(pred, fn1, fn2):
    """`fn1()` if `pred`, a Python value, else `fn2()`. TypeError for what cannot be called."""
    for name, function in (("fn1", fn1), ("fn2", fn2)):
        if not callable(function):
            raise TypeError(f"{name} must be callable.")
    return fn1() if pred else fn2()


def smart_cond(pred, fn1, fn2, name=None):
    """`fn1()` or `fn2()`; `tf.cond` of them where only the run knows `pred`."""
    known = constant_value(pred)
    if known is not None:
        return static_cond(known, fn1, fn2)
    return cond(pred, fn1, fn2, name=name)


def get_variable_collections(variables_collections, name):
    """The collections of the variable `name`, of a dictionary or of a list for all of them."""
    if isinstance(variables_collections, dict):
        return variables_collections.get(name)
    return variables_collections


# -- sizes ----------------------------------------------------------------------------------------


def channel_dimension(shape, data_format, min_rank=1):
    """The number of channels in a shape. ValueError where it, or the rank, is not known."""
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


def last_dimension(shape, min_rank=1):
    """The last size of a shape of at least so many. ValueError where it is not known."""
    return _dimension(shape, -1, min_rank)


def _dimension(shape, axis, min_rank):
    if shape.ndims is None:
        raise ValueError("dims of shape must be known but is None")
    if shape.ndims < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {shape.ndims}")
    if shape[axis].value is None:
        raise ValueError(f"dimension {axis} of shape must be known but is None: {shape}")
    return shape[axis].value


def two_element_tuple(int_or_tuple):
    """(height, width) of such a pair, or of one number for both. ValueError for anything else."""
    if isinstance(int_or_tuple, (list, tuple)):
        if len(int_or_tuple) != 2:
            raise ValueError(f"Must be a list with 2 elements: {int_or_tuple}")
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    if isinstance(int_or_tuple, int):
        return int(int_or_tuple), int(int_or_tuple)
    if isinstance(int_or_tuple, TensorShape) and len(int_or_tuple) == 2:
        return int_or_tuple[0], int_or_tuple[1]
    raise ValueError(
        "Must be an int, a list with 2 elements or a TensorShape of length 2, got "
        f"{int_or_tuple!r}"
    )


def n_positive_integers(n, value):
    """`n` positive integers of a sequence, or of one for all. ValueError for anything else."""
    if not isinstance(n, int) or n < 1:
        raise ValueError(f"n must be a positive integer, got {n!r}")
    try:
        numbers = (int(value),) * n
    except (TypeError, ValueError):
        numbers = _integers(n, value)
    for number in numbers:
        if number < 1:
            raise ValueError(f"expected positive integer, but received {number}")
    return numbers


def _integers(n, value):
    try:
        numbers = tuple(int(each) for each in value)
    except (TypeError, ValueError):
        numbers = ()
    if len(numbers) != n:
        raise ValueError(f"Expected sequence of {n} positive integers, but received {value!r}")
    return numbers
