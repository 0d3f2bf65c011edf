"""The model function of boosted trees."""
from minitf.autodiff import gradients as gradients_of
from minitf.core.dtypes import bool_, float32, int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.estimator.canned.boosted_trees.columns import Columns
from minitf.estimator.canned.boosted_trees.growers import (
    AccumulatorGrower,
    Batches,
    InMemoryGrower,
)
from minitf.estimator.canned.boosted_trees.hooks import GrowerInitializationHook, StopAtAttemptsHook
from minitf.estimator.canned.boosted_trees.resources import QuantileAccumulator, TreeEnsemble
from minitf.estimator.mode_keys import ModeKeys
from minitf.feature_column.former import _LazyBuilder
from minitf.feature_column.numeric import numeric_column
from minitf.ops.array.basics import ones, reshape, shape, zeros
from minitf.ops.boosted_trees import nodes
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.state.assign import assign, assign_add
from minitf.ops.state.variables import Variable
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_or_create_global_step

NO_NODE = -1
_QUANTILES = "QuantileAccumulator"


def _variable(initial_value, name, dtype=None):
    return Variable(initial_value, trainable=False, validate_shape=False, name=name, dtype=dtype)


class TreesAndBuckets:
    """What is there in each mode: trees, boundaries, the buckets that features are put into."""

    def __init__(self, name, features, feature_columns, epsilon):
        self.columns = Columns(feature_columns)
        self.ensemble = TreeEnsemble(name=name)
        self.quantiles, self.count, boundaries = None, int(1.0 / epsilon), []
        if self.columns.floats:
            self.quantiles = QuantileAccumulator(
                epsilon, self.columns.float_count, self.count, name=_QUANTILES
            )
            boundaries = self.quantiles.get_bucket_boundaries()
        self.buckets = self.columns.buckets(features, boundaries)

    def logits(self, dimension):
        """What the trees say."""
        return nodes.predict_op(
            self.ensemble.resource_handle, *self.buckets,
            num_bucketized_features=len(self.buckets), logits_dimension=dimension,
        )  # fmt: skip


class _Cache:
    """The tree, the node and the logits that each example of the data came to last."""

    def __init__(self, rows, dimension):
        self._tree_ids = _variable(zeros([rows], dtype=int32), "tree_ids_cache")
        self._node_ids = _variable(NO_NODE * ones([rows], dtype=int32), "node_ids_cache")
        self._logits = _variable(zeros([rows, dimension], dtype=float32), "logits_cache")

    def lookup(self):
        return self._tree_ids, self._node_ids, self._logits

    def insert(self, *values):
        kept = self._tree_ids, self._node_ids, self._logits
        written = (assign(each, value, validate_shape=False) for each, value in zip(kept, values))
        return group(*written, name="cache_insert")


def model_fn(features, labels, mode, head, feature_columns, tree_hparams, n_batches_per_layer,
             config, closed_form_grad_and_hess_fn=None, weight_column=None, train_in_memory=False,
             name="boosted_trees"):
    """The EstimatorSpec of boosted trees and a head with one logit.

    A step adds the statistics of a batch; after `n_batches_per_layer` of them all nodes of the last
    layer are split. With `train_in_memory` a batch is all data, and a step is a layer: ValueError
    for several processes, AssertionError for several batches.
    """
    with name_scope(name) as scope:
        step = get_or_create_global_step()
        kept = TreesAndBuckets(scope, features, feature_columns,
                               tree_hparams.quantile_sketch_epsilon)  # fmt: skip
        if mode != ModeKeys.TRAIN:
            logits = kept.logits(head.logits_dimension)
            return head.create_estimator_spec(features, mode, logits, labels,
                                              train_op_fn=lambda loss: no_op())  # fmt: skip
        if train_in_memory:
            _check_in_memory(n_batches_per_layer, config)
        training = _Training(kept, tree_hparams, head, labels, train_in_memory,
                             n_batches_per_layer, step)  # fmt: skip
        weights = _weights(features, weight_column)

        def train_op_fn(loss):
            def grow():
                return training.grow(loss, labels, closed_form_grad_and_hess_fn)

            if not kept.columns.floats:
                return grow()
            return cond(training.ready, grow, lambda: training.find_boundaries(features, weights))

        spec = head.create_estimator_spec(features, mode, training.logits, labels,
                                          train_op_fn=train_op_fn)  # fmt: skip
    stop = StopAtAttemptsHook(*training.progress, tree_hparams.n_trees, tree_hparams.max_depth)
    begin = GrowerInitializationHook(training.grower.chief_init_op())
    return spec._replace(
        training_hooks=(*spec.training_hooks, stop),
        training_chief_hooks=[begin, *spec.training_chief_hooks],
    )


