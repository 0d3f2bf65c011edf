"""Tensors repeated for each beam, and picked beam by beam."""
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape
from minitf.nn.gather_tree import gather_tree
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather, gather_nd
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.masks import sequence_mask, where
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.reduction.reduce import reduce_max


def tile_batch(t, multiplier, name=None):
    """`t` [batch, ...], or a nesting of such, with each row `multiplier` times: [batch * n, ...].

    ValueError for a tensor of unknown rank, or a scalar.
    """
    flat = nest.flatten(t)
    with name_scope(name, "tile_batch", [*flat, multiplier]):
        return nest.map_structure(lambda each: _tiled(each, multiplier), t)


def _tiled(tensor, multiplier):
    tensor = convert_to_tensor(tensor, name="t")
    sizes = shape(tensor)
    if not tensor.shape.ndims:
        raise ValueError(f"t must have statically known rank, and a batch axis: {tensor}")
    known = tensor.shape[0].value
    times = [1, multiplier, *[1] * (tensor.shape.ndims - 1)]
    tiled = tile(expand_dims(tensor, 1), times)
    tiled = reshape(tiled, concat(([sizes[0] * multiplier], sizes[1:]), 0))
    rows = None if known is None or not isinstance(multiplier, int) else known * multiplier
    tiled.set_shape(TensorShape([rows]).concatenate(tensor.shape[1:]))
    return tiled


def checked_rank(tensor):
    """The number of axes. ValueError where it is unknown."""
    if tensor.shape.ndims is None:
        raise ValueError(f"Expected tensor ({tensor}) to have known rank, but ndims == None.")
    return tensor.shape.ndims


def gathered(indices, tensor, batch_size, range_size, gather_shape, name=None):
    """`tensor` [batch, beam, ...] with, in each row, the parts that `indices` number.

    `gather_shape` is that in which `tensor` has them side by side, `range_size` for each row.
    """
    with name_scope(name, "tensor_gather_helper"):
        starts = expand_dims(range_(batch_size) * range_size, 1)
        numbers = reshape(indices + starts, [-1])
        picked = gather(reshape(tensor, gather_shape), numbers)
        axes = 1 + len(gather_shape)
        known = TensorShape([constant_value(batch_size)]).concatenate(tensor.shape[1:axes])
        result = reshape(picked, shape(tensor)[:axes], name="output")
        result.set_shape(known)
        return result


def gather_tree_from_array(t, parent_ids, sequence_length):
    """`t` [time, batch * beam, ...] or [time, batch, beam, ...], of the whole beams.

    `parent_ids` [time, batch, beam] say which beam each continues, `sequence_length` [batch, beam]
    how long each is.
    """
    steps, batch, width = (size if size is not None else shape(parent_ids)[axis]
                           for axis, size in enumerate(parent_ids.shape.as_list()))  # fmt: skip
    beams = tile(expand_dims(expand_dims(range_(width), 0), 0), [steps, batch, 1])
    longest = cast(reduce_max(sequence_length, axis=1), int32)
    found = gather_tree(beams, parent_ids, max_sequence_lengths=longest, end_token=width + 1)
    inside = transpose(sequence_mask(sequence_length, maxlen=steps), perm=[2, 0, 1])
    found = where(inside, x=found, y=beams)
    times = tile(reshape(range_(steps), [-1, 1, 1]), [1, batch, width])
    rows = tile(reshape(range_(batch), [-1, 1, 1]), [1, steps, width])
    places = stack([times, transpose(rows, perm=[1, 0, 2]), found], -1)
    whole = shape(t)
    return reshape(gather_nd(reshape(t, [steps, batch, width, -1]), places), whole)
