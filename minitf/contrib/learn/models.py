"""tf.contrib.learn.DNNClassifier, LinearClassifier and their sisters for numbers."""
import math

from minitf import logging
from minitf.autodiff import gradients
from minitf.contrib import layers
from minitf.contrib.layers.columns.base import _FeatureColumn
from minitf.contrib.layers.columns.embedding import _EmbeddingColumn
from minitf.contrib.learn.estimator import Estimator
from minitf.contrib.learn.head import multi_class_head, regression_head
from minitf.contrib.learn.metric_spec import MetricSpec
from minitf.contrib.learn.predicting import one
from minitf.contrib.learn.regressions import (  # noqa: F401  names of this module, too
    linear_regression,
    linear_regression_zero_init,
    logistic_regression,
    logistic_regression_zero_init,
)
from minitf.contrib.learn.rnn_models import (  # noqa: F401
    bidirectional_rnn,
    get_rnn_model,
)
from minitf.contrib.learn.sdca import sdca_model_fn, sdca_params
from minitf.contrib.linear_optimizer.sdca_optimizer import SDCAOptimizer
from minitf.core.graph import get_collection
from minitf.estimator.canned.optimizers import get_optimizer_instance
from minitf.estimator.canned.parts import add_summaries, partitioner
from minitf.estimator.mode_keys import ModeKeys
from minitf.feature_column.models import input_layer, linear_model
from minitf.nn.activation import relu
from minitf.ops.math.clip import clip_by_global_norm
from minitf.ops.state.variable_scope import variable_scope
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.global_step import get_global_step

DNN_RATE, _LINEAR_RATE = 0.05, 0.2


def _all_old(columns):
    return all(isinstance(column, _FeatureColumn) for column in columns)


def by_name(features):
    """Features as a dict: a single tensor has the name ""."""
    return features if isinstance(features, dict) else {"": features}


def dnn_logits(features, mode, params, config):
    """The logits of layers of units, in the variable scope "dnn"."""
    columns = params["feature_columns"]
    cut = params.get("input_layer_partitioner") or partitioner(
        config, params["min_slice_size"] or 64 << 20)
    with variable_scope("input_from_feature_columns", partitioner=cut) as scope:
        if _all_old(columns):
            net = layers.input_from_feature_columns(features, columns, ["dnn"], scope=scope)
        else:
            net = input_layer(features, columns, weight_collections=["dnn"])
    for number, units in enumerate(params["hidden_units"]):
        with variable_scope(f"hiddenlayer_{number}", values=(net,)) as scope:
            net = layers.fully_connected(net, units, activation_fn=params["activation_fn"],
                                         variables_collections=["dnn"], scope=scope)
            if params["dropout"] is not None and mode == ModeKeys.TRAIN:
                net = layers.dropout(net, keep_prob=1.0 - params["dropout"])
        add_summaries(net, scope.name)
    with variable_scope("logits", values=(net,)) as scope:
        logits = layers.fully_connected(
            net, params["head"].logits_dimension, activation_fn=None,
            variables_collections=["dnn"], scope=scope,
        )  # fmt: skip
    add_summaries(logits, scope.name)
    return logits


def _dnn_model_fn(features, labels, mode, params, config):
    features = by_name(features)
    cut = partitioner(config)
    with variable_scope("dnn", values=tuple(features.values()), partitioner=cut):
        logits = dnn_logits(features, mode, params, config)

        def train_op_fn(loss):
            return layers.optimize_loss(
                loss, get_global_step(), DNN_RATE, made(params["optimizer"] or "Adagrad"),
                gradient_multipliers=multipliers(params["embedding_lr_multipliers"]),
                clip_gradients=params["gradient_clip_norm"], name="dnn", summaries=[],
            )  # fmt: skip

        return params["head"].create_model_fn_ops(features, mode, labels, train_op_fn, logits)


def made(optimizer):
    """An optimizer, or its name: of a function what that makes."""
    return optimizer() if callable(optimizer) else optimizer


def multipliers(by_column):
    """{variable: how much faster it is trained} of {embedding column: the same}. ValueError for
    other columns, and for a column that has no variable."""
    found = {}
    for column, factor in (by_column or {}).items():
        if not isinstance(column, _EmbeddingColumn):
            raise ValueError("learning rate multipler can only be defined for embedding columns. "
                             f"It is defined for {column}")  # fmt: skip
        scope = f"dnn/input_from_feature_columns/{column.name}"
        variables = get_collection("dnn", scope)
        if not variables:
            raise ValueError(f"Couldn't find a variable for column {column}")
        found.update(dict.fromkeys(variables, factor))
    return found or None


