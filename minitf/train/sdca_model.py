"""A linear model that is trained by stochastic dual coordinate ascent.

What a step leaves of an example (its dual, its losses) is kept in a table, by the example's name.
"""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, float64, int32, int64
from minitf.core.graph import control_dependencies, name_scope
from minitf.nn.activation import relu, sigmoid
from minitf.nn.loss import log_poisson_loss, sigmoid_cross_entropy_with_logits
from minitf.ops.array.basics import ones, reshape, shape, zeros_like
from minitf.ops.array.indexing import gather, unsorted_segment_sum
from minitf.ops.array.joining import concat, split
from minitf.ops.array.masks import boolean_mask
from minitf.ops.array.unique import unique
from minitf.ops.control_flow.control import group
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, exp, greater_equal, square
from minitf.ops.math.operators import abs
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_max, reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.ops.reduction.unsorted_segments import unsorted_segment_min
from minitf.ops.state.assign import assign_add, scatter_add
from minitf.ops.state.partitioned import PartitionedVariable, rows_by_part
from minitf.ops.state.variables import Variable
from minitf.summary.numeric import scalar
from minitf.train.sdca import sdca_fprint, sdca_optimizer_v2, sdca_shrink_l1
from minitf.train.sdca_losses import LOSSES
from minitf.train.sharded_table import ShardedMutableDenseHashTable

GROUPS = ("sparse_features_weights", "dense_features_weights")


class SparseFeatureColumn:
    """A sparse feature: example `example_indices[k]` has the feature of the number
    `feature_indices[k]`, whose value is `feature_values[k]`, or 1 for all."""

    def __init__(self, example_indices, feature_indices, feature_values):
        with name_scope(None, "SparseFeatureColumn", [example_indices, feature_indices]):
            self._example_indices = convert_to_tensor(example_indices, int64, "example_indices")
            self._feature_indices = convert_to_tensor(feature_indices, int64, "feature_indices")
        self._feature_values = None
        if feature_values is not None:
            with name_scope(None, "SparseFeatureColumn", [feature_values]):
                self._feature_values = convert_to_tensor(feature_values, float32, "feature_values")

    example_indices = property(lambda self: self._example_indices)
    feature_indices = property(lambda self: self._feature_indices)
    feature_values = property(lambda self: self._feature_values)


def column_of_categories(ids, weights=None):
    """The SparseFeatureColumn of a SparseTensor of categories, each of weight 1 or as `weights`
    [n] says: negative ones are left out, equal ones of an example are one, of the sum of weights.
    """
    examples, features = reshape(ids.indices[:, 0], [-1]), cast(reshape(ids.values, [-1]), int64)
    weights = ones([shape(ids.indices)[0]]) if weights is None else weights
    known = greater_equal(features, 0)
    examples, features, weights = (boolean_mask(each, known)
                                   for each in (examples, features, weights))  # fmt: skip
    length = reduce_max(features) + 1
    pairs, places = unique(length * examples + features)
    count = shape(pairs)[0]
    examples = unsorted_segment_min(examples, places, count)
    weights = reshape(unsorted_segment_sum(weights, places, count), [-1])
    return SparseFeatureColumn(examples, pairs - length * examples, weights)


