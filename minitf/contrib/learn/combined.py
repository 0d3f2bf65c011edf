"""tf.contrib.learn.DNNLinearCombinedClassifier and its sister: a wide model and a deep one."""
from minitf.contrib import layers
from minitf.contrib.learn.estimator import Estimator
from minitf.contrib.learn.head import multi_class_head, regression_head
from minitf.contrib.learn.models import (
    DNN_RATE,
    Classifier,
    Regressor,
    by_name,
    dnn_logits,
    linear_logits,
    linear_rate,
    made,
    multipliers,
)
from minitf.core.graph import colocate_with, control_dependencies, get_collection
from minitf.estimator.canned.parts import add_summaries, partitioner
from minitf.nn.activation import relu
from minitf.ops.control_flow.control import group
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope
from minitf.train.global_step import get_global_step
from minitf.train.sync_replicas import SyncReplicasOptimizer


def _model_fn(features, labels, mode, params, config):
    features = by_name(features)
    deep, wide = params["feature_columns"], params["linear_feature_columns"]
    optimizers = {"dnn": made(params["optimizer"] or "Adagrad"),
                  "linear": made(params["linear_optimizer"] or "Ftrl")}  # fmt: skip
    _check_optimizers(optimizers)
    values, logits, rates = tuple(features.values()), [], {}
    if deep:
        if not params["hidden_units"]:
            raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is "
                             "specified.")  # fmt: skip
        with variable_scope("dnn", values=values, partitioner=partitioner(config)):
            logits.append(dnn_logits(features, mode, params, config))
        rates["dnn"] = DNN_RATE
    if wide:
        cut = partitioner(config, 64 << 20)
        with variable_scope("linear", values=values, partitioner=cut) as scope:
            found = linear_logits(features, wide, params["head"], params["joint_weights"], scope)
            add_summaries(found, scope.name)
        logits.append(found)
        rates["linear"] = linear_rate(wide)

    def train_op_fn(loss):
        return _trained(loss, rates, optimizers, params)

    both = logits[0] if len(logits) == 1 else logits[0] + logits[1]
    return params["head"].create_model_fn_ops(features, mode, labels, train_op_fn, both)


def _check_optimizers(optimizers):
    if any(isinstance(each, SyncReplicasOptimizer) for each in optimizers.values()):
        raise ValueError("SyncReplicasOptimizer is not supported in DNNLinearCombined model. If "
                         "you want to use this optimizer, please use either DNN or Linear model.")


def _trained(loss, rates, optimizers, params):
    """A step of each model. The global step counts both, unless that is mended."""
    global_step, once = get_global_step(), params["fix_global_step_increment_bug"]
    steps = []
    for name, rate in rates.items():
        more = {}
        if name == "dnn":
            more["gradient_multipliers"] = multipliers(params["embedding_lr_multipliers"])
        steps.append(layers.optimize_loss(
            loss, global_step, rate, optimizers[name], clip_gradients=params["gradient_clip_norm"],
            variables=get_collection(name), name=name, summaries=[],
            increment_global_step=not once, **more,
        ))  # fmt: skip
    step = group(*steps)
    if not once:
        return step
    with control_dependencies([step]), colocate_with(global_step):
        return assign_add(global_step, 1).op


def _params(head, linear_columns, linear_optimizer, joint, columns, optimizer, hidden_units,
            activation_fn, dropout, clip, factors, min_slice_size, once):
    linear_columns, columns = tuple(linear_columns or ()), tuple(columns or ())
    if not (linear_columns or columns):
        raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
    return {"head": head, "linear_feature_columns": linear_columns,
            "linear_optimizer": linear_optimizer, "joint_weights": joint,
            "feature_columns": columns, "optimizer": optimizer, "hidden_units": hidden_units,
            "activation_fn": activation_fn or relu, "dropout": dropout, "gradient_clip_norm": clip,
            "embedding_lr_multipliers": factors, "min_slice_size": min_slice_size,
            "fix_global_step_increment_bug": once}  # fmt: skip


class DNNLinearCombinedClassifier(Classifier):
    """A linear model and layers of `dnn_hidden_units`, added up, and classes."""

    def __init__(self, model_dir=None, n_classes=2, weight_column_name=None,
                 linear_feature_columns=None, linear_optimizer=None, _joint_linear_weights=False,
                 dnn_feature_columns=None, dnn_optimizer=None, dnn_hidden_units=None,
                 dnn_activation_fn=relu, dnn_dropout=None, gradient_clip_norm=None,
                 enable_centered_bias=False, config=None, feature_engineering_fn=None,
                 embedding_lr_multipliers=None, input_layer_min_slice_size=None, label_keys=None,
                 fix_global_step_increment_bug=False):
        head = multi_class_head(n_classes, None, weight_column_name, enable_centered_bias,
                                label_keys=label_keys)
        super().__init__(_model_fn, model_dir, config, _params(
            head, linear_feature_columns, linear_optimizer, _joint_linear_weights,
            dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout,
            gradient_clip_norm, embedding_lr_multipliers, input_layer_min_slice_size,
            fix_global_step_increment_bug,
        ), feature_engineering_fn)  # fmt: skip


class DNNLinearCombinedEstimator(Estimator):
    """A linear model and layers of `dnn_hidden_units`, added up, and a head."""

    def __init__(self, head, model_dir=None, linear_feature_columns=None, linear_optimizer=None,
                 _joint_linear_weights=False, dnn_feature_columns=None, dnn_optimizer=None,
                 dnn_hidden_units=None, dnn_activation_fn=None, dnn_dropout=None,
                 gradient_clip_norm=None, config=None, feature_engineering_fn=None,
                 embedding_lr_multipliers=None, fix_global_step_increment_bug=False,
                 input_layer_partitioner=None):
        params = _params(
            head, linear_feature_columns, linear_optimizer, _joint_linear_weights,
            dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout,
            gradient_clip_norm, embedding_lr_multipliers, None, fix_global_step_increment_bug,
        )  # fmt: skip
        params["input_layer_partitioner"] = input_layer_partitioner
        super().__init__(_model_fn, model_dir, config, params, feature_engineering_fn)


class DNNLinearCombinedRegressor(Regressor):
    """A linear model and layers of `dnn_hidden_units`, added up, and numbers."""

    def __init__(self, model_dir=None, weight_column_name=None, linear_feature_columns=None,
                 linear_optimizer=None, _joint_linear_weights=False, dnn_feature_columns=None,
                 dnn_optimizer=None, dnn_hidden_units=None, dnn_activation_fn=relu,
                 dnn_dropout=None, gradient_clip_norm=None, enable_centered_bias=False,
                 label_dimension=1, config=None, feature_engineering_fn=None,
                 embedding_lr_multipliers=None, input_layer_min_slice_size=None,
                 fix_global_step_increment_bug=False):
        head = regression_head(None, weight_column_name, label_dimension, enable_centered_bias)
        super().__init__(_model_fn, model_dir, config, _params(
            head, linear_feature_columns, linear_optimizer, _joint_linear_weights,
            dnn_feature_columns, dnn_optimizer, dnn_hidden_units, dnn_activation_fn, dnn_dropout,
            gradient_clip_norm, embedding_lr_multipliers, input_layer_min_slice_size,
            fix_global_step_increment_bug,
        ), feature_engineering_fn)  # fmt: skip
