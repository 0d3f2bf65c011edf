"""Models that go through a series time by time."""
from minitf.contrib.timeseries.base_model import TimeSeriesModel
from minitf.contrib.timeseries.feature_keys import PredictionFeatures, TrainEvalFeatures
from minitf.contrib.timeseries.outputs import ModelOutputs
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.basics import rank, shape, zeros
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.masks import where
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.elementwise import cast, less
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_prod, reduce_sum
from minitf.ops.state.variable_scope import variable_scope

_OWN = (PredictionFeatures.STATE_TUPLE, TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES)


class SequentialTimeSeriesModel(TimeSeriesModel):
    """A model that predicts the values of a time, corrects its state by them, and goes on.

    A subclass has these steps: `_imputation_step(current_times, state)` and
    `_exogenous_input_step(current_times, current_exogenous_regressors, state)` return a state;
    `_prediction_step(current_times, state)` returns one and the predictions named by
    `predict_output_names`; `_filtering_step(current_times, current_values, state, predictions)`
    returns one and those named by `train_output_names` and "loss" [batch]. The model sees values
    scaled to mean 0 and variance 1 with `normalize_features`; it then has
    `_scale_back_predictions`.
    Windows no longer than the threshold are unrolled without a loop.
    """

    def __init__(
        self, train_output_names, predict_output_names, num_features, normalize_features=False,
        dtype=float32, exogenous_feature_columns=None, exogenous_update_condition=None,
        static_unrolling_window_size_threshold=None,
    ):  # fmt: skip
        super().__init__(num_features, exogenous_feature_columns, dtype)
        self._train_output_names = train_output_names
        self._predict_output_names = predict_output_names
        self._normalize_features = normalize_features
        self._exogenous_update_condition = exogenous_update_condition
        self._static_unrolling_window_size_threshold = static_unrolling_window_size_threshold

    def _scale_back_predictions(self, predictions):
        raise NotImplementedError(
            "SequentialTimeSeriesModel normalized input data (normalize_features=True), but no "
            "method was provided to transform the predictions back to the input scale."
        )

    def _filtering_step(self, current_times, current_values, state, predictions):
        """(state, outputs) that the values [batch, features] of a time lead to."""
        raise NotImplementedError(f"{type(self).__name__}._filtering_step() is not there")

    def _prediction_step(self, current_times, state):
        """(state, predictions) of a time."""
        raise NotImplementedError(f"{type(self).__name__}._prediction_step() is not there")

    def _imputation_step(self, current_times, state):
        """The state, across times that are missing before this one."""
        raise NotImplementedError(f"{type(self).__name__}._imputation_step() is not there")

    def _exogenous_input_step(self, current_times, current_exogenous_regressors, state):
        """The state, after what is given of a time, [batch, n]."""
        raise NotImplementedError(f"{type(self).__name__}._exogenous_input_step() is not there")

    def _loss_additions(self, times, values, mode):
        """What is added to the loss."""
        return 0.0

    def _window_initializer(self, times, state):
        """Prepare what is needed at all times of a window."""

    def get_batch_loss(self, features, mode, state):
        """ModelOutputs of {name: Tensor [batch, window, ...]}, from a state [batch, ...]."""
        loss, states, outputs = self.per_step_batch_loss(features, mode, state)
        end_state = nest.map_structure(lambda value: value[:, -1], states)
        outputs["observed"] = features[TrainEvalFeatures.VALUES]
        return ModelOutputs(loss, end_state, outputs, features[TrainEvalFeatures.TIMES])

    def _apply_exogenous_update(self, current_times, step_number, state, raw_features,
                                embedded_exogenous_regressors):
        """The state after what is given of this time, where the condition holds."""
        if embedded_exogenous_regressors is None:
            return state
        updated = self._exogenous_input_step(
            current_times=current_times, state=state,
            current_exogenous_regressors=embedded_exogenous_regressors[:, step_number, :],
        )  # fmt: skip
        if self._exogenous_update_condition is None:
            return updated
        current = {key: value[:, step_number] for key, value in raw_features.items()
                   if key not in _OWN}  # fmt: skip
        chosen = [
            where(self._exogenous_update_condition(times=current_times, features=current), new, old)
            for new, old in zip(nest.flatten(updated), nest.flatten(state))
        ]
        return nest.pack_sequence_as(state, chosen)

    def per_step_batch_loss(self, features, mode, state):
        """(loss, states, outputs): a scalar, the mean over the batch and its times; the state after
        each of these and the outputs, [batch, window, ...].

        ValueError before initialize_graph().
        """
        self._check_graph_initialized()
        times = cast(features[TrainEvalFeatures.TIMES], int64)
        values = cast(features[TrainEvalFeatures.VALUES], self.dtype)
        if self._normalize_features:
            values = self._scale_data(values)
        own = TrainEvalFeatures.TIMES, TrainEvalFeatures.VALUES
        given = {key: value for key, value in features.items() if key not in own}
        regressors = self._process_exogenous_features(times, given)

        def step(step_number, current_times, state):
            current_values = values[:, step_number, :]
            state = self._apply_exogenous_update(
                current_times, step_number, state, features, regressors
            )
            state, predictions = self._prediction_step(current_times=current_times, state=state)
            return self._filtering_step(
                current_times=current_times, current_values=current_values, state=state,
                predictions=predictions,
            )  # fmt: skip

        states, outputs = self._state_update_loop(
            times, state, step, ["loss", *self._train_output_names]
        )
        losses = outputs.pop("loss")
        losses.set_shape(times.shape)
        loss = reduce_sum(losses) / cast(reduce_prod(shape(times)), self.dtype)
        loss += self._loss_additions(times, values, mode)
        if self._normalize_features:
            outputs = self._scale_back_predictions(outputs)
        return loss, states, outputs

    def predict(self, features):
        """{name: prediction [batch, window, ...]} of the times and the state in `features`."""
        times = convert_to_tensor(features[PredictionFeatures.TIMES], int64)
        own = PredictionFeatures.TIMES, PredictionFeatures.STATE_TUPLE
        given = {key: value for key, value in features.items() if key not in own}
        regressors = self._process_exogenous_features(times, given)

        def step(step_number, current_times, state):
            state = self._apply_exogenous_update(
                current_times, step_number, state, features, regressors
            )
            return self._prediction_step(current_times=current_times, state=state)

        _, predictions = self._state_update_loop(
            times, features[PredictionFeatures.STATE_TUPLE], step, self._predict_output_names
        )
        if self._normalize_features:
            predictions = self._scale_back_predictions(predictions)
        return predictions

    def _state_update_loop(self, times, state, state_update_fn, outputs):
        """(states, {name: output}) of all times, [batch, window, ...]: what
        `state_update_fn(step_number, current_times, state)` returns for each of them."""
        times = convert_to_tensor(times, dtype=int64)
        length = dimension_value(times.shape[1])
        threshold = self._static_unrolling_window_size_threshold
        unrolled = None not in (length, threshold) and length <= threshold
        self._window_initializer(times, state)
        loop = _Loop(self, times, state_update_fn, outputs)
        return loop.unrolled(state, length) if unrolled else loop.looped(state)


