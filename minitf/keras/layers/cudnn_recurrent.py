"""`tf.keras.layers.CuDNNGRU` and `CuDNNLSTM`, whose variables are laid out as cuDNN has them.

In TensorFlow they run on a GPU alone; here they are stepped as other recurrent layers are.
"""
import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.cells import ForgetBias, LSTMCell
from minitf.keras.layers.described import attributes, config_of
from minitf.keras.layers.recurrent import LSTM, SimpleRNN
from minitf.keras.layers.rnn import RNN

_SHARED = (
    "kernel_initializer", "recurrent_initializer", "bias_initializer", "kernel_regularizer",
    "recurrent_regularizer", "bias_regularizer", "activity_regularizer", "kernel_constraint",
    "recurrent_constraint", "bias_constraint",
)  # fmt: skip
_FIXED = ("activation", "use_bias", "dropout", "recurrent_dropout", "unroll")
_OF_LAYER = ("return_sequences", "return_state", "go_backwards", "stateful", "time_major")


class _Step:
    """The cell of such a layer, which has the variables itself."""

    def __init__(self, layer, state_size):
        self.layer, self.state_size = layer, state_size
        self.output_size = layer.units

    def call(self, inputs, states):
        """(output, states) of one step."""
        return self.layer._stepped(inputs, states)


class _CuDNN(RNN):
    """A recurrent layer with sigmoid gates and two biases for each."""

    gates: int

    def __init__(self, arguments, state_size, time_major=False, **kwargs):
        own = {key: arguments.pop(key) for key in _OF_LAYER if key in arguments}
        self._quietly(units=arguments["units"])
        super().__init__(_Step(self, state_size), time_major=time_major, **own, **kwargs)
        attributes(self, arguments)
        self.supports_masking = False
        self.input_spec = [InputSpec(ndim=3)]

    def build(self, input_shape):
        """Make kernel, recurrent_kernel and bias, that of inputs followed by that of states."""
        super().build(input_shape)
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        columns, inputs = self.units * self.gates, tf.TensorShape(shape)[-1].value
        self.kernel = self._weight_of("kernel", (inputs, columns))
        self.recurrent_kernel = self._weight_of(
            "recurrent_kernel", (self.units, columns), "recurrent"
        )
        self.bias = self._weight_of("bias", (2 * columns,))

    def call(self, inputs, mask=None, training=None, initial_state=None):
        if mask is not None and any(m is not None for m in tf.nest.flatten(mask)):
            raise ValueError("Masking is not supported for CuDNN RNNs.")
        return super().call(inputs, training=training, initial_state=initial_state)

    def _products(self, inputs, state):
        """inputs * kernel + bias and state * recurrent_kernel + bias, for each gate."""
        columns = self.units * self.gates
        kernel, recurrent = self._turned(self.kernel), self._turned(self.recurrent_kernel)
        x = tf.nn.bias_add(K.dot(inputs, kernel), self.bias[:columns])
        h = tf.nn.bias_add(K.dot(state, recurrent), self.bias[columns:])
        return tf.split(x, self.gates, axis=1), tf.split(h, self.gates, axis=1)

    def _turned(self, kernel):
        """A kernel [inputs, gates * units] as cuDNN reads it: as [units, inputs] for each gate."""
        parts = tf.split(kernel, self.gates, axis=1)
        turned = [tf.transpose(tf.reshape(part, (self.units, -1))) for part in parts]
        return tf.concat(turned, axis=1)

    def get_config(self):
        return Layer.get_config(self) | config_of(self, *_OF_LAYER, "units", *_SHARED)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class CuDNNGRU(_CuDNN):
    """Gated recurrent units over time as cuDNN computes them: the reset gate after the product."""

    gates = 3

    @takes(SimpleRNN, without=_FIXED, into="arguments")
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, arguments["units"], **kwargs)

    def _stepped(self, inputs, states):
        (x_z, x_r, x_h), (h_z, h_r, h_h) = self._products(inputs, states[0])
        z, r = tf.sigmoid(x_z + h_z), tf.sigmoid(x_r + h_r)
        output = z * states[0] + (1 - z) * tf.tanh(x_h + r * h_h)
        return output, [output]


class CuDNNLSTM(ForgetBias, _CuDNN):
    """Long short-term memory over time as cuDNN computes it: with two biases."""

    gates = 4
    recurrent_activation, activation = staticmethod(tf.sigmoid), staticmethod(tf.tanh)

    @takes(LSTM, without=["recurrent_activation", "implementation", *_FIXED], into="arguments")
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, (arguments["units"],) * 2, **kwargs)

    def _bias_parts(self):
        return 5 * self.units, self.units, 2 * self.units

    def _stepped(self, inputs, states):
        before, carry = states
        gates = [x + h for x, h in zip(*self._products(inputs, before))]
        carry, out = LSTMCell._carried(self, gates, carry)
        output = out * tf.tanh(carry)
        return output, [output, carry]

    def get_config(self):
        return super().get_config() | config_of(self, "unit_forget_bias")