class Model:
    """Examples, the variables that are their weights, and how these are found.

    `examples` has "sparse_features" (SparseFeatureColumns), "dense_features" (matrices),
    "example_labels", "example_weights" and "example_ids" (strings); `variables` has
    "sparse_features_weights" and "dense_features_weights", each a variable or, in parts, a list of
    them; `options` has "loss_type", "symmetric_l1_regularization", "symmetric_l2_regularization"
    and, unless usual, "num_loss_partitions" (1), "num_table_shards" (1) and "adaptive" (True).
    ValueError for what is missing or does not fit.
    """

    _unshrunk = "_unshrunk"
    _of_resources = True

    def __init__(self, examples, variables, options):
        _check(examples, variables, options)
        self._check_regularization(options)
        self._examples, self._variables, self._options = examples, variables, options
        self._slots = {name: [self._slot(each) for each in variables[name]] for name in GROUPS}
        self._hashtable = ShardedMutableDenseHashTable(
            int64, float32, default_value=[0.0] * 4, empty_key=[0, 0], deleted_key=[1, 1],
            num_shards=options.get("num_table_shards") or 1,
        )  # fmt: skip
        scalar("approximate_duality_gap", self.approximate_duality_gap())
        scalar("examples_seen", self._hashtable.size())

    def _check_regularization(self, options):
        pass

    def _symmetric_l1_regularization(self):
        return self._options["symmetric_l1_regularization"]

    def _symmetric_l2_regularization(self):
        return self._options["symmetric_l2_regularization"]

    def _slot(self, weights):
        """The weights as they are before L1 regularization: a variable, or a list of such."""
        made = [
            Variable(zeros_like(part.initialized_value(), float32),
                     name=part.op.name + self._unshrunk, use_resource=self._of_resources)
            for part in _parts(weights)
        ]  # fmt: skip
        return made if _is_in_parts(weights) else made[0]

    def _parts_of_weights(self):
        return [part for name in GROUPS for each in self._variables[name] for part in _parts(each)]

    # -- training --------------------------------------------------------------------------------

    def minimize(self, global_step=None, name=None):
        """An Operation that makes a step for each example, and counts it."""
        with name_scope(name, "sdca/minimize"):
            columns, examples = self._examples["sparse_features"], self._examples
            keys = sdca_fprint(convert_to_tensor(examples["example_ids"]))
            state = self._hashtable.lookup(keys)
            sparse, dense = (self._slots[name] for name in GROUPS)
            used = [cast(unique(cast(column.feature_indices, int32))[0], int64)
                    for column in columns]  # fmt: skip
            state, of_sparse, of_dense = sdca_optimizer_v2(
                [column.example_indices for column in columns],
                [column.feature_indices for column in columns],
                _values(columns),
                _joined(examples["dense_features"]),
                convert_to_tensor(examples["example_weights"]),
                convert_to_tensor(examples["example_labels"]),
                used,
                [gather(weights, indices) for weights, indices in zip(_joined(sparse), used)],
                _joined(dense),
                state,
                loss_type=self._options["loss_type"],
                l1=self._symmetric_l1_regularization(),
                l2=self._symmetric_l2_regularization(),
                num_loss_partitions=self._options.get("num_loss_partitions", 1),
                num_inner_iterations=1,
                adaptive=self._options.get("adaptive", True),
            )
            with control_dependencies([state]):
                updates = [self._hashtable.insert(keys, state)]
                for weights, indices, change in zip(sparse, used, of_sparse):
                    updates += _rows_added(weights, indices, change)
                for weights, change in zip(dense, of_dense):
                    updates += _added(weights, change)
            if global_step is None:
                return group(*updates)
            with control_dependencies(updates):
                return assign_add(global_step, 1, name=name).op

    def update_weights(self, train_op):
        """An Operation after `train_op`: the variables take the weights, with L1 regularization."""
        with control_dependencies([train_op]):
            slots = [part for name in GROUPS for each in self._slots[name] for part in _parts(each)]
            updates = [variable.assign(slot.read_value())
                       for variable, slot in zip(self._parts_of_weights(), slots)]  # fmt: skip
        if not self._symmetric_l1_regularization():
            return group(*updates)
        with control_dependencies(updates):
            return sdca_shrink_l1(
                self._parts_of_weights(), l1=self._symmetric_l1_regularization(),
                l2=self._symmetric_l2_regularization(),
            )  # fmt: skip

    # -- what it gives ---------------------------------------------------------------------------

    def predictions(self, examples):
        """What the model says of examples [n]: numbers, or the probability of the label 1."""
        _check_parts(["example_weights", "sparse_features", "dense_features"], examples)
        found = self._linear_predictions(examples)
        if self._options["loss_type"] == "logistic_loss":
            with name_scope("sdca/logistic_prediction"):
                return sigmoid(found)
        if self._options["loss_type"] == "poisson_loss":
            with name_scope("sdca/poisson_prediction"):
                return exp(found)
        return found

    def _linear_predictions(self, examples):
        with name_scope("sdca/prediction"):
            count, found = shape(convert_to_tensor(examples["example_weights"]))[0], 0.0
            sparse, dense = (_joined(self._variables[name]) for name in GROUPS)
            for column, weights in zip(examples["sparse_features"], sparse):
                taken = gather(weights, column.feature_indices)
                if column.feature_values is not None:
                    taken = taken * column.feature_values
                found += unsorted_segment_sum(taken, column.example_indices, count)
            for features, weights in zip(_joined(examples["dense_features"]), dense):
                found += reshape(matmul(features, expand_dims(weights, -1)), [-1])
        return found

    def approximate_duality_gap(self):
        """How far the loss is from the least there is, at most: a scalar; NaN before a step."""
        with name_scope("sdca/approximate_duality_gap"):
            _, shards = self._hashtable.export_sharded()
            sums = add_n([reduce_sum(cast(values, float64), 0) for values in shards])
            penalty = self._l1_loss() + 2.0 * self._l2_loss(self._symmetric_l2_regularization())
            return (sums[1] + sums[2] + penalty) / sums[3]

    def unregularized_loss(self, examples):
        """The mean loss of examples by their weights, a scalar."""
        _check_parts(["example_labels", "example_weights", "sparse_features", "dense_features"],
                     examples)  # fmt: skip
        with name_scope("sdca/unregularized_loss"):
            predictions = cast(self._linear_predictions(examples), float64)
            labels = cast(convert_to_tensor(examples["example_labels"]), float64)
            weights = cast(convert_to_tensor(examples["example_weights"]), float64)
            losses = self._losses(labels, predictions)
            return reduce_sum(losses * weights) / reduce_sum(weights)

    def _losses(self, labels, predictions):
        kind = self._options["loss_type"]
        if kind == "logistic_loss":
            return sigmoid_cross_entropy_with_logits(labels=labels, logits=predictions)
        if kind == "poisson_loss":
            return log_poisson_loss(targets=labels, log_input=predictions)
        if kind in ("hinge_loss", "smooth_hinge_loss"):
            return relu(1 - (2 * labels - 1) * predictions)
        return square(labels - predictions) / 2

    def regularized_loss(self, examples):
        """The mean loss of examples, and what the weights add to it for their size, a scalar."""
        loss = self.unregularized_loss(examples)
        with name_scope("sdca/regularized_loss"):
            weights = convert_to_tensor(examples["example_weights"])
            penalty = self._l1_loss() + self._l2_loss(self._options["symmetric_l2_regularization"])
            return penalty / reduce_sum(cast(weights, float64)) + loss

    def _l1_loss(self):
        with name_scope("sdca/l1_loss"):
            sums = [reduce_sum(abs(cast(part, float64))) for part in self._parts_of_weights()]
            return self._symmetric_l1_regularization() * add_n(sums)

    def _l2_loss(self, l2):
        with name_scope("sdca/l2_loss"):
            sums = [reduce_sum(square(cast(part, float64))) for part in self._parts_of_weights()]
            return l2 * add_n(sums) / 2.0


