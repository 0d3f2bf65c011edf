"""Transformations for `dataset.apply`, and other functions of datasets."""

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import DType, bool_, int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec
from minitf.data import padding, seeds, structure
from minitf.data.base import BaseDataset, made
from minitf.data.dataset import Dataset
from minitf.data.functions import Function, of_state
from minitf.data.kernels import batches, groups, iterators, maps, shuffles
from minitf.data.kernels.stream import INFINITE, UNKNOWN
from minitf.data.ragged import RaggedTensorSpec
from minitf.data.readers import optional
from minitf.data.structure import batch_of, flat_structure

INFINITE_CARDINALITY, UNKNOWN_CARDINALITY = INFINITE, UNKNOWN

# -- batches --------------------------------------------------------------------------------------


def dense_to_sparse_batch(batch_size, row_shape):
    """A transformation: each `batch_size` tensors, of different sizes, as a SparseTensor whose rows
    have the shape `row_shape`. TypeError for elements of several components."""

    def apply(dataset):
        types = dataset.output_types
        if not isinstance(types, DType):
            raise TypeError("DenseToSparseDataset requires an input whose elements have a single "
                            f"component, whereas the input has {types!r}.")  # fmt: skip
        spec = SparseTensorSpec(TensorShape([None]).concatenate(row_shape), types)
        size = convert_to_tensor(batch_size, int64, name="batch_size")
        shape = padding.shape_tensor(row_shape, TensorShape(None))
        variant = batches.dense_to_sparse_batch_dataset(
            dataset._variant_tensor, size, shape, **flat_structure(spec)
        )
        return made(variant, spec, [dataset])

    return apply


def map_and_batch(map_func, batch_size, num_parallel_batches=None, drop_remainder=False,
                  num_parallel_calls=None):  # fmt: skip
    """A transformation: what `map` and then `batch` do. ValueError when both numbers that say how
    much runs at once are given."""
    if num_parallel_batches is not None and num_parallel_calls is not None:
        raise ValueError("The `num_parallel_batches` and `num_parallel_calls` arguments are "
                         "mutually exclusive.")  # fmt: skip
    if num_parallel_calls is None:
        num_parallel_calls = batch_size * (num_parallel_batches or 1)

    def apply(dataset):
        function = Function(map_func, "tf.data.experimental.map_and_batch()",
                            dataset.element_spec)  # fmt: skip
        size = convert_to_tensor(batch_size, int64, name="batch_size")
        calls = convert_to_tensor(num_parallel_calls, int64, name="num_parallel_calls")
        drops = convert_to_tensor(drop_remainder, bool_, name="drop_remainder")
        whole = drops._value is not None and drops._value and size._value is not None
        spec = batch_of(function.output, int(size._value) if whole else None)
        variant = maps.map_and_batch_dataset(
            dataset._variant_tensor, *function.captured, batch_size=size, num_parallel_calls=calls,
            drop_remainder=drops, f=function.graph, **flat_structure(spec),
        )  # fmt: skip
        return made(variant, spec, [dataset], [function])

    return apply


map_and_batch_with_legacy_function = map_and_batch


def unbatch():
    """A transformation: what `Dataset.unbatch` does."""
    return lambda dataset: dataset.unbatch()


# -- functions of elements ------------------------------------------------------------------------


def scan(initial_state, scan_func):
    """A transformation: `scan_func(state, element)` returns the next state, and what comes in the
    element's place. TypeError when it does not, or for a state of other types."""

    def apply(dataset):
        state = structure.normalize_element(initial_state)
        spec = structure.spec_from_value(state)
        function, spec = of_state(scan_func, "tf.data.experimental.scan()", spec,
                                  dataset.element_spec, _new_state)  # fmt: skip
        parts = structure.to_tensors(spec, state)
        output = function.output[1]
        variant = maps.scan_dataset(
            dataset._variant_tensor, *parts, *function.captured, f=function.graph,
            _states=len(parts), **flat_structure(output),
        )  # fmt: skip
        return made(variant, output, [dataset], [function])

    return apply


def _new_state(function):
    if not isinstance(function.output, tuple) or len(function.output) != 2:
        raise TypeError("The scan function must return a pair comprising the new state and the "
                        "output value.")  # fmt: skip
    return function.output[0]


def take_while(predicate):
    """A transformation: the elements before the first of which `predicate` is false. ValueError
    unless it returns a scalar bool."""

    def apply(dataset):
        function = Function(predicate, "tf.data.experimental.take_while()", dataset.element_spec)
        fits = isinstance(function.output, TensorSpec)
        if not fits or not function.output.is_compatible_with(TensorSpec([], bool_)):
            raise ValueError("`predicate` must return a scalar boolean tensor.")
        return dataset._same(maps.take_while_dataset, *function.captured,
                             predicate=function.graph, functions=[function])  # fmt: skip

    return apply


