"""Overlapping pieces of a signal: `tf.signal.frame`, `tf.signal.overlap_and_add`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.shape_rules import axis_index
from minitf.core.static import constant_value
from minitf.ops.array.basics import rank, reshape, shape, zeros
from minitf.ops.array.indexing import gather, unsorted_segment_sum
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import pad
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, maximum
from minitf.ops.reduction.axes import transpose


def scalar(value, name):
    """`value` as a scalar tensor; ValueError for one with axes."""
    tensor = convert_to_tensor(value, name=name)
    tensor.shape.assert_has_rank(0)
    return tensor


def frame(
    signal, frame_length, frame_step, pad_end=False, pad_value=0, axis=-1, name=None
):
    """Pieces of `frame_length` elements along `axis`, which begin `frame_step` elements apart.

    The axis becomes two: [..., frames, frame_length, ...]. `pad_end` continues the signal with
    `pad_value`, so that each element that can begin a piece does.
    """
    with name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert_to_tensor(signal, name="signal")
        signal.shape.with_rank_at_least(1)
        length, step = scalar(frame_length, "frame_length"), scalar(frame_step, "frame_step")
        where = scalar(axis, "axis")
        known = constant_value(where)
        if known is None or (signal._shape is None and known < 0):
            where = range_(rank(signal))[where]
        else:
            ranked = signal._shape is not None
            where = axis_index(int(known), len(signal._shape)) if ranked else int(known)
        samples = shape(signal)[where]
        folded = None not in (constant_value(length), constant_value(step))
        get_default_graph()._count_more((47 if pad_end else 37) + (0 if folded else 15))
        if pad_end:
            count = -(-samples // step)
            missing = maximum(0, length + step * (count - 1) - samples)
            signal = _continued(signal, where, missing, pad_value)
        else:
            count = maximum(0, 1 + (samples - length) // step)
        places = reshape(range_(count) * step, [-1, 1]) + reshape(range_(length), [1, -1])
        # The reshape makes a gradient of rows dense, as TF1's is.
        frames = gather(reshape(signal, shape(signal)), places, axis=where)
        _refine(frames, signal, where, length)
        return frames


def _continued(signal, axis, missing, value):
    before = zeros(stack([axis, 2]), int32)
    after = zeros(stack([rank(signal) - 1 - axis, 2]), int32)
    here = reshape(stack([0, missing]), [1, 2])
    padding = concat([before, here, after], 0)
    value = scalar(convert_to_tensor(value, signal.dtype), "pad_value")
    return pad(signal, padding, constant_values=value)


def _refine(frames, signal, axis, length):
    known = constant_value(length)
    if signal._shape is not None and isinstance(axis, int) and known is not None:
        around = signal._shape
        frames.set_shape([*around[:axis], None, int(known), *around[axis + 1 :]])


def overlap_and_add(signal, frame_step, name=None):
    """The sum of the pieces in the two last axes of `signal`, each `frame_step` after the one
    before: the inverse of `frame`, where pieces do not overlap."""
    with name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert_to_tensor(signal, name="signal")
        signal.shape.with_rank_at_least(2)
        step = scalar(frame_step, "frame_step")
        if not step.dtype.is_integer:
            raise ValueError(f"frame_step must be an integer. Got {step.dtype}")
        step = cast(step, int32)
        get_default_graph()._count_more(42)
        count, length = shape(signal)[-2], shape(signal)[-1]
        places = reshape(range_(count) * step, [-1, 1]) + reshape(range_(length), [1, -1])
        outer = rank(signal) - 2
        lead = concat([[outer, outer + 1], range_(outer)], 0)
        total = unsorted_segment_sum(
            transpose(signal, lead), places, length + step * (count - 1)
        )
        result = transpose(total, concat([range_(1, outer + 1), [0]], 0))
        if signal._shape is not None:
            result.set_shape([*signal._shape[:-2], _known_length(signal._shape, step)])
        return result


def _known_length(sizes, step):
    known = constant_value(step)
    return None if known is None or None in sizes[-2:] else sizes[-1] + int(known) * (sizes[-2] - 1)
