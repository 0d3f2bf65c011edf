"""tf.estimator.DNNClassifier and its sisters: layers of units on feature columns."""
from minitf.core.arguments import takes
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.canned.head.classes import class_head
from minitf.estimator.canned.head.regression import RegressionHead
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
from minitf.estimator.mode_keys import ModeKeys
from minitf.feature_column.former import normalized
from minitf.feature_column.kinds import FeatureColumn
from minitf.feature_column.models import input_layer, side_by_side
from minitf.feature_column.readers import Reader, are_of_today
from minitf.layers.core import Dense, Dropout
from minitf.layers.normalization import BatchNormalization
from minitf.nn.activation import relu
from minitf.ops.state.initializers import GlorotUniform
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope
from minitf.ops.state.variable_store import AUTO_REUSE

LEARNING_RATE = 0.05
_COLLECTIONS = GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES


def dnn_logit_fn_builder(units, hidden_units, feature_columns, activation_fn, dropout,
                         input_layer_partitioner, batch_norm):
    """A function of features and a mode that gives logits [batch, units]. ValueError for units that
    are no int."""
    if not isinstance(units, int):
        raise ValueError(f"units must be an int.  Given type: {type(units)}")

    def dnn_logit_fn(features, mode):
        with variable_scope(get_variable_scope(), use_resource=True, auxiliary_name_scope=False):
            return _logits(features, mode)

    def _logits(features, mode):
        outer = get_variable_scope().name
        outer = f"{outer}/" if outer else ""
        with variable_scope("input_from_feature_columns", partitioner=input_layer_partitioner):
            net = _input(features, feature_columns)
        training = mode == ModeKeys.TRAIN
        for number, count in enumerate(hidden_units):
            name = f"hiddenlayer_{number}"
            net = _dense(net, count, activation_fn, name)
            if dropout is not None and training:
                net = Dropout(rate=dropout)(net, training=True)
            if batch_norm:
                net = _normalized(net, name, f"batchnorm_{number}", training)
            add_summaries(net, f"{outer}{name}")
        logits = _dense(net, units, None, "logits")
        add_summaries(logits, f"{outer}logits")
        return logits

    return dnn_logit_fn


def _input(features, columns):
    """The columns side by side. Seeds depend on it that columns of today make their variables
    first, and former ones no resources."""
    if not are_of_today(columns):
        with variable_scope(get_variable_scope(), use_resource=False, auxiliary_name_scope=False):
            return input_layer(features, columns)
    with variable_scope(get_variable_scope(), reuse=AUTO_REUSE, auxiliary_name_scope=False):
        reader = Reader(features, list(_COLLECTIONS))
        columns = sorted(normalized(columns, FeatureColumn), key=lambda column: column.name)
        for column in columns:
            with variable_scope(f"input_layer/{column.name}", auxiliary_name_scope=False):
                reader.begin(column)
        return side_by_side(reader, features, columns)


def _dense(net, units, activation, name):
    layer = Dense(units, activation=activation, kernel_initializer=GlorotUniform(), name=name,
                  _scope=name)  # fmt: skip
    return layer(net)


def _normalized(net, scope, name, training):
    with variable_scope(scope, auxiliary_name_scope=False):
        layer = BatchNormalization(momentum=0.999, trainable=True, name=name, _scope=name)
    return layer(net, training=training)


def dnn_model_fn(features, labels, mode, head, hidden_units, feature_columns, optimizer="Adagrad",
                 activation_fn=relu, dropout=None, input_layer_partitioner=None, config=None,
                 batch_norm=False):
    """The EstimatorSpec of a model of such layers and a head."""
    optimizer = get_optimizer_instance(optimizer, LEARNING_RATE)
    check_features(features)
    with variable_scope("dnn", values=tuple(features.values()), partitioner=partitioner(config)):
        logit_fn = dnn_logit_fn_builder(
            head.logits_dimension, hidden_units, feature_columns, activation_fn, dropout,
            input_layer_partitioner or partitioner(config, 64 << 20), batch_norm,
        )  # fmt: skip
        logits = logit_fn(features=features, mode=mode)
        return head.create_estimator_spec(features, mode, logits, labels, optimizer)


class _DNN(Estimator):
    """What the sisters share, whose heads differ."""

    def __init__(
        self, head, hidden_units, feature_columns, model_dir=None, optimizer="Adagrad",
        activation_fn=relu, dropout=None, input_layer_partitioner=None, config=None,
        warm_start_from=None, batch_norm=False,
    ):  # fmt: skip
        def model_fn(features, labels, mode, config):
            return dnn_model_fn(
                features, labels, mode, head, hidden_units, tuple(feature_columns or ()), optimizer,
                activation_fn, dropout, input_layer_partitioner, config, batch_norm,
            )  # fmt: skip

        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNClassifier(_DNN):
    """Layers of `hidden_units`, and classes: `n_classes` of them, numbers or the words of
    `label_vocabulary`."""

    @takes(_DNN, without=["head"], before={"optimizer": OF_CLASSES, "batch_norm": OF_LOSS})
    def __init__(self, n_classes, weight_column, label_vocabulary, loss_reduction, **kwargs):
        head = class_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(head, **kwargs)


class DNNEstimator(_DNN):
    """Layers of `hidden_units`, and a head."""


class DNNRegressor(_DNN):
    """Layers of `hidden_units`, and numbers, `label_dimension` of them."""

    @takes(_DNN, without=["head"], before={"optimizer": OF_NUMBERS, "batch_norm": OF_LOSS})
    def __init__(self, label_dimension, weight_column, loss_reduction, **kwargs):
        super().__init__(RegressionHead(weight_column, label_dimension, loss_reduction), **kwargs)
