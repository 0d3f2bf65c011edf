"""How a forest is to be: `ForestHParams`, and the message that the ops are told it by."""
import math
import numbers
import random

from minitf.contrib.tensor_forest.proto import tensor_forest_params_pb2 as params_pb2
from minitf.contrib.tensor_forest.proto.tree_model import decision_trees
from minitf.core.proto import text_parse

# The types of (leaves, statistics).
CLASSIFICATION_LEAF_MODEL_TYPES = {
    "all_dense": (params_pb2.MODEL_DENSE_CLASSIFICATION, params_pb2.STATS_DENSE_GINI),
    "all_sparse": (params_pb2.MODEL_SPARSE_CLASSIFICATION, params_pb2.STATS_SPARSE_GINI),
    "sparse_then_dense": (params_pb2.MODEL_SPARSE_OR_DENSE_CLASSIFICATION,
                          params_pb2.STATS_SPARSE_THEN_DENSE_GINI),
}  # fmt: skip
REGRESSION_MODEL_TYPE = (params_pb2.MODEL_REGRESSION, params_pb2.STATS_LEAST_SQUARES_REGRESSION,
                         params_pb2.COLLECTION_BASIC)  # fmt: skip
FINISH_TYPES = {
    "basic": params_pb2.SPLIT_FINISH_BASIC,
    "hoeffding": params_pb2.SPLIT_FINISH_DOMINATE_HOEFFDING,
    "bootstrap": params_pb2.SPLIT_FINISH_DOMINATE_BOOTSTRAP,
}
PRUNING_TYPES = {
    "none": params_pb2.SPLIT_PRUNE_NONE, "half": params_pb2.SPLIT_PRUNE_HALF,
    "quarter": params_pb2.SPLIT_PRUNE_QUARTER, "10_percent": params_pb2.SPLIT_PRUNE_10_PERCENT,
    "hoeffding": params_pb2.SPLIT_PRUNE_HOEFFDING,
}  # fmt: skip
SPLIT_TYPES = {
    "less_or_equal": decision_trees.InequalityTest.LESS_OR_EQUAL,
    "less": decision_trees.InequalityTest.LESS_THAN,
}


class ForestHParams:
    """How a forest is to be; `fill()` puts in what follows from the rest.

    `num_classes` and `num_features` must be given. A forest has `num_trees` trees, each of at most
    about `max_nodes` nodes. A leaf takes its first `num_splits_to_consider` examples as candidates
    for its split, and splits by the best of them after `split_after_samples` others, of more than
    one class. Both may be texts, as of a DepthDependentParam. `split_name` is "less_or_equal" or
    "less". Each tree is shown the part `bagging_fraction` of the examples, drawn anew in each step,
    and the part `feature_bagging_fraction` of the features. `regression` is for labels that are
    numbers, `num_classes` then their number; `base_random_seed`, if it is not 0, makes the trees
    the same each time. `param_file` has a TensorForestParams as text, which is put over the rest.

    With `initialize_average_splits` thresholds are means of values of two classes. With
    `split_pruning_name` "half", "quarter", "10_percent" or "hoeffding" the worst candidates are
    dropped after each `prune_every_samples`, half of `split_after_samples` if that is 0.

    NotImplementedError for leaves that finish early and for `model_name="sparse_then_dense"`, when
    a graph is built.
    """

    def __init__(
        self, num_trees=100, max_nodes=10000, bagging_fraction=1.0, num_splits_to_consider=0,
        feature_bagging_fraction=1.0, max_fertile_nodes=0, split_after_samples=250,
        valid_leaf_threshold=1, dominate_method="bootstrap", dominate_fraction=0.99,
        model_name="all_dense", split_finish_name="basic", split_pruning_name="none",
        prune_every_samples=0, early_finish_check_every_samples=0, collate_examples=False,
        checkpoint_stats=False, use_running_stats_method=False, initialize_average_splits=False,
        inference_tree_paths=False, param_file=None, split_name="less_or_equal", **kwargs,
    ):  # fmt: skip
        given = dict(locals())
        for name in ("self", "kwargs"):
            del given[name]
        self.__dict__.update(given)
        self.__dict__.update(kwargs)

    def values(self):
        """All by their names."""
        return self.__dict__

    def fill(self):
        """Put in what is missing; returns self. AttributeError without the classes or features."""
        self.num_classes, self.num_features  # noqa: B018  must be there
        self.bagged_num_features = int(self.feature_bagging_fraction * self.num_features)
        self.bagged_features = None
        if self.feature_bagging_fraction < 1.0:
            every = range(self.num_features)
            self.bagged_features = [random.sample(every, self.bagged_num_features)
                                    for _ in range(self.num_trees)]  # fmt: skip
        self.regression = getattr(self, "regression", False)
        self.num_outputs = self.num_classes if self.regression else 1
        self.num_output_columns = self.num_classes + 1  # the first was for counts
        root = math.floor(math.sqrt(self.num_features))
        self.num_splits_to_consider = self.num_splits_to_consider or min(max(10, root), 1000)
        self.base_random_seed = getattr(self, "base_random_seed", 0)
        types = (REGRESSION_MODEL_TYPE if self.regression
                 else CLASSIFICATION_LEAF_MODEL_TYPES[self.model_name])  # fmt: skip
        self.leaf_model_type, self.stats_model_type = types[:2]
        self.finish_type = FINISH_TYPES["basic" if self.regression else self.split_finish_name]
        self.pruning_type = PRUNING_TYPES[self.split_pruning_name]
        if self.pruning_type == params_pb2.SPLIT_PRUNE_NONE:
            self.prune_every_samples = 0
        elif not self.prune_every_samples:  # TensorFlow means this, too, but raises TypeError
            self.prune_every_samples = self._half_of_all()
        if self.finish_type == params_pb2.SPLIT_FINISH_BASIC:
            self.early_finish_check_every_samples = 0
        self.split_type = SPLIT_TYPES[self.split_name]
        return self

    def _half_of_all(self):
        after = self.split_after_samples
        if not isinstance(after, numbers.Number) and not after.isdigit():
            raise ValueError("Must specify prune_every_samples if using a depth-dependent "
                             f"split_after_samples: {after!r}")  # fmt: skip
        return int(after) / 2


