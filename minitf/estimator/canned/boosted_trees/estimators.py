"""tf.estimator.BoostedTreesClassifier and its sisters."""
from minitf.core.dtypes import float32
from minitf.estimator.canned.boosted_trees import explanations
from minitf.estimator.canned.boosted_trees.columns import Columns
from minitf.estimator.canned.boosted_trees.growers import TreeHParams
from minitf.estimator.canned.boosted_trees.model import model_fn
from minitf.estimator.canned.head.classes import BinaryHead, MultiClassHead
from minitf.estimator.canned.head.regression import RegressionHead
from minitf.estimator.estimator import Estimator
from minitf.estimator.head import checks
from minitf.losses.weighted import Reduction
from minitf.ops.array.basics import identity, size
from minitf.ops.math.elementwise import cast, exp, reciprocal
from minitf.train.checkpoint_utils import load_checkpoint

_MEAN = Reduction.SUM_OVER_BATCH_SIZE


class BoostedTrees(Estimator):
    """What the sisters share; they differ in their heads."""

    def __init__(self, head, feature_columns, n_batches_per_layer, params, model_dir, config,
                 closed_form=None, weight_column=None, train_in_memory=False):
        columns = Columns(feature_columns)

        def _model_fn(features, labels, mode, config):
            return model_fn(features, labels, mode, head, columns.columns, params,
                            n_batches_per_layer, config, closed_form, weight_column,
                            train_in_memory)  # fmt: skip

        super().__init__(_model_fn, model_dir, config)
        self._head, self._columns, self._hparams = head, columns, params

    @property
    def _is_classification(self):
        return isinstance(self._head, (BinaryHead, MultiClassHead))

    def experimental_feature_importances(self, normalize=False):
        """{column: what its splits have gained}, an OrderedDict with the greatest first; as parts
        of the whole, with `normalize`.

        ValueError before training, AssertionError where there is nothing to be normalized.
        """
        serialized = load_checkpoint(self.model_dir).get_tensor("boosted_trees:0_serialized")
        serialized = serialized.item() if hasattr(serialized, "item") else serialized
        if not serialized:
            raise ValueError("Found empty serialized string for TreeEnsemble. You should only "
                             "call this method after training.")  # fmt: skip
        return explanations.importances(serialized, self._columns.names(), normalize)

    def experimental_predict_with_explanations(self, input_fn, predict_keys=None, hooks=None,
                                               checkpoint_path=None):
        """The predictions of each example, with `bias`, what is predicted without its features, and
        `dfc`, {column: how much that is moved by it}, the greatest first.

        ValueError unless the bias was centered, and for numbers that are not the logits.
        """
        self._check_can_explain()
        head, columns, epsilon = self._head, self._columns, self._hparams.quantile_sketch_epsilon

        def _model_fn(features, labels, mode):
            return explanations.model_fn(features, head, columns.columns, epsilon)

        inner = Estimator(_model_fn, self.model_dir, self.config,
                          warm_start_from=self._warm_start_settings)  # fmt: skip
        if predict_keys is not None:
            predict_keys = {*predict_keys, explanations.DEBUG_KEY}
        for found in inner.predict(input_fn, predict_keys, hooks, checkpoint_path):
            path = found.pop(explanations.DEBUG_KEY)
            found["bias"], found["dfc"] = explanations.explained(path, columns.names(),
                                                                 self._is_classification)
            yield found

    def _check_can_explain(self):
        if not self._hparams.center_bias:
            raise ValueError("center_bias must be enabled during estimator instantiation when "
                             "using experimental_predict_with_explanations.")  # fmt: skip
        link = getattr(self._head, "_inverse_link_fn", None)
        if not self._is_classification and link not in (None, identity):
            raise ValueError("For now only identity inverse_link_fn in regression_head is "
                             "supported for experimental_predict_with_explanations.")  # fmt: skip


def classification_head(n_classes, weight_column=None, label_vocabulary=None):
    """(head, function of logits and labels that gives gradients and hessians, or None).

    ValueError for other than two classes.
    """
    if n_classes != 2:
        raise ValueError("For now only binary classification is supported."
                         f"n_classes given as {n_classes}")  # fmt: skip
    head = BinaryHead(weight_column, None, label_vocabulary, _MEAN)
    plain = weight_column is None and label_vocabulary is None
    return head, _of_log_loss if plain else None


def _of_log_loss(logits, labels):
    """Gradients and hessians of the mean of the logistic losses."""
    predictions = reciprocal(exp(-logits) + 1.0)
    share = reciprocal(cast(size(predictions), float32))
    labels = checks.checked_labels(cast(labels, float32), logits, 1)
    return (predictions - labels) * share, predictions * (1.0 - predictions) * share


