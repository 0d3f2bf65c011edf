"""`tf.keras.layers.ConvLSTM2D`: an LSTM of images, whose products are convolutions."""
import numpy as np

import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec
from minitf.keras.layers.cells import ForgetBias, LSTMCell, _Cell
from minitf.keras.layers.recurrent import PENALTY, OfOneCell, shown
from minitf.layers.window import numbers, padding_named, windowed


class ConvLSTM2DCell(ForgetBias, _Cell):
    """One step of a `ConvLSTM2D`."""

    gates = 4

    @takes(LSTMCell, without=["units", "implementation"], into="arguments")
    def __init__(
        self, arguments, filters, kernel_size, strides=(1, 1), padding="valid", data_format=None,
        dilation_rate=(1, 1), **kwargs,
    ):  # fmt: skip
        windows = {
            "filters": filters,
            "kernel_size": numbers(kernel_size, 2, "kernel_size"),
            "strides": numbers(strides, 2, "strides"),
            "padding": padding_named(padding),
            "data_format": data_format,
            "dilation_rate": numbers(dilation_rate, 2, "dilation_rate"),
        }
        super().__init__(windows | arguments, **kwargs)
        self._quietly(state_size=(filters, filters))

    def build(self, input_shape):
        """Make kernel, recurrent_kernel and bias. ValueError for an unknown number of channels."""
        axis = 1 if self.data_format == "channels_first" else -1
        channels = tf.TensorShape(input_shape)[axis].value
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        outputs = self.filters * 4
        self._quietly(kernel_shape=(*self.kernel_size, channels, outputs))
        self.kernel = self._weight_of("kernel", self.kernel_shape)
        self.recurrent_kernel = self._weight_of(
            "recurrent_kernel", (*self.kernel_size, self.filters, outputs), "recurrent"
        )
        self.bias = self._weight_of("bias", (outputs,)) if self.use_bias else None
        self.built = True

    def _bias_parts(self):
        return self.filters, self.filters, 2 * self.filters

    def call(self, inputs, states, training=None):
        before, carry = states[0], states[1]
        masks = self.get_dropout_mask_for_cell(inputs, training, count=4)
        recurrent_masks = self.get_recurrent_dropout_mask_for_cell(before, training, count=4)
        x = self._dropped(inputs, masks, self.dropout, 4)
        h = self._dropped(before, recurrent_masks, self.recurrent_dropout, 4)
        kernels = tf.split(self.kernel, 4, axis=3)
        recurrent = tf.split(self.recurrent_kernel, 4, axis=3)
        biases = tf.split(self.bias, 4) if self.use_bias else [None] * 4
        x = [self.input_conv(*each, padding=self.padding) for each in zip(x, kernels, biases)]
        h = [self.recurrent_conv(*pair) for pair in zip(h, recurrent)]
        gates = (given + kept for given, kept in zip(x, h))
        carry, out = LSTMCell._carried(self, gates, carry)
        output = out * self.activation(carry)
        return output, [output, carry]

    def input_conv(self, x, w, b=None, padding="valid"):
        """The convolution of inputs with a kernel, plus a bias."""
        found = K.conv2d(
            x, w, strides=self.strides, padding=padding, data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )  # fmt: skip
        return found if b is None else K.bias_add(found, b, data_format=self.data_format)

    def recurrent_conv(self, x, w):
        """The convolution of states with a kernel, of the same size."""
        return K.conv2d(x, w, strides=(1, 1), padding="same", data_format=self.data_format)


@shown
class ConvLSTM2D(OfOneCell):
    """An LSTM over the time of images [batch, time, rows, columns, channels] (Shi et al. 2015).

    Variables: kernel [height, width, channels, 4 * filters], recurrent_kernel [height, width,
    filters, 4 * filters] and, with `use_bias`, bias [4 * filters].
    """

    cell_class, _ndim = ConvLSTM2DCell, 5
    _also_of_cell = ("dtype",)
    _of_known_length = True

    @takes(
        ConvLSTM2DCell,
        before={
            "kernel_constraint": PENALTY,
            "dropout": {"return_sequences": False, "go_backwards": False, "stateful": False},
        },
        into="arguments",
    )
    def __init__(self, arguments, **kwargs):
        if kwargs.get("unroll"):
            raise TypeError("Unrolling isn't possible with convolutional RNNs.")
        super().__init__(arguments, **kwargs)

    def _image(self, shape):
        """The shape of the states: that of one time's convolution."""
        return windowed(
            shape, self.cell.kernel_size, self.cell.strides, self.cell, self.cell.dilation_rate,
            self.cell.filters,
        )  # fmt: skip

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, list):
            input_shape = input_shape[0]
        batch, time, *image = tf.TensorShape(input_shape).as_list()
        one = self._image([batch, *image]).as_list()
        output = tf.TensorShape([batch, time, *one[1:]] if self.return_sequences else one)
        return [output, tf.TensorShape(one), tf.TensorShape(one)] if self.return_state else output

    def build(self, input_shape):
        """Build the cell, and the states of a stateful layer."""
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        sizes = tf.TensorShape(shape).as_list()
        first = sizes[0] if self.stateful else None
        self.input_spec = [InputSpec(shape=(first, None, *sizes[2:])), *self.input_spec[1:]]
        self.cell.build(tf.TensorShape([sizes[0], *sizes[2:]]))
        self.cell._quietly(built=True)
        if self.stateful:
            self.reset_states()
        self.built = True

    def get_initial_state(self, inputs):
        """Zeros, of the size that the convolution gives."""
        empty = tf.reduce_sum(tf.zeros_like(inputs), axis=1)
        kernel = tf.zeros((*self.cell.kernel_shape[:-1], self.cell.filters))
        zeros = self.cell.input_conv(empty, kernel, padding=self.cell.padding)
        return [zeros, zeros]

    def reset_states(self, states=None):
        """Make the kept states zeros, or these arrays. AttributeError if not stateful."""
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        batch, _, *image = self.input_spec[0].shape
        shape = self._image([batch, *image]).as_list()
        if None in shape:
            self._known_batch()
            raise ValueError("If a ConvLSTM2D is stateful, it needs to know the number of rows and "
                             f"columns: {shape}")  # fmt: skip
        if self.states[0] is None:
            self.states = [K.zeros(shape), K.zeros(shape)]
            return
        values = [np.zeros(shape)] * 2 if states is None else self._fitting(states, self.states)
        K.batch_set_value(list(zip(self.states, values)))
