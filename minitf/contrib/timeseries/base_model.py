"""What every model of a series has: scales, embedded features, a loss."""
from minitf.contrib.timeseries.feature_keys import TrainEvalFeatures
from minitf.contrib.timeseries.state_tables import replicate_state
from minitf.core.dtypes import float32, string
from minitf.core.graph import Graph
from minitf.feature_column.models import input_layer, make_parse_example_spec
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.io.examples import parse_example
from minitf.ops.math.elementwise import cast, sqrt
from minitf.ops.state.placeholder import placeholder


def parsed_placeholders(columns):
    """{name: Tensor [batch, ...]} that these feature columns read, in the default graph."""
    serialized = placeholder(string, [None])
    return parse_example(serialized, make_parse_example_spec(columns))


class TimeSeriesModel:
    """A model of series of `num_features` values, with other features given beside them.

    A subclass has `get_start_state`, `get_batch_loss` and `predict`. `exogenous_feature_columns`
    say how the other features are read.
    """

    def __init__(self, num_features, exogenous_feature_columns=None, dtype=float32):
        self._exogenous_feature_columns = exogenous_feature_columns or []
        self.num_features, self.dtype = num_features, dtype
        self._input_statistics = self._stats_means = self._stats_sigmas = None
        self._graph_initialized = False

    @property
    def exogenous_feature_columns(self):
        """Feature columns of what is given, not predicted."""
        return self._exogenous_feature_columns

    def generate(self, number_of_series, series_length, model_parameters=None, seed=None):
        """{name: array [number_of_series, series_length, ...]} drawn from the model, times and
        values. NotImplementedError where a model cannot."""
        raise NotImplementedError("This model does not support generation.")

    def get_start_state(self):
        """Nested Tensors, the state at the start of a series, without an axis of the batch."""
        raise NotImplementedError(f"{type(self).__name__}.get_start_state() is not there")

    def get_batch_loss(self, features, mode, state):
        """ModelOutputs of {name: Tensor [batch, window, ...]}, from a state [batch, ...]."""
        raise NotImplementedError(f"{type(self).__name__}.get_batch_loss() is not there")

    def predict(self, features):
        """{name: prediction [batch, window, ...]} of the times and the state in `features`."""
        raise NotImplementedError(f"{type(self).__name__}.predict() is not there")

    def initialize_graph(self, input_statistics=None):
        """Add to the graph what depends on no other operation; scales are those of the
        InputStatistics, if given."""
        self._graph_initialized = True
        self._input_statistics = input_statistics
        if input_statistics:
            self._stats_means, variances = input_statistics.overall_feature_moments
            self._stats_sigmas = sqrt(variances)

    def _scale_data(self, data):
        """Of the scale of the input, to that of the model."""
        if self._input_statistics is None:
            return data
        return (data - self._stats_means) / self._stats_sigmas

    def _scale_variance(self, variance):
        if self._input_statistics is None:
            return variance
        return variance / self._input_statistics.overall_feature_moments.variance

    def _scale_back_data(self, data):
        """Of the scale of the model, to that of the input."""
        if self._input_statistics is None:
            return data
        return (data * self._stats_sigmas) + self._stats_means

    def _scale_back_variance(self, variance):
        if self._input_statistics is None:
            return variance
        return variance * self._input_statistics.overall_feature_moments.variance

    def _check_graph_initialized(self):
        if not self._graph_initialized:
            raise ValueError(
                "TimeSeriesModels require initialize_graph() to be called before use. This defines "
                "variables and ops in the default graph, and allows Tensor-valued input statistics "
                "to be specified."
            )

    def define_loss(self, features, mode):
        """ModelOutputs of {name: Tensor [batch, window, ...]}, each from the start state.

        ValueError before initialize_graph().
        """
        self._check_graph_initialized()
        batch_size = shape(features[TrainEvalFeatures.TIMES])[0]
        start_state = replicate_state(self.get_start_state(), batch_size)
        return self.get_batch_loss(features=features, mode=mode, state=start_state)

    def _get_exogenous_embedding_shape(self):
        """The shape of what is embedded of one time."""
        columns = self._exogenous_feature_columns
        if not columns:
            return (0,)
        with Graph().as_default():
            return input_layer(parsed_placeholders(columns), columns).shape.as_list()[1:]

    def _process_exogenous_features(self, times, features):
        """Features [batch, window, ...] embedded in one Tensor [batch, window, n], or None without
        feature columns. ValueError for one of unknown rank."""
        if not self._exogenous_feature_columns:
            return None
        rows = {name: _in_rows(name, tensor) for name, tensor in features.items()}
        embedded = input_layer(rows, self._exogenous_feature_columns, trainable=True)
        regressors = reshape(embedded, concat([shape(times), shape(embedded)[1:]], axis=0))
        regressors.set_shape(times.shape.concatenate(embedded.shape[1:]))
        return cast(regressors, self.dtype)


def _in_rows(name, tensor):
    """[batch, window, ...] as [batch * window, ...], numbers as [batch * window, 1] at least."""
    if tensor.shape.ndims is None:
        raise ValueError(
            f"Features with unknown rank are not supported. Got shape {tensor.shape} for feature "
            f"{name}."
        )
    sizes = shape(tensor)
    rows = reshape(tensor, concat([[sizes[0] * sizes[1]], sizes[2:]], axis=0))
    return rows[:, None] if rows.shape.ndims == 1 and rows.dtype != string else rows
