"""`tf.contrib.timeseries`: from a model of a series to an EstimatorSpec."""
import re

from minitf.contrib.timeseries.feature_keys import (
    FilteringFeatures,
    FilteringResults,
    PredictionResults,
    SavedModelLabels,
    State,
    TrainEvalFeatures,
)
from minitf.contrib.timeseries.features_checked import (
    check_features_of_times,
    check_prediction_features,
    check_train_eval_features,
    require,
)
from minitf.core import nest
from minitf.core.dtypes import int64
from minitf.core.graph import name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.sparse_tensor import convert_to_tensor_or_sparse_tensor
from minitf.estimator.canned.head.base import Head
from minitf.estimator.mode_keys import ModeKeys
from minitf.estimator.model_fn import EstimatorSpec
from minitf.metrics.means import mean
from minitf.ops.array.basics import shape, zeros
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_scope import variable_scope
from minitf.ops.state.variables import Variable
from minitf.saved_model.export_outputs import PredictOutput
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step

TIMES, VALUES, STATE = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES, State.STATE_TUPLE


class _NoStatePredictOutput(PredictOutput):
    """Outputs of a signature whose inputs are without a state."""

    def as_signature_def(self, receiver_tensors):
        """The SignatureDef."""
        return super().as_signature_def(
            {key: value for key, value in receiver_tensors.items()
             if not key.startswith(State.STATE_PREFIX)}
        )  # fmt: skip


class TimeSeriesRegressionHead(Head):
    """Trains, evaluates and predicts with a TimeSeriesModel, whose states `state_manager` keeps.

    The statistics of the input that scale it are those of `input_statistics_generator`, if given.
    """

    def __init__(self, model, state_manager, optimizer, input_statistics_generator=None, name=None):
        self.model, self.state_manager, self.optimizer = model, state_manager, optimizer
        self.input_statistics_generator, self._name = input_statistics_generator, name

    logits_dimension = property(lambda self: 1)

    def create_loss(self, features, mode, logits=None, labels=None):
        """The model's ModelOutputs."""
        outputs = self.state_manager.define_loss(self.model, features, mode)
        scalar(self._key("loss"), outputs.loss)
        return outputs

    def create_estimator_spec(self, features, mode, labels=None):
        """The EstimatorSpec of {name: feature [batch, window, ...]}.

        ValueError for labels, for features that are missing or whose shapes do not go together,
        and for another mode.
        """
        with name_scope(self._name, "head"):
            if labels is not None and labels != {}:
                raise ValueError(
                    "The model received a `labels`, which is not supported. Pass "
                    f"'{TIMES}' and '{VALUES}' as features."
                )
            features = {name: self._convert_feature_to_tensor(name, value)
                        for name, value in features.items()}  # fmt: skip
            statistics = self._statistics(features, mode)
            self.model.initialize_graph(input_statistics=statistics)
            features, serving = self._gather_state(features)
            self._check_features(features, mode)
            self.state_manager.initialize_graph(model=self.model, input_statistics=statistics)
            return self._ops(mode, serving)(features)

    def _statistics(self, features, mode):
        if self.input_statistics_generator is None:
            return None
        return self.input_statistics_generator.initialize_graph(
            features, update_statistics=mode == ModeKeys.TRAIN
        )

    def _check_features(self, features, mode):
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            check_train_eval_features(features, self.model)
        elif mode == ModeKeys.PREDICT:
            self._check_predict_features(features)
        else:
            raise ValueError(f"Unknown mode '{mode}' passed to model_fn.")

    def _check_predict_features(self, features):
        check_prediction_features(features)

    def _ops(self, mode, serving):
        """What makes the spec: prediction from a state is made to be exported."""
        if mode == ModeKeys.TRAIN:
            return self._train_ops
        if mode == ModeKeys.EVAL:
            return self._evaluate_ops
        return self._serving_ops if serving else self._predict_ops

    def _train_ops(self, features):
        with variable_scope("model", use_resource=True):
            loss = self.create_loss(features, ModeKeys.TRAIN).loss
        train_op = self.optimizer.minimize(loss, global_step=get_global_step())
        return EstimatorSpec(mode=ModeKeys.TRAIN, loss=loss, train_op=train_op)

    def _evaluate_ops(self, features):
        with variable_scope("model", use_resource=True):
            outputs = self.create_loss(features, ModeKeys.EVAL)
        metrics = {name: _identity_metric_single(name, value)
                   for name, value in outputs.predictions.items()}  # fmt: skip
        times = FilteringResults.TIMES
        metrics[times] = _identity_metric_single(times, outputs.prediction_times)
        metrics[STATE] = _identity_metric_nested(STATE, outputs.end_state)
        metrics["average_loss"] = mean(outputs.loss, name="average_loss")
        return EstimatorSpec(mode=ModeKeys.EVAL, loss=outputs.loss, eval_metric_ops=metrics,
                             predictions=outputs.predictions)  # fmt: skip

    def _predict_ops(self, features):
        with variable_scope("model", use_resource=True):
            predictions = self.model.predict(features=features)
        predictions[PredictionResults.TIMES] = features[TIMES]
        return EstimatorSpec(mode=ModeKeys.PREDICT, predictions=predictions)

    def _serving_ops(self, features):
        """Three signatures: a state and times to predictions, a state and values to a state, values
        alone to a state."""
        with variable_scope("model", use_resource=True):
            predictions = self.model.predict(features=features)
        with variable_scope("model", reuse=True):
            filtered = self.create_loss(features, ModeKeys.EVAL)
        with variable_scope("model", reuse=True):
            given = {key: value for key, value in features.items()
                     if not key.startswith(State.STATE_PREFIX)}  # fmt: skip
            cold = self.model.define_loss(features=given, mode=ModeKeys.EVAL)
        return _exported({
            SavedModelLabels.PREDICT: PredictOutput(predictions),
            SavedModelLabels.FILTER: PredictOutput(state_to_dictionary(filtered.end_state)),
            SavedModelLabels.COLD_START_FILTER:
                _NoStatePredictOutput(state_to_dictionary(cold.end_state)),
        })  # fmt: skip

    def _convert_feature_to_tensor(self, name, value):
        if name == TIMES:
            return cast(value, int64)
        if name == VALUES:
            return cast(value, self.model.dtype)
        return value if name == STATE else convert_to_tensor_or_sparse_tensor(value)

    def _gather_state(self, features):
        """(features, whether they had a state in several Tensors): these as one nested tuple."""
        pattern = re.compile(f"^{State.STATE_PREFIX}_(\\d+)$")
        found = {key: pattern.search(key) for key in features}
        numbered = {int(match[1]): key for key, match in found.items() if match}
        if not numbered:
            return features, False
        gathered = {key: value for key, value in features.items() if not found[key]}
        flat = [features[numbered[number]] for number in sorted(numbered)]
        gathered[STATE] = nest.pack_sequence_as(self.model.get_start_state(), flat)
        return gathered, True


