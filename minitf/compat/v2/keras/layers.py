"""`tf.compat.v2.keras.layers`: layers whose arguments have other defaults in TensorFlow 2."""
from minitf.compat.v2.later import rest
from minitf.core.arguments import inherited_init
from minitf.keras import layers as v1

__getattr__ = rest(__name__)


class BatchNormalization(v1.BatchNormalization):
    """`tf.keras.layers.BatchNormalization`; one that is not trainable uses the moving mean and
    variance, in training too."""

    def call(self, inputs, training=None):
        return super().call(inputs, training if self.trainable else False)


class DenseFeatures(v1.DenseFeatures):
    """`tf.keras.layers.DenseFeatures`."""


@inherited_init(recurrent_activation="sigmoid", implementation=2, reset_after=True)
class GRUCell(v1.GRUCell):
    """`tf.keras.layers.GRUCell` with the gates of cuDNN: sigmoids, `reset_after`."""


@inherited_init(
    recurrent_activation="sigmoid", implementation=2, reset_after=True,
    before={"reset_after": {"time_major": False}},
)  # fmt: skip
class GRU(v1.GRU):
    """`tf.keras.layers.GRU` with the gates of cuDNN: sigmoids, `reset_after`."""


@inherited_init(recurrent_activation="sigmoid", implementation=2)
class LSTMCell(v1.LSTMCell):
    """`tf.keras.layers.LSTMCell` with sigmoids as gates."""


@inherited_init(
    recurrent_activation="sigmoid", implementation=2, before={"unroll": {"time_major": False}}
)
class LSTM(v1.LSTM):
    """`tf.keras.layers.LSTM` with sigmoids as gates."""
