"""`tensorflow.contrib.tensor_forest.python.tensor_forest`: random forests as graphs."""
# ruff: noqa: F401  some imports here are public names

from minitf import logging
from minitf.contrib.framework.variables import VariableDeviceChooser
from minitf.contrib.tensor_forest.proto import tensor_forest_params_pb2 as _params_pb2
from minitf.contrib.tensor_forest.python.hparams import (
    CLASSIFICATION_LEAF_MODEL_TYPES,
    FINISH_TYPES,
    PRUNING_TYPES,
    REGRESSION_MODEL_TYPE,
    SPLIT_TYPES,
    ForestHParams,
    build_params_proto,
    parse_number_or_string_to_proto,
)
from minitf.contrib.tensor_forest.python.ops import data_ops, model_ops, stats_ops
from minitf.core.dtypes import float32, int32
from minitf.core.graph import control_dependencies, device
from minitf.ops.array.basics import ones_like, reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, split, stack
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.slice_assign import strided_slice
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, less, maximum, neg
from minitf.ops.math.operators import div
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum
from minitf.ops.state.variable_lists import local_variables
from minitf.ops.state.variable_scope import get_variable


def get_epoch_variable():
    """The number of the epoch that `limit_epochs` counts, a vector; [0] where there is none."""
    for variable in local_variables():
        if "limit_epochs/epoch" in variable.op.name:
            return reshape(variable, [1])
    return [0]


class TreeVariables:
    """What a session keeps of one tree: `tree`, and `stats` for its training, both handles.

    `tree_config` and `tree_stat` are serialized messages that they begin as.
    """

    def __init__(self, params, tree_num, training, tree_config="", tree_stat=""):
        known = getattr(params, "params_proto", None)
        if not isinstance(known, _params_pb2.TensorForestParams):
            params.params_proto = build_params_proto(params)
        params.serialized_params_proto = params.params_proto.SerializeToString()
        self.stats = None
        if training:
            self.stats = stats_ops.fertile_stats_variable(
                params, tree_stat, self.get_tree_name("stats", tree_num)
            )
        self.tree = model_ops.tree_variable(
            params, tree_config, self.stats, self.get_tree_name("tree", tree_num)
        )

    def get_tree_name(self, name, num):
        return f"{name}-{num}"


class ForestVariables:
    """TreeVariables, one for each tree: `variables[i]`.

    `device_dummies` are empty variables, by which `device_assigner` chooses devices for trees.
    """

    def __init__(self, params, device_assigner, training=True, tree_variables_class=TreeVariables,
                 tree_configs=None, tree_stats=None):
        self.variables, self.device_dummies = [], []
        with device(device_assigner):
            for number in range(params.num_trees):
                self.device_dummies.append(get_variable(name=f"device_dummy_{number}", shape=0))
        for number, dummy in enumerate(self.device_dummies):
            given = {}
            if tree_configs is not None:
                given["tree_config"] = tree_configs[number]
            if tree_stats is not None:
                given["tree_stat"] = tree_stats[number]
            with device(dummy.device):
                self.variables.append(tree_variables_class(params, number, training, **given))

    def __setitem__(self, t, val):
        self.variables[t] = val

    def __getitem__(self, t):
        return self.variables[t]


