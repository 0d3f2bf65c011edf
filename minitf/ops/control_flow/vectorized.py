"""`tf.vectorized_map`: a function of each row, of whatever types."""

from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.ops.array import sequences
from minitf.ops.array.basics import shape
from minitf.ops.control_flow.functional import map_fn


def vectorized_map(fn, elems):
    """`fn` of each row of `elems`, stacked: as tf.map_fn, but what `fn` returns may be of any
    types and structure.

    `elems` is a tensor or a structure of tensors with the same number of rows. `fn` is called
    twice, for the first row, which tells what it returns, and in the loop: it cannot make
    variables. Rows are looked up, so that gradients that `fn` asks for are those of its row alone.
    """
    with name_scope("vectorized_map"):
        rows = nest.map_structure(convert_to_tensor, elems)

        def of_row(index):
            return fn(nest.map_structure(lambda tensor: tensor[index], rows))

        types = nest.map_structure(lambda value: convert_to_tensor(value).dtype, of_row(0))
        count = shape(nest.flatten(rows)[0])[0]
        return map_fn(of_row, sequences.range(count), dtype=types)
