"""What the functions that run a cell over a sequence share."""
from minitf.core import nest
from minitf.core.context import while_context
from minitf.core.graph import colocate_with, get_default_graph
from minitf.layers.base import Layer
from minitf.ops.array.basics import rank
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.reduction.axes import transpose
from minitf.rnn.cell import RNNCell


def transpose_batch_time(x):
    """`x` [a, b, ...] as [b, a, ...]; less than two axes are left alone."""
    sizes = x.shape._sizes
    if sizes is not None and len(sizes) < 2:
        return x
    order = concat(([1, 0], range_(2, rank(x))), axis=0)
    result = transpose(x, order)
    result.set_shape(None if sizes is None else (sizes[1], sizes[0], *sizes[2:]))
    return result


def cache_variables(scope):
    """Keep copies of variables on the devices that read them, unless the scope says, or a loop is
    built: there each iteration has to see what was written before it.
    """
    if while_context(get_default_graph()._context) is None and scope.caching_device is None:
        scope.set_caching_device(lambda op: op.device)


def initial_state(cell, state, batch_size, dtype, missing):
    """`state`, or else the cell's zero state. ValueError saying what is `missing` without dtype."""
    if state is not None:
        return state
    if not dtype:
        raise ValueError(missing)
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def wraps_state(cell):
    """Whether the cell takes its state in a list, as those of Keras do."""
    lacks = not isinstance(cell, RNNCell) and getattr(cell, "zero_state", None) is None
    return lacks and isinstance(cell, Layer)


class Step:
    """One step of a cell over sequences that end at different times.

    Behind the end of a sequence, `lengths`, the output is zero and the state stays as it was.
    """

    def __init__(self, lengths, shortest, longest, zero_output):
        self.lengths, self.shortest, self.longest = lengths, shortest, longest
        self.zero_output = zero_output

    def __call__(self, time, state, call_cell, skip_conditionals=False):
        """(output, next state) at `time`; `call_cell()` gives those of the cell.

        Unless `skip_conditionals`, the cell is not run when all sequences have ended.
        """
        finished = time >= self.lengths
        before = nest.flatten(self.zero_output) + nest.flatten(state)
        if skip_conditionals:
            result = self._chosen(finished, before, self._called(state, call_cell))
        else:
            result = cond(time >= self.longest, lambda: before,
                          lambda: self._some(time, finished, state, before, call_cell))  # fmt: skip
        for tensor, old in zip(result, before):
            if not isinstance(tensor, TensorArray):
                tensor.set_shape(old.shape)
        count = len(nest.flatten(self.zero_output))
        return (nest.pack_sequence_as(self.zero_output, result[:count]),
                nest.pack_sequence_as(state, result[count:]))  # fmt: skip

    def _some(self, time, finished, state, before, call_cell):
        new = self._called(state, call_cell)
        return cond(time < self.shortest, lambda: new,
                    lambda: self._chosen(finished, before, new))  # fmt: skip

    def _called(self, state, call_cell):
        output, new_state = call_cell()
        nest.assert_same_structure(self.zero_output, output)
        nest.assert_same_structure(state, new_state)
        return nest.flatten(output) + nest.flatten(new_state)

    def _chosen(self, finished, before, new):
        return [chosen(finished, *pair) for pair in zip(before, new)]


def chosen(finished, old, new):
    """For each row `old` where it is finished, else `new`; scalars and arrays are always new."""
    if isinstance(old, TensorArray) or old.shape.ndims == 0:
        return new
    with colocate_with(new):
        return where(finished, old, new)

