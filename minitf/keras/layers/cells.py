"""Cells of recurrent layers: one step, from inputs and states to an output and states."""
import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras import initializers
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import attributes, config_of

nest = tf.nest

def is_several(size):
    """Whether a state_size is that of several states: a TensorShape is one."""
    return hasattr(size, "__len__") and not isinstance(size, tf.TensorShape)


def sizes_of(size):
    """A state_size as a list."""
    return list(size) if is_several(size) else [size]


def zero_state(batch, size, dtype):
    """Zeros [batch, size] in the structure of `size`. ValueError without batch or dtype."""
    if batch is None or dtype is None:
        raise ValueError(
            "batch_size and dtype cannot be None while constructing initial state: "
            f"batch_size={batch}, dtype={dtype}"
        )

    def zeros(one):
        return tf.zeros([batch, *tf.TensorShape(one).as_list()], dtype=dtype)

    return nest.map_structure(zeros, size) if is_several(size) else zeros(size)


class AbstractRNNCell(Layer):
    """The base of cells of one's own: `state_size`, `output_size` and `call(inputs, states)`."""

    @property
    def state_size(self):
        """An integer or TensorShape, or several: the sizes of the states."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self):
        """An integer or TensorShape: the size of the output."""
        raise NotImplementedError("Abstract method")

    def call(self, inputs, states):
        """(output, states) of one step."""
        raise NotImplementedError("Abstract method")

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Zeros."""
        if inputs is not None:
            batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
        return zero_state(batch_size, self.state_size, dtype)


class ForgetBias:
    """What LSTMs share: with `unit_forget_bias` the biases of the forget gate begin as ones."""

    def _initializer_of(self, kind):
        own = super()._initializer_of(kind)
        if kind != "bias" or not self.unit_forget_bias:
            return own
        before, size, after = self._bias_parts()
        parts = (own, before), (initializers.Ones(), size), (own, after)

        def with_ones(_, *args, **kwargs):
            return K.concatenate([make((size,), *args, **kwargs) for make, size in parts])

        return with_ones

    def _bias_parts(self):
        """How many biases are before those of the forget gate, in it, and after it."""
        return self.units, self.units, 2 * self.units


class _Cell(Layer):
    """What the cells below share: kernels, bias, dropout of inputs and states."""

    gates = 1
    state_size = output_size = None
    get_initial_state = AbstractRNNCell.get_initial_state

    def __init__(self, arguments, **kwargs):
        super().__init__(**kwargs)
        attributes(self, arguments)
        for name in ("dropout", "recurrent_dropout"):
            setattr(self, name, min(1.0, max(0.0, getattr(self, name))))
        units = arguments.get("units")
        self._quietly(
            state_size=units, output_size=units, _masks={}, _arguments=tuple(arguments)
        )

    def build(self, input_shape):
        """Make kernel, recurrent_kernel and bias."""
        columns = self.units * self.gates
        inputs = tf.TensorShape(input_shape)[-1].value
        self.kernel = self._weight_of("kernel", (inputs, columns))
        self.recurrent_kernel = self._weight_of(
            "recurrent_kernel", (self.units, columns), "recurrent"
        )
        self.bias = self._weight_of("bias", self._bias_shape()) if self.use_bias else None
        self.built = True

    def _bias_shape(self):
        return (self.units * self.gates,)

    # -- dropout: one mask for all times, made anew where the layer is called ------------------

    def reset_dropout_mask(self):
        """Forget the mask of the inputs."""
        self._masks.pop("dropout", None)

    def reset_recurrent_dropout_mask(self):
        """Forget the mask of the states."""
        self._masks.pop("recurrent_dropout", None)

    def get_dropout_mask_for_cell(self, inputs, training, count=1):
        """The masks of the inputs, one for each gate; None without dropout."""
        return self._mask("dropout", inputs, training, count)

    def get_recurrent_dropout_mask_for_cell(self, inputs, training, count=1):
        """The masks of the states, one for each gate; None without dropout."""
        return self._mask("recurrent_dropout", inputs, training, count)

    def _mask(self, name, inputs, training, count):
        rate = getattr(self, name)
        if rate == 0:
            return None
        known = self._masks.get(name)
        if known is None or nest.flatten(known)[0].graph is not inputs.graph:
            ones = tf.ones_like(inputs)
            masks = [
                K.in_train_phase(lambda: K.dropout(ones, rate), ones, training=training)
                for _ in range(count)
            ]
            self._masks[name] = masks if count > 1 else masks[0]
        return self._masks[name]

    def _dropped(self, x, masks, rate, count):
        """`x` for each gate, times its mask."""
        return [x * masks[i] if 0 < rate < 1 else x for i in range(count)]

    def get_config(self):
        return super().get_config() | config_of(self, *self._arguments)