def linear_logits(features, columns, head, joint_weights, scope):
    """The logits of a weighted sum of columns."""
    if not _all_old(columns):
        return linear_model(features, columns, head.logits_dimension,
                            weight_collections=["linear"])  # fmt: skip
    layer = (layers.joint_weighted_sum_from_feature_columns if joint_weights
             else layers.weighted_sum_from_feature_columns)  # fmt: skip
    return layer(features, columns, head.logits_dimension, ["linear"], scope=scope)[0]


def linear_rate(columns):
    """The learning rate for so many columns."""
    return min(_LINEAR_RATE, 1.0 / math.sqrt(len(columns)))


def linear_model_fn(features, labels, mode, params, config):
    """The ModelFnOps of a linear model and a head."""
    features = by_name(features)
    columns, head = params["feature_columns"], params["head"]
    values, cut = tuple(features.values()), partitioner(config, 64 << 20)
    with variable_scope("linear", values=values, partitioner=cut) as scope:
        logits = linear_logits(features, columns, head, params["joint_weights"], scope)

        def train_op_fn(loss):
            variables = get_collection("linear")
            grads = gradients(loss, variables)
            if params["gradient_clip_norm"]:
                grads, _ = clip_by_global_norm(grads, params["gradient_clip_norm"])
            optimizer = params["optimizer"] or FtrlOptimizer(linear_rate(columns))
            optimizer = get_optimizer_instance(optimizer, _LINEAR_RATE)
            return optimizer.apply_gradients(zip(grads, variables), get_global_step())

        return head.create_model_fn_ops(features, mode, labels, train_op_fn, logits)


# -- estimators -----------------------------------------------------------------------------------


