"""tf.estimator.DNNLinearCombinedClassifier and its sisters: a linear model beside layers."""
import math

from minitf.core.arguments import inherited_init, takes
from minitf.core.graph import control_dependencies, get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.canned.dnn import dnn_logit_fn_builder
from minitf.estimator.canned.head.classes import class_head
from minitf.estimator.canned.head.regression import RegressionHead
from minitf.estimator.canned.linear import linear_logit_fn_builder
from minitf.estimator.canned.optimizers import get_optimizer_instance
from minitf.estimator.canned.parts import (
    OF_CLASSES,
    OF_LOSS,
    OF_NUMBERS,
    add_summaries,
    check_features,
    partitioner,
)
from minitf.estimator.estimator import Estimator
from minitf.nn.activation import relu
from minitf.ops.control_flow.control import group
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope
from minitf.train.global_step import get_global_step

_DNN_RATE, _LINEAR_RATE = 0.001, 0.005


def combined_model_fn(
    features, labels, mode, head, linear_feature_columns=None, linear_optimizer="Ftrl",
    dnn_feature_columns=None, dnn_optimizer="Adagrad", dnn_hidden_units=None,
    dnn_activation_fn=relu, dnn_dropout=None, input_layer_partitioner=None, config=None,
    batch_norm=False, linear_sparse_combiner="sum",
):  # fmt: skip
    """The EstimatorSpec of the sum of both models' logits. ValueError without columns."""
    check_features(features)
    _check_columns(linear_feature_columns, dnn_feature_columns)
    cut = input_layer_partitioner or partitioner(config, 64 << 20)
    values, parts = tuple(features.values()), []  # parts: (logits, optimizer, scope)
    if dnn_feature_columns:
        optimizer = get_optimizer_instance(dnn_optimizer, _DNN_RATE)
        if not dnn_hidden_units:
            raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is "
                             "specified.")  # fmt: skip
        with variable_scope("dnn", values=values, partitioner=partitioner(config)) as scope:
            logit_fn = dnn_logit_fn_builder(
                head.logits_dimension, dnn_hidden_units, dnn_feature_columns, dnn_activation_fn,
                dnn_dropout, cut, batch_norm,
            )  # fmt: skip
            parts.append((logit_fn(features=features, mode=mode), optimizer, scope.name))
    if linear_feature_columns:
        rate = min(_LINEAR_RATE, 1.0 / math.sqrt(len(linear_feature_columns)))
        optimizer = get_optimizer_instance(linear_optimizer, rate)
        with variable_scope("linear", values=values, partitioner=cut) as scope:
            logit_fn = linear_logit_fn_builder(head.logits_dimension, linear_feature_columns,
                                               linear_sparse_combiner)  # fmt: skip
            logits = logit_fn(features=features)
            add_summaries(logits, scope.name)
            parts.append((logits, optimizer, scope.name))
    logits = parts[0][0] if len(parts) == 1 else parts[0][0] + parts[1][0]
    return head.create_estimator_spec(features, mode, logits, labels,
                                      train_op_fn=lambda loss: _train_op(loss, parts))


def _train_op(loss, parts):
    """Both models train on one loss, and the step is counted once."""
    made = []
    for _, optimizer, scope in parts:
        variables = get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=scope)
        made.append(optimizer.minimize(loss, var_list=variables))
    with control_dependencies([group(*made)]):
        return assign_add(get_global_step(), 1).op


def _check_columns(linear_feature_columns, dnn_feature_columns):
    if not linear_feature_columns and not dnn_feature_columns:
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")


class _Combined(Estimator):
    """What the sisters share, whose heads differ."""

    def __init__(
        self, head, model_dir=None, linear_feature_columns=None, linear_optimizer="Ftrl",
        dnn_feature_columns=None, dnn_optimizer="Adagrad", dnn_hidden_units=None,
        dnn_activation_fn=relu, dnn_dropout=None, input_layer_partitioner=None, config=None,
        warm_start_from=None, batch_norm=False, linear_sparse_combiner="sum",
    ):  # fmt: skip
        _check_columns(linear_feature_columns, dnn_feature_columns)

        def model_fn(features, labels, mode, config):
            return combined_model_fn(
                features, labels, mode, head, linear_feature_columns, linear_optimizer,
                dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn,
                dnn_dropout, input_layer_partitioner, config, batch_norm, linear_sparse_combiner,
            )  # fmt: skip

        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedClassifier(_Combined):
    """A linear model and layers, wide and deep, and classes: `n_classes` of them, numbers or the
    words of `label_vocabulary`."""

    @takes(_Combined, without=["head"],
           before={"input_layer_partitioner": OF_CLASSES, "batch_norm": OF_LOSS})  # fmt: skip
    def __init__(self, n_classes, weight_column, label_vocabulary, loss_reduction, **kwargs):
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(head, **kwargs)


@inherited_init(without=["warm_start_from", "batch_norm"])
class DNNLinearCombinedEstimator(_Combined):
    """A linear model and layers, and a head."""


class DNNLinearCombinedRegressor(_Combined):
    """A linear model and layers, and numbers, `label_dimension` of them."""

    @takes(_Combined, without=["head"],
           before={"input_layer_partitioner": OF_NUMBERS, "batch_norm": OF_LOSS})  # fmt: skip
    def __init__(self, label_dimension, weight_column, loss_reduction, **kwargs):
        super().__init__(RegressionHead(weight_column, label_dimension, loss_reduction), **kwargs)
