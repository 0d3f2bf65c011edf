"""Networks from a window of a series to the next one: the inner part of an ARModel."""
from minitf.contrib.rnn.block import LSTMBlockFusedCell
from minitf.keras.engine.sequential import Sequential
from minitf.keras.engine.training import Model
from minitf.keras.layers.core import Dense, Flatten
from minitf.nn.activation import relu
from minitf.ops.array.basics import reshape
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import exp
from minitf.ops.reduction.axes import transpose


class FlatPredictionModel(Model):
    """Dense layers on both windows, flattened; hidden ones of these sizes before the last."""

    def __init__(self, num_features, input_window_size, output_window_size,
                 hidden_layer_sizes=None):
        super().__init__()
        self._input_flatten, self._output_flatten = Flatten(), Flatten()
        self._hidden_layers = None
        if hidden_layer_sizes:
            self._hidden_layers = Sequential(
                [Dense(size, activation=relu) for size in hidden_layer_sizes]
            )
        size = num_features * output_window_size
        self._mean_transform = Dense(size, name="predicted_mean")
        self._covariance_transform = Dense(size, name="log_sigma_square")
        self._prediction_shape = [-1, output_window_size, num_features]

    def call(self, input_window_features, output_window_features):
        """{"mean", "covariance"}: Tensors [batch, output window, features], the latter a diagonal.

        Inputs are [batch, window, n]; the input window, or the n of the output, may be 0.
        """
        activation = self._flattened(input_window_features, output_window_features)
        if self._hidden_layers:
            activation = self._hidden_layers(activation)
        mean = reshape(self._mean_transform(activation), self._prediction_shape)
        covariance = exp(self._covariance_transform(activation))
        return {"mean": mean, "covariance": reshape(covariance, self._prediction_shape)}

    def _flattened(self, before, after):
        if before.shape[1] == 0:
            return self._output_flatten(after)
        if after.shape[2] == 0:
            return self._input_flatten(before)
        return concat([self._input_flatten(before), self._output_flatten(after)], axis=1)


class LSTMPredictionModel(Model):
    """An LSTM reads the input window, another goes on from its state through the output window."""

    def __init__(self, num_features, input_window_size, output_window_size, num_units=128):
        super().__init__()
        self._encoder = LSTMBlockFusedCell(num_units=num_units, name="encoder")
        self._decoder = LSTMBlockFusedCell(num_units=num_units, name="decoder")
        self._mean_transform = Dense(num_features, name="mean_transform")
        self._covariance_transform = Dense(num_features, name="covariance_transform")

    def call(self, input_window_features, output_window_features):
        """{"mean", "covariance"}: Tensors [batch, output window, features], the latter a diagonal.

        Inputs are [batch, window, n].
        """
        before = transpose(input_window_features, [1, 0, 2])
        after = transpose(output_window_features, [1, 0, 2])
        _, state = self._encoder(before, dtype=self.dtype)
        decoded, _ = self._decoder(after, dtype=self.dtype, initial_state=state)
        decoded = transpose(decoded, [1, 0, 2])
        mean = self._mean_transform(decoded)
        return {"mean": mean, "covariance": exp(self._covariance_transform(decoded))}
