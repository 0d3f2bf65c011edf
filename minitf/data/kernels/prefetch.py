"""Elements that are ready before they are asked for."""

from minitf.core.dtypes import int64, variant
from minitf.core.errors import InvalidArgumentError
from minitf.data.kernels.ahead import Prefetched
from minitf.data.kernels.declare import dataset_op
from minitf.data.kernels.stream import Chosen

AUTOTUNED = 8  # elements that are kept ready where TensorFlow would find out how many


class Prefetch(Chosen):
    """The elements, up to `size` of them computed before they are asked for."""

    def __init__(self, input, size, types, shapes):
        super().__init__(input, types, shapes)
        self.size = size

    def stream(self, run, path):
        inner = self.inner(run, path)
        return inner if self.quiet or not self.size else Prefetched(run, inner, self.size)


@dataset_op("PrefetchDataset")
def prefetch_dataset(
    xp, input_dataset: variant, buffer_size: int64, *, output_types, output_shapes,
    slack_period=0, legacy_autotune=True,
) -> variant:  # fmt: skip
    """The elements, some of them ready before they are asked for."""
    if buffer_size < -1:
        raise InvalidArgumentError(None, None, "buffer_size must be >= 0 or set buffer_size to be "
                                   f"-1 for auto-tuning, got {buffer_size}")  # fmt: skip
    size = AUTOTUNED if buffer_size == -1 else int(buffer_size)
    return Prefetch(input_dataset, size, output_types, output_shapes)
