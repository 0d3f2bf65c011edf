"""tf.estimator.LinearClassifier and its sisters: a weighted sum of feature columns."""
import math

from minitf.core.arguments import inherited_init, takes
from minitf.core.dtypes import float32, int64
from minitf.core.graph import name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.canned.head.classes import BinaryHead, class_head
from minitf.estimator.canned.head.regression import RegressionHead
from minitf.estimator.canned.optimizers import get_optimizer_instance
from minitf.estimator.canned.parts import (
    OF_CLASSES,
    OF_LOSS,
    OF_NUMBERS,
    check_features,
    partitioner,
)
from minitf.estimator.canned.sdca import LinearSDCA, UpdateWeightsHook, WeightsByColumn
from minitf.estimator.estimator import Estimator
from minitf.estimator.mode_keys import ModeKeys
from minitf.feature_column.former import _FeatureColumn
from minitf.feature_column.models import linear_model, weighted_sum
from minitf.feature_column.readers import Reader, are_of_today
from minitf.nn.normal import zero_fraction
from minitf.ops.array.basics import identity, size
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.variable_scope import variable_scope
from minitf.summary.numeric import histogram, scalar
from minitf.train.ftrl import FtrlOptimizer
from minitf.train.global_step import get_global_step

LEARNING_RATE = 0.2


def linear_logit_fn_builder(units, feature_columns, sparse_combiner="sum"):
    """A function of features that gives logits [batch, units]."""

    def linear_logit_fn(features):
        return _logits_and_variables(features, feature_columns, units, sparse_combiner)[0]

    return linear_logit_fn


def _logits_and_variables(features, columns, units, combiner):
    """(logits, {column or "bias": the variables that are its weights})."""
    found = {}
    logits = _weighted(features, columns, units, combiner, found)
    bias = _parts(found["bias"])
    if units > 1:
        histogram("bias", bias[0] if len(bias) == 1 else bias)
    else:
        scalar("bias", bias[0][0])
    weights = [part for key, each in found.items() if key != "bias" for part in _parts(each)]
    scalar("fraction_of_zero_weights", _fraction_of_zero(weights))
    return logits, found


def _weighted(features, columns, units, combiner, found):
    if not are_of_today(columns) or all(isinstance(each, _FeatureColumn) for each in columns):
        return linear_model(features, columns, units, combiner, cols_to_vars=found)
    collections = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES]
    reader = Reader(features, collections)
    return weighted_sum(reader, columns, units, combiner, {"collections": collections}, found)


def _parts(variables):
    """The variables, each cut one as its parts."""
    return [part for each in variables
            for part in (each if hasattr(each, "_get_variable_list") else [each])]  # fmt: skip


def _fraction_of_zero(variables):
    with name_scope("zero_fraction"):
        sizes = [size(each, out_type=int64) for each in variables]
        zeros = [zero_fraction(each) * cast(count, float32)
                 for each, count in zip(variables, sizes)]  # fmt: skip
        fraction = add_n(zeros) / cast(add_n(sizes), float32)
        return identity(fraction, name="zero_fraction_or_nan")


def linear_model_fn(features, labels, mode, head, feature_columns, optimizer, partitioned, config,
                    sparse_combiner="sum"):
    """The EstimatorSpec of a linear model and a head."""
    check_features(features)
    partitioned = partitioned or partitioner(config, 64 << 20)
    with variable_scope("linear", values=tuple(features.values()), partitioner=partitioned):
        logits, weights = _logits_and_variables(
            features, feature_columns, head.logits_dimension, sparse_combiner
        )
        if isinstance(optimizer, LinearSDCA):
            return _by_sdca(features, labels, mode, head, logits, weights, optimizer)
        optimizer = optimizer or _default_optimizer(feature_columns)
        optimizer = get_optimizer_instance(optimizer, LEARNING_RATE)
        return head.create_estimator_spec(features, mode, logits, labels, optimizer)


def _by_sdca(features, labels, mode, head, logits, weights, optimizer):
    """The EstimatorSpec where the weights are found by dual coordinate ascent."""
    kinds = {BinaryHead: "logistic_loss", RegressionHead: "squared_loss"}
    loss_type = next((kinds[kind] for kind in kinds if isinstance(head, kind)), None)
    if loss_type is None:
        raise ValueError(f"Unsupported head type: {head}")
    assert head.logits_dimension == 1
    if mode != ModeKeys.TRAIN:
        return head.create_estimator_spec(features, mode, logits, labels)
    state = WeightsByColumn(weights)
    columns = [column for column in weights if column != "bias"]
    model, train_op = optimizer.get_train_step(
        state, head._weight_column, loss_type, columns, features, labels,
        state.get_variable("bias", "weights"), get_global_step(),
    )  # fmt: skip
    spec = head.create_estimator_spec(features, mode, logits, labels,
                                      train_op_fn=lambda loss: train_op)  # fmt: skip
    hooks = (*spec.training_chief_hooks, UpdateWeightsHook(model, train_op))
    return spec._replace(training_chief_hooks=hooks)


def _check_sdca(given, outputs, refused):
    """ValueError for what LinearSDCA cannot do: more `outputs` than one are `refused`."""
    if not isinstance(given["optimizer"], LinearSDCA):
        return
    if given["sparse_combiner"] != "sum":
        raise ValueError('sparse_combiner must be "sum" when optimizer is a LinearSDCA object.')
    if not are_of_today(given["feature_columns"]):
        raise ValueError("V2 feature columns required when optimizer is a LinearSDCA object.")
    if outputs > 1:
        raise ValueError(refused)


def _default_optimizer(feature_columns):
    rate = min(LEARNING_RATE, 1.0 / math.sqrt(len(feature_columns)))
    return FtrlOptimizer(learning_rate=rate)


class _Linear(Estimator):
    """What the sisters share, whose heads differ."""

    def __init__(
        self, head, feature_columns, model_dir=None, optimizer="Ftrl", config=None,
        partitioner=None, warm_start_from=None, sparse_combiner="sum",
    ):  # fmt: skip
        def model_fn(features, labels, mode, config):
            return linear_model_fn(
                features, labels, mode, head, tuple(feature_columns or ()), optimizer, partitioner,
                config, sparse_combiner,
            )  # fmt: skip

        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearClassifier(_Linear):
    """A linear model, and classes: `n_classes` of them, numbers or the words of
    `label_vocabulary`."""

    @takes(_Linear, without=["head"], before={"optimizer": OF_CLASSES, "sparse_combiner": OF_LOSS})
    def __init__(self, n_classes, weight_column, label_vocabulary, loss_reduction, **kwargs):
        _check_sdca(kwargs, n_classes - 1, "LinearSDCA cannot be used in a multi-class setting.")
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(head, **kwargs)


@inherited_init(without=["warm_start_from"])
class LinearEstimator(_Linear):
    """A linear model, and a head."""


class LinearRegressor(_Linear):
    """A linear model, and numbers, `label_dimension` of them."""

    @takes(_Linear, without=["head"], before={"optimizer": OF_NUMBERS, "sparse_combiner": OF_LOSS})
    def __init__(self, label_dimension, weight_column, loss_reduction, **kwargs):
        refused = "LinearSDCA can only be used with one-dimensional label."
        _check_sdca(kwargs, label_dimension, refused)
        super().__init__(RegressionHead(weight_column, label_dimension, loss_reduction), **kwargs)
