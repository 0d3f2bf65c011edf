"""Images read at places between their pixels: `tf.contrib.resampler.resampler`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.ops.array.basics import identity, ones_like, reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.array.padding import pad
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import cast, floor, logical_and
from minitf.ops.reduction.axes import expand_dims


def resampler(data, warp, name="resampler"):
    """The values of images `data` [batch, height, width, channels] at the places `warp` [batch,
    ..., 2] of (column, row): [batch, ..., channels], bilinear between pixels.

    What is outside counts as 0, and so do pixels next to the edge where a place is beside it.
    ValueError for other ranks, InvalidArgumentError for another number of images than of places.
    """
    with name_scope(name, "resampler", [data, warp]):
        data, warp = convert_to_tensor(data, name="data"), convert_to_tensor(warp, name="warp")
        if data.shape.ndims not in (None, 4):
            raise ValueError(f"data should be 4-dimensional, got shape {data.shape}")
        if warp.shape.ndims is not None and (
            warp.shape.ndims < 2 or warp.shape[-1].value not in (None, 2)
        ):
            raise ValueError(f"warp should be [batch, ..., 2], got shape {warp.shape}")
        same = assert_equal(shape(data)[0], shape(warp)[0], message="Batch size of data and warp "
                            "tensor must be the same")  # fmt: skip
        with control_dependencies([same]):
            warp = identity(warp)
        places = reshape(warp, [shape(warp)[0], -1, 2])
        found = _read(data, places[..., 0], places[..., 1])
        found = reshape(found, concat([shape(warp)[:-1], shape(data)[3:]], 0))
        found.set_shape(warp.shape[:-1].concatenate(data.shape[3:]))
        return found


def _read(data, x, y):
    """The values [batch, n, channels] at columns `x` and rows `y` [batch, n]."""
    batch, height, width, channels = (shape(data)[k] for k in range(4))
    bounds = [cast(each, x.dtype) for each in (width, height)]
    near = logical_and(logical_and(x > -1, y > -1), logical_and(x < bounds[0], y < bounds[1]))
    beside = -ones_like(x)  # there all is 0
    x, y = where(near, x, beside), where(near, y, beside)
    left, top = floor(x), floor(y)
    flat = reshape(pad(data, [[0, 0], [1, 1], [1, 1], [0, 0]]), [-1, channels])
    start = range_(batch)[:, None] * (height + 2)
    column, row = cast(left, int32) + 1, cast(top, int32) + 1

    def at(down, right):
        return gather(flat, (start + row + down) * (width + 2) + column + right)

    x, y = expand_dims(x - left, 2), expand_dims(y - top, 2)
    above = (1 - x) * at(0, 0) + x * at(0, 1)
    below = (1 - x) * at(1, 0) + x * at(1, 1)
    return (1 - y) * above + y * below