class RandomForestGraphs:
    """The graphs of a random forest: `training_graph`, `inference_graph`, and what it is like.

    `params` are filled ForestHParams. Initialize variables, and the resources in which trees are
    kept, `resources.initialize_resources(resources.shared_resources())`.
    """

    def __init__(self, params, tree_configs=None, tree_stats=None, device_assigner=None,
                 variables=None, tree_variables_class=TreeVariables, tree_graphs=None,
                 training=True):
        self.params = params
        self.device_assigner = device_assigner or VariableDeviceChooser()
        logging.info("Constructing forest with params = ")
        logging.info(self.params.__dict__)
        self.variables = variables or ForestVariables(
            params, self.device_assigner, training, tree_variables_class, tree_configs, tree_stats
        )
        kind = tree_graphs or RandomTreeGraphs
        self.trees = [kind(self.variables[number], params, number)
                      for number in range(params.num_trees)]  # fmt: skip

    def _on_devices(self, start=0, end=None):
        """Each tree with its number, where its device is that of new nodes."""
        for number, tree in list(enumerate(self.trees))[start:end]:
            with device(self.variables.device_dummies[number].device):
                yield number, tree

    def _bag_features(self, tree_num, input_data):
        columns = split(value=input_data, num_or_size_splits=self.params.num_features, axis=1)
        return concat([columns[each] for each in self.params.bagged_features[tree_num]], 1)

    def _features_of(self, number, dense, sparse):
        """The features that a tree sees. NotImplementedError where sparse ones are to be bagged."""
        if not self.params.bagged_features:
            return dense
        if sparse is not None:
            raise NotImplementedError("Feature bagging not supported with sparse features.")
        return self._bag_features(number, dense)

    def get_all_resource_handles(self):
        """The handles of all trees, then of all statistics."""
        kept = [self.variables[number] for number in range(len(self.trees))]
        return [each.tree for each in kept] + [each.stats for each in kept]

    def training_graph(self, input_data, input_labels, num_trainers=1, trainer_id=0,
                       **tree_kwargs):
        """An Operation that shows a batch to all trees, and lets them grow.

        `input_data` [examples, features] is a matrix, a SparseTensor, or a dict of both;
        `input_labels` are classes, or numbers. Of several trainers each has its part of the trees;
        `input_weights` are given to each tree. NotImplementedError where sparse features are to be
        bagged.
        """
        dense, sparse, spec = data_ops.ParseDataTensorOrDict(input_data)
        labels = data_ops.ParseLabelTensorOrDict(input_labels)
        share = self.params.num_trees / num_trainers
        start, end = int(trainer_id * share), int((trainer_id + 1) * share)
        made = []
        for number, tree in self._on_devices(start, end):
            seed = self.params.base_random_seed
            seed += number if seed != 0 else 0
            data, its_labels = dense, labels
            if self.params.bagging_fraction < 1.0:
                data, its_labels = self._bagged(dense, sparse, labels, seed)
            data = self._features_of(number, data, sparse)
            made.append(tree.training_graph(data, its_labels, seed, data_spec=spec,
                                            sparse_features=sparse, **tree_kwargs))  # fmt: skip
        return group(*made, name="train")

    def _bagged(self, dense, sparse, labels, seed):
        """Some of the examples, drawn anew in each run."""
        if sparse is not None:
            raise NotImplementedError("Bagging not supported with sparse features.")
        drawn = random_uniform(strided_slice(shape(dense), [0], [1]), seed=seed)
        mask = less(drawn, ones_like(drawn) * self.params.bagging_fraction)
        chosen = squeeze(where_v2(mask), axis=[1])
        return gather(dense, chosen), gather(labels, chosen)

    def inference_graph(self, input_data, **inference_args):
        """(probabilities [examples, classes] or values, paths [examples, trees], variance).

        The first is the mean over the trees, the last the variance among them. Paths are serialized
        TreePaths, if the forest was built with `inference_tree_paths`, else there are none.
        """
        dense, sparse, spec = data_ops.ParseDataTensorOrDict(input_data)
        found, paths = [], []
        for number, tree in self._on_devices():
            data = self._features_of(number, dense, sparse)
            values, path = tree.inference_graph(data, spec, sparse_features=sparse,
                                                **inference_args)  # fmt: skip
            found.append(values)
            paths.append(path)
        with device(self.variables.device_dummies[0].device):
            every, count = stack(found, axis=1), self.params.num_trees
            average = div(reduce_sum(every, 1), count, name="probabilities")
            tree_paths = stack(paths, axis=1)
            squares = div(reduce_sum(every * every, 1), count)
            return average, tree_paths, maximum(0.0, squares - average * average)

    def average_size(self):
        """The mean number of nodes of a tree, a float32 scalar."""
        sizes = [tree.size() for _, tree in self._on_devices()]
        return reduce_mean(cast(stack(sizes), float32))

    def training_loss(self, features, labels, name="training_loss"):
        """What goes down as the forest grows: minus the mean size. It looks at no example."""
        return neg(self.average_size(), name=name)

    def validation_loss(self, features, labels):
        """The same."""
        return neg(self.average_size())

    def average_impurity(self):
        """NotImplementedError: trees of TensorFlow 1.15 do not have it either."""
        raise NotImplementedError("RandomForestGraphs.average_impurity: the trees of TensorFlow "
                                  "1.15 have no average_impurity")  # fmt: skip

    def feature_importances(self):
        """The part of all tests that each feature has, [num_features]."""
        counts = [tree.feature_usage_counts() for tree in self.trees]
        total = reduce_sum(stack(counts, 0), 0)
        return total / reduce_sum(total)


class RandomTreeGraphs:
    """The graphs of one tree."""

    def __init__(self, variables, params, tree_num):
        self.variables, self.params, self.tree_num = variables, params, tree_num

    def _inputs(self, data, sparse):
        """What the ops take for features: an empty list for what there is none of."""
        if sparse is None:
            return [] if data is None else data, [], [], []
        return [] if data is None else data, sparse.indices, sparse.values, sparse.dense_shape

    def training_graph(self, input_data, input_labels, random_seed, data_spec,
                       sparse_features=None, input_weights=None):
        """An Operation that shows a batch to the tree, and splits the leaves that are ready."""
        known = self.params.serialized_params_proto
        cast(get_epoch_variable(), int32)  # TensorFlow has a node for it, which nobody reads
        weights = [] if input_weights is None else input_weights
        inputs, spec = self._inputs(input_data, sparse_features), data_spec.SerializeToString()
        tree, stats = self.variables.tree, self.variables.stats
        leaves = model_ops.traverse_tree_v4(tree, *inputs, input_spec=spec, params=known)
        counted = model_ops.update_model_v4(tree, leaves, input_labels, weights, params=known)
        ready = stats_ops.process_input_v4(
            tree, stats, *inputs, input_labels, weights, leaves, input_spec=spec,
            random_seed=random_seed, params=known,
        )  # fmt: skip
        with control_dependencies([counted]):
            return stats_ops.grow_tree_v4(tree, stats, ready, params=known)

    def inference_graph(self, input_data, data_spec, sparse_features=None):
        """(probabilities or values, paths) of the leaves that the examples come to."""
        return tuple(model_ops.tree_predictions_v4(
            self.variables.tree, *self._inputs(input_data, sparse_features),
            input_spec=data_spec.SerializeToString(), params=self.params.serialized_params_proto,
        ))  # fmt: skip

    def size(self):
        """The number of nodes, an int32 scalar."""
        return model_ops.tree_size(self.variables.tree)

    def feature_usage_counts(self):
        """How many nodes test each feature, int32 [num_features]."""
        return model_ops.feature_usage_counts(
            self.variables.tree, params=self.params.serialized_params_proto
        )
