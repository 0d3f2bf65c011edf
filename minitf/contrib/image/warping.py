"""Images bent by a field of shifts: `tf.contrib.image.dense_image_warp`, `sparse_image_warp`."""
import numpy as np

from minitf.contrib.image.splines import interpolate_spline
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.sequences import meshgrid
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check import assert_equal, assert_greater_equal
from minitf.ops.math.elementwise import cast, floor, maximum, minimum
from minitf.ops.reduction.axes import expand_dims


def dense_image_warp(image, flow, name="dense_image_warp"):
    """Each pixel (j, i) of the output is that at (j - flow[b, j, i, 0], i - flow[b, j, i, 1]) of
    `image`, bilinearly between pixels; outside, that of the nearest edge.

    `image` is [batch, height, width, channels], `flow` [batch, height, width, 2], both float.
    ValueError for an image of another rank; InvalidArgumentError unless it is 2 pixels wide and
    high at least.
    """
    with name_scope(name):
        image, flow = convert_to_tensor(image), convert_to_tensor(flow)
        batch, height, width, channels = (shape(image)[k] for k in range(4))
        across, down = meshgrid(range_(width), range_(height))
        places = cast(stack([down, across], axis=2), flow.dtype)[None] - flow
        found = _bilinear(image, reshape(places, [batch, height * width, 2]))
        return reshape(found, [batch, height, width, channels])


def _bilinear(grid, places):
    """The values [batch, n, channels] of `grid` at `places` [batch, n, 2] of (row, column)."""
    if grid.shape.ndims != 4:
        raise ValueError(f"Grid must be 4 dimensional. Received size: {grid.shape}")
    batch, height, width, channels = (shape(grid)[k] for k in range(4))
    checks = [
        assert_equal(shape(places)[2], 2, message="Query points must be size 2 in dim 2."),
        assert_greater_equal(height, 2, message="Grid height must be at least 2."),
        assert_greater_equal(width, 2, message="Grid width must be at least 2."),
    ]
    with control_dependencies([each for each in checks if each is not None]):
        flat = reshape(grid, [batch * height * width, channels])
    (above, down), (left, right) = (
        _between(each, size, grid.dtype)
        for each, size in zip(unstack(places, axis=2), (height, width))
    )
    rows = reshape(range_(batch) * height * width, [batch, 1])

    def at(row, column):
        return gather(flat, rows + row * width + column)

    top, bottom = (
        right * (at(row, left + 1) - at(row, left)) + at(row, left) for row in (above, above + 1)
    )
    return down * (bottom - top) + top


def _between(places, size, dtype):
    """(the pixel before each place, how far behind it the place is: [batch, n, 1])."""
    last = cast(size - 2, places.dtype)
    before = minimum(maximum(constant(0.0, places.dtype), floor(places)), last)
    past = maximum(constant(0.0, dtype), cast(places - before, dtype))
    return cast(before, int32), expand_dims(minimum(past, constant(1.0, dtype)), 2)


def sparse_image_warp(
    image, source_control_point_locations, dest_control_point_locations, interpolation_order=2,
    regularization_weight=0.0, num_boundary_points=0, name="sparse_image_warp",
):  # fmt: skip
    """(the image [batch, height, width, channels], the flow) where points [batch, n, 2] move to
    others, and what is between them as a spline of `interpolation_order` says.

    With `num_boundary_points` the corners, and that many less one on each edge, stay where they
    are. The sizes of the image must be known.
    """
    image = convert_to_tensor(image)
    source = convert_to_tensor(source_control_point_locations)
    points = convert_to_tensor(dest_control_point_locations)
    flows = points - source
    with name_scope(name):
        batch, height, width, _ = image.shape.as_list()
        every = np.indices((height, width)).transpose(1, 2, 0).reshape(-1, 2)
        if num_boundary_points > 0:
            edge = _edge(height, width, num_boundary_points - 1)
            points = concat([points, _repeated(edge, batch, points.dtype)], 1)
            flows = concat([flows, _repeated(np.zeros_like(edge), batch, points.dtype)], 1)
        found = interpolate_spline(points, flows, _repeated(every, batch, image.dtype),
                                   interpolation_order, regularization_weight)  # fmt: skip
        flow = reshape(found, [batch, height, width, 2])
        return dense_image_warp(image, flow), flow


def _edge(height, width, inner):
    """The corners and `inner` points on each edge: [n, 2]."""
    rows, columns = (np.linspace(0, size - 1, inner + 2) for size in (height, width))
    rows, columns = np.meshgrid(rows, columns, indexing="ij")
    is_edge = (columns == 0) | (columns == width - 1) | (rows == 0) | (rows == height - 1)
    return np.stack([rows[is_edge], columns[is_edge]], axis=-1)


def _repeated(array, batch, dtype):
    return constant(np.tile(array, [batch, 1, 1]), dtype)
