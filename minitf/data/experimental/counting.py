"""Transformations whose elements are counted by a StatsAggregator."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import string
from minitf.data.base import made
from minitf.data.kernels import statistics as kernels


def bytes_produced_stats(tag):
    """A transformation: the same elements, whose bytes are counted under `tag`."""
    return _counted(kernels.bytes_produced_stats_dataset, tag)


def latency_stats(tag):
    """A transformation: the same elements, the microseconds of each of which are counted under
    `tag`."""
    return _counted(kernels.latency_stats_dataset, tag)


def _counted(kernel, tag):
    def apply(dataset):
        variant = kernel(dataset._variant_tensor, convert_to_tensor(tag, dtype=string),
                         **dataset._flat_structure)  # fmt: skip
        return made(variant, dataset.element_spec, [dataset])

    return apply