class OneShotPredictionHead(TimeSeriesRegressionHead):
    """A TimeSeriesRegressionHead that exports one signature, without a state: from values
    [batch, filtered times, features] and all times [batch, times] to predictions of the rest."""

    def _check_predict_features(self, features):
        for name in (TIMES, VALUES, STATE):
            require(name, features, "prediction")
        check_features_of_times(features, ignore={STATE, VALUES})

    def _evaluate_ops(self, features):
        spec = super()._evaluate_ops(features)
        del spec.eval_metric_ops[STATE]
        return spec

    def _serving_ops(self, features):
        with variable_scope("model", use_resource=True):
            filtered = shape(features[VALUES])[1]
            before, after = {}, {}
            for key, value in features.items():
                if key == FilteringFeatures.VALUES:
                    before[key] = value
                elif key != STATE:
                    before[key], after[key] = value[:, :filtered], value[:, filtered:]
            outputs = self.model.define_loss(features=before, mode=ModeKeys.EVAL)
            after[STATE] = outputs.end_state
        with variable_scope("model", reuse=True):
            predictions = self.model.predict(features=after)
        return _exported({SavedModelLabels.PREDICT: _NoStatePredictOutput(predictions)})


def _exported(outputs):
    return EstimatorSpec(mode=ModeKeys.PREDICT, predictions={}, export_outputs=outputs)


def _identity_metric_single(name, input_tensor):
    """(value, update): the metric is the last Tensor that came, of whichever shape."""
    kept = Variable(
        zeros([], dtype=input_tensor.dtype), name=f"{name}_identity_metric",
        collections=[GraphKeys.LOCAL_VARIABLES], validate_shape=False,
    )  # fmt: skip
    update = assign(kept, input_tensor, validate_shape=False)
    kept.set_shape(input_tensor.shape)
    return kept.value(), update


def _identity_metric_nested(name, input_tensors):
    """(values, update) of nested Tensors, the values nested as they are."""
    pairs = [_identity_metric_single(f"{name}_{number}", tensor)
             for number, tensor in enumerate(nest.flatten(input_tensors))]  # fmt: skip
    values = nest.pack_sequence_as(input_tensors, [value for value, _ in pairs])
    return values, group(*[update for _, update in pairs])


def state_to_dictionary(state_tuple):
    """{name: Tensor} of a nested state."""
    return {f"{State.STATE_PREFIX}_{number:02d}": value
            for number, value in enumerate(nest.flatten(state_tuple))}  # fmt: skip
