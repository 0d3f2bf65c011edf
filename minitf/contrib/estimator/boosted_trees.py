"""Boosted trees of data that are one batch: `boosted_trees_classifier_train_in_memory`, ..."""
from minitf.data.dataset import Dataset
from minitf.estimator.canned.boosted_trees.estimators import (
    BoostedTrees,
    classification_head,
    regression_head,
)
from minitf.estimator.canned.boosted_trees.growers import TreeHParams


def _repeated(input_fn):
    """The input, again and again if it is a Dataset."""

    def repeated():
        found = input_fn()
        return found.repeat() if isinstance(found, Dataset) else found

    return repeated


def _trained(head, train_input_fn, feature_columns, params, model_dir, config, hooks,
             closed_form=None):
    made = BoostedTrees(head, feature_columns, 1, params, model_dir, config, closed_form,
                        train_in_memory=True)  # fmt: skip
    made.train(_repeated(train_input_fn), hooks=hooks)
    return made


def boosted_trees_classifier_train_in_memory(
    train_input_fn, feature_columns, model_dir=None, n_classes=2, weight_column=None,
    label_vocabulary=None, n_trees=100, max_depth=6, learning_rate=0.1, l1_regularization=0.0,
    l2_regularization=0.0, tree_complexity=0.0, min_node_weight=0.0, config=None, train_hooks=None,
    center_bias=False, pruning_mode="none", quantile_sketch_epsilon=0.01,
):  # fmt: skip
    """A trained estimator of two classes: see tf.estimator.BoostedTreesClassifier.

    What `train_input_fn` returns has all examples in one batch.
    """
    head, closed_form = classification_head(n_classes, weight_column, label_vocabulary)
    params = TreeHParams(n_trees, max_depth, learning_rate, l1_regularization, l2_regularization,
                         tree_complexity, min_node_weight, center_bias, pruning_mode,
                         quantile_sketch_epsilon)  # fmt: skip
    return _trained(head, train_input_fn, feature_columns, params, model_dir, config, train_hooks,
                    closed_form)  # fmt: skip


def boosted_trees_regressor_train_in_memory(
    train_input_fn, feature_columns, model_dir=None, label_dimension=1, weight_column=None,
    n_trees=100, max_depth=6, learning_rate=0.1, l1_regularization=0.0, l2_regularization=0.0,
    tree_complexity=0.0, min_node_weight=0.0, config=None, train_hooks=None, center_bias=False,
    pruning_mode="none", quantile_sketch_epsilon=0.01,
):  # fmt: skip
    """A trained estimator of a number: see tf.estimator.BoostedTreesRegressor.

    What `train_input_fn` returns has all examples in one batch.
    """
    params = TreeHParams(n_trees, max_depth, learning_rate, l1_regularization, l2_regularization,
                         tree_complexity, min_node_weight, center_bias, pruning_mode,
                         quantile_sketch_epsilon)  # fmt: skip
    return _trained(regression_head(label_dimension, weight_column), train_input_fn,
                    feature_columns, params, model_dir, config, train_hooks)  # fmt: skip