class Classifier(Estimator):
    """An estimator of classes."""

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True):
        """The classes, or the predictions of these names."""
        if not outputs:
            return self.predict_classes(x, input_fn, batch_size, as_iterable)
        return super().predict(x, input_fn, batch_size, outputs, as_iterable)

    def predict_classes(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The number of the class of each example."""
        return one(super().predict(x, input_fn, batch_size, ["classes"], as_iterable), "classes")

    def predict_proba(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The probabilities of the classes of each example."""
        key = "probabilities"
        return one(super().predict(x, input_fn, batch_size, [key], as_iterable), key)


class Regressor(Estimator):
    """An estimator of numbers."""

    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None,
                 metrics=None, name=None, checkpoint_path=None, hooks=None):
        """As `Estimator.evaluate`; a function among `metrics` is one of the scores."""
        metrics = {
            key if isinstance(key, tuple) or isinstance(each, MetricSpec) else (key, "scores"): each
            for key, each in (metrics or {}).items()
        }
        return super().evaluate(x, y, input_fn, feed_fn, batch_size, steps, metrics, name,
                                checkpoint_path, hooks)  # fmt: skip

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True):
        """The number or numbers of each example, or the predictions of these names."""
        if not outputs:
            return self.predict_scores(x, input_fn, batch_size, as_iterable)
        return super().predict(x, input_fn, batch_size, outputs, as_iterable)

    def predict_scores(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The number or numbers of each example."""
        return one(super().predict(x, input_fn, batch_size, ["scores"], as_iterable), "scores")


def _dnn_params(head, hidden_units, columns, optimizer, activation_fn, dropout, clip, multipliers,
                min_slice_size):
    return {"head": head, "hidden_units": hidden_units, "feature_columns": tuple(columns or ()),
            "optimizer": optimizer, "activation_fn": activation_fn, "dropout": dropout,
            "gradient_clip_norm": clip, "embedding_lr_multipliers": multipliers,
            "min_slice_size": min_slice_size}  # fmt: skip


def _linear_params(head, columns, optimizer, clip, joint):
    return {"head": head, "feature_columns": tuple(columns or ()), "optimizer": optimizer,
            "gradient_clip_norm": clip, "joint_weights": joint}  # fmt: skip


class DNNClassifier(Classifier):
    """Layers of `hidden_units`, and classes."""

    def __init__(self, hidden_units, feature_columns, model_dir=None, n_classes=2,
                 weight_column_name=None, optimizer=None, activation_fn=relu, dropout=None,
                 gradient_clip_norm=None, enable_centered_bias=False, config=None,
                 feature_engineering_fn=None, embedding_lr_multipliers=None,
                 input_layer_min_slice_size=None, label_keys=None):
        head = multi_class_head(n_classes, None, weight_column_name, enable_centered_bias,
                                label_keys=label_keys)
        super().__init__(_dnn_model_fn, model_dir, config, _dnn_params(
            head, hidden_units, feature_columns, optimizer, activation_fn, dropout,
            gradient_clip_norm, embedding_lr_multipliers, input_layer_min_slice_size,
        ), feature_engineering_fn)  # fmt: skip


class DNNEstimator(Estimator):
    """Layers of `hidden_units`, and a head."""

    def __init__(self, head, hidden_units, feature_columns, model_dir=None, optimizer=None,
                 activation_fn=relu, dropout=None, gradient_clip_norm=None, config=None,
                 feature_engineering_fn=None, embedding_lr_multipliers=None,
                 input_layer_min_slice_size=None):
        super().__init__(_dnn_model_fn, model_dir, config, _dnn_params(
            head, hidden_units, feature_columns, optimizer, activation_fn, dropout,
            gradient_clip_norm, embedding_lr_multipliers, input_layer_min_slice_size,
        ), feature_engineering_fn)  # fmt: skip


class DNNRegressor(Regressor):
    """Layers of `hidden_units`, and numbers."""

    def __init__(self, hidden_units, feature_columns, model_dir=None, weight_column_name=None,
                 optimizer=None, activation_fn=relu, dropout=None, gradient_clip_norm=None,
                 enable_centered_bias=False, config=None, feature_engineering_fn=None,
                 label_dimension=1, embedding_lr_multipliers=None,
                 input_layer_min_slice_size=None):
        head = regression_head(None, weight_column_name, label_dimension, enable_centered_bias)
        super().__init__(_dnn_model_fn, model_dir, config, _dnn_params(
            head, hidden_units, feature_columns, optimizer, activation_fn, dropout,
            gradient_clip_norm, embedding_lr_multipliers, input_layer_min_slice_size,
        ), feature_engineering_fn)  # fmt: skip


def _linear(head, columns, optimizer, clip, joint, weight_column_name):
    """(a model function, what it is told)."""
    columns = tuple(columns or ())
    assert columns
    if isinstance(optimizer, SDCAOptimizer):
        assert not joint, "joint weights are incompatible with the SDCAOptimizer"
        return sdca_model_fn, sdca_params(head, columns, optimizer, weight_column_name)
    return linear_model_fn, _linear_params(head, columns, optimizer, clip, joint)


class LinearClassifier(Classifier):
    """A linear model, and classes."""

    def __init__(self, feature_columns, model_dir=None, n_classes=2, weight_column_name=None,
                 optimizer=None, gradient_clip_norm=None, enable_centered_bias=False,
                 _joint_weight=False, config=None, feature_engineering_fn=None, label_keys=None):
        if isinstance(optimizer, SDCAOptimizer):
            if enable_centered_bias:
                raise ValueError("enable_centered_bias is not supported with SDCA")
            assert n_classes == 2, "SDCA only applies to binary classification."
        head = multi_class_head(n_classes, None, weight_column_name, enable_centered_bias,
                                label_keys=label_keys)
        model_fn, params = _linear(head, feature_columns, optimizer, gradient_clip_norm,
                                   _joint_weight, weight_column_name)
        super().__init__(model_fn, model_dir, config, params, feature_engineering_fn)


class LinearRegressor(Regressor):
    """A linear model, and numbers."""

    def __init__(self, feature_columns, model_dir=None, weight_column_name=None, optimizer=None,
                 gradient_clip_norm=None, enable_centered_bias=False, label_dimension=1,
                 _joint_weights=False, config=None, feature_engineering_fn=None):
        if isinstance(optimizer, SDCAOptimizer):
            assert label_dimension == 1, "SDCA only applies for label_dimension=1."
            if enable_centered_bias:
                enable_centered_bias = False
                logging.warning("centered_bias is not supported with SDCA, please disable it "
                                "explicitly.")
        head = regression_head(None, weight_column_name, label_dimension, enable_centered_bias)
        model_fn, params = _linear(head, feature_columns, optimizer, gradient_clip_norm,
                                   _joint_weights, weight_column_name)
        super().__init__(model_fn, model_dir, config, params, feature_engineering_fn)


class LinearEstimator(Estimator):
    """A linear model, and a head."""

    def __init__(self, feature_columns, head, model_dir=None, weight_column_name=None,
                 optimizer=None, gradient_clip_norm=None, _joint_weights=False, config=None,
                 feature_engineering_fn=None):
        assert feature_columns
        if isinstance(optimizer, SDCAOptimizer):
            raise ValueError("LinearEstimator does not support SDCA optimizer.")
        super().__init__(linear_model_fn, model_dir, config, _linear_params(
            head, feature_columns, optimizer, gradient_clip_norm, _joint_weights,
        ), feature_engineering_fn)  # fmt: skip
