"""`tf.data.Dataset`: elements that come one after the other, and what is made of them."""

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, int32, int64, string
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import TensorSpec
from minitf.data import nest, padding, seeds, structure
from minitf.data.base import MADE, BaseDataset, made
from minitf.data.creating import Creating
from minitf.data.dataset_spec import DatasetSpec
from minitf.data.functions import Function, of_state
from minitf.data.kernels import batches, caches, maps, moves, nested, prefetch, shuffles
from minitf.data.structure import batch_of, flat_structure

AUTOTUNE = -1  # the number of threads, or of elements kept ready, is left to the library
LARGEST = 2**63 - 1


class Dataset(Creating):
    """Elements, all of one structure: tensors in any nesting of tuples and dicts.

    `from_tensor_slices` and the other static methods make one, its methods make another one of it;
    none of them changes it. `make_one_shot_iterator().get_next()` is its next element. Numbers that
    the methods take may be scalar tensors of int64.
    """

    # -- which elements, in what order -----------------------------------------------------------

    def concatenate(self, dataset):
        """Its elements, then those of another one. TypeError when their types differ."""
        for what in ("types", "classes"):
            ours, theirs = getattr(self, f"output_{what}"), getattr(dataset, f"output_{what}")
            if ours != theirs:
                raise TypeError("Two datasets to concatenate have different "
                                f"{what} {ours} and {theirs}")  # fmt: skip
        spec = structure.joined(self.element_spec, dataset.element_spec)
        both = [self, dataset]
        variants = [each._variant_tensor for each in both]
        return made(moves.concatenate_dataset(*variants, **flat_structure(spec)), spec, both)

    def prefetch(self, buffer_size):
        """The same; up to `buffer_size` elements are computed before they are asked for, where that
        takes long."""
        size = _int64(-1 if buffer_size is None else buffer_size, "buffer_size")
        return self._same(prefetch.prefetch_dataset, size)

    def repeat(self, count=None):
        """Its elements `count` times; without end where it is None or -1."""
        named = constant(-1, int64, name="count") if count is None else _int64(count, "count")
        return self._same(moves.repeat_dataset, named)

    def enumerate(self, start=0):
        """(number, element), the numbers from `start` on."""
        return Dataset.zip((Dataset.range(start, LARGEST), self))

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=None):
        """Its elements in a random order: each is drawn from `buffer_size` that are held.

        For equal seeds the order is TensorFlow's. Each pass over the dataset has another order,
        unless `reshuffle_each_iteration` is False.
        """
        size = _int64(buffer_size, "buffer_size")
        again = True if reshuffle_each_iteration is None else reshuffle_each_iteration
        return self._same(
            shuffles.shuffle_dataset, size, *seeds.get_seed(seed), reshuffle_each_iteration=again
        )

    def cache(self, filename=""):
        """The same, computed in the first pass only: kept in a file of this name, or in memory."""
        return self._same(caches.cache_dataset,
                          convert_to_tensor(filename, string, name="filename"))  # fmt: skip

    def take(self, count):
        """Its first `count` elements; all where it is -1."""
        return self._same(moves.take_dataset, _int64(count, "count"))

    def skip(self, count):
        """All but its first `count` elements; none where it is -1."""
        return self._same(moves.skip_dataset, _int64(count, "count"))

    def shard(self, num_shards, index):
        """Its elements whose number divided by `num_shards` leaves `index`. InvalidArgumentError in
        a run unless 0 <= index < num_shards."""
        return self._same(moves.shard_dataset, _int64(num_shards, "num_shards"),
                          _int64(index, "index"))  # fmt: skip

    def _same(self, definition, *inputs, functions=(), **attributes):
        """Elements of the same structure, by an op of this dataset and more inputs."""
        variant = definition(self._variant_tensor, *inputs, **self._flat_structure, **attributes)
        return made(variant, self.element_spec, [self], functions)

    def _other(self, spec, definition, *inputs, functions=(), **attributes):
        """Elements of another structure."""
        variant = definition(self._variant_tensor, *inputs, **flat_structure(spec), **attributes)
        return made(variant, spec, [self], functions)

    # -- several as one --------------------------------------------------------------------------

    def batch(self, batch_size, drop_remainder=False):
        """Each `batch_size` elements as one, with a new first axis. The last one may have fewer,
        unless `drop_remainder`. InvalidArgumentError in a run when their shapes differ."""
        size, drops = _int64(batch_size, "batch_size"), _bool(drop_remainder)
        spec = batch_of(self.element_spec, _batch_dim(size, drops))
        return self._other(spec, batches.batch_dataset_v2, size, drops)

    def padded_batch(self, batch_size, padded_shapes, padding_values=None, drop_remainder=False):
        """The same, of elements of different sizes, filled up at the end of each axis.

        `padded_shapes` has the structure of an element; a size that is None or -1 is the largest in
        the batch. `padding_values`, of the same structure, fill; zeros and empty strings where they
        are not given. DataLossError in a run for an element that is larger.
        """
        if structure.SparseTensor in nest.flatten(self.output_classes):
            raise TypeError("Batching of padded sparse tensors is not currently supported")
        size = _int64(batch_size, "batch_size")
        types, shapes = self.output_types, self.output_shapes
        if padding_values is None:
            padding_values = nest.map_structure(padding.default_value, types)
        flat = nest.flatten_up_to(shapes, padded_shapes)
        padded = list(map(padding.shape_tensor, flat, nest.flatten(shapes)))
        values = nest.flatten_up_to(shapes, padding_values)
        fills = list(map(padding.value_tensor, values, nest.flatten(types)))
        drops = _bool(drop_remainder)
        lead = TensorShape([_batch_dim(size, drops)])
        sizes = [lead.concatenate(padding.known_shape(tensor)) for tensor in padded]
        spec = structure.from_legacy(types, nest.pack_sequence_as(types, sizes),
                                     self.output_classes)  # fmt: skip
        attributes = {"Toutput_types": nest.flatten(types),
                      "output_shapes": flat_structure(spec)["output_shapes"]}  # fmt: skip
        variant = batches.padded_batch_dataset_v2(
            self._variant_tensor, size, *padded, *fills, drop_remainder=drops, **attributes
        )
        return made(variant, spec, [self])

    def window(self, size, shift=None, stride=1, drop_remainder=False):
        """Datasets of `size` elements, `stride` apart; each begins `shift` (`size`) elements after
        the one before. Of an element of several components each is a dataset by itself."""
        numbers = [_int64(size, "size"), _int64(size if shift is None else shift, "shift"),
                   _int64(stride, "stride")]  # fmt: skip
        spec = nest.map_structure(DatasetSpec, self.element_spec)
        return self._other(spec, batches.window_dataset, *numbers, _bool(drop_remainder))

    def unbatch(self):
        """The slices of its elements along their first axis, one after the other. ValueError for
        scalars, and for components that differ in this size."""
        def rows(*parts):
            element = parts if type(self.element_spec) is tuple else parts[0]
            return tuple(structure.to_rows(self.element_spec, element))

        normal = self.map(rows)
        specs = structure.flat_specs(self.element_spec)
        if any(spec.shape.ndims == 0 for spec in specs):
            raise ValueError("Cannot unbatch an input with scalar components.")
        counts = {(spec.shape._sizes or [None])[0] for spec in specs} - {None}
        if len(counts) > 1:
            raise ValueError("Cannot unbatch an input whose components have different batch sizes.")
        spec = structure.slice_of(self.element_spec)
        variant = batches.unbatch_dataset(normal._variant_tensor, **flat_structure(spec))
        return made(variant, spec, [normal])

    # -- functions of elements -------------------------------------------------------------------

    def map(self, map_func, num_parallel_calls=None):
        """What `map_func` returns for each element, in their order.

        The function is traced once, as a graph: it gets the components of a tuple as arguments, and
        returns tensors in any nesting of tuples and dicts. With `num_parallel_calls` it runs for so
        many elements at once, where it takes long. TypeError when it returns something else.
        """
        function = Function(map_func, "Dataset.map()", self.element_spec)
        if num_parallel_calls is None:
            return self._mapped(function, maps.map_dataset)
        number = convert_to_tensor(num_parallel_calls, int32, name="num_parallel_calls")
        return self._mapped(function, maps.parallel_map_dataset, num_parallel_calls=number)

    def _mapped(self, function, definition, **attributes):
        return self._other(function.output, definition, *function.captured, f=function.graph,
                           functions=[function], **attributes)  # fmt: skip

    def map_with_legacy_function(self, map_func, num_parallel_calls=None):
        """What `map` does."""
        return self.map(map_func, num_parallel_calls)

    def flat_map(self, map_func):
        """The elements of the datasets that `map_func` returns, one dataset after the other.
        TypeError when it returns something else."""
        function = _to_dataset(map_func, "Dataset.flat_map()", self.element_spec)
        return self._other(function.output._element_spec, nested.flat_map_dataset,
                           *function.captured, f=function.graph, functions=[function])  # fmt: skip

    def interleave(self, map_func, cycle_length=AUTOTUNE, block_length=1, num_parallel_calls=None):
        """The elements of the datasets that `map_func` returns, `block_length` of each of
        `cycle_length` datasets in turn. TypeError when it returns something else."""
        function = _to_dataset(map_func, "Dataset.interleave()", self.element_spec)
        inputs = {"cycle_length": _int64(cycle_length, "cycle_length"),
                  "block_length": _int64(block_length, "block_length")}  # fmt: skip
        definition = nested.interleave_dataset
        if num_parallel_calls is not None:
            inputs["num_parallel_calls"] = _int64(num_parallel_calls, "num_parallel_calls")
            definition = nested.parallel_interleave_dataset_v2
        return self._other(function.output._element_spec, definition, *function.captured,
                           f=function.graph, functions=[function], **inputs)  # fmt: skip

    def filter(self, predicate):
        """The elements of which `predicate` is true. ValueError unless it returns a scalar bool."""
        function = Function(predicate, "Dataset.filter()", self.element_spec)
        if not _is_scalar(function.output, bool_):
            raise ValueError("`predicate` return type must be convertible to a scalar boolean "
                             f"tensor. Was {function.output}.")  # fmt: skip
        return self._same(maps.filter_dataset, *function.captured, predicate=function.graph,
                          functions=[function])  # fmt: skip

    def filter_with_legacy_function(self, predicate):
        """What `filter` does."""
        return self.filter(predicate)

    def apply(self, transformation_func):
        """What a function makes of the dataset: another one. TypeError for anything else."""
        dataset = transformation_func(self)
        if not isinstance(dataset, BaseDataset):
            raise TypeError(f"`transformation_func` must return a Dataset. Got {dataset}.")
        return dataset

    def reduce(self, initial_state, reduce_func):
        """The last state of those that `reduce_func(state, element)` makes of all elements, a
        structure of tensors. TypeError when it is of other types than `initial_state`."""
        with name_scope("initial_state"):
            state = structure.normalize_element(initial_state)
        spec = structure.spec_from_value(state)
        function, spec = of_state(reduce_func, "reduce()", spec, self.element_spec)
        parts = structure.to_tensors(spec, state)
        found = maps.reduce_dataset(
            self._variant_tensor, *parts, *function.captured, f=function.graph, _states=len(parts),
            **flat_structure(spec),
        )  # fmt: skip
        return structure.from_tensors(spec, found)


