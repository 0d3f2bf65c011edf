"""Many strings to one: `tf.reduce_join`, `tf.strings.unsorted_segment_join`, `ngrams`."""
import itertools

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.literals import elements, integer, ints, length
from minitf.core.ragged import takes_ragged
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import axis_index
from minitf.core.tensor_shape import merge
from minitf.ops.array.basics import rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import range as range_
from minitf.ops.reduction.reduce import prod_op
from minitf.ops.strings.text import as_bytes, filled, on_text

# -- joining --------------------------------------------------------------------------------------


def _reduced_shape(inputs, reduction_indices, *, keep_dims, separator):
    axes = elements(reduction_indices)
    if inputs is None or axes is None or None in axes:
        return (None,) * len(inputs) if inputs is not None and keep_dims else None
    axes = {axis_index(axis, len(inputs)) for axis in axes}
    kept = (1 if i in axes else n for i, n in enumerate(inputs))
    return tuple(kept if keep_dims else (n for i, n in enumerate(inputs) if i not in axes))


@on_text("ReduceJoin", shape=_reduced_shape)
def reduce_join_op(
    xp, inputs: string, reduction_indices: TypeAttr("_", (int32,), static=True), *,
    keep_dims=False, separator="",
) -> string:  # fmt: skip
    """The strings along axes joined, the axis named first changing fastest."""
    axes = [axis_index(axis, inputs.ndim) for axis in ints(reduction_indices)]
    if len(set(axes)) != len(axes):
        twice = next(axis for axis in axes if axes.count(axis) > 1)
        raise ValueError(f"Duplicate reduction dimension {twice}: {list(ints(reduction_indices))}")
    rest = [i for i in range(inputs.ndim) if i not in axes]
    sizes = [inputs.shape[i] for i in rest]
    length = int(np.prod([inputs.shape[i] for i in axes]))
    lines = inputs.transpose(rest + axes[::-1]).reshape(int(np.prod(sizes)), length).tolist()
    kept = [1 if i in axes else n for i, n in enumerate(inputs.shape)] if keep_dims else sizes
    return filled(kept, [as_bytes(separator).join(line) for line in lines])


@takes_ragged
def reduce_join(
    inputs, axis=None, keep_dims=None, separator="", name=None, reduction_indices=None,
    keepdims=None,
):  # fmt: skip
    """The strings along `axis` (a number or several; all by default) joined with `separator`.

    With several axes the one named first changes fastest. ValueError for an axis that is not there.
    """
    keepdims = renamed("keep_dims", keep_dims, "keepdims", keepdims)
    axis = renamed("reduction_indices", reduction_indices, "axis", axis)
    with name_scope(None, "ReduceJoin", [inputs, axis]):
        inputs = convert_to_tensor(inputs)
        if axis is None:
            axis = _all_axes(inputs)
        return reduce_join_op(inputs, axis, keep_dims=bool(keepdims), separator=separator,
                              name=name)  # fmt: skip


def _all_axes(inputs):
    known = inputs.shape.ndims
    if known is not None:
        # From the last one to the first, as in TensorFlow.
        return constant(np.arange(known - 1, -1, -1), dtype=int32)
    return range_(rank(inputs) - 1, -1, -1)


def _segments_shape(inputs, segment_ids, num_segments, **_):
    if inputs is None or segment_ids is None:
        return None
    if merge(inputs[: len(segment_ids)], segment_ids) is False:
        raise ValueError(f"segment_ids {segment_ids} must be a prefix of the shape {inputs}")
    return (length(num_segments), *inputs[len(segment_ids) :])


@on_text("UnsortedSegmentJoin", shape=_segments_shape)
def unsorted_segment_join_op(
    xp, inputs: string, segment_ids: TypeAttr("Tindices", (int32, int64)),
    num_segments: TypeAttr("Tnumsegments", (int32, int64), static=True), *, separator="",
) -> string:  # fmt: skip
    """The strings of each segment joined."""
    count, ids = integer(num_segments), segment_ids.reshape(-1).tolist()
    rest = inputs.shape[segment_ids.ndim :]
    rows = inputs.reshape(len(ids), int(np.prod(rest)))
    groups = [[[] for _ in range(rows.shape[1])] for _ in range(count)]
    for segment, row in zip(ids, rows.tolist()):
        if not 0 <= segment < count:
            raise ValueError("segment_ids are not allowed to exceed num_segments or to have "
                             f"negative values: {segment} is not in [0, {count})")  # fmt: skip
        for group, text in zip(groups[segment], row):
            group.append(text)
    joined = [as_bytes(separator).join(group) for groups_of in groups for group in groups_of]
    return filled((count, *rest), joined)