_GATES = {"recurrent_activation": "hard_sigmoid"}


def _cell(
    units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
    recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None,
    recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None,
    recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, **kwargs,
):  # fmt: skip
    """What all cells take."""


class SimpleRNNCell(_Cell):
    """activation(inputs * kernel + output before * recurrent_kernel + bias)."""

    @takes(_cell, into="arguments")
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, **kwargs)

    def call(self, inputs, states, training=None):
        before = states[0]
        mask = self.get_dropout_mask_for_cell(inputs, training)
        recurrent_mask = self.get_recurrent_dropout_mask_for_cell(before, training)
        h = K.dot(inputs if mask is None else inputs * mask, self.kernel)
        if self.bias is not None:
            h = K.bias_add(h, self.bias)
        before = before if recurrent_mask is None else before * recurrent_mask
        output = self.activation(h + K.dot(before, self.recurrent_kernel))
        return output, [output]


class GRUCell(_Cell):
    """A gated recurrent unit (Cho et al. 2014); gates z, r, h.

    `reset_after` applies the reset gate after the product with the recurrent kernel, as cuDNN
    does, and then has two biases. `implementation` 2 makes one product of all gates.
    """

    gates = 3

    @takes(
        _cell,
        before={"use_bias": _GATES, "kwargs": {"implementation": 1, "reset_after": False}},
        into="arguments",
    )
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, **kwargs)

    def _bias_shape(self):
        columns = self.units * self.gates
        return (2, columns) if self.reset_after else (columns,)

    def call(self, inputs, states, training=None):
        before = states[0]
        masks = self.get_dropout_mask_for_cell(inputs, training, count=3)
        recurrent_masks = self.get_recurrent_dropout_mask_for_cell(before, training, count=3)
        bias, recurrent_bias = self._biases()
        together = self.implementation != 1
        count = 1 if together else 3
        x = self._dropped(inputs, masks, self.dropout, count)
        h = self._dropped(before, recurrent_masks, self.recurrent_dropout, count)
        x_z, x_r, x_h = self._products(x, self.kernel, bias, 3)
        if together:
            before = h[0]  # as TensorFlow has it: what is kept is masked too
        h = h * 3 if together else h
        h_z, h_r, *h_h = self._products(
            h[:1] if together else h, self.recurrent_kernel, recurrent_bias,
            3 if self.reset_after else 2,
        )  # fmt: skip
        z = self.recurrent_activation(x_z + h_z)
        r = self.recurrent_activation(x_r + h_r)
        if self.reset_after:
            recurrent = r * h_h[0]
        else:
            recurrent = K.dot(r * h[2], self.recurrent_kernel[:, 2 * self.units :])
        new = self.activation(x_h + recurrent)
        output = z * before + (1 - z) * new
        return output, [output]

    def _biases(self):
        if not self.use_bias:
            return None, None
        return tf.unstack(self.bias) if self.reset_after else (self.bias, None)

    def _products(self, x, kernel, bias, count):
        """x * kernel + bias for so many gates; `x` is one for all or one for each."""
        units = self.units
        cuts = [slice(i * units, (i + 1) * units) for i in range(count)]
        if len(x) == 1:
            wide = kernel if count == self.gates else kernel[:, : count * units]
            product = K.dot(x[0], wide)
            product = product if bias is None else K.bias_add(product, bias)
            return [product[:, cut] for cut in cuts]
        products = [K.dot(each, kernel[:, cut]) for each, cut in zip(x, cuts)]
        if bias is None:
            return products
        return [K.bias_add(each, bias[cut]) for each, cut in zip(products, cuts)]


