"""What TensorFlow makes of a dataset before it runs, as far as the order of elements shows it."""
import copy

from minitf.core.dtypes import string, variant
from minitf.data.kernels.declare import dataset_op
from minitf.data.kernels.moves import Repeat
from minitf.data.kernels.shuffles import Shuffle, ShuffleAndRepeat


@dataset_op("OptimizeDataset")
def optimize_dataset(
    xp, input_dataset: variant, optimizations: string, *, output_types, output_shapes,
    optimization_configs=(),
) -> variant:  # fmt: skip
    """The dataset with a repeat of a shuffle as one, which has an order of its own."""
    wanted = b"shuffle_and_repeat_fusion" in optimizations.tolist()
    return fused(input_dataset) if wanted else input_dataset


def fused(source):
    """The source with each Repeat of a Shuffle in it as a ShuffleAndRepeat."""
    inner = getattr(source, "input", None)
    if isinstance(source, Repeat) and type(inner) is Shuffle and inner.reshuffle:
        made = ShuffleAndRepeat(fused(inner.input), inner.size, inner.seeds, source.count, (), ())
        made.types, made.shapes = source.types, source.shapes
        return made
    made = copy.copy(source)
    made.fuses = True
    if inner is not None:
        made.input = fused(inner)
    if hasattr(source, "inputs"):
        made.inputs = [fused(each) for each in source.inputs]
    return made


def given(source, outer):
    """A source that a function of the source `outer` has given, as it runs."""
    return fused(source) if outer.fuses else source