class _Loop:
    """The steps of a model through the times [batch, window], and what they leave."""

    def __init__(self, model, times, update, outputs):
        self._model, self._times, self._update, self._outputs = model, times, update, outputs

    def looped(self, state):
        length = shape(self._times)[1]
        types = [value.dtype for value in nest.flatten(state)]

        def step(number, state, states, outputs):
            state, flat, values = self._step(number, state)
            states = [array.write(number, value) for array, value in zip(states, flat)]
            outputs = [array.write(number, value) for array, value in zip(outputs, values)]
            return number + 1, state, states, outputs

        start = [
            zeros([], int32), state, [TensorArray(dtype, length) for dtype in types],
            [TensorArray(self._model.dtype, length) for _ in self._outputs],
        ]  # fmt: skip
        _, _, states, outputs = while_loop(lambda number, *_: less(number, length), step, start)
        return self._named(state, [_batch_first(array.stack()) for array in outputs],
                           [_batch_first(array.stack()) for array in states])  # fmt: skip

    def unrolled(self, state, length):
        structure, states, outputs = state, [], []
        for number in range(length):
            state, flat, values = self._step(constant(number, int32), state, reuse=number > 0)
            states.append(flat)
            outputs.append(values)
        return self._named(structure, [stack(column, axis=1) for column in zip(*outputs)],
                           [stack(column, axis=1) for column in zip(*states)])  # fmt: skip

    def _named(self, structure, outputs, states):
        return nest.pack_sequence_as(structure, states), dict(zip(self._outputs, outputs))

    def _step(self, number, state, reuse=False):
        """(state, its Tensors, outputs in order) after one time."""
        with variable_scope("state_update_step", reuse=reuse):
            current = self._times[:, number]
            before = self._model._imputation_step(current_times=current, state=state)
            after, outputs = self._update(number, current, before)
            if set(outputs) != set(self._outputs):
                raise ValueError(
                    f"{type(self._model).__name__} has the outputs {sorted(outputs)}: those it "
                    f"named are {sorted(self._outputs)}"
                )
            flat = nest.flatten(after)
            for value, original in zip(flat, nest.flatten(before)):
                value.set_shape(original.shape)
            return (nest.pack_sequence_as(before, flat), flat,
                    [outputs[name] for name in self._outputs])  # fmt: skip


def _batch_first(stacked):
    order = concat([[1, 0], numbers(2, rank(stacked))], 0)
    return transpose(stacked, perm=order)