class LSTMCell(ForgetBias, _Cell):
    """Long short-term memory (Hochreiter and Schmidhuber 1997); gates i, f, c, o.

    States: the output and the carry. `unit_forget_bias` begins with a bias of 1 for the forget
    gate. `implementation` 2 makes one product of all gates.
    """

    gates = 4

    @takes(
        _cell,
        before={
            "use_bias": _GATES,
            "kernel_regularizer": {"unit_forget_bias": True},
            "kwargs": {"implementation": 1},
        },
        into="arguments",
    )
    def __init__(self, arguments, **kwargs):
        super().__init__(arguments, **kwargs)
        self._quietly(state_size=[self.units, self.units])

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Zeros."""
        return list(super().get_initial_state(inputs, batch_size, dtype))

    def call(self, inputs, states, training=None):
        before, carry = states[0], states[1]
        masks = self.get_dropout_mask_for_cell(inputs, training, count=4)
        recurrent_masks = self.get_recurrent_dropout_mask_for_cell(before, training, count=4)
        if self.implementation == 1:
            x = self._dropped(inputs, masks, self.dropout, 4)
            h = self._dropped(before, recurrent_masks, self.recurrent_dropout, 4)
            gates = self._by_gate(x, h)
        else:
            (x,) = self._dropped(inputs, masks, self.dropout, 1)
            (h,) = self._dropped(before, recurrent_masks, self.recurrent_dropout, 1)
            z = K.dot(x, self.kernel) + K.dot(h, self.recurrent_kernel)
            z = K.bias_add(z, self.bias) if self.use_bias else z
            gates = tf.split(z, num_or_size_splits=4, axis=1)
        carry, out = self._carried(gates, carry)
        output = out * self.activation(carry)
        return output, [output, carry]

    def _by_gate(self, x, h):
        """What each gate is given, from products of its own."""
        kernels = tf.split(self.kernel, num_or_size_splits=4, axis=1)
        found = [K.dot(*pair) for pair in zip(x, kernels)]
        if self.use_bias:
            biases = tf.split(self.bias, num_or_size_splits=4, axis=0)
            found = [K.bias_add(*pair) for pair in zip(found, biases)]
        units = self.units
        return (
            each + K.dot(state, self.recurrent_kernel[:, i * units : (i + 1) * units])
            for i, (each, state) in enumerate(zip(found, h))
        )

    def _carried(self, gates, carry):
        """(new carry, output gate) of what the gates are given, each asked for in its turn."""
        gates = iter(gates)
        i = self.recurrent_activation(next(gates))
        f = self.recurrent_activation(next(gates))
        carry = f * carry + i * self.activation(next(gates))
        return carry, self.recurrent_activation(next(gates))


class PeepholeLSTMCell(LSTMCell):
    """An LSTM whose gates see the carry (Gers and Schmidhuber 2000)."""

    def build(self, input_shape):
        """Make the variables, and a weight of the carry for each gate."""
        super().build(input_shape)
        for gate in ("input", "forget", "output"):
            name = f"{gate}_gate_peephole_weights"
            made = self.add_weight(
                shape=(self.units,), name=name, initializer=self.kernel_initializer
            )
            self._quietly(**{name: made})

    def _carried(self, gates, carry):
        gates, seen = iter(gates), self.recurrent_activation
        i = seen(next(gates) + self.input_gate_peephole_weights * carry)
        f = seen(next(gates) + self.forget_gate_peephole_weights * carry)
        carry = f * carry + i * self.activation(next(gates))
        return carry, seen(next(gates) + self.output_gate_peephole_weights * carry)
