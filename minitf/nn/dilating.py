"""`tf.nn.with_space_to_batch`: an op with dilated windows, made of the op without."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.static import constant_value
from minitf.ops.array.basics import shape
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.space import (
    batch_to_space_nd,
    required_space_to_batch_paddings,
    space_to_batch_nd,
)


def with_space_to_batch(
    input, dilation_rate, padding, op, filter_shape=None, spatial_dims=None, data_format=None
):
    """`op(input, number of axes, padding)`, its windows taking one of `dilation_rate` pixels.

    Pixels that are as far apart become images of their own, which `op` gets with the padding
    "VALID"; what it gives is put together again. `spatial_dims` are the axes of the rates, those
    after the batch by default. The padding "SAME" needs `filter_shape`. Raises ValueError for
    rates that are not positive or of unknown number, and for axes that are not in order.
    """
    input = convert_to_tensor(input, name="input")
    rate = convert_to_tensor(dilation_rate, int32, name="dilation_rate")
    count = _count(rate)
    axes = _axes(spatial_dims, count, data_format)
    input.shape.with_rank_at_least(axes[-1] + (not _first(data_format)))
    known = constant_value(rate)
    if known is not None and known.min() < 1:
        raise ValueError(f"dilation_rate must be positive, got {known.tolist()}")
    if known is not None and (known == 1).all():
        return op(input, count, padding)
    base = _base_paddings(padding, filter_shape, rate if known is None else known, count)
    sizes = shape(input)
    sizes = stack([sizes[axis] for axis in axes])
    paddings, crops = required_space_to_batch_paddings(sizes, rate, base)
    # All axes between the batch and the last of them take part, with nothing to do.
    blocks, paddings, crops = (
        _between(each, axes, fill) for each, fill in ((rate, 1), (paddings, 0), (crops, 0))
    )
    result = op(space_to_batch_nd(input, blocks, paddings), count, "VALID")
    return batch_to_space_nd(result, blocks, crops)


def _count(rate):
    if rate._shape is None or len(rate._shape) != 1:
        raise ValueError("rate must be rank 1")
    if rate._shape[0] is None:
        raise ValueError("rate must have known shape")
    return rate._shape[0]


def _first(data_format):
    return data_format is not None and data_format.startswith("NC")


def _axes(spatial_dims, count, data_format):
    if spatial_dims is None:
        start = 2 if _first(data_format) else 1
        return list(range(start, start + count))
    given = [int(axis) for axis in spatial_dims]
    if given != sorted(set(given)) or min(given) < 1:
        raise ValueError(
            "spatial_dims must be a montonically increasing sequence of positive integers, got "
            f"{given}"
        )
    return given


def _base_paddings(padding, filter_shape, rate, count):
    """What "SAME" adds around an image for a dilated window."""
    if padding == "VALID":
        return np.zeros([count, 2], np.int32)
    if padding != "SAME":
        raise ValueError(f"Invalid padding method {padding!r}")
    if filter_shape is None:
        raise ValueError("filter_shape must be specified for SAME padding")
    window = convert_to_tensor(filter_shape, name="filter_shape")
    known = constant_value(window)
    window = (window if known is None else known)[:count]
    extra = window + (window - 1) * (rate - 1) - 1
    start = extra // 2
    return stack([start, extra - start], axis=1)


def _between(values, axes, fill):
    """`values`, one for each of the axes, with `fill` for the axes before and between them."""
    rest, parts, last = values.shape.as_list()[1:], [], 0
    for i, axis in enumerate(axes):
        if axis - 1 > last:
            parts.append(np.full([axis - 1 - last, *rest], fill, np.int32))
        parts.append(values[i : i + 1])
        last = axis
    return concat(parts, 0) if len(parts) > 1 else parts[0]
