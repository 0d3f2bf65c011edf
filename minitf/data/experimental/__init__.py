"""`tf.data.experimental`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.tensor_spec import TypeSpec as Structure
from minitf.data.dataset import AUTOTUNE, from_variant, get_structure, to_variant
from minitf.data.dataset import DatasetSpec as DatasetStructure
from minitf.data.experimental.counting import bytes_produced_stats, latency_stats
from minitf.data.experimental.grouping import (
    Reducer,
    bucket_by_sequence_length,
    group_by_reducer,
    group_by_window,
)
from minitf.data.experimental.readers import (
    CsvDataset,
    SqlDataset,
    make_batched_features_dataset,
    make_csv_dataset,
    parse_example_dataset,
)
from minitf.data.experimental.resampling import rejection_resample
from minitf.data.experimental.transformations import (
    INFINITE_CARDINALITY,
    UNKNOWN_CARDINALITY,
    Counter,
    RaggedTensorStructure,
    SparseTensorStructure,
    TensorStructure,
    TFRecordWriter,
    cardinality,
    copy_to_device,
    dense_to_sparse_batch,
    enumerate_dataset,
    get_single_element,
    ignore_errors,
    map_and_batch,
    map_and_batch_with_legacy_function,
    prefetch_to_device,
    scan,
    shuffle_and_repeat,
    take_while,
    unbatch,
    unique,
)
from minitf.data.interleaving import (
    RandomDataset,
    choose_from_datasets,
    parallel_interleave,
    sample_from_datasets,
)
from minitf.data.optional import Optional, get_next_as_optional
from minitf.data.optional import OptionalSpec as OptionalStructure
from minitf.data.options import (
    DistributeOptions,
    MapVectorizationOptions,
    OptimizationOptions,
    StatsOptions,
    ThreadingOptions,
)
from minitf.data.statistics import StatsAggregator
