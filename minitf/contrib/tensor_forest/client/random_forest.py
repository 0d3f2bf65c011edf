"""`tensorflow.contrib.tensor_forest.client.random_forest`: forests as estimators."""
from minitf import estimator as core
from minitf.contrib.estimator import heads as core_heads
from minitf.contrib.layers.feature_column_ops import transform_features
from minitf.contrib.learn.estimator import Estimator, ModelFnOps
from minitf.contrib.learn.head import multi_class_head, regression_head
from minitf.contrib.tensor_forest.client import eval_metrics
from minitf.contrib.tensor_forest.client.hooks import (
    TensorForestLossHook,
    TensorForestRunOpAtEndHook,
)
from minitf.contrib.tensor_forest.python import tensor_forest
from minitf.core.graph import control_dependencies
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.estimator.mode_keys import ModeKeys
from minitf.feature_column.former import _LazyBuilder
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import log, maximum
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.assign import assign_add
from minitf.ops.state.variable_scope import variable_scope
from minitf.saved_model.export_outputs import PredictOutput
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step

KEYS_NAME, LOSS_NAME = "keys", "rf_training_loss"
TREE_PATHS_PREDICTION_KEY, VARIANCE_PREDICTION_KEY = "tree_paths", "prediction_variance"
ALL_SERVING_KEY = "tensorforest_all"
EPSILON = 0.000001


class ModelBuilderOutputType:
    """What a model function returns: that of tf.contrib.learn, or that of tf.estimator."""

    MODEL_FN_OPS, ESTIMATOR_SPEC = 0, 1


def _default_head(params, weights_name, output_type):
    if output_type == ModelBuilderOutputType.MODEL_FN_OPS:
        if params.regression:
            return regression_head(None, weights_name, params.num_outputs)
        return multi_class_head(params.num_classes, weight_column_name=weights_name)
    if params.regression:
        return core_heads.regression_head(weights_name, params.num_outputs)
    if params.num_classes == 2:
        return core_heads.binary_classification_head(weights_name)
    return core_heads.multi_class_head(params.num_classes, weights_name)


def get_model_fn(params, graph_builder_class, device_assigner, feature_columns=None,
                 weights_name=None, model_head=None, keys_name=None, early_stopping_rounds=100,
                 early_stopping_loss_threshold=0.001, num_trainers=1, trainer_id=0,
                 report_feature_importances=False, local_eval=False, head_scope=None,
                 include_all_in_serving=False,
                 output_type=ModelBuilderOutputType.MODEL_FN_OPS):
    """The model function of a forest: see `TensorForestEstimator` for what it is told."""
    old = output_type == ModelBuilderOutputType.MODEL_FN_OPS
    head = model_head or _default_head(params, weights_name, output_type)

    def _model_fn(features, labels, mode):
        features = _by_name(features, feature_columns, old)
        weights = features.pop(weights_name, None) if weights_name else None
        keys = features.pop(keys_name, None) if keys_name else None
        local = mode == ModeKeys.PREDICT or (local_eval and mode == ModeKeys.EVAL)
        forest = graph_builder_class(params, device_assigner=None if local else device_assigner)
        logits, paths, variance = forest.inference_graph(features)
        scalar("average_tree_size", forest.average_size())
        if not params.regression and params.num_classes == 2:
            logits = _log_odds(logits)
        step = None
        if labels is not None and mode == ModeKeys.TRAIN:
            with control_dependencies([logits.op]):
                grown = forest.training_graph(
                    features, labels, input_weights=weights, num_trainers=num_trainers,
                    trainer_id=trainer_id,
                )  # fmt: skip
                step = group(grown, assign_add(get_global_step(), 1))
        if weights is not None:
            features[weights_name] = weights
        if old:
            spec = head.create_model_fn_ops(features, mode, labels, lambda loss: step, logits,
                                            scope=head_scope)  # fmt: skip
        else:
            spec = _core_spec(head, features, labels, mode, logits, lambda loss: step)
        hooks = _hooks(forest, spec.loss, report_feature_importances, early_stopping_rounds,
                       early_stopping_loss_threshold)  # fmt: skip
        predictions = {**spec.predictions, VARIANCE_PREDICTION_KEY: variance}
        if keys is not None:
            predictions[keys_name] = keys
        if params.inference_tree_paths:
            predictions[TREE_PATHS_PREDICTION_KEY] = paths
        if old:
            return spec._replace(predictions=predictions, training_hooks=hooks)
        hooks += list(spec.training_hooks)
        outputs = spec.export_outputs
        if include_all_in_serving:
            outputs = {ALL_SERVING_KEY: PredictOutput(predictions)}
        return spec._replace(predictions=predictions, training_hooks=hooks, export_outputs=outputs)

    return _model_fn


def _by_name(features, columns, old):
    """Features by their names, with those that columns make of them."""
    if isinstance(features, (Tensor, SparseTensor)):
        features = {"features": features}
    features = dict(features)
    if columns and old:
        features.update(transform_features(features, columns))
    elif columns:
        builder = _LazyBuilder(features)
        features.update({column.name: builder.get(column) for column in columns})
    return features


def _log_odds(probabilities):
    """What a head of two classes takes. A probability may be 0, or 1."""
    of_1 = slice_(probabilities, [0, 1], [-1, 1])
    return log(maximum(of_1 / maximum(1.0 - of_1, EPSILON), EPSILON))


def _core_spec(head, features, labels, mode, logits, train_op_fn):
    return head.create_estimator_spec(features, mode, logits, labels, train_op_fn=train_op_fn)


