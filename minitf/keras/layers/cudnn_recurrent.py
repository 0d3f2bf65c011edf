"""`tf.keras.layers.CuDNNGRU` and `CuDNNLSTM`, whose variables are laid out as cuDNN has them.

In TensorFlow they run on a GPU alone; here the same op, CudnnRNN, runs everywhere.
"""
import minitf as tf
from minitf.core.arguments import takes
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.cells import ForgetBias
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
        outputs, states = self.layer._run(tf.expand_dims(inputs, 0), states)
        return outputs[0], states


class _CuDNN(RNN):
    """A recurrent layer with sigmoid gates and two biases for each."""

    gates: int
    mode: str
    order: tuple[int, ...]  # of cuDNN's gates among the columns of the kernels

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

    def _stepped_over(self, inputs, states, constants, mask, training):
        inputs = inputs if self.time_major else tf.transpose(inputs, [1, 0, 2])
        inputs = tf.reverse(inputs, [0]) if self.go_backwards else inputs
        outputs, states = self._run(inputs, states)
        turned = outputs if self.time_major else tf.transpose(outputs, [1, 0, 2])
        return outputs[-1], turned, states

    def _run(self, inputs, states):
        """(outputs, the last states) of `inputs` [time, batch, inputs]."""
        h, *c = [tf.expand_dims(each, 0) for each in states]
        outputs, h, last, _ = tf.raw_ops.CudnnRNN(
            input=inputs, input_h=h, input_c=c[0] if c else tf.constant([], inputs.dtype),
            params=self._parameters(), rnn_mode=self.mode,
        )  # fmt: skip
        return outputs, [h[0], last[0]] if c else [h[0]]

    def _parameters(self):
        """The variables as cuDNN reads them: one gate after the other."""
        kernels = [tf.split(each, self.gates, axis=1)
                   for each in (self.kernel, self.recurrent_kernel)]  # fmt: skip
        biases = tf.split(self.bias, 2 * self.gates)
        biases = [biases[: self.gates], biases[self.gates :]]
        parts = [each[k] for each in kernels + biases for k in self.order]
        return tf.concat([tf.reshape(part, [-1]) for part in parts], 0)

    def get_config(self):
        return Layer.get_config(self) | config_of(self, *_OF_LAYER, "units", *_SHARED)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class CuDNNGRU(_CuDNN):
    """Gated recurrent units over time as cuDNN computes them: the reset gate after the product."""

    gates, mode, order = 3, "gru", (1, 0, 2)

    @takes(SimpleRNN, without=_FIXED, into="arguments")
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, arguments["units"], **kwargs)


class CuDNNLSTM(ForgetBias, _CuDNN):
    """Long short-term memory over time as cuDNN computes it: with two biases."""

    gates, mode, order = 4, "lstm", (0, 1, 2, 3)

    @takes(LSTM, without=["recurrent_activation", "implementation", *_FIXED], into="arguments")
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, (arguments["units"],) * 2, **kwargs)

    def _bias_parts(self):
        return 5 * self.units, self.units, 2 * self.units

    def get_config(self):
        return super().get_config() | config_of(self, "unit_forget_bias")
