"""`tf.vectorized_map`: a function of each row, of whatever types."""

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.ops.control_flow.functional import map_fn


def vectorized_map(fn, elems):
    """`fn` of each row of `elems`, stacked: as tf.map_fn, but what `fn` returns may be of any
    types and structure.

    `elems` is a tensor or a structure of tensors with the same number of rows. `fn` is called
    twice, for the first row, which tells what it returns, and in the loop: it cannot make
    variables.
    """
    with name_scope("vectorized_map"):
        rows = nest.map_structure(convert_to_tensor, elems)
        first = fn(nest.map_structure(lambda tensor: tensor[0], rows))
        types = nest.map_structure(lambda value: convert_to_tensor(value).dtype, first)
        return map_fn(fn, rows, dtype=types)