def parse_number_or_string_to_proto(proto, param):
    """Set a DepthDependentParam to a number, or to what its text says."""
    if isinstance(param, numbers.Number):
        proto.constant_value = param
    elif param.isdigit():
        proto.constant_value = int(param)
    else:
        text_parse.merge(param, proto)


def build_params_proto(params):
    """The TensorForestParams of filled ForestHParams. NotImplementedError for what is not there."""
    proto = params_pb2.TensorForestParams(
        num_trees=params.num_trees, max_nodes=params.max_nodes, is_regression=params.regression,
        num_outputs=params.num_classes, num_features=params.num_features,
        leaf_type=params.leaf_model_type, stats_type=params.stats_model_type,
        collection_type=params_pb2.COLLECTION_BASIC, inequality_test_type=params.split_type,
        drop_final_class=False, collate_examples=params.collate_examples,
        checkpoint_stats=params.checkpoint_stats,
        use_running_stats_method=params.use_running_stats_method,
        initialize_average_splits=params.initialize_average_splits,
        inference_tree_paths=params.inference_tree_paths,
    )  # fmt: skip
    proto.pruning_type.type = params.pruning_type
    proto.finish_type.type = params.finish_type
    for field, param in (
        (proto.pruning_type.prune_every_samples, params.prune_every_samples),
        (proto.finish_type.check_every_steps, params.early_finish_check_every_samples),
        (proto.split_after_samples, params.split_after_samples),
        (proto.num_splits_to_consider, params.num_splits_to_consider),
    ):
        parse_number_or_string_to_proto(field, param)
    proto.dominate_fraction.constant_value = params.dominate_fraction
    if params.param_file:
        with open(params.param_file) as file:
            text_parse.merge(file.read(), proto)
    _check_there(proto)
    return proto


def _check_there(proto):
    """NotImplementedError for what minitf's trees do not do."""
    if proto.finish_type.type != params_pb2.SPLIT_FINISH_BASIC:
        raise NotImplementedError(
            'ForestHParams: leaves that finish early are not there: leave split_finish_name="basic"'
            " (TensorFlow 1.15 aborts with others unless param_file has min_split_samples)"
        )
    known = (params_pb2.STATS_DENSE_GINI, params_pb2.STATS_SPARSE_GINI,
             params_pb2.STATS_LEAST_SQUARES_REGRESSION)  # fmt: skip
    if proto.stats_type not in known or proto.collection_type != params_pb2.COLLECTION_BASIC:
        raise NotImplementedError(
            "ForestHParams: statistics of this kind are not there: take model_name="
            '"all_dense" or "all_sparse" (TensorFlow 1.15 crashes with "sparse_then_dense")'
        )
