"""`tf.compat.v2.keras.layers`: layers whose arguments have other defaults in TensorFlow 2."""
from minitf.compat.v2.later import rest
from minitf.core.arguments import inherited_init
from minitf.core.graph import name_scope
from minitf.keras import layers as v1
from minitf.keras.layers.feature_columns import LayerState

__getattr__ = rest(__name__)


class BatchNormalization(v1.BatchNormalization):
    """`tf.keras.layers.BatchNormalization`; one that is not trainable uses the moving mean and
    variance, in training too."""

    def call(self, inputs, training=None):
        return super().call(inputs, training if self.trainable else False)


class WeightsState(LayerState):
    """The variables of columns, which are weights of a layer: no variable scope knows them."""

    def create_variable(self, feature_column, name, shape, dtype=None, trainable=True,
                        use_resource=True, initializer=None):
        if (feature_column, name) in self._variables:
            raise ValueError("Variable already exists.")
        made = self._layer.add_weight(
            name, shape, dtype, initializer, trainable=self._trainable and trainable
        )
        self._variables[feature_column, name] = made
        return made


class DenseFeatures(v1.DenseFeatures):
    """`tf.keras.layers.DenseFeatures`; each layer has variables of its own, whatever its name."""

    def __init__(self, feature_columns, trainable=True, name=None, **kwargs):
        super().__init__(feature_columns, trainable, name, **kwargs)
        self._quietly(_state_manager=WeightsState(self, trainable))

    def build(self, input_shape):
        for column in self._feature_columns:
            with name_scope(column.name):
                column.create_state(self._state_manager)
        self.built = True


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
