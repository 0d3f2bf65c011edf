"""Elements of several datasets in turn: `tf.data.experimental.parallel_interleave`, ..."""

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, float32, float64, int64
from minitf.core.tensor_spec import TensorSpec
from minitf.data import seeds, structure
from minitf.data.base import BaseDataset, made
from minitf.data.dataset import Dataset, DatasetSpec, DatasetV1Adapter
from minitf.data.functions import Function
from minitf.data.kernels import nested, sources
from minitf.data.structure import flat_structure
from minitf.ops.array.basics import reshape
from minitf.ops.math.elementwise import log
from minitf.ops.random.sampling import multinomial_of_seeds, stateless_multinomial_op
from minitf.ops.reduction.axes import expand_dims, squeeze

AHEAD = 256  # numbers of datasets that are drawn at once


def parallel_interleaved(dataset, map_func, cycle_length, block_length=1, sloppy=False,
                         buffer_output_elements=None, prefetch_input_elements=None):  # fmt: skip
    """What `parallel_interleave` makes of a dataset."""
    function = Function(map_func, "tf.data.experimental.parallel_interleave()",
                        dataset.element_spec)  # fmt: skip
    if not isinstance(function.output, DatasetSpec):
        raise TypeError("`map_func` must return a `Dataset` object.")
    spec = function.output._element_spec
    outputs = 2 * block_length if buffer_output_elements is None else buffer_output_elements
    inputs = 2 * cycle_length if prefetch_input_elements is None else prefetch_input_elements
    variant = nested.parallel_interleave_dataset(
        dataset._variant_tensor, *function.captured, f=function.graph,
        cycle_length=convert_to_tensor(cycle_length, int64, name="cycle_length"),
        block_length=convert_to_tensor(block_length, int64, name="block_length"),
        sloppy=convert_to_tensor(sloppy, bool_, name="sloppy"),
        buffer_output_elements=convert_to_tensor(outputs, int64, name="buffer_output_elements"),
        prefetch_input_elements=convert_to_tensor(inputs, int64, name="prefetch_input_elements"),
        **flat_structure(spec),
    )  # fmt: skip
    return made(variant, spec, [dataset], [function])


def parallel_interleave(map_func, cycle_length, block_length=1, sloppy=False,
                        buffer_output_elements=None, prefetch_input_elements=None):  # fmt: skip
    """A transformation: the elements of the datasets that `map_func` returns, `block_length` of
    each of `cycle_length` datasets in turn. The order is always the same, `sloppy` or not."""
    return lambda dataset: parallel_interleaved(
        dataset, map_func, cycle_length, block_length, sloppy, buffer_output_elements,
        prefetch_input_elements,
    )  # fmt: skip


class RandomDataset(DatasetV1Adapter):
    """Random integers of 32 bits as int64, without end; the same for the same `seed`."""

    def __init__(self, seed=None):
        spec = TensorSpec([], int64)
        pair = seeds.get_seed(seed)
        super().__init__(sources.random_dataset(*pair, **flat_structure(spec)), spec)


RandomDataset.__name__ = RandomDataset.__qualname__ = "RandomDatasetV1"


def _directed(selector, datasets):
    """Elements of datasets, each of the one whose number the selector gives."""
    first = datasets[0]
    for other in datasets[1:]:
        if (other.output_types, other.output_classes) != (first.output_types,
                                                          first.output_classes):  # fmt: skip
            raise TypeError("All datasets must have the same type and class.")
    spec = first.element_spec
    for other in datasets[1:]:
        spec = structure.joined(spec, other.element_spec)
    variants = [each._variant_tensor for each in (selector, *datasets)]
    variant = nested.directed_interleave_dataset(*variants, **flat_structure(spec))
    return made(variant, spec, [selector, *datasets])


def sample_from_datasets(datasets, weights=None, seed=None):
    """A dataset of elements of several, drawn at random: as likely as `weights` say, a vector or a
    dataset of vectors, or equally. What has ended is drawn in vain, until all have.

    TypeError for datasets of different types or weights that are no floats, ValueError for another
    number of weights.
    """
    if isinstance(weights, BaseDataset):
        logits = weights.map(lambda *p: log(p, name="logits"))
        pairs = Dataset.zip((logits, RandomDataset(seed).batch(2)))
        return _directed(pairs.map(_drawn), datasets)
    logits = [[1.0] * len(datasets)] if weights is None else _logits(weights, len(datasets))
    if len(datasets) == 1:
        return datasets[0]
    words = RandomDataset(seed).batch(2 * AHEAD)
    return _directed(words.flat_map(lambda seeds: _all_drawn(logits, seeds)), datasets)


def _logits(weights, count):
    weights = convert_to_tensor(weights, name="weights")
    if weights.dtype not in (float32, float64):
        raise TypeError("`weights` must be convertible to a tensor of `tf.float32` or `tf.float64` "
                        "elements.")  # fmt: skip
    if not weights.shape.is_compatible_with([count]):
        raise ValueError("`weights` must be a vector of length `len(datasets)`.")
    return expand_dims(log(weights, name="logits"), 0)


def _drawn(logits, seed):
    return squeeze(stateless_multinomial_op(logits, 1, seed, output_dtype=int64), axis=[0, 1])


def _all_drawn(logits, seeds):
    """What `_drawn` gives for one pair of seeds after the other."""
    return Dataset.from_tensor_slices(multinomial_of_seeds(logits, reshape(seeds, [-1, 2])))


def choose_from_datasets(datasets, choice_dataset):
    """A dataset of elements of several: `choice_dataset`, of scalars of int64, says of which one
    each is. TypeError for datasets of different types, or another one of choices."""
    if not structure.are_compatible(choice_dataset.element_spec, TensorSpec([], int64)):
        raise TypeError("`choice_dataset` must be a dataset of scalar `tf.int64` tensors.")
    return _directed(choice_dataset, datasets)
