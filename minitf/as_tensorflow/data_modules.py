"""Where the modules below `tensorflow.python.data` are, which programs import."""
from __future__ import annotations

# Modules below tensorflow.python.data.experimental.ops whose names are all in tf.data.experimental.
_OF_EXPERIMENTAL = (
    "batching", "cardinality", "counter", "distribute_options", "enumerate_ops", "error_ops",
    "get_single_element", "grouping", "interleave_ops", "iterator_ops", "optimization_options",
    "parsing_ops", "prefetching_ops", "random_ops", "readers", "resampling", "scan_ops",
    "shuffle_ops", "stats_options", "take_while_ops", "threading_options", "threadpool", "unique",
    "writers",
)  # fmt: skip
# As the tables of `internals` have them.
NAMESPACES: dict[str, str | tuple[str, ...]] = {
    "data.experimental": "data.experimental",
    "data.ops.dataset_ops": ("as_tensorflow.modules.data", "data", "data.dataset"),
    "data.ops.iterator_ops": ("data", "data.experimental", "data.iterator"),
    "data.ops.multi_device_iterator_ops": "as_tensorflow.modules.data",
    "data.ops.optional_ops": ("data.experimental", "data.optional"),
    "data.ops.readers": ("as_tensorflow.modules.data", "data"),
    "data.util.nest": "data.nest",
    "data.util.random_seed": "data.seeds",
    "data.util.structure": "data.structure",
} | {
    f"data.experimental.ops.{name}": ("as_tensorflow.modules.data", "data.experimental")
    for name in _OF_EXPERIMENTAL
}
