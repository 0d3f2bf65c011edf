"""`tf.contrib.timeseries`: where the state comes from with which a window starts."""
from minitf.contrib.timeseries.feature_keys import FilteringFeatures, TrainEvalFeatures
from minitf.contrib.timeseries.outputs import ModelOutputs
from minitf.contrib.timeseries.state_tables import TupleOfTensorsLookup, replicate_state
from minitf.core import nest
from minitf.core.dtypes import int64
from minitf.core.graph import control_dependencies
from minitf.estimator.mode_keys import ModeKeys
from minitf.ops.array.basics import identity, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, equal, maximum


class PassthroughStateManager:
    """Each window starts with the model's start state."""

    def __init__(self):
        self._input_statistics, self._graph_initialized = None, False

    def initialize_graph(self, model, input_statistics=None):
        """Add to the graph what is needed."""
        self._graph_initialized, self._input_statistics = True, input_statistics

    def define_loss(self, model, features, mode):
        """The model's ModelOutputs. ValueError for features with a start state."""
        if FilteringFeatures.STATE_TUPLE in features:
            raise ValueError("Overriding start state is not supported for this model.")
        return model.define_loss(features, mode)


class _OverridableStateManager(PassthroughStateManager):
    """A start state may be given, but in training."""

    def define_loss(self, model, features, mode):
        """The model's ModelOutputs, from the state in `features` if there is one, which is taken
        out of them. ValueError for a state in training."""
        key = FilteringFeatures.STATE_TUPLE
        if key not in features:
            return self._define_loss_with_saved_state(model, features, mode)
        if mode == ModeKeys.TRAIN:
            raise ValueError(
                "Overriding saved state for training is not supported (but a value for feature "
                f"{key} was specified)."
            )
        start_state = features.pop(key)
        return model.get_batch_loss(features=features, mode=mode, state=start_state)


class FilteringOnlyStateManager(_OverridableStateManager):
    """The model's start state, if none is given."""

    def _define_loss_with_saved_state(self, model, features, mode):
        return model.define_loss(features, mode)


class ChainingStateManager(_OverridableStateManager):
    """The state with which the window before has ended, as far as it is known.

    States are kept by time, one for `state_saving_interval` times, in checkpoints, too, if
    `checkpoint_state`.
    """

    def __init__(self, state_saving_interval=20, checkpoint_state=False):
        super().__init__()
        self._state_saving_interval = state_saving_interval
        self._checkpoint_state = checkpoint_state
        self._start_state = self._cached_states = None

    def initialize_graph(self, model, input_statistics=None):
        """Add the tables of states to the graph."""
        super().initialize_graph(model, input_statistics)
        self._start_state = model.get_start_state()
        self._cached_states = TupleOfTensorsLookup(
            int64, self._start_state, empty_key=-1, deleted_key=-2, name="cached_states",
            checkpoint=self._checkpoint_state,
        )  # fmt: skip

    def _define_loss_with_saved_state(self, model, features, mode):
        if not self._graph_initialized:
            raise ValueError(
                "ChainingStateManager requires initialize_graph() to be called before use."
            )
        loss, end_state, predictions = self._update_cached_states(model, features, mode)
        # Of the last window of the batch, with an axis of the batch: ready to predict from.
        last = nest.map_structure(lambda value: value[-1][None], end_state)
        predictions["observed"] = features[TrainEvalFeatures.VALUES]
        return ModelOutputs(loss, last, predictions, features[TrainEvalFeatures.TIMES])

    def _chunk_number(self, time):
        return time // self._state_saving_interval

    def _get_cached_states(self, times):
        """The states at these times [batch], the model's start state where the series starts."""
        chunks = self._chunk_number(times)
        cached = tuple(self._cached_states.lookup(cast(chunks, int64)))
        statistics = self._input_statistics
        start_time = 0 if statistics is None else statistics.start_time
        # From the table no gradient would come to the start state.
        at_start = equal(chunks, self._chunk_number(start_time))
        start = replicate_state(self._start_state, shape(times)[0])
        chosen = [where(at_start, first, found)
                  for first, found in zip(nest.flatten(start), nest.flatten(cached))]  # fmt: skip
        return nest.pack_sequence_as(cached, chosen)

    def _update_cached_states(self, model, features, mode):
        """(loss, end state, predictions): with the loss the states of all times are kept."""
        times = features[TrainEvalFeatures.TIMES]
        state = self._get_cached_states(times[:, 0])
        loss, states, predictions = model.per_step_batch_loss(
            features=features, mode=mode, state=state
        )
        # The chunk after that from which the state was read, at least: that whose state would be
        # read if a window started at the next time. Later times overwrite earlier ones.
        after = self._chunk_number(times) + 1
        following = self._chunk_number(concat([times[:, 1:], times[:, -1:] + 1], axis=1))
        kept = self._cached_states.insert(keys=maximum(following, after), values=states)
        end_state = nest.map_structure(lambda value: value[:, -1], states)
        with control_dependencies([kept]):
            return identity(loss), end_state, predictions
