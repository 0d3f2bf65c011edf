"""`tensorflow.contrib.tensor_forest.proto.tensor_forest_params_pb2`: how a forest grows."""
from __future__ import annotations

from minitf.core.proto.fields import ENUMS, Enum
from minitf.core.proto.message import Message


def _enum(name: str, **numbers: int) -> Enum:
    """An enum that no message has to itself."""
    made = ENUMS[name] = Enum(numbers)
    globals().update(numbers)
    return made


LeafModelType = _enum(
    "LeafModelType", MODEL_DENSE_CLASSIFICATION=0, MODEL_SPARSE_CLASSIFICATION=1,
    MODEL_REGRESSION=2, MODEL_SPARSE_OR_DENSE_CLASSIFICATION=3,
)  # fmt: skip
StatsModelType = _enum(
    "StatsModelType", STATS_DENSE_GINI=0, STATS_SPARSE_GINI=1, STATS_LEAST_SQUARES_REGRESSION=2,
    STATS_SPARSE_THEN_DENSE_GINI=3, STATS_FIXED_SIZE_SPARSE_GINI=4,
)  # fmt: skip
SplitCollectionType = _enum("SplitCollectionType", COLLECTION_BASIC=0, GRAPH_RUNNER_COLLECTION=1)
SplitPruningStrategyType = _enum(
    "SplitPruningStrategyType", SPLIT_PRUNE_NONE=0, SPLIT_PRUNE_HALF=1, SPLIT_PRUNE_QUARTER=2,
    SPLIT_PRUNE_10_PERCENT=3, SPLIT_PRUNE_HOEFFDING=4,
)  # fmt: skip
SplitFinishStrategyType = _enum(
    "SplitFinishStrategyType", SPLIT_FINISH_BASIC=0, SPLIT_FINISH_DOMINATE_HOEFFDING=2,
    SPLIT_FINISH_DOMINATE_BOOTSTRAP=3,
)  # fmt: skip


class LinearParam(Message):
    PROTO = "float slope = 1; float y_intercept = 2; float min_val = 3; float max_val = 4;"


class ExponentialParam(Message):
    PROTO = "float bias = 1; float base = 2; float multiplier = 3; float depth_multiplier = 4;"


class ThresholdParam(Message):
    PROTO = "float on_value = 1; float off_value = 2; float threshold = 3;"


class DepthDependentParam(Message):
    """A number, or what makes one of the depth of a node."""

    PROTO = """
        oneof ParamType {
            float constant_value = 1;
            LinearParam linear = 2;
            ExponentialParam exponential = 3;
            ThresholdParam threshold = 4;
        }
    """


class SplitPruningConfig(Message):
    PROTO = "DepthDependentParam prune_every_samples = 1; SplitPruningStrategyType type = 2;"


class SplitFinishConfig(Message):
    PROTO = "DepthDependentParam check_every_steps = 1; SplitFinishStrategyType type = 2;"


class TensorForestParams(Message):
    """What the ops of a forest are told, as their attribute `params`."""

    PROTO = """
        LeafModelType leaf_type = 1;
        StatsModelType stats_type = 2;
        SplitCollectionType collection_type = 3;
        SplitPruningConfig pruning_type = 4;
        SplitFinishConfig finish_type = 5;
        int32 num_trees = 6;
        int32 max_nodes = 7;
        bool is_regression = 8;
        bool drop_final_class = 9;
        bool collate_examples = 10;
        bool checkpoint_stats = 11;
        int32 num_outputs = 12;
        DepthDependentParam num_splits_to_consider = 13;
        DepthDependentParam split_after_samples = 14;
        DepthDependentParam dominate_fraction = 15;
        string graph_dir = 16;
        int32 num_select_features = 17;
        DepthDependentParam min_split_samples = 18;
        int32 inequality_test_type = 19;
        bool use_running_stats_method = 20;
        int32 num_features = 21;
        bool initialize_average_splits = 22;
        bool inference_tree_paths = 23;
        int32 num_classes_to_track = 24;
    """