def unsorted_segment_join(inputs, segment_ids, num_segments, separator="", name=None):
    """Row i of the result joins the strings of `inputs` whose id is i.

    InvalidArgumentError in the run for an id outside [0, num_segments).
    """
    return unsorted_segment_join_op(inputs, segment_ids, num_segments, separator=separator,
                                    name=name)  # fmt: skip


# -- n-grams --------------------------------------------------------------------------------------


@on_text("StringNGrams", shape=lambda data, data_splits, **_: [(None,), data_splits])
def string_n_grams(
    xp, data: string, data_splits: TypeAttr("Tsplits", (int32, int64)), *, separator, ngram_widths,
    left_pad, right_pad, pad_width, preserve_short_sequences,
) -> [string, TypeAttr("Tsplits")]:  # fmt: skip
    """The n-grams of each row, and where each row's begin."""
    texts, splits = data.tolist(), data_splits.tolist()
    pads, grams, ends = (as_bytes(left_pad), as_bytes(right_pad)), [], [0]
    for start, end in itertools.pairwise(splits):
        row = texts[start:end]
        found = [gram for width in ngram_widths for gram in _grams(row, width, pads, pad_width)]
        if preserve_short_sequences and not found and row:
            around = pad_width if pad_width > -1 else min(ngram_widths) - 1
            found = [_padded(row, pads, around)]
        grams += [as_bytes(separator).join(gram) for gram in found]
        ends.append(len(grams))
    return [filled((len(grams),), grams), np.array(ends, data_splits.dtype)]


def _padded(row, pads, count):
    return [pads[0]] * count + row + [pads[1]] * count


def _grams(row, width, pads, pad_width):
    around = min(pad_width if pad_width > -1 else width - 1, width - 1)
    row = _padded(row, pads, around) if row or around else row
    return [row[i : i + width] for i in range(len(row) - width + 1)]


@takes_ragged
def ngrams(
    data, ngram_width, separator=" ", pad_values=None, padding_width=None,
    preserve_short_sequences=False, name=None,
):  # fmt: skip
    """The runs of `ngram_width` (a number or several) neighbours along the last axis, joined.

    `pad_values`, a string or one for each side, stand `padding_width` (the width less 1) times at
    both ends. With `preserve_short_sequences` a row that is too short gives one n-gram all the
    same. Raises ValueError for widths that are not positive, TypeError for padding that is no text.
    """
    with name_scope(name, "StringNGrams", [data]):
        settings = ngram_settings(ngram_width, separator, pad_values, padding_width,
                                  preserve_short_sequences)  # fmt: skip
        data = convert_to_tensor(data, name="data", dtype=string)
        if not data.shape.ndims:
            raise ValueError("Data must have rank>0, and the rank must be known.")
        found, _ = string_n_grams(reshape(data, [-1]), even_splits(data), **settings)
        return reshape(found, concat([shape(data)[:-1], [-1]], 0))


def even_splits(data):
    """Where the rows begin and end that the last axis of a tensor is."""
    sizes = shape(data, out_type=int64)
    return range_(prod_op(sizes[:-1], [0]) + 1) * sizes[-1]


def ngram_settings(ngram_width, separator, pad_values, padding_width, preserve_short_sequences):
    """The attributes of the op; raises what `ngrams` does for those that it cannot have."""
    left, right = _pads(pad_values)
    if padding_width is not None and padding_width < 1:
        raise ValueError("padding_width must be greater than 0.")
    if padding_width is not None and pad_values is None:
        raise ValueError("pad_values must be provided if padding_width is set.")
    widths = ngram_width if isinstance(ngram_width, (list, tuple)) else [ngram_width]
    if min(widths) < 1:
        raise ValueError(f"All ngram_widths must be greater than 0. Got {ngram_width}")
    width = 0 if pad_values is None else -1 if padding_width is None else padding_width
    return {"separator": separator, "ngram_widths": tuple(widths), "left_pad": left,
            "right_pad": right, "pad_width": width,
            "preserve_short_sequences": preserve_short_sequences}  # fmt: skip


def _pads(values):
    pair = values if isinstance(values, (list, tuple)) else (values, values)
    if values is None:
        return "", ""
    if len(pair) != 2 or not all(isinstance(value, (str, bytes)) for value in pair):
        raise TypeError("pad_values must be a string, tuple of strings, or None.")
    return [value.decode() if isinstance(value, bytes) else value for value in pair]