# -- what is given --------------------------------------------------------------------------------


def _check(examples, variables, options):
    if not examples or not variables or not options:
        raise ValueError("examples, variables and options must all be specified.")
    if options["loss_type"] not in LOSSES:
        raise ValueError("Unsupported loss_type: ", options["loss_type"])
    _check_parts(["example_labels", "example_weights", "example_ids", "sparse_features",
                  "dense_features"], examples)  # fmt: skip
    _check_parts(GROUPS, variables)
    _check_parts(["loss_type", "symmetric_l2_regularization", "symmetric_l1_regularization"],
                 options)  # fmt: skip


def _check_parts(names, given):
    for name in names:
        if given[name] is None:
            raise ValueError(f"{name} must be specified.")
        if "_features" in name and not isinstance(given[name], list):
            raise ValueError(f"{name} must be a list.")


def _values(columns):
    """The values of all columns, or of none: what the op takes."""
    if all(column.feature_values is None for column in columns):
        return []
    return [ones(shape(column.feature_indices)) if column.feature_values is None
            else column.feature_values for column in columns]  # fmt: skip


# -- variables in parts ---------------------------------------------------------------------------


def _is_in_parts(variable):
    return isinstance(variable, (list, PartitionedVariable))


def _parts(variable):
    return list(variable) if _is_in_parts(variable) else [variable]


def _joined(variables):
    return [concat(list(each), 0) if _is_in_parts(each) else convert_to_tensor(each)
            for each in variables]  # fmt: skip


def _rows_added(weights, indices, change):
    """Updates that add rows to the variable, or to those of its parts that have them."""
    if not _is_in_parts(weights):
        return [scatter_add(weights, indices, change)]
    return [scatter_add(*each) for each in rows_by_part(weights, indices, change)]


def _added(weights, change):
    """Updates that add to the variable, or to its parts."""
    if not _is_in_parts(weights):
        return [assign_add(weights, change)]
    sizes = [part.shape[0].value for part in weights]
    return [assign_add(part, each) for part, each in zip(weights, split(change, sizes))]