class DatasetV1Adapter(Dataset):
    """What the methods of datasets return."""


MADE.append(DatasetV1Adapter)


def from_variant(variant, structure):
    """The dataset that a scalar tensor of type variant is, of elements of this structure."""
    return made(variant, structure)


def to_variant(dataset):
    """The tensor of type variant that a dataset is."""
    return dataset._variant_tensor


# -- helpers --------------------------------------------------------------------------------------


def _int64(value, name):
    return convert_to_tensor(value, dtype=int64, name=name)


def _bool(drop_remainder):
    return convert_to_tensor(drop_remainder, dtype=bool_, name="drop_remainder")


def _batch_dim(size, drops):
    """The size of the first axis of batches, where it is always the same and known."""
    known = size._value is not None and drops._value is not None and drops._value
    return int(size._value) if known else None


def _is_scalar(spec, dtype):
    return isinstance(spec, TensorSpec) and spec.is_compatible_with(TensorSpec([], dtype))


def _to_dataset(function, name, input):
    found = Function(function, name, input)
    if not isinstance(found.output, DatasetSpec):
        raise TypeError(f"`map_func` must return a `Dataset` object. Got {type(found.output)}")
    return found


# -- functions of datasets and iterators ----------------------------------------------------------


def make_one_shot_iterator(dataset):
    """An iterator over a dataset that needs no initializer."""
    return dataset._make_one_shot_iterator()


def make_initializable_iterator(dataset, shared_name=None):
    """An iterator over a dataset that begins each time its `initializer` is run."""
    return dataset._make_initializable_iterator(shared_name)


def get_structure(dataset_or_iterator):
    """The structure of specs of an element. TypeError for what has no elements."""
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError("`dataset_or_iterator` must be a Dataset or Iterator object, but got "
                        f"{type(dataset_or_iterator)}.") from None  # fmt: skip


def get_output_types(dataset_or_iterator):
    """The structure of types of an element."""
    return structure.types_of(get_structure(dataset_or_iterator))


def get_output_shapes(dataset_or_iterator):
    """The structure of shapes of an element."""
    return structure.shapes_of(get_structure(dataset_or_iterator))


def get_output_classes(dataset_or_iterator):
    """The structure of classes of an element."""
    return structure.classes_of(get_structure(dataset_or_iterator))
