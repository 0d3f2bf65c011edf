"""The seeds of datasets, as tensors."""

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.tensor import Tensor
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import equal, logical_and
from minitf.ops.random import draws


def get_seed(seed):
    """The two seeds of a dataset, from the graph's seed and its own, an integer or a scalar tensor.

    Without either, both are zero: not repeatable.
    """
    if isinstance(seed, Tensor):
        graph_seed = get_default_graph().seed
        first = draws.DEFAULT_GRAPH_SEED if graph_seed is None else graph_seed
        second = seed
    else:
        first, second = draws.get_seed(seed)
    if first is None:
        return constant(0, int64, name="seed"), constant(0, int64, name="seed2")
    first = convert_to_tensor(first, int64, name="seed")
    with name_scope("seed2") as scope:
        second = convert_to_tensor(second, int64)
        both_zero = logical_and(equal(first, 0), equal(second, 0))
        return first, where(both_zero, constant(2**31 - 1, int64), second, name=scope)
