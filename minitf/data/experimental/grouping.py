"""Elements grouped by a key, or by their length."""

import numpy as np

from minitf.autograph.tracing import converted
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import TensorSpec
from minitf.data import nest
from minitf.data.base import made
from minitf.data.dataset import DatasetSpec
from minitf.data.functions import Function, of_state
from minitf.data.kernels import groups
from minitf.data.structure import flat_structure
from minitf.ops.array.masks import where
from minitf.ops.control_flow.check import assert_less
from minitf.ops.math.elementwise import less, less_equal, logical_and
from minitf.ops.reduction.reduce import reduce_min

KEY = TensorSpec([], int64)


class Reducer:
    """What makes one element of several: `init_func(key)` is the first state,
    `reduce_func(state, element)` the next one, `finalize_func(state)` the element."""

    def __init__(self, init_func, reduce_func, finalize_func):
        self._init_func, self._reduce_func = init_func, reduce_func
        self._finalize_func = finalize_func

    init_func = property(lambda self: self._init_func)
    reduce_func = property(lambda self: self._reduce_func)
    finalize_func = property(lambda self: self._finalize_func)


def _captured(functions):
    """What several functions have captured, one after the other, and how many each."""
    lists = [function.captured for function in functions]
    return [tensor for each in lists for tensor in each], [len(each) for each in lists]


def _as_int64(function):
    return lambda *parts: convert_to_tensor(converted(function)(*parts), dtype=int64)


def _is_key(spec):
    return isinstance(spec, TensorSpec) and spec.is_compatible_with(KEY)


def group_by_reducer(key_func, reducer):
    """A transformation: for each value of `key_func(element)`, an int64, in the order of these, one
    element that a Reducer makes of those that have it. ValueError for another key."""
    name = "tf.data.experimental.group_by_reducer()"

    def apply(dataset):
        key = Function(key_func, name, dataset.element_spec)
        if not _is_key(key.output):
            raise ValueError("`key_func` must return a single tf.int64 tensor. Got type="
                             f"{key.types} and shape={key.shapes}")  # fmt: skip
        start = Function(reducer.init_func, name, KEY)
        reduced, state = of_state(reducer.reduce_func, name, start.output, dataset.element_spec)
        finished = Function(reducer.finalize_func, name, state)
        functions = [key, start, reduced, finished]
        captured, counts = _captured(functions)
        variant = groups.group_by_reducer_dataset(
            dataset._variant_tensor, *captured, key_func=key.graph, init_func=start.graph,
            reduce_func=reduced.graph, finalize_func=finished.graph, _counts=counts,
            **flat_structure(finished.output),
        )  # fmt: skip
        return made(variant, finished.output, [dataset], functions)

    return apply


def group_by_window(key_func, reduce_func, window_size=None, window_size_func=None):
    """A transformation: elements with the same `key_func(element)`, `window_size` or
    `window_size_func(key)` at a time, are a dataset, which `reduce_func(key, dataset)` makes
    another one of; those come one after the other. At the end windows may be smaller.

    ValueError unless just one of the sizes is given, or for keys that are no int64; TypeError when
    `reduce_func` returns no dataset.
    """
    if (window_size is None) == (window_size_func is None):
        raise ValueError("Must pass either window_size or window_size_func.")
    size_of = window_size_func or (lambda key: window_size)
    name = "tf.data.experimental.group_by_window()"

    def apply(dataset):
        key = Function(_as_int64(key_func), name, dataset.element_spec)
        if not _is_key(key.output):
            raise ValueError("`key_func` must return a single tf.int64 scalar tensor.")
        reduced = Function(reduce_func, name, (KEY, DatasetSpec(dataset.element_spec)))
        if not isinstance(reduced.output, DatasetSpec):
            raise TypeError("`reduce_func` must return a `Dataset` object.")
        size = Function(_as_int64(size_of), name, KEY)
        if not _is_key(size.output):
            raise ValueError("`window_size_func` must return a single tf.int64 scalar tensor.")
        functions, spec = [key, reduced, size], reduced.output._element_spec
        captured, counts = _captured(functions)
        variant = groups.group_by_window_dataset(
            dataset._variant_tensor, *captured, key_func=key.graph, reduce_func=reduced.graph,
            window_size_func=size.graph, _counts=counts, **flat_structure(spec),
        )  # fmt: skip
        return made(variant, spec, [dataset], functions)

    return apply


def bucket_by_sequence_length(
    element_length_func, bucket_boundaries, bucket_batch_sizes, padded_shapes=None,
    padding_values=None, pad_to_bucket_boundary=False, no_padding=False, drop_remainder=False,
):  # fmt: skip
    """A transformation: batches of elements of about the same length, which
    `element_length_func(element)` says, an int32.

    Bucket i has the lengths below `bucket_boundaries[i]` and from the one before on, and gives
    batches of `bucket_batch_sizes[i]`; there is one more bucket than boundaries. Batches are padded
    as `padded_batch` does it, unless `no_padding`; with `pad_to_bucket_boundary` to the boundary
    minus 1, and elements have to be shorter than the last one. ValueError for another number of
    sizes.
    """
    with name_scope("bucket_by_seq_length"):
        if len(bucket_batch_sizes) != len(bucket_boundaries) + 1:
            raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
        batch_sizes = constant(bucket_batch_sizes, dtype=int64)

    limits = np.iinfo(np.int32)

    def bucket_of(*parts):
        length = element_length_func(*parts)
        lowest = [limits.min, *bucket_boundaries]
        highest = [*bucket_boundaries, limits.max]
        inside = logical_and(less_equal(lowest, length), less(length, highest))
        return reduce_min(where(inside))

    def filler(bucket):
        if not pad_to_bucket_boundary:
            return None
        check = assert_less(
            bucket, constant(len(bucket_batch_sizes) - 1, dtype=int64),
            message="When pad_to_bucket_boundary=True, elements must have length < "
            "max(bucket_boundaries).",
        )  # fmt: skip
        with control_dependencies([check]):
            return constant(bucket_boundaries, dtype=int64)[bucket] - 1

    def batched(bucket, group):
        size = batch_sizes[bucket]
        if no_padding:
            return group.batch(size, drop_remainder=drop_remainder)
        fill, given = filler(bucket), padded_shapes or group.output_shapes
        shapes = [_filled(shape, fill) for shape in nest.flatten_up_to(group.output_shapes, given)]
        shapes = nest.pack_sequence_as(group.output_shapes, shapes)
        return group.padded_batch(size, shapes, padding_values, drop_remainder=drop_remainder)

    grouping = group_by_window(bucket_of, batched, window_size_func=lambda b: batch_sizes[b])
    return lambda dataset: dataset.apply(grouping)


def _filled(shape, fill):
    """A shape, with another size where one is not known."""
    sizes = TensorShape(shape).as_list()
    return sizes if fill is None else [fill if size is None else size for size in sizes]