def _check_in_memory(batches, config):
    if batches != 1:
        raise AssertionError("When train_in_memory is enabled, input_fn should return the entire "
                             "dataset as a single batch, and n_batches_per_layer should be set as "
                             "1.")  # fmt: skip
    if not config.is_chief or config.num_worker_replicas > 1 or config.num_ps_replicas > 0:
        raise ValueError("train_in_memory is supported only for non-distributed training.")


def _weights(features, column):
    """The weights of the examples, a vector."""
    if column is None:
        return ones([1], dtype=float32)
    if isinstance(column, str):
        column = numeric_column(column, shape=(1,))
    return reshape(_LazyBuilder(features).get(column), [-1])


class _Training:
    """The graph of a step: `logits`, `grower`, and `progress`, the numbers of finished trees and
    of attempted layers."""

    def __init__(self, kept, params, head, labels, in_memory, batches, step):
        self._kept, self._params, self._step = kept, params, step
        self.ready = _variable(not kept.columns.floats, "are_boundaries_ready", bool_)
        rows, dimension = shape(labels)[0], head.logits_dimension
        self._cache = _Cache(rows, dimension) if in_memory else None
        if in_memory:
            known = self._cache.lookup()
        else:
            known = (zeros([rows], dtype=int32), NO_NODE * ones([rows], dtype=int32),
                     zeros([rows, dimension], dtype=float32))  # fmt: skip
        stamp, trees, finished, layers, self._range = kept.ensemble.get_states()
        self.progress = finished, layers
        further, self._tree_ids, self._node_ids = nodes.training_predict_op(
            kept.ensemble.resource_handle, known[0], known[1], *kept.buckets,
            num_bucketized_features=len(kept.buckets), logits_dimension=dimension,
        )  # fmt: skip
        self.logits = known[2] + further
        self.logits.set_shape(further.shape)  # nothing is known of that of the cache
        self._groups = kept.columns.groups(kept.count)
        common = kept.ensemble, kept.quantiles, params, self._groups
        self.grower = (InMemoryGrower(*common) if in_memory
                       else AccumulatorGrower(*common, Batches(stamp, batches)))  # fmt: skip
        for name, value in (("num_trees", trees), ("num_finalized_trees", finished),
                            ("num_attempted_layers", layers)):  # fmt: skip
            scalar(f"ensemble/{name}", value)
        self._centering = _variable(params.center_bias, "center_bias_needed", bool_)

    def find_boundaries(self, features, weights):
        """A step in which no tree grows: the numbers of a batch are added to what boundaries are
        made of."""
        with name_scope("UpdateQuantile"):
            numbers = self._kept.columns.numbers(features)
            return self.grower.accumulate_quantiles(numbers, weights, self.ready)

    def grow(self, loss, labels, closed_form):
        """A step: what each node's examples say is added up, and a layer grows if it is time."""
        done = []
        if self._cache is not None:
            found = self._tree_ids, self._node_ids, self.logits
            done.append(cond(self._centering, no_op, lambda: self._cache.insert(*found)))
        if closed_form:
            gradients, hessians = closed_form(self.logits, labels)
        else:
            gradients = gradients_of(loss, self.logits, name="Gradients")[0]
            hessians = gradients_of(gradients, self.logits, name="Hessians")[0]
        summaries = [self._summary(gradients, hessians, buckets, features)
                     for buckets, features in self._groups.items()]  # fmt: skip

        def layer():
            return self.grower.grow_tree(summaries, self._range)

        if self._params.center_bias:
            def center():
                return self.grower.center_bias(self._centering, gradients, hessians)

            updated = cond(self._centering, center, layer)
        else:
            updated = layer()
        done.append(updated)
        with control_dependencies([updated]):
            done.append(assign_add(self._step, 1).op)
        return group(*done, name="grow_op")

    def _summary(self, gradients, hessians, buckets, features):
        return nodes.make_stats_summary_op(
            self._node_ids, gradients, hessians, *(self._kept.buckets[each] for each in features),
            max_splits=self._params.max_splits, num_buckets=buckets, num_features=len(features),
        )  # fmt: skip
