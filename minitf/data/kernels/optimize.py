"""What TensorFlow makes of a dataset before it runs, as far as its elements show it."""
import copy

from minitf.core.dtypes import string, variant
from minitf.data.kernels.batches import Batch
from minitf.data.kernels.declare import dataset_op
from minitf.data.kernels.maps import Map, MapAndBatch
from minitf.data.kernels.moves import Repeat, Skip, Take
from minitf.data.kernels.prefetch import Prefetch
from minitf.data.kernels.shuffles import Shuffle, ShuffleAndRepeat, times
from minitf.data.kernels.stream import Source


@dataset_op("OptimizeDataset")
def optimize_dataset(
    xp, input_dataset: variant, optimizations: string, *, output_types, output_shapes,
    optimization_configs=(),
) -> variant:  # fmt: skip
    """The dataset with some that follow one another as one, which has an order and errors of its
    own."""
    return optimized(input_dataset, {name.decode() for name in optimizations.tolist()})


def optimized(source, wanted, owner=None):
    """The source after the optimizations that are wanted; itself where it has been through them.

    It is a copy, and so is each source in it, as often as it stands there: `owner` is whose its
    functions are, with what they keep from call to call.
    """
    if not isinstance(source, Source) or source.optimizations:
        return source
    if _left_out(source, wanted):
        return optimized(source.input, wanted, owner)
    made = copy.copy(source)
    made.optimizations, made.owner = wanted, owner or object()
    if hasattr(source, "inputs"):
        made.inputs = [optimized(each, wanted, owner) for each in source.inputs]
    if hasattr(source, "captured"):
        made.captured = [optimized(each, wanted, owner) for each in source.captured]
    if not hasattr(source, "input"):
        return made
    inner = source.input
    while _left_out(inner, wanted):
        inner = inner.input
    made.input = optimized(inner, wanted, owner)
    # What a function has captured stays apart from what it makes of that.
    return _fused(made, wanted) if made.input is not inner else made


def _left_out(source, wanted):
    return "noop_elimination" in wanted and not source.optimizations and _changes_nothing(source)


def _changes_nothing(source):
    kind = type(source)
    return (
        (kind is Take and source.count < 0) or (kind is Skip and source.count == 0)
        or (kind is Repeat and source.count == 1) or (kind is Prefetch and source.size == 0)
    )  # fmt: skip


def _fused(source, wanted):
    """A Repeat of a Shuffle as a ShuffleAndRepeat, a Batch of a Map as a MapAndBatch."""
    inner = source.input
    kinds = type(source), type(inner)
    if kinds == (Repeat, Shuffle) and inner.reshuffle and "shuffle_and_repeat_fusion" in wanted:
        made = ShuffleAndRepeat(inner.input, inner.size, inner.seeds, times(source.count), (), ())
    elif kinds == (Batch, Map) and "map_and_batch_fusion" in wanted:
        made = MapAndBatch(inner, source.size, source.drops, (), ())
    else:
        return source
    made.types, made.shapes = source.types, source.shapes
    made.optimizations, made.owner = source.optimizations, source.owner
    return made


def given(source, outer):
    """A source that a function of the source `outer` has given, as it runs."""
    return optimized(source, outer.optimizations, outer.owner) if outer.optimizations else source
