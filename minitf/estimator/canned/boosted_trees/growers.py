"""How trees grow: from the statistics of a batch that has all data, or of several batches."""
from typing import Any, NamedTuple

from minitf.core.dtypes import float32
from minitf.core.graph import control_dependencies
from minitf.estimator.canned.boosted_trees.resources import PruningMode
from minitf.ops.array.joining import stack, unstack
from minitf.ops.boosted_trees import nodes
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import greater_equal
from minitf.ops.queues.accumulator import ConditionalAccumulator
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_mean, reduce_min


class TreeHParams(NamedTuple):
    """How trees are to be."""

    n_trees: int
    max_depth: int
    learning_rate: float
    l1: float
    l2: float
    tree_complexity: float
    min_node_weight: float
    center_bias: bool
    pruning_mode: str
    quantile_sketch_epsilon: float

    @property
    def max_splits(self):
        """The most nodes that a tree may split."""
        return (1 << self.max_depth) - 1


class _Grower:
    """What both kinds share: `groups` are {number of buckets: features}.

    ValueError for pruning without a complexity, and the other way round.
    """

    def __init__(self, ensemble, quantiles, params, groups):
        self._ensemble, self._quantiles = ensemble, quantiles
        self._params, self._groups = params, groups
        self._pruning = PruningMode.from_str(params.pruning_mode)
        pruned = self._pruning != PruningMode.NO_PRUNING
        if params.tree_complexity > 0 and not pruned:
            raise ValueError("Tree complexity have no effect unless pruning mode is chosen.")
        if not params.tree_complexity > 0 and pruned:
            raise ValueError("For pruning, tree_complexity must be positive.")

    def chief_init_op(self):
        """What is to be run when the session is there."""
        return no_op()

    def _center(self, needed, gradient, hessian):
        """Move the bias; `needed` then says whether to go on."""
        params = self._params
        go_on = nodes.center_bias(self._ensemble.resource_handle, expand_dims(gradient, 0),
                                  expand_dims(hessian, 0), params.l1, params.l2)  # fmt: skip
        return needed.assign(go_on)

    def _grow(self, summaries, nodes_range):
        """Split nodes by what the summaries, [features, ...] of each group, say."""
        params, lists = self._params, [[] for _ in range(5)]
        for summary, features in zip(summaries, self._groups.values()):
            found = nodes.calculate_best_gains_per_feature_op(
                nodes_range, *summary, l1=params.l1, l2=params.l2,
                tree_complexity=params.tree_complexity, min_node_weight=params.min_node_weight,
                max_splits=params.max_splits, num_features=len(features),
            )  # fmt: skip
            for number, every in enumerate(lists):
                every += found[number * len(features) : (number + 1) * len(features)]
        ids = [feature for features in self._groups.values() for feature in features]
        return nodes.update_ensemble_op(
            self._ensemble.resource_handle, ids, *(each for every in lists for each in every),
            max_depth=params.max_depth, learning_rate=params.learning_rate,
            pruning_mode=self._pruning, num_features=len(ids),
        )  # fmt: skip


class InMemoryGrower(_Grower):
    """Each batch has all data: each step is a layer."""

    def accumulate_quantiles(self, numbers, weights, ready):
        """Boundaries of these numbers; `ready` becomes true."""
        with control_dependencies([self._quantiles.add_summaries(numbers, weights)]):
            flush = self._quantiles.flush()
            with control_dependencies([flush]):
                return ready.assign(True).op

    def center_bias(self, needed, gradients, hessians):
        return self._center(needed, reduce_mean(gradients, 0), reduce_mean(hessians, 0))

    def grow_tree(self, summaries, nodes_range):
        return self._grow([unstack(each, axis=0) for each in summaries], nodes_range)


class Batches(NamedTuple):
    """The stamp of the trees, and how many batches make a layer."""

    stamp: Any
    per_layer: Any


class AccumulatorGrower(_Grower):
    """Several batches make a layer: what they say is averaged."""

    def __init__(self, ensemble, quantiles, params, groups, batches):
        super().__init__(ensemble, quantiles, params, groups)
        self._batches = batches
        self._layers = [
            ConditionalAccumulator(
                float32, shape=[len(features), params.max_splits, buckets, 2],
                shared_name=f"numeric_stats_summary_accumulator_{number}",
            )
            for number, (buckets, features) in enumerate(groups.items())
        ]  # fmt: skip
        every = list(self._layers)
        if params.center_bias:
            self._bias = ConditionalAccumulator(float32, shape=[2, 1],
                                                shared_name="bias_accumulator")  # fmt: skip
            every.append(self._bias)
        self._begin = [each.set_global_step(batches.stamp) for each in every]

    def chief_init_op(self):
        """The accumulators are for the trees as they are."""
        return group(*self._begin)

    def _when_enough(self, count, do, name):
        return cond(greater_equal(count, self._batches.per_layer), do, no_op, name=name)

    def accumulate_quantiles(self, numbers, weights, ready):
        """The same, once enough batches came."""
        stamp = self._batches.stamp
        added = self._quantiles.add_summaries(numbers, weights)
        counter = ConditionalAccumulator(float32, shape=[], shared_name="quantile_summary_accum")
        counted = group(added, counter.set_global_step(stamp), counter.apply_grad(0.0, stamp))

        def flush():
            return group(self._quantiles.flush(), counter.take_grad(1), ready.assign(True).op)

        with control_dependencies([counted]):
            return self._when_enough(counter.num_accumulated(), flush,
                                     "wait_until_quaniles_accumulated")  # fmt: skip

    def center_bias(self, needed, gradients, hessians):
        stamp = self._batches.stamp
        means = reduce_mean(stack([gradients, hessians], axis=0), axis=1)

        def go_on_with_layers():
            return group(*(each.set_global_step(stamp + 1) for each in self._layers))

        def center():
            gradient, hessian = unstack(self._bias.take_grad(1), axis=0)
            with control_dependencies([self._center(needed, gradient, hessian)]):
                return cond(needed.read_value(), no_op, go_on_with_layers)

        with control_dependencies([self._bias.apply_grad(means, stamp)]):
            return self._when_enough(self._bias.num_accumulated(), center,
                                     "wait_until_n_batches_for_bias_accumulated")  # fmt: skip

    def grow_tree(self, summaries, nodes_range):
        stamp = self._batches.stamp
        added = [each.apply_grad(summary, stamp) for each, summary in zip(self._layers, summaries)]

        def grow():
            taken = [unstack(each.take_grad(1), axis=0) for each in self._layers]
            return self._grow(taken, nodes_range)

        with control_dependencies(added):
            count = reduce_min(stack([each.num_accumulated() for each in self._layers]))
            return self._when_enough(count, grow, "wait_until_n_batches_accumulated")
