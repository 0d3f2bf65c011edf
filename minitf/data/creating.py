"""Where the elements of a dataset come from: the static methods of `tf.data.Dataset`."""

from minitf.core import dtypes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import Dimension
from minitf.core.tensor_spec import TensorSpec
from minitf.data import nest, structure
from minitf.data.base import BaseDataset, made
from minitf.data.kernels import generators, moves, sources
from minitf.data.structure import flat_structure
from minitf.ops.array.basics import identity
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.control_flow.control import Assert
from minitf.ops.io.files import matching_files
from minitf.ops.math.elementwise import add_op, greater, maximum
from minitf.ops.strings.joins import reduce_join


class Creating(BaseDataset):
    """The part of Dataset that makes datasets of tensors, of generators, of other datasets."""

    @staticmethod
    def from_tensors(tensors):
        """A dataset of one element."""
        element = structure.normalize_element(tensors)
        spec = structure.spec_from_value(element)
        parts = structure.to_tensors(spec, element)
        flat = flat_structure(spec)
        return made(sources.tensor_dataset(*parts, output_shapes=flat["output_shapes"],
                                            _types=flat["output_types"]), spec)  # fmt: skip

    @staticmethod
    def from_tensor_slices(tensors):
        """A dataset of the slices along the first axis, of which all tensors have as many.

        ValueError for scalars, and for tensors that differ in this size.
        """
        element = structure.normalize_element(tensors)
        whole = structure.spec_from_value(element)
        rows = structure.to_rows(whole, element)
        spec = structure.slice_of(whole)
        first = Dimension((rows[0]._shape or [None])[0])
        for tensor in rows[1:]:
            first.assert_is_compatible_with(Dimension((tensor._shape or [None])[0]))
        flat = flat_structure(spec)
        return made(sources.tensor_slice_dataset(*rows, output_shapes=flat["output_shapes"],
                                                  _types=flat["output_types"]), spec)  # fmt: skip

    @staticmethod
    def from_sparse_tensor_slices(sparse_tensor):
        """A dataset of the rows of a SparseTensor, each a tuple (indices, values, dense_shape)."""
        if not isinstance(sparse_tensor, SparseTensor):
            raise TypeError(
                f"`sparse_tensor` must be a `tf.SparseTensor` object. Was {sparse_tensor}."
            )
        parts = sparse_tensor._components()
        rank = (parts[0].shape[1] - 1).merge_with(parts[2].shape[0] - 1)
        spec = (TensorSpec([None, rank], int64), TensorSpec([None], sparse_tensor.dtype),
                TensorSpec([rank], int64))  # fmt: skip
        return made(sources.sparse_tensor_slice_dataset(*parts), spec)

    @staticmethod
    def from_generator(generator, output_types, output_shapes=None, args=None):
        """A dataset of what `generator(*args)` yields, called anew for each pass over it.

        It yields values of the structure `output_types`, which in a run are checked against it and
        against `output_shapes`; the tensors `args` are given to it as arrays, those of rank 0 as
        numbers and bytes. TypeError when `generator` cannot be called.
        """
        if not callable(generator):
            raise TypeError("`generator` must be callable.")
        spec = structure.given_structure(output_types, output_shapes)
        tensors = [convert_to_tensor(value, name="args") for value in args or ()]

        def generated(_):
            variant = generators.generator_dataset(
                *tensors, generator=generator, _output=structure.types_of(spec),
                **flat_structure(spec),
            )  # fmt: skip
            return made(variant, spec)

        return Creating.from_tensors(0).flat_map(generated)

    @staticmethod
    def range(*args):
        """A dataset of int64: (stop), (start, stop) or (start, stop, step), as Python's range.

        ValueError for another number of arguments.
        """
        if not 1 <= len(args) <= 3:
            raise ValueError(f"Invalid arguments to RangeDataset: {args}")
        start, stop, step = (0, *args, 1) if len(args) == 1 else (*args, 1)[:3]
        ends = [convert_to_tensor(value, int64, name=name)
                for value, name in ((start, "start"), (stop, "stop"), (step, "step"))]  # fmt: skip
        spec = TensorSpec([], int64)
        return made(sources.range_dataset(*ends, **flat_structure(spec)), spec)

    @staticmethod
    def zip(datasets):
        """A dataset of elements of several datasets, in the structure that they are given in; it
        ends with the first of them. TypeError for what is no structure of datasets."""
        flat = nest.flatten(datasets)
        for each in flat:
            if not isinstance(each, BaseDataset):
                mend = " Nested structures do not support Python lists; please use a tuple instead."
                mend = mend if isinstance(each, list) else ""
                raise TypeError("The argument to `Dataset.zip()` must be a nested structure of "
                                f"`Dataset` objects.{mend}")  # fmt: skip
        spec = nest.pack_sequence_as(datasets, [each.element_spec for each in flat])
        variants = [each._variant_tensor for each in flat]
        return made(moves.zip_dataset(*variants, **flat_structure(spec)), spec, flat)

    @staticmethod
    def list_files(file_pattern, shuffle=None, seed=None):
        """A dataset of the paths that match a pattern, or a vector of them, in a random order
        unless `shuffle` is False. InvalidArgumentError in a run when there are none."""
        with name_scope("list_files"):
            shuffle = True if shuffle is None else shuffle
            pattern = convert_to_tensor(file_pattern, dtypes.string, name="file_pattern")
            found = matching_files(pattern)
            some = greater(shape_of(found)[0], 0, name="match_not_empty")
            message = add_op("No files matched pattern: ", reduce_join(pattern, separator=", "),
                             name="message")  # fmt: skip
            check = Assert(some, [message], summarize=1, name="assert_not_empty")
            with get_default_graph().control_dependencies([check]):
                found = identity(found)
            dataset = Creating.from_tensor_slices(found)
            if shuffle:
                size = maximum(shape_of(found, out_type=int64)[0], 1)
                dataset = dataset.shuffle(size, seed=seed)
            return dataset