# -- which elements -------------------------------------------------------------------------------


def enumerate_dataset(start=0):
    """A transformation: what `Dataset.enumerate` does."""
    return lambda dataset: dataset.enumerate(start)


def ignore_errors():
    """A transformation: the elements that come without an error."""
    return lambda dataset: dataset._same(groups.ignore_errors_dataset)


def unique():
    """A transformation: each element once. TypeError unless they are integers or strings, of one
    component."""

    def apply(dataset):
        if dataset.output_types not in (int32, int64, string):
            raise TypeError("`tf.data.experimental.unique()` only supports inputs with a single "
                            "`tf.int32`, `tf.int64`, or `tf.string` component.")  # fmt: skip
        return dataset._same(groups.unique_dataset)

    return apply


def shuffle_and_repeat(buffer_size, count=None, seed=None):
    """A transformation: what `shuffle` and then `repeat` do."""

    def apply(dataset):
        size = convert_to_tensor(buffer_size, int64, name="buffer_size")
        named = (constant(-1, int64, name="count") if count is None
                 else convert_to_tensor(count, int64, name="count"))  # fmt: skip
        return dataset._same(
            shuffles.shuffle_and_repeat_dataset, size, *seeds.get_seed(seed), named
        )

    return apply


def Counter(start=0, step=1, dtype=int64):
    """A dataset of start, start + step, ..., without end."""
    with name_scope("counter"):
        start = convert_to_tensor(start, dtype=dtype, name="start")
        step = convert_to_tensor(step, dtype=dtype, name="step")
        endless = Dataset.from_tensors(0).repeat(None)
        return endless.apply(scan(start, lambda state, _: (state + step, state)))


# -- devices --------------------------------------------------------------------------------------


def prefetch_to_device(device, buffer_size=None):
    """A transformation: `prefetch`. Elements go to the device of what uses them, whatever `device`
    is."""
    return lambda dataset: dataset.prefetch(buffer_size)


def copy_to_device(target_device, source_device="/cpu:0"):
    """A transformation: the same dataset. Elements go to the device of what uses them."""
    return lambda dataset: dataset


# -- what datasets are ----------------------------------------------------------------------------


def cardinality(dataset):
    """The number of elements, a scalar tensor of int64: INFINITE_CARDINALITY, or
    UNKNOWN_CARDINALITY where only going through them would tell."""
    return iterators.dataset_cardinality(dataset._variant_tensor)


def get_single_element(dataset):
    """The only element of a dataset. TypeError for what is no dataset, InvalidArgumentError in a
    run when it has none or several."""
    if not isinstance(dataset, BaseDataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    spec = dataset.element_spec
    tensors = iterators.dataset_to_single_element(dataset._variant_tensor, **flat_structure(spec))
    return structure.from_tensors(spec, tensors)


class TFRecordWriter:
    """Writes a dataset of strings into a TFRecord file; `compression_type` is "", "ZLIB" or
    "GZIP"."""

    def __init__(self, filename, compression_type=None):
        self._filename = convert_to_tensor(filename, string, name="filename")
        self._compression_type = optional(compression_type, "compression_type", "", string)

    def write(self, dataset):
        """An operation that writes all elements. TypeError unless they are scalar strings."""
        if not isinstance(dataset, BaseDataset):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        spec = dataset.element_spec
        fits = isinstance(spec, TensorSpec) and spec.is_compatible_with(TensorSpec([], string))
        if not fits:
            raise TypeError("`dataset` must produce scalar `DT_STRING` tensors whereas it produces "
                            f"shape {dataset.output_shapes} and types "
                            f"{dataset.output_types}")  # fmt: skip
        return groups.dataset_to_tf_record(
            dataset._variant_tensor, self._filename, self._compression_type
        )


def TensorStructure(dtype, shape):
    """What `tf.TensorSpec` was called."""
    warn_once("tf.data.experimental.TensorStructure", "tf.TensorSpec")
    return TensorSpec(shape, dtype)


def RaggedTensorStructure(dtype, shape, ragged_rank):
    """What `tf.RaggedTensorSpec` was called."""
    warn_once("tf.data.experimental.RaggedTensorStructure", "tf.RaggedTensorSpec")
    return RaggedTensorSpec(shape, dtype, ragged_rank)


def SparseTensorStructure(dtype, shape):
    """What `tf.SparseTensorSpec` was called."""
    warn_once("tf.data.experimental.SparseTensorStructure", "tf.SparseTensorSpec")
    return SparseTensorSpec(shape, dtype)