def _hooks(forest, loss, importances, rounds, threshold):
    ops = {"1: feature_importances": forest.feature_importances()} if importances else {}
    hooks = [TensorForestRunOpAtEndHook(ops)]
    if rounds:
        hooks.append(TensorForestLossHook(rounds, threshold, loss))
    return hooks


class TensorForestEstimator(Estimator):
    """A random forest: `params` are ForestHParams, which it fills.

    Features are a matrix, a SparseTensor, or a dict of both; `feature_columns` add to them.
    `weight_column` names the feature that has the weights of examples, `keys_column` one that is
    passed on to predictions. Training stops when the loss has not gone down by the part
    `early_stopping_loss_threshold` for `early_stopping_rounds` steps, unless these are None.
    `report_feature_importances` logs them at the end. `head` is one of tf.contrib.learn.
    """

    def __init__(self, params, device_assigner=None, model_dir=None, feature_columns=None,
                 graph_builder_class=tensor_forest.RandomForestGraphs, config=None,
                 weight_column=None, keys_column=None, feature_engineering_fn=None,
                 early_stopping_rounds=100, early_stopping_loss_threshold=0.001, num_trainers=1,
                 trainer_id=0, report_feature_importances=False, local_eval=False, version=None,
                 head=None, include_all_in_serving=False):
        if num_trainers == 1 and config is not None:
            num_trainers = max(1, config.num_worker_replicas)
        model_fn = get_model_fn(
            params.fill(), graph_builder_class, device_assigner, feature_columns, weight_column,
            head, keys_column, early_stopping_rounds, early_stopping_loss_threshold, num_trainers,
            trainer_id, report_feature_importances, local_eval,
            include_all_in_serving=include_all_in_serving,
        )  # fmt: skip
        super().__init__(model_fn, model_dir, config,
                         feature_engineering_fn=feature_engineering_fn)  # fmt: skip


def get_combined_model_fn(model_fns):
    """One model function of several: each is given a column of the labels. Losses are averaged,
    probabilities put side by side, classes stacked."""

    def _model_fn(features, labels, mode):
        made = []
        for number, model_fn in enumerate(model_fns):
            with variable_scope(f"label_{number}"):
                column = None if labels is None else slice_(labels, [0, number], [-1, 1])
                made.append(model_fn(features, column, mode))
        predictions, loss, train_op = {}, None, None
        if mode != ModeKeys.TRAIN:
            for key, join in ((eval_metrics.INFERENCE_PROB_NAME, concat),
                              (eval_metrics.INFERENCE_PRED_NAME, stack)):  # fmt: skip
                predictions[key] = join([each.predictions[key] for each in made], axis=1)
        if mode != ModeKeys.PREDICT:
            loss = reduce_sum(stack([each.loss for each in made])) / len(made)
        if mode == ModeKeys.TRAIN:
            train_op = group(*[each.train_op for each in made])
        hooks = [hook for each in made for hook in each.training_hooks]
        return ModelFnOps(mode, predictions, loss, train_op, training_hooks=hooks)

    return _model_fn


class MultiForestMultiHeadEstimator(Estimator):
    """A forest for each column of the labels: `params_list` are ForestHParams, one for each."""

    def __init__(self, params_list, device_assigner=None, model_dir=None, feature_columns=None,
                 graph_builder_class=tensor_forest.RandomForestGraphs, config=None,
                 weight_column=None, keys_column=None, feature_engineering_fn=None,
                 early_stopping_rounds=100, num_trainers=1, trainer_id=0,
                 report_feature_importances=False, local_eval=False):
        if num_trainers == 1 and config is not None:
            num_trainers = max(1, config.num_worker_replicas)
        model_fns = [
            get_model_fn(
                params.fill(), graph_builder_class, device_assigner, None, weight_column, None,
                keys_column, early_stopping_rounds, num_trainers=num_trainers,
                trainer_id=trainer_id, report_feature_importances=report_feature_importances,
                local_eval=local_eval,
            )
            for params in params_list
        ]  # fmt: skip
        super().__init__(get_combined_model_fn(model_fns), model_dir, config,
                         feature_engineering_fn=feature_engineering_fn)  # fmt: skip


class CoreTensorForestEstimator(core.Estimator):
    """A random forest, as tf.estimator has models: see `TensorForestEstimator`.

    `head` is one of tf.contrib.estimator; with `include_all_in_serving` all predictions are
    exported. `feature_engineering_fn` is not looked at, as in TensorFlow.
    """

    def __init__(self, params, device_assigner=None, model_dir=None, feature_columns=None,
                 graph_builder_class=tensor_forest.RandomForestGraphs, config=None,
                 weight_column=None, keys_column=None, feature_engineering_fn=None,
                 early_stopping_rounds=100, early_stopping_loss_threshold=0.001, num_trainers=1,
                 trainer_id=0, report_feature_importances=False, local_eval=False, version=None,
                 head=None, include_all_in_serving=False):
        if num_trainers == 1 and config is not None:
            num_trainers = max(1, config.num_worker_replicas)
        if trainer_id == 0 and config is not None:
            trainer_id = config.global_id_in_cluster
        model_fn = get_model_fn(
            params.fill(), graph_builder_class, device_assigner, feature_columns, weight_column,
            head, keys_column, early_stopping_rounds, early_stopping_loss_threshold, num_trainers,
            trainer_id, report_feature_importances, local_eval,
            include_all_in_serving=include_all_in_serving,
            output_type=ModelBuilderOutputType.ESTIMATOR_SPEC,
        )  # fmt: skip
        super().__init__(model_fn, model_dir, config)