def regression_head(label_dimension, weight_column=None):
    """A head for numbers. ValueError for several."""
    if label_dimension != 1:
        raise ValueError("For now only 1 dimension regression is supported."
                         f"label_dimension given as {label_dimension}")  # fmt: skip
    return RegressionHead(weight_column, label_dimension, _MEAN)


class BoostedTreesClassifier(BoostedTrees):
    """Trees that correct one another, and two classes.

    `feature_columns` are bucketized columns, indicator columns, and numeric ones, whose boundaries
    the first batches decide, with ranks off by `quantile_sketch_epsilon` at most. Each step adds a
    batch to the statistics, and `n_batches_per_layer` of them make a layer; with `train_in_memory`
    a batch is all data, and `n_batches_per_layer` 1. There are `n_trees` of them with `max_depth`
    layers, whose leaves are worth `learning_rate` of what would be best with the penalties
    `l1_regularization` and `l2_regularization`. A node is split if the sum of its hessians is
    `min_node_weight` at least. With `pruning_mode` "pre" or "post" splits that gain less than
    `tree_complexity` are not made, or undone once the tree is done. With `center_bias` the first
    steps find what to predict without features. Training ends when the trees are there.

    ValueError for other than two classes, for columns that trees cannot use, and for a complexity
    without pruning or the other way round.
    """

    def __init__(self, feature_columns, n_batches_per_layer, model_dir=None, n_classes=2,
                 weight_column=None, label_vocabulary=None, n_trees=100, max_depth=6,
                 learning_rate=0.1, l1_regularization=0.0, l2_regularization=0.0,
                 tree_complexity=0.0, min_node_weight=0.0, config=None, center_bias=False,
                 pruning_mode="none", quantile_sketch_epsilon=0.01, train_in_memory=False):
        if n_classes > 2 and pruning_mode is not None:
            raise ValueError("For now pruning is not supported with multi class.")
        head, closed_form = classification_head(n_classes, weight_column, label_vocabulary)
        params = TreeHParams(n_trees, max_depth, learning_rate, l1_regularization,
                             l2_regularization, tree_complexity, min_node_weight, center_bias,
                             pruning_mode, quantile_sketch_epsilon)  # fmt: skip
        super().__init__(head, feature_columns, n_batches_per_layer, params, model_dir, config,
                         closed_form, weight_column, train_in_memory)  # fmt: skip


class BoostedTreesRegressor(BoostedTrees):
    """Trees that correct one another, and a number: see BoostedTreesClassifier.

    ValueError for several numbers.
    """

    def __init__(self, feature_columns, n_batches_per_layer, model_dir=None, label_dimension=1,
                 weight_column=None, n_trees=100, max_depth=6, learning_rate=0.1,
                 l1_regularization=0.0, l2_regularization=0.0, tree_complexity=0.0,
                 min_node_weight=0.0, config=None, center_bias=False, pruning_mode="none",
                 quantile_sketch_epsilon=0.01, train_in_memory=False):
        if label_dimension > 1 and pruning_mode is not None:
            raise ValueError("For now pruning is not supported with multi-dimensionregression.")
        params = TreeHParams(n_trees, max_depth, learning_rate, l1_regularization,
                             l2_regularization, tree_complexity, min_node_weight, center_bias,
                             pruning_mode, quantile_sketch_epsilon)  # fmt: skip
        super().__init__(regression_head(label_dimension, weight_column), feature_columns,
                         n_batches_per_layer, params, model_dir, config, None, weight_column,
                         train_in_memory)  # fmt: skip


class BoostedTreesEstimator(BoostedTrees):
    """Trees that correct one another, and a head with one logit: see BoostedTreesClassifier.

    Weights are the head's: `weight_column` is not looked at, as in TensorFlow.
    """

    def __init__(self, feature_columns, n_batches_per_layer, head, model_dir=None,
                 weight_column=None, n_trees=100, max_depth=6, learning_rate=0.1,
                 l1_regularization=0.0, l2_regularization=0.0, tree_complexity=0.0,
                 min_node_weight=0.0, config=None, center_bias=False, pruning_mode="none",
                 quantile_sketch_epsilon=0.01):
        params = TreeHParams(n_trees, max_depth, learning_rate, l1_regularization,
                             l2_regularization, tree_complexity, min_node_weight, center_bias,
                             pruning_mode, quantile_sketch_epsilon)  # fmt: skip
        super().__init__(head, feature_columns, n_batches_per_layer, params, model_dir, config)
